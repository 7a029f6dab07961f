"""YAML with positions: load a file into plain values that know where they were written, and validate them into models.

Scalars follow the YAML 1.2 core schema (1e9 is a number, NO and 12:30 and dates are text, 010 is ten).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from planner.collector import resting
from planner.errors import Collector, InputError, Place
from planner.io.scalars import resolve

__all__ = ["Document", "YamlPath", "load", "loads", "parse", "resolve"]

type YamlPath = tuple[str | int, ...]

_NODE_LIMIT = 500_000
"""Values in one document; aliases of aliases could otherwise grow without end."""

_DEPTH_LIMIT = 100


@dataclass(frozen=True)
class Document:
    """Plain values read from YAML, and where each was written.

    `places` maps the path of every value (mapping keys and list indices) to its place; `key_places` the path of every
    mapping entry to the place of its key.
    """

    value: Any
    path: str
    places: dict[YamlPath, Place]
    key_places: dict[YamlPath, Place] = field(default_factory=dict)
    overridden: dict[YamlPath, tuple[Place, ...]] = field(default_factory=dict)
    """Of values that a later document or a patch replaced: the earlier places, first to last."""

    def place(self, path: YamlPath = ()) -> Place:
        """Where the value at `path`, or its nearest enclosing value, was written."""
        return self._nearest(self.places, path)

    def key_place(self, path: YamlPath) -> Place:
        """Where the key of the entry at `path` was written; for list items and the root, the place of the value."""
        return self.key_places.get(path) or self.place(path)

    def origin(self, path: YamlPath) -> str:
        """In words: "set in bans.yaml:14:7, overriding base.yaml:52:5"."""
        earlier = [str(place) for end in range(len(path) + 1) for place in self.overridden.get(path[:end], ())]
        over = f", overriding {', '.join(reversed(earlier))}" if earlier else ""
        return f"set in {self.place(path)}{over}"

    def _nearest(self, places: dict[YamlPath, Place], path: YamlPath) -> Place:
        for end in range(len(path), -1, -1):
            if (found := places.get(path[:end])) is not None:
                return found
        return Place(self.path, 1, 1)

    def get(self, path: YamlPath) -> Any:
        """The value at `path`; raises KeyError when there is none."""
        value = self.value
        for part in path:
            try:
                value = value[part]
            except (IndexError, TypeError):
                raise KeyError(path) from None
        return value


def load(path: str | Path) -> Document:
    """Read a YAML file. Raises InputError (place and all) when it is missing, not text, empty or not valid YAML."""
    name = str(path)
    top = Place(name, 1, 1)
    try:
        raw = Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError.of("file-missing", f"there is no file {name}", None, top) from None
    except IsADirectoryError:
        raise InputError.of("file-unreadable", f"{name} is a folder, not a file", None, top) from None
    except OSError as error:
        raise InputError.of("file-unreadable", f"cannot read {name}: {error.strerror or error}", None, top) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError.of("file-not-text", f"{name} is not UTF-8 text", "save it as UTF-8", top) from None
    if "\0" in text:
        raise InputError.of("file-not-text", f"{name} is a binary file, not YAML", None, top)
    return loads(text, name)


def loads(text: str, name: str = "<text>") -> Document:
    """Read YAML text; `name` stands for the file in places. Raises InputError."""
    with resting():
        return _loads(text, name)


def _loads(text: str, name: str) -> Document:
    loader = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, name) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise InputError.of("yaml-syntax", f"not valid YAML: {error.reason}", "remove the character", place) from None
    finally:
        if loader is not None:
            loader.dispose()
    if root is None:
        raise InputError.of("file-empty", f"{name} is empty", None, Place(name, 1, 1))
    builder = _Builder(name)
    value = builder.build(root, ())
    builder.faults.raise_if_any()
    return Document(value, name, builder.places, builder.key_places)


class _Loader(yaml.CSafeLoader):
    """Composes nodes only; a scalar's tag tells whether it was plain (to be resolved by us) or quoted."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return "plain" if kind is yaml.ScalarNode and implicit[0] else ""

    depth = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        self.depth += 1
        if self.depth > _DEPTH_LIMIT:
            raise yaml.composer.ComposerError(None, None, "too deeply nested", current_node.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


def _syntax_error(error: yaml.MarkedYAMLError, name: str) -> InputError:
    mark = error.problem_mark or error.context_mark
    place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
    problem = error.problem or "cannot be read"
    hint = None
    if "single document" in f"{error.context} {problem}":
        problem, hint = "more than one document in a file", "remove the line '---'"
    elif "\\t" in problem or "cannot start any token" in problem:
        hint = "indent with spaces, not tabs, and quote text that starts with a special character"
    elif "mapping values are not allowed" in problem:
        hint = "check the indentation, and quote text that contains ': '"
    elif "undefined alias" in problem:
        hint = "define the anchor (&name) above its use (*name)"
    return InputError.of("yaml-syntax", f"not valid YAML: {problem}", hint, place)


class _Builder:
    """Turns nodes into values while noting every place and every fault."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[YamlPath, Place] = {}
        self.key_places: dict[YamlPath, Place] = {}
        self.faults = Collector()
        self._open: set[int] = set()

    def build(self, node: yaml.Node, path: YamlPath) -> Any:
        mark = node.start_mark
        place = self.places[path] = Place(self.name, mark.line + 1, mark.column + 1)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, place)
        if id(node) in self._open:
            self.faults.add("yaml-alias", "an alias contains itself", None, place)
            return None
        if len(self.places) > _NODE_LIMIT:
            raise InputError.of("yaml-too-large", f"more than {_NODE_LIMIT} values", "check the aliases", place)
        self._open.add(id(node))
        if node.tag not in ("", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            self._tag_fault(node, place)
        result: Any
        if isinstance(node, yaml.MappingNode):
            result = self._mapping(node, path)
        else:
            result = [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        self._open.discard(id(node))
        return result

    def _mapping(self, node: yaml.MappingNode, path: YamlPath) -> dict[str | int, Any]:
        result: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            place = Place(self.name, mark.line + 1, mark.column + 1)
            key = self._key(key_node, place)
            if key is None:
                continue
            inner = (*path, key)
            if key in result:
                first = self.key_places[inner]
                self.faults.add(
                    "yaml-duplicate-key",
                    f"key {key!r} is given twice; the first is at {first}",
                    "keep one of the two",
                    place,
                )
                continue
            self.key_places[inner] = place
            result[key] = self.build(value_node, inner)
        return result

    def _key(self, node: yaml.Node, place: Place) -> str | int | None:
        """A key: text or a whole number; None after noting a fault."""
        if not isinstance(node, yaml.ScalarNode):
            self.faults.add("yaml-key", "a key must be text, not a list or mapping", None, place)
            return None
        if node.tag == "plain" and node.value == "<<":
            self.faults.add(
                "yaml-merge-key",
                "merge keys (<<) are not supported",
                "repeat the entries, or use `like:` or `include:`",
                place,
            )
            return None
        key = self._scalar(node, place)
        if isinstance(key, str) or (isinstance(key, int) and not isinstance(key, bool)):
            return key
        self.faults.add(
            "yaml-key", f"a key must be text: got {node.value or 'nothing'}", f'write "{node.value}"', place
        )
        return None

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> str | int | float | bool | None:
        tag, text = node.tag, node.value
        if tag == "plain":
            return resolve(text)
        if tag not in ("", "!", "tag:yaml.org,2002:str"):
            value = resolve(text)
            if _TAG_TYPES.get(tag, _Never) is not type(value):
                self._tag_fault(node, place)
            return value
        return str(text)

    def _tag_fault(self, node: yaml.Node, place: Place) -> None:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        self.faults.add("yaml-tag", f"the tag {tag} is not supported here", "remove it", place)


class _Never:
    """A type no value has."""


_TAG_TYPES: dict[str, type] = {
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:bool": bool,
    "tag:yaml.org,2002:null": type(None),
}


def parse[M: BaseModel](model: type[M], document: Document, at: YamlPath = ()) -> M:
    """The value at `at` as `model`. Raises InputError with every fault at its place."""
    from planner.io.faults import diagnose

    try:
        data = document.get(at)
    except KeyError:
        message = f"{'.'.join(map(str, at))} is missing"
        raise InputError.of("missing", message, None, document.place(at)) from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(diagnose(model, error, document, at)) from None
