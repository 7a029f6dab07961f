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
    for system, place, t, units in _pieces(problem, decisions):
        h = hall[place]
        i = next(i for i, row in enumerate(problem.systems) if row.id == system)
        key = (problem.halls[h].site, t)
        if key in found:
            found[key] = max(found[key], units * problem.draw_kw(i, h) * problem.halls[h].peak_pue[t])
    return found


def _pieces(problem: Problem, decisions: Decisions) -> list[tuple[str, str, int, float]]:
    """(system, hall, period, systems) of jobs of several systems, and of runs."""
    size = {row.id: row.accelerators for row in problem.systems}
    found = []
    for job in decisions.jobs:
        units = job.accelerators // size[job.system]
        if units > 1:
            found.append((job.system, f"{job.site}/{job.hall}", job.period, float(units)))
    for start in decisions.starts:
        units = start.accelerators // size[start.system]
        place = f"{start.site}/{start.hall}"
        occupied = begin_of(problem, decisions, start).occupancy
        found += [(start.system, place, t, float(units)) for t, _ in occupied]
    return found
