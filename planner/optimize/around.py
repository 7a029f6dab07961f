"""What a search around a strategy may change, and where there is enough for a job."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from planner.optimize.constraints.attrition import for_jobs
from planner.optimize.highs import Solver

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = Sequence[float] | NDArray[np.float64]

MAY_MOVE = (3.0, 20.0)
"""Systems by which an order may change in the second step, tried in turn until a plan fits. Measured: one system leaves
too little room, and more is slower where few do; where three leave none, twenty may do: 0.4 processor seconds instead
of 10 for the shipped example with other power, supply and work."""


def held(solver: Solver, values: tuple[float, ...], room: float) -> dict[int, tuple[float, float]]:
    """Bounds by column around a strategy, orders within so many systems of it."""
    column = solver.column
    bounds: dict[int, tuple[float, float]] = {}
    for program in solver.program.parts or (solver.program,):
        v = program.v
        for var in v.strategic():
            if var.id not in column:  # in no row: nothing hangs on it
                continue
            whole = float(floor(values[column[var.id]] + 0.5))
            bounds[column[var.id]] = (whole, whole)
        for var in v.order.values():
            whole = bounds[column[var.id]][0]
            bounds[column[var.id]] = (max(0.0, whole - room), whole + room)
    for work in work_of(solver):
        enough, busy = work.enough(values), work.busy(values)
        least = float(busy and enough) if work.alike == 1 else 0.0
        bounds[work.running] = (least, float(work.alike * (busy or enough)))
    return bounds


@dataclass(frozen=True, slots=True)
class Work:
    """Divisible work of jobs that take more than one system: its columns."""

    running: int
    jobs: int
    units: int
    there: tuple[tuple[int, float], ...]
    """Systems that it may take."""
    alike: int
    """Halls that are planned as this one."""

    def enough(self, values: "Values") -> bool:
        """Whether there are enough systems for one job, to half a system."""
        return sum(factor * values[j] for j, factor in self.there) > self.units - 0.5

    def busy(self, values: "Values") -> bool:
        """Whether any of it is done."""
        return values[self.jobs] > 1e-9


def work_of(solver: Solver) -> Iterator[Work]:
    """All such work of a program, or of the programs that it holds."""
    column = solver.column
    for program in solver.program.parts or (solver.program,):
        for (j, h, t), var in program.v.running.items():
            job = program.problem.jobs[j]
            there = tuple((column[part.id], factor) for part, factor in for_jobs(program, job.system, h, t))
            yield Work(
                column[var.id], column[program.v.jobs[j, h, t].id], job.units, there, program.problem.copies.of_hall(h)
            )
