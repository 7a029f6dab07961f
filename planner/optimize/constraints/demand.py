"""The highest draw at a site's meter, where that has a price."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.constraints.work import overlapping
from planner.optimize.loads import drawing
from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

MW = 1000.0


def peak_demand(program: Program) -> None:
    """F53 Demand: the highest draw at a meter is no less than the mean of a period, nor than any job, nor all runs.

    sum_{h in s} pue_h (sum_i power_i powered[i,h,t] + what else draws) <= peak[s,t]
    pue_h power_i units_j running[j,h,t] <= peak[s,t]
    sum_{h in s} pue_h sum_i power_i sum_{n in h that run in t} units_n begin[n] <= peak[s,t]
    All systems of a job are on at once, of both kinds where two do it, and so are those of the runs of a period, at its
    start.
    """
    problem, v = program.problem, program.v
    if not v.peak:
        return
    rows: dict[tuple[int, int], list[list[tuple[LpVariable, float]]]] = defaultdict(list)
    mean: dict[tuple[int, int], list[tuple[LpVariable, float]]] = defaultdict(list)
    for var, h, t, kw in drawing(program):
        hall = problem.halls[h]
        mean[hall.site, t].append((var, hall.peak_pue[t] * kw / MW))
    for key, terms in mean.items():
        rows[key].append(terms)
    for (j, h, t), running in v.running.items():
        hall = problem.halls[h]
        kw = problem.together_kw(problem.jobs[j], h)
        rows[hall.site, t] += [[(running, hall.peak_pue[t] * kw / MW)]] if problem.partner.get(j, j) == j else []
    runs: dict[tuple[int, int], list[tuple[LpVariable, float]]] = defaultdict(list)
    for (i, h, t), terms in sorted(overlapping(program).items()):
        hall = problem.halls[h]
        each = hall.peak_pue[t] * problem.draw_kw(i, h) / MW
        runs[hall.site, t] += [(var, each * units) for var, units in terms]
    for key, terms in runs.items():
        rows[key].append(terms)
    for (s, t), peak in v.peak.items():
        for terms in rows[s, t]:
            program.add("peak_demand", [*terms, (peak, -1.0)], "<=", 0.0, unit="MW", period=t, site=problem.sites[s].id)
