"""The plan as a workbook of live formulas."""

from planner.finance.workbook.book import workbook as workbook
