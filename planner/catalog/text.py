"""Facts and entries as text: values in readable units, tables that fit the terminal."""

import shutil
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from planner.catalog.quantity import Quantity
from planner.io.models import Published
from planner.units import DIMENSIONS, Money, Unit, format

DASH = "-"


def dimension_of_fact(fact: Published[Any]) -> str | None:
    """The dimension of Fact[Power]: power; None for money, counts and words."""
    for argument in type(fact).__pydantic_generic_metadata__["args"]:
        for mark in getattr(argument, "__metadata__", ()):
            if isinstance(mark, Unit):
                return mark.dimension
    return None


def value_text(value: Any, dimension: str | None = None) -> str:
    """One value for people: 1.6 TB/s, 24 400 USD, yes, a name."""
    if value is None:
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return value.short()
    if isinstance(value, Quantity):
        return str(value)
    if dimension and isinstance(value, int | float):
        return format(float(value), dimension, 4)
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def fact_text(fact: Published[Any] | None) -> str:
    """A fact: its value, or its middle with the range in brackets; - where nothing is known."""
    if fact is None:
        return DASH
    dimension = dimension_of_fact(fact)
    if fact.value is not None:
        return value_text(fact.value, dimension)
    sides = [value_text(side, dimension) if side is not None else "?" for side in (fact.low, fact.high)]
    mid = value_text(fact.at("mid"), dimension)
    if fact.low is None and fact.high is None:
        return mid
    return f"{mid} ({sides[0]} to {sides[1]})"


def width() -> int:
    """Columns of the terminal; COLUMNS counts, 80 when piped."""
    return shutil.get_terminal_size((80, 24)).columns


def table(rows: Iterable[Sequence[str]], header: Sequence[str], *, right: Iterable[int] = (), limit: int = 0) -> str:
    """Aligned columns under a header, cut to `limit` (default: the terminal's width); cut cells end in an ellipsis."""
    body = [list(row) for row in rows]
    cells = [list(header), *body]
    sizes = [max((len(cell) for cell in column), default=0) for column in zip_longest(*cells, fillvalue="")]
    limit = limit or width()
    while sum(sizes) + 2 * (len(sizes) - 1) > limit and max(sizes) > 8:
        sizes[sizes.index(max(sizes))] -= 1
    rights = set(right)
    lines = []
    for row in cells:
        parts = [_fit(cell, size, right=i in rights) for i, (cell, size) in enumerate(zip(row, sizes, strict=False))]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def wrap(text: str, indent: str = "", limit: int = 0) -> str:
    """A paragraph broken at the terminal's width."""
    import textwrap

    return textwrap.fill(text, limit or width(), initial_indent=indent, subsequent_indent=indent)


def _fit(cell: str, size: int, *, right: bool) -> str:
    if len(cell) > size:
        cell = cell[: size - 1] + "…"
    return cell.rjust(size) if right else cell.ljust(size)


def base_unit(dimension: str | None) -> str:
    """Base unit of a dimension, for JSON."""
    return DIMENSIONS[dimension].base if dimension else ""
