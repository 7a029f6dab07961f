"""Single fields of catalog entries and rules set to other values, each keeping the place where it was written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.catalog.kinds import Kind
from planner.catalog.merge import Raw, standalone
from planner.errors import Collector, InputError, Place
from planner.io.merge import apply_patch
from planner.io.yaml import Document, YamlPath


@dataclass(frozen=True, slots=True)
class Change:
    """Another value for a field of an entry, with the document and the place where it was written."""

    kind: str
    id: str
    field: str
    value: Any
    origin: Document
    at: YamlPath

    @property
    def place(self) -> Place:
        """Where the key was written."""
        return self.origin.key_place(self.at)


def changed(kind: Kind, raws: Mapping[str, Raw], changes: Iterable[Change]) -> dict[str, Raw]:
    """Entries with the changes of a scenario over them. Raises InputError where a field cannot be reached."""
    result = dict(raws)
    faults = Collector()
    for change in changes:
        raw = standalone(kind, result[change.id])
        try:
            document = _with(raw.document, change)
        except InputError as error:
            faults.extend(error)
        else:
            result[change.id] = Raw(document, ())
    faults.raise_if_any()
    return result


def _with(document: Document, change: Change, base: tuple[str, ...] = ()) -> Document:
    """The document of an entry with one field set; fields that the entry leaves out are opened on the way."""
    parts = [*base, *change.field.split(".")]
    value = document.value
    for depth, part in enumerate(parts[:-1]):
        inside = _at(value, parts[:depth])
        if isinstance(inside, dict) and inside.get(part) is None:
            value = _put(value, parts[:depth], part)
    whole = Document(value, document.path, document.places, document.key_places, document.overridden)
    last = _at(value, parts[:-1])
    plus = "+" if isinstance(last, dict) and parts[-1] not in last else ""
    path = ".".join(f'"{part}"' for part in parts) + plus
    origin = change.origin
    moved = Document({path: change.value}, origin.path, *_moved(origin, change.at, path))
    cleaned = _banded(whole, parts)
    return apply_patch(cleaned, {path: change.value}, moved)


def _banded(document: Document, parts: list[str]) -> Document:
    """Without low, mid and high beside a `value` that is about to be set."""
    if parts[-1] != "value":
        return document
    owner = _at(document.value, parts[:-1])
    if not isinstance(owner, dict) or not {"low", "mid", "high"} & owner.keys():
        return document
    value = _put(document.value, parts[:-1], None, drop=("low", "mid", "high"))
    return Document(value, document.path, document.places, document.key_places, document.overridden)


def _moved(origin: Document, at: YamlPath, path: str) -> tuple[dict[YamlPath, Place], dict[YamlPath, Place]]:
    """The places below `at` as those below `path`."""

    def under(table: Mapping[YamlPath, Place]) -> Iterator[tuple[YamlPath, Place]]:
        for old, place in table.items():
            if old[: len(at)] == at:
                yield (path, *old[len(at) :]), place

    places = {(): origin.place(at), (path,): origin.place(at), **dict(under(origin.places))}
    return places, {(path,): origin.key_place(at), **dict(under(origin.key_places))}


def _at(value: Any, parts: Iterable[str]) -> Any:
    for part in parts:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _put(value: Any, parts: list[str], part: str | None, drop: tuple[str, ...] = ()) -> Any:
    """A copy of `value` in which `part` is an empty mapping below `parts`, or keys are dropped there."""
    if not parts:
        kept = {key: item for key, item in value.items() if key not in drop}
        return kept if part is None else {**kept, part: {}}
    head, rest = parts[0], parts[1:]
    if isinstance(value, list):
        index = int(head)
        return [*value[:index], _put(value[index], rest, part, drop), *value[index + 1 :]]
    return {**value, head: _put(value[head], rest, part, drop)}


def policies(documents: Iterable[Document], changes: Iterable[Change]) -> tuple[Document, ...]:
    """Documents of rules with changes of single rules."""
    found = list(documents)
    for change in changes:
        for n, document in enumerate(found):
            rules = document.value.get("rules") if isinstance(document.value, dict) else None
            index = next((i for i, r in enumerate(rules or ()) if r.get("id") == change.id), None)
            if index is not None:
                found[n] = _with(document, change, ("rules", str(index)))
    return tuple(found)
