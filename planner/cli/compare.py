"""`planner compare`: plans beside one another."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.console import SCHEMA_VERSION, emit_text, say, stdout

DIFFERENT = 10
"""Exit code for plans that differ."""


def command(
    plans: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAN...", help="plan.json, its folder, FOLDER/RUN of a what-if, or a scenario to solve."
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Write every table as CSV, JSON and a report there.")
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 10 when the plans differ.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No word on stderr.")] = False,
) -> None:
    """Put two or more plans beside the first: figures, decisions, inputs, cost by line, what all decide alike."""
    if len(plans) < 2:
        raise typer.BadParameter("name two plans or more", param_hint="PLAN...")
    from planner.analysis.beside import compare
    from planner.report.beside import beside_report
    from planner.report.folder import csv_text, json_text, write_folder
    from planner.report.markdown import render

    found = compare(*plans)
    report = beside_report(found)
    document = json_text({"schema_version": SCHEMA_VERSION, **found.to_json()})
    if out is not None:
        tables = {f"{name}.csv": csv_text(rows[0] if rows else (), rows) for name, rows in found.tables.items()}
        written = write_folder(out, {"compare.json": document, **tables, "report.md": render(report)})
        if not quiet:
            say(f"wrote {len(written)} files to {out}")
    if json:
        emit_text(document)
    else:
        from planner.report.terminal import show

        show(report, stdout())
    if exit_code and not found.same:
        raise typer.Exit(DIFFERENT)
