"""Regions: places with a power tariff, a grid and building costs."""

from planner.catalog.entry import Country, Entry
from planner.io.models import Fact, StrictModel
from planner.units import Carbon, PerYear, PowerPrice, Tariff


class Pue(StrictModel):
    """Power usage effectiveness (facility power over IT power) by cooling."""

    air: Fact[float] | None = None
    liquid: Fact[float] | None = None
    immersion: Fact[float] | None = None


class Region(Entry):
    """One place, from a province to a data-centre cluster."""

    country: Country
    province: str | None = None
    aliases: tuple[str, ...] = ()
    tariff: Fact[Tariff] | None = None
    """Money per kWh, industrial, whatever the chips."""
    tariff_domestic_chips: Fact[Tariff] | None = None
    """Money per kWh where every accelerator of the site is of domestic design."""
    carbon: Fact[Carbon] | None = None
    """kg CO2 per kWh of the grid"""
    pue: Pue = Pue()
    climate: str | None = None
    hub_node: str | bool | None = None
    """National computing hub it belongs to."""
    facility_capex: Fact[PowerPrice] | None = None
    """Money per kW of critical IT load, building and plant."""
    construction_inflation: Fact[PerYear] | None = None
    cit_rate: Fact[float] | None = None
    """Corporate income tax, fraction."""
    tags: tuple[str, ...] = ()
