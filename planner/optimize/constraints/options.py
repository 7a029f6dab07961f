"""Power and space that are bought while the plan runs, and what may be on at one moment where they decide it."""

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from planner.optimize.constraints.work import overlapping
from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]

MW = 1000.0


def more_it_kw(program: Program, h: int, t: int) -> "Terms":
    """kW that a hall gains by t, less what it loses when it closes."""
    hall = program.problem.halls[h]
    gains = _ready(program, t, {m: o.it_kw for m, o in enumerate(program.problem.options) if o.hall == h})
    return [*gains, *((var, -hall.it_kw[t]) for var in _closed(program, h, t))]


def more_grid_kw(program: Program, s: int, t: int) -> "Terms":
    """kW that a site's grid contract gains by t."""
    uncut = program.problem.sites[s].uncut[t]
    return _ready(program, t, {m: o.grid_kw * uncut for m, o in enumerate(program.problem.options) if o.site == s})


def more_racks(program: Program, h: int, t: int) -> "Terms":
    """Rack positions that a hall gains by t, less what it loses when it closes."""
    hall = program.problem.halls[h]
    gains = _ready(program, t, {m: o.racks for m, o in enumerate(program.problem.options) if o.hall == h})
    return [*gains, *((var, -hall.racks) for var in _closed(program, h, t))]


def _ready(program: Program, t: int, each: dict[int, float]) -> "Terms":
    options = program.problem.options
    return [
        (program.v.expand[m, u], amount)
        for m, amount in each.items()
        if amount
        for u, ready in sorted(options[m].ready.items())
        if ready <= t
    ]


def _closed(program: Program, h: int, t: int) -> "list[LpVariable]":
    """Decisions by t that close a hall."""
    options, expand = program.problem.options, program.v.expand
    return [var for (m, u), var in expand.items() if options[m].closes == h and u <= t]


def _less_mw(more: "Terms") -> "Terms":
    """Terms in kW as they stand on the other side of a row in MW."""
    return [(var, -kw / MW) for var, kw in more]


def expand_times(program: Program) -> None:
    """F40 Steps: an option is taken at most as often as it is offered.   sum_t expand[m,t] <= times_m"""
    taken = defaultdict(list)
    for (m, _), var in program.v.expand.items():
        taken[m].append((var, 1.0))
    for m, terms in sorted(taken.items()):
        option = program.problem.options[m]
        site = program.problem.sites[option.site].id
        program.add("expand_times", terms, "<=", float(option.times), unit="steps", site=site, item=option.id)


def on_at_once(program: Program) -> None:
    """F41 At once: whole systems that are on at one moment are fed by the power there is, bought power included.

    power_i at_once[i,h,t] <= it_power[h,t],   pue_h power_i at_once[i,h,t] <= grid[s,t]
    powered, units_j running[j,h,t] and sum_{n that run in t} units_n begin[n] <= at_once[i,h,t]
    Jobs on two kinds of system (F68) take the power of both at once; of runs F10c sees to that.
    Elsewhere bounds of the variables say the same. Of halls planned as one the grid is asked for their mean.
    """
    problem, v = program.problem, program.v
    work = single_pieces(program)
    places = {key[1:] for key in v.at_once}
    more_it = {(h, t): _less_mw(more_it_kw(program, h, t)) for h, t in places}
    more_grid = {
        (s, t): _less_mw(more_grid_kw(program, s, t)) for s, t in {(problem.halls[h].site, t) for h, t in places}
    }
    for (i, h, t), most in v.at_once.items():
        hall = problem.halls[h]
        meter = problem.sites[hall.site]
        add = partial(program.add, "on_at_once", period=t, item=problem.systems[i].id)
        draw = problem.draw_kw(i, h) / MW
        add([(most, draw), *more_it[h, t]], "<=", hall.it_kw[t] / MW, unit="MW", site=hall.id)
        draw /= problem.copies.in_site(h, hall.site)
        row = [(most, hall.peak_pue[t] * draw), *more_grid[hall.site, t]]
        add(row, "<=", meter.grid_kw[t] / MW, unit="MW", site=meter.id)
        for terms in [[(v.powered[i, h, t], 1.0)], *work[i, h, t]]:
            add([*terms, (most, -1.0)], "<=", 0.0, unit="systems", site=hall.id)
    for (j, h, t), running in v.running.items():
        if problem.partner.get(j) == j and (h, t) in places:
            hall, mw = problem.halls[h], problem.together_kw(problem.jobs[j], h) / MW
            meter = problem.sites[hall.site]
            add = partial(program.add, "on_at_once", unit="MW", period=t)
            add([(running, mw), *more_it[h, t]], "<=", hall.it_kw[t] / MW, site=hall.id)
            mw /= problem.copies.in_site(h, hall.site)
            add(
                [(running, hall.peak_pue[t] * mw), *more_grid[hall.site, t]], "<=", meter.grid_kw[t] / MW, site=meter.id
            )


def single_pieces(program: Program) -> "dict[tuple[int, int, int], list[Terms]]":
    """Work by cell that has all its systems on at one moment: jobs each for itself, and all runs of a period."""
    problem, v = program.problem, program.v
    pieces: dict[tuple[int, int, int], list[Terms]] = defaultdict(list)
    for (j, h, t), running in v.running.items():
        job = problem.jobs[j]
        pieces[job.system, h, t].append([(running, float(job.units))])
    for cell, terms in sorted(overlapping(program).items()):
        pieces[cell].append(terms)
    return pieces
