"""What the plan's work yields: model FLOPs trained, per period and cell, and how well the accelerators are used."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from planner.plan.decisions import Decisions, Jobs, Start
from planner.problem.arrays import Problem
from planner.problem.case import Case
from planner.problem.rows.work import Begin
from planner.scenario.model import ContinuousTraining, TrainingRun

PFLOP_DAY = 8.64e19
"""FLOPs of one PFLOP/s for a day."""

At = tuple[int, str, str, str]
"""Period, site, hall, system."""


@dataclass(slots=True)
class Output:
    """Work of one cell in one period."""

    effective: float = 0.0
    """Effective PFLOP-days: 6 x active parameters x tokens (after goodput) / 8.64e19."""
    before_goodput: float = 0.0
    """The same, had nothing ever failed."""
    busy: float = 0.0
    """Accelerators at work, averaged over the period."""
    tokens: float = 0.0
    """Tokens trained (after goodput)."""
    largest_job: int = 0
    """Accelerators of the largest job."""

    @property
    def goodput(self) -> float | None:
        """Share of the work that counts; None without work."""
        return self.effective / self.before_goodput if self.before_goodput else None


def active_parameters(case: Case, model: str) -> float:
    """Parameters per token of a model: as published, else counted from its shape."""
    from planner.throughput.case import active_parameters as counted
    from planner.throughput.rates import transformer_of

    entry = case.catalog.transformers[model]
    return entry.active_b * 1e9 if entry.active_b is not None else counted(transformer_of(entry))


def pflop_days(case: Case, model: str, tokens: float) -> float:
    """Effective PFLOP-days of training a model on so many tokens."""
    return 6.0 * active_parameters(case, model) * tokens / PFLOP_DAY


def outputs(case: Case, problem: Problem, decisions: Decisions) -> Mapping[At, Output]:
    """Work by period, site, hall and system."""
    found: dict[At, Output] = defaultdict(Output)
    streams = {stream.id: stream for stream in case.scenario.streams}
    runs = {run.id: run for run in case.scenario.runs}
    rate = Rates(problem, decisions)
    for job in decisions.jobs:
        tokens = job.jobs * rate.of(job) * problem.calendar[job.period].hours * 3600.0
        at = (job.period, job.site, job.hall, job.system)
        whole = job.accelerators + (job.beside_accelerators or 0)
        _book(case, found[at], streams[job.workload], job, job.jobs, tokens, whole)
    for start in decisions.starts:
        begin = begin_of(problem, decisions, start)
        whole = sum(part.accelerators for part in cluster(decisions, start))
        for t, share in begin.occupancy:
            tokens = begin.rate * share * problem.calendar[t].hours * 3600.0
            at = (t, start.site, start.hall, start.system)
            _book(case, found[at], runs[start.workload], start, share, tokens, whole)
    return found


def _book(
    case: Case,
    into: Output,
    work: ContinuousTraining | TrainingRun,
    job: Jobs | Start,
    jobs: float,
    tokens: float,
    whole: int = 0,
) -> None:
    """Book tokens of a job; `whole` is the size of its cluster where that is more than the job's own accelerators."""
    system = case.systems[job.system]
    size = ceil(max(whole, job.accelerators) / system.accelerators) * system.accelerators
    goodput = case.estimates(work, system, (size,))[0].goodput
    effective = pflop_days(case, work.model, tokens)
    into.effective += effective
    into.before_goodput += effective / goodput if goodput else 0.0
    into.busy += jobs * job.accelerators
    into.tokens += tokens
    into.largest_job = max(into.largest_job, whole, job.accelerators)


def with_effect(case: Case, problem: Problem, decisions: Decisions, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `targets` with what they ask for and get in effective PFLOP-days, and what is paid for the rest."""
    works = {work.id: work for work in case.scenario.workloads}
    hours = {period.label: period.hours for period in problem.calendar}
    penalty = _penalties(problem, decisions)
    for row in rows:
        work = works[row["workload"]]
        per = {"tokens/s": hours[row["period"]] * 3600.0, "tokens": 1.0}
        tokens = work.tokens if isinstance(work, TrainingRun) else per[row["unit"]]
        unit = pflop_days(case, work.model, tokens)
        row["required_effective_pflop_days"] = row["required"] * unit
        row["delivered_effective_pflop_days"] = row["delivered"] * unit
        row[f"penalty_{problem.currency.lower()}"] = penalty.get((row["workload"], row["period"]), 0.0)
    return rows


def _penalties(problem: Problem, decisions: Decisions) -> dict[tuple[str, str], float]:
    """What is paid for targets that are not met, by workload and period, positive."""
    label = [period.label for period in problem.calendar]
    found: dict[tuple[str, str], float] = defaultdict(float)
    streams, runs = {row.id: row for row in problem.streams}, {row.id: row for row in problem.runs}
    for short in decisions.shortfalls:
        prices = streams[short.workload].shortfall
        for event in prices[short.period] if prices else ():
            found[short.workload, label[short.period]] -= event.amount * short.tokens_per_s
    for behind in decisions.behind:
        budget = next(b for b in streams[behind.workload].budgets if b.last == behind.period)
        for event in budget.missed or ():
            found[behind.workload, label[behind.period]] -= event.amount * behind.tokens / budget.tokens
    for missed in decisions.missed:
        for event in runs[missed.workload].missed or ():
            found[missed.workload, label[-1]] -= event.amount
    return found


class Rates:
    """Tokens/s of the jobs that a plan runs, and how efficient their software is by then."""

    def __init__(self, problem: Problem, decisions: Decisions) -> None:
        self.problem = problem
        self.index = {row.id: i for i, row in enumerate(problem.systems)}
        self.family = {row.id: row.software for row in problem.streams}
        self.ready = ready_in(problem, decisions)

    def of(self, job: Jobs) -> float:
        """Tokens/s of one job, after goodput."""
        return self.problem.jobs[job_of(self.problem, job)].rate * self.efficiency(job)

    def efficiency(self, job: Jobs) -> float:
        """Rate of its software over that of mature software, mean of the period."""
        platform = self.problem.platform_of(self.index[job.system])
        ready = self.ready.get((self.family[job.workload], platform))
        return 1.0 if ready is None else self.problem.efficiency(ready, job.period)


def ready_in(problem: Problem, decisions: Decisions) -> dict[tuple[str, str], int]:
    """(software family, platform) -> period in which the plan's port of it is ready."""
    return {(p.family, p.platform): problem.ports[p.family, p.platform, p.period] for p in decisions.ports}


def job_of(problem: Problem, job: Jobs) -> int:
    """Number of the program's own record of a job that the plan runs."""
    size = {row.id: row.accelerators for row in problem.systems}
    beside = None
    if job.beside is not None and job.beside_accelerators is not None:
        beside = (job.beside, job.beside_accelerators // size[job.beside])
    place = f"{job.site}/{job.hall}" if job.network is not None else None
    units = job.accelerators // size[job.system]
    return problem.job_number[job.workload, job.system, units, place, job.network, beside]


def begin_of(problem: Problem, decisions: Decisions, start: Start) -> Begin:
    """The program's own record of a coherent run that the plan begins."""
    return problem.begins[number_of(problem, decisions, start)]


def number_of(problem: Problem, decisions: Decisions, start: Start) -> int:
    """Its number."""
    ready = ready_in(problem, decisions)
    beside = _beside(problem, decisions, start)
    return next(n for n, begin in enumerate(problem.begins) if _same(problem, ready, beside, begin, start))


def cluster(decisions: Decisions, start: Start) -> list[Start]:
    """All parts of the run that a start begins: itself, and the other kind of system where two do it."""
    return [other for other in decisions.starts if other.workload == start.workload]


def _beside(problem: Problem, decisions: Decisions, start: Start) -> tuple[int, int] | None:
    """System and units of the other kind that does the same run."""
    index = {row.id: i for i, row in enumerate(problem.systems)}
    others = [other for other in cluster(decisions, start) if other.system != start.system]
    found = [(index[o.system], o.accelerators // problem.systems[index[o.system]].accelerators) for o in others]
    return next(iter(found), None)


def _same(
    problem: Problem,
    ready: Mapping[tuple[str, str], int],
    beside: tuple[int, int] | None,
    begin: Begin,
    start: Start,
) -> bool:
    system, run = problem.systems[begin.system], problem.runs[begin.run]
    since = ready.get((run.software, system.platform))
    if since is not None and problem.ripening is not None and problem.ripening.mature(since, start.period):
        since = None
    return (
        begin.ready == (since if problem.ripening is not None else None)
        and run.id == start.workload
        and system.id == start.system
        and begin.units * system.accelerators == start.accelerators
        and begin.beside == beside
        and problem.halls[begin.hall].id == f"{start.site}/{start.hall}"
        and begin.period == start.period
        and begin.network == start.network
    )
