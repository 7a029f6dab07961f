"""`planner plan`: the main job, from a scenario to a verified plan."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.console import emit_text, say, stdout, tell
from planner.cli.progress import Progress

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.scenario.model import Scenario


def command(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FOLDER", help="Write plan.json, every table as CSV, report.html and report.md there."
        ),
    ] = None,
    gap: Annotated[
        str | None, typer.Option("--gap", metavar="SHARE", help="Proved gap to stop at, e.g. 0.5 % or 0.005.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="SECONDS", min=0.0, help="Stop with the best plan so far.")
    ] = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="Threads of the solver.")] = None,
    counterfactuals: Annotated[
        bool, typer.Option("--counterfactuals/--no-counterfactuals", help="Solve the scenario's other worlds too.")
    ] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the terminal.")] = False,
) -> None:
    """Find the least-cost build-out of a scenario, prove how good it is, check it, and explain it.

    The report goes to stdout, progress to stderr. Ctrl-C stops the search and keeps the best plan found.
    """
    from planner.scenario.load import load_scenario

    asked = load_scenario(scenario)
    found = _solved(asked, gap, time_limit, threads, counterfactuals=counterfactuals, quiet=quiet)
    tell(found.warnings)
    if json:
        from planner.report.folder import json_text

        emit_text(json_text(found.to_json()))
    if out is not None or not json:
        _tell(found, out, shown=not json, quiet=quiet)


def _solved(
    scenario: "Scenario",
    gap: str | None,
    time_limit: float | None,
    threads: int | None,
    *,
    counterfactuals: bool,
    quiet: bool,
) -> "Plan":
    from planner.cli.values import fraction
    from planner.plan.solve import Options, solve

    options = Options(
        gap=None if gap is None else fraction(gap, "--gap"),
        time_limit=time_limit,
        threads=threads,
        counterfactuals=counterfactuals,
    )
    with Progress(enabled=False if quiet else None) as progress:

        def report(stage: str, incumbent: float | None, bound: float | None, gap: float | None, seconds: float) -> None:
            progress.update(stage, _whole(incumbent), _whole(bound), gap, seconds)

        return solve(scenario, options, report=report)


def _whole(millions: float | None) -> float | None:
    return None if millions is None else millions * 1e6


def _tell(plan: "Plan", out: Path | None, *, shown: bool, quiet: bool) -> None:
    """The report on stdout and in the folder, written before it is printed."""
    from planner.report.plan import plan_report

    report = plan_report(plan)
    if out is not None:
        from planner.report.files import plan_files
        from planner.report.folder import write_folder

        written = write_folder(out, plan_files(plan, report))
        if not quiet:
            say(f"wrote {len(written)} files to {out}")
    if shown:
        from planner.report.terminal import show

        show(report, stdout())
    sys.stdout.flush()
