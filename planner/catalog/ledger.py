"""The ledger: every fact and assumption a plan used, with its range, source and reason."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal

from planner.catalog.formula import Range, Value
from planner.catalog.quantity import unit_of
from planner.units import Money

type RowKind = Literal["fact", "assumption", "scenario", "derived"]
type Shown = float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """One value in use: its range, the value used, and where it comes from."""

    key: str
    """Kind, entry and field: systems.some-id.power."""
    low: Shown
    mid: Shown
    high: Shown
    used: Shown
    unit: str
    """Base unit of the numbers, or currency."""
    source: tuple[str, ...] = ()
    """Ids of catalogs/sources.yaml."""
    confidence: str | None = None
    as_of: str | None = None
    kind: RowKind = "fact"
    note: str | None = None
    """What the source says of it, or the basis of an assumption."""
    assumption: str | None = None
    """Id of the assumption that gave it."""


COLUMNS = tuple(field.name for field in fields(Row))
"""Columns of `Ledger.rows`, in order."""


class Ledger:
    """Collects rows by key; the first record of a key stays, since a value is the same wherever it is used."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def add(self, row: Row) -> None:
        """Record a row unless its key is known."""
        self._rows.setdefault(row.key, row)

    def record(self, key: str, band: Range, level: str, unit: str = "", **details: Any) -> Value:
        """Record a range and return the value at `level`."""
        used = band.at(level)
        unit = unit_of(used) if isinstance(used, Money) else unit
        self.add(Row(key, plain(band.low), plain(band.mid), plain(band.high), plain(used), unit, **details))
        return used

    def word(self, key: str, value: Shown, **details: Any) -> None:
        """Record a value that has no range (words, dates, counts)."""
        self.add(Row(key, value, value, value, value, "", **details))

    def scenario(self, key: str, value: Value | str, unit: str = "", note: str | None = None) -> None:
        """Record a value that the scenario states."""
        shown = plain(value)
        unit = unit_of(value) if isinstance(value, Money) else unit
        self.add(Row(key, shown, shown, shown, shown, unit, kind="scenario", note=note))

    def merge(self, other: "Ledger") -> None:
        """Take over the rows of another ledger."""
        for row in other:
            self.add(row)

    def __iter__(self) -> Iterator[Row]:
        """Rows sorted by key."""
        return iter(sorted(self._rows.values(), key=lambda row: row.key))

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def get(self, key: str) -> Row | None:
        """The row of a key."""
        return self._rows.get(key)

    def rows(self) -> list[dict[str, Any]]:
        """One dict per row with the keys COLUMNS, sorted by key."""
        return [{name: getattr(row, name) for name in COLUMNS} for row in self]


def plain(value: Value | str) -> Shown:
    """A number, Money as its amount, text as it is."""
    return value.amount if isinstance(value, Money) else value
