"""Halls and sites as rows, and which system fits which hall."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

from planner.catalog.resolve import ResolvedRegion, ResolvedSystem
from planner.costs.events import CashEvent, Events
from planner.costs.prices import EnergyPrice, Prices
from planner.errors import Diagnostic, InputError, Place
from planner.problem.rows.halls import HallRow, SiteRow
from planner.scenario.model import Hall, Scenario, Schedule, Site
from planner.scenario.periods import Period
from planner.scenario.season import mean, most
from planner.units import Money

if TYPE_CHECKING:
    from planner.problem.case import Case

MOST_PUE = 3.0
"""Power usage effectiveness above which a factor is taken for a slip: as for halls that state it."""


def site_rows(scenario: Scenario, regions: dict[str, ResolvedRegion]) -> tuple[SiteRow, ...]:
    """The sites, sorted by id."""
    rows = []
    for site in sorted_sites(scenario):
        uncut = tuple(_uncut(site, period) for period in scenario.periods)
        grid = tuple(_contract(site, period) for period in scenario.periods)
        carbon = tuple(carbon_of(site, regions[site.id], period) for period in scenario.periods)
        rows.append(SiteRow(site.id, grid, uncut, carbon))
    return tuple(rows)


def _uncut(site: Site, period: Period) -> float:
    """Share of a site's grid power that cuts leave."""
    return prod(1.0 - (cut.share or 0.0) for cut in site.cuts if cut.touches(period))


def _contract(site: Site, period: Period) -> float:
    """Contracted grid power less what is cut, kW."""
    less = sum(cut.power or 0.0 for cut in site.cuts if cut.touches(period))
    return max(0.0, (site.grid.at(period) or 0.0) * _uncut(site, period) - less)


def carbon_of(site: Site, region: ResolvedRegion, period: Period) -> float:
    """kg CO2 per kWh: the site's own, else its region's."""
    own = site.carbon.at(period) if site.carbon is not None else None
    return region.carbon_kg_per_kwh if own is None else own


def hall_rows(scenario: Scenario, regions: dict[str, ResolvedRegion]) -> tuple[HallRow, ...]:
    """The halls of all sites, sorted; a hall's id is `site/hall`."""
    rows = []
    for s, site in enumerate(sorted_sites(scenario)):
        there = {hall.id for hall in site.halls}
        for hall in sorted(site.all_halls, key=lambda hall: hall.id):
            base, season = hall_pue(site, hall, regions[site.id]), hall.pue_season
            pue = tuple(base * mean(season, period) for period in scenario.periods)
            peak = tuple(base * most(season, period) for period in scenario.periods)
            if min((*pue, *peak)) < 1.0:
                message = f"the power usage effectiveness of {site.id}/{hall.id} falls below 1 in a season"
                hint = f"raise the factors of `pue_season`: {base:.3g} times the least is below 1"
                raise InputError(
                    [Diagnostic("wrong-value", message, hint, _place_of(scenario, site, hall, "pue_season"))]
                )
            if max(peak) > MOST_PUE:
                message = f"the power usage effectiveness of {site.id}/{hall.id} rises to {max(peak):.3g} in a season"
                hint = f"lower the factors of `pue_season`: it is at most {MOST_PUE:g}"
                raise InputError(
                    [Diagnostic("wrong-value", message, hint, _place_of(scenario, site, hall, "pue_season"))]
                )
            power, racks = _kw(hall.it_power, scenario.periods), float(hall.racks)
            if hall.id not in there:  # it opens when another is turned into it
                power, racks = (0.0,) * len(power), 0.0
            rows.append(HallRow(f"{site.id}/{hall.id}", s, hall.cooling, pue, peak, power, racks))
    return tuple(rows)


def sorted_sites(scenario: Scenario) -> list[Site]:
    """Sites by id: the order of the scenario file must not matter."""
    return sorted(scenario.sites, key=lambda site: site.id)


def sorted_halls(scenario: Scenario) -> list[tuple[Site, Hall]]:
    """Every hall with its site, in the order of `hall_rows`."""
    return list(_halls_of(_Same(scenario)))


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A scenario as a key: equal to itself only."""

    scenario: Scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.scenario is self.scenario


@lru_cache(maxsize=16)
def _halls_of(same: _Same) -> tuple[tuple[Site, Hall], ...]:
    return tuple(
        (site, hall)
        for site in sorted_sites(same.scenario)
        for hall in sorted(site.all_halls, key=lambda hall: hall.id)
    )


def _kw(schedule: Schedule[float], periods: tuple[Period, ...]) -> tuple[float, ...]:
    return tuple(schedule.at(period) or 0.0 for period in periods)


def hall_pue(site: Site, hall: Hall, region: ResolvedRegion) -> float:
    """Power usage effectiveness: the hall's own, else the region's for its cooling. Raises InputError
    when neither is known.
    """
    pue = hall.pue if hall.pue is not None else region.pue.get(hall.cooling)
    if pue is None:
        message = f"no power usage effectiveness is known for {hall.cooling} cooling at {site.id} ({region.id})"
        raise InputError([Diagnostic("unknown-pue", message, f"state `pue:` in hall {hall.id}")])
    return pue


def energy_price(site: Site, region: ResolvedRegion, pue: float, prices: Prices, period: Period) -> EnergyPrice:
    """What a kWh of IT load costs in a period. Raises InputError when no tariff is known."""
    tariff = site.tariff.at(period) if site.tariff is not None else None
    tariff = region.tariff if tariff is None else tariff
    if tariff is None:
        message = f"no tariff is known for site {site.id} ({region.id})"
        raise InputError([Diagnostic("unknown-tariff", message, f"state `tariff:` in site {site.id}")])
    price = prices.money(tariff, period.index) * mean(site.tariff_season, period)
    return EnergyPrice(pue, price, site.id, carbon_of(site, region, period))


def standing_cost(
    scenario: Scenario, regions: Mapping[str, ResolvedRegion], prices: Prices, life: Callable[[], float]
) -> Events:
    """What is paid for sites whatever the plan decides: lines by site, and new halls where the plan pays for them.

    `life`: years that building and plant last, asked for where there are such halls.
    """
    events: list[CashEvent] = []
    for site in sorted_sites(scenario):
        for period in scenario.periods:
            events += prices.held(site.id, period)
    if scenario.finance.facilities == "given":
        return tuple(events)
    for site, hall in sorted_halls(scenario):
        power = _kw(hall.it_power, scenario.periods)
        capex = regions[site.id].facility_capex
        for t, (before, now) in enumerate(pairwise(power), start=1):
            if now > before:
                if capex is None:
                    message = f"no cost of building and plant is known for {site.id} ({site.region})"
                    hint = "use `facilities: given`, or a region with facility_capex"
                    raise InputError([Diagnostic("unknown-price", message, hint)])
                bought = prices.facility(Money(capex.amount * (now - before), capex.currency), t, t, life())
                events += (replace(event, site=site.id, item=hall.id) for event in bought)
    return tuple(events)


def site_tariff(case: "Case", site: int, period: Period) -> float:
    """Price of a kWh at a site's meter in a period."""
    place = sorted_sites(case.scenario)[site]
    return energy_price(place, case.regions[place.id], 1.0, case.prices, period).tariff


def _place_of(scenario: Scenario, site: Site, hall: Hall, key: str) -> Place | None:
    """Where a key of a hall stands in the scenario's file."""
    if scenario.document is None or hall not in site.halls:
        return None
    return scenario.document.place(("sites", scenario.sites.index(site), "halls", site.halls.index(hall), key))


def misfit(system: ResolvedSystem, hall: Hall) -> tuple[str, str] | None:
    """Why a system cannot stand in a hall: (reason, detail), or None when it can."""
    if system.cooling not in ("either", hall.cooling):
        return "cooling", f"needs {system.cooling} cooling, the hall has {hall.cooling}"
    density = system.power_kw / max(system.racks, 1.0)
    if density > hall.rack_power * (1 + 1e-9):
        return "rack power", f"draws {density:.1f} kW per rack, the hall allows {hall.rack_power:.1f} kW"
    return None


def rack_positions(system: ResolvedSystem, hall: Hall) -> float:
    """Rack positions that one system takes: its own racks, or for servers their share of a rack's power
    if that is more.
    """
    return system.racks if system.racks >= 1.0 else max(system.racks, system.power_kw / hall.rack_power)
