"""A file of questions while its runs are made and checked."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from planner.analysis.asked.changes import BASE
from planner.analysis.asked.file import Questions
from planner.analysis.cases import Case, Kind
from planner.analysis.patches import Patch
from planner.analysis.points import question_patch
from planner.errors import Collector, InputError
from planner.io.yaml import Document
from planner.scenario.model import Scenario


class Asking:
    """One file being expanded; faults are collected and raised together."""

    def __init__(self, scenario: Scenario, given: Questions, document: Document) -> None:
        self.scenario, self.given, self.document = scenario, given, document
        self.faults = Collector()
        self.patches = {q.id: question_patch(document, given, q.id) for q in given.questions}
        self.titles = {BASE: scenario.title or scenario.name} | {q.id: q.title or q.id for q in given.questions}

    def case(
        self,
        name: str,
        title: str,
        kind: Kind,
        study: str,
        questions: Iterable[str],
        patches: Iterable[Patch] = (),
        coordinates: Mapping[str, Any] | None = None,
    ) -> Case:
        """A run under some questions, in their order, and then under other changes."""
        first = (self.patches[q] for q in questions if q in self.patches)
        return Case(name, title, kind, study, self.scenario, (*first, *patches), coordinates or {})

    def check(self, cases: Iterable[Case]) -> None:
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

    def guarded(self, made: Iterator[Case]) -> Iterator[Case]:
        """Runs up to the first that cannot be made, which becomes a fault."""
        try:
            yield from made
        except InputError as error:
            self.faults.extend(error)
