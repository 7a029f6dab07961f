"""The program of several worlds solved, its plan of each world checked by the independent check."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

from planner.analysis.uncertainty.program import Aim, Joint, aim_at, join
from planner.analysis.uncertainty.worlds import World
from planner.errors import InternalError
from planner.optimize.highs import Limits, Outcome, Solver, relative_gap
from planner.optimize.money import MILLION
from planner.optimize.program import EmptyRowError
from planner.optimize.search import IDLE_WITHOUT_WHOLE
from planner.plan.extract import extract
from planner.plan.solve import pose
from planner.plan.verify import verify
from planner.problem.case import Case
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario

STRATEGY_SHARE = 0.5
"""Share of the time that the search for a strategy may take; the rest makes it whole."""
LEAST_S = 5.0
"""Time given to a step when none is left."""


@dataclass(frozen=True)
class Ask:
    """A program to solve."""

    worlds: tuple[World, ...]
    scenarios: tuple[Scenario, ...]
    aim: Aim = "expected"
    cvar: float = 0.9
    best: tuple[float, ...] = ()
    """Least cost known of each world, for regret."""
    held: Mapping[str, float] | None = None
    """Decisions by column name that are held; those before `before` that are not named are zero."""
    before: int = 0
    """First period whose decisions are free when some are held."""
    deposits: Mapping[str, float] = field(default_factory=dict)
    """Deposit of orders that a world may not let arrive, for those held."""
    only: str = ""
    """Of the decisions held, only those whose column name starts so; empty: all."""
    gap: float = 0.005
    time_limit: float | None = None


@dataclass(frozen=True)
class Solved:
    """What was found, money in the scenario's currency."""

    status: str
    """optimal, time_limit; infeasible or no-plan when there is nothing."""
    costs: tuple[float, ...] = ()
    """Net present cost in each world, lost deposits counted."""
    lost: tuple[float, ...] = ()
    """Deposits lost in each world."""
    objective: float | None = None
    bound: float | None = None
    """Proved lower bound of what is minimised."""
    decisions: Mapping[str, float] | None = None
    """Decisions taken that all worlds share, by column name."""
    shared: tuple[str, ...] = ()
    """Names of all decisions that all worlds share, taken or not."""
    deposits: Mapping[str, float] = field(default_factory=dict)
    """Deposit of orders that some world does not let arrive."""
    barred: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """Proved relative gap."""
        return relative_gap(self.objective, self.bound) or 0.0


def solve_worlds(ask: Ask) -> Solved:
    """Solve the program of some worlds. Runs in any process."""
    began = time.monotonic()
    posed = [pose(scenario, catalog_of(scenario)) for scenario in ask.scenarios]
    try:
        joint = join([one.problem for one in posed], ask.worlds)
    except EmptyRowError:
        return Solved("infeasible", seconds=time.monotonic() - began)
    aim_at(joint, ask.aim, ask.cvar, [cost / MILLION for cost in ask.best])
    solver = Solver(cast("Any", SimpleNamespace(lp=joint.lp)), Limits(ask.gap, ask.time_limit))
    gone = _hold(joint, solver, ask)
    if gone is None:
        return Solved("infeasible", seconds=time.monotonic() - began)
    outcome = _search(joint, solver, ask, began)
    seconds = time.monotonic() - began
    if outcome.values is None:
        return Solved("infeasible" if outcome.status == "infeasible" else "no-plan", seconds=seconds)
    return _read(joint, solver, outcome, [one.case for one in posed], gone, seconds)


def _hold(joint: Joint, solver: Solver, ask: Ask) -> list[float] | None:
    """Fix early decisions. Returns deposits lost on orders that a world lacks, by world; None: one cannot follow."""
    gone = [0.0] * len(joint.worlds)
    if ask.held is None:
        return gone
    column = {variable.id: j for j, variable in enumerate(solver.columns)}
    for k, (decisions, lost) in enumerate(zip(joint.decisions, joint.lost, strict=True)):
        for name, decision in decisions.items():
            if decision.period < ask.before and name.startswith(ask.only):
                value = float(round(ask.held.get(name, 0.0)))
                solver.bound(column[decision.variable.id], value, value)
        for name, value in ask.held.items():
            if value > 0.5 and name.startswith(ask.only) and name not in decisions and name not in lost:
                if name not in ask.deposits:
                    return None
                gone[k] += round(value) * ask.deposits[name]
    return gone


def _search(joint: Joint, solver: Solver, ask: Ask, began: float) -> Outcome:
    """Strategy first (operation may be fractions), then everything whole around it, then the whole program."""
    deciding = {d.variable.id for found in joint.decisions for name, d in found.items() if not _detail(name)}
    whole = [j for j, variable in enumerate(solver.columns) if variable.cat != "Continuous"]
    detail = [j for j in whole if solver.columns[j].id not in deciding]

    def left() -> float | None:
        return None if ask.time_limit is None else max(LEAST_S, ask.time_limit - (time.monotonic() - began))

    spare = [row for row in joint.rows if row.constraint in IDLE_WITHOUT_WHOLE]
    solver.whole(detail, whole=False)
    solver.free(spare)
    whole_time = left()
    first = solver.run(0.8 * ask.gap, None if whole_time is None else STRATEGY_SHARE * whole_time)
    solver.restore(spare)
    solver.whole(detail, whole=True)
    if first.values is None:
        return first if first.status == "infeasible" else solver.run(ask.gap, left())
    before = {j: solver.bounds(j) for j in whole if solver.columns[j].id in deciding}
    for j, (lower, upper) in before.items():
        room = 3.0 if str(solver.columns[j].name).startswith("order[") and lower < upper else 0.0
        value = float(math.floor(first.values[j] + 0.5))
        solver.bound(j, max(lower, value - room), min(upper, value + room))
    if first.bound is not None and first.bound > 0:
        solver.target(first.bound / (1.0 - 0.9 * ask.gap))
    second = solver.run(ask.gap / 5, left())
    solver.target(None)
    for j, (lower, upper) in before.items():
        solver.bound(j, lower, upper)
    gap = relative_gap(second.objective, first.bound)
    if second.values is not None and gap is not None and gap <= ask.gap:
        return _with(second, "optimal", first.bound)
    rest = left()
    if second.values is not None and rest is not None and rest <= LEAST_S:
        return _with(second, "time_limit", first.bound)
    if second.values is not None:
        solver.start_from(second.values)
    else:
        solver.thorough()
    final = solver.run(ask.gap, left())
    best = max((bound for bound in (final.bound, first.bound) if bound is not None), default=None)
    return _with(final, final.status, best)


def _detail(name: str) -> bool:
    return name.startswith(("install[", "retire["))


def _with(outcome: Outcome, status: Any, bound: float | None) -> Outcome:
    return replace(outcome, status=status, bound=bound)


def _read(
    joint: Joint, solver: Solver, outcome: Outcome, cases: Sequence[Case], before: Sequence[float], seconds: float
) -> Solved:
    """Decisions, costs and lost deposits; each world's plan is checked as any plan is."""
    values = {variable.id: value for variable, value in zip(solver.columns, outcome.values or (), strict=True)}
    costs, lost = [], []
    for program, void, case, already in zip(joint.programs, joint.lost, cases, before, strict=True):
        checked = verify(case.scenario, case.catalog, extract(program, values))
        if not checked.ok:
            faults = "; ".join(violation.message for violation in checked.violations[:3])
            raise InternalError(f"the independent check refused the plan of a world: {faults}")
        gone = sum(values[variable.id] * deposit for variable, deposit in void.values()) * MILLION + already
        costs.append(checked.objective + gone)
        lost.append(gone)
    known = {name: d for found in joint.decisions for name, d in found.items() if _shared(joint, d.period)}
    taken = {name: float(round(values[d.variable.id])) for name, d in known.items() if values[d.variable.id] > 0.5}
    extra = sum(world.probability * gone for world, gone in zip(joint.worlds, before, strict=True))
    return Solved(
        "optimal" if outcome.status == "optimal" else "time_limit",
        tuple(costs),
        tuple(lost),
        None if outcome.objective is None else outcome.objective * MILLION + extra,
        None if outcome.bound is None else outcome.bound * MILLION + extra,
        taken,
        tuple(sorted(known)),
        {name: deposit * MILLION for void in joint.lost for name, (_, deposit) in void.items()},
        joint.barred,
        seconds,
    )


def _shared(joint: Joint, period: int) -> bool:
    return len({world.seen(period) for world in joint.worlds}) == 1
