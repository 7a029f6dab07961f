"""From order to fleet: deliveries, supply, stock, retirement."""

from collections.abc import Iterator
from datetime import date
from math import floor, prod

from planner.plan.verify.case import Case
from planner.plan.verify.given import Line, running
from planner.plan.verify.records import Fault, exceeds
from planner.plan.verify.sites import removed
from planner.plan.verify.text import versus
from planner.scenario.model import Allocation
from planner.scenario.periods import add_months, label_start


def candidates(case: Case) -> Iterator[Fault]:
    """Only systems that the scenario admits are ordered."""
    wanted = case.scenario.systems
    for order in case.decisions.orders:
        if (wanted.include and order.system not in wanted.include) or order.system in wanted.exclude:
            text = f"{order.system} is ordered in {case.label(order.period)}, but the scenario leaves it out"
            yield Fault(order.system, order.period, order.count, 0.0, text)


def arrival(case: Case) -> Iterator[Fault]:
    """An order is delivered within the horizon, after its lead time and licence delay."""
    for order in case.decisions.orders:
        if order.count and case.arrival(order) is None:
            text = f"{order.system} ordered in {case.label(order.period)} would be delivered behind the horizon"
            yield Fault(order.system, order.period, order.count, 0.0, text)


def release(case: Case) -> Iterator[Fault]:
    """Nothing is delivered in a period that ends before it is on the market."""
    for order in case.decisions.orders:
        arrives, released = case.arrival(order), case.system(order.system).released
        if order.count and arrives is not None and released is not None and case.calendar[arrives].end <= released:
            text = f"{order.system} would be delivered in {case.label(arrives)}, but is released on {released}"
            yield Fault(order.system, arrives, order.count, 0.0, text)


def pending_due(case: Case) -> Iterator[Fault]:
    """An accepted pending order falls due within the horizon."""
    for order in case.accepted:
        if case.due(order) is None:
            yield Fault(order.id, None, order.count, 0.0, f"order {order.id} is due in {order.due}, outside the plan")


def stock(case: Case) -> Iterator[Fault]:
    """Nothing is taken out of store that has not been delivered."""
    for system, line in case.stored.items():
        for period, left in enumerate(line):
            if exceeds(0.0, left):
                text = f"{-left:.0f} {system} more are installed by {case.label(period)} than are delivered"
                yield Fault(system, period, 0.0, left, text)


def store(case: Case) -> Iterator[Fault]:
    """What is in store has room there."""
    capacity = None if case.scenario.warehouse is None else case.scenario.warehouse.capacity
    for period in case.calendar if capacity is not None else ():
        kept = sum(case.system(system).accelerators * line[period.index] for system, line in case.stored.items())
        room = float((capacity.at(period) if capacity is not None else 0) or 0)
        if exceeds(kept, room):
            left, right = versus(kept, room)
            text = f"{left} accelerators are in store in {period.label}, it holds {right}"
            yield Fault("store", period.index, kept, room, text)


def fleet(case: Case) -> Iterator[Fault]:
    """No more is retired in a hall than is in service there."""
    for (system, site, hall), line in case.fleet.items():
        for period, count in enumerate(line):
            if exceeds(0.0, count):
                text = f"hall {site}/{hall}: {-count:.0f} {system} too many are retired by {case.label(period)}"
                yield Fault(f"{site}/{hall}", period, 0.0, count, text)


def retirement(case: Case) -> Iterator[Fault]:
    """Only the installed base is retired, unless a rule removes it or the plan outlasts the life of what it buys."""
    if len(case.calendar) and case.calendar.years_at(case.calendar.end) > case.parameters.asset_life:
        return
    gone = removed(case)
    for place, line in case.retirements.items():
        if place in gone:
            continue
        system, site, hall = place
        owned = float(case.base.get(place, 0)) + sum(case.moved.get(place, ()))
        for period, count in enumerate(running(line)):
            if line[period] and exceeds(count, owned):
                text = (
                    f"hall {site}/{hall}: {count:.0f} {system} retired by {case.label(period)}, {owned:.0f} were there"
                )
                yield Fault(f"{site}/{hall}", period, count, owned, text)


def age(case: Case) -> Iterator[Fault]:
    """What is past its life has been retired."""
    for system, past in _past_life(case).items():
        gone = [0.0] * len(case.calendar)
        for (retired, _, _), line in case.retirements.items():
            if retired == system:
                gone = [a + b for a, b in zip(gone, line, strict=True)]
        for period, (must, done) in enumerate(zip(past, running(gone), strict=True)):
            if exceeds(must, done):
                text = f"{system}: {must:.0f} past their life in {case.label(period)}, {done:.0f} retired"
                yield Fault(system, period, done, must, text)


def _past_life(case: Case) -> dict[str, Line]:
    """Systems whose life ends no later than each period starts, cumulative, by system."""
    months = floor(case.parameters.asset_life * 12 + 0.5)
    table: dict[str, Line] = {}

    def add(system: str, born: date, count: float) -> None:
        line = table.setdefault(system, [0.0] * len(case.calendar))
        for period in case.calendar:
            line[period.index] += count if add_months(born, months) <= period.start else 0.0

    for entry in case.scenario.installed:
        add(entry.system, label_start(entry.since), entry.count)
    for install in case.decisions.installs:
        add(install.system, case.calendar[install.period].start, install.count)
    return table


def supply(case: Case) -> Iterator[Fault]:
    """Deliveries of the plan's own orders stay within what the buyer is allotted of each accelerator."""
    taken: dict[str, Line] = {}
    for system, line in case.ordered_arrivals.items():
        facts = case.system(system)
        before = taken.get(facts.accelerator, [0.0] * len(line))
        taken[facts.accelerator] = [a + b * facts.accelerators for a, b in zip(before, line, strict=True)]
    families = {case.system(s).accelerator: case.system(s).family for s in case.ordered_arrivals}
    for accelerator, line in taken.items():
        allotted = [allotment(case, accelerator, families[accelerator], period) for period in range(len(line))]
        if case.scenario.supply.carry_over:
            line, allotted = running(line), running(allotted)  # noqa: PLW2901
        for period, (lhs, rhs) in enumerate(zip(line, allotted, strict=True)):
            if exceeds(lhs, rhs):
                left, right = versus(lhs, rhs)
                span = "by" if case.scenario.supply.carry_over else "in"
                text = f"{left} {accelerator} delivered {span} {case.label(period)}, {right} allotted"
                yield Fault(accelerator, period, lhs, rhs, text)


def allotment(case: Case, accelerator: str, family: str, period: int) -> float:
    """Accelerators of one kind that the buyer can have delivered in a period."""
    supply = case.scenario.supply
    own = [entry for entry in supply.allocations if entry.accelerator == accelerator]
    if not own and supply.share is not None:
        own = [Allocation(accelerator=accelerator, share=supply.share)]
    total = sum(_allocation(case, entry, period) for entry in own)
    return total * prod(supply.scale.get(name, 1.0) for name in {accelerator, family})


def _allocation(case: Case, entry: Allocation, period: int) -> float:
    when = case.calendar[period]
    if entry.per_period is not None:
        return float(entry.per_period.at(when) or 0)
    if entry.per_year is not None:
        return (entry.per_year.at(when) or 0) * (when.end - when.start).days / 365.25
    return (entry.share or 0.0) * (case.world.national_supply(entry.accelerator, when) or 0.0)
