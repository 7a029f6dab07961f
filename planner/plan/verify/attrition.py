"""What is on works, and spares replace only what has failed."""

from collections.abc import Iterator

from planner.plan.decisions import Jobs, Start
from planner.plan.verify.case import Case
from planner.plan.verify.given import Line, Place
from planner.plan.verify.installing import unfinished
from planner.plan.verify.records import TOLERANCE, Fault, exceeds
from planner.plan.verify.text import versus
from planner.plan.verify.wearing import loss, scrapped, serviced, worn
from planner.plan.verify.work import meeting
from planner.scenario.rent import RENTED

Failed = dict[Place, Line]
"""Failed systems of each place when each period begins."""


def survivors(case: Case) -> Iterator[Fault]:
    """No more is on than works, on average over the period; jobs and runs have as many that work as they take."""
    if case.scenario.attrition is None:
        return
    failed = {place: worn(case, place)[0] for place in case.fleet}
    for place, line in case.powered.items():
        for period, on in enumerate(line):
            fails = loss(case, place[0], place[1], period)
            has = (1.0 - fails / 2.0) * _left(case, failed, place, period, 0.0)
            if on and exceeds(on, has):
                yield _fault(case, place, period, on, has, "are on")
    for work in case.work:
        if work.site != RENTED:
            yield from _whole(case, failed, work)


def _left(case: Case, failed: Failed, place: Place, period: int, least: float) -> float:
    """Systems that work when a period begins; placements that lose at least a share `least` of it count in full."""
    late = sum((1.0 if least and share >= least else share) * n for share, n in unfinished(case, place, period))
    if least >= 1.0 - TOLERANCE:
        late = sum(n for share, n in unfinished(case, place, period) if share >= least)
    return case.fleet[place][period] - failed[place][period] - late if place in case.fleet else 0.0


def _whole(case: Case, failed: Failed, work: Jobs | Start) -> Iterator[Fault]:
    place, needs = (work.system, work.site, work.hall), case.systems_of(work)
    if isinstance(work, Jobs):
        has = _left(case, failed, place, work.period, 1.0 - TOLERANCE)
        if work.jobs and case.several(work) and exceeds(needs, has):
            yield _fault(case, place, work.period, needs, has, f"are needed by {work.workload}")
        return
    for period, _ in case.occupancy(work):
        needs = sum(case.systems_of(other) for other in meeting(case, work, period))
        has = (1.0 - loss(case, work.system, work.site, period)) * _left(case, failed, place, period, TOLERANCE)
        if exceeds(needs, has):
            yield _fault(case, place, period, needs, has, f"are needed by {work.workload} to its end")


def _fault(case: Case, place: Place, period: int, lhs: float, rhs: float, what: str) -> Fault:
    system, site, hall = place
    left, right = versus(lhs, rhs)
    text = f"{left} {system} {what} in hall {site}/{hall} in {case.label(period)}, {right} work"
    return Fault(f"{site}/{hall}", period, lhs, rhs, text)


def spares(case: Case) -> Iterator[Fault]:
    """Spares replace what has failed, where the rules allow to service it; what is retired as failed has failed."""
    for place, line in case.spares.items():
        for period, count in enumerate(line):
            if count and not serviced(case, place[0], place[1], period):
                text = f"rules forbid to service {place[0]} at {place[1]} in {case.label(period)}"
                yield Fault("/".join(place[1:]), period, count, 0.0, text)
    for place in {*case.spares, *case.retirements}:
        yield from _of_failed(case, place)


def _of_failed(case: Case, place: Place) -> Iterator[Fault]:
    """No more is replaced, or retired as failed, than has failed by then; and no more retired so than is retired."""
    system, hall = place[0], "/".join(place[1:])
    none = [0.0] * len(case.calendar)
    spare, retired = case.spares.get(place, none), case.retirements.get(place, none)
    taken, (_, ever) = 0.0, worn(case, place)
    for period, (count, scrap) in enumerate(zip(spare, scrapped(case, place), strict=True)):
        taken += count + scrap
        if exceeds(scrap, retired[period]):
            text = (
                f"{scrap:.3g} {system} retired as failed in hall {hall} in {case.label(period)}, of {retired[period]:g}"
            )
            yield Fault(hall, period, scrap, retired[period], text)
        if (count or scrap) and exceeds(taken, ever[period]):
            left, right = versus(taken, ever[period])
            text = f"{left} {system} replaced by spares or retired as failed in hall {hall} by {case.label(period)}, "
            yield Fault(hall, period, taken, ever[period], text + f"{right} have failed")
