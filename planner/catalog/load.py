"""`load_catalog` and the Catalog: entries by kind and id, read and checked on first use of a kind.

The models of entries are imported with the kind, so that opening a catalog costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from planner.catalog.change import changed
from planner.catalog.files import by_folder, digest, shown
from planner.catalog.folder import BUILTIN, Folder, open_folders
from planner.catalog.kinds import KINDS, Kind, names_of, references_of
from planner.catalog.merge import Raw, collect
from planner.catalog.names import Names, unknown
from planner.errors import Collector, Diagnostic, InputError, Place, nearest
from planner.io.files import sha256_of
from planner.io.models import Level
from planner.io.yaml import Document, YamlPath, load, parse

if TYPE_CHECKING:
    from planner.catalog.accelerator import Accelerator
    from planner.catalog.assumption import Assumption
    from planner.catalog.buyer import Buyer
    from planner.catalog.change import Change
    from planner.catalog.component import Component
    from planner.catalog.fabric import Fabric
    from planner.catalog.facts import Stated
    from planner.catalog.formula import Range
    from planner.catalog.parameter import Parameter
    from planner.catalog.region import Region
    from planner.catalog.source import Source
    from planner.catalog.supply import Roadmap, Supply
    from planner.catalog.system import System
    from planner.catalog.tax import TaxRegime
    from planner.catalog.terms import PaymentTerms
    from planner.catalog.transformer import Transformer
    from planner.catalog.vendor import Platform, Vendor


def load_catalog(folders: Iterable[str | Path] = (BUILTIN,), base: Path | None = None) -> Catalog:
    """The catalog of these folders, later ones over earlier ones; relative paths start at `base`.

    Files are read when a kind is first asked for. Raises InputError when a folder is missing; each kind raises
    InputError with every fault of its files at their places.
    """
    return Catalog(open_folders(folders, base))


@dataclass(frozen=True, eq=False)
class Catalog:
    """Everything that is known, frozen; mappings are by id in order of first appearance."""

    folders: tuple[Folder, ...]
    overrides: Mapping[str, Assumption] = field(default_factory=dict)
    """Planning parameters replaced by a scenario."""
    stated: Mapping[str, Stated] = field(default_factory=dict)
    """What a scenario says of single numbers, by ledger key."""
    changes: tuple[Change, ...] = ()
    """Fields of entries and rules that a scenario sets."""
    _cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def accelerators(self) -> Mapping[str, Accelerator]:
        """Chips, packages and cards."""
        return self.entries("accelerators")

    @property
    def systems(self) -> Mapping[str, System]:
        """Servers and supernodes."""
        return self.entries("systems")

    @property
    def fabrics(self) -> Mapping[str, Fabric]:
        """Networks."""
        return self.entries("fabrics")

    @property
    def components(self) -> Mapping[str, Component]:
        """Parts with a supply of their own."""
        return self.entries("components")

    @property
    def transformers(self) -> Mapping[str, Transformer]:
        """Model shapes."""
        return self.entries("transformers")

    @property
    def regions(self) -> Mapping[str, Region]:
        """Places with tariff and carbon."""
        return self.entries("regions")

    @property
    def supply(self) -> Mapping[str, Supply]:
        """Supply records."""
        return self.entries("supply")

    @property
    def roadmap(self) -> Mapping[str, Roadmap]:
        """Announced dates."""
        return self.entries("roadmap")

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """Makers."""
        return self.entries("vendors")

    @property
    def platforms(self) -> Mapping[str, Platform]:
        """Software platforms."""
        return self.entries("platforms")

    @property
    def sources(self) -> Mapping[str, Source]:
        """Where facts were read."""
        return self.entries("sources")

    @property
    def payment_terms(self) -> Mapping[str, PaymentTerms]:
        """Terms of payment, in the order in which they are tried."""
        return self.entries("payment_terms")

    @property
    def tax_regimes(self) -> Mapping[str, TaxRegime]:
        """Rules of depreciation and tax."""
        return self.entries("tax_regimes")

    @property
    def economics(self) -> Mapping[str, Parameter]:
        """Economic parameters."""
        return self.entries("economics")

    @property
    def buyers(self) -> Mapping[str, Buyer]:
        """Buyer profiles."""
        return self.entries("buyers")

    @property
    def assumptions(self) -> Mapping[str, Assumption]:
        """Planning assumptions, those of the scenario over those of the files."""
        return {**self.entries("assumptions"), **self.overrides}

    def accelerator(self, name: str) -> Accelerator:
        """By id or unambiguous alias; InputError with the nearest name otherwise."""
        return self.accelerators[self.identify("accelerators", name)]

    def system(self, name: str) -> System:
        """By id or unambiguous alias; InputError with the nearest name otherwise."""
        return self.systems[self.identify("systems", name)]

    def region(self, name: str) -> Region:
        """By id or unambiguous alias; InputError with the nearest name otherwise."""
        return self.regions[self.identify("regions", name)]

    def transformer(self, name: str) -> Transformer:
        """By id or unambiguous alias; InputError with the nearest name otherwise."""
        return self.transformers[self.identify("transformers", name)]

    def fillers(self, kind: str, field: str) -> tuple[Assumption, ...]:
        """Assumptions that may fill a field ("system", "power"), in order."""

        def make() -> dict[tuple[str, str], list[Assumption]]:
            table: dict[tuple[str, str], list[Assumption]] = {}
            for assumption in self.assumptions.values():
                if assumption.fills:
                    table.setdefault((assumption.target, assumption.field), []).append(assumption)
            return table

        return tuple(self._once("fillers", make).get((kind, field), ()))

    def assumption(self, name: str) -> Assumption:
        """A planning parameter or filling rule by id."""
        found = self.assumptions.get(name)
        if found is None:
            raise unknown("assumption", name, self.assumptions)
        return found

    def parameter(self, name: str) -> Parameter:
        """An economic parameter by id."""
        found = self.economics.get(name)
        if found is None:
            raise unknown("economic parameter", name, self.economics)
        return found

    def with_parameters(self, values: Mapping[str, Any], place: Place | None = None) -> Catalog:
        """The same catalog with planning parameters replaced: id to a number, quantity or {low, mid, high}.

        Raises InputError for an unknown id, a filling rule, or another unit than the parameter has.
        """
        from planner.catalog.override import overridden

        for name in values:
            if name not in self.assumptions:
                raise unknown("assumption", name, self.assumptions).placed(place)
        replaced = {name: overridden(self.assumption(name), value, place) for name, value in values.items()}
        return replace(self, overrides={**self.overrides, **replaced}, _cache=self._cache)

    def with_facts(self, given: Mapping[str, Any], origin: Document | None = None, at: YamlPath = ()) -> Catalog:
        """The same catalog with single facts as a scenario states them (see `planner.catalog.facts`).

        Raises InputError, at their places in `origin`, for keys that name nothing and values that do not fit.
        """
        from planner.catalog.facts import facts_of

        found = facts_of(self, given, origin or Document(dict(given), "<facts>", {}), at)
        kinds = {change.kind for change in found.changes}
        stale: set[Any] = {(what, kind) for what in ("raw", "entries", "names") for kind in kinds}
        stale |= {"fillers"} if "assumptions" in kinds else set()
        cache = {key: value for key, value in self._cache.items() if key not in stale} if kinds else self._cache
        catalog = replace(self, stated=found.stated, changes=found.changes, _cache=cache)
        for name, (value, place) in found.parameters.items():
            catalog = catalog.with_parameters({name: value}, place)
        for kind in kinds & KINDS.keys():
            catalog.entries(kind)
        return catalog

    def over(self, key: str, band: Range) -> Range:
        """The range of a ledger key, or what the scenario states in its place."""
        said = self.stated.get(key)
        return band if said is None else said.over(band)

    def level(self, key: str, level: Level) -> Level:
        """The side of a range to take: the scenario's for this ledger key, else `level`."""
        said = self.stated.get(key)
        return level if said is None or said.level is None else said.level

    def states(self, key: str) -> bool:
        """Whether the scenario states this ledger key, or something below it."""
        if key in self.stated:
            return True
        return any(f"{c.kind}.{c.id}.{c.field}.".startswith(f"{key}.") for c in self.changes)

    def rule_ids(self) -> tuple[str, ...]:
        """Ids of all rules of its folders, read but not checked."""
        folders = by_folder(self.folders, "policies", "rules", self._load)
        rules = (rule for folder in folders for document in folder for rule in document.value.get("rules") or ())
        return tuple(str(rule["id"]) for rule in rules if isinstance(rule, dict) and "id" in rule)

    def names(self, kind: str) -> Names:
        """Ids and aliases of a kind."""
        names: Names = self._once(("names", kind), lambda: Names.of(self, KINDS[kind]))
        return names

    def identify(self, kind: str, name: str) -> str:
        """The id that an id or alias stands for. Raises InputError: unknown (nearest name) or ambiguous (all ids)."""
        return self.names(kind).one(name)

    def members(self, kind: str, name: str) -> tuple[str, ...]:
        """All ids that an id, alias or group stands for; empty when unknown."""
        return self.names(kind).all(name)

    def ids(self, kind: Kind) -> tuple[str, ...]:
        """Ids of a kind, read but not checked."""
        return tuple(self._raws(kind))

    def entries(self, kind: str) -> dict[str, Any]:
        """Entries of a kind, checked."""
        return self.collection(KINDS[kind])

    def collection(self, kind: Kind) -> dict[str, Any]:
        """Entries of a kind, also one defined by a later stage; raises InputError with all faults of its files."""
        entries: dict[str, Any] = self._once(("entries", kind.name), lambda: self._read(kind))
        return entries

    def documents(self, name: str) -> tuple[Document, ...]:
        """The YAML documents of a kind or folder (`policies`), folder by folder."""
        return tuple(document for folder in by_folder(self.folders, name, name, self._load) for document in folder)

    def place(self, kind: str, name: str, path: YamlPath = ()) -> Place:
        """Where an entry, or a field of it, was written."""
        return self._raws(KINDS[kind])[name].place(path)

    @property
    def digest(self) -> str:
        """SHA-256 over names and contents of all files, and over the facts stated in their place."""
        files: str = self._once("digest", lambda: digest(self.folders))
        if not (self.stated or self.changes):
            return files
        changes = [(change.kind, change.id, change.field, change.value) for change in self.changes]
        return sha256_of([files, {key: asdict(said) for key, said in self.stated.items()}, changes])

    @property
    def content(self) -> object:
        """The same object for all catalogs that share their entries."""
        return self._cache

    def _once(self, key: Any, make: Any) -> Any:
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def _load(self, path: Path) -> Document:
        document: Document = self._once(path, lambda: load(shown(path)))
        return document

    def _raws(self, kind: Kind) -> dict[str, Raw]:
        def make() -> dict[str, Raw]:
            faults = Collector()
            raws = collect(kind, by_folder(self.folders, kind.name, kind.top, self._load), faults)
            faults.raise_if_any()
            mine = [change for change in self.changes if change.kind == kind.name]
            return changed(kind, raws, mine) if mine else raws

        raws: dict[str, Raw] = self._once(("raw", kind.name), make)
        return raws

    def _read(self, kind: Kind) -> dict[str, Any]:
        faults = Collector()
        model = kind.model
        entries: dict[str, Any] = {}
        for name, raw in self._raws(kind).items():
            try:
                entries[name] = parse(model, raw.document, raw.at)
            except InputError as error:
                faults.extend(error)
        faults.raise_if_any()
        self._check_references(kind, entries, faults)
        if kind.name == "assumptions":
            self._check_assumptions(entries, faults)
        faults.raise_if_any()
        return entries

    def _check_assumptions(self, entries: Mapping[str, Assumption], faults: Collector) -> None:
        """Every field an assumption names must exist, and every id its conditions ask for."""
        from planner.catalog import assumption_names

        for name, entry in entries.items():
            for path, message, hint in assumption_names.faults(entry):
                faults.add("unknown-name", f"{name}: {message}", hint, self.place("assumptions", name, path))
            for path, target, referred in assumption_names.ids(entry):
                self._check_id(KINDS["assumptions"], name, path, target, referred, faults)

    def _check_references(self, kind: Kind, entries: Mapping[str, BaseModel], faults: Collector) -> None:
        """Every id or alias an entry names must exist."""
        for name, entry in entries.items():
            for path, target, referred in references_of(kind, entry):
                if target != kind.name:
                    self._check_id(kind, name, path, target, referred, faults)
                elif referred not in entries:
                    faults.add(self._unknown(kind, name, path, (target,), referred, entries))
            for path, kinds, given in names_of(kind, entry):
                if not any(self.members(target, given) for target in kinds):
                    known = [n for target in kinds for n in self.names(target).every]
                    faults.add(self._unknown(kind, name, path, kinds, given, known))

    def _check_id(self, kind: Kind, name: str, path: YamlPath, target: str, referred: str, faults: Collector) -> None:
        known = self.entries(target)
        if referred not in known:
            faults.add(self._unknown(kind, name, path, (target,), referred, known))

    def _unknown(
        self, kind: Kind, name: str, path: YamlPath, kinds: tuple[str, ...], referred: str, known: Iterable[str]
    ) -> Diagnostic:
        """The fault of an entry that names what does not exist."""
        close = nearest(referred, known)
        hint = f"did you mean {close!r}?" if close else f"add it to {' or '.join(kinds)}"
        what = " or ".join(KINDS[target].singular for target in kinds)
        place = self.place(kind.name, name, path)
        return Diagnostic("unknown-name", f"{name}: there is no {what} {referred!r}", hint, place)
