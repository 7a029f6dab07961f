"""Rows of the workbook: one layout for all sheets, so that one column is one period everywhere."""

from collections.abc import Sequence
from typing import Any

FIRST = 7
"""Column of the first period; before it: label, unit, value or total, low, high, source, confidence."""
HEAD = ("", "unit", "value", "low", "high", "source", "confidence")
Cell = str | float | int | None


def letter(column: int) -> str:
    """A column's letters."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class Sheet:
    """One sheet that is written from top to bottom. Rows count from 1, as in formulas."""

    def __init__(self, book: Any, name: str, periods: int, formats: dict[str, Any]) -> None:
        self.name, self.periods, self.formats = name, periods, formats
        self.sheet = book.add_worksheet(name)
        self.row = 0
        self.sheet.set_column(0, 0, 46)
        self.sheet.set_column(1, 1, 14)
        self.sheet.set_column(2, 4, 14)
        self.sheet.set_column(5, 6, 16)
        self.sheet.set_column(FIRST, FIRST + max(periods - 1, 0), 13)
        self.sheet.set_landscape()
        self.sheet.set_paper(8)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&RPage &P of &N")

    def head(self, title: str, *, dated: bool = True) -> None:
        """Title, and the labels of the columns and periods."""
        self.sheet.write(0, 0, title, self.formats["title"])
        for column, text in enumerate(HEAD[1:], start=1):
            self.sheet.write(1, column, text, self.formats["head"])
        if dated:
            for t in range(self.periods):
                self.sheet.write_formula(1, FIRST + t, f"=Timeline!{letter(FIRST + t)}3", self.formats["head"], "")
        self.sheet.freeze_panes(2, 1)
        self.sheet.repeat_rows(0, 1)
        self.row = 2

    def section(self, title: str) -> None:
        """A heading between rows."""
        self.row += 1
        self.sheet.write(self.row, 0, title, self.formats["section"])
        self.row += 1

    def line(
        self,
        label: str,
        unit: str = "",
        value: Cell = None,
        across: Any = None,
        shown: Sequence[float] | float | None = None,
        notes: Sequence[Cell] = (),
        style: str | None = None,
    ) -> int:
        """Write a row and return its number. Text that begins with = is a formula; `across` gives one cell a period, by
        (period, column letters); `shown` are the results, for readers that do not calculate.
        """
        number, form = self.row + 1, self.formats[style or "number"]
        self.sheet.write(self.row, 0, label, self.formats["label"])
        self.sheet.write(self.row, 1, unit)
        one = shown if isinstance(shown, float | int) else sum(shown or ())
        self._cell(self.row, 2, value, form, one)
        for column, note in enumerate(notes, start=3):
            self._cell(self.row, column, note, self.formats["number"], 0.0)
        if across is not None:
            for t in range(self.periods):
                cell = across(t, letter(FIRST + t)) if callable(across) else across[t]
                result = shown[t] if isinstance(shown, Sequence) else 0.0
                self._cell(self.row, FIRST + t, cell, form, result)
        self.row += 1
        return number

    def _cell(self, row: int, column: int, value: Cell, form: Any, result: float) -> None:
        if value is None:
            return
        if isinstance(value, str) and value.startswith("="):
            self.sheet.write_formula(row, column, value, form, result)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value)
        else:
            plain = self.name in ("Inputs", "Plan")
            self.sheet.write_number(row, column, value, self.formats["input"] if plain else form)

    def across(self, row: int) -> str:
        """The range of a row's periods on this sheet."""
        return f"{letter(FIRST)}{row}:{letter(FIRST + self.periods - 1)}{row}"
