"""What waits in store: systems that the buyer has and has not installed, and what keeping them costs."""

from typing import Annotated

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Schedule
from planner.scenario.periods import PeriodLabel
from planner.units import Money


class Stocked(StrictModel):
    """Systems that were delivered before the plan starts and stand nowhere yet.

    They are paid for. They may be placed in service where the rules allow to install them; what may not be stays in
    store.
    """

    system: str
    """What is in store."""
    count: int = Field(ge=1)
    """Systems of this kind."""
    since: PeriodLabel | None = None
    """Period in which they were acquired, for rules that spare what was acquired before them; None: just before the
    plan starts.
    """
    note: str | None = None
    """Where the figure comes from."""


class Warehouse(StrictModel):
    """What keeping systems in store costs, and how many can be kept."""

    price_per_month: Money | None = None
    """Per accelerator and calendar month in store; None: nothing."""
    capacity: Schedule[Annotated[int, Field(ge=0)]] | None = None
    """Most accelerators in store at a time; None: no limit."""

    @model_validator(mode="after")
    def _says_something(self) -> "Warehouse":
        if self.price_per_month is None and self.capacity is None:
            raise refuse(
                "a warehouse states neither a price nor a capacity", "write price_per_month: 50 CNY, or capacity"
            )
        return self
