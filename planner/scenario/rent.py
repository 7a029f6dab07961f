"""Capacity that somebody else owns and runs, offered for rent."""

from pydantic import Field

from planner.io.models import StrictModel
from planner.scenario.common import Name, Schedule
from planner.scenario.periods import PeriodLabel
from planner.units import Duration, HourlyPrice

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
    price: HourlyPrice
    """Per accelerator, of every hour held, used or not."""
    term: Duration | None = None
    """Each contract lasts exactly that long (a lease); None: from period to period."""
    first: PeriodLabel | None = None
    """First period in which a contract may begin; None: the plan's start and parameter `lead-time-rent`."""
    max_cluster: int | None = Field(default=None, ge=1)
    """Most accelerators that its fabric joins in one cluster; None: what the system's own fabric reaches."""
    note: str | None = None
    """Where the offer comes from."""

    @property
    def place(self) -> str:
        """Its name where a site is asked for."""
        return f"{RENTED}/{self.id}"
