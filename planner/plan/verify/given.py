"""What a check is given: the scenario, the facts and the decisions, each found by its id."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from planner.plan.decisions import Decisions, Install, Jobs, Powered, Retirement, Spare, Start
from planner.plan.verify.world import Parameters, SystemFacts, World
from planner.scenario.model import ContinuousTraining, Hall, PendingOrder, Scenario, Site, TrainingRun, Workload
from planner.scenario.periods import Calendar

Place = tuple[str, str, str]
"""System, site, hall."""
Line = list[float]
"""One number per period."""


@dataclass(frozen=True)
class Given:
    """Scenario, facts and decisions, each found by its id."""

    scenario: Scenario
    world: World
    decisions: Decisions
    objective: float | None = None
    """Cost that the plan claims; None: it claims nothing."""
    claims: Mapping[str, float] | None = None
    """What it claims to come to in what it seeks, cost apart."""

    @cached_property
    def calendar(self) -> Calendar:
        """The periods of the plan."""
        return self.scenario.calendar

    @cached_property
    def parameters(self) -> Parameters:
        """Planning parameters."""
        return self.world.parameters

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.scenario.sites}

    @cached_property
    def halls(self) -> dict[tuple[str, str], tuple[Site, Hall]]:
        """Halls, with their site, by site and hall id."""
        return {(site.id, hall.id): (site, hall) for site in self.scenario.sites for hall in site.all_halls}

    @cached_property
    def runs(self) -> dict[str, TrainingRun]:
        """Coherent runs by id."""
        return {run.id: run for run in self.scenario.runs}

    @cached_property
    def streams(self) -> dict[str, ContinuousTraining]:
        """Divisible workloads by id."""
        return {stream.id: stream for stream in self.scenario.streams}

    @cached_property
    def workloads(self) -> dict[str, Workload]:
        """All workloads by id."""
        return {workload.id: workload for workload in self.scenario.workloads}

    @cached_property
    def work(self) -> tuple[Jobs | Start, ...]:
        """Everything that runs."""
        return (*self.decisions.jobs, *self.decisions.starts)

    @cached_property
    def pending(self) -> dict[str, PendingOrder]:
        """Orders placed before the plan, by id."""
        return {order.id: order for order in self.scenario.orders}

    @cached_property
    def accepted(self) -> tuple[PendingOrder, ...]:
        """Pending orders that are taken."""
        return tuple(self.pending[record.order_id] for record in self.decisions.accepted)

    def system(self, system: str) -> SystemFacts:
        """Facts of a system."""
        return self.world.system(system)

    def label(self, period: int) -> str:
        """Label of a period for people."""
        return self.calendar[period].label

    def _placed(self, records: Iterable[Install | Retirement | Powered | Spare]) -> dict[Place, Line]:
        table: dict[Place, Line] = self._table()
        for record in records:
            table[record.system, record.site, record.hall][record.period] += record.count
        return table

    def _table(self) -> defaultdict[Any, Line]:
        return defaultdict(lambda: [0.0] * len(self.calendar))


def running(line: Line) -> Line:
    """Cumulative sums."""
    return list(accumulate(line))
