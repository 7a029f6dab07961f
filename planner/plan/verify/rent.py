"""Rented systems: contracts within what is offered and allowed, and work on nothing else."""

from collections.abc import Iterator

from planner.errors import InternalError
from planner.plan.decisions import Rental
from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault, exceeds
from planner.scenario.periods import label_start
from planner.scenario.rent import RENTED, RentOffer
from planner.units import Money


def offers(case: Case) -> dict[str, RentOffer]:
    """Offers by id."""
    return {offer.id: offer for offer in case.scenario.rent}


def held(case: Case, rental: Rental) -> list[int]:
    """Periods of the plan that a contract holds."""
    term = offers(case)[rental.offer].term
    if term is None:
        return [rental.period]
    end = case.calendar.after(rental.period, term)
    return list(range(rental.period, len(case.calendar) if end is None else max(rental.period + 1, end)))


def standing(case: Case, offer: str) -> list[float]:
    """Systems held of an offer, by period."""
    line = [0.0] * len(case.calendar)
    for rental in case.decisions.rentals:
        for t in held(case, rental) if rental.offer == offer else ():
            line[t] += rental.count
    return line


def rent_offered(case: Case) -> Iterator[Fault]:
    """No more is rented than is offered, and no earlier; work there is on the system that is rented."""
    for name, offer in offers(case).items():
        for t, count in enumerate(standing(case, name)):
            limit = float(offer.systems.at(case.calendar[t]) or 0)
            if exceeds(count, limit):
                text = f"{count:.0f} {offer.system} of {name} are rented in {case.label(t)}, {limit:.0f} are offered"
                yield Fault(name, t, count, limit, text)
    for rental in case.decisions.rentals:
        first = _first(case, offers(case)[rental.offer])
        if rental.count and (first is None or rental.period < first):
            since = "after the plan" if first is None else case.label(first)
            text = f"a contract of {rental.offer} begins in {case.label(rental.period)}, it is offered from {since}"
            yield Fault(rental.offer, rental.period, rental.period, 0.0, text)
    for work in case.work:
        if work.site == RENTED and offers(case)[work.hall].system != work.system:
            text = f"{work.workload} runs on {work.system} of {work.hall}, which is {offers(case)[work.hall].system}"
            yield Fault(work.hall, work.period, 1.0, 0.0, text)


def _first(case: Case, offer: RentOffer) -> int | None:
    """First period in which a contract may begin; None: none of the plan."""
    if offer.first is not None:
        start = label_start(offer.first)
        return next((p.index for p in case.calendar if p.start >= start), None)
    wait = case.world.parameter("lead-time-rent")
    if isinstance(wait, Money):
        raise InternalError("parameter lead-time-rent is money, a number is expected")
    return case.calendar.after(0, float(wait))


def rent_permitted(case: Case) -> Iterator[Fault]:
    """Nothing is rented in a period in which the rules forbid to rent it there."""
    for rental in case.decisions.rentals:
        offer = offers(case)[rental.offer]
        accelerator = case.system(offer.system).accelerator
        for t in held(case, rental) if rental.count else ():
            why = case.world.refusal("rent", accelerator, offer.place, t)
            if why is not None:
                text = f"rules forbid to rent {offer.system} of {offer.id} in {case.label(t)}: {why}"
                yield Fault(offer.id, t, rental.count, 0.0, text)
