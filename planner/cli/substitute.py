"""`planner substitute`: what one chip is worth in another."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.console import emit_json, stdout
from planner.cli.progress import Progress

if TYPE_CHECKING:
    from planner.explain.substitute import Substitution
    from planner.scenario.model import Scenario


def command(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="CHIP", help="What is replaced: an accelerator or system.")
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="CHIP", help="What replaces it; may be repeated. Without: all of the scenario."),
    ] = None,
    fleet: Annotated[float, typer.Option("--fleet", min=1, help="Accelerators replaced.")] = 1,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="RULE", help="Leave out a rule or jurisdiction; may be repeated."),
    ] = None,
    plan: Annotated[
        bool | None, typer.Option("--plan/--no-plan", help="Solve the whole plan with either too [with one --to].")
    ] = None,
    gap: Annotated[
        str | None, typer.Option("--gap", metavar="SHARE", help="Proved gap of those plans, e.g. 0.5 % or 0.005.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="SECONDS", min=0.0, help="Most time per plan.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print every table as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the terminal.")] = False,
) -> None:
    """What one chip is worth in another: accelerators, power, racks, money, energy and months for the same training.

    Chips are ids or aliases of accelerators or systems of the catalog. Without --from: the matrix of every system of
    the scenario in every other. Beside the rate of chip to chip, the whole plan is solved with only the one and only
    the other.
    """
    from planner.scenario.load import load_scenario

    asked = load_scenario(scenario)
    if source is None:
        if target:
            raise typer.BadParameter("say what is replaced: --from CHIP", param_hint="--to")
        _matrix(asked, json=json, quiet=quiet)
        return
    wanted = plan if plan is not None else bool(target) and len(target or ()) == 1
    with Progress(enabled=False if quiet else None) as progress:
        found = _found(asked, source, target, fleet, tuple(without or ()), (gap, time_limit), progress, plan=wanted)
    if json:
        emit_json(_document(found))
        return
    from planner.report.explain_substitute import substitute_report
    from planner.report.terminal import show

    show(substitute_report(found), stdout())


def _found(
    scenario: "Scenario",
    source: str,
    target: list[str] | None,
    fleet: float,
    without: tuple[str, ...],
    limits: tuple[str | None, float | None],
    progress: Progress,
    *,
    plan: bool,
) -> "Substitution":
    from dataclasses import replace

    from planner.cli.values import fraction
    from planner.explain.substitute import substitute
    from planner.plan.solve import Options

    gap, time_limit = limits
    options = Options(None if gap is None else fraction(gap, "--gap"), time_limit, counterfactuals=False)
    progress.update("reading facts and rules", None, None, None, 0.0)
    found = substitute(scenario, source, tuple(target) if target else None, fleet, without=without)
    if not plan:
        return found
    from planner.explain.whole import whole_plans

    chips = {found.wide.system(key).accelerator_id for key in (found.source,)}
    sources = tuple(key for key, system in found.wide.case.systems.items() if system.accelerator_id in chips)
    rows = whole_plans(
        scenario, sources, found.targets, options, found.wide.catalog, without,
        lambda world: progress.update(f"solving: {world}", None, None, None, 0.0),
    )  # fmt: skip
    return replace(found, plan=rows)


def _document(found: "Substitution") -> dict[str, Any]:
    return {
        "scenario": found.wide.scenario.name,
        "currency": found.wide.scenario.currency,
        "from_system": found.source,
        "to_systems": list(found.targets),
        "fleet": found.fleet,
        "frames": found.tables,
    }


def _matrix(scenario: "Scenario", *, json: bool, quiet: bool) -> None:
    from planner.explain.curve import matrix
    from planner.scenario.load import catalog_of

    catalog = catalog_of(scenario)
    with Progress(enabled=False if quiet else None) as progress:
        rows = matrix(scenario, catalog, lambda stage: progress.update(stage, None, None, None, 0.0))
    if json:
        emit_json({"scenario": scenario.name, "frames": {"matrix": rows}})
        return
    from planner.report.explain_substitute import matrix_report
    from planner.report.terminal import show

    names = {key: system.name for key, system in catalog.systems.items()}
    for number, work in enumerate(scenario.workloads):
        if number:
            stdout().print()
        show(matrix_report(rows, names, scenario.title or scenario.name, work.id), stdout())
