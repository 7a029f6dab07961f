"""Programs solved again with one thing changed: verified plans, and relaxations, for explanations."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from planner.errors import InternalError
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.money import MILLION
from planner.optimize.objective import aim_of, seek
from planner.optimize.outcome import Limits, Stop
from planner.optimize.program import EmptyRowError, Program
from planner.optimize.search import search
from planner.optimize.stages import hold
from planner.plan.cash import cash_flows
from planner.plan.decisions import Decisions
from planner.plan.extract import extract
from planner.plan.solve import Options, Posed
from planner.plan.trajectory import trajectory
from planner.plan.verify import verify
from planner.problem.arrays import Problem

type Held = tuple[tuple[str, float], ...]
type Edit = Callable[[Program], None]
"""Adds rows to a program, or gives it another objective."""


@dataclass(frozen=True)
class Solved:
    """What a search found; `decisions` None: nothing within the time, or (status infeasible) nothing at all."""

    status: str
    decisions: Decisions | None
    cost: float
    """Net present cost of the decisions, as the independent check counts it; inf without any."""
    bound: float
    """Proved lower bound of the program's own objective, in its unit times a million (money for cost)."""
    columns: Mapping[str, float]


def solved(
    posed: Posed,
    options: Options,
    edit: Edit | None = None,
    start: Mapping[str, float] | None = None,
    stop: Stop | None = None,
) -> Solved:
    """Solve a problem with an edited program; every plan is checked independently before it counts."""
    try:
        program = _of_cost(posed.problem)
        if edit is not None:
            edit(program)
    except EmptyRowError:
        return Solved("infeasible", None, math.inf, math.inf, {})
    solver = Solver(program, limits_of(posed, options))
    hold(solver, dict(options.held))
    outcome = search(solver, None, stop, start)
    bound = -math.inf if outcome.bound is None else outcome.bound * MILLION
    if outcome.values is None:
        none = math.inf if outcome.status == "infeasible" else bound
        return Solved(outcome.status, None, math.inf, none, {})
    values = {var.id: value for var, value in zip(solver.columns, outcome.values, strict=True)}
    decisions = extract(program, values)
    checked = verify(posed.case.scenario, posed.case.catalog, decisions, without=posed.without)
    if not checked.ok:
        faults = "; ".join(violation.message for violation in checked.violations[:5])
        raise InternalError(f"the independent check refused a plan: {faults}")
    columns = {var.name: value for var, value in zip(solver.columns, outcome.values, strict=True) if value}
    return Solved(outcome.status, decisions, checked.objective, bound, columns)


def _of_cost(problem: Problem) -> Program:
    """The program of a problem with least cost as its objective, whatever is sought before it."""
    program = assemble(problem)
    if len(problem.goals.stages) > 1:
        seek(program, aim_of(program, problem.goals.stages[-1]))
    return program


def limits_of(posed: Posed, options: Options) -> Limits:
    """When a search stops: the options', else the scenario's."""
    asked = posed.case.scenario.solver
    time = options.time_limit
    if time is None and asked.time_limit is not None:
        time = asked.time_limit * 3600.0
    gap = asked.gap if options.gap is None else options.gap
    return Limits(gap, time, options.threads or asked.threads)


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation: its cost, and its columns by name."""

    cost: float
    """inf when infeasible."""
    columns: Mapping[str, float]


def relaxed(posed: Posed, edit: Edit | None = None, held: Held = ()) -> Relaxed:
    """Solve the linear relaxation of a problem, with goals held as `Options.held` has them."""
    import highspy

    try:
        program = _of_cost(posed.problem)
        if edit is not None:
            edit(program)
    except EmptyRowError:
        return Relaxed(math.inf, {})
    solver = Solver(program, Limits(threads=1))
    hold(solver, dict(held))
    solver.whole(list(range(len(solver.columns))), whole=False)
    solver.highs.run()
    if solver.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return Relaxed(math.inf, {})
    values = solver.highs.getSolution().col_value
    cost = float(solver.highs.getInfo().objective_function_value) * MILLION
    return Relaxed(cost, {var.name: value for var, value in zip(solver.columns, values, strict=True)})


def cost_of(problem: Problem, decisions: Decisions) -> float:
    """Net present cost of decisions at the prices of a problem."""
    flows = cash_flows(problem, decisions, trajectory(problem, decisions))
    return -sum(flow.amount * flow.discount_factor for flow in flows)


def ordered(columns: Mapping[str, float], systems: Iterable[str]) -> float:
    """Systems of some kinds that columns order."""
    heads = tuple(f"order[{system}," for system in systems)
    return sum(value for name, value in columns.items() if name.startswith(heads))


def buy_at_least(system: str, count: float) -> Edit:
    """An edit: at least so many new systems of a kind."""

    def edit(program: Program) -> None:
        rows = program.problem.systems
        terms = [(var, 1.0) for (i, _), var in program.v.order.items() if rows[i].id == system]
        program.add("asked_for", terms, ">=", count, unit="systems", item=system)

    return edit
