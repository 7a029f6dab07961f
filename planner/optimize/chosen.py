"""The solver and the options of HiGHS that a user asks for, checked before anything is solved."""

import math
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from planner.errors import InputError
from planner.optimize.outcome import HIGHS

type Value = bool | int | float | str

CALLED = {
    "cbc": "COIN_CMD",
    "coin": "COIN_CMD",
    "pulp_cbc_cmd": "COIN_CMD",
    "glpk": "GLPK_CMD",
    "glpsol": "GLPK_CMD",
    "cplex": "CPLEX_CMD",
    "scip": "SCIP_CMD",
    "fscip": "FSCIP_CMD",
    "choco": "CHOCO_CMD",
    "mipcl": "MIPCL_CMD",
    "ortools": "CPSAT",
    "sas": "SAS94",
}
"""What people call solvers, and PuLP does not."""

PACKAGES = {
    "COPT": "coptpy",
    "COPT_DLL": "the COPT libraries",
    "CPLEX_PY": "cplex",
    "CPSAT": "ortools",
    "CUOPT": "cuopt",
    "CyLP": "cylp",
    "COINMP_DLL": "the CoinMP library",
    "GUROBI": "gurobipy",
    "MOSEK": "mosek",
    "PYGLPK": "glpk",
    "SAS94": "saspy",
    "SASCAS": "swat",
    "SCIP_PY": "pyscipopt",
    "XPRESS_PY": "xpress",
}
"""What has to be installed for solvers that PuLP finds as libraries; the others are programs."""

_OWN = {
    "mip_rel_gap": "use --gap",
    "time_limit": "use --time-limit",
    "threads": "use --threads",
    "mip_max_nodes": "each step of the search sets it itself",
    "objective_target": "each step of the search sets it itself",
    "objective_bound": "each step of the search sets it itself",
    "user_bound_scale": "bounds and proofs would no longer be in the plan's units",
    "user_objective_scale": "bounds and proofs would no longer be in the plan's units",
    "user_cost_scale": "bounds and proofs would no longer be in the plan's units",
    "write_model_to_file": "use --mps",
    "write_model_file": "use --mps",
    "write_presolved_model_to_file": "use --mps",
    "write_presolved_model_file": "use --mps",
    "write_solution_to_file": "use --out",
    "solution_file": "use --out",
    "write_basis_file": "use --out",
    "read_solution_file": "a search begins where the one before it ended",
    "read_basis_file": "a search begins where the one before it ended",
    "output_flag": "set log_file to keep what HiGHS says",
    "log_to_console": "set log_file to keep what HiGHS says",
}
"""Options of HiGHS that the search needs for itself, or that another way serves better."""


def checked_solver(name: str) -> str:
    """The name of a solver that PuLP knows and finds on this machine.

    Raises InputError with the nearest one, or with what to install.
    """
    import pulp

    known = sorted(set(pulp.listSolvers()))
    folded = {one.casefold(): one for one in known}
    wanted = name.strip().casefold()
    exact = folded.get(wanted) or CALLED.get(wanted)
    if exact is None:
        close = get_close_matches(wanted, [*folded, *CALLED], n=1)
        near = folded.get(close[0]) or CALLED[close[0]] if close else None
        hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
        raise InputError.of("unknown-solver", f"there is no solver {name!r}", hint)
    if exact != HIGHS and exact not in pulp.listSolvers(onlyAvailable=True):
        here = ", ".join(sorted(pulp.listSolvers(onlyAvailable=True)))
        raise InputError.of("solver-missing", f"{exact} is not installed here", f"{_needs(exact)}; installed: {here}")
    return exact


def _needs(solver: str) -> str:
    """What to install for a solver."""
    import pulp

    if solver in PACKAGES:
        return f"install {PACKAGES[solver]} for this Python, with its licence if it needs one"
    program = getattr(pulp.getSolver(solver, msg=False), "path", None)
    return f"install it so that its program {program} is found on PATH" if program else "install it"


def checked_option(text: str) -> tuple[str, Value]:
    """An option of HiGHS written NAME=VALUE.

    Raises InputError for an unknown name, for a value that HiGHS refuses (with what it takes), and for what the
    search sets itself.
    """
    import highspy

    name, equals, said = (part.strip() for part in text.partition("="))
    if not equals or not said or not name:
        raise InputError.of("solver-option", f"{text!r} has no {'value' if name else 'name'}", "write NAME=VALUE")
    make: Any = highspy.Highs  # highspy states no types
    highs = make()
    highs.silent()
    known = [one for one in dir(highs.getOptions()) if not one.startswith("_")]
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else None
        raise InputError.of("solver-option", f"HiGHS has no option {name!r}", hint)
    if name in _OWN:
        raise InputError.of("solver-option", f"the option {name} of HiGHS is not free here", _OWN[name])
    value = _value(highs.getOptionType(name)[1], said)
    if value is None or highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
        raise InputError.of("solver-option", f"HiGHS refuses {said!r} for its option {name}", _takes(highs, name))
    return name, value


def _value(kind: Any, said: str) -> Value | None:
    import highspy

    types = highspy.HighsOptionType
    try:
        if kind == types.kBool:
            return {"true": True, "false": False, "on": True, "off": False}[said.lower()]
        if kind == types.kDouble:
            return float(said) if math.isfinite(float(said)) else None
        return int(said) if kind == types.kInt else said
    except (KeyError, ValueError):
        return None


def _takes(highs: Any, name: str) -> str | None:
    """What an option takes, in HiGHS's own words: its table of options says it above each."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "options.txt"
        highs.resetOptions()
        highs.silent()
        highs.writeOptions(str(file))
        blocks = file.read_text(encoding="utf-8").split("\n\n")
    told = next((block for block in blocks if f"\n{name} = " in block), "")
    lines = [line.lstrip("# ").strip() for line in told.strip().splitlines() if line.startswith("#")]
    if len(lines) != 2:
        return None
    words = [part for part in lines[1].strip("[]").split(", ") if not part.startswith("advanced")]
    return f"{lines[0].rstrip(' ,')} ({', '.join(words)})"
