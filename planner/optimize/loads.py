"""What draws power beside systems at work, variable by variable."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable


def drawing(program: Program) -> "Iterator[tuple[LpVariable, int, int, float]]":
    """(variable, hall, period, kW of IT load of one unit) of everything that loads a hall, averaged over the period.

    power_i powered + (network_i + storage_i) powered + idle_i (fleet - failed - powered)
    """
    problem, v = program.problem, program.v
    for (i, h, t), var in v.powered.items():
        yield var, h, t, problem.systems[i].power_kw
    for var, h, t, kw in beside(program):
        yield var, h, t, kw


def metered(program: Program) -> "Iterator[tuple[LpVariable, int, int, float]]":
    """(variable, hall, period, kWh at the meter of one unit) of everything that draws; only where the problem has
    `energy`.
    """
    problem = program.problem
    for (i, h, t), var in program.v.powered.items():
        yield var, h, t, problem.energy[i, h, t]
    for var, h, t, kw in beside(program):
        yield var, h, t, kw * problem.halls[h].pue[t] * problem.calendar[t].hours


def beside(program: Program) -> "Iterator[tuple[LpVariable, int, int, float]]":
    """The same without the planning power of what is on."""
    loads, v = program.problem.loads, program.v
    for (i, h, t), var in v.powered.items():
        kw = loads.shared.get((i, h), 0.0) - loads.idle.get((i, h, t), 0.0)
        if kw:
            yield var, h, t, kw
    for (i, h, t), kw in sorted(loads.idle.items()):
        yield v.fleet[i, h, t], h, t, kw
        if (i, h, t) in v.failed:
            yield v.failed[i, h, t], h, t, -kw
    for (j, h, t), var in v.jobs.items() if loads.jobs else ():
        if j in loads.jobs:
            yield var, h, t, loads.jobs[j]
    for n, kw in sorted(loads.begins.items()):
        begin = program.problem.begins[n]
        for t, share in begin.occupancy:
            yield v.begin[n], begin.hall, t, kw * share
