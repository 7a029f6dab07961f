"""A report as sections of text, lists and tables with small charts; values only, no formatting.

Cells are plain values; a column's `kind` and `unit` say what they are, and each renderer writes them in its own way.
"""

from dataclasses import dataclass
from typing import Literal

type Kind = Literal["text", "count", "number", "money", "share", "bar"]
"""text; count: whole things; number: in the column's unit; money: in the column's currency; share: fraction of 1;
bar: a small chart."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of length `value` with a mark at `mark`, on the scale of its column (the longest value or mark)."""

    value: float
    mark: float | None = None


type Cell = str | int | float | Bar | None


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a table holds."""

    title: str
    kind: Kind = "text"
    unit: str = ""
    signed: bool = False
    """Numbers carry their + as well as their minus."""
    wrap: bool = False
    """Text that may be broken between words where room is short."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, all of them; a renderer that is short of room shows `limit` and says where the whole is."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    note: str = ""
    limit: int | None = None
    whole: str = ""
    """Where all rows are, when they may be cut."""
    total: bool = False
    """Whether the last row sums up the others."""


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list of short texts."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands to type, each with what it does."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, where pictures can be shown; the table beside it says the same in figures."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """A point, and its two figures as people read them."""

        x: float
        y: float
        across: str
        up: str

    title: str
    across: str
    """What is counted from left to right."""
    up: str
    """What is counted upwards."""
    points: tuple[Point, ...]


type Block = Text | Items | Table | Commands | Curve


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a report."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    title: str
    sections: tuple[Section, ...]
