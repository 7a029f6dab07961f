"""Terms of payment: in which parts a price is paid, and what comes back of it on cancellation."""

from typing import Literal

from pydantic import Field, model_validator

from planner.catalog.entry import Country, Id
from planner.io.models import DateText, Sources, StrictModel, refuse
from planner.units import Duration, Fraction


class Instalment(StrictModel):
    """One part of a price."""

    share: Fraction
    """Of the price."""
    at: Literal["order", "delivery"]
    """What makes it due."""
    after: Duration = 0.0
    """Time after that until it is paid; what falls due after the plan's end is paid at its end."""


class PaymentTerms(StrictModel):
    """How some purchases are paid. Where several fit, the first counts; without a condition they fit all."""

    id: Id
    """Their name."""
    systems: tuple[str, ...] = ()
    """Systems they hold for."""
    accelerators: tuple[str, ...] = ()
    """Accelerators they hold for, in whatever system."""
    vendors: tuple[str, ...] = ()
    """Vendors of systems they hold for."""
    origin: Literal["domestic", "imported"] | None = None
    """Whether the accelerator is designed in the buyer's country."""
    schedule: tuple[Instalment, ...] = Field(min_length=1)
    """Parts of the price; their shares add up to 1."""
    refund: Fraction | None = None
    """Share of what was paid that comes back when an order is cancelled, unless the order itself or the rule that
    cancels it says so.
    """
    buyer_country: Country | None = None
    """Country of the buyers they hold for."""
    source: Sources = ()
    """Ids of catalogs/sources.yaml."""
    confidence: str | None = None
    """How sure the source is."""
    as_of: DateText = None
    """When it was true."""
    note: str | None = None
    """What a reader should know."""

    @model_validator(mode="after")
    def _whole(self) -> "PaymentTerms":
        total = sum(part.share for part in self.schedule)
        if abs(total - 1.0) > 1e-9:
            message = f"the shares of payment terms {self.id} add up to {total:.6g}, not 1"
            raise refuse(message, "make the shares of `schedule` add up to 100 %", "shares", ("schedule",))
        return self
