"""Goals in order of importance: each is sought among the plans that are good enough in those before it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from planner.optimize.highs import Solver
from planner.optimize.objective import Aim, aim_of
from planner.optimize.outcome import HIGHS, Limits, Outcome, Progress, Status, Stop, relative_gap
from planner.optimize.outside import outside
from planner.optimize.search import search
from planner.scenario.goals import Goal

SLACK = 1e-7
"""Relative room left to a goal that was reached, for the solver's own tolerance."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a stage came to, in the aim's unit; `bound` is what no plan betters (None: the stage was not searched)."""

    goal: Goal
    unit: str
    scale: float
    """Factor from what is minimised to the unit; negative for what should be large."""
    bound: float | None
    gap: float | None
    status: Status


def staged(
    solver: Solver,
    progress: Callable[[str, float], Progress] | None = None,
    stop: Stop | None = None,
    start: Mapping[str, float] | None = None,
    held: Mapping[str, float] | None = None,
) -> tuple[Outcome, tuple[Reached, ...]]:
    """Search a program for its goals in order; the outcome is that of the last, with the time of all.

    After each stage its quantity is held at what was found, plus its tolerance; the next starts from the plan so far.
    A stage that time leaves nothing for keeps that plan. Time is shared out evenly over the stages that are left.
    `progress` makes the report of a stage from its name and the factor from what is minimised to its unit. What is
    `held`, by title and in its unit, is kept at that value and not sought.
    """
    hold(solver, held or {})
    stages = tuple(goal for goal in solver.program.problem.goals.stages if goal.title not in (held or {}))
    limits, began = solver.limits, time.monotonic()
    if len(stages) == 1:
        aim = aim_of(solver.program, stages[0])
        if held:
            solver.seek(aim)
        outcome = _search(solver, progress and progress("", aim.scale), stop, start)
        return outcome, (_reached(stages[0], aim, outcome),)
    reached: list[Reached] = []
    best: Outcome | None = None
    for n, goal in enumerate(stages):
        aim = aim_of(solver.program, goal)
        solver.seek(aim)
        solver.limits = _share(limits, time.monotonic() - began, len(stages) - n)
        last = n == len(stages) - 1
        first = best.values if best is not None else None
        told = progress and progress(f" for {goal.title}", aim.scale)
        outcome = _search(solver, told, stop, start, first, trim=last)
        if outcome.values is None and first is None:
            return outcome, ()
        best = outcome if first is None else _better(outcome, first, _value(solver, aim, first))
        reached.append(_reached(goal, aim, best))
        if not last:
            found = best.objective or 0.0
            solver.hold(aim, found + (goal.tolerance + SLACK) * max(abs(found), 1e-6))
    solver.limits = limits
    if best is None:
        raise ValueError("a program without a goal")
    status: Status = next((r.status for r in reached if r.status != "optimal"), "optimal")
    return replace(best, status=status, seconds=time.monotonic() - began), tuple(reached)


def hold(solver: Solver, held: Mapping[str, float]) -> None:
    """Keep goals of the problem, by title and in their units, as good as these values."""
    for goal in solver.program.problem.goals.stages:
        if goal.title in held:
            aim = aim_of(solver.program, goal)
            value = held[goal.title] / aim.scale
            solver.hold(aim, value + SLACK * max(abs(value), 1e-6))


def _search(
    solver: Solver,
    progress: Progress | None,
    stop: Stop | None,
    start: Mapping[str, float] | None,
    incumbent: tuple[float, ...] | None = None,
    *,
    trim: bool = True,
) -> Outcome:
    """One stage by the solver that is asked for; what others than HiGHS know nothing of is left out."""
    if solver.limits.solver != HIGHS:
        return outside(solver, solver.limits.gap)
    return search(solver, progress, stop, start, incumbent=incumbent, trim=trim)


def _share(limits: Limits, spent: float, left: int) -> Limits:
    if limits.time_limit is None:
        return limits
    return replace(limits, time_limit=max(0.05, (limits.time_limit - spent) / left))


def _value(solver: Solver, aim: Aim, values: tuple[float, ...]) -> float:
    column = solver.column
    return sum(c * values[column[var.id]] for var, c in aim.terms) + aim.constant


def _better(outcome: Outcome, before: tuple[float, ...], value: float) -> Outcome:
    """What a stage found, or the plan before it where that is as good."""
    if outcome.values is not None and outcome.objective is not None and outcome.objective <= value:
        return outcome
    stopped: Status = "error" if outcome.status == "infeasible" else outcome.status
    bound = None if stopped == "error" else outcome.bound
    return replace(outcome, status=stopped, values=before, objective=value, bound=bound)


def _reached(goal: Goal, aim: Aim, outcome: Outcome) -> Reached:
    gap = relative_gap(outcome.objective, outcome.bound)
    return Reached(goal, aim.unit, aim.scale, aim.of(outcome.bound), gap, outcome.status)
