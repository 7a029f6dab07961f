"""Points of sweeps: single changes as patches, facts with their ranges, and names made of values."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.analysis.answer import Answer
from planner.analysis.asked.file import Questions
from planner.analysis.asked.grids import Axis
from planner.analysis.cases import Case
from planner.analysis.patches import FACTS, Patch
from planner.errors import InputError, nearest
from planner.io.patch import split_path
from planner.io.yaml import Document, YamlPath
from planner.scenario.model import Scenario


def dated(value: Any) -> bool:
    """Whether a value is a day or a period."""
    return isinstance(value, str) and value[:4].isdecimal() and value[4:5] == "-"


def point_patch(document: Document, at: YamlPath, path: str | None, factor: str | None, value: Any) -> Patch:
    """One path set to, or scaled by, one value that stands at `at`."""
    if path is not None:
        return Patch({path: value}, {}, document, at, single=True)
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"a factor is a number: got {value!r}"
        raise InputError.of("patch-scale", message, "write 0.8 for four fifths", document.place(at))
    return Patch({}, {str(factor): float(value)}, document, at, single=True)


def question_patch(document: Document, given: Questions, name: str) -> Patch:
    """The changes of a question."""
    n, question = next((n, q) for n, q in enumerate(given.questions) if q.id == name)
    return Patch(question.changes, question.scale, document, ("questions", n))


def ledger_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Rows of every fact that the plan of a scenario would use."""
    from planner.plan.solve import pose
    from planner.scenario.load import catalog_of

    return pose(scenario, catalog_of(scenario)).case.ledger.rows()


def uncertain(row: Mapping[str, Any]) -> bool:
    """Whether a ledger row has a range of numbers."""
    low, high = row["low"], row["high"]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (low, high))
    return numbers and low != high and row["kind"] != "scenario"


def band_of(path: str, ledger: list[dict[str, Any]], place: Any) -> tuple[Any, Any, Any]:
    """Low, mid and high of a fact as they would be written."""
    from planner.catalog.quantity import read

    key = ".".join(split_path(path.removeprefix(FACTS)))
    row = next((row for row in ledger if row["key"] == key), None)
    if not path.startswith(FACTS) or row is None or not uncertain(row):
        close = nearest(key, [row["key"] for row in ledger if uncertain(row)])
        hint = f"did you mean {FACTS}{close}?" if close else "give uniform: {low: ..., high: ...}"
        raise InputError.of("distribution", f"{path!r} is no uncertain fact that the plan uses", hint, place)

    def written(value: float) -> Any:
        text = f"{value!r} {row['unit']}".strip()
        try:
            read(text)
        except InputError:
            return value
        return text if row["unit"] else value

    return written(row["low"]), written(row["mid"]), written(row["high"])


def length(axis: Axis) -> int:
    """How many values an axis has."""
    if axis.questions is not None:
        return len(axis.questions)
    return len(axis.values) or (axis.steps or 0)


def shown(value: Any) -> Any:
    """A value as it stands in a table."""
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def slug(value: Any) -> str:
    """A value as part of a name."""
    return str(value).replace(" ", "").replace("/", "per")


def figure(value: Any) -> str:
    """A number of a title."""
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value)


type Search[R] = Generator[list[Case], list[Answer], R]
"""Yields runs, is sent their answers, returns what it found."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a frontier."""

    study: str
    limit: Any
    """Of the limit or the second goal; None at the ends of a frontier of two goals, where nothing is capped."""
    run: str
    status: str
    objective: float | None
    """Net present cost."""
    bound: float | None
    metric: str
    """The second axis: a metric of the plan, or a goal."""
    value: float | None
    dominated: bool
    """Whether another point is no worse in both and better in one."""
    goal: str
    """The first axis: cost, or the goal that is sought."""
    reached: float | None
    proved: float | None
    """What no plan under the same limit betters, in the goal."""


def beaten(found: Sequence[tuple[float | None, float | None]], less: tuple[bool, bool]) -> list[bool]:
    """Whether another point is no worse in both quantities and better in one; `less`: of which less is better."""
    signs = [1.0 if way else -1.0 for way in less]
    pairs = [None if a is None or b is None else (signs[0] * a, signs[1] * b) for a, b in found]
    return [pair is not None and any(other is not None and _beats(other, pair) for other in pairs) for pair in pairs]


def _beats(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[0] and one[1] <= other[1] and one != other
