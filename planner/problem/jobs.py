"""Jobs of divisible work over every system and hall of a case."""

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.mixed import mixed_jobs
from planner.problem.networks import NetworkRow
from planner.problem.places import sorted_halls
from planner.problem.porting import considered
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.keys import Slots
from planner.problem.rows.work import Job
from planner.problem.workloads import Networks, hall_reach, job_sizes, jobs, more_efficient, over_networks, reach
from planner.scenario.model import ContinuousTraining


def all_jobs(
    case: Case, systems: list[ResolvedSystem], usable: Slots, wired: Networks, left_out: list[Excluded]
) -> tuple[list[Job], dict[int, frozenset[int]]]:
    """Jobs of every stream on every system that may be on somewhere, and the halls that can hold each."""
    found: list[Job] = []
    where: dict[int, frozenset[int]] = {}
    halls = hall_reach(case)
    for w, stream in enumerate(case.scenario.streams):
        for i, system in enumerate(systems):
            everywhere = sorted({h for k, h, _ in usable if k == i})
            if not everywhere or not considered(case, stream, system):
                continue
            for h in everywhere:
                if (i, h) in wired:
                    for job in _wired_jobs(case, stream, (w, i, h), system, wired[i, h], left_out):
                        where[len(found)] = frozenset({h})
                        found.append(job)
            places = [h for h in everywhere if (i, h) not in wired]
            if not places:
                continue
            limits = {h: reach(system, halls[h]) for h in places}
            some, why = jobs(case, stream, w, i, system, max(limits.values()))
            if why is not None:
                left_out.append(Excluded("cluster", system.id, system.accelerator_id, "memory", f"{stream.id}: {why}"))
            for job in some:
                where[len(found)] = frozenset(h for h in places if job.units * system.accelerators <= limits[h])
                found.append(job)
        able = {i: system for i, system in enumerate(systems) if considered(case, stream, system)}
        for job, at in mixed_jobs(case, stream, w, able, usable, wired):
            where[len(found)] = at
            found.append(job)
    return found, where


def _wired_jobs(
    case: Case,
    stream: ContinuousTraining,
    at: tuple[int, int, int],
    system: ResolvedSystem,
    row: NetworkRow,
    left_out: list[Excluded],
) -> list[Job]:
    """Jobs of a stream over the networks that a hall may buy; `at` is (workload, system, hall)."""
    w, i, h = at
    sizes = job_sizes(stream, system, min(row.levels[-1].reach, system.max_cluster))
    found = over_networks(case, stream, system, row, sizes, more_efficient)
    if not found:
        site, hall = sorted_halls(case.scenario)[h]
        detail = f"{stream.id}: no network of the hall carries a job of {stream.least_job} accelerators"
        left_out.append(
            Excluded("cluster", system.id, system.accelerator_id, "reach", detail, site=f"{site.id}/{hall.id}")
        )
    return [Job(w, i, sized.units, sized.rate, sized.network) for sized in found]
