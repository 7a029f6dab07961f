"""`planner explain`: why a plan is what it is, or why there is none."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.console import emit_json, stdout
from planner.cli.progress import Progress

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.plan.solve import Options
    from planner.scenario.model import Scenario


def command(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    chip: Annotated[
        list[str] | None,
        typer.Option("--why-not", metavar="CHIP", help="Only why this is not bought; may be repeated."),
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", metavar="RULE", help="Only what this rule costs; may be repeated.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", metavar="PART", help="why-not, limits, rules or alternatives; may be repeated."),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="PLAN.json", help="The saved plan of this scenario to explain.")
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm/--no-confirm", help="Confirm entry prices by solving at them.")
    ] = True,
    steps: Annotated[int, typer.Option("--steps", metavar="N", min=0, help="Limits solved with one step more.")] = 8,
    within: Annotated[
        str, typer.Option("--within", metavar="SHARE", help="What alternatives may cost more, e.g. 1 %.")
    ] = "1 %",
    gap: Annotated[
        str | None, typer.Option("--gap", metavar="SHARE", help="Proved gap of each search, e.g. 0.5 % or 0.005.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="SECONDS", min=0.0, help="Most time per search.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print every table as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the terminal.")] = False,
) -> None:
    """Why these systems and not others; what one step more of a limit is worth; what rules cost; other plans as good.

    A scenario without a plan is explained too: the smallest set of limits in conflict and the least changes that help
    (exit code 3). Many plans are solved for this: minutes on a large scenario; --part and --why-not ask for less.
    """
    from planner.cli.values import fraction
    from planner.errors import InfeasibleError
    from planner.explain.explanation import PARTS
    from planner.plan.solve import Options
    from planner.scenario.load import load_scenario

    for name in part or ():
        if name not in PARTS:
            raise typer.BadParameter(f"{name!r} is no part; parts are {', '.join(PARTS)}", param_hint="--part")
    asked = load_scenario(scenario)
    options = Options(None if gap is None else fraction(gap, "--gap"), time_limit, counterfactuals=False)
    narrow = (*(("why-not",) if chip else ()), *(("rules",) if rule else ()))
    parts = tuple(part) if part else narrow or PARTS
    how = (confirm, steps, fraction(within, "--within"))
    with Progress(enabled=False if quiet else None) as progress:

        def told(stage: str) -> None:
            progress.update(stage, None, None, None, 0.0)

        try:
            found = _explained(asked, plan, options, told, parts, (chip or [], rule or []), how)
            if json:
                document = found.to_json()
            report = None if json else _report(found)
            code = 0
        except InfeasibleError:
            clash = _conflict(asked, told)
            document = {"scenario": asked.name, "status": "infeasible", "frames": clash.tables}
            report = None if json else _conflict_report(clash)
            code = 3
    if report is None:
        emit_json(document)
    else:
        from planner.report.terminal import show

        show(report, stdout())
    if code:
        raise typer.Exit(code)


def _explained(
    scenario: "Scenario",
    saved: Path | None,
    options: "Options",
    told: Any,
    parts: tuple[Any, ...],
    names: tuple[list[str], list[str]],
    how: tuple[bool, int, float],
) -> Any:
    from planner.explain.explanation import explain

    confirm, most, share = how
    subject: Scenario | Plan = scenario
    if saved is not None:
        from planner.explain.explanation import of_saved
        from planner.plan.save import read_decisions
        from planner.scenario.load import catalog_of

        _, data = read_decisions(saved)
        told("the saved plan")
        subject = of_saved(data, str(saved), scenario, options, catalog_of(scenario))
    chips, rules = names
    return explain(subject, parts, chips, options, confirm=confirm, most=most, share=share, rules=rules, told=told)


def _report(found: Any) -> Any:
    from planner.report.explain import explain_report

    return explain_report(found)


def _conflict(scenario: "Scenario", told: Any) -> Any:
    from planner.explain.conflict import conflict

    return conflict(scenario, told=told)


def _conflict_report(found: Any) -> Any:
    from planner.report.explain_conflict import conflict_report

    return conflict_report(found)
