"""Power, heat and space."""

from collections import defaultdict

from planner.optimize.constraints.options import more_grid_kw, more_it_kw, more_racks
from planner.optimize.loads import drawing
from planner.optimize.program import Program

MW = 1000.0
"""Power rows are written in MW, to keep their numbers near those of the other rows."""


def hall_power(program: Program) -> None:
    """F6 Hall: the IT power that is on stays within what the hall's plant feeds and cools.

    sum_i power_i powered[i,h,t] + what else draws <= it_power[h,t], bought power included
    """
    problem = program.problem
    load = defaultdict(list)
    for var, h, t, kw in drawing(program):
        load[h, t].append((var, kw / MW))
    for (h, t), terms in sorted(load.items()):
        hall = problem.halls[h]
        limit = hall.it_kw[t] / MW
        more = [(var, -kw / MW) for var, kw in more_it_kw(program, h, t)]
        program.add("hall_power", [*terms, *more], "<=", limit, unit="MW", period=t, site=hall.id, item=hall.cooling)


def site_power(program: Program) -> None:
    """F7 Site: IT power times power usage effectiveness stays within the grid contract.

    sum_{h in s} pue_h (sum_i power_i powered[i,h,t] + what else draws) <= grid[s,t], bought power included
    """
    problem = program.problem
    load = defaultdict(list)
    for var, h, t, kw in drawing(program):
        hall = problem.halls[h]
        load[hall.site, t].append((var, hall.peak_pue[t] * kw / MW))
    for (s, t), terms in sorted(load.items()):
        site = problem.sites[s]
        more = [(var, -kw / MW) for var, kw in more_grid_kw(program, s, t)]
        program.add("site_power", [*terms, *more], "<=", site.grid_kw[t] / MW, unit="MW", period=t, site=site.id)


def rack_positions(program: Program) -> None:
    """F8 Space: rack positions taken by what is in service stay within the hall's.

    sum_i racks[i,h] fleet[i,h,t] <= racks[h], bought positions included
    """
    problem, v = program.problem, program.v
    taken = defaultdict(list)
    for (i, h, t), var in v.fleet.items():
        taken[h, t].append((var, problem.racks[i, h]))
    for (h, t), terms in sorted(taken.items()):
        hall = problem.halls[h]
        more = [(var, -count) for var, count in more_racks(program, h, t)]
        program.add("rack_positions", [*terms, *more], "<=", hall.racks, unit="racks", period=t, site=hall.id)
