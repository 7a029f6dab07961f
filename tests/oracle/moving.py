"""Moves of installed systems, for the brute force: any number, from any hall to any that fits, in any period."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from planner.scenario.model import Scenario
from planner.scenario.rent import RENTED
from tests.oracle.facts import Facts

Place = tuple[str, str, str]


@dataclass(frozen=True)
class Move:
    """So many systems of a place that go to another."""

    source: Place
    target: Place
    leaves: int
    arrives: int
    count: int
    price: float
    """Of one."""


Moves = tuple[Move, ...]


def moves(scenario: Scenario, facts: Facts, places: Any, fits: Callable[[str, Any], bool]) -> Iterator[Moves]:
    """Every set of moves; no place loses more than stood there at first."""
    asked, calendar = scenario.relocation, scenario.calendar
    base: dict[Place, int] = {}
    for entry in scenario.installed:
        place = (entry.system, entry.site, entry.hall)
        base[place] = base.get(place, 0) + entry.count
    ways: list[list[Move | None]] = []
    for source, count in base.items():
        for target in places:
            inside = source[1] == target[1]
            if (
                target[1] == RENTED
                or target[0] != source[0]
                or target == source
                or not (asked.within_site if inside else asked.between_sites)
            ):
                continue
            kind = facts.kinds[source[0]]
            price = kind.price * facts.figures["relocation-cost-within" if inside else "relocation-cost-between"]
            for t in range(len(calendar)):
                arrives = calendar.after(t, facts.figures["relocation-time"])
                if (
                    arrives is not None
                    and fits(source[0], target[1:])
                    and facts.allowed("install", kind.accelerator, target[1], arrives)
                ):
                    some = [Move(source, target, t, arrives, n, price) for n in range(1, count + 1)]
                    ways.append([None, *some])
    for chosen in product(*ways):
        taken = tuple(move for move in chosen if move is not None)
        if all(sum(m.count for m in taken if m.source == place) <= count for place, count in base.items()):
            yield taken
