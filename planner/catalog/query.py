"""Questions about the catalog: which entries, what is known of one, how several compare, what changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from planner.catalog.entry import Entry, start_of
from planner.catalog.kinds import KINDS, Kind, kind_of
from planner.catalog.names import unknown
from planner.catalog.text import base_unit, dimension_of_fact, fact_text, value_text
from planner.errors import InputError, Place
from planner.io.models import Published
from planner.units import Money

if TYPE_CHECKING:
    from planner.catalog.load import Catalog

_HIDDEN = frozenset({"id", "name", "notes", "note", "silence", "source"})
_COMPUTED: Mapping[str, tuple[str, ...]] = {"accelerators": ("tpp", "performance_density")}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of an entry."""

    field: str
    text: str
    """The value for people."""
    value: Any
    """The value in base units (low, mid, high where it has a range)."""
    unit: str = ""
    source: tuple[str, ...] = ()
    confidence: str | None = None
    as_of: str | None = None
    note: str | None = None
    conflicts: tuple[str, ...] = ()
    place: Place | None = None
    computed: bool = False

    @property
    def is_fact(self) -> bool:
        """Whether it is a published value rather than a plain field."""
        return bool(self.source or self.confidence)


@dataclass(frozen=True, slots=True)
class Selection:
    """What `list` keeps; None keeps all."""

    vendor: str | None = None
    platform: str | None = None
    country: str | None = None
    released_before: date | None = None
    released_after: date | None = None
    match: str | None = None


@dataclass(slots=True)
class Found:
    """Entries that were selected, and how many had no release date where one was asked for."""

    kind: Kind
    entries: list[Any] = field(default_factory=list)
    undated: int = 0


def the_kind(name: str) -> Kind:
    """A kind by plural or singular name; InputError with the nearest one."""
    kind = kind_of(name)
    if kind is None:
        error = unknown("kind of entry", name, KINDS).diagnostics[0]
        raise InputError(replace(error, hint=error.hint or f"one of {', '.join(KINDS)}"))
    return kind


def select(catalog: "Catalog", kind: Kind, selection: Selection) -> Found:
    """Entries of a kind that fit. Vendor names may be aliases. Raises InputError for an unknown vendor or platform."""
    vendor = catalog.identify("vendors", selection.vendor) if selection.vendor else None
    platform = catalog.identify("platforms", selection.platform) if selection.platform else None
    found = Found(kind)
    for entry in catalog.entries(kind.name).values():
        if vendor and vendor not in vendors_of(catalog, entry):
            continue
        if platform and platform != _through(catalog, entry, "platform"):
            continue
        if selection.country and selection.country not in _countries(catalog, entry):
            continue
        if selection.match and selection.match.casefold() not in _words(entry):
            continue
        if selection.released_before or selection.released_after:
            released = release_of(catalog, entry)
            if released is None:
                found.undated += 1
                continue
            if selection.released_before and released >= selection.released_before:
                continue
            if selection.released_after and released < selection.released_after:
                continue
        found.entries.append(entry)
    return found


def vendors_of(catalog: "Catalog", entry: Any) -> set[str]:
    """Vendor of an entry, and of its accelerator."""
    return {v for v in (getattr(entry, "vendor", None), _through(catalog, entry, "vendor")) if v}


def release_of(catalog: "Catalog", entry: Any) -> date | None:
    """First day of the release of an entry, else of its accelerator."""
    fact = getattr(entry, "released", None)
    text = fact.at("mid") if isinstance(fact, Published) else getattr(entry, "available", None)
    if text is None and hasattr(entry, "accelerator") and entry.accelerator in catalog.accelerators:
        inner = catalog.accelerators[entry.accelerator].released
        text = inner.at("mid") if inner is not None else None
    return start_of(text) if text else None


def lookup(catalog: "Catalog", name: str, kind: Kind | None = None) -> list[tuple[Kind, Any]]:
    """Every entry that an id or alias stands for, in the first kind that knows it; `kind` asks only there.

    Raises InputError with the nearest name.
    """
    kinds = [kind] if kind is not None else list(KINDS.values())
    for candidate in kinds:
        members = catalog.members(candidate.name, name)
        if members:
            return [(candidate, catalog.entries(candidate.name)[member]) for member in members]
    known = [known for candidate in kinds for known in catalog.names(candidate.name).every]
    raise unknown(kind.singular if kind is not None else "entry", name, known)


def lookup_one(catalog: "Catalog", name: str) -> tuple[Kind, Any]:
    """The entry that a name stands for; InputError when it stands for several."""
    kind, _ = lookup(catalog, name)[0]
    return kind, catalog.entries(kind.name)[catalog.identify(kind.name, name)]


def namesakes(catalog: "Catalog", name: str, kind: Kind) -> list[Kind]:
    """Other kinds that know the name too."""
    return [other for other in KINDS.values() if other is not kind and catalog.members(other.name, name)]


def sheet(catalog: "Catalog", kind: Kind, entry: Entry) -> list[Line]:
    """Every field of an entry that says something, facts with source and confidence, then what is computed."""
    name = entry.id
    lines = [
        line for path, value in _fields(entry) if (line := _line(path, value, catalog.place(kind.name, name, path)))
    ]
    for computed in _COMPUTED.get(kind.name, ()):
        value = getattr(entry, computed)
        lines.append(Line(computed, value_text(value), value, computed=True))
    return lines


def side_by_side(sheets: Iterable[list[Line]]) -> list[tuple[str, list[str]]]:
    """Field and its text in each sheet, in the order of first appearance; - where a sheet has none."""
    listed = [{line.field: line.text for line in lines} for lines in sheets]
    order = dict.fromkeys(name for texts in listed for name in texts)
    return [(name, [texts.get(name, "-") for texts in listed]) for name in order]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `field` is empty when the whole entry came or went."""

    kind: str
    id: str
    field: str
    old: str | None
    new: str | None


def entry_changes(kind: Kind, name: str, old: list[Line], new: list[Line]) -> Iterator[Change]:
    """Fields that differ between two sheets, by value."""
    before, after = ({line.field: line for line in lines} for lines in (old, new))
    for key in dict.fromkeys([*before, *after]):
        a, b = before.get(key), after.get(key)
        if a is None or b is None or a.value != b.value:
            yield Change(kind.name, name, key, a.text if a else None, b.text if b else None)


def catalog_changes(old: "Catalog", new: "Catalog") -> Iterator[Change]:
    """Entries added, removed and changed between two catalogs, kind by kind."""
    for kind in KINDS.values():
        before, after = old.entries(kind.name), new.entries(kind.name)
        for name in dict.fromkeys([*before, *after]):
            if name not in after:
                yield Change(kind.name, name, "", before[name].id, None)
            elif name not in before:
                yield Change(kind.name, name, "", None, after[name].id)
            elif before[name] != after[name]:
                yield from entry_changes(kind, name, sheet(old, kind, before[name]), sheet(new, kind, after[name]))


def _fields(value: BaseModel, prefix: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Paths and values of an entry, plain models inside it opened, nulls left out."""
    for name, info in type(value).model_fields.items():
        inner = getattr(value, name)
        path = (*prefix, info.alias or name)
        if inner is None or (inner is False and inner == info.default) or inner in ((), {}):
            continue
        if not prefix and name in _HIDDEN:
            continue
        if isinstance(inner, BaseModel) and not isinstance(inner, Published):
            yield from _fields(inner, path)
        elif isinstance(inner, tuple) and inner and isinstance(inner[0], BaseModel):
            for index, item in enumerate(inner):
                yield from _fields(item, (*path, index))
        else:
            yield path, inner


def _line(path: tuple[str | int, ...], value: Any, place: Place) -> Line | None:
    name = ".".join(map(str, path))
    if not isinstance(value, Published):
        return Line(name, plain_text(value), value, place=place)
    dimension = dimension_of_fact(value)
    mid = value.at("mid")
    unit = mid.currency if isinstance(mid, Money) else base_unit(dimension)
    return Line(
        name,
        fact_text(value),
        value.value if value.value is not None else {"low": value.low, "mid": mid, "high": value.high},
        unit,
        value.source,
        value.confidence,
        value.as_of,
        value.note,
        tuple(map(_conflict, getattr(value, "conflicts", ()))),
        place,
    )


def plain_text(value: Any) -> str:
    """A field that is no fact: words, lists, small tables."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {plain_text(inner)}" for key, inner in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(map(plain_text, value))
    return value_text(value)


def _conflict(other: Published[Any]) -> str:
    by = ", ".join(other.source)
    parts = (fact_text(other), f"by {by}" if by else "", other.note or "")
    return "; ".join(part for part in parts if part)


def _through(catalog: "Catalog", entry: Any, name: str) -> Any:
    """A field of the entry, else of its accelerator."""
    own = getattr(entry, name, None)
    if own is not None or not hasattr(entry, "accelerator"):
        return own
    accelerator = catalog.accelerators.get(entry.accelerator)
    return getattr(accelerator, name, None)


def _countries(catalog: "Catalog", entry: Any) -> set[str]:
    """Country of an entry, of its design, and of its vendor's headquarters."""
    vendor = catalog.vendors.get(_through(catalog, entry, "vendor") or "")
    own = (getattr(entry, "country", None), _through(catalog, entry, "country_of_design"))
    return {c for c in (*own, vendor.country if vendor else None) if c}


def _words(entry: Any) -> str:
    """Everything a person may search for in an entry."""
    names = (entry.id, getattr(entry, "name", None), *getattr(entry, "aliases", ()), getattr(entry, "family", None))
    more = (getattr(entry, "status", None), getattr(entry, "title", None), getattr(entry, "item", None))
    return " ".join(str(word) for word in (*names, *more) if word).casefold()
