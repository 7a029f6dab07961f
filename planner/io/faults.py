"""Pydantic's validation errors in plain words, each at its place in the YAML."""

import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from planner.errors import Diagnostic, nearest
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
}
_BOUNDS = {
    "greater_than": "greater than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}


def diagnose(model: type[BaseModel], error: ValidationError, document: Document, at: YamlPath) -> Iterator[Diagnostic]:
    """One diagnostic per fault; alternatives of a union at one place are joined into one."""
    groups: dict[tuple[YamlPath, str], list[Diagnostic]] = {}
    for detail in error.errors(include_url=False):
        path, rest = locate(document, at, detail["loc"])
        diagnostic = _explain(model, detail, document, path, rest)
        groups.setdefault((path, str(rest[-1:]) if detail["type"] == "missing" else ""), []).append(diagnostic)
    for group in groups.values():
        yield from _joined(group)


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


def _explain(
    model: type[BaseModel], detail: ErrorDetails, document: Document, path: YamlPath, rest: tuple[str | int, ...]
) -> Diagnostic:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    place = document.place(path)
    name = _name(path)
    if kind == "extra_forbidden":
        known = _fields(_models_at([model], detail["loc"][:-1]))
        key = str(path[-1]) if path else ""
        close = nearest(key, known)
        hint = f"did you mean {close!r}?" if close else f"known here: {', '.join(sorted(known))}" if known else None
        return Diagnostic("unknown-key", f"unknown key {key!r}", hint, document.key_place(path))
    if kind == "missing":
        missing = str(detail["loc"][-1])
        hint = _description(_models_at([model], detail["loc"][:-1]), missing)
        where = f" in {name}" if name else ""
        return Diagnostic("missing-key", f"{missing!r} is missing{where}", hint, place)
    if kind == "planner":
        return Diagnostic(str(context["code"]), str(context["message"]), context.get("hint"), place)
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", ""))
        options = [o.strip("'") for o in expected.replace(" or ", ", ").split(", ")]
        close = nearest(given, options) if isinstance(given, str) else None
        hint = f"did you mean {close!r}?" if close else None
        return Diagnostic("wrong-value", f"{name} must be {expected}: got {tell(given)}", hint, place)
    if rest and rest[-1] == "[key]":
        return Diagnostic("wrong-key", f"the key {tell(given)} must be text", "quote it", document.key_place(path))
    return Diagnostic(*_words(detail, name), place=place)


def _words(detail: ErrorDetails, name: str) -> tuple[str, str, str | None]:
    """Code, message and hint of the ordinary kinds."""
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = name or "the file"
    for stem, bound in _BOUNDS.items():
        if kind == stem:
            limit = next(iter(context.values()))
            return "out-of-range", f"{name} must be {bound} {limit}: got {tell(given)}", None
    if kind in ("too_short", "string_too_short"):
        return "out-of-range", f"{name} must not be so short: needs {context['min_length']} at least", None
    if kind in ("too_long", "string_too_long"):
        return "out-of-range", f"{name} must not be so long: {context['max_length']} at most", None
    if kind in ("value_error", "assertion_error"):
        return "wrong-value", detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, "), None
    if kind == "string_pattern_mismatch":
        return "wrong-value", f"{name} must match {context['pattern']}: got {tell(given)}", None
    if kind == "finite_number":
        return "wrong-value", f"{name} must be finite: got {tell(given)}", None
    base = next((s for s in sorted(_EXPECTED, key=len, reverse=True) if kind.startswith(f"{s}_")), None)
    if base and kind != "date_from_datetime_inexact":
        hint = f'write "{given}"' if base == "string" and isinstance(given, int | float) else None
        return "wrong-type", f"{name} must be {_EXPECTED[base]}: got {tell(given)}", hint
    return "wrong-value", f"{name}: {detail['msg']}", None


def _joined(group: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Alternatives of a union at one value, as one diagnostic; faults of other kinds as they are."""
    kinds = [d for d in group if d.code == "wrong-type"]
    others = [d for d in group if d.code != "wrong-type"]
    if others:
        yield from others
    elif kinds:
        head, tail = kinds[0].message.split(" must be ")[0], kinds[0].message.rsplit(": got ")[-1]
        wanted = [d.message.split(" must be ")[-1].rsplit(": got ")[0] for d in kinds]
        message = f"{head} must be {' or '.join(dict.fromkeys(wanted))}: got {tail}"
        yield Diagnostic("wrong-type", message, kinds[0].hint, kinds[0].place)


def _name(path: YamlPath) -> str:
    """The path's last name, with its index when it is a list item."""
    names = [i for i, part in enumerate(path) if isinstance(part, str)]
    if not names:
        return f"item {path[-1]}" if path else ""
    tail = path[names[-1] + 1 :]
    return f"{path[names[-1]]}{''.join(f'[{part}]' for part in tail)}"


def _models_at(candidates: list[Any], loc: Iterable[str | int]) -> list[type[BaseModel]]:
    """The model classes that may sit at `loc` below the annotations `candidates`."""
    current = [t for c in candidates for t in _plain(c)]
    for part in loc:
        tagged = [t for t in current if isinstance(t, type) and t.__name__ == part]
        inner = [t for c in current for child in _children(c, part) for t in _plain(child)]
        current = inner or tagged or current
    return [t for t in current if isinstance(t, type) and issubclass(t, BaseModel)]


def _plain(annotation: Any) -> Iterator[Any]:
    """The annotation without aliases, Annotated and unions."""
    if isinstance(annotation, TypeAliasType):
        yield from _plain(annotation.__value__)
    elif get_origin(annotation) is Annotated:
        yield from _plain(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for option in get_args(annotation):
            yield from _plain(option)
    else:
        yield annotation


def _children(annotation: Any, part: str | int) -> Iterator[Any]:
    """The annotations one step below: a field, an item of a list, a value of a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            if part in (name, info.alias):
                yield info.annotation
        return
    arguments = [a for a in get_args(annotation) if a is not Ellipsis]
    if len(arguments) == 2 and isinstance(get_origin(annotation), type) and hasattr(get_origin(annotation), "keys"):
        yield arguments[1]
    elif isinstance(part, int):
        yield from arguments


def _fields(models: list[type[BaseModel]]) -> list[str]:
    return [info.alias or name for model in models for name, info in model.model_fields.items()]


def _description(models: list[type[BaseModel]], field: str) -> str | None:
    for model in models:
        for name, info in model.model_fields.items():
            if field in (name, info.alias) and info.description:
                return f"{field}: {info.description}"
    return f"add {field!r}"
