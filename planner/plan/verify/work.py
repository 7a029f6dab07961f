"""Work runs on systems that are on, in jobs of a useful size that the network can hold together."""

from collections.abc import Iterator
from math import inf

from planner.plan.decisions import Jobs, Start
from planner.plan.verify.case import Case
from planner.plan.verify.given import Line
from planner.plan.verify.records import Fault, differs, exceeds
from planner.plan.verify.rent import offers, standing
from planner.plan.verify.ripening import ripe
from planner.plan.verify.text import tell, versus
from planner.scenario.periods import label_start
from planner.scenario.rent import RENTED


def use(case: Case) -> Iterator[Fault]:
    """Work occupies no more systems than are switched on."""
    for place, line in case.used.items():
        system, site, hall = place
        on = standing(case, hall) if site == RENTED else case.powered.get(place, [0.0] * len(line))
        for period, (lhs, rhs) in enumerate(zip(line, on, strict=True)):
            if exceeds(lhs, rhs):
                left, right = versus(lhs, rhs)
                text = f"work takes {left} {system} in hall {site}/{hall} in {case.label(period)}, {right} are powered"
                yield Fault(f"{site}/{hall}", period, lhs, rhs, text)


def job_size(case: Case) -> Iterator[Fault]:
    """A job takes whole systems and at least the least size of its workload."""
    for work in case.work:
        each = case.system(work.system).accelerators
        if work.accelerators < 1 or work.accelerators % each:
            text = f"{work.workload} takes {work.accelerators} accelerators of {work.system}, which come by {each}"
            yield Fault(_where(work), work.period, work.accelerators, each, text)
    for jobs in case.decisions.jobs:
        least, size = case.streams[jobs.workload].least_job, case.cluster(jobs)
        if size < least:
            text = f"jobs of {jobs.workload} take {size} accelerators, fewer than {least} are of no use"
            yield Fault(_where(jobs), jobs.period, size, least, text)


def useful_amount(case: Case) -> Iterator[Fault]:
    """Where a job takes several systems, its hall has as many in service; how much of the period it runs is free."""
    for jobs in case.decisions.jobs:
        needs = case.systems_of(jobs)
        owned = _there(case, jobs)[jobs.period]
        if jobs.jobs and case.several(jobs) and exceeds(needs, owned):
            text = f"a job of {jobs.workload} takes {tell(needs)} {jobs.system} in hall {_where(jobs)} in "
            text += f"{case.label(jobs.period)}, {owned:.0f} are in service"
            yield Fault(_where(jobs), jobs.period, needs, owned, text)


def reach(case: Case) -> Iterator[Fault]:
    """One job is no larger than the cluster that hall, system and fabric can hold together."""
    for work in case.work:
        joined = offers(case)[work.hall] if work.site == RENTED else case.halls[work.site, work.hall][1]
        rung, size = case.rung(work), case.cluster(work)
        far = joined.max_cluster if rung is None else rung.facts.reach
        limits = [limit for limit in (far, case.system(work.system).reach) if limit is not None]
        if limits and size > min(limits):
            text = f"a job of {work.workload} takes {size} accelerators, {_where(work)} holds {min(limits)} together"
            yield Fault(_where(work), work.period, size, min(limits), text)


def memory(case: Case) -> Iterator[Fault]:
    """A job fits in the memory of its accelerators."""
    for work in case.work:
        if not case.rate(work) > 0:
            text = f"{work.workload} does not fit on {work.accelerators} accelerators of {work.system}"
            yield Fault(_where(work), work.period, 0.0, 0.0, text)


def platforms(case: Case) -> Iterator[Fault]:
    """Work runs only on platforms that its owner considers."""
    for work in case.work:
        wanted = case.workloads[work.workload].platforms
        platform = case.system(work.system).platform
        if wanted is not None and platform not in wanted:
            text = f"{work.workload} runs on {platform} in {case.label(work.period)}, the scenario does not consider it"
            yield Fault(_where(work), work.period, 1.0, 0.0, text)


def run_once(case: Case) -> Iterator[Fault]:
    """Every coherent run starts exactly once or is missed at its stated price."""
    for run in case.runs.values():
        begun = [start for start in case.decisions.starts if start.workload == run.id]
        starts = len(begun) - (len(case.parts(begun[0])) - 1 if begun else 0)
        missed = sum(record.workload == run.id for record in case.decisions.missed)
        if starts + missed != 1:
            text = f"run {run.id} starts {starts} times and is missed {missed} times: once is right"
            yield Fault(run.id, None, starts + missed, 1.0, text)
        if missed and run.missed is None:
            yield Fault(run.id, None, missed, 0.0, f"run {run.id} has no price for being missed: it must be done")


def run_held(case: Case) -> Iterator[Fault]:
    """Coherent runs have all their systems in service in every period in which they run, and share none in a period."""
    told: set[tuple[str, str, str, int]] = set()
    for start in case.decisions.starts:
        owned = _there(case, start)
        for period, _ in case.occupancy(start):
            others = meeting(case, start, period)
            needs = sum(case.systems_of(other) for other in others)
            if exceeds(needs, owned[period]) and (start.system, start.site, start.hall, period) not in told:
                told.add((start.system, start.site, start.hall, period))
                who = " and ".join(sorted({other.workload for other in others}))
                who = f"run {who} takes" if len(others) == 1 else f"runs {who} take"
                text = f"{who} {tell(needs)} {start.system} in hall {_where(start)} in "
                text += f"{case.label(period)}, {owned[period]:.0f} are in service"
                yield Fault(_where(start), period, needs, owned[period], text)


def meeting(case: Case, start: Start, period: int) -> list[Start]:
    """All starts that hold systems of the same kind in the same hall in a period, this one among them.

    Runs begin with a period, so all those of a period overlap at its start.
    """
    place = (start.system, start.site, start.hall)
    return [
        other
        for other in case.decisions.starts
        if (other.system, other.site, other.hall) == place and any(p == period for p, _ in case.occupancy(other))
    ]


def mixed(case: Case) -> Iterator[Fault]:
    """A run on two kinds of system begins on software that is mature on both; jobs on two kinds run on both alike."""
    for start in case.decisions.starts:
        if len(case.parts(start)) > 1 and case.age(start) != inf and not ripe(*case.ripening, case.age(start)):
            text = (
                f"run {start.workload} begins on two kinds of system in {case.label(start.period)}, and its software "
            )
            text += f"is not mature on {start.system}"
            yield Fault(_where(start), start.period, 1.0, 0.0, text)

    for jobs in case.decisions.jobs:
        if jobs.beside is not None:
            other = [mate.jobs for mate in case.mates(jobs)]
            if len(other) != 1 or differs(jobs.jobs, other[0]):
                told = " and ".join(f"{n:g}" for n in other) or "none"
                text = f"{jobs.jobs:g} jobs of {jobs.workload} run on {jobs.system} with {jobs.beside} in hall "
                text += f"{_where(jobs)} in {case.label(jobs.period)}, on the other kind {told}: as many is right"
                yield Fault(_where(jobs), jobs.period, jobs.jobs, sum(other), text)


def run_earliest(case: Case) -> Iterator[Fault]:
    """A coherent run starts no earlier than it may."""
    for start in case.decisions.starts:
        earliest = case.runs[start.workload].earliest
        if earliest is not None and case.calendar[start.period].start < label_start(earliest):
            text = f"run {start.workload} starts in {case.label(start.period)}, no earlier than {earliest} is right"
            yield Fault(start.workload, start.period, start.period, 0.0, text)


def run_deadline(case: Case) -> Iterator[Fault]:
    """A coherent run is done by the end of its deadline."""
    for start in case.decisions.starts:
        needs, has = case.duration(start), case.hours_until(start)
        if exceeds(needs, has):
            left, right = tell(needs / 24), tell(has / 24)
            text = (
                f"run {start.workload} takes {left} days from {case.label(start.period)}, its deadline leaves {right}"
            )
            yield Fault(start.workload, start.period, needs, has, text)


def _there(case: Case, work: Jobs | Start) -> Line:
    """Systems in service, or held under contract, where work runs, by period."""
    if work.site == RENTED:
        return standing(case, work.hall)
    return case.fleet.get((work.system, work.site, work.hall), [0.0] * len(case.calendar))


def run_within(case: Case) -> Iterator[Fault]:
    """A coherent run takes no longer than it may."""
    for start in case.decisions.starts:
        most, takes = case.runs[start.workload].within, case.duration(start)
        if most is not None and exceeds(takes, most):
            left, right = tell(takes / 24), tell(most / 24)
            text = f"run {start.workload} takes {left} days, {right} are allowed"
            yield Fault(start.workload, start.period, takes, most, text)


def together(case: Case) -> Iterator[Fault]:
    """Runs that start together begin in the same period, all of them or none."""
    groups: dict[str, list[str]] = {}
    for run in case.runs.values():
        if run.together:
            groups.setdefault(run.id.rpartition(".")[0], []).append(run.id)
    for group, runs in groups.items():
        begun = [sorted({s.period for s in case.decisions.starts if s.workload == run}) for run in runs]
        if any(periods != begun[0] for periods in begun):
            yield Fault(group, None, len(runs), 1.0, f"the runs of {group} do not start together")


def apart(case: Case) -> Iterator[Fault]:
    """Work that must not share a hall or a site does not, in any period."""
    for group in case.scenario.apart:
        alone = group.workloads[0] if len(group.workloads) == 1 else None
        there: dict[tuple[str, int], set[str]] = {}
        for name, site, hall, period in _present(case):
            if alone is not None or name in group.workloads:
                whole = group.place == "site" and site != RENTED
                there.setdefault((site if whole else f"{site}/{hall}", period), set()).add(name)
        for (place, period), names in sorted(there.items()):
            if len(names) > 1 and (alone is None or alone in names):
                told = " and ".join(sorted(names))
                text = f"{told} run at {place} in {case.label(period)}, and must not share a {group.place}"
                yield Fault(place, period, len(names), 1.0, text)


def _present(case: Case) -> Iterator[tuple[str, str, str, int]]:
    """Workload, site, hall and period of everything that runs."""
    for jobs in case.decisions.jobs:
        if exceeds(jobs.jobs, 0.0):
            yield jobs.workload, jobs.site, jobs.hall, jobs.period
    for start in case.decisions.starts:
        for period, _ in case.occupancy(start):
            yield start.workload, start.site, start.hall, period


def _where(work: Jobs | Start) -> str:
    return f"{work.site}/{work.hall}"
