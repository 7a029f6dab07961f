"""Fields of an entry that neither a fact nor an assumption fills."""

from math import isnan, nan
from typing import TYPE_CHECKING

from planner.catalog.resolver import Resolver
from planner.errors import Collector

if TYPE_CHECKING:
    from planner.catalog.load import Catalog


class Gaps:
    """Fields of one entry that nothing fills, gathered so that all are reported at once."""

    def __init__(self, catalog: "Catalog", kind: str, name: str) -> None:
        self.catalog, self.kind, self.name = catalog, kind, name
        self._reasons: dict[str, str | None] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the missing fields."""
        return tuple(self._reasons)

    def found(self, field_name: str, reason: str | None = None) -> None:
        """Note a missing field."""
        self._reasons[field_name] = reason

    def need(self, resolver: Resolver, path: str) -> float:
        """A number, or NaN after noting that it is missing."""
        value = resolver.number(path)
        if value is None:
            own = resolver.kind.name == self.kind
            self.found(path if own else resolver.key(path))
        return nan if value is None else value

    def count(self, resolver: Resolver, path: str) -> int:
        """A whole number, or 0 after noting that it is missing."""
        value = self.need(resolver, path)
        return 0 if isnan(value) else round(value)

    def word(self, resolver: Resolver, path: str) -> str:
        """A word, or an empty one after noting that it is missing."""
        value = resolver.word(path)
        if value is None:
            self.found(path)
        return str(value) if value is not None else ""

    def raise_if_any(self) -> None:
        """InputError naming every missing field and how to state it."""
        faults = Collector()
        for name, reason in self._reasons.items():
            message = f"{self.kind}.{self.name}: {name} is unknown" + (f" ({reason})" if reason else "")
            hint = (
                f"state it in a catalog folder of your own: {self.kind}: [{{id: {self.name}, like: {self.name}, ...}}]"
            )
            faults.add("unknown-value", message, hint, self.catalog.place(self.kind, self.name))
        faults.raise_if_any()
