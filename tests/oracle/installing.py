"""Installation times in the brute force: which systems of a place do not work yet, from the days of their placement."""

from datetime import datetime, timedelta
from typing import Any

from planner.scenario.model import Scenario

Late = tuple[tuple[float, int, int], ...]
"""Per place: systems missing on average, those missing at the start of the period, those missing throughout."""


def late(scenario: Scenario, figures: dict[str, float], places: Any, steps: Any, t: int) -> Late:
    """What of every place is being installed in a period."""
    asked, out = scenario.installation, []
    for place in range(len(places)):
        mean, at_start, throughout = 0.0, 0, 0
        for step in steps if asked is not None else ():
            hours = asked.systems.get(places[place][0], asked.time if asked.time is not None else None)
            share = _share(scenario, step.t, t, figures["installation-time"] if hours is None else hours)
            count = step.placed[place]
            mean += share * count
            at_start += count if share > 0 else 0
            throughout += count if share >= 1 else 0
        out.append((mean, at_start, throughout))
    return tuple(out)


def _share(scenario: Scenario, placed: int, t: int, hours: float) -> float:
    """Part of period t between the placement and its end, by the clock; five days into a later period are forgiven."""

    def clock(index: int) -> datetime:
        return datetime.combine(scenario.calendar[index].start, datetime.min.time())

    done = clock(placed) + timedelta(hours=hours)
    begin, end = clock(t), datetime.combine(scenario.calendar[t].end, datetime.min.time())
    if t < placed or done <= begin + timedelta(days=5 if t > placed else 0):
        return 0.0
    return min(1.0, (done - begin) / (end - begin))
