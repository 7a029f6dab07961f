"""Names people type: ids, aliases of entries, and groups of catalogs/aliases.yaml."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.catalog.kinds import KINDS, Kind
from planner.errors import Diagnostic, InputError, Place, nearest

if TYPE_CHECKING:
    from planner.catalog.load import Catalog


FEW = 8
"""Names that fit into a hint."""


def unknown(what: str, name: str, known: Iterable[str], otherwise: str | None = None) -> InputError:
    """The error for a name that nobody knows: the nearest one, or all if they are few, or `otherwise`."""
    names = sorted(known)
    close = nearest(name, names)
    every = f"known: {', '.join(names)}" if 0 < len(names) <= FEW else otherwise
    hint = f"did you mean {close!r}?" if close else every
    return InputError.of("unknown-name", f"there is no {what} {name!r}", hint)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one kind: ids, and aliases (as written) with the ids they stand for."""

    kind: Kind
    ids: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, catalog: "Catalog", kind: Kind) -> "Names":
        """Aliases of aliases.yaml, then those of the entries. A target of another kind is left to `alias_faults`."""
        entries = catalog.collection(kind)
        aliases: dict[str, tuple[str, ...]] = {}
        for alias, target, _ in listed(catalog):
            if target in entries:
                _add(aliases, alias, target)
        for entry in entries.values():
            for alias in getattr(entry, "aliases", ()):
                _add(aliases, alias, entry.id)
        return cls(kind, tuple(entries), aliases)

    def all(self, name: str) -> tuple[str, ...]:
        """All ids that an id or alias stands for, whatever its case; empty when unknown."""
        if name in self.ids:
            return (name,)
        if name in self.aliases:
            return self.aliases[name]
        folded = name.casefold()
        exact = tuple(i for i in self.ids if i.casefold() == folded)
        return exact or next((ids for alias, ids in self.aliases.items() if alias.casefold() == folded), ())

    def one(self, name: str) -> str:
        """The one id that a name stands for; InputError when unknown or ambiguous."""
        found = self.all(name)
        if len(found) == 1:
            return found[0]
        if found:
            message = f"{name!r} stands for {len(found)} {self.kind.name}: {', '.join(found)}"
            raise InputError.of("ambiguous-name", message, "name one of them")
        shown = f"planner catalog list {self.kind.name} shows what there is"
        raise unknown(self.kind.singular, name, self.every, shown)

    @property
    def every(self) -> tuple[str, ...]:
        """All ids and aliases."""
        return (*self.ids, *self.aliases)

    def of_id(self, identifier: str) -> tuple[str, ...]:
        """Aliases and groups that an id belongs to."""
        return tuple(alias for alias, ids in self.aliases.items() if identifier in ids)


def listed(catalog: "Catalog") -> Iterator[tuple[str, str, Place]]:
    """Every alias of aliases.yaml with one id it stands for and its place. Raises InputError for a wrong shape."""
    for document in catalog.documents("aliases"):
        table = document.value.get("aliases") if isinstance(document.value, dict) else None
        if not isinstance(table, dict):
            hint = "write aliases: {short-name: [id, ...]}"
            raise InputError.of("wrong-type", "aliases must be a mapping", hint, document.place())
        for alias, given in table.items():
            for target in [given] if isinstance(given, str) else given or []:
                yield str(alias), str(target), document.place(("aliases", alias))


def alias_faults(catalog: "Catalog") -> Iterator[Diagnostic]:
    """Aliases that stand for an id no entry has."""
    known = {i for kind in KINDS.values() for i in catalog.ids(kind)}
    for alias, target, place in listed(catalog):
        if target not in known:
            close = nearest(target, known)
            hint = f"did you mean {close!r}?" if close else None
            yield Diagnostic("unknown-name", f"alias {alias!r}: there is no entry {target!r}", hint, place)


def _add(aliases: dict[str, tuple[str, ...]], alias: str, identifier: str) -> None:
    if identifier not in aliases.get(alias, ()):
        aliases[alias] = (*aliases.get(alias, ()), identifier)
