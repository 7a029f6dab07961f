"""Changes laid over a scenario: values and factors by path, each keeping the place where it was asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.errors import Collector, InputError, Place
from planner.io.merge import apply_patch
from planner.io.patch import find_path, split_path
from planner.io.places import item_name
from planner.io.yaml import Document, YamlPath
from planner.scenario.defaults import opened
from planner.scenario.load import document_of, scenario_of
from planner.scenario.model import Scenario
from planner.units import UnitError
from planner.units.quantity import split, tell

FACTS = "facts."
_HINT = "scale numbers and quantities; set anything else"


@dataclass(frozen=True)
class Patch:
    """Some changes that belong together, and where they were written."""

    values: Mapping[str, Any] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    origin: Document = field(default_factory=lambda: Document({}, "<patch>", {}))
    at: YamlPath = ()
    """Where the mappings `set` and `scale` stand in the origin; for single values, the value itself."""
    single: bool = False
    """Whether there is one path whose value stands at `at`."""

    def paths(self) -> Iterator[str]:
        """Every path it changes."""
        yield from self.values
        yield from self.factors

    def place(self, key: str, text: str) -> YamlPath:
        """Where a path, or the value it is given, was written."""
        return self.at if self.single else (*self.at, key, text)


def apply(scenario: Scenario, patches: Iterable[Patch]) -> Scenario:
    """The scenario with patches over it, one after another, checked again. Raises InputError with every fault."""
    base = scenario.document or document_of(scenario)
    document, faults = base, Collector()
    for patch in patches:
        for text, value in patch.values.items():
            document = _changed(document, scenario, patch, "set", text, value, faults)
        for text, factor in patch.factors.items():
            document = _changed(document, scenario, patch, "scale", text, factor, faults)
    faults.raise_if_any()
    return scenario if document is base else scenario_of(document)


def _changed(
    document: Document, scenario: Scenario, patch: Patch, key: str, text: str, value: Any, faults: Collector
) -> Document:
    where = patch.place(key, text)
    place = patch.origin.key_place(where)
    try:
        for path in _expanded(document, text, place):
            document = _one(document, scenario, path, value, patch.origin, where, scaled=key == "scale")
    except InputError as error:
        faults.extend(error)
    return document


def _one(
    document: Document, scenario: Scenario, path: str, value: Any, origin: Document, where: YamlPath, *, scaled: bool
) -> Document:
    if path.startswith(FACTS):
        path, document = _fact(document, path.removeprefix(FACTS))
        value = f"x {value!r}" if scaled else value
    elif scaled:
        value = _scaled(_value_at(document, scenario, path, origin, where), value, path, origin.place(where))
    local = _as_patch(origin, where, path, value)
    document = opened(document, scenario, {path: value}, local, ())
    return apply_patch(document, {path: value}, local)


def _as_patch(origin: Document, where: YamlPath, path: str, value: Any) -> Document:
    """A document that holds one path, with the places of what was asked."""
    below = {(path, *at[len(where) :]): place for at, place in origin.places.items() if at[: len(where)] == where}
    keys = {(path, *at[len(where) :]): place for at, place in origin.key_places.items() if at[: len(where)] == where}
    places = {(): origin.place(where), (path,): origin.place(where), **below}
    return Document({path: value}, origin.path, places, {(path,): origin.key_place(where), **keys})


def _fact(document: Document, key: str) -> tuple[str, Document]:
    """The path of a fact in the mapping `facts`, which is there afterwards."""
    key = ".".join(split_path(key))
    facts = document.value.get("facts")
    if not isinstance(facts, dict):
        value = {**document.value, "facts": {}}
        document = Document(value, document.path, document.places, document.key_places, document.overridden)
        facts = {}
    return (f'facts."{key}"' if key in facts else f'facts."{key}"+'), document


def _expanded(document: Document, text: str, place: Place | None) -> list[str]:
    """Paths without `*`: every item of a list or mapping in its stead. Raises InputError when there is none."""
    if text.startswith(FACTS) or "*" not in text:
        return [text]
    found: list[list[str]] = [[]]
    for part in split_path(text, place):
        found = [[*head, item] for head in found for item in (_items(document, head) if part == "*" else [part])]
    if not found:
        raise InputError.of("patch-path", f"{text!r} leads nowhere: there is nothing in the place of *", None, place)
    return [".".join(f'"{part}"' for part in parts) for parts in found]


def _items(document: Document, head: list[str]) -> list[str]:
    inside = document.get(find_path(document, ".".join(f'"{part}"' for part in head))) if head else document.value
    if isinstance(inside, dict):
        return [str(key) for key in inside]
    if isinstance(inside, list):
        name = item_name(inside)
        return [str(item[name]) for item in inside] if name else [str(n) for n in range(len(inside))]
    return []


def _value_at(document: Document, scenario: Scenario, path: str, origin: Document, where: YamlPath) -> Any:
    """The value at a path as the file gives it."""
    whole = opened(document, scenario, {path: None}, _as_patch(origin, where, path, None), ())
    return whole.get(find_path(whole, path, origin.key_place(where)))


def _scaled(value: Any, factor: float, path: str, place: Place) -> Any:
    """A value with every number in it times a factor; units stay."""
    if isinstance(value, dict):
        return {key: _scaled(item, factor, path, place) for key, item in value.items()}
    if isinstance(value, list):
        return [_scaled(item, factor, path, place) for item in value]
    try:
        number, unit = split(value, path, "40 MW")
    except UnitError:
        message = f"{path!r} cannot be scaled: it holds {tell(value)}"
        raise InputError.of("patch-scale", message, _HINT, place) from None
    result = number * factor
    if isinstance(value, int) and result == int(result):
        return int(result)
    return f"{result!r} {unit}" if unit else result
