"""Installed systems that move to another hall."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


def moved(program: Program, i: int, h: int, t: int) -> "Terms":
    """Systems that arrive in a hall at the start of t, less those that leave it then."""
    found: Terms = []
    for m, move in enumerate(program.problem.moves):
        if move.system == i and (move.target, move.arrives) == (h, t):
            found.append((program.v.move[m], 1.0))
        if move.system == i and (move.source, move.leaves) == (h, t):
            found.append((program.v.move[m], -1.0))
    return found


def moved_by(program: Program, i: int, h: int) -> "Terms":
    """The same over the whole plan."""
    found: Terms = []
    for m, move in enumerate(program.problem.moves):
        if move.system == i and h in (move.target, move.source):
            found.append((program.v.move[m], 1.0 if move.target == h else -1.0))
    return found


def move_base_only(program: Program) -> None:
    """F44 Relocation: only what is installed when the plan starts moves, and once.

    sum_{h',t} move[i,h,h',t] <= base[i,h]
    """
    problem = program.problem
    leaving = defaultdict(list)
    for m, move in enumerate(problem.moves):
        leaving[move.system, move.source].append((program.v.move[m], 1.0))
    for (i, h), terms in sorted(leaving.items()):
        base, item, hall = float(problem.base[i, h]), problem.systems[i].id, problem.halls[h].id
        program.add("move_base_only", terms, "<=", base, unit="systems", site=hall, item=item)
