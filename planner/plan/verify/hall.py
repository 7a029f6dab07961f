"""What halls and sites can hold, feed and cool."""

from collections.abc import Callable, Iterator
from math import ceil

from planner.plan.verify.case import Case
from planner.plan.verify.given import Line, Place
from planner.plan.verify.loads import each_shares, in_hall, together
from planner.plan.verify.options import grid_power, it_power, positions_of
from planner.plan.verify.records import TOLERANCE, Fault, exceeds
from planner.plan.verify.season import worst_pue
from planner.plan.verify.text import versus
from planner.plan.verify.wearing import present
from planner.plan.verify.world import SystemFacts
from planner.scenario.model import Hall


def cooling(case: Case) -> Iterator[Fault]:
    """Systems are installed where the hall has their kind of cooling."""
    for install in case.decisions.installs:
        _, hall = case.halls[install.site, install.hall]
        needs = case.system(install.system).cooling
        if install.count and needs not in ("either", hall.cooling):
            text = f"{install.system} needs {needs} cooling, hall {install.site}/{install.hall} has {hall.cooling}"
            yield Fault(f"{install.site}/{install.hall}", install.period, install.count, 0.0, text)


def rack_power(case: Case) -> Iterator[Fault]:
    """No rack position of a hall has to feed more than it can."""
    for install in case.decisions.installs:
        _, hall = case.halls[install.site, install.hall]
        facts = case.system(install.system)
        draw = facts.power / facts.racks if facts.racks >= 1 else facts.power
        if install.count and exceeds(draw, hall.rack_power):
            left, right = versus(draw, hall.rack_power, "power")
            text = f"{install.system} draws {left} per rack, hall {install.site}/{install.hall} feeds {right}"
            yield Fault(f"{install.site}/{install.hall}", install.period, draw, hall.rack_power, text)


def racks(case: Case) -> Iterator[Fault]:
    """Systems in service that have not failed fit the hall's rack positions."""
    standing = present(case)
    for (site, hall), (_, facts) in case.halls.items():
        for period, need in enumerate(_summed(case, standing, site, hall, positions)):
            limit = positions_of(case, site, facts, period)
            if exceeds(need, limit):
                left, right = versus(need, limit)
                text = f"hall {site}/{hall} needs {left} of {right} rack positions in {case.label(period)}"
                yield Fault(f"{site}/{hall}", period, need, limit, text)


def positions(system: SystemFacts, hall: Hall) -> float:
    """Rack positions that one system takes in a hall; servers share a rack as far as its power allows."""
    if system.racks >= 1:
        return system.racks
    return max(system.racks, system.power / hall.rack_power) if hall.rack_power else float("inf")


def powered(case: Case) -> Iterator[Fault]:
    """No more systems are switched on than are in service."""
    for place, line in case.powered.items():
        system, site, hall = place
        owned = case.fleet.get(place, [0.0] * len(line))
        for period, (lhs, rhs) in enumerate(zip(line, owned, strict=True)):
            if exceeds(lhs, rhs):
                text = f"{lhs:.0f} {system} powered in hall {site}/{hall} in {case.label(period)}, {rhs:.0f} in service"
                yield Fault(f"{site}/{hall}", period, lhs, rhs, text)


def hall_power(case: Case) -> Iterator[Fault]:
    """A hall draws no more than its plant can feed and cool: on average, and what runs at once."""
    for (site, hall), (_, facts) in case.halls.items():
        average = _summed(case, case.powered, site, hall, lambda s, _: s.power)
        average = [a + b for a, b in zip(average, in_hall(case, site, hall), strict=True)]
        for period, draw in enumerate(map(max, average, _at_once(case, site, hall), _of_runs(case, site, hall))):
            limit = it_power(case, site, facts, period)
            if exceeds(draw, limit):
                left, right = versus(draw, limit, "power")
                text = f"hall {site}/{hall} draws {left} of {right} in {case.label(period)}"
                yield Fault(f"{site}/{hall}", period, draw, limit, text)


def grid(case: Case) -> Iterator[Fault]:
    """A site draws no more at the meter (IT load times PUE) than its grid contract gives: on average, and at once."""
    for site in case.scenario.sites:
        total, peak, runs = ([0.0] * len(case.calendar) for _ in range(3))
        for hall in site.all_halls:
            pue = [worst_pue(case, site, hall, period) for period in case.calendar]
            line = _summed(case, case.powered, site.id, hall.id, lambda s, _: s.power)
            line = [a + b for a, b in zip(line, in_hall(case, site.id, hall.id), strict=True)]
            total = [a + x * b for a, x, b in zip(total, pue, line, strict=True)]
            peak = [max(a, x * b) for a, x, b in zip(peak, pue, _at_once(case, site.id, hall.id), strict=True)]
            runs = [a + x * b for a, x, b in zip(runs, pue, _of_runs(case, site.id, hall.id), strict=True)]
        for period, draw in enumerate(map(max, total, peak, runs)):
            limit = grid_power(case, site, period)
            if exceeds(draw, limit):
                left, right = versus(draw, limit, "power")
                text = f"site {site.id} draws {left} of {right} from the grid in {case.label(period)}"
                yield Fault(site.id, period, draw, limit, text)


def _at_once(case: Case, site: str, hall: str) -> Line:
    """Most power that must be there at one moment, whatever the average: of the systems of a kind, or of a job, of both
    kinds where two do it.

    An average of 2.5 systems means that three are on at some time.
    """
    peak = [0.0] * len(case.calendar)

    def note(system: str, period: int, count: float) -> None:
        each = case.system(system).power + each_shares(case, (system, site, hall))
        peak[period] = max(peak[period], ceil(count - TOLERANCE) * each)

    for (system, at, inside), line in case.powered.items():
        for period, count in enumerate(line if (at, inside) == (site, hall) else ()):
            note(system, period, count)
    for jobs in case.decisions.jobs:
        if (jobs.site, jobs.hall) == (site, hall) and jobs.jobs:
            note(jobs.system, jobs.period, case.systems_of(jobs))
            peak[jobs.period] = max(peak[jobs.period], together(case, jobs))
    return peak


def _of_runs(case: Case, site: str, hall: str) -> Line:
    """kW of all systems of the coherent runs in a hall: runs of one period overlap at its start."""
    draw = [0.0] * len(case.calendar)
    for start in case.decisions.starts:
        if (start.site, start.hall) == (site, hall):
            each = case.system(start.system).power + each_shares(case, (start.system, site, hall))
            for period, _ in case.occupancy(start):
                draw[period] += case.systems_of(start) * each
    return draw


def _summed(
    case: Case, counts: dict[Place, Line], site: str, hall: str, each: Callable[[SystemFacts, Hall], float]
) -> Line:
    """Sum over the systems of a hall of `each` times their count, per period."""
    total = [0.0] * len(case.calendar)
    _, facts = case.halls[site, hall]
    for (system, at, inside), line in counts.items():
        if (at, inside) == (site, hall) and any(line):
            unit = each(case.system(system), facts)
            total = [a + unit * b for a, b in zip(total, line, strict=True)]
    return total
