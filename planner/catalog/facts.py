"""Facts that a scenario states in place of the catalog: a value, a side of its range, or a factor.

A key is the ledger's: kind, entry and field (`systems.hgx-h20.price`), `supply.RECORD.ACCELERATOR` for one
accelerator's part of a supply record, `assumptions.ID`, `economics.ID`, or `policies.RULE.FIELD` for a rule.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from planner.catalog.change import Change
from planner.catalog.formula import Range, Value
from planner.catalog.kinds import KINDS, Kind
from planner.catalog.quantity import read
from planner.errors import Collector, InputError, Place, nearest
from planner.io.models import Level, Published
from planner.io.yaml import Document, YamlPath

if TYPE_CHECKING:
    from planner.catalog.load import Catalog

POLICIES = "policies"
_LEVELS = ("low", "mid", "high")
_FACTOR = re.compile(r"[x×]\s*(\d+\.?\d*(?:[eE][+-]?\d+)?)\s*(%?)")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a scenario says of a number: which side of its range, how much of it, or what instead."""

    level: Level | None = None
    factor: float = 1.0
    value: Value | None = None

    def over(self, band: Range) -> Range:
        """The range of the catalog with this in its place."""
        if self.value is not None:
            return Range.point(self.value)
        if self.level is not None:
            return Range.point(band.at(self.level))
        return Range(band.low * self.factor, band.mid * self.factor, band.high * self.factor)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a scenario states, sorted by where it takes effect."""

    stated: Mapping[str, Stated]
    changes: tuple[Change, ...]
    parameters: Mapping[str, tuple[Any, Place]]


def facts_of(catalog: "Catalog", given: Mapping[str, Any], origin: Document, at: YamlPath) -> Facts:
    """Reads and checks keys and values. Raises InputError with every fault at its place."""
    stated: dict[str, Stated] = {}
    changes: list[Change] = []
    parameters: dict[str, tuple[Any, Place]] = {}
    faults = Collector()
    for key, value in given.items():
        where = (*at, key)
        place = origin.key_place(where)
        try:
            kind, entry, field = _parts(catalog, str(key), place)
            said = _said(value, origin.place(where))
            if said is not None:
                _may_be_stated(catalog, kind, entry, field, said, place)
                stated[f"{kind}.{entry}.{field}".rstrip(".")] = said
            elif kind == "assumptions" and not field:
                parameters[entry] = (value, origin.place(where))
            elif kind == "supply" and field not in KINDS["supply"].model.model_fields:
                stated[f"{kind}.{entry}.{field}"] = Stated(value=_number(value, origin.place(where)))
            else:
                changes.append(Change(kind, entry, field or "value", value, origin, where))
        except InputError as error:
            faults.extend(error)
    faults.raise_if_any()
    return Facts(stated, tuple(changes), parameters)


def _parts(catalog: "Catalog", key: str, place: Place) -> tuple[str, str, str]:
    """Kind, id and field of a key; ids may hold dots, so the longest id that fits is taken."""
    kind, _, rest = key.partition(".")
    known = [*KINDS, POLICIES]
    if kind not in known:
        close = nearest(kind, known)
        hint = f"did you mean {close!r}?" if close else f"a key starts with one of {', '.join(known)}"
        raise InputError.of("fact-key", f"{key!r} names no fact: there is no kind {kind!r}", hint, place)
    ids = catalog.rule_ids() if kind == POLICIES else catalog.ids(KINDS[kind])
    entry = max((i for i in ids if rest == i or rest.startswith(f"{i}.")), key=len, default=None)
    if entry is None:
        close = nearest(rest.partition(".")[0], ids)
        what = "rule" if kind == POLICIES else KINDS[kind].singular
        hint = f"did you mean {close!r}?" if close else f"planner catalog list {kind} shows what there is"
        raise InputError.of("fact-key", f"{key!r} names no fact: no {what} of that id", hint, place)
    field = rest[len(entry) + 1 :]
    if kind == "supply":
        _check_supply(catalog, key, entry, field, place)
    elif kind != POLICIES:
        _check_field(KINDS[kind], key, field, place)
    elif not field:
        raise InputError.of(
            "fact-key", f"{key!r} names a rule, not a field of it", f"write {key}.effective_from", place
        )
    return kind, entry, field


def _check_field(kind: Kind, key: str, field: str, place: Place) -> None:
    if not field and kind.name in ("assumptions", "economics"):
        return
    first = field.partition(".")[0]
    known = [name for n, info in kind.model.model_fields.items() for name in {n, info.alias or n}]
    if first not in known or first == "id":
        close = nearest(first, known)
        hint = f"did you mean {close!r}?" if close else f"fields: {', '.join(known)}"
        raise InputError.of("fact-key", f"{key!r} names no fact: a {kind.singular} has no {first!r}", hint, place)


def _check_supply(catalog: "Catalog", key: str, entry: str, field: str, place: Place) -> None:
    """A supply record is changed by a field, or in the part that one accelerator has of it."""
    record = KINDS["supply"].model
    if field.partition(".")[0] in record.model_fields:
        return
    if field in catalog.accelerators:
        return
    close = nearest(field, [*record.model_fields, *catalog.accelerators])
    hint = f"did you mean {close!r}?" if close else f"write {key}.ACCELERATOR, or {key}.accelerators_per_period"
    raise InputError.of("fact-key", f"{key!r} names no fact: {field or 'nothing'!r} is no accelerator", hint, place)


def _said(value: Any, place: Place) -> Stated | None:
    """A level or a factor; None for any other value."""
    if value in _LEVELS:
        return Stated(level=cast("Level", value))
    if not isinstance(value, str) or value[:1] not in ("x", "×"):
        return None
    match = _FACTOR.fullmatch(value)
    if match is None:
        return None
    return Stated(factor=float(match[1]) / (100.0 if match[2] else 1.0))


def _may_be_stated(catalog: "Catalog", kind: str, entry: str, field: str, said: Stated, place: Place) -> None:
    """Raises InputError where a side of a range or a factor would have no effect."""
    hint = "write the value itself"
    if kind in (POLICIES, "sources", "buyers", "transformers", "vendors", "platforms", "roadmap"):
        raise InputError.of("fact-value", f"entries of {kind} have no ranges", hint, place)
    if kind == "supply" and field not in catalog.accelerators and field != "accelerators_per_period":
        raise InputError.of("fact-value", f"{field} of a supply record has no range", hint, place)
    if kind == "supply" or not field:
        return
    value: Any = catalog.entries(kind)[entry]
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    word = value.at("mid") if isinstance(value, Published) else value
    if number and said.level is not None:
        raise InputError.of("fact-value", f"{entry}.{field} has no range", hint, place)
    if isinstance(word, str | bool | tuple) and (said.level is None or not isinstance(value, Published)):
        raise InputError.of("fact-value", f"{entry}.{field} is no number", hint, place)
    if kind == "fabrics" and field == "reach" and said.level is None:
        raise InputError.of("fact-value", "a fabric's reach is a whole number", hint, place)


def _number(value: Any, place: Place) -> Value:
    try:
        return read(value)
    except InputError as error:
        raise InputError(replace(d, place=place) for d in error.diagnostics) from None
