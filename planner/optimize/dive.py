"""A plan straight from the linear relaxation: its few fractions are decided one by one, then what is near by."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Any

from planner.optimize.around import Work, work_of
from planner.optimize.highs import Solver
from planner.optimize.outcome import Outcome
from planner.optimize.steps import CORE_NODES, Steps, within

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FRACTION = 1e-6
"""Distance from a whole number up to which a value is one."""

FREE = 0.02
"""Share of the allowed gap that rounding up may cost without a look at the other side."""

MOST_PIVOTS = 3000
"""Most iterations of a linear program; measured on generated cases, a side that is taken needs 400 at most."""

DECISIONS = 30
"""Most columns that are rounded, one by one, and most that may be fractions at once. Measured on generated cases: 3 to
12; where work is kept apart the linear programs took minutes."""

ROUNDS = 12
"""Most linear programs for deciding which jobs run."""

LOWERED = 3
"""Of these, the first, in which work that is less than one job ends. What is left then has only moved from hall to
hall: it is made one job where that is good enough. Measured with 14 servers too many for a hall: 0.7 %, else 1 %."""

NEAR = 1.0
"""Whole numbers by which a plan may differ from its linear program, in the columns that this uses."""


@dataclass(frozen=True, slots=True)
class Node:
    """A linear program solved within bounds on its columns."""

    lower: "Floats"
    upper: "Floats"
    values: "Floats"
    cost: float
    basis: Any


def dived(steps: Steps, relaxed: Outcome) -> Outcome | None:
    """A plan near the linear relaxation, which was solved last; None where none is found.

    Nothing is proved: a plan is a plan, and its distance from the relaxation is a proved gap. Strategic columns other
    than orders are rounded up or down one by one, whichever costs less; porting a family to a platform is one decision
    over all periods. Then jobs run where there is enough for one, and everything is made whole near by.
    """
    import numpy as np

    solver, bounds = steps.solver, steps.solver.all_bounds()
    whole = np.array(solver.integers, dtype=int)
    root = Node(*bounds, np.array(relaxed.values), relaxed.objective or 0.0, solver.basis)
    dive = Dive(steps, within(relaxed.bound, solver.limits.gap) or inf, list(work_of(solver)))
    try:
        with _fractions(solver, whole.tolist()):
            with steps.without_idle():
                shaped = dive.shaped(root)
            busy = dive.busy(shaped) if shaped is not None else None
        return dive.plan(busy, whole) if busy is not None else None
    finally:
        solver.set_bounds(*bounds)


@contextmanager
def _fractions(solver: Solver, whole: list[int]) -> Iterator[None]:
    solver.whole(whole, whole=False)
    solver.pivots(MOST_PIVOTS)
    try:
        yield
    finally:
        solver.pivots(None)
        solver.cut_off(None)
        solver.whole(whole, whole=True)


@dataclass(frozen=True, slots=True)
class Dive:
    """What the linear programs on the way down share."""

    steps: Steps
    enough: float
    """Objective above which no plan is of use."""
    work: list[Work]

    def solved(self, node: Node, lower: "Floats", upper: "Floats", below: float) -> Node | None:
        """The linear program within other bounds, from the basis of a node; None: nothing below a cost, or too long."""
        import numpy as np

        solver = self.steps.solver
        solver.set_bounds(lower, upper)
        solver.basis = node.basis
        solver.cut_off(below)
        found = self.steps.run(0.0)
        if found.status != "optimal" or found.values is None or found.objective is None or found.objective > below:
            return None
        return Node(lower, upper, np.array(found.values), found.objective, solver.basis)

    def shaped(self, node: Node) -> Node | None:
        """A node in which everything strategic besides orders is whole and held; None where none is good enough."""
        import numpy as np

        solver = self.steps.solver
        shape = self.steps.strategic.difference(var.id for var in solver.program.v.order.values())
        columns = np.array([j for id, j in solver.column.items() if id in shape], dtype=int)
        together = _ports(solver)
        for _ in range(DECISIONS + 1):
            values = node.values[columns]
            split = columns[np.abs(values - np.round(values)) > FRACTION]
            if len(split) > DECISIONS or self.steps.over:
                return None
            if not len(split):
                lower, upper = node.lower.copy(), node.upper.copy()
                lower[columns] = upper[columns] = np.round(values)
                return replace(node, lower=lower, upper=upper)
            part = node.values[split] - np.floor(node.values[split])
            j = int(split[np.argmax(part)])
            found = self.rounded(node, j, together.get(j, [j]))
            if found is None:
                return None
            node = found
        return None

    def rounded(self, node: Node, j: int, together: list[int]) -> Node | None:
        """One column rounded up, or all of those `together` rounded down, whichever costs less."""
        import numpy as np

        lower, upper = node.lower.copy(), node.upper.copy()
        lower[j] = np.ceil(node.values[j])
        up = self.solved(node, lower, node.upper, self.enough)
        if up is not None and up.cost <= node.cost + FREE * self.steps.solver.limits.gap * abs(node.cost):
            return up
        upper[together] = np.floor(node.values[together])
        return self.solved(node, node.lower, upper, self.enough if up is None else up.cost) or up

    def busy(self, node: Node) -> Node | None:
        """A node in which jobs run, or not, by whether there is enough for one; None where it is not good enough."""
        found = self.solved(node, node.lower, node.upper, self.enough)
        for n in range(ROUNDS):
            if found is None:
                return None
            node, values = found, found.values
            split = [w for w in self.work if w.alike == 1 and FRACTION < values[w.running] < 1.0 - FRACTION]
            if not split:
                return node
            found = self.held(node, split, raised=True) if n >= LOWERED else None
            found = found or self.held(node, split, raised=False)
        return found

    def held(self, node: Node, split: list[Work], *, raised: bool) -> Node | None:
        """A node in which jobs run where there is enough for one, or `raised`, wherever work is."""
        lower, upper = node.lower.copy(), node.upper.copy()
        for work in split:
            lower[work.running] = upper[work.running] = float(raised or work.enough(node.values))
        return self.solved(node, lower, upper, self.enough)

    def plan(self, node: Node, whole: "NDArray[np.int64]") -> Outcome | None:
        """A search near a node: what it leaves idle stays so, and jobs stay where it has enough for them."""
        import numpy as np

        solver, values = self.steps.solver, node.values
        lower, upper = node.lower.copy(), node.upper.copy()
        idle = values[whole] < lower[whole] + FRACTION
        lower[whole] = np.maximum(lower[whole], np.floor(values[whole] + FRACTION) - NEAR)
        most = np.minimum(upper[whole], np.ceil(values[whole] - FRACTION) + NEAR)
        upper[whole] = np.where(idle, lower[whole], most)
        for work in self.work:
            enough = work.enough(values)
            lower[work.running] = float(enough and work.busy(values)) if work.alike == 1 else 0.0
            upper[work.running] = float(work.alike * enough)
        solver.set_bounds(lower, upper)
        solver.nodes(CORE_NODES)
        found = self.steps.run(solver.limits.gap / 5)
        solver.nodes(None)
        self.steps.has_plan = self.steps.has_plan or found.values is not None
        return found if found.values is not None else None


def _ports(solver: Solver) -> dict[int, list[int]]:
    """For each column that stands for a port, those that stand for the same one in any period."""
    column = solver.column
    same: dict[int, list[int]] = {}
    for program in solver.program.parts or (solver.program,):
        ways: dict[tuple[str, str], list[int]] = defaultdict(list)
        for (family, platform, _), var in program.v.port.items():
            ways[family, platform].append(column[var.id])
        for group in ways.values():
            for j in group:
                same[j] = same.get(j, []) + group
    return same
