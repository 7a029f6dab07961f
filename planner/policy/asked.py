"""What the policy stage needs of a scenario, and the facts of its sites."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, Protocol

from planner.catalog.buyer import Buyer
from planner.catalog.load import Catalog
from planner.errors import Collector, InputError
from planner.io.yaml import YamlPath
from planner.policy.book import Rulebook
from planner.policy.regime import AssumeUnknown, Licence


class AskedPeriod(Protocol):
    """One period; `end` is the first day after it."""

    @property
    def start(self) -> date:
        """First day."""
        ...

    @property
    def end(self) -> date:
        """First day after it."""
        ...


class AskedSettings(Protocol):
    """How rules are applied."""

    @property
    def assume_unknown(self) -> AssumeUnknown:
        """How an unknown answer is settled."""
        ...

    @property
    def without(self) -> Iterable[str]:
        """Rule ids and jurisdictions left out."""
        ...

    @property
    def activate(self) -> Iterable[str]:
        """Rules taken as binding."""
        ...

    @property
    def licences(self) -> Mapping[str, Any]:
        """Beliefs about licences by rule id: anything with `granted` or `probability`, and `delay` in hours."""
        ...


class Asked(Protocol):
    """A scenario, as far as policy is concerned."""

    @property
    def buyer(self) -> str | Buyer:
        """Profile by id, or a buyer."""
        ...

    @property
    def knowledge_date(self) -> date:
        """Day on which the plan is made."""
        ...

    @property
    def periods(self) -> Iterable[AskedPeriod]:
        """Periods in order."""
        ...

    @property
    def sites(self) -> Iterable[Any]:
        """Sites: with `id`, and with `facts` (predicate fields) or what `site_facts` makes them from."""
        ...

    @property
    def policy(self) -> AskedSettings:
        """How rules are applied."""
        ...


def site_facts(catalog: Catalog, site: Any) -> Mapping[str, Any]:
    """Facts of a site by predicate field: its own `facts` if it has them, else those of its region and attributes."""
    facts = getattr(site, "facts", None)
    if facts is not None:
        return dict(facts)
    region = catalog.region(site.region)
    found = {
        "country": region.country,
        "province": region.province,
        "hub_node": None if region.hub_node is None else bool(region.hub_node),
        "state_funded": getattr(site, "state_funded", None),
        "completion_fraction": getattr(site, "completion", None),
        "is_new": getattr(site, "is_new", None),
        "class": getattr(site, "site_class", None),
    }
    return {name: value for name, value in found.items() if value is not None}


def check_rules(book: Rulebook, scenario: Asked) -> None:
    """Raise InputError, at their places, for names under `policy` that are no rule (or, left out, no jurisdiction)."""
    settings, document, faults = scenario.policy, getattr(scenario, "document", None), Collector()
    asked: list[tuple[YamlPath, Callable[[], object]]] = []
    asked += [(("policy", "without", n), partial(book.select, [x])) for n, x in enumerate(settings.without)]
    asked += [(("policy", "activate", n), partial(book.rule, x)) for n, x in enumerate(settings.activate)]
    asked += [(("policy", "licences", x), partial(book.rule, x)) for x in settings.licences]
    for path, look in asked:
        try:
            look()
        except InputError as error:
            faults.extend(error.placed(None if document is None else document.place(path)))
    faults.raise_if_any()


def licences_of(settings: AskedSettings) -> dict[str, Licence]:
    """The scenario's beliefs about licences, by rule id."""
    return {
        rule: Licence(getattr(given, "granted", None), getattr(given, "probability", None), given.delay)
        for rule, given in settings.licences.items()
    }
