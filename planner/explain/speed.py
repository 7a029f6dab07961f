"""How fast a system trains a workload at each cluster size, and how many of it reach a given throughput."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.workloads import GROWTH
from planner.scenario.model import ContinuousTraining, TrainingRun
from planner.throughput.calibration import Z80, Calibration, Family, load

if TYPE_CHECKING:
    from planner.throughput.estimate import Estimate

SMALLEST, DOUBLINGS = 8, 15
"""Cluster sizes of a curve: 8, 16, ... accelerators, rounded up to whole systems."""

FINENESS = 128
"""A cluster for a given throughput is found to one part in so many, or to the system."""

type Work = TrainingRun | ContinuousTraining


@dataclass(frozen=True)
class Speed:
    """One system at one workload, as a case resolves it."""

    case: Case
    work: Work
    system: ResolvedSystem
    _known: dict[int, "Estimate"] = field(default_factory=dict, repr=False, compare=False)

    def at(self, accelerators: int) -> "Estimate":
        """The estimate of one cluster."""
        if accelerators not in self._known:
            self._known[accelerators] = self.case.estimates(self.work, self.system, (accelerators,))[0]
        return self._known[accelerators]

    @property
    def reach(self) -> int:
        """Most accelerators in one cluster, by the system's own network and its fabric."""
        return max(int(self.system.max_cluster), 1)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Cluster sizes looked at: powers of two up to the reach, in whole systems, and the reach itself."""
        g = self.system.accelerators
        most = max(self.reach // g, 1) * g
        grid = {-(-SMALLEST * 2**k // g) * g for k in range(DOUBLINGS)}
        return tuple(sorted({size for size in grid if size < most} | {min(most, max(grid))}))

    @cached_property
    def top(self) -> int:
        """The cluster with the most throughput among `sizes`; beyond it failures take more than size gives."""
        return max(self.sizes, key=lambda n: self.at(n).effective_tokens_per_s)

    @property
    def why_none(self) -> str | None:
        """Why no cluster of the curve trains the model at all; None when one does."""
        if self.at(self.top).effective_tokens_per_s > 0:
            return None
        return self.at(self.sizes[-1]).reason or "no cluster makes progress between failures"

    def best_job(self, least: int) -> int | None:
        """The job of `least` accelerators or a multiple (as the plan tries them) that trains most per accelerator."""
        units = max(1, math.ceil(least / self.system.accelerators))
        sizes = [units * k * self.system.accelerators for k in GROWTH]
        fit = [n for n in sizes if n <= self.reach and self.at(n).effective_tokens_per_s > 0]
        return max(fit, key=lambda n: self.at(n).effective_tokens_per_s / n, default=None)

    def cluster_for(self, tokens_per_s: float) -> int | None:
        """The least cluster that trains at `tokens_per_s` after failures, in whole systems; None when none does."""
        below = 0
        for size in self.sizes:
            if size > self.top:
                return None
            if self.at(size).effective_tokens_per_s >= tokens_per_s:
                return self._between(below, size, tokens_per_s)
            below = size
        return None

    def _between(self, below: int, above: int, tokens_per_s: float) -> int:
        g = self.system.accelerators
        low, high = below // g, above // g
        while high - low > max(1, high // FINENESS):
            middle = (low + high) // 2
            if self.at(middle * g).effective_tokens_per_s >= tokens_per_s:
                high = middle
            else:
                low = middle
        return high * g

    def spread(self, accelerators: int) -> float:
        """Standard deviation of the logarithm of the throughput, as the model states it for this cluster."""
        found = self.at(accelerators)
        if found.tokens_per_s <= 0 or found.high <= found.low:
            return 0.0
        return math.log(found.high / found.low) / (2 * Z80)


def family_of(system: ResolvedSystem, calibration: Calibration | None = None) -> Family:
    """The calibration family of a system."""
    return (calibration or load()).family(system.performance_family or "generic")
