"""What HiGHS is given is the program that PuLP holds, entry by entry."""

import numpy as np
import pytest
from pulp import HiGHS, LpMinimize, LpProblem

from planner.optimize.handover import hand_over
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.outcome import Limits
from planner.optimize.program import Program
from planner.optimize.variables import Variables
from planner.plan.solve import pose
from planner.scenario.load import catalog_of
from tests.oracle import cases
from tests.oracle.test_ripening import UNITS


def given(lp) -> tuple[list, ...]:
    """Everything that a linear program at HiGHS consists of."""
    matrix = lp.a_matrix_
    sides = (lp.row_lower_, lp.row_upper_, lp.col_lower_, lp.col_upper_, lp.col_cost_, [lp.offset_])
    kinds = [str(kind) for kind in lp.integrality_]
    return *map(list, (*sides, matrix.start_, matrix.index_, matrix.value_)), kinds


def through_pulp(lp: LpProblem):
    """The same program by PuLP's own hand-over."""
    bridge = HiGHS(msg=False)
    bridge.createAndConfigureSolver(lp)
    bridge.buildSolverModel(lp)
    return lp.solverModel.getLp()


@pytest.mark.parametrize("elastic", [False, True])
def test_the_program_is_handed_over_as_it_was_written(elastic):
    scenario = cases.porting(UNITS)
    program = assemble(pose(scenario, catalog_of(scenario)).problem, elastic=elastic)
    highs, columns = hand_over(program)
    assert given(highs.getLp()) == given(through_pulp(program.lp))
    assert [var.name for var in columns] == [var.name for var in program.lp.exported_variables()]


def small() -> tuple[Program, list]:
    """Three variables, one of them in no row."""
    lp = LpProblem("small", LpMinimize)
    x = [lp.add_variable(name, 0, 9, "Integer") for name in ("a", "b", "idle")]
    program = Program(None, lp, Variables())
    lp.setObjective(2 * x[0] + 3 * x[1] + 5)
    return program, x


def test_terms_of_one_variable_are_put_together_and_those_of_none_left_out():
    program, (a, b, _) = small()
    program.add("row", [(a, 1.0), (b, 2.0), (a, 0.5)], "<=", 4.0, unit="things")
    program.add("row", [(a, 1.0), (b, 1.0), (a, -1.0)], ">=", -0.0, unit="things")
    highs, columns = hand_over(program)
    lp = highs.getLp()
    assert given(lp) == given(through_pulp(program.lp))
    assert [var.name for var in columns] == ["a", "b"]
    assert np.array(lp.row_lower_)[1] == 0.0
    assert sorted(lp.a_matrix_.value_) == [1.0, 1.5, 2.0]


def test_rows_that_others_wrote_are_handed_over_too():
    program, (a, b, _) = small()
    program.add("row", [(a, 1.0), (b, 2.0)], "<=", 4.0, unit="things")
    program.lp.addConstraint(a - b == 1.0, "theirs")
    lp = hand_over(program)[0].getLp()
    assert lp.num_row_ == 2
    assert given(lp) == given(through_pulp(program.lp))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_search_with_another_number_of_threads_than_the_last_one_is_answered(threads):
    """HiGHS keeps the number that the first search of a process had, and refuses any other."""
    program, (a, b, _) = small()
    program.add("row", [(a, 1.0), (b, 2.0)], ">=", 3.0, unit="things")
    assert Solver(program, Limits(threads=threads)).run(0.0, None).objective == 5.0 + 5.0
