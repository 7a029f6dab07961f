"""Where systems can stand, and what stands there already."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name, Schedule
from planner.scenario.network import HallNetwork
from planner.scenario.options import GridExpansion, HallExpansion, Retrofit
from planner.scenario.periods import PeriodLabel
from planner.scenario.season import PowerCut, Season
from planner.units import CapacityCharge, Carbon, Fraction, Power, Tariff


def _some_power(kw: float) -> float:
    if not kw > 0:
        raise refuse("rack_power must be above zero: nothing could stand in a rack without power", "state `racks: 0`")
    return kw


class Hall(StrictModel):
    """A place inside a site with one kind of cooling and its own limits."""

    id: Name
    """Its name within the site."""
    cooling: Literal["air", "liquid"]
    """What its plant cools by; systems that need the other kind cannot stand here."""
    it_power: Schedule[Power]
    """Power that its electrical and cooling plant can serve and remove as heat, kW of IT load."""
    rack_power: Annotated[Power, AfterValidator(_some_power)]
    """Most power one rack position may draw, kW."""
    racks: int = Field(ge=0)
    """Rack positions."""
    max_cluster: int | None = Field(default=None, ge=1)
    """Reach of the hall's scale-out fabric: accelerators in one coherent cluster. None: what the systems'
    own fabric reaches.
    """
    fabric: HallNetwork | None = None
    """Scale-out networks among which it may choose; its reach then follows from what is bought."""
    pue: float | None = Field(default=None, ge=1.0, le=3.0)
    """Power usage effectiveness; None takes the region's for this cooling."""
    pue_season: Season = Field(default_factory=dict)
    """Factors on it by quarter or month of the year: `{Q3: 1.1}`. The highest of a period counts for power limits."""
    expansions: tuple[HallExpansion, ...] = ()
    """Steps by which it can be enlarged."""
    retrofit: Retrofit | None = None
    """The liquid hall that it can be turned into."""

    @model_validator(mode="after")
    def _one_future(self) -> "Hall":
        if self.retrofit is not None and self.cooling != "air":
            raise refuse("only an air-cooled hall can be turned to liquid", "leave out `retrofit`")
        if self.retrofit is not None and self.expansions:
            raise refuse("a hall is enlarged or turned to liquid, not both", "make two halls of it")
        return self

    @model_validator(mode="after")
    def _one_reach(self) -> "Hall":
        if self.fabric is not None and self.max_cluster is not None:
            hint = "leave out `max_cluster`; state `reach` in an offer"
            raise refuse("the reach of a hall that buys its network follows from it", hint, at=("max_cluster",))
        return self

    @property
    def turned(self) -> "Hall | None":
        """The liquid hall that it can be turned into, as it is once that is done."""
        made = self.retrofit
        if made is None:
            return None
        power = self.it_power.model_copy(update={"steps": {"0001": made.it_power}})
        shared = {"rack_power", "racks", "max_cluster", "pue"}
        same = {name: getattr(made, name) for name in shared}
        return Hall.model_construct(id=made.id, cooling="liquid", it_power=power, **same)


class Site(StrictModel):
    """A campus with one grid contract and one or more halls."""

    id: Name
    """Its name in the plan."""
    region: str
    """Where it is: tariff, carbon factor and power usage effectiveness come from there unless stated here."""
    grid: Schedule[Power]
    """Contracted grid power, kW at the meter (IT load times PUE)."""
    halls: tuple[Hall, ...] = Field(min_length=1)
    """Its halls, one kind of cooling each."""
    name: str | None = None
    """Its full name, for people."""
    tariff: Schedule[Tariff] | None = None
    """Price of energy; None takes the region's."""
    tariff_season: Season = Field(default_factory=dict)
    """Factors on the tariff by quarter or month of the year: `{Q3: 1.2}`."""
    demand_charge: Schedule[CapacityCharge] | None = None
    """Price of the highest draw at the meter in each period, per kW and month of it; None: none is paid."""
    carbon: Schedule[Carbon] | None = None
    """Carbon of the grid's energy; None takes the region's."""
    cuts: tuple[PowerCut, ...] = ()
    """Times in which the grid gives less than the contract says."""
    state_funded: bool = False
    """Whether public money pays for it (some rules ask for it)."""
    is_new: bool = False
    """Whether it is under construction (some rules ask for it)."""
    completion: Fraction = 1.0
    """Share of the construction that is complete (some rules ask for it)."""
    site_class: str = "large"
    """Class of the site as policy rules name it (large, hyperscale, ...)."""
    expansions: tuple[GridExpansion, ...] = ()
    """Steps by which its grid contract can be enlarged."""
    note: str | None = None
    """Anything a reader should know."""

    @property
    def all_halls(self) -> tuple[Hall, ...]:
        """Its halls and those that they can be turned into."""
        return (*self.halls, *(made for hall in self.halls if (made := hall.turned) is not None))


class Installed(StrictModel):
    """Systems already in service when the plan starts."""

    system: str
    """What stands there."""
    site: str
    """Site it stands at."""
    hall: str
    """Hall of that site."""
    count: int = Field(ge=0)
    """Systems of this kind and age."""
    since: PeriodLabel
    """Period in which they were placed in service (sets their age)."""
