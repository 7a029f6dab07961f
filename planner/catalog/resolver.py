"""Fields of an entry as numbers: published facts first, then assumptions, each use recorded in the ledger."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args, get_origin

from planner.catalog.assumption import Assumption
from planner.catalog.assumption_names import KNOWN, NEIGHBOURS
from planner.catalog.entry import Entry
from planner.catalog.formula import Formula, FormulaError, Range
from planner.catalog.kinds import Kind
from planner.catalog.ledger import Ledger, Row, RowKind, plain
from planner.errors import InputError
from planner.io.models import Level, Published
from planner.units import DIMENSIONS, Money, Unit

if TYPE_CHECKING:
    from planner.catalog.load import Catalog

_MISSING = object()
_STATED: Mapping[str, Any] = {"kind": "scenario", "note": "stated by the scenario (facts)"}
"""Of a ledger row that the scenario states."""


class Resolver:
    """Resolves fields of one entry on demand. Names of other entries it refers to are reached by dots."""

    def __init__(
        self,
        catalog: "Catalog",
        kind: Kind,
        entry: Entry,
        *,
        level: Level = "mid",
        ledger: Ledger | None = None,
        context: Mapping[str, Any] | None = None,
        neighbours: Mapping[str, "Resolver"] | None = None,
    ) -> None:
        self.catalog, self.kind, self.entry, self.level = catalog, kind, entry, level
        self.ledger = ledger if ledger is not None else Ledger()
        self.context = context or {}
        """Facts of the case that are not the entry's (origin, buyer_country)."""
        self.neighbours = neighbours or {}
        """Entries that formulas and conditions may name: accelerator, vendor, fabric."""
        self._known: dict[str, Range | None] = {}
        self._open: list[str] = []

    def key(self, path: str) -> str:
        """Ledger key of a field."""
        return f"{self.kind.name}.{self.entry.id}.{path}"

    def range(self, path: str) -> Range | None:
        """Low, mid and high of a numeric field in base units; None when neither published nor assumed."""
        if path not in self._known:
            if path in self._open:
                raise self._circle(path)
            self._open.append(path)
            self._known[path] = self._fact(path) or self._filled(path)
            self._open.pop()
        return self._known[path]

    def number(self, path: str) -> float | None:
        """A field at the chosen level."""
        found = self.range(path)
        value = found.at(self.level) if found is not None else None
        return float(value.amount if isinstance(value, Money) else value) if value is not None else None

    def money(self, path: str) -> Money | None:
        """A price at the chosen level."""
        found = self.range(path)
        value = found.at(self.level) if found is not None else None
        return value if isinstance(value, Money) else None

    def word(self, path: str) -> Any:
        """A field that is not a number (cooling, class, countries), filled by an assumption when null."""
        value = self._raw(path)
        if value is _MISSING:
            return self.context.get(path)
        if isinstance(value, Published):
            self._record(path, value)
            return value.at(self.catalog.level(self.key(path), self.level))
        if value is not None:
            details: Any = _STATED if self.catalog.states(self.key(path)) else {"source": self._entry_source()}
            self.ledger.word(self.key(path), value, **details)
            return value
        for assumption in self._candidates(path):
            if assumption.text is not None:
                self.ledger.word(self.key(path), assumption.text, **_basis(assumption))
                return assumption.text
        return None

    def _fact(self, path: str) -> Range | None:
        """The published range, recorded."""
        value = self._raw(path)
        if value is _MISSING or isinstance(value, str | bool) or value is None:
            return None
        if not isinstance(value, Published):
            key = self.key(path)
            band = self.catalog.over(key, Range.point(float(value)))
            details: Any = _STATED if self.catalog.states(key) else {"source": self._entry_source()}
            self.ledger.record(key, band, self.level, **details)
            return band
        return self._record(path, value)

    def _record(self, path: str, fact: Published[Any]) -> Range | None:
        """Note a published value in the ledger; a point is widened where an assumption says so."""
        mid = fact.at("mid")
        if mid is None:
            return None
        low, high = fact.at("low"), fact.at("high")
        band = Range(mid if low is None else low, mid, mid if high is None else high)
        note, assumption = fact.note, None
        if fact.low is None and fact.high is None and not isinstance(mid, str):
            assumption = next(iter(self._candidates(path, to="point", fact=fact)), None)
            if assumption is not None:
                band = self._evaluate(assumption, {"value": Range.point(mid)}) or band
                note = "; ".join(filter(None, (note, f"range by {assumption.id}: {assumption.basis}")))
        key = self.key(path)
        stated = self.catalog.states(key)
        band = self.catalog.over(key, band) if not isinstance(mid, str) else band
        used = band.at(self.catalog.level(key, self.level))
        row = Row(
            key,
            plain(band.low),
            plain(band.mid),
            plain(band.high),
            plain(used),
            _unit(fact, used),
            source=() if stated else fact.source or self._entry_source(),
            confidence=None if stated else fact.confidence,
            as_of=fact.as_of,
            kind="scenario" if stated else _kind(fact),
            note=_STATED["note"] if stated else note,
            assumption=assumption.id if assumption else None,
        )
        self.ledger.add(row)
        return band

    def _filled(self, path: str) -> Range | None:
        """The first assumption that fits and can be evaluated, recorded."""
        for assumption in self._candidates(path):
            if assumption.text is not None:
                continue
            band = self._evaluate(assumption, {})
            if band is not None:
                unit, key = self._field_unit(path), self.key(path)
                band = self.catalog.over(key, band)
                more = _STATED if self.catalog.states(key) else {}
                self.ledger.record(key, band, self.level, unit, **{**_basis(assumption), **more})
                return band
        return None

    def _candidates(self, path: str, to: str = "unknown", fact: Published[Any] | None = None) -> list[Assumption]:
        """Assumptions for the field whose conditions hold, in the order of the catalog."""
        return [
            a
            for a in self.catalog.fillers(self.kind.singular, path)
            if a.to == to and all(self._holds(name, wanted, fact) for name, wanted in a.when.items())
        ]

    def _holds(self, name: str, wanted: Any, fact: Published[Any] | None) -> bool:
        value = fact.confidence if fact is not None and name == "confidence" else self._condition(name)
        if wanted == KNOWN:
            return value is not None
        return value in wanted if isinstance(wanted, list) else bool(value == wanted)

    def _condition(self, path: str) -> Any:
        """The value a condition compares: as published (mid), words as filled; None when unknown."""
        owner, inner = self._owner(path)
        if owner is not self:
            return owner._condition(inner) if owner is not None else None
        value = self._raw(path)
        if isinstance(value, Published):
            return value.at("mid")
        return self.word(path) if value is None or value is _MISSING else value

    def _evaluate(self, assumption: Assumption, local: Mapping[str, Range]) -> Range | None:
        if assumption.formula is None:
            return assumption.range
        names = {**{name: band.range for name, band in assumption.parameters.items()}, **local}
        try:
            return Formula.parse(assumption.formula).evaluate(lambda name: names.get(name) or self._named(name))
        except FormulaError as error:
            place = self.catalog.place("assumptions", assumption.id, ("formula",))
            message = f"{assumption.id} cannot be evaluated for {self.key(assumption.field)}: {error}"
            raise InputError.of("assumption", message, None, place) from None

    def _named(self, path: str) -> Range | None:
        """A name in a formula: a field of this entry or of a neighbour."""
        owner, inner = self._owner(path)
        return owner.range(inner) if owner is not None else None

    def _owner(self, path: str) -> "tuple[Resolver | None, str]":
        head, _, tail = path.partition(".")
        if tail and head in self.neighbours:
            return self.neighbours[head], tail
        if tail and head in NEIGHBOURS.get(self.kind.name, ()):
            return None, tail
        return self, path

    def _raw(self, path: str) -> Any:
        """What the entry itself says: a fact, a plain value, None, or _MISSING when there is no such field."""
        current: Any = self.entry
        for part in path.split("."):
            if current is None:
                return None
            if isinstance(current, dict | tuple):
                current = current.get(part) if isinstance(current, dict) else current[int(part)]
                continue
            name = next((n for n, i in type(current).model_fields.items() if part in (n, i.alias)), part)
            current = getattr(current, name, _MISSING)
            if current is _MISSING:
                return _MISSING
        return current

    def _field_unit(self, path: str) -> str:
        """Base unit of a fact field, from its type."""
        model: Any = type(self.entry)
        for part in path.split("."):
            if part.isdigit():
                model = get_args(model)[0]
                continue
            if get_origin(model) is dict:
                model = get_args(model)[1]
                continue
            info = next((i for n, i in model.model_fields.items() if part in (n, i.alias)), None)
            if info is None:
                return ""
            model = info.annotation
        return next((_dimension_unit(kind) for kind in _published_in(model)), "")

    def _entry_source(self) -> tuple[str, ...]:
        source: tuple[str, ...] = getattr(self.entry, "source", ())
        return source

    def _circle(self, path: str) -> InputError:
        circle = " -> ".join([*self._open[self._open.index(path) :], path])
        return InputError.of("assumption-circle", f"assumptions of {self.key(path)} need each other: {circle}")


def _kind(fact: Published[Any]) -> RowKind:
    if fact.confidence == "assumption":
        return "assumption"
    return "derived" if fact.derived or fact.confidence == "derived" else "fact"


def _basis(assumption: Assumption) -> dict[str, Any]:
    return {
        "kind": assumption.kind,
        "note": assumption.basis,
        "source": assumption.source,
        "confidence": assumption.kind,
        "assumption": assumption.id,
    }


def _unit(fact: Published[Any], used: Any) -> str:
    if isinstance(used, Money):
        return "/".join([used.currency, *(DIMENSIONS[d].base for d in used.per)])
    return _dimension_unit(type(fact))


def _published_in(annotation: Any) -> list[type[Published[Any]]]:
    """The Published types inside an annotation such as Fact[Power] | None."""
    options = getattr(annotation, "__args__", (annotation,))
    return [o for o in options if isinstance(o, type) and issubclass(o, Published)]


def _dimension_unit(fact: type[Published[Any]]) -> str:
    """Base unit of Fact[Power]: kW."""
    for argument in fact.__pydantic_generic_metadata__["args"]:
        for mark in getattr(argument, "__metadata__", ()):
            if isinstance(mark, Unit):
                return DIMENSIONS[mark.dimension].base
    return ""
