"""What may be added to a site while the plan runs: grid power, hall space, an air hall turned to liquid."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name
from planner.scenario.periods import PeriodLabel
from planner.units import Duration, Money, Power


def _some(kw: float) -> float:
    if not kw > 0:
        raise refuse("an option without power adds nothing", "state how much it adds, or leave it out")
    return kw


SomePower = Annotated[Power, AfterValidator(_some)]


class _Option(StrictModel):
    id: Name
    """Its name in the plan, unique within the site."""
    cost: Money | None = None
    """Price of one step, paid when it is decided. None: the catalog's figure per kW."""
    earliest: PeriodLabel | None = None
    """First period in which it may be decided; None: the plan's first."""


class GridExpansion(_Option):
    """A step by which the grid contract of a site can be enlarged."""

    power: SomePower
    """Grid power that one step adds, at the meter."""
    lead_time: Duration | None = None
    """From the decision to the power; None: parameter `lead-time-grid-expansion`."""
    times: int = Field(default=1, ge=1)
    """Most steps over the whole plan."""


class HallExpansion(_Option):
    """A step by which a hall can be enlarged: electrical and cooling plant, rack positions, or both."""

    it_power: Power = 0.0
    """IT power that one step adds."""
    racks: int = Field(default=0, ge=0)
    """Rack positions that one step adds."""
    lead_time: Duration | None = None
    """From the decision to the space; None: parameter `lead-time-hall-expansion`."""
    times: int = Field(default=1, ge=1)
    """Most steps over the whole plan."""

    @model_validator(mode="after")
    def _adds_something(self) -> "HallExpansion":
        if not self.it_power and not self.racks:
            raise refuse("an expansion of a hall adds `it_power`, `racks` or both", "state how much it adds")
        if not self.it_power and self.cost is None:
            raise refuse("rack positions alone need a `cost`", "the catalog prices halls by their power only")
        return self


class Retrofit(_Option):
    """An air-cooled hall turned to liquid: it closes when work begins, and a liquid hall opens when it is done.

    Nothing may be in service in the old hall from then on. `id` is the name of the liquid hall.
    """

    it_power: SomePower
    """IT power of the liquid hall."""
    rack_power: SomePower
    """Most power that one of its rack positions may draw."""
    racks: int = Field(ge=1)
    """Its rack positions."""
    max_cluster: int | None = Field(default=None, ge=1)
    """Reach of its scale-out fabric; None: what the systems' own fabric reaches."""
    pue: float | None = Field(default=None, ge=1.0, le=3.0)
    """Its power usage effectiveness; None takes the region's for liquid cooling."""
    downtime: Duration | None = None
    """From the old hall's closing to the new one's opening; None: parameter `lead-time-liquid-retrofit`."""
