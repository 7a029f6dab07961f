"""Divisible work reaches its target, or its shortfall is priced."""

from collections.abc import Iterator

from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault, exceeds
from planner.plan.verify.text import versus


def target(case: Case) -> Iterator[Fault]:
    """Tokens per second of all jobs and the stated shortfall reach the target."""
    for stream in case.streams.values():
        for period in case.calendar:
            wanted = stream.target.at(period) or 0.0
            jobs = [j for j in case.decisions.jobs if (j.workload, j.period) == (stream.id, period.index)]
            short = [s for s in case.decisions.shortfalls if (s.workload, s.period) == (stream.id, period.index)]
            got = sum(case.rate(j) * j.jobs for j in jobs) + sum(s.tokens_per_s for s in short)
            if exceeds(wanted, got):
                right, left = versus(wanted, got, "rate")
                text = f"{stream.id} reaches {left} of {right} in {period.label}"
                yield Fault(stream.id, period.index, got, wanted, text)


def shortfall(case: Case) -> Iterator[Fault]:
    """Demand falls short only where the scenario gives that a price."""
    for record in case.decisions.shortfalls:
        if record.tokens_per_s > 0 and case.streams[record.workload].shortfall is None:
            text = f"{record.workload} falls short in {case.label(record.period)}, and its target must be met"
            yield Fault(record.workload, record.period, record.tokens_per_s, 0.0, text)
