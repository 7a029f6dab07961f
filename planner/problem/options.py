"""What may be added to sites and halls: the rows of every option that can be ready within the plan."""

from dataclasses import dataclass

from planner.catalog.resolve import planning
from planner.costs.events import Events
from planner.errors import InputError, InternalError
from planner.problem.case import Case
from planner.problem.places import sorted_sites
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.halls import HallRow, OptionRow
from planner.scenario.model import Site
from planner.scenario.options import GridExpansion, HallExpansion, Retrofit
from planner.units import HOURS_PER_YEAR, Money


@dataclass(frozen=True, slots=True)
class _Offer:
    """An option as the scenario states it, with what the catalog adds."""

    site: Site
    entry: GridExpansion | HallExpansion | Retrofit
    hall: str | None
    """Hall that gains; None: the grid contract."""
    closes: str | None
    grid_kw: float
    it_kw: float
    racks: int
    times: int
    hours: float
    """From the decision to its use."""
    cost: Money
    """Of one step."""


def option_rows(case: Case, halls: tuple[HallRow, ...]) -> tuple[tuple[OptionRow, ...], list[Excluded]]:
    """The options of all sites, sorted by id, and those that cannot be ready within the plan."""
    at = {row.id: h for h, row in enumerate(halls)}
    rows: list[OptionRow] = []
    left_out: list[Excluded] = []
    for s, site in enumerate(sorted_sites(case.scenario)):
        for offer in sorted(_offers(case, site), key=lambda offer: offer.entry.id):
            ready = _ready(case, offer)
            if not ready:
                detail = "would not be ready before the plan's last period"
                left_out.append(Excluded("expansion", offer.entry.id, "", "lead time", detail, site=site.id))
                continue
            rows.append(
                OptionRow(
                    f"{site.id}/{offer.entry.id}",
                    s,
                    None if offer.hall is None else at[f"{site.id}/{offer.hall}"],
                    None if offer.closes is None else at[f"{site.id}/{offer.closes}"],
                    offer.grid_kw,
                    offer.it_kw,
                    float(offer.racks),
                    offer.times,
                    ready,
                    {t: _events(case, offer, t, done) for t, done in ready.items()},
                )
            )
    return tuple(rows), left_out


def _events(case: Case, offer: _Offer, period: int, ready: int) -> Events:
    return case.prices.facility(offer.cost, period, ready, facility_life(case))


def facility_life(case: Case) -> float:
    """Years that building and plant last."""
    return case.number("facility-life") / HOURS_PER_YEAR


def _ready(case: Case, offer: _Offer) -> dict[int, int]:
    """Period of the decision -> first period of its use, for the periods in which it may be decided."""
    calendar, earliest = case.calendar, offer.entry.earliest
    first = calendar.from_label(earliest) if earliest is not None else 0
    found = ((t, calendar.after(t, offer.hours)) for t in range(first, len(calendar)))
    return {t: ready for t, ready in found if ready is not None}


def _offers(case: Case, site: Site) -> list[_Offer]:
    offers = []
    for step in site.expansions:
        hours = _hours(case, step.lead_time, "lead-time-grid-expansion")
        price = _price(case, step.cost, "grid-expansion-cost", step.power)
        offers.append(_Offer(site, step, None, None, step.power, 0.0, 0, step.times, hours, price))
    for hall in site.halls:
        for more in hall.expansions:
            hours = _hours(case, more.lead_time, "lead-time-hall-expansion")
            price = _building(case, site, more)
            offers.append(_Offer(site, more, hall.id, None, 0.0, more.it_power, more.racks, more.times, hours, price))
        if (made := hall.retrofit) is not None:
            hours = _hours(case, made.downtime, "lead-time-liquid-retrofit")
            price = _price(case, made.cost, "retrofit-cost", made.it_power)
            offers.append(_Offer(site, made, made.id, hall.id, 0.0, made.it_power, made.racks, 1, hours, price))
    return offers


def _building(case: Case, site: Site, step: HallExpansion) -> Money:
    """Price of one step of a hall: its own, else building and plant of the region by its power."""
    if step.cost is not None:
        return step.cost
    capex = case.regions[site.id].facility_capex
    if capex is None:
        message = f"no cost of buildings is known for {site.id} ({site.region})"
        raise InputError.of("unknown-cost", message, f"state `cost:` of the expansion {step.id}")
    return Money(capex.amount * step.it_power, capex.currency)


def _price(case: Case, stated: Money | None, parameter: str, kw: float) -> Money:
    if stated is not None:
        return stated
    per_kw = planning(case.catalog, parameter, case.scenario.values, case.ledger)
    if not isinstance(per_kw, Money):
        raise InternalError(f"parameter {parameter} is a number, money is expected")
    return Money(per_kw.amount * kw, per_kw.currency)


def _hours(case: Case, stated: float | None, parameter: str) -> float:
    return stated if stated is not None else case.number(parameter)
