"""Offers for rent, for the brute force: every set of contracts, what they hold and cost."""

from collections.abc import Iterator
from itertools import product

from planner.scenario.model import RentOffer, Scenario
from planner.scenario.periods import label_start
from tests.oracle.facts import Facts

Contracts = tuple[tuple[RentOffer, int, int], ...]
"""Offer, first period, systems."""


def periods(scenario: Scenario, offer: RentOffer, t: int) -> list[int]:
    """Periods of the plan that a contract from t on holds."""
    calendar = scenario.calendar
    if offer.term is None:
        return [t]
    end = calendar.after(t, offer.term)
    return list(range(t, max(t + 1, len(calendar) if end is None else end)))


def standing(scenario: Scenario, contracts: Contracts, offer: RentOffer, t: int) -> int:
    """Systems of an offer that are held in a period."""
    return sum(n for o, first, n in contracts if o.id == offer.id and t in periods(scenario, o, first))


def contracts(scenario: Scenario, facts: Facts) -> Iterator[Contracts]:
    """Every way to rent: any number from any period on that the offer and the rules allow in all periods held."""
    calendar, ways = scenario.calendar, []
    for offer in scenario.rent:
        accelerator = facts.kinds[offer.system].accelerator
        wait = calendar.after(0, facts.figures["lead-time-rent"])
        first = label_start(offer.first) if offer.first else calendar[wait].start if wait is not None else calendar.end
        for t in range(len(calendar)):
            held = periods(scenario, offer, t)
            free = calendar[t].start >= first and all(facts.may_rent(accelerator, offer.place, u) for u in held)
            most = min(offer.systems.at(calendar[u]) or 0 for u in held) if free else 0
            ways.append([(offer, t, n) for n in range(most + 1)])
    for chosen in product(*ways):
        taken = tuple(way for way in chosen if way[2])
        if all(
            standing(scenario, taken, offer, t) <= (offer.systems.at(calendar[t]) or 0)
            for offer in scenario.rent
            for t in range(len(calendar))
        ):
            yield taken
