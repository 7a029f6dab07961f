"""From a file of questions to the runs that answer it: everything is read and checked before anything is solved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb, prod
from pathlib import Path
from typing import Any

from planner.analysis.asked.changes import BASE
from planner.analysis.asked.file import Questions
from planner.analysis.asked.searches import BreakEven, Frontier
from planner.analysis.asked.worlds import Uncertainty
from planner.analysis.cases import Case
from planner.analysis.expansion.asking import Asking
from planner.analysis.expansion.later import check_searches, check_worlds
from planner.analysis.expansion.names import check_names, check_twice, with_near
from planner.analysis.expansion.runs import combination_runs, draw_runs, grid_runs, tornado_runs
from planner.analysis.patches import Patch
from planner.analysis.points import length, question_patch
from planner.errors import InputError, nearest
from planner.io.yaml import Document, load, parse
from planner.scenario.model import Scenario

type Asked = str | Path | Document | Sequence[Mapping[str, Any]] | Mapping[str, Any]
"""A YAML file, its document, or questions written in Python: a list of them, or the whole file as a mapping."""


@dataclass(frozen=True)
class Sweep:
    """What a file asks: runs known beforehand, and searches whose runs follow from answers."""

    scenario: Scenario
    given: Questions
    document: Document
    cases: tuple[Case, ...]
    break_even: tuple[BreakEven, ...] = ()
    frontiers: tuple[Frontier, ...] = ()
    uncertainty: tuple[Uncertainty, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """Runs known beforehand by section."""

    def on(self, names: Iterable[str]) -> tuple[Patch, ...]:
        """The patches of some questions."""
        return tuple(question_patch(self.document, self.given, name) for name in names if name != BASE)

    def find(self, name: str) -> Case:
        """The run of an id. Raises InputError with the nearest one."""
        found = next((case for case in self.cases if case.id == name), None)
        if found is None:
            close = nearest(name, [case.id for case in self.cases])
            hint = f"did you mean {close!r}?" if close else "planner whatif --list shows every run"
            raise InputError.of("unknown-name", f"there is no run {name!r}", hint)
        return found


def document_of(asked: Asked) -> Document:
    """The document of some questions; raises InputError when the file cannot be read."""
    if isinstance(asked, Document):
        return asked
    if isinstance(asked, str | Path):
        return load(asked)
    value = dict(asked) if isinstance(asked, Mapping) else {"questions": [dict(question) for question in asked]}
    return Document(value, "<questions>", {})


def expand(scenario: Scenario, asked: Asked) -> Sweep:
    """Every run of a file, in order, the base first if it is wanted.

    Raises InputError with every fault: unknown keys and names, paths that lead nowhere, values that do not fit,
    impossible distributions, more runs than allowed; each at its place in the file of the questions.
    """
    document = document_of(asked)
    given = parse(Questions, document)
    return _sweep(Asking(scenario, given, document))


def _sweep(asking: Asking) -> Sweep:
    given = asking.given
    check_names(asking)
    counts = _counts(asking)
    asking.faults.raise_if_any()
    cases = [Case(BASE, asking.titles[BASE], "base", BASE, asking.scenario)] if given.base else []
    for question in given.questions:
        cases.append(asking.case(question.id, question.title or question.id, "question", question.id, [question.id]))
    cases += [case for n in range(len(given.combinations)) for case in combination_runs(asking, n)]
    asking.check(cases)
    for n, grid in enumerate(given.grids):
        made = list(asking.guarded(grid_runs(asking, n, grid)))
        asking.check(made)
        cases += made
    for n, draws in enumerate(given.draws):
        made = list(asking.guarded(draw_runs(asking, n, draws)))
        asking.check(made[:3] + made[-3:])
        cases += made
    for n, tornado in enumerate(given.tornado):
        cases += asking.guarded(tornado_runs(asking, n, tornado))
    check_searches(asking)
    check_worlds(asking)
    check_twice(asking, cases)
    cases = with_near(asking, cases)
    asking.faults.raise_if_any()
    counts["tornado"] = sum(case.kind == "tornado" for case in cases)
    if len(cases) > given.most_runs:
        raise _too_many(asking, len(cases), counts)
    return Sweep(
        asking.scenario,
        given,
        asking.document,
        tuple(cases),
        given.break_even,
        given.frontiers,
        given.uncertainty,
        {name: count for name, count in counts.items() if count},
    )


def _counts(asking: Asking) -> dict[str, int]:
    """Runs by section, counted before any is made."""
    given = asking.given
    subsets = 0
    for combination in given.combinations:
        size = len(combination.of)
        subsets += sum(comb(size, k) for k in combination.sizes or range(2, size + 1))
    counts = {
        "base": int(given.base),
        "questions": len(given.questions),
        "combinations": subsets,
        "grids": sum(prod(length(axis) for axis in grid.axes) for grid in given.grids),
        "draws": sum(draws.runs for draws in given.draws),
    }
    if sum(counts.values()) > given.most_runs:
        raise _too_many(asking, sum(counts.values()), counts)
    return counts


def _too_many(asking: Asking, total: int, counts: Mapping[str, int]) -> InputError:
    parts = ", ".join(f"{count:,} of {name}" for name, count in counts.items() if count)
    message = f"{total:,} runs are asked for ({parts}); at most {asking.given.most_runs:,} are allowed"
    return InputError.of("too-many-runs", message, f"ask less, or write most_runs: {total}", asking.document.place())
