"""Rules that spare what was acquired before them: up to which day of acquisition a system may be placed, on or stay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from planner.problem.places import sorted_halls
from planner.scenario.periods import label_start

if TYPE_CHECKING:
    from planner.catalog.resolve import ResolvedSystem
    from planner.problem.case import Case
    from planner.scenario.warehouse import Stocked

Key = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Exempt:
    """Days up to which systems must have been acquired, where rules spare those; empty where none does."""

    placed: Mapping[Key, date] = field(default_factory=dict)
    """(i, h, t) in which only systems acquired up to that day may be placed in service."""
    on: Mapping[Key, date] = field(default_factory=dict)
    """(i, h, t) in which only systems acquired up to that day may be on."""
    stays: Mapping[Key, date] = field(default_factory=dict)
    """(i, h, t) in which systems acquired up to that day stay, where a rule has others removed."""
    stock: Mapping[int, tuple[tuple[date, int], ...]] = field(default_factory=dict)
    """Day of acquisition and number of what is in store when the plan starts."""
    base: Mapping[Key, tuple[tuple[date, int], ...]] = field(default_factory=dict)
    """(i, h) -> the same of what is in service then."""

    def stood(self, i: int, h: int, day: date) -> int:
        """Systems in service at first that were acquired up to a day."""
        return sum(count for since, count in self.base.get((i, h), ()) if since <= day)

    def stored(self, i: int, day: date) -> int:
        """Systems in store at first that were acquired up to a day."""
        return sum(count for since, count in self.stock.get(i, ()) if since <= day)


def acquired(case: "Case", entry: "Stocked") -> date:
    """Day on which something in store was acquired: as stated, else the day before the plan starts."""
    return case.calendar.start - timedelta(days=1) if entry.since is None else label_start(entry.since)


def admitted(
    case: "Case", action: Literal["install", "operate"], system: "ResolvedSystem", site: str, period: int
) -> date | None:
    """Latest day of acquisition with which an action is allowed; `date.max` for any day, None for none."""
    rules, chip = case.permissions, system.accelerator_id
    if not rules.exempts:
        return date.max if rules.allowed(action, chip, site, period) else None
    if rules.allowed(action, chip, site, period, case.calendar[period].start):
        return date.max
    days = [day for day in _days(case, system.id) if day < case.calendar[period].start]
    return next((day for day in reversed(days) if rules.allowed(action, chip, site, period, day)), None)


def _days(case: "Case", system: str) -> list[date]:
    """Days on which systems of a kind are acquired: before the plan, or when a period starts."""
    found = {acquired(case, entry) for entry in case.scenario.stock if entry.system == system}
    found |= {label_start(entry.since) for entry in case.scenario.installed if entry.system == system}
    return sorted(found | {period.start for period in case.calendar})


def exempt(
    case: "Case",
    systems: "list[ResolvedSystem]",
    slots: tuple[Iterable[Key], Iterable[Key]],
    older: Mapping[Key, date],
) -> Exempt:
    """What rules spare; `slots`: where systems may be placed, and be on; `older`: what removals spare."""
    if not case.permissions.exempts:
        return Exempt()
    halls = [(site.id, hall.id) for site, hall in sorted_halls(case.scenario)]
    limits: list[dict[Key, date]] = []
    for action, keys in zip(("install", "operate"), slots, strict=True):
        found = {
            (i, h, t): admitted(case, "install" if action == "install" else "operate", systems[i], halls[h][0], t)
            for i, h, t in sorted(keys)
            if h < len(halls)
        }
        limits.append({key: day for key, day in found.items() if day is not None and day != date.max})
    index = {system.id: i for i, system in enumerate(systems)}
    stock: dict[int, tuple[tuple[date, int], ...]] = {}
    for entry in case.scenario.stock:
        i = index[entry.system]
        stock[i] = (*stock.get(i, ()), (acquired(case, entry), entry.count))
    base: dict[Key, tuple[tuple[date, int], ...]] = {}
    for there in case.scenario.installed:
        key = (index[there.system], halls.index((there.site, there.hall)))
        base[key] = (*base.get(key, ()), (label_start(there.since), there.count))
    return Exempt(limits[0], limits[1], older, stock, base)
