"""Which installed systems may move where, when they arrive and what that costs."""

from collections.abc import Collection, Mapping

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.places import misfit, sorted_halls
from planner.problem.rows.keys import Key, Slot
from planner.problem.rows.systems import MoveRow


def move_rows(
    case: Case, systems: list[ResolvedSystem], base: Mapping[Key, int], closed: Collection[tuple[int, int]]
) -> tuple[MoveRow, ...]:
    """Every move of installed systems that the scenario and the rules allow; `closed` (h, t) take nothing new."""
    asked = case.scenario.relocation
    if not (asked.within_site or asked.between_sites):
        return ()
    halls, hours = sorted_halls(case.scenario), case.number("relocation-time")
    rows = []
    for i, source in sorted((key[0], key[1]) for key in base):
        for target, (site, hall) in enumerate(halls):
            name = _parameter(case, halls[source][0].id, site.id)
            if target == source or name is None or misfit(systems[i], hall) is not None:
                continue
            share = case.number(name)
            for period in case.calendar:
                arrives = case.calendar.after(period.index, hours)
                if arrives is None or (target, arrives) in closed:
                    continue
                if case.permissions.allowed("install", systems[i].accelerator_id, site.id, arrives):
                    events = case.prices.move(systems[i], share, period.index)
                    rows.append(MoveRow(i, source, target, period.index, arrives, events))
    return tuple(rows)


def moved_slots(case: Case, systems: list[ResolvedSystem], moves: tuple[MoveRow, ...]) -> frozenset[Slot]:
    """(i, h, t) in which systems that may have moved there may be on."""
    sites = [site for site, _ in sorted_halls(case.scenario)]
    return frozenset(
        (i, h, t)
        for i, h in {(move.system, move.target) for move in moves}
        for t in range(len(case.calendar))
        if case.permissions.allowed("operate", systems[i].accelerator_id, sites[h].id, t)
    )


def _parameter(case: Case, source: str, target: str) -> str | None:
    """The parameter that prices a move between two sites; None: it is not allowed."""
    asked, regions = case.scenario.relocation, case.regions
    if source == target:
        return "relocation-cost-within" if asked.within_site else None
    same = regions[source].country == regions[target].country
    return "relocation-cost-between" if asked.between_sites and same else None
