"""Networks that halls buy, for the brute force: every way to buy ports, in steps of a server, and what they cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from planner.scenario.model import Hall, Scenario
from tests.oracle.facts import Facts

STEP, MOST = 4, 8
"""Accelerators of a server of the tiny catalog, and the most that get a port of a network within a plan."""

Where = tuple[str, str]
Wired = dict[Where, list[list[int]]]
"""Hall -> for each of its networks, nearest first, the accelerators whose ports reach it by period."""


@dataclass(frozen=True)
class Rung:
    """A network as a scenario states it; the brute force knows none of the catalog."""

    id: str
    reach: int
    price: float
    kw: float
    ratio: float
    pod: int
    parts: dict[str, float]
    """Parts per port."""


def rungs(scenario: Scenario, hall: Hall) -> list[Rung]:
    """Networks of a hall, nearest first."""
    found: list[Rung] = []
    offers = hall.fabric.offers if hall.fabric else ()
    for o in sorted(offers, key=lambda o: (o.reach, -(o.oversubscription or 1.0))):
        assert o.reach and o.cost and o.power is not None
        rate = 1.0 if o.cost.currency == scenario.currency else scenario.finance.fx[o.cost.currency]
        pod = max((r.reach for r in found if r.ratio == 1.0), default=0)
        found.append(
            Rung(o.id, o.reach, o.cost.amount * rate, o.power, o.oversubscription or 1.0, pod, o.components or {})
        )
    return found


def wirings(scenario: Scenario, facts: Facts) -> Iterator[Wired]:
    """Every way to buy ports: never fewer than before, and none of a farther network without the nearer ones."""
    periods = len(scenario.calendar)
    halls = {(s.id, h.id): h for s in scenario.sites for h in s.all_halls if h.fabric}
    ways = []
    for where, hall in halls.items():
        ladder, start = rungs(scenario, hall), there(scenario, facts, where, hall)
        comes = coming(scenario, facts, hall)
        lines = [
            [[start[k] + n for n in more] for more in product(range(0, MOST + 1, STEP), repeat=periods)]
            for k in range(len(ladder))
        ]
        up = [
            [line for line in of_rung if line == sorted(line) and _rises(line, start[k]) <= comes]
            for k, of_rung in enumerate(lines)
        ]
        nested = [
            list(chosen)
            for chosen in product(*up)
            if all(near >= far for a, b in pairwise(chosen) for near, far in zip(a, b, strict=True))
        ]
        ways.append([(where, table) for table in nested])
    for chosen in product(*ways):
        yield dict(chosen)


def coming(scenario: Scenario, facts: Facts, hall: Hall) -> set[int]:
    """Periods in which ports can come in that were ordered within the plan."""
    return {t for u in range(len(scenario.calendar)) if (t := comes(scenario, facts, hall, u)) is not None}


def comes(scenario: Scenario, facts: Facts, hall: Hall, ordered: int) -> int | None:
    """Period in which ports come in; None behind the horizon."""
    assert hall.fabric is not None
    wait = figure(facts, hall.fabric.lead_time, "lead-time-network")
    return scenario.calendar.after(ordered, wait) if wait else ordered


def figure(facts: Facts, stated: float | str | None, name: str) -> float:
    """What a scenario states, leaves to the catalog, or is silent about."""
    return facts.figures[name] if isinstance(stated, str) else stated or 0.0


def _rises(line: list[int], start: int) -> set[int]:
    """Periods in which there are more ports than before."""
    return {t for t, (n, before) in enumerate(zip(line, [start, *line], strict=False)) if n > before}


def there(scenario: Scenario, facts: Facts, where: Where, hall: Hall) -> list[int]:
    """Accelerators whose ports reach each network when the plan starts."""
    assert hall.fabric is not None
    ladder = rungs(scenario, hall)
    if hall.fabric.installed is not None:
        return [sum(hall.fabric.installed.get(r.id, 0) for r in ladder[k:]) for k in range(len(ladder))]
    kinds = facts.kinds
    base = [e for e in scenario.installed if (e.site, e.hall) == where]
    stands = sum(e.count * kinds[e.system].g for e in base if kinds[e.system].server or hall.fabric.attach == "all")
    return [stands] + [0] * (len(ladder) - 1)
