"""How a program is searched: strategy first, detail after, and the proof from the relaxation between them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import floor

from planner.optimize.constraints.rent import in_service
from planner.optimize.highs import Outcome, Progress, Solver, Stop, relative_gap

STRATEGY_GAP = 0.9
"""Share of the allowed gap left to the first step."""

IDLE_WITHOUT_WHOLE = frozenset({"useful_jobs"})
"""Constraints that say nothing once their yes-or-no variables may be fractions: left out of the first step."""

ORDERS_MAY_MOVE = 3.0
"""Systems by which an order may change in the second step; measured: one leaves too little room, more is slower."""

STRATEGY_TIME = 0.7
"""Share of a time limit that the first step may take."""

GRACE_SECONDS = 5.0
"""Time taken beyond a limit, or after Ctrl-C, to turn a strategy into a plan."""

TRIM_NODES = 200
"""Most nodes for taking out what a plan does not need; nodes, not seconds: the answer is the same everywhere."""


def search(
    solver: Solver,
    progress: Progress | None = None,
    stop: Stop | None = None,
    start: Mapping[str, float] | None = None,
    incumbent: tuple[float, ...] | None = None,
    *,
    trim: bool = True,
) -> Outcome:
    """Solve a program in up to three steps, each only as long as needed.

    First only its strategic columns (orders, runs, ports) are whole numbers: a relaxation, so its proved bound
    holds for the program. Then those are held and everything else is made whole: a solution. Where the two are
    further apart than the gap, the whole program is searched from that solution.
    Once `stop` answers True the search ends and the best solution so far is kept. `start` holds values by name of
    a program with fewer possibilities: a plan that this one can only better. `incumbent` is a plan of this program, by
    column: the answer is at least as good.
    """
    if progress is not None:
        solver.report_to(progress)
    steps = _Steps(solver, stop, time.monotonic(), start, incumbent)
    found = _searched(steps)
    return steps.trimmed(found) if trim else found


def _searched(steps: "_Steps") -> Outcome:
    solver = steps.solver
    strategic = {var.id for var in solver.program.v.strategic()}
    detail = [j for j, var in enumerate(solver.columns) if var.cat != "Continuous" and var.id not in strategic]
    if not detail or not strategic:
        return steps.run(solver.limits.gap)
    first = steps.strategy(detail)
    if first.values is None:
        return first if first.status == "infeasible" else steps.run(solver.limits.gap)
    second = steps.detail(first)
    gap = relative_gap(second.objective, first.bound)
    if second.values is not None and gap is not None and (gap <= solver.limits.gap or steps.over):
        done = gap <= solver.limits.gap
        status = "optimal" if done else second.status if second.status != "optimal" else "time_limit"
        return replace(second, status=status, bound=first.bound, nodes=first.nodes + second.nodes)
    if second.values is not None:
        solver.start_from(second.values)
    elif steps.incumbent is not None:
        solver.start_from(steps.incumbent)
    else:
        solver.thorough()
    final = steps.run(solver.limits.gap)
    best = max((bound for bound in (final.bound, first.bound) if bound is not None), default=None)
    return replace(final, bound=best, nodes=first.nodes + second.nodes + final.nodes)


@dataclass(slots=True)
class _Steps:
    """The steps of one search, sharing its time."""

    solver: Solver
    stop: Stop | None
    started: float
    start: Mapping[str, float] | None = None
    incumbent: tuple[float, ...] | None = None

    @property
    def left(self) -> float | None:
        """Seconds left, None without a limit."""
        limit = self.solver.limits.time_limit
        return None if limit is None else limit - (time.monotonic() - self.started)

    @property
    def over(self) -> bool:
        """Whether the search has to end now."""
        return (self.left is not None and self.left <= 0) or (self.stop is not None and self.stop())

    def run(self, gap: float, most: float | None = None) -> Outcome:
        """One run to a gap, within the time left and at most so many seconds."""
        limits = [seconds for seconds in (self.left, most) if seconds is not None]
        outcome = self.solver.run(gap, min(limits, default=None), self.stop)
        return replace(outcome, seconds=time.monotonic() - self.started)

    def hurried(self, gap: float) -> Outcome:
        """One run when time is over: a strategy alone is no plan, so a few seconds are taken to make it one."""
        outcome = self.solver.run(gap, GRACE_SECONDS, None)
        return replace(outcome, seconds=time.monotonic() - self.started)

    def strategy(self, detail: list[int]) -> Outcome:
        """The program with only its strategic columns whole, to a part of the gap."""
        solver = self.solver
        spare = [row for row in solver.program.rows if row.constraint in IDLE_WITHOUT_WHOLE]
        solver.whole(detail, whole=False)
        solver.free(spare)
        if self.incumbent is not None:
            solver.start_from(self.incumbent)
        elif self.start is not None:
            solver.start_from(tuple(self.start.get(var.name, 0.0) for var in solver.columns))
        outcome = self.run(solver.limits.gap * STRATEGY_GAP, None if self.left is None else STRATEGY_TIME * self.left)
        solver.restore(spare)
        solver.whole(detail, whole=True)
        return outcome

    def detail(self, first: Outcome) -> Outcome:
        """The program around a strategy, until it is good enough.

        Runs, ports and accepted orders are held; an order may change by a few systems; divisible work stays in
        the halls in which the strategy has it.
        """
        solver, values, gap = self.solver, first.values or (), self.solver.limits.gap
        held = _held(solver, values)
        before = {j: solver.bounds(j) for j in held}
        for j, (lower, upper) in held.items():
            solver.bound(j, max(lower, before[j][0]), min(upper, before[j][1]))
        if first.bound is not None and first.bound > 0:
            solver.target(first.bound / (1.0 - 0.9 * gap))
        outcome = self.hurried(gap / 5) if self.over else self.run(gap / 5)
        solver.target(None)
        for j, (lower, upper) in before.items():
            solver.bound(j, lower, upper)
        return outcome

    def trimmed(self, found: Outcome) -> Outcome:
        """The same plan without what it does not need: nothing may be added, orders and installations may shrink.

        A gap leaves room for a few systems that nobody uses; no reader should have to wonder about them.
        """
        solver, v, values = self.solver, self.solver.program.v, found.values
        if values is None or not v.order or self.over:
            return found
        column = {var.id: j for j, var in enumerate(solver.columns)}
        fixed = [*v.strategic(), *v.running.values(), *v.retire.values()]
        most = [column[var.id] for var in (*v.order.values(), *v.install.values(), *v.rent.values(), *v.move.values())]
        before = {column[var.id]: solver.bounds(column[var.id]) for var in fixed} | {j: solver.bounds(j) for j in most}
        for var in fixed:
            whole = float(round(values[column[var.id]]))
            solver.bound(column[var.id], whole, whole)
        for j in most:
            solver.bound(j, 0.0, float(round(values[j])))
        solver.start_from(values)
        solver.nodes(TRIM_NODES)
        outcome = self.run(1e-5)
        solver.nodes(None)
        for j, (lower, upper) in before.items():
            solver.bound(j, lower, upper)
        if outcome.values is None or outcome.objective is None or outcome.objective > (found.objective or 0.0):
            return replace(found, seconds=outcome.seconds)
        return replace(found, values=outcome.values, objective=outcome.objective, seconds=outcome.seconds)


def _held(solver: Solver, values: tuple[float, ...]) -> dict[int, tuple[float, float]]:
    """Bounds by column around a strategy."""
    v = solver.program.v
    column = {var.id: j for j, var in enumerate(solver.columns)}
    bounds: dict[int, tuple[float, float]] = {}
    for var in v.strategic():
        whole = float(floor(values[column[var.id]] + 0.5))
        bounds[column[var.id]] = (whole, whole)
    for var in v.order.values():
        whole = bounds[column[var.id]][0]
        bounds[column[var.id]] = (max(0.0, whole - ORDERS_MAY_MOVE), whole + ORDERS_MAY_MOVE)
    for (j, h, t), var in v.running.items():
        job = solver.program.problem.jobs[j]
        busy = values[column[v.jobs[j, h, t].id]] > 1e-9
        there = in_service(solver.program, job.system, h, t, 1.0)
        enough = sum(values[column[part.id]] for part, _ in there) > job.units - 0.5
        bounds[column[var.id]] = (float(busy and enough), float(busy or enough))
    return bounds
