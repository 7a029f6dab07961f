"""Rules that spare what was acquired before them, read again: how many such systems there are to place and to use."""

from collections.abc import Iterator
from datetime import date, timedelta

from planner.plan.decisions import Start
from planner.plan.verify.case import Case
from planner.plan.verify.given import Place
from planner.plan.verify.records import Fault, exceeds
from planner.policy.effect import Action
from planner.scenario.periods import label_start


def latest(case: Case, action: Action, system: str, site: str | None, period: int) -> date | None:
    """Last day on which a system was acquired with which the rules allow an action; None: they never do."""
    chip, start = case.system(system).accelerator, case.calendar[period].start
    if not case.world.exempts:
        return date.max if case.world.refusal(action, chip, site, period) is None else None
    if case.world.refusal(action, chip, site, period, start) is None:
        return date.max
    days = {day for day, _ in _in_store(case, system)} | {when.start for when in case.calendar}
    days |= {label_start(entry.since) for entry in case.scenario.installed if entry.system == system}
    open_ = [day for day in days if day < start and case.world.refusal(action, chip, site, period, day) is None]
    return max(open_, default=None)


def _in_store(case: Case, system: str) -> list[tuple[date, int]]:
    """Day of acquisition and number of what is in store at first."""
    before = case.calendar.start - timedelta(days=1)
    found = (entry for entry in case.scenario.stock if entry.system == system)
    return [(before if entry.since is None else label_start(entry.since), entry.count) for entry in found]


def came_by(case: Case, place: Place, period: int, day: date) -> float:
    """Systems placed in a hall by a period that were all acquired up to a day."""
    system, site, hall = place
    total = 0.0
    for install in case.decisions.installs:
        if (install.system, install.site, install.hall) == (system, site, hall) and install.period <= period:
            last = latest(case, "install", system, site, install.period)
            newest = case.calendar[install.period].start if last in (None, date.max) else last
            total += install.count if newest is not None and newest <= day else 0.0
    return total


def placed(case: Case) -> Iterator[Fault]:
    """Of what was acquired up to a day no more is placed than there was: each placement takes the oldest left."""
    for system in {install.system for install in case.decisions.installs} if case.world.exempts else ():
        taken: list[tuple[date, float, bool]] = []
        for install in case.decisions.installs:
            if install.system == system:
                last = latest(case, "install", system, install.site, install.period)
                free = last in (None, date.max)
                day = case.calendar[install.period].start if free or last is None else last
                taken.append((day, float(install.count), not free))
        for spare in case.decisions.spares:
            taken += [(case.calendar[spare.period].start, spare.count, False)] if spare.system == system else []
        there = [(day, float(count)) for day, count in _in_store(case, system)]
        arrived = case.arrivals.get(system, [0.0] * len(case.calendar))
        there += [(when.start, count) for when, count in zip(case.calendar, arrived, strict=True)]
        for day in sorted({day for day, _, bound in taken if bound}):
            used = sum(count for newest, count, _ in taken if newest <= day)
            owned = sum(count for since, count in there if since <= day)
            if exceeds(used, owned):
                text = f"{used:g} {system} acquired by {day.isoformat()} are placed, {owned:g} were acquired by then"
                yield Fault(system, None, used, owned, text)


def on(case: Case) -> Iterator[Fault]:
    """Where only what was acquired up to a day may be on, no more is than stood there or was placed of that."""
    if not case.world.exempts:
        return
    needs = {(place, t): n for place, line in case.powered.items() for t, n in enumerate(line) if n}
    for work in case.work:
        place, units = (work.system, work.site, work.hall), case.systems_of(work)
        times = [t for t, _ in case.occupancy(work)] if isinstance(work, Start) else [work.period]
        for t in times if units > 1 or isinstance(work, Start) else ():
            needs[place, t] = max(needs.get((place, t), 0.0), units)
    for (place, t), count in needs.items():
        last = latest(case, "operate", place[0], place[1], t) if place[1] in case.sites else date.max
        if last is None or last == date.max:
            continue
        base = [e for e in case.scenario.installed if (e.system, e.site, e.hall) == place]
        spared = sum(e.count for e in base if label_start(e.since) <= last) + came_by(case, place, t, last)
        if exceeds(count, spared):
            where = f"{place[1]}/{place[2]}"
            text = f"hall {where}: {count:g} {place[0]} on in {case.label(t)}, {spared:g} were acquired by "
            yield Fault(where, t, count, spared, text + last.isoformat())
