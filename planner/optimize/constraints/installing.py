"""Systems that stand in a hall and do not work yet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from planner.optimize.constraints.work import overlapping
from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


@dataclass(frozen=True, slots=True)
class Use:
    """Something that takes working systems of kind `i` in hall `h` in period `t`: `terms` of them."""

    kind: str
    """average: on for a part of the period; job: needed for some of it; run: needed for all of it."""
    i: int
    h: int
    t: int
    terms: "Terms"


COUNTED: dict[str, Callable[[float], float]] = {"average": float, "job": floor, "run": ceil}
"""How much of a system that loses a share of a period is missing to each kind of use: that share; all of it if it
never works in the period; all of it if it does not work from its start.
"""


def uses(program: Program) -> Iterator[Use]:
    """Everything that takes systems of the buyer's own."""
    problem, v = program.problem, program.v
    for (i, h, t), on in sorted(v.powered.items()):
        yield Use("average", i, h, t, [(on, 1.0)])
    for (j, h, t), running in sorted(v.running.items()):
        if h not in problem.rented:
            yield Use("job", problem.jobs[j].system, h, t, [(running, float(problem.jobs[j].units))])
    for (i, h, t), terms in sorted(overlapping(program).items()):
        if h not in problem.rented:
            yield Use("run", i, h, t, terms)


def unfinished(program: Program, use: Use) -> "Terms":
    """Placements that are not done when the period of a use begins, each as far as the use misses it."""
    found: Terms = []
    for u, share in program.problem.unready.get((use.i, use.t), ()):
        install = program.v.install.get((use.i, use.h, u))
        if install is not None and (missing := COUNTED[use.kind](share)):
            found.append((install, float(missing)))
    return found


def after_installation(program: Program) -> None:
    """F45 Installation: a system that is being installed does no work; what must be whole waits until it is done.

    powered[i,h,t] <= fleet[i,h,t] - sum_u lost_i(u,t) install[i,h,u]
    units_j running[j,h,t] <= fleet[i,h,t] - sum(install[i,h,u] : lost_i(u,t) = 1)
    sum_{n in h that run in t} units_n begin[n] <= fleet[i,h,t] - sum(install[i,h,u] : lost_i(u,t) > 0)
    lost: share of t that lies within the installation time after the start of u.
    """
    problem = program.problem
    for use in uses(program) if problem.idle else ():
        out = unfinished(program, use)
        if out:
            row = [*use.terms, (program.v.fleet[use.i, use.h, use.t], -1.0), *out]
            item, hall = problem.systems[use.i].id, problem.halls[use.h].id
            program.add("after_installation", row, "<=", 0.0, unit="systems", period=use.t, site=hall, item=item)
