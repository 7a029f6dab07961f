"""What fails beyond repair: counted again, hall by hall and period by period, failed systems retired first."""

from collections.abc import Iterator

from planner.plan.decisions import Jobs, Start
from planner.plan.verify.case import Case
from planner.plan.verify.given import Line, Place
from planner.plan.verify.installing import unfinished
from planner.plan.verify.moves import number
from planner.plan.verify.records import TOLERANCE, Fault, exceeds
from planner.plan.verify.text import versus
from planner.plan.verify.work import meeting
from planner.scenario.rent import RENTED

Failed = dict[Place, Line]
"""Failed systems of each place when each period begins."""


def loss(case: Case, system: str, site: str, period: int) -> float:
    """Share of the working systems of a kind at a site that has failed by the end of a period."""
    asked = case.scenario.attrition
    if asked is None:
        return 0.0
    rate = asked.systems.get(system, asked.rate)
    rate = number(case, "attrition") if rate is None else rate
    if not serviced(case, system, site, period):
        ruled = case.world.attrition(case.system(system).accelerator, site, period)
        rate = next((r for r in (asked.without_service, ruled) if r is not None), rate)
    when = case.calendar[period]
    months = (when.end.year - when.start.year) * 12 + when.end.month - when.start.month
    return float(1.0 - (1.0 - rate) ** (months / 12.0))


def serviced(case: Case, system: str, site: str, period: int) -> bool:
    """Whether the rules allow to service a kind at a site."""
    return case.world.refusal("service", case.system(system).accelerator, site, period) is None


def surviving(case: Case, system: str, arrival: int) -> float:
    """Share of a purchase that works in the end, at the site where most fails."""
    left = 1.0
    for period in range(arrival, len(case.calendar)) if case.scenario.attrition is not None else ():
        left *= 1.0 - max(loss(case, system, site.id, period) for site in case.scenario.sites)
    return left


def worn(case: Case, place: Place) -> tuple[Line, Line]:
    """Failed systems of a place when each period begins, and all that failed by then."""
    none = [0.0] * len(case.calendar)
    fleet, gone = case.fleet.get(place, none), case.retirements.get(place, none)
    spares, failed, ever = case.spares.get(place, none), [0.0], [0.0]
    for period in range(1, len(case.calendar)):
        late = sum(share * count for share, count in unfinished(case, place, period - 1))
        lost = loss(case, place[0], place[1], period - 1) * (fleet[period - 1] - failed[-1] - late)
        ever.append(ever[-1] + lost)
        failed.append(max(0.0, failed[-1] + lost - spares[period] - gone[period]))
    return failed, ever


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
    """Spares replace what has failed, where the rules allow to service it."""
    for place, line in case.spares.items():
        system, site, hall = place
        _, ever = worn(case, place)
        taken = 0.0
        for period, count in enumerate(line):
            taken += count
            if count and exceeds(taken, ever[period]):
                left, right = versus(taken, ever[period])
                text = f"{left} spare {system} used in hall {site}/{hall} by {case.label(period)}, {right} have failed"
                yield Fault(f"{site}/{hall}", period, taken, ever[period], text)
            if count and not serviced(case, system, site, period):
                text = f"rules forbid to service {system} at {site} in {case.label(period)}"
                yield Fault(f"{site}/{hall}", period, count, 0.0, text)
