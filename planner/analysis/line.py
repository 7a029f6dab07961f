"""Values between two ends: numbers, quantities with a unit, days, or periods, all laid on one line of numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from planner.errors import InputError, Place
from planner.scenario.periods import label_start, label_step
from planner.units import UnitError
from planner.units.quantity import split, tell

_SIZES = {"quarter": 3, "half-year": 6}
"""Months of the kinds of period that are numbered within a year."""
_DAY = 10
"""Characters of 2026-07-01."""


@dataclass(frozen=True)
class Line:
    """How a kind of value is read as a number, and written again."""

    unit: str
    read: Callable[[Any], float]
    write: Callable[[float], Any]
    whole: bool = False
    """Whether only whole numbers (days, periods) have a meaning."""

    def spaced(self, start: Any, end: Any, steps: int) -> list[Any]:
        """Evenly spaced values from start to end; equal ones (of whole lines) only once."""
        a, b = self.read(start), self.read(end)
        points = [a + (b - a) * k / (steps - 1) for k in range(steps)]
        return list(dict.fromkeys(self.write(point) for point in points))


def line_of(place: Place | None, *values: Any) -> Line:
    """The line that all of some values lie on. Raises InputError when they differ in kind or unit, or are no values."""
    given = [value for value in values if value is not None]
    try:
        kinds = {_kind(value) for value in given}
    except (UnitError, ValueError) as error:
        message = error.diagnostics[0].message if isinstance(error, UnitError) else str(error)
        hint = "write numbers, quantities (40 MW), days (2026-07-01) or periods (2026-Q3)"
        raise InputError.of("wrong-value", message, hint, place) from None
    if len(kinds) != 1:
        shown = ", ".join(tell(value) for value in given)
        hint = "write them all in the same unit"
        raise InputError.of("wrong-value", f"these do not lie on one line: {shown}", hint, place)
    kind, detail = kinds.pop()
    if kind == "day":
        return Line("days", lambda v: float(date.fromisoformat(str(v)).toordinal()), _day, whole=True)
    if kind == "period":
        return Line(detail, lambda v: float(_number_of(str(v))), lambda x: _label_of(round(x), detail), whole=True)
    return Line(
        detail, lambda v: split(v, "value", "40 MW")[0], lambda x: f"{_short(x)} {detail}" if detail else _neat(x)
    )


def _kind(value: Any) -> tuple[str, str]:
    """Kind of a value, and its unit or kind of period."""
    if isinstance(value, str) and len(value) == _DAY and value[4:5] == value[7:8] == "-":
        date.fromisoformat(value)
        return "day", ""
    if isinstance(value, str) and value[:4].isdecimal() and value[4:5] == "-":
        label_start(value)
        return "period", label_step(value)
    return "quantity", split(value, "value", "40 MW")[1]


def _day(number: float) -> str:
    return date.fromordinal(round(number)).isoformat()


def _number_of(label: str) -> int:
    start = label_start(label)
    months = start.year * 12 + start.month - 1
    return months // _SIZES.get(label_step(label), 1)


def _label_of(number: int, step: str) -> str:
    if step in _SIZES:
        per_year = 12 // _SIZES[step]
        return f"{number // per_year}-{step[0].upper()}{number % per_year + 1}"
    return f"{number // 12}-{number % 12 + 1:02d}"


def _neat(number: float) -> float:
    """A number to twelve digits: halving and spacing leave no 0.43124999999999997."""
    return float(f"{number:.12g}")


def _short(number: float) -> str:
    number = _neat(number)
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
