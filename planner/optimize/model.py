"""The program, assembled in the order of docs/formulation.md."""

from typing import TYPE_CHECKING

from planner.collector import resting
from planner.optimize.constraints import CONSTRAINTS
from planner.optimize.objective import aim_of, least_shortage, seek
from planner.optimize.program import Program
from planner.optimize.variables import create
from planner.problem.arrays import Problem

if TYPE_CHECKING:
    from pulp import LpProblem


def assemble(
    problem: Problem, *, elastic: bool = False, lp: "LpProblem | None" = None, impossible: bool = False
) -> Program:
    """Write the whole program down.

    `elastic` lets every target be missed and minimises what is missed instead of cost: the question asked
    when the program itself has no solution. `lp`: write it into this one, beside what is there; the objective is
    then whoever's who gave it. `impossible` writes rows down that nothing can meet, instead of raising EmptyRowError.
    """
    from pulp import LpMinimize, LpProblem

    lp = LpProblem("planner", LpMinimize) if lp is None else lp
    with resting():
        program = Program(problem, lp, create(lp, problem, elastic=elastic), elastic, impossible)
        for constraint in CONSTRAINTS:
            constraint(program)
        seek(program, least_shortage(program) if elastic else aim_of(program, problem.goals.stages[0]))
    return program
