"""Reading and writing quantities: text with a unit to a float in the base unit and back."""

import math
import re
from typing import Any

from planner.errors import InputError, nearest
from planner.units.table import DIMENSIONS, Dimension

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)", re.ASCII | re.DOTALL)


MOST = 1e18
"""Largest quantity in base units: beyond it no plan can be reckoned with, and nothing real lies there."""

_HUGE = 1e290
"""Beyond, rounding to digits could overflow."""


class UnitError(InputError):
    """A quantity that cannot be read: one diagnostic without place."""

    default_code = "unit"


def parse(value: Any, dimension: str, *, signed: bool = False) -> float:
    """`value` ("40 MW") as a float in the base unit of `dimension` (a key of DIMENSIONS).

    Raises UnitError: no unit, unknown unit, unit of another dimension, no number, not finite, negative unless `signed`.
    """
    dim = DIMENSIONS[dimension]
    number, unit = split(value, dim.name, dim.example)
    result = _scale(number, _factor(unit, dim)) if unit else _bare(number, dim)
    return check(result, value, dim.name, signed=signed)


def split(value: Any, what: str, example: str) -> tuple[float, str]:
    """The number and the rest (the unit, spaces removed) of a quantity; the rest of a plain number is empty."""
    if isinstance(value, bool) or value is None or not isinstance(value, str | int | float):
        raise UnitError.of("unit", f"{label(what)} must be a quantity: got {tell(value)}", f"write it as {example}")
    if not isinstance(value, str):
        return float(value), ""
    match = _QUANTITY.fullmatch(value.strip())
    if match is None:
        raise UnitError.of(
            "unit", f"{label(what)} must be a number and a unit: got {value!r}", f"write it as {example}"
        )
    return float(match[1]), re.sub(r"\s+", "", match[2])


def check(result: float, given: Any, what: str, *, signed: bool) -> float:
    """`result` if it is finite and, unless `signed`, not negative."""
    if not math.isfinite(result):
        raise UnitError.of("unit", f"{label(what)} must be finite: got {given}")
    if result < 0 and not signed:
        raise UnitError.of("unit", f"{label(what)} must not be negative: got {given}")
    return result


def sensible(result: float, given: Any, what: str) -> None:
    """Refuse what is too large to reckon with, where a file is read. Raises UnitError."""
    if abs(result) > MOST:
        raise UnitError.of("unit", f"{label(what)} is beyond everything real: got {given}", "is the unit right?")


def label(name: str) -> str:
    """A dimension's name as words."""
    return {"per_year": "rate per year", "rate": "token rate"}.get(name, name)


def tell(value: Any) -> str:
    """A value as people name it in YAML."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def dimension_of(unit: str) -> str | None:
    """The first dimension that knows this spelling."""
    return next((d.name for d in DIMENSIONS.values() if unit in d.units), None)


def _scale(number: float, factor: float) -> float:
    """number x factor; by division where the inverse is exact, so that 559 W is 0.559 kW to the last bit."""
    inverse = round(1 / factor)
    return number / inverse if factor < 1 and float(inverse) == 1 / factor else number * factor


def _bare(number: float, dim: Dimension) -> float:
    if dim.bare:
        return number
    if not math.isfinite(number):
        raise UnitError.of("unit", f"{label(dim.name)} must be finite: got {number}", f"write it as {dim.example}")
    given = f"{number:.15g}"
    above = [u for u in dim.shown if dim.units[u.replace(" ", "")] > 1][:1]
    units = [*above, dim.base]
    raise UnitError.of(
        "unit-missing",
        f"{label(dim.name)} needs a unit: got {given}",
        f"write {' or '.join(f'{given} {unit}' for unit in units)}",
    )


def _factor(unit: str, dim: Dimension) -> float:
    if (factor := dim.units.get(unit)) is not None:
        return factor
    expects = f"{label(dim.name)} expects {', '.join(dim.shown)}"
    if other := dimension_of(unit):
        raise UnitError.of("unit", f"{expects}; {unit!r} is {label(other)}", f"write it as {dim.example}")
    close = next((u for u in dim.units if u.casefold() == unit.casefold()), None) or nearest(unit, dim.units)
    hint = f"did you mean {close!r}?" if close else f"write it as {dim.example}"
    if unit[0] in ",_'":
        hint = "write the number without separators of thousands, its decimals after a point"
    raise UnitError.of("unit", f"{expects}; {unit!r} is not a unit we know", hint)


def format(value: float, dimension: str, digits: int = 3) -> str:
    """`value` (base unit) for people: the largest shown unit that keeps the number at least 1, `digits` significant.

    Numbers of more digits before the point are not cut: 12345 GW stays 12345 GW.
    """
    dim = DIMENSIONS[dimension]
    if not math.isfinite(value):
        return str(value)
    unit = _fitting(value, dim, digits)
    return _join(_digits(value / dim.units[unit.replace(" ", "")], digits), unit)


def format_exact(value: float, dimension: str) -> str:
    """`value` so that parse(format_exact(v, d), d, signed=True) == v bit for bit, in the best unit that allows it."""
    dim = DIMENSIONS[dimension]
    if abs(value) < _HUGE:
        shown = _fitting(value, dim, 3)
        text = _join(_digits(value / dim.units[shown.replace(" ", "")], 15), shown)
        if parse(text, dimension, signed=True) == value:
            return text
    return f"{value!r} {dim.base}" if dim.base and not dim.bare else repr(value)


def _fitting(value: float, dim: Dimension, digits: int) -> str:
    """The largest shown unit whose number, rounded, is at least 1; the smallest for tiny values, the base for zero."""
    if value == 0 and dim.base in dim.shown:
        return dim.base
    for unit in reversed(dim.shown):
        if abs(float(f"{value / dim.units[unit.replace(' ', '')]:.{digits}g}")) >= 1:
            return unit
    return dim.shown[0]


def _digits(number: float, digits: int) -> str:
    """At least `digits` significant digits, no exponent for ordinary sizes, no trailing zeros."""
    if number == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(number)))
    if magnitude >= 15 or magnitude < -6:
        return f"{number:.{digits}g}"
    text = f"{number:.{max(digits - 1 - magnitude, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _join(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit == "T tokens" else f"{number} {unit}".rstrip()
