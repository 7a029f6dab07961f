"""The program of several worlds solved, its plan of each world checked by the independent check."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.analysis.uncertainty.program import Joint, aim_at, join, shared_by_all
from planner.analysis.uncertainty.risk import Aim, sought
from planner.analysis.uncertainty.start import Start, columns_of, values_of
from planner.analysis.uncertainty.worlds import World
from planner.errors import InternalError
from planner.optimize.highs import Solver
from planner.optimize.money import MILLION
from planner.optimize.outcome import Limits, Outcome, relative_gap
from planner.optimize.program import EmptyRowError
from planner.optimize.search import search
from planner.plan.extract import extract
from planner.plan.solve import pose
from planner.plan.verify import verify
from planner.problem.case import Case
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario

ROUNDING = 1e-9
"""Relative: a bound may come out the last digit above what it proves."""

FIRST_SHARE = 0.6
"""Share of the time that the search takes on its own where there is a plan already; the rest betters that plan."""


@dataclass(frozen=True)
class Ask:
    """A program to solve."""

    worlds: tuple[World, ...]
    scenarios: tuple[Scenario, ...]
    aim: Aim = "expected"
    cvar: float = 0.9
    best: tuple[float, ...] = ()
    """Least cost known of each world, for regret."""
    proved: tuple[float, ...] = ()
    """Proved lower bound of the cost of each world alone."""
    starts: tuple[Start, ...] = ()
    """Plans that live in all these worlds."""
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
class Frame:
    """What several worlds have in common before anything is solved."""

    possible: bool
    """Whether each can be met at all."""
    shared: tuple[str, ...] = ()
    """Names of the columns of decisions that all worlds share, taken or not."""
    deposits: Mapping[str, float] = field(default_factory=dict)
    """Deposit of orders that some world does not let arrive."""
    barred: tuple[str, ...] = ()


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
    columns: Start = ()
    """Of decisions held: what each world does, to start other searches from."""
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """Proved relative gap."""
        return relative_gap(self.objective, self.bound) or 0.0


def frame_of(worlds: Sequence[World], scenarios: Sequence[Scenario]) -> Frame:
    """What some worlds have in common. Runs in any process."""
    try:
        joint = join([pose(scenario, catalog_of(scenario)).problem for scenario in scenarios], worlds)
    except EmptyRowError:
        return Frame(possible=False)
    deposits = {name: deposit * MILLION for void in joint.lost for name, (_, deposit) in void.items()}
    return Frame(True, tuple(sorted(shared_by_all(joint))), deposits, joint.barred)


def solve_worlds(ask: Ask) -> Solved:
    """Solve the program of some worlds. Runs in any process."""
    began = time.monotonic()
    posed = [pose(scenario, catalog_of(scenario)) for scenario in ask.scenarios]
    try:
        joint = join([one.problem for one in posed], ask.worlds)
    except EmptyRowError:
        return Solved("infeasible", seconds=time.monotonic() - began)
    aim_at(joint, ask.aim, ask.cvar, [cost / MILLION for cost in ask.best])
    solver = Solver(joint.program, Limits(ask.gap, ask.time_limit))
    gone = _hold(joint, solver, ask)
    if gone is None:
        return Solved("infeasible", seconds=time.monotonic() - began)
    outcome = _search(solver, ask, _best_start(joint, solver, ask))
    seconds = time.monotonic() - began
    if outcome.values is None:
        return Solved("infeasible" if outcome.status == "infeasible" else "no-plan", seconds=seconds)
    return replace(_read(joint, solver, ask, outcome, [one.case for one in posed], gone), seconds=seconds)


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


def _best_start(joint: Joint, solver: Solver, ask: Ask) -> Outcome | None:
    """The best of the plans there are, with what the worlds alone prove."""
    probabilities = [world.probability for world in ask.worlds]
    least = None
    if ask.proved:
        least = sought(ask.aim, ask.proved, probabilities, ask.cvar, ask.best) / MILLION
    found = [values_of(joint, solver, start, ask.aim, ask.cvar, ask.best) for start in ask.starts]
    valued = [(solver.value(values), values) for values in found]
    if not valued:
        return None if least is None else Outcome("time_limit", None, None, least, 0.0, 0)
    objective, values = min(valued)
    return Outcome("time_limit", values, objective, least, 0.0, 0)


def _search(solver: Solver, ask: Ask, known: Outcome | None) -> Outcome:
    """The program searched as that of one world is; a plan there is already is the answer where it is good enough."""
    if known is None:
        return search(solver, trim=ask.held is None)
    if _proved(known, ask.gap):
        return replace(known, status="optimal")
    began, limit = time.monotonic(), ask.time_limit
    if limit is not None and known.values is not None:
        solver.limits = replace(solver.limits, time_limit=FIRST_SHARE * limit)
    best = _better(search(solver, trim=ask.held is None, patient=known.values is None), known)
    left = None if limit is None else limit - (time.monotonic() - began)
    if _proved(best, ask.gap) or best.values is None or left is None or left <= 0:
        return replace(best, status="optimal") if _proved(best, ask.gap) else best
    solver.limits = replace(solver.limits, time_limit=left)
    best = _better(search(solver, incumbent=best.values, trim=ask.held is None), best)
    return replace(best, status="optimal" if _proved(best, ask.gap) else "time_limit")


def _proved(outcome: Outcome, gap: float) -> bool:
    """Whether a plan is within the gap of its bound."""
    reached = relative_gap(outcome.objective, outcome.bound)
    return reached is not None and reached <= gap + ROUNDING


def _better(one: Outcome, other: Outcome) -> Outcome:
    """The better plan of two searches of one program, with the better bound."""
    bound = max((bound for bound in (one.bound, other.bound) if bound is not None), default=None)
    if one.objective is None or (other.objective is not None and other.objective < one.objective):
        status = one.status if other.values is None else "time_limit"
        return replace(other, status=status, bound=bound)
    return replace(one, bound=bound)


def _read(
    joint: Joint, solver: Solver, ask: Ask, outcome: Outcome, cases: Sequence[Case], before: Sequence[float]
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
    known = shared_by_all(joint)
    taken = {name: float(round(values[d.variable.id])) for name, d in known.items() if values[d.variable.id] > 0.5}
    extra = sum(world.probability * gone for world, gone in zip(joint.worlds, before, strict=True))
    return Solved(
        "optimal" if outcome.status == "optimal" else "time_limit",
        tuple(costs),
        tuple(lost),
        None if outcome.objective is None else outcome.objective * MILLION + extra,
        None if outcome.bound is None else outcome.bound * MILLION + extra,
        taken,
        columns_of(joint, values) if ask.held is not None else (),
    )
