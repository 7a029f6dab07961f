"""What a system that is being installed cannot do yet: the share of each period in which it does no work."""

from planner.catalog.resolve import ResolvedSystem, planning
from planner.errors import InternalError
from planner.problem.case import Case
from planner.problem.pipeline import Refusal, excluded
from planner.problem.places import sorted_halls
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.keys import Key, Slot
from planner.units import Money

GRACE_H = 120.0
"""What is ready within five days after the start of a later period counts from its start, as deliveries do."""

Idle = dict[Key, tuple[tuple[int, float], ...]]


def idle_shares(case: Case, systems: list[ResolvedSystem]) -> Idle:
    """(i, t of placement) -> the periods of which a share is lost to the installation, with that share."""
    if case.scenario.installation is None:
        return {}
    found: Idle = {}
    for i, system in enumerate(systems):
        hours = hours_of(case, system)
        for period in case.calendar:
            lost = tuple(_lost(case, period.index, hours)) if hours > 0 else ()
            if lost:
                found[i, period.index] = lost
    return found


def hours_of(case: Case, system: ResolvedSystem) -> float:
    """Installation time of a system, h."""
    asked = case.scenario.installation
    if asked is None:
        return 0.0
    stated = asked.systems.get(system.id, asked.time)
    if stated is not None:
        return stated
    value = planning(case.catalog, "installation-time", case.scenario.values, case.ledger)
    if isinstance(value, Money):
        raise InternalError("parameter installation-time is money, a number is expected")
    return float(value)


def _lost(case: Case, placed: int, hours: float) -> "list[tuple[int, float]]":
    found, left = [], hours
    for period in case.calendar.periods[placed:]:
        if left <= (GRACE_H if period.index > placed else 0.0):
            break
        found.append((period.index, min(1.0, left / period.hours)))
        left -= period.hours
    return found


def never_ready(
    case: Case, systems: list[ResolvedSystem], placeable: frozenset[Slot], idle: Idle
) -> tuple[frozenset[Slot], list[Excluded]]:
    """The placements after which a system never works within the plan, and that as a reason."""
    last = len(case.calendar) - 1
    late = {(i, t) for (i, t), lost in idle.items() if lost[-1] == (last, 1.0)}
    slots = frozenset(slot for slot in placeable if (slot[0], slot[2]) in late)
    names = [f"{site.id}/{hall.id}" for site, hall in sorted_halls(case.scenario)]
    told: list[Excluded] = []
    for i, h in sorted({(i, h) for i, h, _ in slots}):
        why = "would not work before the plan ends"
        refusals = [Refusal(t, "installation", "installation time", why) for k, g, t in slots if (k, g) == (i, h)]
        told += excluded(case, systems[i], refusals, names[h])
    return slots, told
