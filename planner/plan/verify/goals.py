"""What a plan comes to in everything that could be sought besides cost, and the caps on it."""

from collections.abc import Callable, Iterator, Mapping
from math import isfinite

from planner.plan.verify.case import Case
from planner.plan.verify.energy import drawn
from planner.plan.verify.money import net_present_cost
from planner.plan.verify.records import Fault, differs, exceeds
from planner.plan.verify.statement import amount
from planner.plan.verify.text import versus
from planner.scenario.goals import OF_PRIORITY
from planner.scenario.periods import label_end


def throughput(case: Case) -> float:
    """Effective PFLOP/s of divisible work, mean over the plan's hours."""
    done = 0.0
    for jobs in case.decisions.jobs:
        each = case.rate(jobs) * case.world.flops_per_token(case.workloads[jobs.workload])
        done += jobs.jobs * each * case.calendar[jobs.period].hours
    return done / sum(period.hours for period in case.calendar) / 1e15


def completion(case: Case) -> float:
    """Days from the plan's start to the end of a coherent run, mean over the runs; one that is missed ends with it."""
    first = case.calendar.start
    begun = {start.workload: start for start in case.decisions.starts}.values()
    ends = [(case.calendar[s.period].start - first).days + case.duration(s) / 24.0 for s in begun]
    ends += [float((case.calendar.end - first).days) for _ in case.decisions.missed]
    return sum(ends) / max(1, len(case.runs))


def energy(case: Case) -> float:
    """MWh at the meter of all sites over the plan."""
    return sum(drawn(case, of_carbon=False)) / 1e3


def carbon(case: Case) -> float:
    """Tonnes of CO2 of that energy, by the carbon factor of each site's grid."""
    return sum(drawn(case, of_carbon=True)) / 1e3


def concentration(case: Case) -> float:
    """Largest part of the compute asked for that one vendor's systems deliver, in FLOPs."""
    asked, by_vendor = 0.0, dict.fromkeys((case.system(w.system).vendor for w in case.work), 0.0)
    for stream in case.streams.values():
        flops = case.world.flops_per_token(stream)
        asked += sum(case.wanted(stream, p.index) * p.hours * 3600.0 * flops for p in case.calendar)
        asked += flops * max(stream.tokens.values(), default=0.0)
    for run in case.runs.values():
        asked += run.tokens * case.world.flops_per_token(run)
    for jobs in case.decisions.jobs:
        tokens = case.rate(jobs) * jobs.jobs * case.calendar[jobs.period].hours * 3600.0
        by_vendor[case.system(jobs.system).vendor] += tokens * case.world.flops_per_token(case.workloads[jobs.workload])
    for start in case.decisions.starts:
        run = case.runs[start.workload]
        by_vendor[case.system(start.system).vendor] += case.share(start) * run.tokens * case.world.flops_per_token(run)
    return max(by_vendor.values(), default=0.0) / asked if asked else 0.0


def shortage(case: Case, level: int | None = None) -> float:
    """Weighted mean over the workloads of the share missed: a run whole, a stream its mean over all it is asked for.

    A target counts as one demand, by the hours in which it is asked for; each token budget as one more.

    Of a priority only its workloads count.
    """
    counted = {name: work for name, work in case.workloads.items() if level is None or work.priority == level}
    missed = sum(counted[record.workload].weight for record in case.decisions.missed if record.workload in counted)
    for stream in (stream for stream in case.streams.values() if stream.id in counted):
        wanted = {p.index: case.wanted(stream, p.index) for p in case.calendar}
        short = [s for s in case.decisions.shortfalls if s.workload == stream.id and wanted[s.period] > 0]
        due = {max(p.index for p in case.calendar if p.end <= label_end(by)): n for by, n in stream.tokens.items()}
        asked = sum(p.hours for p in case.calendar if wanted[p.index] > 0)
        parts = [s.tokens_per_s / wanted[s.period] * case.calendar[s.period].hours / asked for s in short]
        parts += [b.tokens / due[b.period] for b in case.decisions.behind if b.workload == stream.id]
        missed += stream.weight * sum(parts) / max(1, (asked > 0) + len(due))
    return missed / (sum(work.weight for work in counted.values()) or 1.0)


def _cost(case: Case) -> float:
    return net_present_cost(case.cash)


QUANTITIES: Mapping[str, Callable[[Case], float]] = {
    "cost": _cost,
    "throughput": throughput,
    "completion": completion,
    "energy": energy,
    "carbon": carbon,
    "concentration": concentration,
    "shortage": shortage,
}
"""How much a plan has of everything that can be sought: currency, PFLOP/s, days, MWh, t, shares."""


def sought(case: Case) -> dict[str, float]:
    """The quantities that the scenario seeks, cost apart."""
    return {goal.title: _quantity(case, goal.title) for goal in case.scenario.goals if goal.name != "cost"}


def _quantity(case: Case, title: str) -> float:
    """A quantity by its name; of a priority the shortage of its workloads."""
    name, _, level = title.partition(OF_PRIORITY)
    return shortage(case, int(level)) if level else QUANTITIES[name](case)


def caps(case: Case) -> Iterator[Fault]:
    """What could also be sought stays within what the scenario allows."""
    stated = case.scenario.caps
    limits = {
        "cost": None if stated.cost is None else amount(case, stated.cost, 0),
        "completion": None if stated.completion is None else stated.completion / 24.0,
        "concentration": stated.concentration,
        "shortage": stated.shortage,
    }
    for name, limit in limits.items():
        if limit is not None and exceeds(got := QUANTITIES[name](case), limit):
            left, right = versus(got, limit)
            yield Fault(name, None, got, limit, f"{name} comes to {left}, at most {right} is allowed")
    if stated.throughput is not None and exceeds(least := stated.throughput / 1e3, got := throughput(case)):
        right, left = versus(least, got)
        yield Fault(
            "throughput", None, got, least, f"throughput comes to {left} PFLOP/s, at least {right} is asked for"
        )


def goals(case: Case) -> Iterator[Fault]:
    """What the plan claims to come to in what is sought is what it comes to when recomputed."""
    for name, claimed in sorted((case.claims or {}).items()):
        again = _quantity(case, name)
        if not isfinite(claimed) or differs(claimed, again):
            left, right = versus(claimed, again)
            yield Fault(name, None, claimed, again, f"the plan claims {name} of {left}, recomputed it is {right}")
