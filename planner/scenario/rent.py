"""Capacity that somebody else owns and runs, offered for rent."""

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name, Schedule
from planner.scenario.periods import PeriodLabel
from planner.units import Duration, HourlyPrice, Money

RENTED = "rented"
"""What stands where a plan names a site, for work on rented systems; their hall is the offer."""


class RentOffer(StrictModel):
    """Systems of one kind in one place, offered for rent: power, space and upkeep are in the price."""

    id: Name
    """Its name in the plan."""
    system: str
    """What is rented."""
    region: str
    """Where it runs; rules on renting look at it."""
    systems: Schedule[int]
    """Most systems that may be held at a time; 0 before its first and after its last day."""
    price: HourlyPrice | None = None
    """Per accelerator, of every hour held, used or not."""
    price_per_month: Money | None = None
    """Per system and calendar month held, used or not, instead of `price`."""
    term: Duration | None = None
    """Each contract lasts exactly that long (a lease); None: from period to period."""
    first: PeriodLabel | None = None
    """First period in which a contract may begin; None: the plan's start and parameter `lead-time-rent`."""
    max_cluster: int | None = Field(default=None, ge=1)
    """Most accelerators that its fabric joins in one cluster; None: what the system's own fabric reaches."""
    note: str | None = None
    """Where the offer comes from."""

    @model_validator(mode="after")
    def _one_price(self) -> "RentOffer":
        if (self.price is None) == (self.price_per_month is None):
            told = "has neither" if self.price is None else "has both"
            hint = "write price: 2.5 USD/h (per accelerator), or price_per_month: 14000 USD (per system)"
            raise refuse(f"offer {self.id} needs either `price` or `price_per_month` and {told}", hint, "no-price")
        return self

    @model_validator(mode="after")
    def _some_term(self) -> "RentOffer":
        if self.term is not None and self.term <= 0:
            raise refuse(f"a contract of {self.id} would last no time", "leave `term` out, or state it", at=("term",))
        return self

    @property
    def stated_price(self) -> tuple[str, Money]:
        """Key and amount of its price."""
        if self.price_per_month is not None:
            return "price_per_month", self.price_per_month
        assert self.price is not None
        return "price", self.price

    @property
    def place(self) -> str:
        """Its name where a site is asked for."""
        return f"{RENTED}/{self.id}"
