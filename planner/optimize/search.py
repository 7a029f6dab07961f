"""How a program is searched: strategy first, detail after, and the proof from the relaxation between them."""

import time
from collections.abc import Mapping
from dataclasses import replace

from planner.optimize.dive import dived
from planner.optimize.highs import Solver
from planner.optimize.outcome import Outcome, Progress, Stop
from planner.optimize.steps import GRACE_SECONDS, Steps, best_of, refuted
from planner.optimize.trim import trimmed

LARGE = 15_000
"""Columns from which on a plan is first sought by rounding the relaxation, which is then solved without scaling.
Measured on generated cases of 23,000 columns: 3 to 5 processor seconds instead of 9 to 42. The largest shipped example
has 4,000 and takes one second either way."""


def search(
    solver: Solver,
    progress: Progress | None = None,
    stop: Stop | None = None,
    start: Mapping[str, float] | None = None,
    incumbent: tuple[float, ...] | None = None,
    *,
    trim: bool = True,
    grace: float = GRACE_SECONDS,
    patient: bool = True,
) -> Outcome:
    """Solve a program in up to three steps, each only as long as needed.

    The linear relaxation gives a bound at once, and the columns that it uses, or would at little cost, often hold a
    strategy and its details within the gap of it: then nothing else is searched. Of a large program that is first
    sought by rounding.
    Otherwise first only its strategic columns (orders, runs, ports) are whole numbers, a relaxation: its proved bound
    holds for the program. Then those are held and everything else is made whole: a solution. Where the two are
    further apart than the gap, the whole program is searched from that solution.
    Once `stop` answers True the search ends and the best solution so far is kept. `start` holds values by name of
    a program with fewer possibilities: a plan that this one can only better. `incumbent` is a plan of this program, by
    column: the answer is at least as good. Stopped, it takes `grace` seconds to make a strategy a plan; not `patient`,
    a short limit holds even where there is no plan yet.
    """
    if progress is not None:
        solver.report_to(progress)
    steps = Steps(solver, stop, time.monotonic(), start, incumbent, grace=grace, has_plan=not patient)
    found = _searched(steps)
    if refuted(found.bound, found.objective) and not steps.over:
        found = steps.afresh()
    return trimmed(steps, found) if trim else found


def _searched(steps: Steps) -> Outcome:
    solver, gap = steps.solver, steps.solver.limits.gap
    strategic = [j for id, j in solver.column.items() if id in steps.strategic]
    detail = sorted(set(solver.integers).difference(strategic))
    if not detail or not strategic:
        return steps.run(gap)
    plan: Outcome | None = None
    least: float | None = None
    fresh = steps.start is None and steps.incumbent is None
    if fresh or (steps.start is None and len(solver.columns) >= LARGE):
        bare, plan, nodes = _near_relaxation(steps, strategic, detail)
        if bare.status == "infeasible":
            return bare
        least = bare.bound
        if plan is not None and plan.values is not None and steps.settled(plan, least):
            return steps.answer(plan, least, nodes)
    first = steps.strategy(detail, plan)
    first = replace(first, bound=max((bound for bound in (least, first.bound) if bound is not None), default=None))
    if first.values is None and plan is None:
        return first if first.status == "infeasible" else steps.run(gap)
    second = best_of(plan, steps.detail(first) if first.values is not None else None)
    if (second is None or second.values is None) and steps.given is None:
        second = steps.repaired(first)
    if second is not None and second.values is not None and steps.settled(second, first.bound):
        return steps.answer(second, first.bound, first.nodes)
    if second is not None and second.values is not None:
        solver.start_from(second.values)
    elif steps.given is not None:
        solver.start_from(steps.given)
    else:
        solver.thorough()
    final = steps.run(gap)
    best = max((bound for bound in (final.bound, first.bound) if bound is not None), default=None)
    return replace(final, bound=best, nodes=first.nodes + (second.nodes if second else 0) + final.nodes)


def _near_relaxation(steps: Steps, strategic: list[int], detail: list[int]) -> tuple[Outcome, Outcome | None, int]:
    """The linear relaxation, a plan near it if there is any, and the nodes of the strategy that it stands on."""
    solver = steps.solver
    large = len(solver.columns) >= LARGE
    if large:
        solver.unscaled()
    bare, reduced = steps.relaxation(strategic, detail)
    plan: Outcome | None = None
    if large and bare.status == "optimal" and not steps.over:
        plan = best_of(dived(steps, bare), steps.known)
        if plan is not None and steps.settled(plan, bare.bound):
            return bare, plan, 0
    if steps.given is not None:
        return bare, plan, 0
    core = steps.core_strategy(detail, bare, reduced)
    if core.values is None:
        return bare, plan, 0
    steps.incumbent = core.values
    return bare, best_of(plan, steps.detail(replace(core, bound=bare.bound), quick=True)), core.nodes
