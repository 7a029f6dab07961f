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
        same = [other for other in scenario.apart[:n] if {*other.workloads} == {*group.workloads}]
        if any(other.place == group.place for other in same):
            checker.fault(
                path, "duplicate", f"{' and '.join(group.workloads)} are apart already", "keep one of the two"
            )
        if len(group.workloads) == 1 and len(known) == 1:
            message = f"there is no other workload for {group.workloads[0]} to stay apart from"
            checker.fault(path, "no-effect", message, "leave it out")


def mixed(checker: Checker) -> None:
    """Kinds that do work together exist; a pair is stated once."""
    scenario = checker.scenario
    seen: set[frozenset[str | None]] = set()
    for n, mix in enumerate(scenario.mixed_runs):
        path: Path = ("mixed_runs", n)
        pair = frozenset(checker.name((*path, "systems", k), "systems", name) for k, name in enumerate(mix.systems))
        if len(pair) == 1 and None not in pair:
            checker.fault((*path, "systems"), "wrong-value", "both names mean the same system", "name two kinds")
        if pair in seen:
            checker.fault(path, "duplicate", f"{' and '.join(mix.systems)} are stated twice", "keep one of the two")
        seen.add(pair)


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
