"""The search of a program in which alike places are one, and what it takes to share its plan out among them.

Its bound is taken first: the merged program is a relaxation of the whole one. A plan of it that cannot be shared
out, because together the places hold a few systems more than one by one, is sought anew with every kind of system as
large as its part of a full place. That changes nothing that is proved, only what is looked at.
"""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import floor

from planner.optimize.highs import Solver
from planner.optimize.outcome import HIGHS, Outcome, Progress, Stop, relative_gap
from planner.optimize.search import search
from planner.optimize.spread import Layer, spread
from planner.optimize.stages import Reached, staged
from planner.optimize.steps import Steps
from planner.optimize.trim import trimmed
from planner.problem.alike import Alike

AGAIN_GAP = 0.8
"""Share of the allowed gap at which the search with larger systems ends: its own relaxation lies above the first."""


@dataclass(frozen=True, slots=True)
class Together:
    """A solution of the merged program; `layers` None where it could not be shared out, or there is none."""

    outcome: Outcome
    reached: tuple[Reached, ...]
    layers: tuple[Layer, ...] | None


def together(
    solver: Solver,
    alike: Alike,
    progress: Callable[[str, float], Progress] | None = None,
    stop: Stop | None = None,
    start: Mapping[str, float] | None = None,
) -> Together:
    """Search the merged program for its goals and share its plan out.

    Only where cost alone is sought it is sought anew if need be: later goals keep what the first search found.
    """
    began, limits = time.monotonic(), solver.limits
    outcome, reached = staged(solver, progress, stop, start)
    if outcome.values is None:
        return Together(outcome, reached, None)
    layers = spread(solver, alike, outcome.values)
    if layers is not None or len(reached) > 1 or limits.solver != HIGHS:
        return Together(outcome, reached, layers)
    with _larger_systems(solver, alike):
        for again in (_near, _anew):
            if limits.time_limit is not None:
                solver.limits = replace(limits, time_limit=max(0.05, limits.time_limit - (time.monotonic() - began)))
            found = again(solver, outcome, stop)
            gap = relative_gap(found.objective, outcome.bound)
            if found.values is None or gap is None or (outcome.status == "optimal" and gap > limits.gap):
                continue
            layers = spread(solver, alike, found.values)
            if layers is not None:
                outcome = replace(found, status=outcome.status, bound=outcome.bound)
                reached = (replace(reached[0], gap=gap),)
                break
    solver.limits = limits
    return Together(outcome, reached, layers)


def _near(solver: Solver, first: Outcome, stop: Stop | None) -> Outcome:
    """A plan around the strategy of the first."""
    steps = Steps(solver, stop, time.monotonic())
    found = trimmed(steps, steps.detail(first))
    return replace(found, nodes=first.nodes + found.nodes)


def _anew(solver: Solver, first: Outcome, stop: Stop | None) -> Outcome:
    solver.limits = replace(solver.limits, gap=AGAIN_GAP * solver.limits.gap)
    found = search(solver, None, stop)
    return replace(found, nodes=first.nodes + found.nodes)


@contextmanager
def _larger_systems(solver: Solver, alike: Alike) -> Iterator[None]:
    """The program with systems as large as a full hall divided by how many of the kind it holds.

    sum_i powered[i,H,t] / floor(it_power[h,t] / power_i) <= halls in H, and racks likewise
    """
    import numpy as np

    before = solver.highs.getNumRow()
    for most, terms in _filled(solver, alike):
        index = np.array([at for at, _ in terms], dtype=np.int32)
        solver.highs.addRow(-math.inf, most, len(terms), index, np.array([each for _, each in terms]))
    try:
        yield
    finally:
        added = np.arange(before, solver.highs.getNumRow(), dtype=np.int32)
        solver.highs.deleteRows(len(added), added)


def _filled(solver: Solver, alike: Alike) -> Iterator[tuple[float, list[tuple[int, float]]]]:
    """(halls, (column, share of a hall that one system takes)) by limit, group and period."""
    problem, v, feed = alike.merged, solver.program.v, alike.whole.feed
    column = solver.column
    rows: dict[tuple[str, int, int], list[tuple[int, float]]] = defaultdict(list)
    for name, group in (("power", v.powered), ("racks", v.fleet)):
        for (i, h, t), var in group.items():
            if h in alike.halls:
                room = feed.it_kw(h, t) if name == "power" else feed.racks(h, t)
                each = problem.draw_kw(i, h) if name == "power" else problem.racks[i, h]
                if holds := floor(room / each + 1e-9):
                    rows[name, h, t].append((column[var.id], 1.0 / holds))
    for (_, h, _), terms in sorted(rows.items()):
        yield float(len(alike.halls[h])), terms
