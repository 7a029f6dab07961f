"""Names in a file of questions: each of its own, and none that is unknown."""

from collections.abc import Iterable
from dataclasses import replace

from planner.analysis.asked.changes import BASE
from planner.analysis.asked.file import SECTIONS
from planner.analysis.cases import TOLD, Case
from planner.analysis.expansion.asking import Asking
from planner.errors import nearest
from planner.io.yaml import YamlPath


def check_names(asking: Asking) -> None:
    """No id twice in the whole file, and none that is the base's."""
    seen = {BASE}
    for section in SECTIONS:
        for n, item in enumerate(getattr(asking.given, section)):
            if item.id in seen:
                what = "is the scenario itself" if item.id == BASE else "is asked twice"
                place = asking.document.place((section, n, "id"))
                asking.faults.add("duplicate", f"{item.id!r} {what}", "give it another id", place)
            seen.add(item.id)
            for field_name, key in (("of", "of"), ("on", "with")):
                goals = section == "frontiers" and key == "of"
                for k, name in enumerate(() if goals else getattr(item, field_name, ())):
                    _known(asking, name, (section, n, key, k))
    for n, grid in enumerate(asking.given.grids):
        for k, axis in enumerate(grid.axes):
            for i, name in enumerate(axis.questions or ()):
                _known(asking, name, ("grids", n, "axes", k, "questions", i))
    for n, entry in enumerate(asking.given.uncertainty):
        for k, event in enumerate(entry.events):
            _known(asking, event.question, ("uncertainty", n, "events", k, "question"))
        for k, world in enumerate(entry.worlds):
            for i, name in enumerate(world.questions):
                _known(asking, name, ("uncertainty", n, "worlds", k, "questions", i))


def check_twice(asking: Asking, cases: Iterable[Case]) -> None:
    """No two runs of one name: an axis may not hold a value twice."""
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            hint = "give each value once"
            asking.faults.add("duplicate", f"two runs are named {case.id!r}", hint, asking.document.place())
        seen.add(case.id)


def with_near(asking: Asking, cases: list[Case]) -> list[Case]:
    """Runs beside whose plans others are looked for."""
    asked = asking.given.near_optimal
    if asked is None:
        return cases
    for k, name in enumerate(asked.of or ()):
        if name not in {case.id for case in cases}:
            close = nearest(name, [case.id for case in cases])
            hint = f"did you mean {close!r}?" if close else "planner whatif --list shows every run"
            place = asking.document.place(("near_optimal", "of", k))
            asking.faults.add("unknown-name", f"there is no run {name!r}", hint, place)
    wanted = {case.id for case in cases if case.kind in TOLD} if asked.of is None else set(asked.of)
    return [replace(case, near=asked) if case.id in wanted else case for case in cases]


def _known(asking: Asking, name: str, at: YamlPath) -> None:
    if name == BASE or name in asking.patches:
        return
    close = nearest(name, asking.patches)
    hint = f"did you mean {close!r}?" if close else f"questions: {', '.join(asking.patches) or 'none'}"
    asking.faults.add("unknown-name", f"there is no question {name!r}", hint, asking.document.place(at))
