"""What fails beyond repair, hall by hall and period by period, and what stands there without it."""

from planner.plan.verify.case import Case
from planner.plan.verify.given import Line, Place
from planner.plan.verify.moves import number


def present(case: Case) -> dict[Place, Line]:
    """Systems that stand in each hall through each period: in service, without those that had failed by its start."""
    if case.scenario.attrition is None:
        return case.fleet
    return {
        place: [n - failed for n, failed in zip(line, worn(case, place)[0], strict=True)]
        for place, line in case.fleet.items()
    }


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


def scrapped(case: Case, place: Place) -> Line:
    """Failed systems among those that a place retires in each period."""
    line = [0.0] * len(case.calendar)
    for end in case.decisions.retirements:
        if (end.system, end.site, end.hall) == place:
            line[end.period] += end.failed or 0.0
    return line


def worn(case: Case, place: Place) -> tuple[Line, Line]:
    """Failed systems of a place when each period begins, and all that failed by then."""
    none = [0.0] * len(case.calendar)
    fleet, gone = case.fleet.get(place, none), scrapped(case, place)
    spares, failed, ever = case.spares.get(place, none), [0.0], [0.0]
    for period in range(1, len(case.calendar)):
        late = sum(share * count for share, count in _unfinished(case, place, period - 1))
        lost = loss(case, place[0], place[1], period - 1) * (fleet[period - 1] - failed[-1] - late)
        ever.append(ever[-1] + lost)
        left = max(0.0, failed[-1] + lost - spares[period] - gone[period])
        failed.append(min(left, fleet[period]))
    return failed, ever


def _unfinished(case: Case, place: Place, period: int) -> list[tuple[float, float]]:
    return case.unfinished[place][period] if place in case.unfinished else []
