"""Hand-over of a program to HiGHS: all columns in one call, all rows in another."""

from itertools import chain
from typing import TYPE_CHECKING, Any

from planner.collector import resting
from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable


@resting()
def hand_over(program: Program) -> "tuple[Any, list[LpVariable]]":
    """A HiGHS object that holds the program, and the variable of each of its columns.

    Rows are taken as `Program.add` kept them; a program with rows that were written into its `lp` by others is read
    back from there.
    """
    from pulp import HiGHS

    lp = program.lp
    bridge = HiGHS(msg=False)
    bridge.createAndConfigureSolver(lp)
    highs: Any = lp.solverModel
    columns = lp.exported_variables()
    if len(program.rows) < len(lp.constraints()):
        bridge.buildSolverModel(lp)
    else:
        place = _columns(program, highs, columns)
        _rows(program, highs, place)
    return highs, columns


def _columns(program: Program, highs: Any, columns: "list[LpVariable]") -> dict[int, int]:
    """Hand the columns and the objective over; the column of each variable by id."""
    import highspy
    import numpy as np

    place = {var.id: j for j, var in enumerate(columns)}
    objective: Any = program.lp.objective
    cost, empty = np.zeros(len(columns)), np.zeros(0, dtype=np.int32)
    for var, coefficient in objective.items():
        if var.id in place:
            cost[place[var.id]] = coefficient
    lower = np.array([-np.inf if (low := var.lowBound) is None else low for var in columns])
    upper = np.array([np.inf if (up := var.upBound) is None else up for var in columns])
    highs.addCols(len(columns), cost, lower, upper, 0, empty, empty, np.zeros(0))
    whole = np.array([j for j, var in enumerate(columns) if var.cat != "Continuous"], dtype=np.int32)
    if len(whole):
        highs.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kInteger))
    highs.changeObjectiveOffset(objective.constant)
    return place


def _rows(program: Program, highs: Any, place: dict[int, int]) -> None:
    """Hand the rows over, in the order in which they were added."""
    import numpy as np

    rows = program.rows
    rhs = np.array([row.factor * row.rhs for row in rows]) + 0.0
    lower = np.where([row.sense == "<=" for row in rows], -np.inf, rhs)
    upper = np.where([row.sense == ">=" for row in rows], np.inf, rhs)
    ends = np.cumsum([0, *(len(row.values) for row in rows)])
    index = np.array([place[id] for id in chain.from_iterable(row.variables for row in rows)], dtype=np.int32)
    values = np.array(list(chain.from_iterable(row.values for row in rows)))
    highs.addRows(len(rows), lower, upper, len(index), ends[:-1].astype(np.int32), index, values)
