"""`planner plan`: the main job, from a scenario to a verified plan."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.console import emit_text, say, stdout, tell
from planner.cli.progress import Progress
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.plan.solve import Options
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
    threads: Annotated[int | None, typer.Option("--threads", min=1, max=256, help="Threads of the solver.")] = None,
    solver: Annotated[
        str | None, typer.Option("--solver", metavar="NAME", help="Any solver that PuLP finds here. [default: HiGHS]")
    ] = None,
    solver_option: Annotated[
        list[str] | None, typer.Option("--solver-option", metavar="NAME=VALUE", help="An option of HiGHS; repeatable.")
    ] = None,
    mps: Annotated[
        Path | None, typer.Option("--mps", metavar="FILE", help="Write the program as an MPS file before the search.")
    ] = None,
    counterfactuals: Annotated[
        bool, typer.Option("--counterfactuals/--no-counterfactuals", help="Solve the scenario's other worlds too.")
    ] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the terminal.")] = False,
) -> None:
    """Find the least-cost build-out of a scenario, prove how good it is, check it, and explain it.

    The report goes to stdout, progress to stderr. Ctrl-C stops the search and keeps the best plan found.
    """
    from planner.cli.values import fraction
    from planner.io.files import check_folder
    from planner.optimize.chosen import checked_option, checked_solver
    from planner.optimize.outcome import HIGHS
    from planner.plan.solve import Options
    from planner.scenario.load import load_scenario

    asked = load_scenario(scenario)
    options = Options(
        gap=None if gap is None else fraction(gap, "--gap"),
        time_limit=time_limit,
        threads=threads,
        counterfactuals=counterfactuals,
        solver=HIGHS if solver is None else checked_solver(solver),
        solver_options=tuple(checked_option(text) for text in solver_option or ()),
        program=None if mps is None else lambda text: _keep(mps, text, quiet=quiet),
    )
    if options.solver_options and options.solver != HIGHS:
        raise InputError.of("solver-option", f"--solver-option is for {HIGHS}, not for {options.solver}")
    if out is not None:
        check_folder(out)
    found = _solved(asked, options, quiet=quiet)
    tell(found.warnings)
    if json:
        from planner.report.folder import json_text

        emit_text(json_text(found.to_json()))
    if out is not None or not json:
        _tell(found, out, shown=not json, quiet=quiet)


def _keep(file: Path, text: str, *, quiet: bool) -> None:
    """Write the program."""
    from planner.io.files import write_atomic

    write_atomic(file, text)
    if not quiet:
        say(f"wrote the program to {file}")


def _solved(scenario: "Scenario", options: "Options", *, quiet: bool) -> "Plan":
    from planner.plan.solve import solve

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
