"""What can be bought: pending orders, the buyer's part of supply, candidates."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from planner.io.models import StrictModel
from planner.scenario.common import Name, Schedule
from planner.scenario.periods import PeriodLabel, label_start
from planner.units import Fraction, Money


class PendingOrder(StrictModel):
    """An order placed before the plan starts and not yet delivered."""

    id: Name
    """Its name in the plan."""
    system: str
    """What was ordered."""
    count: int = Field(ge=1)
    """Systems ordered; taken on delivery all together or not at all."""
    placed: PeriodLabel
    """Period in which it was ordered."""
    due: PeriodLabel
    """Period at whose start it is delivered."""
    paid: Fraction = 0.0
    """Share of the price already paid (sunk); the rest falls due on delivery."""
    refund: Fraction | None = None
    """Share of what was paid that comes back on cancellation; None leaves it to the
    cancelling rule, then to the terms of payment (else zero)."""
    price: Money | None = None
    """Price per system of this order; None takes the catalog's."""

    @property
    def placed_on(self) -> date:
        """First day of the period in which it was placed."""
        return label_start(self.placed)


class Allocation(StrictModel):
    """How many accelerators of one kind the buyer can have delivered per period."""

    accelerator: str
    """Which one; all systems that hold it draw on the same allocation."""
    share: Fraction | None = None
    """Share of the national supply in the catalog."""
    per_period: Schedule[Annotated[int, Field(ge=0)]] | None = None
    """Accelerators per period, stated outright; only where all periods are of one kind."""
    per_year: Schedule[Annotated[int, Field(ge=0)]] | None = None
    """Accelerators per year, spread evenly over its days: right on periods of any length."""
    note: str | None = None
    """Where the figure comes from."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "Allocation":
        if sum(stated is not None for stated in (self.share, self.per_period, self.per_year)) != 1:
            raise ValueError("state one of `share` (of national supply), `per_period` and `per_year` (accelerators)")
        return self


class Part(StrictModel):
    """How much of a part there is for what the buyer orders: what needs more of it cannot be delivered."""

    component: str
    """Which one: a name under `components` of the catalog's accelerators and systems."""
    share: Fraction | None = None
    """Share of what the catalog says is made of it, and of the stock it knows of when the plan starts."""
    per_period: Schedule[Annotated[float, Field(ge=0)]] | None = None
    """Parts that come in each period, stated outright."""
    stock: float | None = Field(default=None, ge=0)
    """Parts there when the plan starts; None: the share of the catalog's stock, or none beside `per_period`."""
    scale: float = Field(default=1.0, ge=0)
    """Multiplier on what comes in and on the stock (what-ifs)."""
    note: str | None = None
    """Where the figure comes from."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "Part":
        if (self.share is None) == (self.per_period is None):
            raise ValueError("state either `share` (of what is made) or `per_period` (parts), not both")
        return self


class Supply(StrictModel):
    """What the buyer can have. Published figures are national; the scenario states the buyer's part of them."""

    share: Fraction | None = None
    """Share of national supply for accelerators without an allocation of their own; None: only what is allocated."""
    carry_over: bool = True
    """Whether allocation that is not called in one period may be called later."""
    scale: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    """Multiplier on the supply of an accelerator or family (what-ifs: `{huawei-ascend-910c: 0.5}`)."""
    hindsight: Literal["allow", "deny"] = "allow"
    """Whether supply records of the catalog count that no source stated by the `knowledge_date`. `deny` leaves them
    out: what then has no record has no supply. Prices and other facts are those of the catalog either way.
    """
    choices: dict[str, str] = Field(default_factory=dict)
    """Which record of a conflict group of the catalog is believed: `{ascend-2026: ascend-2026-plan-sum}`."""
    allocations: tuple[Allocation, ...] = ()
    """The buyer's part by accelerator."""
    components: tuple[Part, ...] = ()
    """Parts that limit deliveries besides; what is not listed limits nothing."""


class Candidates(StrictModel):
    """Which systems of the catalog may be bought; both empty: every system of an accelerator with supply."""

    include: tuple[str, ...] = ()
    """Only these; one that lacks a fact is then an error."""
    exclude: tuple[str, ...] = ()
    """Never these."""
