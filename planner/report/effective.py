"""A scenario printed as YAML that could be read again, each value with the place it comes from."""

import json
import re
from collections.abc import Iterator
from typing import Any

from planner.io.scalars import resolve
from planner.io.yaml import Document, YamlPath
from planner.scenario.model import Scenario

type Line = tuple[str, YamlPath | None]
"""Text, and the path of the value on it if there is one."""

DEFAULT = "default"
_PLAIN = re.compile(r"[^\W_][\w ./%+·()-]*")


def values(scenario: Scenario, *, defaults: bool = True) -> dict[str, Any]:
    """The scenario as plain values in the form of its YAML; without `defaults`, only what its file gives."""
    given = scenario.document
    tree: dict[str, Any] = _unwrapped(scenario.model_dump(mode="json"))
    return tree if defaults or given is None else _written(tree, given, ())


def origins(scenario: Scenario) -> dict[str, str]:
    """Where each value was set, by dotted path: `file:line:column`, or `default`."""
    return {".".join(map(str, path)): _origin(scenario.document, path) for path in _leaves(values(scenario), ())}


def render(scenario: Scenario, *, defaults: bool = True) -> str:
    """YAML of the scenario; with `defaults`, every value is there and a comment says where it was set."""
    lines = list(_mapping(values(scenario, defaults=defaults), (), ""))
    if not defaults:
        return "\n".join(text for text, _ in lines)
    width = min(48, max(len(text) for text, _ in lines))
    commented = [(text, "" if path is None else f"  # {_origin(scenario.document, path)}") for text, path in lines]
    return "\n".join(f"{text:{width}}{comment}" if comment else text for text, comment in commented)


def _unwrapped(node: Any) -> Any:
    """Schedules as people write them: one value, or periods with values."""
    if isinstance(node, list):
        return [_unwrapped(item) for item in node]
    if not isinstance(node, dict):
        return node
    if list(node) == ["steps"]:
        steps = node["steps"]
        return steps["0001"] if list(steps) == ["0001"] else dict(steps)
    return {key: _unwrapped(value) for key, value in node.items()}


def _written(node: Any, given: Document, path: YamlPath) -> Any:
    if isinstance(node, dict):
        inner = {key: (value, (*path, key)) for key, value in node.items()}
        return {key: _written(value, given, at) for key, (value, at) in inner.items() if _as_written(given, at)}
    if isinstance(node, list):
        return [_written(item, given, (*path, index)) for index, item in enumerate(node)]
    return node


def _leaves(node: Any, path: YamlPath) -> Iterator[YamlPath]:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(node, list) and any(isinstance(item, dict | list) for item in node):
        for index, item in enumerate(node):
            yield from _leaves(item, (*path, index))
    else:
        yield path


def _origin(document: Document | None, path: YamlPath) -> str:
    written = _as_written(document, path) if document else None
    return document.origin(written).removeprefix("set in ") if document and written is not None else DEFAULT


def _as_written(document: Document, path: YamlPath) -> YamlPath | None:
    """The path in the file's own keys (a year is a number there, but text in the model); None when it is not there."""
    found: YamlPath = ()
    for part in path:
        keys = (part, int(part)) if isinstance(part, str) and part.isdecimal() else (part,)
        at = next((inner for key in keys if (inner := (*found, key)) in document.places), None)
        if at is None:
            return None
        found = at
    return found


def _mapping(node: dict[str, Any], path: YamlPath, indent: str) -> Iterator[Line]:
    for key, value in node.items():
        at = (*path, key)
        head = f"{indent}{_scalar(key)}:"
        if isinstance(value, dict) and value:
            yield head, None
            yield from _mapping(value, at, indent + "  ")
        elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
            yield head, None
            yield from _sequence(value, at, indent + "  ")
        else:
            yield f"{head} {_flow(value)}", at


def _sequence(node: list[Any], path: YamlPath, indent: str) -> Iterator[Line]:
    for index, item in enumerate(node):
        if not isinstance(item, dict) or not item:
            yield f"{indent}- {_flow(item)}", (*path, index)
            continue
        for number, (text, at) in enumerate(_mapping(item, (*path, index), indent + "  ")):
            yield (text if number else f"{indent}- {text.removeprefix(indent + '  ')}"), at


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_flow(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_scalar(key)}: {_flow(item)}' for key, item in value.items())}}}"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """Text stays bare where YAML reads it back as the same text; everything else is as in JSON."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not value.endswith(" ") and resolve(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
