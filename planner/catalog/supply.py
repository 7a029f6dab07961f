"""Supply records: how much of an accelerator or of one of its parts is made, shipped or allowed in a period."""

from datetime import date

from pydantic import Field, model_validator

from planner.catalog.entry import Id, IsoDate, end_of, start_of
from planner.io.models import Fact, Sources, StrictModel, refuse
from planner.units import Fraction


class Span(StrictModel):
    """The closed interval a figure refers to; without `to` it is open."""

    start: IsoDate = Field(alias="from")
    end: IsoDate | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _ordered(self) -> "Span":
        if self.end is not None and self.after is not None and self.after <= self.first:
            raise refuse(f"the period ends ({self.end}) before it starts ({self.start})")
        return self

    @property
    def first(self) -> date:
        """First day."""
        return start_of(self.start)

    @property
    def after(self) -> date | None:
        """The day after the last; None when open."""
        return end_of(self.end) if self.end is not None else None


class Supply(StrictModel):
    """One published (or assumed) figure. Records that share a conflict group disagree and are never averaged."""

    id: Id
    name: str | None = None
    accelerator: str | None = None
    """Id or alias of the accelerator it counts."""
    accelerators_group: str | tuple[str, ...] | None = None
    """Alias, or ids, of the accelerators it counts together."""
    split: dict[str, Fraction] = Field(default_factory=dict)
    """Share of each accelerator (id or alias) in a group's total; the shares add up to 1 at most."""
    component: str | None = None
    """The part it counts instead of accelerators."""
    item: str | None = None
    maker: str | None = None
    market: str | None = None
    """Country code of the market it is for; None: wherever made."""
    level: str | None = None
    metric: str | None = None
    kind: str | None = None
    """production, capacity, shipments, stock, quota, orders, roadmap, forecast, ..."""
    basis: str | None = None
    """actual, estimate, plan, official, derived, assumption, or from what it was reasoned."""
    period: Span
    accelerators_per_period: Fact[float] | None = None
    """Accelerators in the whole period."""
    quantity: Fact[float] | None = None
    """For other things than accelerators, in `unit`."""
    unit: str | None = None
    conflict_group: str | None = None
    preferred: bool = False
    """The record of its conflict group that is believed unless a scenario says otherwise."""
    usable: bool = True
    """False for records that are evidence only (orders, stock, one buyer's share), not national output."""
    source: Sources = ()
    confidence: str | None = None
    as_of: IsoDate | None = None
    notes: str | None = None
    note: str | None = None
    silence: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _subject(self) -> "Supply":
        subjects = [name for name in ("accelerator", "accelerators_group", "component", "item") if getattr(self, name)]
        if not subjects:
            raise refuse("a supply record counts something", "add accelerator, accelerators_group, component or item")
        if self.accelerator and self.accelerators_group:
            raise refuse("give either accelerator or accelerators_group, not both")
        if sum(self.split.values()) > 1 + 1e-9:
            raise refuse(f"the shares of split add up to {sum(self.split.values()):.3g}", "at most 1")
        return self

    @property
    def subject(self) -> str:
        """What it counts, for people."""
        group = self.accelerators_group
        joined = ", ".join(group) if isinstance(group, tuple) else group
        return self.accelerator or joined or self.component or self.item or self.id


class Roadmap(StrictModel):
    """When a product is said to become available."""

    id: Id
    product: str
    """Id or alias of an accelerator or system."""
    available: IsoDate
    previous: IsoDate | None = None
    """Date said before."""
    status: str | None = None
    source: Sources = ()
    confidence: str | None = None
    notes: str | None = None
