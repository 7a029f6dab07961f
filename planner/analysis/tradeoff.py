"""Frontier of two goals: the epsilon-constraint method, each point the best of one goal under a cap on the other.

The ends are the two goals in order of importance, both ways; between them the second goal is capped at evenly spaced
levels, and the first is sought, then the second among what is as good. So every point is one that only worse of one
goal betters in the other, within the gap to which it is proved.
"""

from typing import Any

from planner.analysis.answer import Answer
from planner.analysis.asked.searches import Frontier
from planner.analysis.cases import Case
from planner.analysis.patches import Patch
from planner.analysis.points import Point, Search, beaten
from planner.analysis.questions import Sweep
from planner.scenario.goals import GoalName

ROOM = 1e-6
"""Share by which a cap is wider than its level: what a plan reached exactly stays allowed."""
SAME = 1e-6
"""Relative width of the second goal's span below which the goals do not oppose one another."""
MOST: frozenset[GoalName] = frozenset({"throughput"})
"""Goals of which more is better."""
CAPS: dict[GoalName, tuple[str, str]] = {
    "throughput": ("caps.throughput", "PFLOP/s"),
    "completion": ("caps.completion", "days"),
    "energy": ("limits.energy.total", "MWh"),
    "carbon": ("limits.carbon.total", "t"),
    "concentration": ("caps.concentration", ""),
    "shortage": ("caps.shortage", ""),
}
"""Path and unit of the cap of each goal; cost is capped in the scenario's currency."""


def tradeoff(sweep: Sweep, n: int) -> Search[tuple[Point, ...]]:
    """All points of one frontier, from the best of the first goal to the best of the second."""
    asked = sweep.given.frontiers[n]
    assert asked.of is not None
    first, second = asked.of
    ends = yield end_cases(sweep, n)
    levels = [_reached(answer, second) for answer in ends]
    between: list[Answer] = []
    values: list[float] = []
    if levels[0] is not None and levels[1] is not None:
        span = levels[1] - levels[0]
        if abs(span) > SAME * max(1.0, abs(levels[0])):
            values = [levels[0] + span * k / (asked.points - 1) for k in range(1, asked.points - 1)]
    if values:
        between = yield [_capped(sweep, n, asked, value) for value in values]
    answers = [ends[0], *between, ends[1]]
    limits: list[Any] = [None, *values, None]
    found = [(_reached(answer, first), _reached(answer, second)) for answer in answers]
    lost = beaten(found, (first not in MOST, second not in MOST))
    return tuple(
        Point(
            asked.id,
            limit,
            answer.id,
            answer.status,
            answer.objective,
            answer.bound,
            second,
            value,
            dominated,
            first,
            best,
            _bound(answer, first),
        )
        for limit, answer, (best, value), dominated in zip(limits, answers, found, lost, strict=True)
    )


def end_cases(sweep: Sweep, n: int) -> list[Case]:
    """The runs at both ends of a frontier of two goals: each goal first, the other among what is as good."""
    asked = sweep.given.frontiers[n]
    assert asked.of is not None
    first, second = asked.of
    return [
        _case(sweep, n, asked, f"{asked.id}/{one}", f"{asked.id}: {one} first", {"objective": [one, other]}, None)
        for one, other in ((first, second), (second, first))
    ]


def _capped(sweep: Sweep, n: int, asked: Frontier, level: float) -> Case:
    assert asked.of is not None
    first, second = asked.of
    path, unit = ("caps.cost", sweep.scenario.currency) if second == "cost" else CAPS[second]
    wider = level - ROOM * abs(level) if second in MOST else level + ROOM * abs(level)
    said = f"{wider!r} {unit}" if unit else wider
    least = "at least" if second in MOST else "at most"
    title = f"{asked.id}: {second} {least} {level:.6g} {unit}".rstrip()
    patch = {"objective": [first, second], path: said}
    return _case(sweep, n, asked, f"{asked.id}/{second}-{level:.6g}", title, patch, level)


def _case(
    sweep: Sweep, n: int, asked: Frontier, name: str, title: str, patch: dict[str, Any], level: float | None
) -> Case:
    changes = Patch(patch, {}, sweep.document, ("frontiers", n, "of"))
    coordinates = {} if level is None else {asked.id: level}
    return Case(name, title, "frontier", asked.id, sweep.scenario, (*sweep.on(asked.on), changes), coordinates)


def _reached(answer: Answer, goal: GoalName) -> float | None:
    if answer.plan is None:
        return None
    return answer.objective if goal == "cost" else answer.goals.get(goal)


def _bound(answer: Answer, goal: GoalName) -> float | None:
    """What no plan under the same cap betters."""
    stages = () if answer.plan is None else answer.plan.get("stages", ())
    return next((stage["bound"] for stage in stages if stage["name"] == goal), None)
