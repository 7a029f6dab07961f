"""`planner whatif`: named changes of a scenario, solved and compared."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.console import emit_text, say, stdout, tell
from planner.cli.progress import Progress

if TYPE_CHECKING:
    from planner.analysis.whatif import WhatIfs


def command(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.yaml", help="The YAML file of the questions.")],
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FOLDER", help="Write whatif.json, comparison tables as CSV and report.md there."
        ),
    ] = None,
    gap: Annotated[
        str | None, typer.Option("--gap", metavar="SHARE", help="Proved gap to stop at, e.g. 0.5 % or 0.005.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="SECONDS", min=0.0, help="Most time per question.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Questions solved at the same time.")] = 2,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the terminal.")] = False,
) -> None:
    """Solve a scenario and named changes of it, and compare: cost, power, delay, vendors, what changes.

    A question without a plan does not end the run: it is listed with the targets that cannot be met.
    """
    from planner.scenario.load import load_scenario

    asked = load_scenario(scenario)
    with Progress(enabled=False if quiet else None) as progress:
        from planner.analysis.whatif import run_whatifs
        from planner.cli.values import fraction
        from planner.plan.solve import Options

        def told(question: str, done: int, count: int) -> None:
            progress.update(f"{done} of {count} answered, {question}", None, None, None, 0.0)

        options = Options(gap=None if gap is None else fraction(gap, "--gap"), time_limit=time_limit)
        found = run_whatifs(asked, questions, options, workers, told)
    _show(found, out, as_json=json, quiet=quiet)
    _end(found)


def _show(found: "WhatIfs", out: Path | None, *, as_json: bool, quiet: bool) -> None:
    from planner.cli.console import SCHEMA_VERSION
    from planner.report.folder import csv_text, json_text, write_folder
    from planner.report.markdown import render
    from planner.report.whatif import whatif_report
    from planner.scenario.load import catalog_of

    report = whatif_report(found, catalog_of(found.scenario))
    document = json_text({"schema_version": SCHEMA_VERSION, **found.to_json()}) if as_json or out is not None else ""
    if out is not None:
        tables = {f"{name}.csv": csv_text(rows[0] if rows else (), rows) for name, rows in found.tables.items()}
        written = write_folder(out, {"whatif.json": document, **tables, "report.md": render(report)})
        if not quiet:
            say(f"wrote {len(written)} files to {out}")
    if as_json:
        emit_text(document)
    else:
        from planner.report.terminal import show

        show(report, stdout())


def _end(found: "WhatIfs") -> None:
    """Faults of the input or of the program end with their code; that a question has no plan is an answer."""
    failed = [answer for answer in found.answers if answer.status == "error"]
    for answer in failed:
        tell(answer.failure)
    if failed:
        raise typer.Exit(max(answer.exit_code for answer in failed))
