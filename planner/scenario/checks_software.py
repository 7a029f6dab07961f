"""Plain sense of what is said about ports of software and about work that stays apart."""

from planner.scenario.checker import Checker, Path

RIPENS = ("porting-start-efficiency", "porting-maturity-time")


def apart(checker: Checker) -> None:
    """Work that stays apart exists, is more than one, and is not to stay apart from itself."""
    scenario = checker.scenario
    known = [work.id for work in scenario.workloads]
    for n, group in enumerate(scenario.apart):
        path: Path = ("apart", n, "workloads")
        for k, name in enumerate(group.workloads):
            if checker.known((*path, k), "workload", name, known) and name in group.workloads[:k]:
                message = f"{name} would have to stay apart from itself"
                checker.fault((*path, k), "duplicate", message, "name each workload once")
        if len(group.workloads) == 1 and len(known) == 1:
            message = f"there is no other workload for {group.workloads[0]} to stay apart from"
            checker.fault(path, "no-effect", message, "leave it out")


def porting(checker: Checker) -> None:
    """How software ripens is stated only where it does."""
    scenario = checker.scenario
    if scenario.porting.maturity:
        return
    for name in RIPENS:
        paths: list[Path] = [("parameters", name)] if name in scenario.parameters else []
        paths += [("facts", key) for key in (f"assumptions.{name}",) if key in scenario.facts]
        for path in paths:
            message = f"{name} has no effect: software is mature as soon as it is ported"
            checker.fault(path, "no-effect", message, "state `porting: {maturity: true}`, or leave it out")
