"""Solvers besides HiGHS, and the program as an MPS file."""

import math
import tempfile
import time
from pathlib import Path
from typing import Any

from planner.errors import NoPlanError
from planner.optimize.highs import Solver
from planner.optimize.outcome import Outcome, Status


def mps(solver: Solver) -> str:
    """The program as it stands at HiGHS, as a free MPS file with the names of its columns and rows.

    What the objective has besides its variables is the cost of a column fixed at one: solvers disagree on the sign of a
    constant. The objective is in millions (planner.optimize.money).
    """
    parts = [(row.id, (row.constraint, row.item, row.site, row.period)) for row in solver.program.rows]
    rows = {id: f"{id}:" + ",".join(str(part) for part in told if part is not None) for id, told in parts}
    highs, last = solver.highs, len(solver.columns)
    constant = float(highs.getLp().offset_)
    highs.addCol(constant, 1.0, 1.0, 0, [], [])
    highs.changeObjectiveOffset(0.0)
    try:
        return _written(solver, [*(var.name for var in solver.columns), "constant"], rows)
    finally:
        highs.deleteCols(1, [last])
        highs.changeObjectiveOffset(constant)


def _written(solver: Solver, columns: list[str], rows: dict[int, str]) -> str:
    highs = solver.highs
    for j, name in enumerate(columns):
        highs.passColName(j, "_".join(name.split()))  # a blank would end it
    for k, name in rows.items():
        highs.passRowName(k, "_".join(name.split()))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.mps"
        highs.writeModel(str(file))
        return file.read_text(encoding="utf-8")


def outside(solver: Solver, gap: float) -> Outcome:
    """One search of the program, as it stands at HiGHS, by the solver that its limits name.

    The bound is the one that the other solver states, or follows from the gap at which it says it stopped.
    """
    import pulp

    began, limits = time.monotonic(), solver.limits
    constant = float(solver.highs.getLp().offset_)
    solver.highs.changeObjectiveOffset(0.0)  # not every solver counts it in its bound
    try:
        plain = {k: f"r{k}" for k in range(solver.highs.getNumRow())}
        text = _written(solver, [f"c{j}" for j in range(len(solver.columns))], plain)
    finally:
        solver.highs.changeObjectiveOffset(constant)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.mps"
        file.write_text(text, encoding="utf-8")
        variables, program = pulp.LpProblem.fromMPS(str(file))
    other = pulp.getSolver(limits.solver, **_settings(limits.solver, gap, limits.time_limit))
    try:
        stats = program.solve(other)
    except pulp.PulpSolverError as error:
        raise NoPlanError.of("solver-failed", f"{limits.solver} gave up: {error}", "try another solver") from None
    seconds = time.monotonic() - began
    if not stats.has_solution or stats.objective is None:
        return Outcome(_stopped(stats.status), None, None, None, seconds, 0)
    values = tuple(float(variables[f"c{j}"].value() or 0.0) for j in range(len(solver.columns)))
    done = stats.status in (pulp.LpSolveStatus.Optimal, pulp.LpSolveStatus.GapLimit)
    objective = solver.value(values)
    claimed = None if stats.best_bound is None else stats.best_bound + constant
    if claimed is None and done:
        claimed = objective - (gap if "gapRel" in _settings(limits.solver, gap, None) else 0.0) * abs(objective)
    return Outcome("optimal" if done else _stopped(stats.status), values, objective, claimed, seconds, 0)


def _stopped(status: Any) -> Status:
    import pulp

    told: dict[Any, Status] = {
        pulp.LpSolveStatus.Infeasible: "infeasible",
        pulp.LpSolveStatus.Unbounded: "unbounded",
        pulp.LpSolveStatus.TimeLimit: "time_limit",
        pulp.LpSolveStatus.Interrupted: "interrupted",
        pulp.LpSolveStatus.Stopped: "interrupted",
    }
    return told.get(status, "error")


def _settings(name: str, gap: float, time_limit: float | None) -> dict[str, Any]:
    """What a solver's class in PuLP understands of a gap and a time limit, in whole seconds: not all take others."""
    import inspect

    import pulp

    takes = inspect.signature(type(pulp.getSolver(name, msg=False)).__init__).parameters
    seconds = None if time_limit is None or math.isinf(time_limit) else max(1, math.ceil(min(time_limit, 1e9)))
    asked = {"msg": False, "gapRel": gap, "timeLimit": seconds}
    return {key: value for key, value in asked.items() if key in takes and value is not None}
