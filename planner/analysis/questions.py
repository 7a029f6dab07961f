"""What-if questions: named patches of a scenario, read and checked before anything is solved."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field

from planner.errors import Collector, InputError
from planner.io.models import StrictModel
from planner.io.yaml import Document, load, parse
from planner.scenario.load import patched
from planner.scenario.model import Name, Scenario

BASE = "base"
"""Id of the scenario as it is."""


class Question(StrictModel):
    """One change of the scenario, with a name."""

    model_config = ConfigDict(populate_by_name=True)

    id: Name
    """Its name in the comparison."""
    title: str | None = None
    """What it asks, in words."""
    changes: dict[str, Any] = Field(alias="set", min_length=1)
    """Value by path: `sites.wuhu.grid: 60 MW`, `policy.without: [CN]`."""


class Questions(StrictModel):
    """A file of questions."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    base: bool = True
    """Whether the scenario itself is solved too, to compare with."""
    questions: tuple[Question, ...] = Field(min_length=1)
    """What is asked, in the order in which it is answered."""


type Asked = str | Path | Document | Sequence[Mapping[str, Any]]
"""A YAML file, its document, or questions written in Python as in the file."""


def document_of(asked: Asked) -> Document:
    """The document of some questions; raises InputError when the file cannot be read."""
    if isinstance(asked, Document):
        return asked
    if isinstance(asked, str | Path):
        return load(asked)
    return Document({"questions": [dict(question) for question in asked]}, "<questions>", {})


def expand(scenario: Scenario, asked: Asked) -> list[tuple[str, str, Scenario]]:
    """(id, title, scenario) of every question in order, the base first if it is wanted.

    Raises InputError with every fault of every question: unknown keys, paths that lead nowhere, values that do not
    fit, each at its place in the file of the questions.
    """
    document = document_of(asked)
    given = parse(Questions, document)
    faults = Collector()
    cases = [(BASE, scenario.title or scenario.name, scenario)] if given.base else []
    seen = {BASE}
    for number, question in enumerate(given.questions):
        at = ("questions", number)
        if question.id in seen:
            what = "is the scenario itself" if question.id == BASE else "is asked twice"
            faults.add("duplicate", f"{question.id!r} {what}", "give it another id", document.place((*at, "id")))
        seen.add(question.id)
        try:
            changed = patched(scenario, question.changes, document, (*at, "set"))
        except InputError as error:
            faults.extend(error)
        else:
            cases.append((question.id, question.title or question.id, changed))
    faults.raise_if_any()
    return cases
