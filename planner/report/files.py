"""The files of a plan for `--out`."""

from planner.plan.columns import COLUMNS
from planner.plan.plan import Plan
from planner.report.folder import csv_text, json_text
from planner.report.markdown import render
from planner.report.model import Report


def plan_files(plan: Plan, report: Report) -> dict[str, str]:
    """Name -> text: plan.json, report.md, and one CSV per table with its documented columns."""
    tables = {
        f"{name}.csv": csv_text((column.name for column in columns), plan.tables[name])
        for name, columns in COLUMNS.items()
    }
    return {"plan.json": json_text(plan.to_json()), **tables, "report.md": render(report)}
