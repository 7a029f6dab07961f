"""Money and prices per physical unit, each with its currency; nothing is converted here."""

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from planner.units.quantity import UnitError, check, dimension_of, label, sensible, split, tell
from planner.units.table import DIMENSIONS

_MULTIPLIERS = {"": 1.0}
for _factor, _names in (
    (1e3, "k thousand"),
    (1e4, "万"),
    (1e6, "m M mn million"),
    (1e8, "亿"),
    (1e9, "b B bn billion"),
    (1e12, "t T tn trillion"),
):
    _MULTIPLIERS |= dict.fromkeys(_names.split(), _factor)
_SHOWN = ((1e9, "bn "), (1e6, "million "), (1.0, ""))
_CURRENCY = re.compile(r"[A-Z]{3}")


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency (three capital letters). Sums and comparisons need the same currency."""

    amount: float
    currency: str

    what: ClassVar[str] = "money"
    example: ClassVar[str] = "1.2 bn CNY"
    per: ClassVar[tuple[str, ...]] = ()
    """Dimensions of the denominator; the amount is per base unit of each."""

    @classmethod
    def parse(cls, value: Any, *, signed: bool = False) -> Self:
        """Read "24400 USD" or, for prices, "0.35 CNY/kWh". Raises UnitError."""
        if isinstance(value, cls):
            check(value.amount, value, cls.what, signed=signed)
            return value
        number, rest = split(value, cls.what, cls.example)
        head, *below = rest.split("/")
        if not head:
            raise UnitError.of(
                "unit-missing", f"{cls.what} needs a currency: got {tell(value)}", f"write it as {cls.example}"
            )
        multiplier, currency = head[:-3], head[-3:]
        if not _CURRENCY.fullmatch(currency) or multiplier not in _MULTIPLIERS:
            raise UnitError.of(
                "unit",
                f"{cls.what} expects a number, perhaps k, million or bn, and a currency code: got {tell(value)}",
                f"write it as {cls.example}",
            )
        amount = number * _MULTIPLIERS[multiplier]
        return cls(check(amount / cls._divisor(below, value), value, cls.what, signed=signed), currency)

    @classmethod
    def _divisor(cls, below: list[str], value: Any) -> float:
        """The denominator in base units."""
        divisor = 1.0
        if len(below) != len(cls.per):
            raise UnitError.of("unit", f"{cls.what} expects the form {cls.example}: got {tell(value)}")
        for unit, dimension in zip(below, cls.per, strict=True):
            units = DIMENSIONS[dimension].units
            if unit not in units:
                other = dimension_of(unit)
                what = f"is {label(other)}" if other else "is not a unit we know"
                raise UnitError.of(
                    "unit", f"{cls.what} is per {dimension}: {unit!r} {what}", f"write it as {cls.example}"
                )
            divisor *= units[unit]
        return divisor

    def __str__(self) -> str:
        """Exact: Money.parse(str(m)) == m."""
        number = (
            f"{self.amount:.0f}" if self.amount == int(self.amount) and abs(self.amount) < 1e15 else repr(self.amount)
        )
        return "/".join([f"{number} {self.currency}", *(DIMENSIONS[d].base for d in self.per)])

    def short(self, digits: int = 3) -> str:
        """For people: 1.2 bn CNY."""
        rounded = abs(float(f"{self.amount:.{digits}g}"))
        scale, name = next(((s, n) for s, n in _SHOWN if rounded >= s), _SHOWN[-1])
        text = f"{self.amount / scale:.{digits}g}" if scale > 1 else f"{self.amount:,.0f}".replace(",", " ")
        if self.per or (scale == 1.0 and abs(self.amount) < 100):
            text, name = f"{self.amount:.{max(digits, 3)}g}", ""
        return "/".join([f"{text} {name}{self.currency}", *(DIMENSIONS[d].base for d in self.per)])

    def __add__(self, other: Self) -> Self:
        return type(self)(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.amount, self.currency)

    def __mul__(self, factor: float) -> Self:
        return type(self)(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Self:
        return type(self)(self.amount / divisor, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount < self._same(other)

    def _same(self, other: Self) -> float:
        if type(other) is not type(self) or other.currency != self.currency:
            raise UnitError.of("currency", f"cannot combine {self} with {other}", "convert to one currency first")
        return other.amount

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return money_schema(cls, signed=False)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "examples": [cls.example]}


class Tariff(Money):
    """Money per kWh."""

    what = "tariff"
    example = "0.35 CNY/kWh"
    per = ("energy",)


class CarbonPrice(Money):
    """Money per kg; usually written per tonne."""

    what = "carbon price"
    example = "51 USD/t"
    per = ("mass",)


class PowerPrice(Money):
    """Money per kW, of capacity built."""

    what = "price of power capacity"
    example = "9000 CNY/kW"
    per = ("power",)


class CapacityCharge(Money):
    """Money per kW and hour of capacity held; usually written per month or year."""

    what = "capacity charge"
    example = "38 CNY/kW/month"
    per = ("power", "time")


class HourlyPrice(Money):
    """Money per hour, as rent."""

    what = "hourly price"
    example = "2.5 USD/h"
    per = ("time",)


class TokenPrice(Money):
    """Money per token; usually written per million."""

    what = "token price"
    example = "0.5 USD/Mtokens"
    per = ("tokens",)


def money_schema(cls: type[Money], *, signed: bool) -> CoreSchema:
    """Pydantic core schema that reads `cls` from text and dumps it as exact text in JSON mode."""

    def validate(value: Any) -> Money:
        try:
            found = cls.parse(value, signed=signed)
            sensible(found.amount, value, cls.what)
        except UnitError as error:
            raise custom_error(error) from None
        return found

    return core_schema.no_info_plain_validator_function(
        validate,
        serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json"),
    )


def custom_error(error: UnitError) -> PydanticCustomError:
    """The error in pydantic's form; `planner.io.yaml.parse` turns it back with its place."""
    (fault,) = error.diagnostics
    return PydanticCustomError(
        "planner", "{message}", {"code": fault.code, "message": fault.message, "hint": fault.hint}
    )
