"""What to type next."""

from planner.plan.plan import Plan
from planner.report.model import Commands, Section


def commands(plan: Plan) -> Section:
    """Commands that follow on a plan."""
    file = plan.scenario.document.path if plan.scenario.document else "SCENARIO.yaml"
    return Section(
        "Next",
        (
            Commands(
                (
                    (
                        f"planner plan {file} --out plan",
                        "every table as CSV, the plan as JSON, this report as Markdown",
                    ),
                    (f"planner verify plan/plan.json {file}", "check the saved plan again, without the solver"),
                    (f"planner explain {file}", "why not the other systems, what limits and rules cost, plans as good"),
                    (f"planner whatif {file} QUESTIONS.yaml", "solve named changes of the scenario and compare them"),
                )
            ),
        ),
    )
