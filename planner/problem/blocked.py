"""Shares, ratios and bundles that only buying nothing can keep."""

from collections.abc import Iterable, Iterator

from planner.errors import Diagnostic
from planner.problem.arrays import Problem
from planner.problem.case import Case
from planner.problem.obliged import Cap

_LEAST = 1e-9


def contradicting(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Limits of the scenario that no purchase whatever could keep together."""
    own = {limit.id: n for n, limit in enumerate(case.scenario.limits.quotas)}
    for names, _ in _blocking(problem, range(len(problem.systems))):
        stated = [name for name in names if name in own]
        if stated:
            text = f"{' and '.join(names)} allow{'s' if len(names) == 1 else ''} no purchase at all: "
            text += "whatever is bought breaks one of them" if len(names) > 1 else "whatever is bought breaks it"
            document = case.scenario.document
            at = None if document is None else document.place(("limits", "quotas", own[stated[-1]]))
            yield Diagnostic("contradicting-limits", text, "correct a share, or what it is taken of", at)


def blocked(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Rules and limits under which nothing of what can be had may be bought."""
    able = sorted({i for i, _ in problem.arrivals})
    if not able:
        return
    for names, t in _blocking(problem, able):
        text = f"from {case.calendar[t].label} on nothing that can be had may be bought under {' and '.join(names)}: "
        text += "what would have to be bought beside it cannot be had"
        own = {limit.id: n for n, limit in enumerate(case.scenario.limits.quotas)}
        index = next((own[name] for name in names if name in own), None)
        document = case.scenario.document
        at = None if document is None or index is None else document.place(("limits", "quotas", index))
        yield Diagnostic("blocked-purchases", text, "state supply of it, or another share", at)


def _blocking(problem: Problem, systems: Iterable[int]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Names of limits that leave nothing of some systems to be bought, each set once, with its first period."""
    able, told = tuple(systems), set[tuple[str, ...]]()
    tried = set[tuple[int, ...]]()
    for t in problem.horizon:
        for counts in ("orders", "deliveries", "installs"):
            caps = [cap for cap in problem.obliged.caps if t in cap.periods and _is_share(cap, counts)]
            key = tuple(id(cap) for cap in caps)
            if not caps or key in tried:
                continue
            tried.add(key)
            if _room(caps, able):
                continue
            needed = [cap for cap in caps if _room([other for other in caps if other is not cap], able)] or caps
            names = tuple(dict.fromkeys(cap.id.partition(",")[0] for cap in needed))
            if names not in told:
                told.add(names)
                yield names, t


def _is_share(cap: Cap, counts: str) -> bool:
    return cap.counts == counts and cap.kind != "quota" and cap.limit == 0 and cap.sites is None


def _room(caps: list[Cap], systems: tuple[int, ...]) -> bool:
    """Whether some mix of systems keeps all of these: a linear program of what may be bought of one unit."""
    import highspy
    import numpy as np

    make: type = highspy.Highs
    highs = make()
    highs.silent()
    column = {i: k for k, i in enumerate(systems)}
    for _ in systems:
        highs.addCol(-1.0, 0.0, 1.0, 0, [], [])
    everything = np.arange(len(systems), dtype=np.int32)
    highs.addRow(-highspy.kHighsInf, 1.0, len(systems), everything, np.ones(len(systems)))
    for cap in caps:
        terms = [(column[i], weight) for i, weight in cap.weights if i in column]
        if terms:
            most = max(abs(weight) for _, weight in terms)
            index = np.array([k for k, _ in terms], dtype=np.int32)
            highs.addRow(-highspy.kHighsInf, 0.0, len(terms), index, np.array([w / most for _, w in terms]))
    highs.run()
    return float(-highs.getInfo().objective_function_value) > 1e3 * _LEAST
