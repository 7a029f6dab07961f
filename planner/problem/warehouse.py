"""What is in store when the plan starts, what keeping it costs, and how much of it there is room for."""

from planner.catalog.resolve import ResolvedSystem
from planner.costs.events import Events
from planner.problem.case import Case
from planner.problem.rows.keys import Key
from planner.problem.store import Store


def store(case: Case, systems: list[ResolvedSystem]) -> Store:
    """The store that a scenario states."""
    index = {system.id: i for i, system in enumerate(systems)}
    initial: dict[int, int] = {}
    for entry in case.scenario.stock:
        initial[index[entry.system]] = initial.get(index[entry.system], 0) + entry.count
    asked = case.scenario.warehouse
    if asked is None:
        return Store(initial)
    events: dict[Key, Events] = {}
    if asked.price_per_month is not None:
        for i, system in enumerate(systems):
            for period in case.calendar:
                events[i, period.index] = case.prices.stored(system, asked.price_per_month, period)
    room = asked.capacity
    capacity = None if room is None else tuple(float(room.at(period) or 0) for period in case.calendar)
    return Store(initial, events, capacity)
