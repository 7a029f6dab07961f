"""The whole report of a plan."""

from planner.plan.plan import Plan
from planner.report.model import Report
from planner.report.plan.assumptions import assumptions
from planner.report.plan.buildout import buildout
from planner.report.plan.commands import commands
from planner.report.plan.cost import cost
from planner.report.plan.duties import duties
from planner.report.plan.excluded import excluded
from planner.report.plan.goals import goals
from planner.report.plan.limits import limits
from planner.report.plan.names import names_of
from planner.report.plan.power import power
from planner.report.plan.throughput import throughput
from planner.report.plan.verdict import verdict
from planner.report.plan.worlds import worlds


def plan_report(plan: Plan) -> Report:
    """Everything a person needs to sign a plan, most important first."""
    names = names_of(plan)
    sought = goals(plan)
    return Report(
        plan.scenario.title or plan.scenario.name,
        (
            verdict(plan, names),
            *(() if sought is None else (sought,)),
            buildout(plan, names),
            throughput(plan, names),
            power(plan),
            cost(plan),
            worlds(plan, names),
            limits(plan, names),
            excluded(plan, names),
            duties(plan),
            assumptions(plan, names),
            commands(plan),
        ),
    )
