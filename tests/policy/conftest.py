"""The shipped catalog and its rules, read once; shorthands for asking them."""

from datetime import date
from typing import Any

import pytest

from planner.catalog.load import Catalog, load_catalog
from planner.policy.book import Rulebook
from planner.policy.load import rulebook
from planner.policy.questions import Decision, Query, decide


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped catalog."""
    return load_catalog()


@pytest.fixture(scope="session")
def book(catalog: Catalog) -> Rulebook:
    """The shipped rules."""
    return rulebook(catalog)


class Ask:
    """`ask("nvidia-h20-96gb", "order", "2025-10-15")` for cn-internet, and what comes back."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __call__(self, chip: str | None, action: str, day: str, buyer: Any = "cn-internet", **more: Any) -> Decision:
        """The decision; `site`, `facts`, `component`, `acquired_on` go to the query, the rest to `decide`."""
        query = {key: more.pop(key) for key in ("site", "facts", "component", "acquired_on") if key in more}
        return decide(self.catalog, Query(chip, buyer, action, date.fromisoformat(day), **query), **more)

    def allowed(self, *args: Any, **more: Any) -> bool | None:
        """Only the answer."""
        return self(*args, **more).allowed

    def ids(self, outcome: str, *args: Any, **more: Any) -> list[str]:
        """Rules with one outcome."""
        return [hit.rule_id for hit in self(*args, **more).rules if hit.outcome == outcome]


@pytest.fixture(scope="session")
def ask(catalog: Catalog) -> Ask:
    """Asks the shipped catalog."""
    return Ask(catalog)
