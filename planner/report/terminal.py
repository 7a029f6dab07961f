"""A report on a terminal: fits 80 columns, uses more when there are, and needs no colour to be understood."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from planner.report.format import cells
from planner.report.model import Bar, Block, Cell, Commands, Items, Report, Section, Table, Text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

PROSE = 100
"""Widest paragraph."""
BAR = 28
SHORTEST = 8
"""Least room for a bar; without it there is none."""
WRAP = 14
"""Least room for text that may wrap, unless all of it is shorter."""
WORD = 26
"""Longest word that is kept whole there."""
_GAP = 3
"""Blanks between columns."""


def show(report: Report, console: "Console") -> None:
    """Print a report."""
    console.print(_text(report.title, "bold"), soft_wrap=True)
    for section in report.sections:
        console.print()
        for part, prose in _section(section, console):
            console.print(part, width=min(console.width, PROSE) if prose else None)


def _section(section: Section, console: "Console") -> "Iterator[tuple[RenderableType, bool]]":
    """Everything of a section, and whether it is prose (kept to a readable width)."""
    width = min(console.width, PROSE)
    line = "\N{BOX DRAWINGS LIGHT HORIZONTAL}" if _unicode(console) else "-"
    yield _text(f"{line * 2} {section.title} {line * max(width - len(section.title) - 4, 2)}", "bold"), False
    for number, block in enumerate(section.blocks):
        if number:
            yield "", False
        for part in _block(block, console):
            yield part, not isinstance(block, Table)


def _block(block: Block, console: "Console") -> "Iterator[RenderableType]":
    match block:
        case Text(text, strong):
            yield _text(text, "bold" if strong else "")
        case Items(items):
            yield from (_hanging("\N{BULLET}" if _unicode(console) else "-", item) for item in items)
        case Commands(lines):
            for command, meaning in lines:
                yield _text(f"  {command}", "bold")
                yield _hanging("     ", meaning)
        case Table():
            yield from _table(block, console)


def _hanging(mark: str, text: str) -> "RenderableType":
    from rich.table import Table as Grid

    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(_text(mark), _text(text))
    return grid


def _table(table: Table, console: "Console") -> "Iterator[RenderableType]":
    if table.title:
        yield _text(table.title, "italic")
    rows = _cut(table)
    fit = _Fit(table, console)
    for number, part in enumerate(fit.panels()):
        if number:
            yield ""
        yield fit.grid(part, fit.told(part, rows) if number else rows)
    shown = len(rows) - table.total
    if shown < len(table.rows) - table.total:
        yield _text(f"{shown} of {len(table.rows) - table.total} rows; all of them: {table.whole}", "dim")
    if table.note:
        yield _text(table.note, "dim")


def _cut(table: Table) -> list[int]:
    """Indices of the rows that are shown."""
    every = list(range(len(table.rows)))
    if table.limit is None or len(every) <= table.limit:
        return every
    return [*every[: table.limit], every[-1]] if table.total else every[: table.limit]


class _Fit:
    """A table made to fit a console: text that may wrap is narrowed, bars take what is left, then columns are split."""

    def __init__(self, table: Table, console: "Console") -> None:
        self.table, self.width = table, console.width
        self.signs = ("\N{FULL BLOCK}", "\N{BOX DRAWINGS LIGHT VERTICAL}") if _unicode(console) else ("#", "|")
        self.heads: list[list[str]] = []
        self.texts: list[list[str]] = []
        for index, column in enumerate(table.columns):
            unit, found = cells(column, (row[index] for row in table.rows))
            self.heads.append([*column.title.split("\n"), *([unit] if unit else [])])
            self.texts.append(found)
        self._draw_bars()

    def need(self, index: int) -> int:
        """Least width of a column."""
        column = self.table.columns[index]
        head = max((len(line) for line in self.heads[index]), default=0)
        longest = max((len(line) for text in self.texts[index] for line in text.split("\n")), default=0)
        if not column.wrap:
            return max(head, longest)
        word = max((len(word) for text in self.texts[index] for word in text.split()), default=0)
        return max(head, min(longest, max(WRAP, min(word, WORD))))

    def panels(self) -> list[list[int]]:
        """Columns in groups that fit the width, the first column repeated in each."""
        shown = [i for i, column in enumerate(self.table.columns) if column.kind != "bar" or any(self.texts[i])]
        groups, room = [shown[:1]], self.width - self.need(shown[0])
        for index in shown[1:]:
            if self.need(index) + _GAP > room and len(groups[-1]) > 1:
                groups.append(shown[:1])
                room = self.width - self.need(shown[0])
            groups[-1].append(index)
            room -= self.need(index) + _GAP
        return groups

    def told(self, part: list[int], rows: list[int]) -> list[int]:
        """The rows that say something in a panel beside the repeated first column; all where none does."""
        return [row for row in rows if any(self.texts[index][row] for index in part[1:])] or rows

    def grid(self, part: list[int], rows: list[int]) -> "RenderableType":
        """The columns of one panel."""
        from rich import box
        from rich.table import Table as Grid

        made = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", padding=(0, 1))
        for index in part:
            column, title = self.table.columns[index], "\n".join(self.heads[index])
            numeric = column.kind not in ("text", "bar")
            least = min(self.need(index), self.width)
            justify: Literal["left", "right"] = "right" if numeric else "left"
            made.add_column(title, justify=justify, no_wrap=not column.wrap, overflow="fold", min_width=least)
        for number in rows:
            last = self.table.total and number == len(self.table.rows) - 1
            if last:
                made.add_section()
            made.add_row(*(_text(self.texts[index][number], "bold" if last else "") for index in part))
        return made

    def _draw_bars(self) -> None:
        bars = [index for index, column in enumerate(self.table.columns) if column.kind == "bar"]
        if not bars:
            return
        others = sum(self.need(i) + _GAP for i in range(len(self.table.columns)) if i not in bars)
        room = min((self.width - others) // len(bars) - 1, BAR)
        for index in bars:
            if room >= SHORTEST:
                self.texts[index] = bar_column([row[index] for row in self.table.rows], room, *self.signs)
            else:
                self.heads[index] = [""]


def bar_column(found: Sequence[Cell], width: int, full: str, mark: str) -> list[str]:
    """Bars of one column in characters, `width` for the longest: `full` up to the value, then the mark."""
    bars = [cell for cell in found if isinstance(cell, Bar)]
    longest = max((max(bar.value, bar.mark or 0.0) for bar in bars), default=0.0)
    scale = width / longest if longest > 0 else 0.0
    return [_bar(cell, scale, full, mark) if isinstance(cell, Bar) else "" for cell in found]


def _bar(bar: Bar, scale: float, full: str, mark: str) -> str:
    line = list(full * round(bar.value * scale))
    if bar.mark is not None:
        at = round(bar.mark * scale)
        line += " " * (at - len(line))
        line[at:at] = mark
    return "".join(line)


def _text(text: str, style: str = "") -> "RenderableType":
    from rich.text import Text as Rich

    return Rich(text, style=style)


def _unicode(console: "Console") -> bool:
    return console.encoding.lower().startswith("utf")
