"""What is in store when the plan starts, what keeping it costs, and how much of it there is room for."""

from collections.abc import Mapping

from planner.catalog.resolve import ResolvedSystem
from planner.costs.events import Events
from planner.problem.case import Case
from planner.problem.rows.keys import Key
from planner.problem.store import Store


def store(case: Case, systems: list[ResolvedSystem], given_up: Mapping[tuple[int, int], float]) -> Store:
    """The store that a scenario states, and what rules take from it: (i, t) -> share of the price that comes back."""
    index = {system.id: i for i, system in enumerate(systems)}
    initial: dict[int, int] = {}
    for entry in case.scenario.stock:
        initial[index[entry.system]] = initial.get(index[entry.system], 0) + entry.count
    asked = case.scenario.warehouse
    back: dict[Key, Events] = {
        (i, t): case.prices.given_up(systems[i], share, t) for (i, t), share in sorted(given_up.items())
    }
    if asked is None:
        return Store(initial, given_up=back)
    events: dict[Key, Events] = {}
    if asked.price_per_month is not None:
        for i, system in enumerate(systems):
            for period in case.calendar:
                events[i, period.index] = case.prices.stored(system, asked.price_per_month, period)
    room = asked.capacity
    capacity = None if room is None else tuple(float(room.at(period) or 0) for period in case.calendar)
    return Store(initial, events, back, capacity)
