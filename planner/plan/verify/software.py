"""Software runs where it has been ported."""

from collections.abc import Iterator

from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault


def ported(case: Case) -> Iterator[Fault]:
    """Work runs on a platform only once its software has been ported to it."""
    for work in case.work:
        workload = case.workloads[work.workload]
        platform = case.system(work.system).platform
        ready = case.ready(workload.software, platform)
        if ready is None or work.period < ready:
            state = "is not ported to it" if ready is None else f"is ready on it in {case.label(ready)}"
            text = f"{work.workload} runs on {platform} in {case.label(work.period)}, {workload.software} {state}"
            yield Fault(f"{workload.software} on {platform}", work.period, 1.0, 0.0, text)
