"""The tables of a sweep in its folder, beside the runs."""

from math import isnan
from pathlib import Path

from planner.analysis.results import WhatIfs
from planner.analysis.store import run_records
from planner.report import html, markdown
from planner.report.folder import csv_text, write_folder
from planner.report.model import Report

_ALWAYS = ("comparison", "workloads", "changes")


def whatif_files(out: Path, found: WhatIfs, report: Report, document: str) -> int:
    """Write whatif.json, the report as HTML and Markdown, runs.csv and every table that is not empty; runs.parquet
    where pyarrow is there.

    Returns how many files were written.
    """
    tables = {name: rows for name, rows in found.tables.items() if rows or name in _ALWAYS}
    runs = list(run_records(out))
    columns = list(dict.fromkeys(name for row in runs for name in row))
    files = {f"{name}.csv": csv_text(rows[0] if rows else (), rows) for name, rows in tables.items()}
    files |= {"runs.csv": csv_text(columns, runs), "whatif.json": document}
    files |= {"report.html": html.render(report), "report.md": markdown.render(report)}
    return len(write_folder(out, files)) + _parquet(out)


def _parquet(out: Path) -> int:
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        return 0
    import io

    from planner.analysis.store import load_runs
    from planner.io.files import write_atomic

    frame = load_runs(out)
    mixed = [name for name in frame.columns if frame[name].map(type).nunique() > 1 and frame[name].dtype == object]
    for name in mixed:
        frame[name] = frame[name].map(_text)
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    write_atomic(out / "runs.parquet", buffer.getvalue())
    return 1


def _text(value: object) -> str | None:
    """A column of numbers and words as words."""
    return None if value is None or (isinstance(value, float) and isnan(value)) else str(value)
