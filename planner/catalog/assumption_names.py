"""Which names assumptions may use: fields of the entry they fill, of its neighbours, and facts of the case."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from planner.catalog.assumption import Assumption
from planner.catalog.formula import Formula
from planner.catalog.kinds import KINDS, FieldPath, kind_of
from planner.errors import nearest

NEIGHBOURS: Mapping[str, Mapping[str, str]] = {
    "systems": {
        "accelerator": "accelerators",
        "vendor": "vendors",
        "fabric": "fabrics",
        "scale_up": "fabrics",
    },
    "accelerators": {"vendor": "vendors", "scale_up": "fabrics"},
}
"""For each kind: names by which formulas reach the entries beside it, and their kinds."""

CASE = frozenset({"origin", "buyer_country"})
"""Facts of the case that conditions on systems may ask for."""

KNOWN = "known"
"""In a condition: any value but null."""

FILLABLE = ("accelerators", "systems", "fabrics", "regions")


def faults(assumption: Assumption) -> Iterator[tuple[FieldPath, str, str | None]]:
    """Every name that does not exist: path in the entry, message, hint."""
    if not assumption.fills:
        return
    kind = kind_of(assumption.target)
    if kind is None or kind.name not in FILLABLE:
        known = [KINDS[name].singular for name in FILLABLE]
        yield ("fills",), f"{assumption.target!r} is no kind that assumptions fill", f"one of {', '.join(known)}"
        return
    if not _exists(kind.name, assumption.field):
        yield _unknown(kind.name, assumption.field, ("fills",))
    for name in assumption.when:
        if (
            name not in CASE
            and not (assumption.to == "point" and name == "confidence")
            and not _exists(kind.name, name)
        ):
            yield _unknown(kind.name, name, ("when", name))
    local = {*assumption.parameters, *(["value"] if assumption.to == "point" else [])}
    names = Formula.parse(assumption.formula).names if assumption.formula else frozenset[str]()
    for name in sorted(names - local):
        if not _exists(kind.name, name):
            yield _unknown(kind.name, name, ("formula",))
    for name in sorted(assumption.parameters.keys() - names):
        yield ("parameters", name), f"parameter {name!r} is not used by the formula", None


def ids(assumption: Assumption) -> Iterator[tuple[FieldPath, str, str]]:
    """Ids that conditions compare with: path in the entry, kind, id."""
    kind = kind_of(assumption.target)
    for name, wanted in assumption.when.items() if kind is not None else ():
        target = kind.references.get(name) if kind is not None else None
        for index, value in enumerate(wanted if isinstance(wanted, list) else [wanted]):
            if target and isinstance(value, str) and value != KNOWN:
                yield ("when", name, index) if isinstance(wanted, list) else ("when", name), target, value


def _exists(kind: str, path: str) -> bool:
    head, _, tail = path.partition(".")
    neighbour = NEIGHBOURS.get(kind, {}).get(head)
    if tail and neighbour:
        return _exists(neighbour, tail)
    return _field(KINDS[kind].model, path.split("."))


def _field(model: Any, parts: list[str]) -> bool:
    """Whether the dotted path leads to a field or property."""
    if not parts:
        return True
    if get_origin(model) is dict:
        return _field(get_args(model)[1], parts[1:])
    part, rest = parts[0], parts[1:]
    models = [m for m in (model, *get_args(model)) if isinstance(m, type) and issubclass(m, BaseModel)]
    if part.isdigit():
        return any(_field(argument, rest) for option in (model, *get_args(model)) for argument in get_args(option))
    for candidate in models:
        for name, info in candidate.model_fields.items():
            if part in (name, info.alias):
                return _field(info.annotation, rest)
        if not rest and isinstance(getattr(candidate, part, None), property):
            return True
    return False


def _unknown(kind: str, path: str, at: FieldPath) -> tuple[FieldPath, str, str | None]:
    known = list(_names(KINDS[kind].model))
    for name, neighbour in NEIGHBOURS.get(kind, {}).items():
        known += [f"{name}.{field}" for field in _names(KINDS[neighbour].model)]
    close = nearest(path, known)
    hint = f"did you mean {close!r}?" if close else None
    return at, f"{KINDS[kind].singular} has no field {path!r}", hint


def _names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Dotted names of the fields of a model and of the plain models inside it."""
    for name, info in model.model_fields.items():
        shown = f"{prefix}{info.alias or name}"
        yield shown
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from _names(info.annotation, f"{shown}.")
