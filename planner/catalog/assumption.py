"""Assumptions: values nobody published, reasoned from neighbours, each with its basis and range."""

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from planner.catalog.entry import Id
from planner.catalog.formula import Formula, FormulaError, Range, Value
from planner.catalog.quantity import AnyQuantity
from planner.io.models import Level, Sources, StrictModel, refuse
from planner.units import DIMENSIONS

YEARLY = DIMENSIONS["per_year"].base


class Band(StrictModel):
    """One value, or low, mid and high."""

    value: AnyQuantity | None = None
    low: AnyQuantity | None = None
    mid: AnyQuantity | None = None
    high: AnyQuantity | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, data: Any) -> Any:
        return data if isinstance(data, dict | Band) else {"value": data}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.value is None) == (self.mid is None):
            raise refuse("give either value, or low, mid and high", "write {low: 3 kW, mid: 4.6 kW, high: 6.3 kW}")
        if len(self.units) > 1:
            raise refuse(f"low, mid and high have different units: {', '.join(sorted(self.units))}")
        if not self.range.ordered:
            raise refuse("low, mid and high must not decrease", "order them low <= mid <= high")
        return self

    @property
    def units(self) -> set[str]:
        """Base units in use; one, or the band is faulty. A plain number may stand for a rate per year."""
        units = {q.unit for q in (self.value, self.low, self.mid, self.high) if q is not None}
        return units - {""} if units == {"", YEARLY} else units

    @property
    def unit(self) -> str:
        """Base unit of the values, or their currency."""
        return next(iter(self.units), "")

    @property
    def range(self) -> Range:
        """Low, mid, high in base units; a missing side is the middle."""
        middle = self.mid if self.value is None else self.value
        assert middle is not None, "_complete refuses a band without a middle"
        mid = middle.amount
        low = self.low.amount if self.low is not None else mid
        high = self.high.amount if self.high is not None else mid
        return Range(low, mid, high)


class Assumption(StrictModel):
    """Either a planning parameter (value or low/mid/high) or a rule that fills an unknown field of an entry."""

    id: Id
    name: str | None = None
    fills: str | None = None
    """The field it fills where unknown: kind and path, such as system.power or accelerator.peak.bf16."""
    to: Literal["unknown", "point"] = "unknown"
    """`unknown` fills nulls; `point` gives a range to values published without one."""
    kind: Literal["assumption", "derived"] = "assumption"
    """`derived` for what follows from other facts (a system's links are its accelerator's)."""
    when: dict[str, Any] = Field(default_factory=dict)
    """Fields of the entry that must equal a value, be in a list, or be null; all of them."""
    formula: str | None = None
    """Arithmetic over fields of the entry (base units) and parameters; {to: point} also knows `value`."""
    parameters: dict[str, Band] = Field(default_factory=dict)
    """Named numbers of the formula."""
    text: str | None = None
    """For fields that are words (cooling)."""
    value: AnyQuantity | None = None
    low: AnyQuantity | None = None
    mid: AnyQuantity | None = None
    high: AnyQuantity | None = None
    unit: str | None = None
    """What a plain number counts, for people."""
    basis: str
    """From what it was reasoned."""
    source: Sources = ()
    notes: str | None = None

    @field_validator("formula")
    @classmethod
    def _arithmetic(cls, text: str | None) -> str | None:
        try:
            return Formula.parse(text).text if text is not None else None
        except FormulaError as error:
            raise refuse(str(error), "a formula is arithmetic over fields and parameters") from None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        banded = self.value is not None or self.mid is not None
        if [self.formula is not None, self.text is not None, banded].count(True) != 1:
            raise refuse("give one of: formula, text, or a value (value, or low, mid and high)")
        if (self.formula or self.text) and not self.fills:
            raise refuse("a formula or text fills a field", "add fills: system.power")
        if banded:
            _ = self.band
        if self.parameters and not self.formula:
            raise refuse("parameters belong to a formula")
        return self

    @property
    def target(self) -> str:
        """Kind of entry it fills ("system"), or "" for a planning parameter."""
        return self.fills.partition(".")[0] if self.fills else ""

    @property
    def field(self) -> str:
        """Path of the field it fills ("peak.bf16")."""
        return self.fills.partition(".")[2] if self.fills else ""

    @property
    def band(self) -> Band:
        """The value or range given outright."""
        return Band(value=self.value, low=self.low, mid=self.mid, high=self.high)

    @property
    def range(self) -> Range:
        """Low, mid, high of a planning parameter in base units."""
        return self.band.range

    @property
    def base_unit(self) -> str:
        """Unit of `range`: the base unit, the currency, or the stated unit of plain numbers."""
        return self.band.unit or self.unit or ""

    def at(self, level: Level = "mid") -> Value:
        """A planning parameter in base units (or Money)."""
        return self.range.at(level)
