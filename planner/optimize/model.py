"""The program, assembled in the order of docs/formulation.md."""

from planner.optimize.constraints import CONSTRAINTS
from planner.optimize.objective import AIMS, least_shortage, seek
from planner.optimize.program import Program
from planner.optimize.variables import create
from planner.problem.arrays import Problem


def assemble(problem: Problem, *, elastic: bool = False) -> Program:
    """Write the whole program down.

    `elastic` lets every target be missed and minimises what is missed instead of cost: the question asked
    when the program itself has no solution.
    """
    from pulp import LpMinimize, LpProblem

    lp = LpProblem("planner", LpMinimize)
    program = Program(problem, lp, create(lp, problem, elastic=elastic), elastic)
    for constraint in CONSTRAINTS:
        constraint(program)
    seek(program, least_shortage(program) if elastic else AIMS[problem.goals.stages[0].name](program))
    return program
