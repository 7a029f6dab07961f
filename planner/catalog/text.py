"""Facts and entries as text: values in readable units, tables that fit the terminal."""

import re
import shutil
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from planner.catalog.quantity import Quantity, unit_of
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
        return f"{value.amount:,.5g} {unit_of(value)}" if value.per else value.short()
    if isinstance(value, Quantity):
        return str(value)
    if dimension and isinstance(value, int | float):
        return format(float(value), dimension, 4)
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def amount_text(value: Any, unit: str) -> str:
    """A number of a ledger row, its unit a base unit or a currency."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not unit:
        return value_text(value)
    dimension = next((name for name, d in DIMENSIONS.items() if d.base == unit), None)
    if dimension:
        return value_text(value, dimension)
    return Money(float(value), unit).short() if re.fullmatch("[A-Z]{3}", unit) else f"{value_text(float(value))} {unit}"


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
    """Aligned columns under a header, as wide as `limit` (default: the terminal).

    Long cells continue on the next line, none is cut; the first column keeps its width.
    """
    cells = [list(header), *(list(row) for row in rows)]
    sizes = [max((len(cell) for cell in column), default=0) for column in zip_longest(*cells, fillvalue="")]
    room = (limit or width()) - 2 * (len(sizes) - 1)
    while sum(sizes) > room and max(sizes[1:], default=0) > 8:
        sizes[1 + sizes[1:].index(max(sizes[1:]))] -= 1
    rights = set(right)
    lines = []
    for row in cells:
        parts = [_broken(cell, size) for cell, size in zip(row, sizes, strict=False)]
        for pieces in zip_longest(*parts, fillvalue=""):
            shown = [
                p.rjust(n) if i in rights else p.ljust(n) for i, (p, n) in enumerate(zip(pieces, sizes, strict=False))
            ]
            lines.append("  ".join(shown).rstrip())
    return "\n".join(lines)


def wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """A paragraph broken at the terminal's width; `hanging` indents its further lines."""
    import textwrap

    further = indent if hanging is None else hanging
    return textwrap.fill(
        text, width(), initial_indent=indent, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )


def _broken(cell: str, size: int) -> list[str]:
    """A cell in lines of at most `size`, broken at spaces, else at hyphens, else anywhere."""
    if len(cell) <= size:
        return [cell]
    import textwrap

    long = any(len(word) > size for word in cell.split())
    return textwrap.wrap(cell, size, break_on_hyphens=long) or [""]


def base_unit(dimension: str | None) -> str:
    """Base unit of a dimension, for JSON."""
    return DIMENSIONS[dimension].base if dimension else ""
