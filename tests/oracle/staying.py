"""Who may work where when some workloads must not share a hall or a site: every choice of one of them in each."""

from collections.abc import Iterator
from itertools import product

from planner.scenario.model import Scenario
from planner.scenario.rent import RENTED

Where = tuple[str, str, str]
"""Workload, site, hall."""


def spot(kind: str, site: str, hall: str) -> str:
    """A hall, or a site; an offer for rent is one of its own."""
    return site if kind == "site" and site != RENTED else f"{site}/{hall}"


def barred(scenario: Scenario, runs: frozenset[Where], streams: set[Where]) -> Iterator[set[Where]]:
    """Every set of divisible work that stays away so that the rest may be there; none where runs meet each other."""
    choices: list[list[set[Where]]] = []
    for group in scenario.apart:
        for place in sorted({spot(group.place, s, h) for _, s, h in runs | streams}):
            here = [x for x in runs if x[0] in group.workloads and spot(group.place, *x[1:]) == place]
            work = {x for x in streams if x[0] in group.workloads and spot(group.place, *x[1:]) == place}
            if len({x[0] for x in here}) > 1:
                return
            names = sorted({x[0] for x in work}) if not here else []
            choices.append([{x for x in work if x[0] != name} for name in names] or [work])
    for chosen in product(*choices):
        yield set().union(*chosen)
