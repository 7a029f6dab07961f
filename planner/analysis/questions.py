"""From a file of questions to the runs that answer it: everything is read and checked before anything is solved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import combinations, product
from math import comb, prod
from pathlib import Path
from typing import Any

from planner.analysis.asked import (
    BASE,
    SECTIONS,
    Axis,
    BreakEven,
    Draws,
    Frontier,
    Grid,
    Questions,
    Tornado,
    Uncertainty,
)
from planner.analysis.cases import TOLD, Case, Kind
from planner.analysis.draws import sample
from planner.analysis.line import line_of
from planner.analysis.patches import FACTS, Patch, apply
from planner.analysis.points import (
    band_of,
    dated,
    figure,
    ledger_of,
    length,
    point_patch,
    question_patch,
    shown,
    slug,
    uncertain,
)
from planner.errors import Collector, InputError, nearest
from planner.io.yaml import Document, YamlPath, load, parse
from planner.scenario.model import Scenario

__all__ = ["BASE", "Asked", "document_of", "expand"]

MOST_WORLDS = 32
"""Worlds in one program."""

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
    return _Expansion(scenario, given, document).sweep()


class _Expansion:
    """One file being expanded; faults are collected and raised together."""

    def __init__(self, scenario: Scenario, given: Questions, document: Document) -> None:
        self.scenario, self.given, self.document = scenario, given, document
        self.faults = Collector()
        self.patches = {q.id: question_patch(document, given, q.id) for q in given.questions}
        self.titles = {BASE: scenario.title or scenario.name} | {q.id: q.title or q.id for q in given.questions}

    def sweep(self) -> Sweep:
        given = self.given
        self._names()
        counts = self._counts()
        self.faults.raise_if_any()
        cases = [Case(BASE, self.titles[BASE], "base", BASE, self.scenario)] if given.base else []
        for question in given.questions:
            cases.append(self._case(question.id, question.title or question.id, "question", question.id, [question.id]))
        cases += [case for n in range(len(given.combinations)) for case in self._combination(n)]
        self._check(cases)
        for n, grid in enumerate(given.grids):
            made = list(self._guarded(self._grid(n, grid)))
            self._check(made)
            cases += made
        for n, draws in enumerate(given.draws):
            made = list(self._guarded(self._draws(n, draws)))
            self._check(made[:3] + made[-3:])
            cases += made
        for n, tornado in enumerate(given.tornado):
            cases += self._guarded(self._tornado(n, tornado))
        self._searches()
        self._worlds()
        self._twice(cases)
        cases = self._near(cases)
        self.faults.raise_if_any()
        counts["tornado"] = sum(case.kind == "tornado" for case in cases)
        if len(cases) > given.most_runs:
            raise self._too_many(len(cases), counts)
        return Sweep(
            self.scenario,
            given,
            self.document,
            tuple(cases),
            given.break_even,
            given.frontiers,
            given.uncertainty,
            {name: count for name, count in counts.items() if count},
        )

    def _guarded(self, made: Iterator[Case]) -> Iterator[Case]:
        try:
            yield from made
        except InputError as error:
            self.faults.extend(error)

    def _names(self) -> None:
        """No id twice in the whole file, and none that is the base's."""
        seen = {BASE}
        for section in SECTIONS:
            for n, item in enumerate(getattr(self.given, section)):
                if item.id in seen:
                    what = "is the scenario itself" if item.id == BASE else "is asked twice"
                    place = self.document.place((section, n, "id"))
                    self.faults.add("duplicate", f"{item.id!r} {what}", "give it another id", place)
                seen.add(item.id)
                for field_name, key in (("of", "of"), ("on", "with")):
                    goals = section == "frontiers" and key == "of"
                    for k, name in enumerate(() if goals else getattr(item, field_name, ())):
                        self._known(name, (section, n, key, k))
        for n, grid in enumerate(self.given.grids):
            for k, axis in enumerate(grid.axes):
                for i, name in enumerate(axis.questions or ()):
                    self._known(name, ("grids", n, "axes", k, "questions", i))
        for n, entry in enumerate(self.given.uncertainty):
            for k, event in enumerate(entry.events):
                self._known(event.question, ("uncertainty", n, "events", k, "question"))
            for k, world in enumerate(entry.worlds):
                for i, name in enumerate(world.questions):
                    self._known(name, ("uncertainty", n, "worlds", k, "questions", i))

    def _twice(self, cases: Iterable[Case]) -> None:
        """No two runs of one name: an axis may not hold a value twice."""
        seen: set[str] = set()
        for case in cases:
            if case.id in seen:
                hint = "give each value once"
                self.faults.add("duplicate", f"two runs are named {case.id!r}", hint, self.document.place())
            seen.add(case.id)

    def _near(self, cases: list[Case]) -> list[Case]:
        """Runs beside whose plans others are looked for."""
        asked = self.given.near_optimal
        if asked is None:
            return cases
        for k, name in enumerate(asked.of or ()):
            if name not in {case.id for case in cases}:
                close = nearest(name, [case.id for case in cases])
                hint = f"did you mean {close!r}?" if close else "planner whatif --list shows every run"
                place = self.document.place(("near_optimal", "of", k))
                self.faults.add("unknown-name", f"there is no run {name!r}", hint, place)
        wanted = {case.id for case in cases if case.kind in TOLD} if asked.of is None else set(asked.of)
        return [replace(case, near=asked) if case.id in wanted else case for case in cases]

    def _known(self, name: str, at: YamlPath) -> None:
        if name == BASE or name in self.patches:
            return
        close = nearest(name, self.patches)
        hint = f"did you mean {close!r}?" if close else f"questions: {', '.join(self.patches) or 'none'}"
        self.faults.add("unknown-name", f"there is no question {name!r}", hint, self.document.place(at))

    def _counts(self) -> dict[str, int]:
        """Runs by section, counted before any is made."""
        given = self.given
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
            raise self._too_many(sum(counts.values()), counts)
        return counts

    def _too_many(self, total: int, counts: Mapping[str, int]) -> InputError:
        parts = ", ".join(f"{count:,} of {name}" for name, count in counts.items() if count)
        message = f"{total:,} runs are asked for ({parts}); at most {self.given.most_runs:,} are allowed"
        return InputError.of("too-many-runs", message, f"ask less, or write most_runs: {total}", self.document.place())

    def _case(
        self,
        name: str,
        title: str,
        kind: Kind,
        study: str,
        questions: Iterable[str],
        patches: Iterable[Patch] = (),
        coordinates: Mapping[str, Any] | None = None,
    ) -> Case:
        first = (self.patches[q] for q in questions if q in self.patches)
        return Case(name, title, kind, study, self.scenario, (*first, *patches), coordinates or {})

    def _check(self, cases: Iterable[Case]) -> None:
        """The effective scenario of each is made, so that faults are told before anything is solved."""
        for case in cases:
            try:
                found = case.scenario
            except InputError as error:
                self.faults.extend(error)
                continue
            if found.currency != self.scenario.currency:
                message = f"{case.id} counts in {found.currency}, the scenario in {self.scenario.currency}"
                self.faults.add("currency", message, "costs could not be compared", self.document.place())

    def _combination(self, n: int) -> Iterator[Case]:
        asked = self.given.combinations[n]
        names = [name for name in asked.of if name in self.patches]
        for size in asked.sizes or range(2, len(asked.of) + 1):
            for chosen in combinations(names, size):
                clash = self._clash(chosen)
                if clash is not None:
                    place = self.document.place(("combinations", n, "of"))
                    self.faults.add("combination", clash, "leave one of them out, or name the sizes wanted", place)
                    return
                title = "; ".join(self.titles[name] for name in chosen)
                on = {name: name in chosen for name in names}
                yield self._case("+".join(chosen), title, "combination", asked.id, chosen, (), on)

    def _clash(self, names: Sequence[str]) -> str | None:
        """Two questions that set the same path contradict one another."""
        owner: dict[str, str] = {}
        for name in names:
            for path in self.patches[name].values:
                if path in owner:
                    return f"{owner[path]!r} and {name!r} both set {path}"
                if not path.endswith("+"):
                    owner[path] = name
        return None

    def _grid(self, n: int, grid: Grid) -> Iterator[Case]:
        axes = [self._axis(axis, ("grids", n, "axes", k)) for k, axis in enumerate(grid.axes)]
        names = [axis.id for axis in grid.axes]
        for point in product(*axes):
            title = f"{grid.id}: " + ", ".join(f"{name} {label}" for name, (label, _) in zip(names, point, strict=True))
            patches = [patch for _, patch in point if patch is not None]
            coordinates = {name: label for name, (label, _) in zip(names, point, strict=True)}
            key = "/".join([grid.id, *(slug(label) for label, _ in point)])
            yield self._case(key, title, "grid", grid.id, grid.on, patches, coordinates)

    def _axis(self, axis: Axis, at: YamlPath) -> list[tuple[Any, Patch | None]]:
        """(label, patch) of every value of an axis."""
        if axis.questions is not None:
            return [(name, self.patches.get(name)) for name in axis.questions]
        if axis.values:
            return [
                (shown(value), point_patch(self.document, (*at, "values", k), axis.path, axis.factor, value))
                for k, value in enumerate(axis.values)
            ]
        line = line_of(self.document.place((*at, "from")), axis.start, axis.end)
        values = line.spaced(axis.start, axis.end, axis.steps or 2)
        return [(v, point_patch(self.document, (*at, "from"), axis.path, axis.factor, v)) for v in values]

    def _draws(self, n: int, asked: Draws) -> Iterator[Case]:
        at: YamlPath = ("draws", n)
        ledger: list[dict[str, Any]] = []

        def band(path: str) -> tuple[Any, Any, Any]:
            if not ledger:
                ledger.extend(ledger_of(apply(self.scenario, [self.patches[q] for q in asked.on if q in self.patches])))
            return band_of(path, ledger, self.document.place((*at, "variables")))

        for k, drawn in enumerate(sample(asked, self.document, at, band), start=1):
            patches = [
                point_patch(self.document, (*at, "variables", i), v.path, v.factor, drawn[v.id])
                for i, v in enumerate(asked.variables)
            ]
            yield self._case(f"{asked.id}/{k:04d}", f"{asked.id}, draw {k}", "draw", asked.id, asked.on, patches, drawn)

    def _tornado(self, n: int, asked: Tornado) -> Iterator[Case]:
        at: YamlPath = ("tornado", n)
        rows = [row for row in ledger_of(apply(self.scenario, [self.patches[q] for q in asked.on])) if uncertain(row)]
        keys = [row["key"] for row in rows]
        wanted = ["*"] if asked.facts == "all" else list(asked.facts)
        for k, pattern in enumerate(wanted):
            if not any(fnmatchcase(key, pattern) for key in keys):
                close = nearest(pattern, keys)
                hint = f"did you mean {close!r}?" if close else "planner plan --json lists the facts: frames.inputs"
                where = self.document.place((*at, "facts", k))
                self.faults.add("unknown-name", f"{pattern!r} is no uncertain fact that the plan uses", hint, where)
        for row in rows:
            if any(fnmatchcase(row["key"], pattern) for pattern in wanted):
                for side in ("low", "high"):
                    patch = point_patch(self.document, at, FACTS + f'"{row["key"]}"', None, side)
                    title = f"{row['key']} at its {side} side ({figure(row[side])} {row['unit']})".replace(" )", ")")
                    name = f"{asked.id}/{row['key']}={side}"
                    coordinates = {"fact": row["key"], "side": side, "value": row[side], "unit": row["unit"]}
                    yield self._case(name, title, "tornado", asked.id, asked.on, [patch], coordinates)

    def _worlds(self) -> None:
        """Every world of every uncertainty is made once, so that faults are told now."""
        from planner.analysis.uncertainty.worlds import worlds_of

        for n, asked in enumerate(self.given.uncertainty):
            try:
                worlds = worlds_of(asked, self.scenario, self.document, n)
            except InputError as error:
                self.faults.extend(error)
                continue
            if len(worlds) > MOST_WORLDS:
                place = self.document.place(("uncertainty", n))
                message = f"{len(worlds):,} worlds in one program; at most {MOST_WORLDS} are allowed"
                self.faults.add("too-many-worlds", message, "name fewer events", place)
                continue
            if [goal.name for goal in self.scenario.goals] != ["cost"]:
                place = self.document.place(("uncertainty", n))
                message = "what a plan must live with is planned by cost alone, and the scenario seeks something else"
                self.faults.add("objective", message, "add a scenario with objective: cost", place)
                continue
            self._check(self._case(w.id, w.id, "world", asked.id, w.questions) for w in worlds)

    def _goals(self, asked: Frontier, at: YamlPath) -> Iterator[Case]:
        """The scenario with each of two goals sought: one that nothing asks for is told now."""
        for goal in asked.of or ():
            patch = Patch({"objective": [goal]}, {}, self.document, (*at, "of"))
            yield self._case(asked.id, asked.id, "frontier", asked.id, asked.on, [patch])

    def _searches(self) -> None:
        """The ends of searches are tried: a path or value that does not fit is told now."""
        for section in ("break_even", "frontiers"):
            for n, asked in enumerate(getattr(self.given, section)):
                at: YamlPath = (section, n)
                if isinstance(asked, Frontier) and asked.of is not None:
                    self._check(self._goals(asked, at))
                    continue
                width = getattr(asked, "tolerance", None)
                ends = (asked.start, asked.end) if dated(asked.start) else (asked.start, asked.end, width)
                try:
                    line = line_of(self.document.place((*at, "from")), *ends)
                except InputError as error:
                    self.faults.extend(error)
                    continue
                if line.read(asked.start) == line.read(asked.end):
                    self.faults.add("interval", "from and to are the same", None, self.document.place((*at, "to")))
                where = self.document.place((*at, "tolerance"))
                if width is not None and line.whole and not isinstance(width, int | float):
                    hint = "write 7 for a week, or for seven periods"
                    self.faults.add(
                        "interval", f"between days or periods a tolerance counts them: {width}", hint, where
                    )
                elif width is not None and not (float(width) if line.whole else line.read(width)) > 0:
                    self.faults.add("interval", f"a tolerance is above zero: got {width}", None, where)
                for key, value in (("from", asked.start), ("to", asked.end)):
                    patch = point_patch(self.document, (*at, key), asked.path, asked.factor, value)
                    self._check([self._case(asked.id, asked.id, "break-even", asked.id, asked.on, [patch])])
