"""Software platforms: which one a system has, what may run on it, and which ports are of use."""

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.rows.work import Begin, Job
from planner.scenario.model import ContinuousTraining, TrainingRun


def platform_of(system: ResolvedSystem) -> str:
    """Software platform of a system; one that names none is a platform of its own."""
    return system.platform or system.accelerator_id


def considered(case: Case, work: ContinuousTraining | TrainingRun, system: ResolvedSystem) -> bool:
    """Whether the scenario lets a workload run on a system's platform."""
    return work.platforms is None or platform_of(system) in work.platforms


def ported_of(case: Case) -> frozenset[tuple[str, str]]:
    """(family, platform) of the software that is already ported."""
    return frozenset((work.software, platform) for work in case.scenario.workloads for platform in work.ported)


def ports_of(
    case: Case, systems: list[ResolvedSystem], found_jobs: list[Job], found_begins: list[Begin]
) -> dict[tuple[str, str, int], int]:
    """(family, platform, t) of every port that is of use -> period in which it is ready."""
    streams, runs = case.scenario.streams, case.scenario.runs
    needed = {(streams[job.stream].software, platform_of(systems[job.system])) for job in found_jobs}
    needed |= {(runs[begin.run].software, platform_of(systems[begin.system])) for begin in found_begins}
    slots = {}
    for family, platform in sorted(needed - ported_of(case)):
        for period in case.calendar:
            ready = case.calendar.after(period.index, case.parameters.porting_hours)
            if ready is not None:
                slots[family, platform, period.index] = ready
    return slots
