"""Divisible work reaches its target, or its shortfall is priced."""

from collections.abc import Iterator

from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault, exceeds
from planner.plan.verify.text import versus
from planner.scenario.periods import label_end


def target(case: Case) -> Iterator[Fault]:
    """Tokens per second of all jobs and the stated shortfall reach the target."""
    for stream in case.streams.values():
        for period in case.calendar:
            wanted = case.wanted(stream, period.index)
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


def token_budget(case: Case) -> Iterator[Fault]:
    """Tokens asked for by the end of a period are trained by then, or their absence is priced."""
    for stream in case.streams.values():
        for label, tokens in sorted(stream.tokens.items()):
            done = [p.index for p in case.calendar if p.end <= label_end(label)]
            jobs = [j for j in case.decisions.jobs if j.workload == stream.id and j.period in done]
            got = sum(case.rate(j) * j.jobs * case.calendar[j.period].hours * 3600.0 for j in jobs)
            late = sum(b.tokens for b in case.decisions.behind if (b.workload, b.period) == (stream.id, max(done)))
            if exceeds(1.0, (got + late) / tokens):
                right, left = versus(tokens, got + late, "tokens")
                text = f"{stream.id} has trained {left} of {right} by the end of {label}"
                yield Fault(stream.id, max(done), got + late, tokens, text)


def behind(case: Case) -> Iterator[Fault]:
    """Tokens are missing by a day only where they were asked for and the scenario gives that a price."""
    for record in case.decisions.behind:
        stream = case.streams[record.workload]
        due = {max(p.index for p in case.calendar if p.end <= label_end(label)) for label in stream.tokens}
        if record.tokens > 0 and (stream.shortfall is None or record.period not in due):
            text = f"{record.workload} is behind by the end of {case.label(record.period)}, which has no price"
            yield Fault(record.workload, record.period, record.tokens, 0.0, text)


def least_compute(case: Case) -> Iterator[Fault]:
    """Work at some sites reaches its least effective FLOP/s in every period."""
    for floor in case.scenario.least_compute:
        sites = {site.id for site in case.scenario.sites if site.id in floor.sites or site.region == floor.region}
        got = [0.0] * len(case.calendar)
        for jobs in case.decisions.jobs:
            if jobs.site in sites:
                flops = case.world.flops_per_token(case.workloads[jobs.workload])
                got[jobs.period] += case.rate(jobs) * jobs.jobs * flops / 1e12
        for start in case.decisions.starts:
            if start.site in sites:
                flops = case.world.flops_per_token(case.workloads[start.workload])
                for period, part in case.occupancy(start):
                    got[period] += case.rate(start) * part * flops / 1e12
        for when, reached in zip(case.calendar, got, strict=True):
            least = floor.compute.at(when) or 0.0
            if exceeds(least, reached):
                right, left = versus(least, reached, "compute")
                where = floor.region or ", ".join(floor.sites)
                text = f"{where}: work comes to {left} of at least {right} in {when.label}"
                yield Fault(where, when.index, reached, least, text)
