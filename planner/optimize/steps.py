"""The steps of a search: linear programs, strategies, details around them, all within one time."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from planner.optimize.around import MAY_MOVE, held
from planner.optimize.highs import IDLE_WITHOUT_WHOLE, Solver
from planner.optimize.outcome import Outcome, Stop, relative_gap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STRATEGY_GAP = 0.9
"""Share of the allowed gap left to the first step."""

CORE_STRATEGY_GAP = 0.6
"""Share of the allowed gap above the linear relaxation at which a strategy out of its core is good enough."""

CORE_COST = 1e-3
"""Share of the allowed gap that one unit of a column may cost (reduced cost) to belong to the core. Measured on
generated cases: at 0.01 the core takes five times as long, at 0.0001 it finds less."""

CORE_NODES = 300
"""Most nodes of a search in the core; nodes, not seconds: the answer is the same everywhere."""

STRATEGY_TIME = 0.7
"""Share of a time limit that the first step may take."""

GRACE_SECONDS = 5.0
"""Time taken beyond a limit, or after Ctrl-C, to turn a strategy into a plan."""

FIRST_PLAN_SECONDS = 15.0
"""Time that a search without any plan takes at least: a smaller limit ends it as soon as there is one."""


def best_of(one: Outcome | None, other: Outcome | None) -> Outcome | None:
    """The better of two outcomes; one without a plan is no better than any."""
    if one is None or other is None:
        return one or other
    if one.objective is None or other.objective is None:
        return one if one.objective is not None else other
    return one if one.objective <= other.objective else other


def refuted(bound: float | None, objective: float | None) -> bool:
    """Whether there is a plan that a proved bound says there is not: the solver was wrong."""
    return bound is not None and objective is not None and bound > objective + REFUTED * max(1.0, abs(objective))


def within(bound: float | None, gap: float) -> float | None:
    """The objective that is `gap` above a bound; None where that says nothing."""
    if bound is None or abs(bound) < 1e-9:
        return None
    return bound / (1.0 - gap) if bound > 0 else bound / (1.0 + gap)


REFUTED = 1e-5
"""How far a bound may be above a plan for rounding, by the size of the objective."""


@dataclass(slots=True)
class Steps:
    """The steps of one search, sharing its time."""

    solver: Solver
    stop: Stop | None
    started: float
    start: Mapping[str, float] | None = None
    incumbent: tuple[float, ...] | None = None
    """A solution of the first step to start from."""
    given: tuple[float, ...] | None = None
    """A plan that the caller has."""
    strategic: frozenset[int] = frozenset()
    """Ids of the strategic variables."""
    grace: float = GRACE_SECONDS
    """Seconds taken beyond a limit, or after a stop, to turn a strategy into a plan."""
    has_plan: bool = False
    """Whether there is a plan: without one a search goes on for `FIRST_PLAN_SECONDS` at least."""

    def __post_init__(self) -> None:
        self.given = self.incumbent
        self.has_plan = self.has_plan or self.given is not None
        self.strategic = frozenset(var.id for var in self.solver.program.v.strategic())

    @property
    def known(self) -> Outcome | None:
        """The plan that the caller has, at what it costs here."""
        if self.given is None:
            return None
        return Outcome("optimal", self.given, self.solver.value(self.given), None, 0.0, 0)

    @property
    def left(self) -> float | None:
        """Seconds left, None without a limit."""
        limit = self.solver.limits.time_limit
        if limit is None:
            return None
        limit = limit if self.has_plan else max(limit, FIRST_PLAN_SECONDS)
        return limit - (time.monotonic() - self.started)

    @property
    def patience(self) -> float | None:
        """Seconds after which a run ends once it has found anything; None: it goes on to its gap or limit."""
        limit = self.solver.limits.time_limit
        if limit is None or self.has_plan or limit >= FIRST_PLAN_SECONDS:
            return None
        return limit - (time.monotonic() - self.started)

    @property
    def over(self) -> bool:
        """Whether the search has to end now."""
        return (self.left is not None and self.left <= 0) or (self.stop is not None and self.stop())

    def settled(self, plan: Outcome, bound: float | None) -> bool:
        """Whether a plan is within the gap of a bound, or time is over."""
        gap = relative_gap(plan.objective, bound)
        if refuted(bound, plan.objective):
            return self.over
        return gap is not None and (gap <= self.solver.limits.gap or self.over)

    def answer(self, plan: Outcome, bound: float | None, nodes: int) -> Outcome:
        """A plan of the second step with the bound of the first."""
        gap = relative_gap(plan.objective, bound)
        done = gap is not None and gap <= self.solver.limits.gap
        stopped = self.stop is not None and self.stop()
        late = "interrupted" if stopped else plan.status if plan.status != "optimal" else "time_limit"
        status = "optimal" if done else late
        return replace(plan, status=status, bound=bound, nodes=nodes + plan.nodes)

    def run(self, gap: float, most: float | None = None, enough: float = inf) -> Outcome:
        """One run to a gap or to a bound that is enough, within the time left and at most so many seconds."""
        limits = [seconds for seconds in (self.left, most) if seconds is not None]
        outcome = self.solver.run(gap, min(limits, default=None), self.stop, enough, self.patience)
        return replace(outcome, seconds=time.monotonic() - self.started)

    def afresh(self) -> Outcome:
        """The whole program from nothing and without presolve: for once a bound has been refuted."""
        self.solver.forget()
        return self.run(self.solver.limits.gap)

    def hurried(self, gap: float) -> Outcome:
        """One run when time is over: a strategy alone is no plan, so a few seconds are taken to make it one."""
        outcome = self.solver.run(gap, self.grace, None)
        return replace(outcome, seconds=time.monotonic() - self.started)

    def relaxation(self, strategic: list[int], detail: list[int]) -> "tuple[Outcome, NDArray[np.float64]]":
        """The linear relaxation, whose value is a bound, and its reduced costs."""
        with self.bare(detail):
            bare, reduced = self.linear(strategic)
        self.solver.keep_basis()
        return bare, reduced

    def core_strategy(self, detail: list[int], bare: Outcome, reduced: "NDArray[np.float64]") -> Outcome:
        """A strategy out of what the linear relaxation uses."""
        if bare.status != "optimal" or bare.values is None or self.over:
            return replace(bare, values=None, nodes=0)
        with self.bare(detail):
            return self.core(bare, reduced, bare.bound, CORE_STRATEGY_GAP * self.solver.limits.gap)

    def linear(self, columns: Sequence[int]) -> "tuple[Outcome, NDArray[np.float64]]":
        """The program with these columns as fractions, and its reduced costs."""
        self.solver.whole(columns, whole=False)
        outcome = self.run(0.0)
        reduced = self.solver.reduced_costs()
        self.solver.whole(columns, whole=True)
        return outcome, reduced

    def core(self, relaxed: Outcome, reduced: "NDArray[np.float64]", bound: float | None, gap: float) -> Outcome:
        """A search among the columns that a linear program uses, or would at little cost; the others stay idle."""
        import numpy as np

        lower, upper = self.solver.all_bounds()
        dear = reduced > CORE_COST * self.solver.limits.gap * abs(relaxed.objective or 0.0)
        idle = (np.array(relaxed.values or ()) <= lower + 1e-9) & dear
        return self.narrowed(lower, np.where(idle, lower, upper), bound, gap)

    def narrowed(
        self, least: "NDArray[np.float64]", most: "NDArray[np.float64]", bound: float | None, gap: float
    ) -> Outcome:
        """A search within narrower bounds until `gap` of a bound: it proves nothing, what it finds is a solution."""
        solver = self.solver
        lower, upper = solver.all_bounds()
        solver.set_bounds(least, most)
        solver.target(within(bound, gap))
        solver.nodes(CORE_NODES)
        outcome = self.run(solver.limits.gap / 5)
        solver.nodes(None)
        solver.target(None)
        solver.set_bounds(lower, upper)
        return outcome

    @contextmanager
    def bare(self, detail: list[int]) -> Iterator[None]:
        """The program with only its strategic columns whole."""
        self.solver.whole(detail, whole=False)
        try:
            with self.without_idle():
                yield
        finally:
            self.solver.whole(detail, whole=True)

    @contextmanager
    def without_idle(self) -> Iterator[None]:
        """The program without the rows that say nothing of fractions."""
        spare = [row for row in self.solver.program.rows if row.constraint in IDLE_WITHOUT_WHOLE]
        self.solver.free(spare)
        try:
            yield
        finally:
            self.solver.restore(spare)

    def strategy(self, detail: list[int], plan: Outcome | None) -> Outcome:
        """The program with only its strategic columns whole, to a part of the gap, or until `plan` is proved."""
        solver = self.solver
        with self.bare(detail):
            if self.incumbent is not None:
                solver.start_from(self.incumbent)
            elif self.start is not None:
                solver.start_from(tuple(self.start.get(var.name, 0.0) for var in solver.columns))
            most = None if self.left is None else STRATEGY_TIME * self.left
            cost = plan.objective if plan is not None else None
            enough = inf if cost is None else cost - solver.limits.gap * abs(cost)
            solver.reduced_cost_trials(on=False)
            found = self.run(solver.limits.gap * STRATEGY_GAP, most, enough)
            solver.reduced_cost_trials(on=True)
            return found

    def detail(self, first: Outcome, *, quick: bool = False) -> Outcome:
        """The program around a strategy, until it is good enough; `quick`: only in its core.

        Runs, ports and accepted orders are held; an order may change by a few systems; divisible work stays in
        the halls in which the strategy has it.
        """
        solver = self.solver
        lower, upper = solver.all_bounds()
        for room in MAY_MOVE:
            narrow, wide = lower.copy(), upper.copy()
            for j, (least, most) in held(solver, first.values or (), room).items():
                narrow[j], wide[j] = max(least, lower[j]), min(most, upper[j])
            solver.set_bounds(narrow, wide)
            outcome = self._near(first)
            if outcome.values is not None or self.over:
                break
        if not quick and not (outcome.values is not None and self.settled(outcome, first.bound)):
            outcome = self._thorough(first, outcome)
        self.has_plan = self.has_plan or outcome.values is not None
        solver.set_bounds(lower, upper)
        return outcome

    def _near(self, first: Outcome) -> Outcome:
        """A plan within the bounds that are set, near its linear relaxation."""
        if self.over:
            return replace(first, values=None)
        relaxed, reduced = self.linear(self.solver.integers)
        if relaxed.status != "optimal" or self.over:
            return replace(relaxed, values=None)
        return self.core(relaxed, reduced, first.bound, 0.9 * self.solver.limits.gap)

    def _thorough(self, first: Outcome, best: Outcome) -> Outcome:
        """A plan within the bounds that are set, from the best so far, however far from the linear relaxation."""
        solver, gap = self.solver, self.solver.limits.gap
        if best.values is not None:
            if self.over:
                return best
            solver.start_from(best.values)
        solver.target(within(first.bound, 0.9 * gap))
        last = self.hurried(gap / 5) if self.over else self.run(gap / 5)
        solver.target(None)
        return best_of(best if best.values is not None else None, last) or last

    def repaired(self, first: Outcome) -> Outcome | None:
        """A plan out of the core of the whole program, where no detail fits a strategy; None when time is over.

        A strategy knows no least job: it may lean on fleets smaller than one, in halls that its detail then loses.
        """
        if self.over:
            return None
        relaxed, reduced = self.linear(self.solver.integers)
        if relaxed.status != "optimal" or self.over:
            return None
        return self.core(relaxed, reduced, first.bound, 0.9 * self.solver.limits.gap)
