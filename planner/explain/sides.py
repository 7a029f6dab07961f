"""The two sides of a substitution at one workload: the clusters at which they are compared, and the rate."""

import math
from dataclasses import dataclass

from planner.explain.span import Span
from planner.explain.speed import Speed, Work
from planner.explain.wide import Wide
from planner.scenario.model import TrainingRun
from planner.scenario.periods import label_end, label_start


@dataclass(frozen=True)
class Side:
    """One system at one workload: its speed at each level of facts, and the cluster it is compared at."""

    levels: dict[str, Speed]
    own: str
    """The scenario's level."""
    size: int | None
    """Accelerators of the job or cluster; None when it cannot do the work."""
    why: str | None = None
    """Why it cannot, or what was compared instead."""

    @property
    def speed(self) -> Speed:
        """At the scenario's level."""
        return self.levels[self.own]

    @property
    def rate(self) -> Span:
        """Effective tokens/s per accelerator with the range over the catalog's levels."""
        assert self.size is not None
        found = {level: s.at(self.size).effective_tokens_per_s / self.size for level, s in self.levels.items()}
        return Span.over(found[self.own], (value for value in found.values() if value > 0))

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm of its throughput."""
        assert self.size is not None
        return self.speed.spread(self.size)


def source_side(wide: Wide, work: Work, key: str) -> Side:
    """The chip to be replaced at a workload."""
    levels = wide.speeds(work, key)
    speed = levels[wide.scenario.values]
    if speed.why_none is not None:
        return Side(levels, wide.scenario.values, None, speed.why_none)
    if not isinstance(work, TrainingRun):
        return _job_side(wide, levels, work.least_job)
    wanted = needed_rate(work)
    size = speed.cluster_for(wanted)
    if size is not None:
        return Side(levels, wide.scenario.values, size)
    best = speed.at(speed.top).effective_tokens_per_s
    why = (
        f"{speed.system.name} cannot finish {work.id} in its time: {speed.top:,} accelerators train at {best:,.0f} of "
        f"{wanted:,.0f} tokens/s; compared at that cluster"
    )
    return Side(levels, wide.scenario.values, speed.top, why)


def target_side(wide: Wide, work: Work, key: str, source: Side) -> Side:
    """The replacement at the same workload and throughput."""
    levels = wide.speeds(work, key)
    speed = levels[wide.scenario.values]
    if speed.why_none is not None:
        return Side(levels, wide.scenario.values, None, speed.why_none)
    if not isinstance(work, TrainingRun):
        return _job_side(wide, levels, work.least_job)
    assert source.size is not None
    wanted = source.speed.at(source.size).effective_tokens_per_s
    size = speed.cluster_for(wanted)
    if size is not None:
        return Side(levels, wide.scenario.values, size)
    best = speed.at(speed.top).effective_tokens_per_s
    why = (
        f"no single cluster reaches {wanted:,.0f} tokens/s: the fastest, of {speed.top:,} accelerators "
        f"(its network joins {speed.reach:,}), trains at {best:,.0f}"
    )
    return Side(levels, wide.scenario.values, None, why)


def _job_side(wide: Wide, levels: dict[str, Speed], least: int) -> Side:
    speed = levels[wide.scenario.values]
    size = speed.best_job(least)
    if size is not None:
        return Side(levels, wide.scenario.values, size)
    return Side(levels, wide.scenario.values, None, f"no job of {least:,} accelerators or more fits: {_reason(speed)}")


def _reason(speed: Speed) -> str:
    return speed.at(speed.sizes[-1]).reason or f"its network joins {speed.reach:,}"


def needed_rate(run: TrainingRun) -> float:
    """Tokens/s that finish a run between its first possible day and its deadline; without a first day, in a year."""
    end = label_end(run.deadline)
    days = (end - label_start(run.earliest)).days if run.earliest else 365
    return run.tokens / (max(days, 1) * 86400.0)


def rate_of(source: Side, target: Side) -> Span:
    """Accelerators of the target per accelerator of the source, with its interval.

    The interval holds the 80 % of the throughput model (both chips, taken as independent) and the catalog's low to
    high of both. A system replaced by itself is worth exactly one.
    """
    if source.speed.system.id == target.speed.system.id:
        return Span(1.0, 1.0, 1.0)
    return source.rate.per(target.rate).widened(math.hypot(source.spread, target.spread))
