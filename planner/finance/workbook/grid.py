"""Rows of the workbook: one layout for all sheets, so that one column is one period everywhere."""

from collections.abc import Sequence
from typing import Any

FIRST = 7
"""Column of the first period; before it: label, unit, value or total, low, high, source, confidence."""
NOTED = ("Inputs", "Cover")
"""Sheets that use the columns low, high, source and confidence; elsewhere these are narrow and empty."""
GIVEN = ("Inputs", "Plan")
"""Sheets that hold numbers."""
WIDEST = 90
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

    def __init__(self, book: Any, name: str, periods: Sequence[str], formats: dict[str, Any]) -> None:
        self.name, self.labels, self.formats = name, periods, formats
        self.periods = len(periods)
        self.sheet = book.add_worksheet(name)
        self.row = 0
        self.longest, self.unit = 30, 10
        self.sheet.set_column(2, 2, 18)
        if name in NOTED:
            self.sheet.set_column(3, 4, 14)
            self.sheet.set_column(5, 5, 40)
            self.sheet.set_column(6, 6, 14)
        else:
            self.sheet.set_column(3, 6, 1)
        self.sheet.set_column(FIRST, FIRST + max(self.periods - 1, 0), 18)
        self.sheet.set_landscape()
        self.sheet.set_paper(8)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&RPage &P of &N")

    def head(self, title: str, *, dated: bool = True) -> None:
        """Title, and the labels of the columns and periods."""
        self.sheet.write_string(0, 0, title, self.formats["title"])
        names = ("unit", "value", "low", "high", "source", "confidence") if self.name in NOTED else ("unit", "value")
        for column, text in enumerate(names, start=1):
            words = text in ("unit", "source", "confidence")
            self.sheet.write_string(1, column, text, self.formats["head_text" if words else "head"])
        if dated:
            for t, label in enumerate(self.labels):
                formula = f"=Timeline!{letter(FIRST + t)}3"
                self.sheet.write_formula(1, FIRST + t, formula, self.formats["head"], label)
        self.sheet.freeze_panes(2, 1)
        self.sheet.repeat_rows(0, 1)
        self.row = 2

    def section(self, title: str) -> None:
        """A heading between rows."""
        self.row += 1
        self.sheet.write_string(self.row, 0, title, self.formats["section"])
        self.row += 1

    def line(
        self,
        label: str,
        unit: str = "",
        value: Cell = None,
        across: Any = None,
        shown: Sequence[Cell] | None = None,
        result: Cell = None,
        notes: Sequence[Cell] = (),
        style: str | None = None,
    ) -> int:
        """Write a row and return its number. Text that begins with = is a formula; `across` gives one cell a period, by
        (period, column letters). The results of formulas, for readers that do not calculate: `shown` by period, and
        `result` of the value (left out: the sum of `shown`).
        """
        number, form = self.row + 1, self.formats[style or "number"]
        self.text(0, label, "label")
        self.text(1, unit)
        self.longest, self.unit = max(self.longest, len(label)), max(self.unit, len(unit))
        if result is None and _formula(value):
            result = sum(cell for cell in shown or () if isinstance(cell, int | float))
        self._cell(2, value, form, result, style)
        for column, note in enumerate(notes, start=3):
            if isinstance(note, str):
                self.text(column, note)
            elif note is not None:
                self._cell(column, note, form, None, style)
        if across is not None:
            for t in range(self.periods):
                cell = across(t, letter(FIRST + t)) if callable(across) else across[t]
                self._cell(FIRST + t, cell, form, shown[t] if shown is not None else None, style)
        self.row += 1
        return number

    def text(self, column: int, words: str, style: str = "text") -> None:
        """Words in the current row, never read as a formula."""
        self.sheet.write_string(self.row, column, words, self.formats[style])

    def told(self, label: str, words: str) -> None:
        """A row with words for a value."""
        self.text(2, words)
        self.line(label)

    def formula(self, column: int, formula: str, result: Cell, style: str = "number") -> None:
        """A formula in the current row, with its result."""
        self.sheet.write_formula(self.row, column, formula, self.formats[style], result)

    def _cell(self, column: int, value: Cell, form: Any, result: Cell, style: str | None) -> None:
        if value is None:
            return
        if isinstance(value, str):
            if not value.startswith("=") or result is None:
                raise ValueError(f"{self.name}, row {self.row + 1}: {value!r} is no formula with its result")
            self.sheet.write_formula(self.row, column, value, form, result)
        else:
            if self.name in GIVEN and style is None:
                form = self.formats[_input(value)]
            self.sheet.write_number(self.row, column, value, form)

    def fit(self) -> None:
        """Make labels and units fit their columns."""
        self.sheet.set_column(0, 0, min(self.longest + 1, WIDEST))
        self.sheet.set_column(1, 1, self.unit + 3)

    def across(self, row: int) -> str:
        """The range of a row's periods on this sheet."""
        return f"{letter(FIRST)}{row}:{letter(FIRST + self.periods - 1)}{row}"


def _formula(value: Cell) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _input(value: float) -> str:
    """The format of a given number: as many digits as tell something."""
    if float(value).is_integer():
        return "input"
    return "input_large" if abs(value) >= 1000 else "input_broken"
