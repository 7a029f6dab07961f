"""What is solved later, tried beforehand: the ends of searches, and every world."""

from collections.abc import Iterator

from planner.analysis.asked.searches import Frontier
from planner.analysis.cases import Case
from planner.analysis.expansion.asking import Asking
from planner.analysis.line import line_of
from planner.analysis.patches import Patch
from planner.analysis.points import dated, point_patch
from planner.analysis.uncertainty.worlds import worlds_of
from planner.errors import InputError
from planner.io.yaml import YamlPath

MOST_WORLDS = 32
"""Worlds in one program."""


def check_worlds(asking: Asking) -> None:
    """Every world of every uncertainty is made once, so that faults are told now."""
    for n, asked in enumerate(asking.given.uncertainty):
        try:
            worlds = worlds_of(asked, asking.scenario, asking.document, n)
        except InputError as error:
            asking.faults.extend(error)
            continue
        if len(worlds) > MOST_WORLDS:
            place = asking.document.place(("uncertainty", n))
            message = f"{len(worlds):,} worlds in one program; at most {MOST_WORLDS} are allowed"
            asking.faults.add("too-many-worlds", message, "name fewer events", place)
            continue
        if [goal.name for goal in asking.scenario.goals] != ["cost"]:
            place = asking.document.place(("uncertainty", n))
            message = "what a plan must live with is planned by cost alone, and the scenario seeks something else"
            asking.faults.add("objective", message, "add a scenario with objective: cost", place)
            continue
        asking.check(asking.case(w.id, w.id, "world", asked.id, w.questions) for w in worlds)


def check_searches(asking: Asking) -> None:
    """The ends of searches are tried: a path or value that does not fit is told now."""
    for section in ("break_even", "frontiers"):
        for n, asked in enumerate(getattr(asking.given, section)):
            at: YamlPath = (section, n)
            if isinstance(asked, Frontier) and asked.of is not None:
                asking.check(_goals(asking, asked, at))
                continue
            width = getattr(asked, "tolerance", None)
            ends = (asked.start, asked.end) if dated(asked.start) else (asked.start, asked.end, width)
            try:
                line = line_of(asking.document.place((*at, "from")), *ends)
            except InputError as error:
                asking.faults.extend(error)
                continue
            if line.read(asked.start) == line.read(asked.end):
                asking.faults.add("interval", "from and to are the same", None, asking.document.place((*at, "to")))
            where = asking.document.place((*at, "tolerance"))
            if width is not None and line.whole and not isinstance(width, int | float):
                hint = "write 7 for a week, or for seven periods"
                asking.faults.add("interval", f"between days or periods a tolerance counts them: {width}", hint, where)
            elif width is not None and not (float(width) if line.whole else line.read(width)) > 0:
                asking.faults.add("interval", f"a tolerance is above zero: got {width}", None, where)
            for key, value in (("from", asked.start), ("to", asked.end)):
                patch = point_patch(asking.document, (*at, key), asked.path, asked.factor, value)
                asking.check([asking.case(asked.id, asked.id, "break-even", asked.id, asked.on, [patch])])


def _goals(asking: Asking, asked: Frontier, at: YamlPath) -> Iterator[Case]:
    """The scenario with each of two goals sought: one that nothing asks for is told now."""
    for goal in asked.of or ():
        patch = Patch({"objective": [goal]}, {}, asking.document, (*at, "of"))
        yield asking.case(asked.id, asked.id, "frontier", asked.id, asked.on, [patch])
