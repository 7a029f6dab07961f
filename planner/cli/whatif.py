"""`planner whatif`: changes of a scenario, solved and compared."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.console import emit_json, emit_text, say, stdout, tell
from planner.cli.sweep import SweepProgress

if TYPE_CHECKING:
    from planner.analysis.questions import Sweep
    from planner.analysis.results import WhatIfs

INTERRUPTED = 130


def command(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.yaml", help="The YAML file of the questions.")],
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FOLDER", help="Keep every run there, and tables as CSV; goes on where it ended."
        ),
    ] = None,
    gap: Annotated[
        str | None, typer.Option("--gap", metavar="SHARE", help="Proved gap to stop at, e.g. 0.5 % or 0.005.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="SECONDS", min=0.0, help="Most time per run.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Runs made at the same time, in processes; 0: in this one.")
    ] = 2,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Make the runs on a Dask cluster.")
    ] = None,
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="I/N", help="Make only part I of N of the runs; needs --out.")
    ] = None,
    show: Annotated[
        str | None,
        typer.Option("--show", metavar="RUN", help="Print the scenario of a run, each value with its origin."),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the runs, and make none.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the terminal.")] = False,
) -> None:
    """Solve a scenario and changes of it, and compare: cost, power, delay, vendors, what changes.

    A run without a plan does not end the sweep: it is listed with its reason. Ctrl-C keeps what is done; with --out,
    the same command goes on from there.
    """
    from planner.analysis.questions import expand
    from planner.scenario.load import load_scenario

    part = _shard(shard, out)
    sweep = expand(load_scenario(scenario), questions)
    if show is not None:
        _print_run(sweep, show, as_json=json)
        return
    if list_:
        _list(sweep, as_json=json)
        return
    if not quiet:
        say(_counted(sweep))
    with SweepProgress(enabled=False if quiet else None) as progress:
        from planner.analysis.runner import Shard
        from planner.analysis.whatif import run_sweep
        from planner.cli.values import fraction
        from planner.plan.solve import Options

        options = Options(gap=None if gap is None else fraction(gap, "--gap"), time_limit=time_limit)
        found = run_sweep(sweep, options, workers, progress.update, out=out, scheduler=scheduler, shard=Shard(*part))
    _show(found, None if part[1] > 1 else out, as_json=json, quiet=quiet)
    if part[1] > 1 and not quiet:
        say(f"part {part[0]} of {part[1]} is in {out}; the same command without --shard compares them all")
    _end(found, out)


def _shard(text: str | None, out: Path | None) -> tuple[int, int]:
    """I/N as numbers; wrong ones are wrong usage."""
    if text is None:
        return 1, 1
    first, slash, last = text.partition("/")
    if not (slash and first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
        raise typer.BadParameter(f"{text!r} is no part; write 2/8 for the second of eight", param_hint="--shard")
    if out is None:
        raise typer.BadParameter("parts meet in a folder: add --out FOLDER", param_hint="--shard")
    return int(first), int(last)


def _counted(sweep: "Sweep") -> str:
    """What is about to be run."""
    parts = [f"{count:,} of {name}" for name, count in sweep.counts.items()]
    searches = [
        f"{len(group)} {name}"
        for name, group in (
            ("break-even", sweep.break_even),
            ("frontier", sweep.frontiers),
            ("uncertainty", sweep.uncertainty),
        )
        if group
    ]
    more = f"; then searches: {', '.join(searches)}" if searches else ""
    return f"{len(sweep.cases):,} runs: {', '.join(parts) or 'none known beforehand'}{more}"


def _print_run(sweep: "Sweep", name: str, *, as_json: bool) -> None:
    from planner.report.effective import origins, render, values

    effective = sweep.find(name).scenario
    if as_json:
        emit_json({"run": name, "scenario": values(effective), "origins": origins(effective)})
    else:
        emit_text(render(effective))


def _list(sweep: "Sweep", *, as_json: bool) -> None:
    if as_json:
        runs = [
            {"run": c.id, "title": c.title, "kind": c.kind, "study": c.study, "coordinates": dict(c.coordinates)}
            for c in sweep.cases
        ]
        emit_json({"counts": dict(sweep.counts), "runs": runs})
        return
    say(_counted(sweep))
    for case in sweep.cases:
        emit_text(case.id if case.title == case.id else f"{case.id}: {case.title}")


def _show(found: "WhatIfs", out: Path | None, *, as_json: bool, quiet: bool) -> None:
    from planner.cli.console import SCHEMA_VERSION
    from planner.report.folder import json_text
    from planner.report.whatif import whatif_report
    from planner.report.whatif_files import whatif_files
    from planner.scenario.load import catalog_of

    report = whatif_report(found, catalog_of(found.scenario))
    document = json_text({"schema_version": SCHEMA_VERSION, **found.to_json()}) if as_json or out is not None else ""
    if out is not None:
        written = whatif_files(out, found, report, document)
        if not quiet:
            say(f"wrote {written} files to {out}")
    if as_json:
        emit_text(document)
    else:
        from planner.report.terminal import show

        show(report, stdout())


def _end(found: "WhatIfs", out: Path | None) -> None:
    """Faults of the input or of the program end with their code; that a run has no plan is an answer."""
    failed = [answer for answer in found.answers if answer.status == "error"]
    for diagnostics in dict.fromkeys(answer.failure for answer in failed):
        tell(diagnostics)
    missing = sum(answer.status == "interrupted" and answer.plan is None for answer in found.answers)
    if missing:
        hint = "; the same command goes on from there" if out is not None else "; with --out it could go on from there"
        say(f"interrupted: {missing:,} runs were not made{hint}")
        raise typer.Exit(INTERRUPTED)
    if failed:
        raise typer.Exit(max(answer.exit_code for answer in failed))
