"""Where and when systems may be placed in service and be on, and the rules that close a hall to them."""

from typing import Literal

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.exempt import admitted
from planner.problem.pipeline import excluded, refused_by
from planner.problem.places import misfit, sorted_halls
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.keys import Slot, Slots


def placed_and_on(
    case: Case, systems: list[ResolvedSystem], arriving: set[int], left_out: list[Excluded]
) -> tuple[Slots, Slots]:
    """(i, h, t) in which systems may be placed in service, and in which they may be on."""
    placeable: set[Slot] = set()
    usable: set[Slot] = set()
    owned = {(entry.system, f"{entry.site}/{entry.hall}") for entry in case.scenario.installed}
    owns = {entry.system for entry in case.scenario.installed}
    for i, system in enumerate(systems):
        if i not in arriving and system.id not in owns and system.id not in case.candidates:
            continue  # only rented
        for h, (site, hall) in enumerate(sorted_halls(case.scenario)):
            why = misfit(system, hall)
            here = (system.id, f"{site.id}/{hall.id}") in owned
            if why is not None and not here:
                left_out.append(
                    Excluded("installation", system.id, system.accelerator_id, *why, site=f"{site.id}/{hall.id}")
                )
                continue
            for period in case.calendar:
                t = period.index
                if admitted(case, "operate", system, site.id, t) is not None:
                    usable.add((i, h, t))
                may_place = i in arriving and why is None
                if may_place and admitted(case, "install", system, site.id, t) is not None:
                    placeable.add((i, h, t))
            left_out += _closed_places(case, system, h)
    cells = {(i, h) for i, h, _ in placeable} | {
        (i, h)
        for i, system in enumerate(systems)
        for h, (site, hall) in enumerate(sorted_halls(case.scenario))
        if (system.id, f"{site.id}/{hall.id}") in owned
    }
    return frozenset(placeable), frozenset(slot for slot in usable if slot[:2] in cells)


def _closed_places(case: Case, system: ResolvedSystem, h: int) -> list[Excluded]:
    """Rules that close a hall to a system that fits it."""
    site, hall = sorted_halls(case.scenario)[h]
    refusals = []
    asks: tuple[tuple[Literal["install", "operate"], str], ...] = (
        ("install", "installation"),
        ("operate", "operation"),
    )
    for action, kind in asks:
        for period in case.calendar:
            asked = (action, system.accelerator_id, site.id, period.index)
            if not case.permissions.allowed(*asked) and admitted(case, action, system, site.id, period.index) is None:
                hits = case.permissions.why(*asked)
                refusals.append(refused_by(hits, period.index, kind))
    return excluded(case, system, refusals, f"{site.id}/{hall.id}")
