"""Offers for rent: when a contract may begin, which periods it holds, what it costs."""

from planner.costs.events import Events
from planner.problem.case import Case
from planner.problem.pipeline import Refusal, excluded, refused_by
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.halls import HallRow, SiteRow
from planner.problem.rows.keys import Slot
from planner.problem.rows.systems import RentRow
from planner.scenario.rent import RENTED, RentOffer


def sorted_offers(case: Case) -> list[RentOffer]:
    """Offers by id: the order of the scenario file must not matter."""
    return sorted(case.scenario.rent, key=lambda offer: offer.id)


def with_rented(
    case: Case, sites: tuple[SiteRow, ...], halls: tuple[HallRow, ...]
) -> tuple[tuple[SiteRow, ...], tuple[HallRow, ...]]:
    """Sites and halls, and behind them one place for each offer: without power or racks of the buyer's."""
    offers, none = sorted_offers(case), (0.0,) * len(case.calendar)
    if not offers:
        return sites, halls
    one = tuple(1.0 for _ in none)
    rented = tuple(HallRow(offer.place, len(sites), "rented", one, one, none, 0.0) for offer in offers)
    return (*sites, SiteRow(RENTED, none, one, none)), (*halls, *rented)


def rent_rows(case: Case, index: dict[str, int], own_halls: int) -> tuple[tuple[RentRow, ...], list[Excluded]]:
    """The offers of which something may be rented, and why not of the others."""
    rows: list[RentRow] = []
    left_out: list[Excluded] = []
    for n, offer in enumerate(sorted_offers(case)):
        capacity = tuple(float(offer.systems.at(period) or 0) for period in case.calendar)
        held, refusals = _contracts(case, offer, capacity)
        left_out += excluded(case, case.systems[offer.system], refusals, offer.place)
        events = {t: _events(case, offer, periods) for t, periods in held.items()}
        rows.append(RentRow(offer.id, index[offer.system], own_halls + n, capacity, held, events))
    return tuple(rows), left_out


def _contracts(
    case: Case, offer: RentOffer, capacity: tuple[float, ...]
) -> tuple[dict[int, tuple[int, ...]], list[Refusal]]:
    """First period of a contract -> the periods it holds, where all of them are allowed and offered."""
    calendar, rules = case.calendar, case.permissions
    accelerator = case.systems[offer.system].accelerator_id
    held: dict[int, tuple[int, ...]] = {}
    refusals: list[Refusal] = []
    for t in range(_first(case, offer), len(calendar)):
        end = calendar.after(t, offer.term) if offer.term is not None else t + 1
        periods = tuple(range(t, max(t + 1, len(calendar) if end is None else end)))
        closed = [u for u in periods if not rules.allowed("rent", accelerator, offer.place, u)]
        if closed:
            refusals.append(refused_by(rules.why("rent", accelerator, offer.place, closed[0]), t, "rent"))
        elif all(capacity[u] > 0 for u in periods):
            held[t] = periods
    return held, refusals


def _first(case: Case, offer: RentOffer) -> int:
    """First period in which a contract may begin."""
    if offer.first is not None:
        return case.calendar.from_label(offer.first)
    found = case.calendar.after(0, case.number("lead-time-rent"))
    return len(case.calendar) if found is None else found


def _events(case: Case, offer: RentOffer, periods: tuple[int, ...]) -> Events:
    """Cash of one system from the start of a contract to its end or the plan's."""
    system = case.systems[offer.system]
    price, monthly = offer.stated_price[1], offer.price_per_month is not None
    found = (case.prices.rent(system, price, case.calendar[u], monthly=monthly) for u in periods)
    return tuple(event for events in found for event in events)


def rented_slots(rents: tuple[RentRow, ...]) -> frozenset[Slot]:
    """(i, h, t) in which rented systems may be used."""
    return frozenset((row.system, row.hall, u) for row in rents for held in row.held.values() for u in held)
