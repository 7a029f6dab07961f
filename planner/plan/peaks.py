"""The highest draw at a site's meter in each period, where it has a price."""

from collections import defaultdict

from planner.plan.decisions import Decisions, Jobs, Start
from planner.plan.loads import Drawn
from planner.plan.output import begin_of, job_of
from planner.plan.trajectory import Trajectory
from planner.problem.arrays import Problem


def peaks(problem: Problem, decisions: Decisions, track: Trajectory) -> dict[tuple[int, int], float]:
    """(site, period) -> kW: the mean of the period, or more where a job or all runs have their systems on at once."""
    if not problem.demand_events:
        return {}
    found: dict[tuple[int, int], float] = {(key[0], key[1]): 0.0 for key in problem.demand_events}
    drawn, hall = Drawn(problem, track, 1.0), {row.id: h for h, row in enumerate(problem.halls)}
    for cell in track.cells:
        row = problem.halls[hall[f"{cell.site}/{cell.hall}"]]
        for s, t in found:
            found[s, t] += drawn.it_kw(cell, t) * row.peak_pue[t] if s == row.site else 0.0
    number = {row.id: i for i, row in enumerate(problem.systems)}

    def draw(work: Jobs | Start, t: int) -> float:
        h, i = hall[f"{work.site}/{work.hall}"], number[work.system]
        units = work.accelerators // problem.systems[i].accelerators
        return units * problem.draw_kw(i, h) * problem.halls[h].peak_pue[t]

    runs: dict[tuple[int, int], float] = defaultdict(float)
    for start in decisions.starts:
        s = problem.halls[hall[f"{start.site}/{start.hall}"]].site
        for t, _ in begin_of(problem, decisions, start).occupancy:
            runs[s, t] += draw(start, t)
    found = {key: max(kw, runs[key]) for key, kw in found.items()}
    for job in decisions.jobs:
        key = (problem.halls[hall[f"{job.site}/{job.hall}"]].site, job.period)
        kind = problem.jobs[job_of(problem, job)]
        if key in found and (kind.units > 1 or kind.beside is not None):
            h = hall[f"{job.site}/{job.hall}"]
            found[key] = max(found[key], problem.together_kw(kind, h) * problem.halls[h].peak_pue[job.period])
    return found
