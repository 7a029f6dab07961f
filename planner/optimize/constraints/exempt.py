"""What was acquired before a rule that spares it: how many of it there are to place, and to be on."""

from datetime import date
from typing import TYPE_CHECKING

from planner.optimize.constraints.installing import uses
from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


def placed_up_to(program: Program, i: int, h: int, t: int, day: date) -> "Terms":
    """Placements in a hall by a period of systems that were all acquired up to a day."""
    problem, found = program.problem, []
    for u in range(t + 1):
        if (i, h, u) in program.v.install:
            latest = problem.exempt.placed.get((i, h, u), problem.calendar[u].start)
            found += [(program.v.install[i, h, u], 1.0)] if latest <= day else []
    return found


def exempt_placed(program: Program) -> None:
    """F31 Spared stock: where only systems acquired up to day d may be placed, no more are than were acquired by then.

    sum_{h,t: acquired up to d at the latest} install[i,h,t] + sum_{t before d} spare[i,h,t]
        <= in store at first, acquired up to d + sum(order[i,u] : arrives by d) + sum(count_o accept[o] : due by d)
    """
    problem, v = program.problem, program.v
    for i, day in sorted({(key[0], day) for key, day in problem.exempt.placed.items()}):
        row: Terms = []
        for h in sorted({h for k, h, _ in v.install if k == i}):
            row += placed_up_to(program, i, h, len(problem.calendar) - 1, day)
        row += [(var, 1.0) for (k, _, t), var in v.spare.items() if k == i and problem.calendar[t].start <= day]
        for (k, t), arrival in problem.arrivals.items():
            if k == i and problem.calendar[arrival].start <= day:
                row.append((v.order[k, t], -1.0))
        for o, pending in enumerate(problem.pending):
            if pending.system == i and problem.calendar[pending.due].start <= day:
                row.append((v.accept[o], -float(pending.count)))
        limit = float(problem.exempt.stored(i, day))
        item = f"{problem.systems[i].id} acquired by {day.isoformat()}"
        program.add("exempt_placed", row, "<=", limit, unit="systems", item=item)


def exempt_on(program: Program) -> None:
    """F32 Spared systems: where only those acquired up to day d may be on, no more are than stood or were placed there.

    powered[i,h,t], units_j running[j,h,t], sum_{n in h that run in t} units_n begin[n]
        <= in service at first, acquired up to d + sum_{t'<=t: acquired up to d at the latest} install[i,h,t']
    """
    problem = program.problem
    for use in uses(program) if problem.exempt.on else ():
        day = problem.exempt.on.get((use.i, use.h, use.t))
        if day is not None:
            came = [(var, -c) for var, c in placed_up_to(program, use.i, use.h, use.t, day)]
            there = float(problem.exempt.stood(use.i, use.h, day))
            item, hall = problem.systems[use.i].id, problem.halls[use.h].id
            row = [*use.terms, *came]
            program.add("exempt_on", row, "<=", there, unit="systems", period=use.t, site=hall, item=item)
