"""The workbook of a plan: only Inputs and Plan hold numbers, everything else is formulas over them."""

from typing import TYPE_CHECKING

from planner.finance.workbook.cashflow import cashflow
from planner.finance.workbook.checks import checks
from planner.finance.workbook.costs import capex, opex
from planner.finance.workbook.cover import cover
from planner.finance.workbook.decided import decided
from planner.finance.workbook.depreciation import depreciation
from planner.finance.workbook.inputs import inputs
from planner.finance.workbook.outputs import bau, outputs
from planner.finance.workbook.parts import Book
from planner.finance.workbook.tax import tax
from planner.finance.workbook.timeline import timeline

if TYPE_CHECKING:
    from planner.plan.plan import Plan

SHEETS = (inputs, timeline, decided, capex, opex, cashflow, depreciation, tax, bau, outputs, checks, cover)
"""In the order in which they refer to one another."""


def workbook(plan: "Plan") -> bytes:
    """The workbook as bytes; the same plan gives the same bytes. Every formula carries its result, so that a reader
    that does not calculate shows the same figures.
    """
    book = Book(plan)
    for sheet in SHEETS:
        sheet(book)
    for written in book.s.values():
        written.fit()
    book.book.close()
    return book.memory.getvalue()
