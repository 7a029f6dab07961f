"""Work that must not share a hall or a site."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.program import Program
from planner.problem.apart import Spot, meetings

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


def work_apart(program: Program) -> None:
    """F66 Apart: of workloads that must not share a hall or a site one at most works there in a period.

    sum_{j of w, h in spot} power_j units_j jobs[j,h,t] <= power[spot,t] present[w,spot,t]
    sum_{streams w of the group} present[w,spot,t] + sum_{runs of the group, n in spot at t} begin[n] <= 1
    power: the most that halls and grid can feed; of what is rented the number offered. Only where two could meet.
    """
    problem, v = program.problem, program.v
    taken = _taken(program)
    for (w, spot, t), present in v.present.items():
        halls = _halls(program, spot)
        most = sum(_room(program, h, t) for h in halls)
        if most > 0:
            row = [(var, each / most) for h in halls for var, each in taken[w, h, t]]
            hall, stream = problem.halls[spot.hall].id, problem.streams[w].id
            program.add(
                "work_apart", [*row, (present, -1.0)], "<=", 0.0, unit="share", period=t, site=hall, item=stream
            )
    runs: dict[tuple[int, Spot, int], Terms] = defaultdict(list)
    for n, begin in enumerate(problem.begins):
        for g, group in enumerate(problem.apart):
            if (True, begin.run) in group.members:
                for t, _ in begin.occupancy:
                    runs[g, group.spots[begin.hall], t].append((v.begin[n], begin.share))
    for (g, spot, t), members in meetings(problem, v.jobs).items():
        there = [(v.present[member.w, spot, t], 1.0) for member in sorted(members) if not member.run]
        hall, item = problem.halls[spot.hall].id, f"{problem.apart[g].label} by {spot.kind}"
        row = [*there, *runs[g, spot, t]]
        program.add("work_apart", row, "<=", 1.0, unit="workloads", period=t, site=hall, item=item)


def _halls(program: Program, spot: Spot) -> list[int]:
    """Halls of a spot: it alone, or all of the buyer's at its site."""
    problem = program.problem
    if spot.kind == "hall" or spot.hall in problem.rented:
        return [spot.hall]
    site = problem.halls[spot.hall].site
    return [h for h, hall in enumerate(problem.halls) if hall.site == site]


def _room(program: Program, h: int, t: int) -> float:
    """kW of IT load that a hall and its grid can ever feed, or systems offered for rent."""
    problem, feed = program.problem, program.problem.feed
    if h in problem.rented:
        return problem.rents[problem.rented[h]].capacity[t]
    return min(feed.it_kw(h, t), feed.grid_kw(problem.halls[h].site, t) / problem.halls[h].peak_pue[t])


def _taken(program: Program) -> "dict[tuple[int, int, int], Terms]":
    """What jobs take of that, by stream, hall and period."""
    problem, found = program.problem, defaultdict(list)
    for (j, h, t), var in program.v.jobs.items():
        job = problem.jobs[j]
        each = 1.0 if h in problem.rented else problem.systems[job.system].power_kw
        found[job.stream, h, t].append((var, job.units * each))
    return found
