"""Solvers besides HiGHS, the checked options of HiGHS, and the program as an MPS file."""

import tempfile
import time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from planner.errors import InputError, NoPlanError
from planner.optimize.highs import HIGHS, Outcome, Solver, Status


def checked_solver(name: str) -> str:
    """The name of a solver that PuLP knows and finds on this machine. Raises InputError with what there is."""
    import pulp

    known = sorted(set(pulp.listSolvers()))
    exact = next((one for one in known if one.casefold() == name.casefold()), None)
    if exact is None:
        close = get_close_matches(name.casefold(), [one.casefold() for one in known], n=1)
        near = next((one for one in known if close and one.casefold() == close[0]), None)
        hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
        raise InputError.of("unknown-solver", f"there is no solver {name!r}", hint)
    if exact != HIGHS and exact not in pulp.listSolvers(onlyAvailable=True):
        here = ", ".join(pulp.listSolvers(onlyAvailable=True))
        raise InputError.of("solver-missing", f"{exact} is not installed here", f"installed: {here}")
    return exact


def checked_option(text: str) -> tuple[str, bool | int | float | str]:
    """An option of HiGHS written NAME=VALUE. Raises InputError for an unknown name or a value that it refuses."""
    import highspy

    name, equals, said = (part.strip() for part in text.partition("="))
    if not equals or not said:
        raise InputError.of("solver-option", f"{text!r} has no value", "write NAME=VALUE")
    make: Any = highspy.Highs  # highspy states no types
    highs = make()
    highs.silent()
    known = [one for one in dir(highs.getOptions()) if not one.startswith("_")]
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else None
        raise InputError.of("solver-option", f"HiGHS has no option {name!r}", hint)
    value = _value(highs.getOptionType(name)[1], said)
    if value is None or highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
        raise InputError.of("solver-option", f"HiGHS refuses {said!r} for its option {name}")
    return name, value


def _value(kind: Any, said: str) -> bool | int | float | str | None:
    import highspy

    types = highspy.HighsOptionType
    try:
        if kind == types.kBool:
            return {"true": True, "false": False, "on": True, "off": False}[said.lower()]
        return int(said) if kind == types.kInt else float(said) if kind == types.kDouble else said
    except (KeyError, ValueError):
        return None


def mps(solver: Solver) -> str:
    """The program as it stands at HiGHS, as a free MPS file with the names of its columns and rows."""
    parts = [(row.id, (row.constraint, row.item, row.site, row.period)) for row in solver.program.rows]
    rows = {id: f"{id}:" + ",".join(str(part) for part in told if part is not None) for id, told in parts}
    return _written(solver, [var.name for var in solver.columns], rows)


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
    """What a solver's class in PuLP understands of a gap and a time limit."""
    import inspect

    import pulp

    takes = inspect.signature(type(pulp.getSolver(name, msg=False)).__init__).parameters
    asked = {"msg": False, "gapRel": gap, "timeLimit": time_limit}
    return {key: value for key, value in asked.items() if key in takes and value is not None}
