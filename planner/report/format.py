"""Numbers as people read them: the same in every renderer and in the sentences of a report."""

from collections.abc import Callable, Iterable

from planner.report.model import Bar, Cell, Column

type Write = Callable[[float], str]

MINUS = "\N{MINUS SIGN}"
UNKNOWN = "\N{EN DASH}"
_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))


def count(value: float) -> str:
    """A whole number: 12,288."""
    return _signs(f"{value:,.0f}")


def number(value: float, unit: str = "") -> str:
    """Three or four significant figures with the unit: 63.8 MW."""
    return _joined(_signs(f"{value:,.{decimals(value)}f}"), unit)


def money(value: float, currency: str) -> str:
    """An amount in words of size: 31.42 bn CNY."""
    for size, word in _SCALES:
        if abs(value) >= size:
            return f"{_signs(f'{value / size:,.2f}')} {word} {currency}"
    return f"{_signs(f'{value:,.{decimals(value)}f}')} {currency}"


def percent(value: float) -> str:
    """A fraction as a percentage with what precision it needs: 0.31 %, 87 %."""
    points = 100.0 * value
    digits = 0 if abs(points) >= 10 or points == 0 else 1 if abs(points) >= 1 else 2
    return f"{_signs(f'{points:,.{digits}f}')} %"


def price(value: float) -> str:
    """A price per unit, to three significant figures, large ones in words of size."""
    for size, word in _SCALES:
        if abs(value) >= size:
            return f"{_signs(f'{value / size:.3g}')} {word}"
    return _signs(f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:.3g}")


_GOALS = {
    "throughput": (("EFLOP/s", 1e3), ("PFLOP/s", 1.0)),
    "completion": (("days", 1.0),),
    "energy": (("GWh", 1e3), ("MWh", 1.0)),
    "carbon": (("kt CO2", 1e3), ("t CO2", 1.0)),
}
"""Units in which a goal is shown, large ones first, and how many of the plan's units are one; the others are shares."""


def goal_value(name: str, value: float, currency: str = "") -> str:
    """What a plan comes to in something that is sought (`planner.scenario.goals`), in a unit for people."""
    if name == "cost":
        return money(value, currency)
    if name not in _GOALS:
        return percent(value)
    units = _GOALS[name]
    unit, size = next((found for found in units if abs(value) >= found[1]), units[-1])
    return number(value / size, unit)


def plural(amount: float, one: str, many: str | None = None) -> str:
    """`1 site`, `2 sites`."""
    return f"{count(amount)} {one if amount == 1 else many or one + 's'}"


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    found = list(names)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def decimals(largest: float) -> int:
    """Digits after the point that a number of this size needs."""
    size = abs(largest)
    return 0 if size >= 1000 or size == 0 else 1 if size >= 10 else 2 if size >= 1 else 3


def cells(column: Column, values: Iterable[Cell]) -> tuple[str, list[str]]:
    """The unit to write over a column, and its cells as text; numbers of one column share scale and precision."""
    found = list(values)
    if column.kind in ("text", "bar"):
        return column.unit, ["" if v is None or isinstance(v, Bar) else str(v) for v in found]
    numbers = [float(v) for v in found if isinstance(v, int | float)]
    largest = max((abs(v) for v in numbers), default=0.0)
    if column.kind == "share":
        return column.unit, [_told(v, percent, column.signed) for v in found]
    if column.kind == "count":
        return column.unit, [_told(v, count, column.signed) for v in found]
    size, word = _scale(largest) if column.kind == "money" else (1.0, "")
    digits = decimals(largest / size)
    unit = _joined(word, column.unit)
    return unit, [_told(v, lambda x: _fixed(x / size, digits), column.signed) for v in found]


def _told(value: Cell, write: Write, signed: bool) -> str:
    if not isinstance(value, int | float):
        return UNKNOWN if value is None else str(value)
    text = write(float(value))
    return f"+{text}" if signed and value > 0 else text


def _fixed(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return _signs(f"{value:.1g}" if value and not text.strip("-0.,") else text)


def _scale(largest: float) -> tuple[float, str]:
    """Millions from a million on: columns of money compare best in one unit."""
    return (1e6, "m") if largest >= 1e6 else (1.0, "")


def _signs(text: str) -> str:
    return text.replace("-", MINUS) if text.strip("-0.,") else text.lstrip("-")


def _joined(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()
