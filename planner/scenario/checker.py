"""A scenario under examination: what its checks share."""

from collections.abc import Iterable
from typing import Any

from planner.catalog.load import Catalog
from planner.errors import Collector, InputError, nearest
from planner.io.yaml import Document
from planner.scenario.model import Scenario, Schedule
from planner.scenario.periods import label_end, label_start

Path = tuple[str | int, ...]


class Checker:
    """A scenario under examination, with the places of its YAML."""

    def __init__(self, scenario: Scenario, catalog: Catalog, document: Document, faults: Collector) -> None:
        self.scenario, self.catalog, self.document, self.faults = scenario, catalog, document, faults

    def fault(self, path: Path, code: str, message: str, hint: str | None = None) -> None:
        """Note a fault of what stands at `path`."""
        self.faults.add(code, message, hint, self.document.place(path))

    def name(self, path: Path, kind: str, name: str) -> str | None:
        """The id of a catalog name, or a fault."""
        try:
            return self.catalog.identify(kind, name)
        except InputError as error:
            if any(diagnostic.place for diagnostic in error.diagnostics):
                raise  # a fault of a catalog file, not of this name
            for diagnostic in error.diagnostics:
                self.fault(path, diagnostic.code, diagnostic.message, diagnostic.hint)
            return None

    def known(self, path: Path, what: str, name: str, known: Iterable[str]) -> bool:
        """Whether a name of the scenario's own exists; a fault with the nearest one if not."""
        names = list(known)
        if name in names:
            return True
        near = nearest(name, names)
        hint = f"did you mean {near}?" if near else f"known: {', '.join(sorted(names)) or 'none'}"
        self.fault(path, "unknown-name", f"there is no {what} {name!r} in this scenario", hint)
        return False

    def inside(self, path: Path, label: str) -> None:
        """A period must lie within the horizon."""
        horizon = self.scenario.horizon
        if not (label_start(horizon.start) <= label_start(label) and label_end(label) <= label_end(horizon.end)):
            message = f"{label} is outside the horizon {horizon.start} to {horizon.end}"
            self.fault(path, "outside-horizon", message, "extend the horizon or change the date")

    def spans(self, path: Path, label: str) -> None:
        """Some period of the plan must start in a span."""
        if not any(label_start(label) <= period.start < label_end(label) for period in self.scenario.periods):
            horizon = self.scenario.horizon
            message = f"no period of the plan ({horizon.start} to {horizon.end}) starts in {label}"
            self.fault(path, "outside-horizon", message, "change the date")

    def currency(self, path: Path, found: str) -> None:
        """Money must be convertible into the scenario's currency."""
        if found not in {self.scenario.currency, *self.scenario.finance.fx}:
            message = f"no rate is given for {found}"
            self.fault(path, "unknown-currency", message, f"add it to finance.fx: {{{found}: ...}}")

    def schedule(self, path: Path, schedule: Schedule[Any]) -> None:
        """Steps must fall within the horizon, and start with it if the value is to hold from the beginning."""
        if set(schedule.steps) == {"0001"}:
            return
        for label in schedule.steps:
            self.inside((*path, label), label)

    def unique(self, path: Path, what: str, names: Iterable[str]) -> None:
        """Ids must not repeat."""
        seen: set[str] = set()
        for index, name in enumerate(names):
            if name in seen:
                self.fault((*path, index, "id"), "duplicate", f"there are two {what} named {name!r}", "rename one")
            seen.add(name)
