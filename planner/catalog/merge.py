"""Raw entries of one kind across folders: duplicates refused, later folders overlay earlier, `like` inherits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from planner.catalog.kinds import Kind
from planner.errors import Collector, Place, nearest
from planner.io.yaml import Document, YamlPath

_OWN = frozenset({"aliases", "silence"})
"""Fields that another entry does not inherit by `like`."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry before validation: where its mapping sits in which document."""

    document: Document
    at: YamlPath

    @property
    def value(self) -> dict[str, Any]:
        """The mapping."""
        value: dict[str, Any] = self.document.get(self.at)
        return value

    def place(self, path: YamlPath = ()) -> Place:
        """Where the field at `path` was written."""
        return self.document.place((*self.at, *path))


def collect(kind: Kind, folders: Iterable[Iterable[Document]], faults: Collector) -> dict[str, Raw]:
    """Entries by id, by first appearance. Faults: no id, defined twice, `like` of an unknown entry or of itself."""
    result: dict[str, Raw] = {}
    for documents in folders:
        own = _entries(kind, documents, faults)
        merged = _Likes(kind, result, own, faults).all()
        result = result | merged
    return result


def _entries(kind: Kind, documents: Iterable[Document], faults: Collector) -> dict[str, Raw]:
    """The entries of one folder by id."""
    found: dict[str, Raw] = {}
    for document in documents:
        for raw in _items(kind, document, faults):
            name = raw.value.get("id")
            if not isinstance(name, str) or not name:
                faults.add("missing-key", f"an entry of {kind.name} needs an id", "add id: a-unique-name", raw.place())
            elif name in found:
                first = found[name].place(("id",))
                message = f"{kind.singular} {name!r} is defined twice; the first is at {first}"
                faults.add("defined-twice", message, "keep one, or give it another id", raw.place(("id",)))
            else:
                found[name] = raw
    return found


def _items(kind: Kind, document: Document, faults: Collector) -> Iterator[Raw]:
    """The entries listed under the kind's key, by position or (as a mapping) by id."""
    listed = document.value.get(kind.top) if isinstance(document.value, dict) else None
    if not isinstance(listed, list):
        message = f"{kind.top} must be a list of entries"
        faults.add(
            "wrong-type", message, f"write {kind.top}: and each entry as '- id: ...'", document.place((kind.top,))
        )
        return
    for index, item in enumerate(listed):
        raw = Raw(document, (kind.top, index))
        if isinstance(item, dict):
            yield raw
        else:
            faults.add("wrong-type", f"an entry of {kind.name} must be a mapping", "write '- id: ...'", raw.place())


class _Likes:
    """Resolves `like` among the entries of a folder and of those before it."""

    def __init__(self, kind: Kind, before: dict[str, Raw], own: dict[str, Raw], faults: Collector) -> None:
        self.kind, self.before, self.own, self.faults = kind, before, own, faults
        self.done: dict[str, Raw] = {}
        self.open: list[str] = []

    def all(self) -> dict[str, Raw]:
        return {name: self.resolved(name) for name in self.own}

    def resolved(self, name: str) -> Raw:
        if name not in self.done:
            raw = self.own[name]
            self.open.append(name)
            self.done[name] = self._inherit(name, raw) if "like" in raw.value else raw
            self.open.pop()
        return self.done[name]

    def _inherit(self, name: str, raw: Raw) -> Raw:
        base = self._base(name, raw)
        if base is None:
            return _merged(self.kind, Raw(Document({}, raw.document.path, {}), ()), raw, same=True)
        return _merged(self.kind, base, raw, same=raw.value["like"] == name)

    def _base(self, name: str, raw: Raw) -> Raw | None:
        like, place = raw.value["like"], raw.place(("like",))
        if like == name and name in self.before:
            return self.before[name]
        if like in self.open:
            self.faults.add("like-circle", f"{name!r} is like itself: {' -> '.join([*self.open, like])}", None, place)
            return None
        if like in self.own:
            return self.resolved(like)
        if like in self.before:
            return self.before[like]
        close = nearest(str(like), self.own.keys() | self.before.keys())
        hint = f"did you mean {close!r}?" if close else None
        self.faults.add("unknown-name", f"like: there is no {self.kind.singular} {like!r}", hint, place)
        return None


def standalone(kind: Kind, raw: Raw) -> Raw:
    """The same entry in a document of its own."""
    return _merged(kind, Raw(Document({}, raw.document.path, {}), ()), raw, same=True)


def _merged(kind: Kind, base: Raw, raw: Raw, *, same: bool) -> Raw:
    """`raw` over `base` in a document of its own; each value keeps the place where it was written."""
    value: dict[str, Any] = {}
    places: dict[YamlPath, Place] = {(): raw.place()}
    key_places: dict[YamlPath, Place] = {}

    def take(origin: Raw, path: YamlPath, item: Any) -> None:
        _put(value, path, item)
        for inner in _paths(item, path):
            places[inner] = origin.place(inner)
            key_places[inner] = origin.document.key_place((*origin.at, *inner))

    for name, item in base.value.items():
        if same or name not in _OWN:
            take(base, (name,), item)
    for name, item in raw.value.items():
        if name == "like":
            continue
        if name in kind.merged and isinstance(item, dict) and isinstance(value.get(name), dict):
            for key, inner in item.items():
                take(raw, (name, key), inner)
        else:
            take(raw, (name,), item)
    return Raw(Document(value, raw.document.path, places, key_places), ())


def _put(value: dict[str, Any], path: YamlPath, item: Any) -> None:
    """Set `item` at a path of one or two keys without touching shared mappings."""
    if len(path) == 2:
        value[str(path[0])] = {**value[str(path[0])], path[1]: item}
    else:
        value[str(path[0])] = item


def _paths(value: Any, path: YamlPath) -> Iterator[YamlPath]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _paths(item, (*path, key))
