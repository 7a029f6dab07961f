"""The files of a plan for `--out`."""

from planner.finance.workbook import workbook
from planner.plan.columns import columns_of
from planner.plan.plan import Plan
from planner.report import html, markdown
from planner.report.folder import csv_text, json_text
from planner.report.model import Report


def plan_files(plan: Plan, report: Report) -> dict[str, str | bytes]:
    """Name -> content: plan.json, the report as HTML and Markdown, the workbook, and one CSV per table with its
    documented columns.
    """
    tables = {
        f"{name}.csv": csv_text((column.name for column in columns_of(name, *plan.currencies)), rows)
        for name, rows in plan.tables.items()
    }
    pages = {"report.html": html.render(report), "report.md": markdown.render(report)}
    return {"plan.json": json_text(plan.to_json()), **tables, **pages, "plan.xlsx": workbook(plan)}
