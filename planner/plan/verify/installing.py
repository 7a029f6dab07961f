"""What is being installed does no work: counted again from the dates of the placements."""

from collections.abc import Iterator

from planner.plan.decisions import Jobs, Start
from planner.plan.verify.case import Case
from planner.plan.verify.given import Line, Place
from planner.plan.verify.records import TOLERANCE, Fault, exceeds
from planner.plan.verify.text import versus
from planner.plan.verify.work import meeting
from planner.scenario.rent import RENTED


def unfinished(case: Case, place: Place, period: int) -> list[tuple[float, float]]:
    """Share lost and number of the systems of a place that are not installed when a period begins."""
    return case.unfinished[place][period] if place in case.unfinished else []


def installed(case: Case) -> Iterator[Fault]:
    """What is being installed is not on, holds no job in a period that it loses and no run before it is done."""
    if case.scenario.installation is None:
        return
    for place, line in case.powered.items():
        fleet = case.fleet.get(place, [0.0] * len(line))
        for period, on in enumerate(line):
            lost = sum(share * count for share, count in unfinished(case, place, period))
            if lost and exceeds(on, fleet[period] - lost):
                yield _fault(case, place, period, on, fleet[period] - lost, "are on")
    for work in case.work:
        if work.site != RENTED:
            place = (work.system, work.site, work.hall)
            yield from _whole(case, work, case.fleet.get(place, [0.0] * len(case.calendar)))


def _whole(case: Case, work: Jobs | Start, fleet: Line) -> Iterator[Fault]:
    """Faults of a job or run that takes systems before they are installed."""
    place, needs = (work.system, work.site, work.hall), case.systems_of(work)
    if isinstance(work, Jobs) and not (work.jobs and case.several(work)):
        return
    coherent = isinstance(work, Start)
    for period in [p for p, _ in case.occupancy(work)] if isinstance(work, Start) else [work.period]:
        if isinstance(work, Start):
            needs = sum(case.systems_of(other) for other in meeting(case, work, period))
        missing = sum(n for share, n in unfinished(case, place, period) if coherent or share > 1.0 - TOLERANCE)
        if missing and exceeds(needs, fleet[period] - missing):
            yield _fault(case, place, period, needs, fleet[period] - missing, f"are needed by {work.workload}")


def _fault(case: Case, place: Place, period: int, lhs: float, rhs: float, what: str) -> Fault:
    system, site, hall = place
    left, right = versus(lhs, rhs)
    text = f"{left} {system} {what} in hall {site}/{hall} in {case.label(period)}, {right} are installed by then"
    return Fault(f"{site}/{hall}", period, lhs, rhs, text)
