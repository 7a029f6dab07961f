"""Installed systems that move to another hall."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


def moved(program: Program) -> "Mapping[tuple[int, int, int], Terms]":
    """(i, h, t) -> systems that arrive in a hall at the start of t, less those that leave it then."""
    found: dict[tuple[int, int, int], Terms] = defaultdict(list)
    for m, move in enumerate(program.problem.moves):
        found[move.system, move.target, move.arrives].append((program.v.move[m], 1.0))
        found[move.system, move.source, move.leaves].append((program.v.move[m], -1.0))
    return found


def moved_by(program: Program) -> "Mapping[tuple[int, int], Terms]":
    """(i, h) -> the same over the whole plan."""
    found: dict[tuple[int, int], Terms] = defaultdict(list)
    for m, move in enumerate(program.problem.moves):
        found[move.system, move.target].append((program.v.move[m], 1.0))
        found[move.system, move.source].append((program.v.move[m], -1.0))
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
