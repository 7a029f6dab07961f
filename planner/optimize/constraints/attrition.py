"""Systems that failed beyond repair, the spares that replace them, and what is left to work with."""

from functools import partial
from typing import TYPE_CHECKING

from planner.optimize.constraints.installing import Use, unfinished, uses
from planner.optimize.constraints.rent import in_service
from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


def working(program: Program, use: Use, factor: float) -> "Terms":
    """Systems that work when the period of a use begins, times a factor."""
    v, at = program.v, (use.i, use.h, use.t)
    failed: Terms = [(v.failed[at], -factor)] if at in v.failed else []
    return [(v.fleet[at], factor), *failed, *((var, -factor * share) for var, share in unfinished(program, use))]


def for_jobs(program: Program, i: int, h: int, t: int) -> "Terms":
    """Systems that a job may take: those that work and are installed in time, or what is rented in its place."""
    if h in program.problem.rented:
        return in_service(program, i, h, t, 1.0)
    return working(program, Use("job", i, h, t, []), 1.0)


def failed_balance(program: Program) -> None:
    """F47 Attrition: what works fails by a share in each period, until it is replaced out of store or retired.

    failed[i,h,t] = failed[i,h,t-1] + loss[i,h,t-1] works[i,h,t-1] - spare[i,h,t] - scrap[i,h,t],   failed[i,h,0] = 0
    works[i,h,t] = fleet[i,h,t] - failed[i,h,t] - sum_u lost_i(u,t) install[i,h,u] >= 0,   scrap[i,h,t] <= retire[i,h,t]
    """
    problem, v = program.problem, program.v
    for (i, h, t), failed in sorted(v.failed.items()):
        add = partial(program.add, "failed_balance", period=t, site=problem.halls[h].id, item=problem.systems[i].id)
        row: Terms = [(failed, 1.0)]
        if (i, h, t - 1) in v.failed:
            row.append((v.failed[i, h, t - 1], -1.0))
        loss = problem.wear.loss.get((i, h, t - 1), 0.0)
        row += working(program, Use("average", i, h, t - 1, []), -loss) if loss else []
        row += [(group[i, h, t], 1.0) for group in (v.spare, v.scrap) if (i, h, t) in group]
        add(row, "==", 0.0, unit="systems")
        if (i, h, t) in v.scrap:
            scrapped = [(v.scrap[i, h, t], 1.0), (v.retire[i, h, t], -1.0)]
            add(scrapped, "<=", 0.0, unit="systems")
        if (i, h, t) not in v.powered:
            left = working(program, Use("average", i, h, t, []), -1.0)
            add(left, "<=", 0.0, unit="systems")


def survivors(program: Program) -> None:
    """F48 Survivors: only what works can be on; a run needs all its systems to the end of each of its periods.

    powered[i,h,t] <= (1 - loss[i,h,t] / 2) works[i,h,t]
    units_j running[j,h,t] <= works[i,h,t]
    sum_{n in h that run in t} units_n begin[n] <= (1 - loss[i,h,t]) works[i,h,t]
    """
    problem = program.problem
    worn = problem.wear.cells()
    for use in uses(program) if worn else ():
        if (use.i, use.h) in worn:
            loss = problem.wear.loss.get((use.i, use.h, use.t), 0.0)
            share = {"average": 1.0 - loss / 2.0, "job": 1.0, "run": 1.0 - loss}[use.kind]
            row = [*use.terms, *working(program, use, -share)]
            item, hall = problem.systems[use.i].id, problem.halls[use.h].id
            program.add("survivors", row, "<=", 0.0, unit="systems", period=use.t, site=hall, item=item)
