"""Pydantic's validation errors in plain words, each at its place in the YAML."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from planner.errors import Diagnostic, InputError, nearest
from planner.io.annotations import description, field_names, models_at
from planner.io.yaml import Document, YamlPath
from planner.units.quantity import tell

_EXPECTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "dict": "a mapping",
    "mapping": "a mapping",
    "model": "a mapping",
    "date": "a date such as 2026-07-01",
    "datetime": "a date and time",
    "none": "null",
}
_BOUNDS = {
    "greater_than": "greater than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
    "multiple_of": "a multiple of",
}
_PATTERNS = {
    "^[A-Z]{3}$": "three capital letters, such as CNY",
    "^[a-z0-9][a-z0-9._-]*$": "small letters, digits, '.', '_' and '-', the first a letter or digit",
}
"""Patterns of names in words."""
_OF_VALUES = frozenset({"unit", "out-of-range", "wrong-value", "wrong-type"})
"""Codes of faults of a single value."""
_RIGHT = {
    "fraction must": "a share from 0 % to 100 % is right",
    "must not be negative": "nothing below 0 is right",
}
"""What is right, by words of the message that do not say it."""
_SIDES = ("low", "mid", "high")


def diagnose(model: type[BaseModel], error: ValidationError, document: Document, at: YamlPath) -> list[Diagnostic]:
    """One diagnostic per fault; the alternatives of a union at one value are joined."""
    found: list[Diagnostic] = []
    alternatives: dict[YamlPath, list[Diagnostic]] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail.get("ctx", {})["min_length"]:
            continue  # only short because its items are refused, and they are reported
        path, rest = locate(document, at, detail["loc"])
        diagnostics = [_helped(model, d, path) for d in _explain(model, detail, document, path)]
        if rest and detail["type"] != "missing" and rest[-1] != "[key]":
            alternatives.setdefault(path, []).extend(diagnostics)
        else:
            found += diagnostics
    return found + [_joined(group) for group in alternatives.values()]


def _helped(model: type[BaseModel], fault: Diagnostic, path: YamlPath) -> Diagnostic:
    """A fault of a value with what would be right, where nothing better is known: its range, and what the key means."""
    if fault.hint is not None or fault.code not in _OF_VALUES:
        return fault
    ranges = (right for words, right in _RIGHT.items() if words in fault.message)
    named = [n for n, part in enumerate(path) if part not in ("value", *_SIDES)]
    meanings = (description(models_at(model, path[:n]), str(path[n])) for n in reversed(named))
    meaning = next((text for text in meanings if text), None)
    parts = [next(ranges, None), f"{name_of(path)}: {_sentence(meaning)}" if meaning else None]
    return replace(fault, hint="; ".join(part for part in parts if part) or None)


def _sentence(text: str) -> str:
    """The first sentence of a text, on one line, without its full stop."""
    return re.split(r"\.(?:\s|$)", " ".join(text.split()), maxsplit=1)[0]


def locate(document: Document, at: YamlPath, loc: tuple[str | int, ...]) -> tuple[YamlPath, tuple[str | int, ...]]:
    """The deepest path of `document` that `loc` names, and the parts of `loc` after it.

    Parts that are not in the data (union tags, names of validators) are skipped.
    """
    value = document.get(at)
    path, used = at, 0
    for position, part in enumerate(loc, start=1):
        inside = (isinstance(value, dict) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value)
        )
        if inside:
            value, path, used = value[part], (*path, part), position
    return path, loc[used:]


def name_of(path: YamlPath) -> str:
    """What people call the value at `path`: its key, with the key above a side of a fact, and its index in a list."""
    if not path:
        return "the file"
    if len(path) > 1 and path[-1] == "value":
        path = path[:-1]
    keys = [i for i, part in enumerate(path) if isinstance(part, str)]
    if not keys:
        return f"item {path[-1]}"
    first = keys[-2] if len(keys) > 1 and path[keys[-1]] in _SIDES else keys[-1]
    text = ""
    for part in path[first:]:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _explain(model: type[BaseModel], detail: ErrorDetails, document: Document, path: YamlPath) -> Iterator[Diagnostic]:
    """The diagnostics of one pydantic error: usually one."""
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    place, name = document.place(path), name_of(path)
    if path in document.overridden:
        name += f" ({document.origin(path)})"
    if kind == "invalid_key":
        place = document.key_place(path)
        yield Diagnostic("unknown-key", f"unknown key {path[-1] if path else given!r}", "keys are words", place)
    elif kind == "extra_forbidden":
        hint = _known(str(path[-1]), field_names(models_at(model, detail["loc"][:-1])))
        yield Diagnostic("unknown-key", f"unknown key {path[-1]!r}", hint, document.key_place(path))
    elif kind == "missing":
        key = str(detail["loc"][-1])
        text = description(models_at(model, detail["loc"][:-1]), key)
        hint = f"add {key!r}: {text}" if text else f"add {key!r}"
        yield Diagnostic("missing-key", f"{key!r} is missing in {name}", hint, place)
    elif kind == "planner":
        below = document.place((*path, *context.get("at", ())))
        yield Diagnostic(context["code"], _named(context["code"], context["message"], name), context.get("hint"), below)
    elif kind == "value_error" and isinstance(inner := context.get("error"), InputError):
        for d in inner.diagnostics:
            yield Diagnostic(d.code, _named(d.code, d.message, name), d.hint, d.place or place, d.severity)
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        yield _tag(detail, document, path)
    elif detail["loc"] and detail["loc"][-1] == "[key]":
        code, message, hint = _words(detail, f"the key {path[-1]!r}" if path else "a key")
        yield Diagnostic(code, message, hint, document.key_place(path))
    else:
        code, message, hint = _words(detail, name)
        if kind in ("literal_error", "enum") and isinstance(given, str):
            hint = _guess(given, _quoted(str(context.get("expected", ""))))
        yield Diagnostic(code, message, hint, place)


def _length(kind: str, number: int) -> str:
    """So many letters or entries."""
    one, more = ("letter", "letters") if kind.startswith("string") else ("entry", "entries")
    return f"{number} {one if number == 1 else more}"


def _words(detail: ErrorDetails, name: str) -> tuple[str, str, str | None]:
    """Code, message and hint of the ordinary kinds of pydantic error."""
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    got = f"got {tell(given)}"
    if kind in ("literal_error", "enum"):
        return "wrong-value", f"{name} must be {context.get('expected', '')}: {got}", None
    if kind in _BOUNDS:
        return "out-of-range", f"{name} must be {_BOUNDS[kind]} {next(iter(context.values()))}: {got}", None
    if kind in ("too_short", "string_too_short"):
        return "out-of-range", f"{name} must have at least {_length(kind, context['min_length'])}: {got}", None
    if kind in ("too_long", "string_too_long"):
        return "out-of-range", f"{name} must have at most {_length(kind, context['max_length'])}: {got}", None
    if kind in ("value_error", "assertion_error"):
        return "wrong-value", detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, "), None
    if kind == "string_pattern_mismatch":
        wanted = _PATTERNS.get(context["pattern"])
        told = f"{name} must be {wanted}" if wanted else f"{name} must match {context['pattern']}"
        return "wrong-value", f"{told}: {got}", _respelt(context["pattern"], str(given))
    if kind == "finite_number":
        return "wrong-value", f"{name} must be finite: {got}", None
    stem = next((s for s in sorted(_EXPECTED, key=len, reverse=True) if kind.startswith(f"{s}_")), None)
    if stem:
        hint = f'write "{tell(given)}"' if stem == "string" and isinstance(given, int | float) else None
        hint = "write true or false" if stem == "bool" else hint
        return "wrong-type", f"{name} must be {_EXPECTED[stem]}: {got}", hint
    return "wrong-value", f"{name}: {detail['msg']}: {got}", None


def _respelt(pattern: str, given: str) -> str | None:
    """A name that a pattern refuses, written so that it takes it."""
    tries = (given.upper(), re.sub(r"[^a-z0-9._-]+", "-", given.strip().lower()).strip("-"))
    fitting = next((text for text in tries if re.search(pattern, text)), None)
    return f"write {fitting}" if fitting else None


def _tag(detail: ErrorDetails, document: Document, path: YamlPath) -> Diagnostic:
    """A union told apart by a key whose value is missing or unknown."""
    context: dict[str, Any] = detail.get("ctx", {})
    key = str(context.get("discriminator", "")).strip("'_()")  # a function that reads the key has its name
    if detail["type"] == "union_tag_not_found":
        return Diagnostic("missing-key", f"{key!r} is missing in {name_of(path)}", f"add {key!r}", document.place(path))
    tag, expected = str(context.get("tag")), str(context.get("expected_tags"))
    message = f"{key} must be one of {expected}: got {tag!r}"
    return Diagnostic("wrong-value", message, _guess(tag, _quoted(expected)), document.place((*path, key)))


def _named(code: str, message: str, name: str) -> str:
    """The message of a unit fault with the field's name before it, unless it is there already."""
    return message if not code.startswith("unit") or message.startswith(name) else f"{name}: {message}"


def _quoted(expected: str) -> list[str]:
    """The options in pydantic's list of them: 'a', 'b' or 'c'."""
    return [option.strip(" '") for option in expected.replace(" or ", ", ").split(",")]


def _guess(given: str, known: list[str]) -> str | None:
    close = nearest(given, known)
    return f"did you mean {close!r}?" if close else None


def _known(key: str, known: list[str]) -> str | None:
    return _guess(key, known) or (f"known here: {', '.join(sorted(set(known)))}" if known else None)


def _joined(group: list[Diagnostic]) -> Diagnostic:
    """The alternatives of a union at one value, as one diagnostic."""
    first = group[0]
    parts = [d.message.rsplit(": got ", 1)[0] for d in group]
    name, got = parts[0].split(" must be ", 1)[0], first.message.rsplit(": got ", 1)[-1]
    prefix = f"{name} must be "
    if len(group) > 1 and all(part.startswith(prefix) for part in parts):
        wanted = dict.fromkeys(part.removeprefix(prefix) for part in parts)
        message = f"{prefix}{' or '.join(wanted)}: got {got}"
    else:
        message = ", or ".join(dict.fromkeys(d.message for d in group))
    hint = next((d.hint for d in group if d.hint), None)
    return Diagnostic(first.code, message, hint, first.place, first.severity)
