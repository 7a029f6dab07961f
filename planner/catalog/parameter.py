"""Economic parameters: sourced figures that belong to no single product or place."""

from typing import Any

from pydantic import Field

from planner.catalog.assumption import Band
from planner.catalog.entry import Id
from planner.catalog.formula import Range, Value
from planner.catalog.quantity import AnyQuantity
from planner.io.models import DateText, Level, Sources, StrictModel


class Parameter(StrictModel):
    """One sourced figure, with its unit in the value or, for uncommon units, in `unit`."""

    id: Id
    name: str | None = None
    group: str | None = None
    """Topic: network, facility, opex, reliability, finance, ..."""
    value: AnyQuantity | None = None
    low: AnyQuantity | None = None
    mid: AnyQuantity | None = None
    high: AnyQuantity | None = None
    unit: str | None = None
    """What it is per, when the value's own unit does not say it."""
    table: dict[str, Any] | None = None
    """A small table instead of a value."""
    kind: str | None = None
    """statute, official_stat, measured, press_report, analyst, vendor_claim, derived, general_knowledge."""
    country: str | None = None
    as_of: DateText = None
    confidence: str | None = None
    source: Sources = ()
    note: str | None = None
    silence: dict[str, str] = Field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether any value is given."""
        return any(side is not None for side in (self.value, self.low, self.mid, self.high))

    @property
    def range(self) -> Range | None:
        """Low, mid, high in base units; the middle is the mean when only the ends are known, None when unknown."""
        if self.value is not None or self.mid is not None:
            return Band(value=self.value, low=self.low, mid=self.mid, high=self.high).range
        if self.low is None or self.high is None:
            side = self.low or self.high
            return Range.point(side.amount) if side is not None else None
        low: Any = self.low.amount
        high: Any = self.high.amount
        return Range(low, (low + high) / 2, high)

    def at(self, level: Level = "mid") -> Value | None:
        """The value in base units (or Money); None when unknown."""
        found = self.range
        return found.at(level) if found is not None else None
