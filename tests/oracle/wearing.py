"""Attrition in the brute force: what of every place has failed, from the steps taken so far.

Spares are not tried out: only kinds that can be installed nowhere lie in store in these scenarios, so that there is
nothing better to do with them than to replace what has failed as soon as it has.
"""

from itertools import product
from math import prod
from typing import Any

from planner.scenario.rent import RENTED
from tests.oracle.installing import late

Worn = tuple[tuple[float, float], ...]
"""Per place: systems failed when the period begins, and the share of the others that fails in it."""


def loss(setting: Any, place: tuple[str, str, str], t: int) -> float:
    """Share of what works that fails in a period."""
    asked = setting.s.attrition
    if asked is None or place[1] == RENTED:
        return 0.0
    rate = asked.systems.get(place[0], asked.rate if asked.rate is not None else setting.f.figures["attrition"])
    if not serviced(setting, place, t):
        rate = asked.without_service if asked.without_service is not None else _ruled(setting, rate)
    months = (setting.cal[t].end - setting.cal[t].start).days // 28
    return float(1 - (1 - rate) ** (months / 12))


def _ruled(setting: Any, rate: float) -> float:
    """What the scenario's own rule against service states."""
    effects = [effect for rule in setting.s.policy.rules for effect in rule["effects"]]
    stated = [e["attrition"] for e in effects if e["type"] == "service_prohibited" and "attrition" in e]
    return stated[0] if stated else rate


def serviced(setting: Any, place: tuple[str, str, str], t: int) -> bool:
    """Whether rules allow to service a place."""
    return setting.f.allowed("service", setting.kinds[place[0]].accelerator, place[1], t)


def left(setting: Any, system: str, arrival: int) -> float:
    """Share of a purchase that works in the end, where it fares worst."""
    sites = [site.id for site in setting.s.sites]
    return prod(1 - max(loss(setting, (system, s, ""), t) for s in sites) for t in range(arrival, setting.T))


def worn(setting: Any, steps: list[Any], t: int) -> Worn:
    """Failed systems and losses of a period."""
    failed, *_ = history(setting, steps, t)
    return tuple((failed[k], loss(setting, place, t)) for k, place in enumerate(setting.places))


def history(
    setting: Any, steps: list[Any], t: int
) -> tuple[list[float], dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """Failed systems by place when a period begins; by place and period the spares used until then, and the failed
    systems retired.
    """
    taken: dict[tuple[int, int], float] = {}
    gone: dict[tuple[int, int], float] = {}
    stock = {i: sum(e.count for e in setting.s.stock if e.system == i) for i in setting.kinds}
    spare = {i: float(n) for i, n in stock.items() if not any(setting.fits(i, hall) for hall in setting.halls)}
    failed = [0.0] * len(setting.places)
    for u in range(1, t + 1) if setting.s.attrition is not None else ():
        missing = late(setting.s, setting.f.figures, setting.places, steps[:u], u - 1)
        for k, place in enumerate(setting.places):
            works = steps[u - 1].fleet[k] - failed[k] - missing[k][0]
            failed[k] += loss(setting, place, u - 1) * works
            used = min(failed[k], spare.get(place[0], 0.0)) if serviced_own(setting, place, u) else 0.0
            failed[k] -= used
            if used:
                spare[place[0]] -= used
                taken[k, u] = used
            out = max(0.0, failed[k] - steps[u].fleet[k])
            out = max(out, steps[u].scrap[k]) if steps[u].scrap else out
            failed[k] -= out
            if out:
                gone[k, u] = out
    return failed, taken, gone


def scraps(setting: Any, steps: list[Any]) -> list[tuple[float, ...]]:
    """Ways to say how many of those that the last step retires had failed. Cost bends only where what works is just
    enough for a period's work, or for none or all of what failed.
    """
    t, last = len(steps) - 1, steps[-1]
    if setting.s.attrition is None or not t or not any(last.gone):
        return [()]
    failed = history(setting, steps, t)[0]
    missing = late(setting.s, setting.f.figures, setting.places, steps, t)
    ways = []
    for k, place in enumerate(setting.places):
        most = min(failed[k], float(last.gone[k]))
        tried = {0.0, most}
        for stream in setting.s.streams if most > 1e-9 else ():
            kept = 1.0
            for u in range(t, setting.T):
                lost = loss(setting, place, u)
                pace = setting.pace(stream, place, setting.kinds[place[0]].g, u, -1)
                if pace > 0 and lost < 1:
                    works = setting.asked(stream, u) / pace / (kept * (1 - lost / 2))
                    works += missing[k][0] if u == t else 0.0
                    tried.add(min(most, max(0.0, works - (last.fleet[k] - failed[k]))))
                kept *= 1 - lost
        least = max(0.0, failed[k] - last.fleet[k])
        ways.append(sorted({round(max(least, one), 12) for one in tried}) if most > 1e-9 else [0.0])
    return list(product(*ways))


def serviced_own(setting: Any, place: tuple[str, str, str], t: int) -> bool:
    """The same, of the buyer's own places."""
    return place[1] != RENTED and serviced(setting, place, t)
