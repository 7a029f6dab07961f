"""Strict changes by path: `sites.wuhu.power: 60 MW`.

A path is keys joined by dots. An item of a list is named by its `id` (or `name`) or by its index from 0, as a part
(`sites.wuhu`, `sites.0`) or in brackets (`sites[wuhu]`), where the name may contain dots. A part with dots may be
quoted: `systems."a.b"`. The path must lead to something that is there; a path ending in + adds: an item to a list
(`sites+`), or a key that a mapping lacks (`sites.wuhu.cap+`).
"""

import re
from collections.abc import Mapping
from typing import Any

from planner.errors import Collector, InputError, Place, nearest
from planner.io.places import Places, item_name
from planner.io.yaml import Document, YamlPath
from planner.units.quantity import tell

_PART = re.compile(r"""\[(?P<bracket>[^\]]+)\]|(?P<dot>\.)?(?:"(?P<quoted>[^"]+)"|(?P<plain>[^.\["\]]+))""")


def apply_patch(
    document: Document, patch: Mapping[str, Any], origin: Document | None = None, at: YamlPath = ()
) -> Document:
    """`document` with every path of `patch` set to its value, in order; the values carry their places in `origin`.

    `at` is where `patch` stands in `origin`; without one (a patch made in Python) they carry the file `<patch>`.
    A value replaces what was there whole; null sets null.
    Raises InputError with every path that is malformed or leads nowhere.
    """
    origin = origin or Document(dict(patch), "<patch>", {})
    faults = Collector()
    for text, value in patch.items():
        where = (*at, text)
        try:
            document = _set(document, str(text), value, origin, where)
        except InputError as error:
            faults.extend(error)
    faults.raise_if_any()
    return document


def find_path(document: Document, text: str, place: Place | None = None) -> YamlPath:
    """The path in `document` that `text` names. Raises InputError (at `place`) when it leads nowhere."""
    path: YamlPath = ()
    for part in split_path(text, place):
        path = (*path, _step(document.get(path), part, text, path, place))
    return path


def split_path(text: str, place: Place | None = None) -> tuple[str, ...]:
    """The parts of a path. Raises InputError when it is malformed."""
    parts, position = [], 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None or (match["bracket"] is None and (match["dot"] is None) != (position == 0)):
            break
        parts.append((match["bracket"] or match["quoted"] or match["plain"]).strip().strip("\"'"))
        position = match.end()
    if position < len(text) or not parts or not all(parts):
        hint = "write keys joined by dots, list items by id: sites.wuhu.power or sites[wuhu].power"
        raise InputError.of("patch-path", f"{text!r} is not a path", hint, place)
    return tuple(parts)


def _set(document: Document, text: str, value: Any, origin: Document, where: YamlPath) -> Document:
    place = origin.key_place(where)
    if not text.endswith("+"):
        return _replace(document, find_path(document, text, place), value, origin, where)
    parts = split_path(text[:-1], place)
    path: YamlPath = ()
    for part in parts[:-1]:
        path = (*path, _step(document.get(path), part, text, path, place))
    inside = document.get(path)
    present = True
    try:
        target = (*path, _step(inside, parts[-1], text, path, place))
    except InputError:
        present = False
        if not isinstance(inside, dict):
            raise
        target = (*path, parts[-1])
    if present:
        items = document.get(target)
        if not isinstance(items, list):
            message = f"{text[:-1]!r} is already there: {tell(items)}"
            raise InputError.of("patch-path", message, f"write {text[:-1]!r} to change it", place)
        target = (*target, len(items))
    return _replace(document, target, value, origin, where)


def _step(inside: Any, part: str, text: str, path: YamlPath, place: Place | None) -> str | int:
    """The key or index of `part` within `inside`."""
    found = f"{'.'.join(map(str, path))!r}" if path else "the document"
    number = int(part) if part.lstrip("-").isdecimal() else None
    if isinstance(inside, dict):
        for key in (part, number):
            if key is not None and key in inside:
                return key
        known = [str(key) for key in inside]
    elif isinstance(inside, list):
        name = item_name(inside)
        known = [str(item[name]) for item in inside] if name else []
        if part in known:
            return known.index(part)
        if number is not None and 0 <= number < len(inside):
            return number
        known = known or [f"0 to {len(inside) - 1}" if inside else "nothing: the list is empty"]
    else:
        raise InputError.of("patch-path", f"{text!r} leads nowhere: {found} is {tell(inside)}", None, place)
    close = nearest(part, known)
    hint = f"did you mean {close!r}?" if close else f"known here: {', '.join(known) or 'nothing'}"
    if isinstance(inside, dict) and not close:
        hint += f"; to add it, end the path with +: {text.rstrip('+')}+"
    raise InputError.of("patch-path", f"{text!r} leads nowhere: {found} has no {part!r}", hint, place)


def _replace(document: Document, path: YamlPath, value: Any, origin: Document, where: YamlPath) -> Document:
    """`document` with `value` at `path`; only the containers on the way are copied."""
    places = Places()
    places.values = _outside(document.places, path)
    places.keys = _outside(document.key_places, path)
    places.overridden = _outside(document.overridden, path)
    new = places.copy(origin, value, where, path)
    if path in document.places:
        places.overridden[path] = (*document.overridden.get(path, ()), document.places[path])
    return Document(_put(document.value, path, new), document.path, places.values, places.keys, places.overridden)


def _outside[V](table: Mapping[YamlPath, V], path: YamlPath) -> dict[YamlPath, V]:
    """The entries not at or below `path`."""
    return {p: v for p, v in table.items() if p[: len(path)] != path}


def _put(inside: Any, path: YamlPath, value: Any) -> Any:
    if not path:
        return value
    part, rest = path[0], path[1:]
    result = inside.copy()
    if isinstance(result, list) and part == len(result):
        result.append(value)
    else:
        result[part] = _put(inside[part], rest, value) if rest else value
    return result
