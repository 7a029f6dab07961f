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


def runs_fed(program: Program) -> None:
    """F10c At once: coherent runs of one period, which overlap at its start, are fed together.

    sum_i power_i sum_{n in h that run in t} units_n begin[n] <= it_power[h,t], bought power included
    sum_{h in s} pue_h sum_i power_i sum_{n in h that run in t} units_n begin[n] <= grid[s,t], bought power included
    Rows only where several runs could meet, or one on two kinds (F67) where power is bought; bounds and F41 see to a
    single one.
    """
    problem = program.problem
    halls, sites = defaultdict(list), defaultdict(list)
    for n, begin in enumerate(problem.begins):
        if begin.hall in problem.rented:
            continue
        hall = problem.halls[begin.hall]
        kw = problem.draw_kw(begin.system, begin.hall) * begin.units
        for t, _ in begin.occupancy:
            halls[begin.hall, t].append((n, kw / MW))
            sites[hall.site, t].append((n, hall.peak_pue[t] * kw / MW))
    rows = [
        (terms, problem.halls[h].it_kw[t], more_it_kw(program, h, t), t, problem.halls[h].id)
        for (h, t), terms in sorted(halls.items())
    ]
    rows += [
        (terms, problem.sites[s].grid_kw[t], more_grid_kw(program, s, t), t, problem.sites[s].id)
        for (s, t), terms in sorted(sites.items())
    ]
    for terms, limit, gains, t, place in rows:
        mixed = any(problem.begins[n].beside is not None for n, _ in terms)
        if len({problem.begins[n].run for n, _ in terms}) > 1 or (mixed and gains):
            row = [*((program.v.begin[n], mw) for n, mw in terms), *((var, -kw / MW) for var, kw in gains)]
            program.add("runs_fed", row, "<=", limit / MW, unit="MW", period=t, site=place)


def rack_positions(program: Program) -> None:
    """F8 Space: rack positions taken by what is in service stay within the hall's; what failed has been carried out.

    sum_i racks[i,h] (fleet[i,h,t] - failed[i,h,t]) <= racks[h], bought positions included
    """
    problem, v = program.problem, program.v
    taken = defaultdict(list)
    for (i, h, t), var in v.fleet.items():
        taken[h, t].append((var, problem.racks[i, h]))
        if (i, h, t) in v.failed:
            taken[h, t].append((v.failed[i, h, t], -problem.racks[i, h]))
    for (h, t), terms in sorted(taken.items()):
        hall = problem.halls[h]
        more = [(var, -count) for var, count in more_racks(program, h, t)]
        program.add("rack_positions", [*terms, *more], "<=", hall.racks, unit="racks", period=t, site=hall.id)
