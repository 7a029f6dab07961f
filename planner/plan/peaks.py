"""The highest draw at a site's meter in each period, where it has a price."""

from planner.plan.decisions import Decisions
from planner.plan.loads import Drawn
from planner.plan.output import begin_of
from planner.plan.trajectory import Trajectory
from planner.problem.arrays import Problem


def peaks(problem: Problem, decisions: Decisions, track: Trajectory) -> dict[tuple[int, int], float]:
    """(site, period) -> kW: the mean of the period, or more for a job or run that has all its systems on at once."""
    if not problem.demand_events:
        return {}
    found: dict[tuple[int, int], float] = {(key[0], key[1]): 0.0 for key in problem.demand_events}
    drawn, hall = Drawn(problem, track, 1.0), {row.id: h for h, row in enumerate(problem.halls)}
    for cell in track.cells:
        row = problem.halls[hall[f"{cell.site}/{cell.hall}"]]
        for s, t in found:
            found[s, t] += drawn.it_kw(cell, t) * row.peak_pue[t] if s == row.site else 0.0
    for place, t, kw in _pieces(problem, decisions):
        h = hall[place]
        key = (problem.halls[h].site, t)
        if key in found:
            found[key] = max(found[key], kw * problem.halls[h].peak_pue[t])
    return found


def _pieces(problem: Problem, decisions: Decisions) -> list[tuple[str, int, float]]:
    """(hall, period, kW of IT load) of jobs of several systems, and of runs, with all their systems on."""
    index = {row.id: i for i, row in enumerate(problem.systems)}
    hall = {row.id: h for h, row in enumerate(problem.halls)}
    found = []
    for job in decisions.jobs:
        i, place = index[job.system], f"{job.site}/{job.hall}"
        units = job.accelerators // problem.systems[i].accelerators
        if units > 1:
            found.append((place, job.period, units * problem.draw_kw(i, hall[place])))
    for start in decisions.starts:
        begin = begin_of(problem, decisions, start)
        kw = problem.together_kw(begin, begin.hall)
        found += [(f"{start.site}/{start.hall}", t, kw) for t, _ in begin.occupancy]
    return found
