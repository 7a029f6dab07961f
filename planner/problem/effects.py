"""What rules about sites and prices do to halls, fleets and cash events."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from planner.costs.events import RESIDUAL, Events
from planner.problem.case import Case
from planner.problem.obliged import EfficiencyCap, Obliged
from planner.problem.places import energy_price, hall_pue, sorted_halls
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.halls import HallRow
from planner.problem.rows.keys import Key
from planner.problem.rows.systems import PendingRow
from planner.scenario.periods import label_start


def closed_halls(case: Case, obliged: Obliged, halls: tuple[HallRow, ...]) -> dict[tuple[int, int], EfficiencyCap]:
    """(h, t) in which nothing new is placed, for the power usage effectiveness of the hall."""
    stated = stated_pue(case)
    return {
        (h, cap.period): cap
        for cap in obliged.efficiency
        for h, hall in enumerate(halls)
        if hall.site == cap.site and stated[h] > cap.most * (1 + 1e-9)
    }


def excluded_halls(
    case: Case, closed: Mapping[tuple[int, int], EfficiencyCap], placeable: frozenset[Key], halls: tuple[HallRow, ...]
) -> Iterator[Excluded]:
    """One entry for each system and hall that would be open but for its efficiency."""
    label = [period.label for period in case.calendar]
    systems, stated = list(case.systems.values()), stated_pue(case)
    cells = sorted({(i, h) for i, h, t in placeable if (h, t) in closed})
    for i, h in cells:
        times = [t for t in range(len(label)) if (h, t) in closed and (i, h, t) in placeable]
        cap, system = closed[h, times[0]], systems[i]
        detail = f"the hall has a PUE of {stated[h]:.4g}, {cap.most:g} is allowed: {cap.duty.summary}"
        since = cap.duty.date.isoformat() if cap.duty.date else None
        span = (label[times[0]], label[times[-1]])
        rule = (cap.duty.rule_id, since, cap.duty.source)
        yield Excluded("installation", system.id, system.accelerator_id, "policy", detail, *span, halls[h].id, *rule)


def gone(case: Case, obliged: Obliged, halls: tuple[HallRow, ...], cells: set[tuple[int, ...]]) -> dict[Key, int]:
    """(i, h, t) -> systems that may still be in service where they have to be removed."""
    names = [system.id for system in case.systems.values()]
    found: dict[Key, int] = {}
    for removal in obliged.removals:
        for i, h in sorted(cells):
            if i in removal.systems and removal.site in (None, halls[h].site):
                stays = sum(
                    entry.count
                    for entry in case.scenario.installed
                    if (entry.system, f"{entry.site}/{entry.hall}") == (names[i], halls[h].id)
                    and removal.older_than is not None
                    and label_start(entry.since) < removal.older_than
                )
                key = (i, h, removal.period)
                found[key] = min(stays, found.get(key, stays))
    return found


def gone_before(obliged: Obliged, halls: tuple[HallRow, ...], cells: set[tuple[int, ...]]) -> dict[Key, date]:
    """(i, h, t) -> last day on which what may stay was acquired, where every rule that removes it spares something."""
    found: dict[Key, date | None] = {}
    for removal in obliged.removals:
        for i, h in sorted(cells):
            if i in removal.systems and removal.site in (None, halls[h].site):
                key, start = (i, h, removal.period), removal.older_than
                before = found.get(key, date.max)
                day = None if start is None else start - timedelta(days=1)
                found[key] = None if before is None or day is None else min(before, day)
    return {key: day for key, day in found.items() if day is not None}


def order_events(case: Case, obliged: Obliged, slots: Mapping[Key, int]) -> dict[Key, Events]:
    """Events of one system ordered, with what a preference for domestic bids adds to foreign ones."""
    systems, prices = list(case.systems.values()), case.prices
    events: dict[Key, Events] = {(i, t): prices.order(systems[i], t, arrival) for (i, t), arrival in slots.items()}
    handicap: dict[Key, float] = {}
    for preference in obliged.preferences:
        for i in preference.systems:
            key = (i, preference.period)
            handicap[key] = max(preference.handicap, handicap.get(key, 0.0))
    for (i, t), share in handicap.items():
        if (i, t) in events:
            events[i, t] = (*events[i, t], *prices.preference(systems[i], t, slots[i, t], share))
    return {key: _without_residual(obliged, key[0], slots[key], found) for key, found in events.items()}


def _without_residual(obliged: Obliged, system: int, arrival: int, events: Events) -> Events:
    """The events of something delivered in a period, worth nothing in the end where it is given up before."""
    lost = any(i == system and t >= arrival for i, t in obliged.given_up)
    return tuple(event for event in events if event.line != RESIDUAL) if lost else events


def taken(obliged: Obliged, pending: tuple[PendingRow, ...]) -> tuple[PendingRow, ...]:
    """Pending orders, worth nothing in the end where they are given up before."""
    return tuple(
        replace(row, accepted=_without_residual(obliged, row.system, row.due, row.accepted)) for row in pending
    )


def powered_events(
    case: Case, obliged: Obliged, halls: tuple[HallRow, ...], usable: frozenset[Key]
) -> tuple[dict[Key, Events], dict[Key, Events]]:
    """Events of one system switched on: what it pays, and what it gets back where its site is subsidised."""
    systems, prices = list(case.systems.values()), case.prices
    sites = [site for site, _ in sorted_halls(case.scenario)]
    stated = stated_pue(case)
    tariffs = {
        (h, t): energy_price(sites[h], case.regions[sites[h].id], halls[h].pue[t], prices, case.calendar[t])
        for h, t in sorted({(h, t) for _, h, t in usable})
    }
    paid: dict[Key, Events] = {
        (i, h, t): prices.powered(systems[i], tariffs[h, t], case.calendar[t]) for i, h, t in sorted(usable)
    }
    back: dict[Key, Events] = {}
    for surcharge in obliged.surcharges:
        for (i, h, t), events in paid.items():
            if (halls[h].site, t) == (surcharge.site, surcharge.period) and stated[h] > surcharge.above:
                more = prices.surcharged(systems[i], tariffs[h, t], surcharge.per_kwh, case.calendar[t])
                paid[i, h, t] = (*events, *more)
    if obliged.subsidies:
        for i, h, t in paid:
            found = obliged.subsidy_at.get((halls[h].site, t))
            if found is not None and found.per_kwh and i not in found.foreign:
                back[i, h, t] = prices.subsidised(systems[i], tariffs[h, t], found.per_kwh, case.calendar[t])
    return paid, back


def stated_pue(case: Case) -> tuple[float, ...]:
    """Power usage effectiveness of each hall without its seasons: what a threshold of a rule is compared with."""
    places = sorted_halls(case.scenario)
    return tuple(hall_pue(site, hall, case.regions[site.id]) for site, hall in places)


def grant_events(
    case: Case, obliged: Obliged, halls: tuple[HallRow, ...], placeable: frozenset[Key]
) -> dict[Key, Events]:
    """(i, h, t) -> what a subsidised site gets for one domestic system placed in service."""
    systems = list(case.systems.values())
    found: dict[Key, Events] = {}
    for i, h, t in sorted(placeable) if obliged.subsidies else ():
        subsidy = obliged.subsidy_at.get((halls[h].site, t))
        if subsidy is not None and subsidy.capex_share and i not in subsidy.foreign:
            found[i, h, t] = case.prices.granted(systems[i], subsidy.capex_share, t)
    return found
