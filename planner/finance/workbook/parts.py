"""What the sheets share while they are written."""

import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from planner.finance.statements import statements
from planner.finance.workbook import model
from planner.finance.workbook.grid import Sheet

if TYPE_CHECKING:
    from planner.plan.plan import Plan

NAMES = ("Cover", "Inputs", "Timeline", "Plan", "Capex", "Opex", "Depreciation", "Tax", "CashFlow", "BAU", "Outputs")
CAPITAL = ("hardware_deposit", "hardware_balance", "residual_value")
FACTOR = {"start": 12, "mid": 13, "end": 14}
"""Rows of the discount factors on Timeline."""


class Book:
    """The sheets while they are written; `at` remembers the row of everything that others refer to, and `wrong` how
    many checks are not zero.
    """

    def __init__(self, plan: "Plan") -> None:
        import xlsxwriter

        self.plan, self.books = plan, statements(plan)
        self.rows = model.rows(self.books)
        self.memory = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.memory, {"in_memory": True})
        self.book.set_properties({"title": plan.scenario.name, "created": datetime(2026, 1, 1)})
        self.n = self.books.periods
        formats = _formats(self.book)
        self.s = {name: Sheet(self.book, name, self.labels, formats) for name in (*NAMES, "Checks")}
        self.formats = formats
        self.at: dict[Any, int] = {}
        self.wrong = 0

    @property
    def months(self) -> list[int]:
        """Months of each period."""
        return [months(p.start, p.end) for p in self.plan.problem.calendar]

    @property
    def labels(self) -> list[str]:
        """Names of the periods, by the rule that Timeline has as a formula."""
        return [_name(p.start, size) for p, size in zip(self.plan.problem.calendar, self.months, strict=True)]

    def factor(self, period: int, moment: Any) -> float:
        """Discount factor of a moment of a period."""
        return self.plan.problem.discounting.factor(period, moment)

    def label(self, row: model.Row) -> str:
        """A row's name, the same on all sheets."""
        line, item, site, moment = row.key
        return f"{line} | {item} | {site or '-'} | {moment}"

    def present(self, row: model.Row) -> list[float]:
        """Present value of a row of the cash flow by period."""
        return [amount * self.factor(t, row.key[3]) for t, amount in enumerate(row.amounts)]

    def span(self, what: str) -> tuple[int, int]:
        """First and last row of a block of the cash flow."""
        found = [self.at[what, row.key] for row in self.rows]
        return min(found, default=1), max(found, default=1)


def months(start: date, end: date) -> int:
    """Months from a day to another, both first of a month."""
    return (end.year - start.year) * 12 + end.month - start.month


def _name(start: date, size: int) -> str:
    if size == 12:
        return str(start.year)
    if size == 6:
        return f"{start.year}-H{(start.month + 5) // 6}"
    return f"{start.year}-Q{(start.month + 2) // 3}" if size == 3 else f"{start.year}-{start.month:02d}"


def _formats(book: Any) -> dict[str, Any]:
    add, money = book.add_format, "#,##0.00;[Red]-#,##0.00"
    given = {"font_color": "#0000C0", "bg_color": "#FFF8DC"}
    return {
        "title": add({"bold": True, "font_size": 14}),
        "head": add({"bold": True, "bottom": 1, "align": "right"}),
        "head_text": add({"bold": True, "bottom": 1, "align": "left", "indent": 1}),
        "section": add({"bold": True, "font_color": "#1F4E79"}),
        "text": add({"indent": 1}),
        "label": add({}),
        "number": add({"num_format": money}),
        "total": add({"num_format": money, "bold": True, "top": 1}),
        "input": add({"num_format": "#,##0", **given}),
        "input_broken": add({"num_format": "#,##0.00####", **given}),
        "input_large": add({"num_format": "#,##0.00", **given}),
        "input_plain": add({"num_format": "0", **given}),
        "fact": add({"num_format": "General"}),
        "rate": add({"num_format": "0.000000"}),
        "name": add({"align": "right"}),
        "whole": add({"num_format": "#,##0"}),
        "plain": add({"num_format": "0"}),
        "date": add({"num_format": "yyyy-mm-dd"}),
    }
