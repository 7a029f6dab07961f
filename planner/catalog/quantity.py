"""Quantities of any dimension: what parameters of assumptions and economics are written in."""

from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

from planner.units import (
    DIMENSIONS,
    CapacityCharge,
    CarbonPrice,
    HourlyPrice,
    Money,
    PowerPrice,
    Tariff,
    TokenPrice,
    UnitError,
    format_exact,
    parse,
)
from planner.units.money import custom_error
from planner.units.quantity import split

_PRICES: tuple[type[Money], ...] = (Money, Tariff, PowerPrice, CarbonPrice, HourlyPrice, CapacityCharge, TokenPrice)
_PREFERRED = ("fraction", "per_year", "time", "power", "energy", "compute", "memory", "bandwidth", "area", "tokens",
              "rate", "carbon", "mass", "length", "latency")  # fmt: skip
"""Dimensions in the order in which a unit is looked up; "s" is a time, not a latency."""


def dimension_of(unit: str) -> str | None:
    """The dimension that a unit (spaces removed) belongs to; None when no dimension knows it."""
    return next((name for name in _PREFERRED if unit in DIMENSIONS[name].units), None)


def read(value: Any) -> float | Money:
    """A number, a quantity in base units, or money; raises UnitError when no dimension knows the unit."""
    if isinstance(value, Money):
        return value
    number, unit = split(value, "parameter", "0.3, 4.6 kW or 251 CNY")
    if not unit:
        return number
    if dimension := dimension_of(unit):
        return parse(value, dimension, signed=True)
    for price in _PRICES:
        try:
            return price.parse(value, signed=True)
        except UnitError:
            continue
    raise UnitError.of(
        "unit", f"{unit!r} is not a unit we know", "write a number, a quantity (4.6 kW, 2 quarters) or money (251 CNY)"
    )


def unit_of(value: Any) -> str:
    """Base unit in which `read` returns the value: "kW", "h", "CNY/kWh", "" for plain numbers."""
    if isinstance(value, Money):
        return "/".join([value.currency, *(DIMENSIONS[d].base for d in value.per)])
    _, unit = split(value, "parameter", "0.3")
    if not unit:
        return ""
    dimension = dimension_of(unit)
    return DIMENSIONS[dimension].base if dimension else unit_of(read(value))


def show(amount: float | Money, unit: str) -> str:
    """A quantity in base units as text that `read` reads back."""
    if isinstance(amount, Money):
        return str(amount)
    dimension = next((d for d in _PREFERRED if unit and DIMENSIONS[d].base == unit), None)
    return format_exact(amount, dimension) if dimension else repr(amount)


class Quantity:
    """A number with the base unit it is counted in; `amount` is Money for prices."""

    __slots__ = ("amount", "unit")

    def __init__(self, amount: float | Money, unit: str = "") -> None:
        self.amount = amount
        self.unit = unit

    @classmethod
    def of(cls, value: Any) -> "Quantity":
        """Read from YAML; raises UnitError."""
        return value if isinstance(value, Quantity) else cls(read(value), unit_of(value))

    def __str__(self) -> str:
        return show(self.amount, self.unit)

    def __repr__(self) -> str:
        return f"Quantity({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and (self.amount, self.unit) == (other.amount, other.unit)

    def __hash__(self) -> int:
        return hash((self.amount, self.unit))


def _validate(value: Any) -> Quantity:
    try:
        return Quantity.of(value)
    except UnitError as error:
        raise custom_error(error) from None


AnyQuantity = Annotated[Quantity, PlainValidator(_validate), PlainSerializer(str, when_used="json")]
"""Pydantic type: a number, a quantity with a unit of any dimension, or money."""
