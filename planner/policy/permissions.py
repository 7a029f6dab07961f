"""The table of what a scenario's buyer may do: action by accelerator, site and period, each answer with its rules."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from planner.catalog.buyer import Buyer
from planner.catalog.load import Catalog
from planner.io.yaml import Document, YamlPath
from planner.policy.asked import Asked, check_rules, licences_of, site_facts
from planner.policy.book import Rulebook
from planner.policy.case import Case, build_case
from planner.policy.compile import compiled
from planner.policy.effect import Action, PendingOrderCancelled, ServiceProhibited, TariffDuty
from planner.policy.hits import RuleHit, ordered
from planner.policy.judge import Judgement, applies_to, judge, remark
from planner.policy.load import rulebook
from planner.policy.obligations import Circle, Obligation, obligations
from planner.policy.predicate import Predicate, Truth, conjunction, evaluate
from planner.policy.questions import Decision, Query, check_action, decide, find_buyer
from planner.policy.regime import Regime

__all__ = ["Decision", "Obligation", "Permissions", "Query", "RuleHit", "decide", "permissions"]

_RENT: Action = "rent"
_BUY: Action = "order"


@dataclass(frozen=True)
class Kept:
    """Facts of one buyer's cases under one rulebook: what the rules in force make of them differs, they do not."""

    cases: dict[tuple[str | None, str | None, bool], Case] = field(default_factory=dict)
    """By accelerator, facts of the site, and whether it is rented."""
    known: dict[Any, dict[str, Any]] = field(default_factory=dict)
    """What each accelerator answers, whatever the site."""


@dataclass(frozen=True, eq=False)
class _Same:
    """Equal to nothing but what holds the very same object, which it keeps alive."""

    it: object

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same object."""
        return isinstance(other, _Same) and other.it is self.it

    def __hash__(self) -> int:
        """Of the object's identity."""
        return id(self.it)


@lru_cache(maxsize=4)
def _kept(book: _Same, catalog: _Same, buyer: str) -> Kept:
    """What worlds without some rules, and the check of their plans, share; the last few only."""
    return Kept()


@dataclass(frozen=True)
class Permissions:
    """Answers about one buyer, its sites and its periods, worked out when first asked and then kept.

    An action is allowed in a period when it is allowed on each of its days; what is unknown is settled by the
    scenario's `assume_unknown`. Only rules announced by the knowledge date are used.
    """

    catalog: Catalog
    regime: Regime
    buyer: Buyer
    sites: Mapping[str, Mapping[str, Any]]
    """Facts of each site by predicate field."""
    periods: tuple[tuple[date, date], ...]
    """First day of each period, and first day after it."""
    accelerators: tuple[str, ...]
    """Accelerators whose obligations are listed; any accelerator of the catalog may be asked about."""
    rented: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Facts of the places of offers for rent, which have no obligations of a site."""
    _kept: Kept = field(default_factory=Kept, repr=False)
    _judgements: dict[tuple[Any, ...], Judgement] = field(default_factory=dict, repr=False)
    _predicates: dict[str, Predicate] = field(default_factory=dict, repr=False)
    _days: dict[Action, tuple[tuple[date, ...], ...]] = field(default_factory=dict, repr=False)

    def allowed(
        self,
        action: Action,
        accelerator_id: str,
        site_id: str | None,
        period_index: int,
        acquired_on: date | None = None,
    ) -> bool:
        """Whether the buyer may do `action` throughout the period; `site_id` None asks of the buyer's home."""
        return self._judge(action, accelerator_id, site_id, period_index, acquired_on).allowed is True

    @cached_property
    def exempts(self) -> bool:
        """Whether any binding rule spares units that were acquired before it."""
        rules = self.regime.book.rules.values()
        effects = (effect.spec for rule in rules if self.regime.binds(rule) for effect in rule.effects)
        return any(getattr(spec, "grandfathered", False) for spec in effects)

    def why(
        self,
        action: Action,
        accelerator_id: str,
        site_id: str | None,
        period_index: int,
        acquired_on: date | None = None,
    ) -> tuple[RuleHit, ...]:
        """The rules that bear on it, the most decisive first."""
        return self._judge(action, accelerator_id, site_id, period_index, acquired_on).rules

    def assumed(self, action: Action, accelerator_id: str, site_id: str | None, period_index: int) -> bool:
        """Whether assume_unknown gave the answer."""
        return self._judge(action, accelerator_id, site_id, period_index, None).settled

    def delay_h(self, action: Action, accelerator_id: str, period_index: int, site_id: str | None = None) -> float:
        """h that licences add to what is allowed: the longest known delay among them, 0 without one."""
        hits = self._judge(action, accelerator_id, site_id, period_index, None).rules
        return max((hit.delay or 0.0 for hit in hits if hit.outcome == "allows"), default=0.0)

    def surcharge(self, accelerator_id: str, period_index: int | None = None) -> float:
        """Duty on a delivery as a share of the price: sum of tariffs in the period, or the highest over all periods.

        Shares of revenue that a vendor pays to a government are not added: they are inside the vendor's price.
        """
        if period_index is None:
            return max((self.surcharge(accelerator_id, index) for index in range(len(self.periods))), default=0.0)
        case = self._case(accelerator_id, None, "import")
        rates: dict[str, float] = {}
        for day in self._days_of("import")[period_index]:
            for bearing in self.regime.bearings("import", day):
                spec = bearing.effect.spec
                binds = self.regime.binds(bearing.rule)
                if isinstance(spec, TariffDuty) and binds and applies_to(case, bearing) is not False:
                    rates[bearing.rule.id] = spec.rate
        return sum(rates.values())

    def attrition(self, accelerator_id: str, site_id: str | None, period_index: int) -> float | None:
        """Share of capacity lost per year by the rules that may forbid service: the highest; None: none is stated."""
        case = self._case(accelerator_id, site_id, "service")
        rates = []
        for day in self._days_of("service")[period_index]:
            for bearing in self.regime.bearings("service", day):
                spec = bearing.effect.spec
                if isinstance(spec, ServiceProhibited) and spec.attrition is not None:
                    binds = self.regime.binds(bearing.rule) and applies_to(case, bearing) is not False
                    rates += [spec.attrition] if binds else []
        return max(rates, default=None)

    def cancelled(
        self, accelerator_id: str, ordered_on: date, due_on: date, site_id: str | None = None
    ) -> RuleHit | None:
        """The rule that voids an order placed and due on these days, with the share refunded; None when none does.

        An order is open from the day it is placed to the day before it is due; the first rule that cancels open orders
        on one of these days voids it. Where the facts leave it open, assume_unknown decides ("allow" lets it live).
        """
        case = self._case(accelerator_id, site_id, _BUY)
        for day in (ordered_on, *(d for d in self.regime.changes_of("import") if ordered_on < d < due_on)):
            for bearing in self.regime.bearings("import", day):
                binds = self.regime.binds(bearing.rule)
                if not isinstance(bearing.effect.spec, PendingOrderCancelled) or not binds:
                    continue
                truth = applies_to(case, bearing)
                if truth is None and self.regime.assume_unknown == "deny":
                    found = remark(case, bearing, self.regime, may=True)
                    return replace(found, settled_by="assume_unknown") if found else None
                if truth and (found := remark(case, bearing, self.regime)) is not None:
                    return found
        return None

    def matches(
        self, spec: Mapping[str, Any], accelerator_id: str, origin: Document | None = None, at: YamlPath = ()
    ) -> Truth:
        """Whether a predicate as rules write it holds for an accelerator that the buyer orders; None: not known.

        Raises InputError for a predicate that cannot be read; it stands at `at` of `origin`.
        """
        key = repr(spec)
        if key not in self._predicates:
            self._predicates[key] = compiled(spec, self.regime.book.vocabulary, origin, at)
        return evaluate(self._predicates[key], self._case(accelerator_id, None, _BUY).facts.values)

    def part(self, facts: Mapping[str, Any], period_index: int) -> Judgement:
        """Whether a part with these facts (by field name) may be imported on each day of a period."""
        key = ("part", tuple(sorted((name, repr(value)) for name, value in facts.items())), period_index)
        if key not in self._judgements:
            asked = self.regime.book.vocabulary.fields
            known = {name: value for name, value in facts.items() if f"component.{name}" in asked}
            case = build_case(self.regime.book, action="import", buyer=self.buyer, component=known)
            days = days_of(self.periods, self.regime.part_changes)[period_index]
            parts = [judge(case, "import", day, self.regime) for day in days]
            hits = ordered(hit for part in parts for hit in part.rules)
            allowed = conjunction(tuple(part.allowed for part in parts))
            self._judgements[key] = Judgement(allowed, hits, any(part.settled for part in parts))
        return self._judgements[key]

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        """What binding rules demand of what they allow, for `accelerators`, by period and site."""
        countries = {a: self.catalog.accelerators[a].country_of_design for a in self.accelerators}
        return tuple(
            obligations(
                Circle(
                    lambda a, s: self._case(a, s, _BUY),
                    countries,
                    tuple(self.sites),
                    days_of(self.periods, self.regime.changes),
                ),
                self.regime,
            )
        )

    def _judge(
        self, action: Action, accelerator_id: str, site_id: str | None, period_index: int, acquired_on: date | None
    ) -> Judgement:
        key = (action, accelerator_id, site_id, period_index, acquired_on)
        if key not in self._judgements:
            check_action(action)
            days = self._days_of(action)[period_index]
            parts = [self._on(action, accelerator_id, site_id, day, acquired_on) for day in days]
            allowed = conjunction(tuple(part.allowed for part in parts))
            hits = ordered(hit for part in parts for hit in part.rules)
            self._judgements[key] = Judgement(allowed, hits, any(p.settled and p.allowed is allowed for p in parts))
        return self._judgements[key]

    def _on(
        self, action: Action, accelerator_id: str, site_id: str | None, day: date, acquired_on: date | None
    ) -> Judgement:
        """The judgement on a day: the same for all days between two changes of the rules."""
        changes = self.regime.changes_of(action)
        since = bisect_right(changes, day)
        key = ("since", action, accelerator_id, site_id, since, acquired_on)
        if key not in self._judgements:
            case = self._case(accelerator_id, site_id, action)
            self._judgements[key] = judge(case, action, day, self.regime, acquired_on=acquired_on)
        return self._judgements[key]

    def _case(self, accelerator_id: str | None, site_id: str | None, action: Action) -> Case:
        key = (accelerator_id, self._site_keys[site_id], action == _RENT)
        if key not in self._kept.cases:
            self._kept.cases[key] = self._build(accelerator_id, site_id, action if action == _RENT else _BUY)
        return self._kept.cases[key]

    @cached_property
    def _site_keys(self) -> Mapping[str | None, str | None]:
        """The facts of each place as text: places alike in them have the same cases."""
        places = {**self.rented, **self.sites}
        return {None: None, **{name: repr(sorted(facts.items())) for name, facts in places.items()}}

    def _build(self, accelerator_id: str | None, site_id: str | None, action: Action) -> Case:
        chip = self.catalog.accelerator(accelerator_id) if accelerator_id is not None else None
        return build_case(
            self.regime.book,
            action=action,
            buyer=self.buyer,
            chip=chip,
            vendor=self.catalog.vendors.get(chip.vendor) if chip else None,
            chip_names=self.catalog.names("accelerators").of_id(chip.id) if chip else (),
            site={**self.rented, **self.sites}[site_id] if site_id is not None else None,
            known=self._kept.known,
        )

    def _days_of(self, action: Action) -> tuple[tuple[date, ...], ...]:
        """The first day of each period, and the days within it on which the answer about `action` may change."""
        found = self._days.get(action)
        if found is None:
            found = self._days[action] = days_of(self.periods, self.regime.changes_of(action))
        return found


def days_of(periods: tuple[tuple[date, date], ...], changes: tuple[date, ...]) -> tuple[tuple[date, ...], ...]:
    """For each period its first day and the changes within it (the last entry of a period is the day after it)."""
    return tuple((start, *(d for d in changes if start < d < end)) for start, end in periods)


def permissions(
    catalog: Catalog,
    scenario: Asked,
    *,
    without: Iterable[str] = (),
    accelerators: Iterable[str] | None = None,
    book: Rulebook | None = None,
) -> Permissions:
    """The permissions of a scenario's buyer. `without` leaves out further rules (ids, jurisdictions).

    `accelerators` limits what obligations are listed for (default: all of the catalog). Raises InputError for a rule,
    jurisdiction, buyer or region that does not exist, and for faults in the rules.
    """
    settings = scenario.policy
    origin = getattr(scenario, "document", None)
    book = book or rulebook(catalog, tuple(getattr(settings, "rules", ())), origin)
    check_rules(book, scenario)
    regime = Regime.of(
        book,
        known_by=scenario.knowledge_date,
        assume_unknown=settings.assume_unknown,
        without=(*settings.without, *without),
        activate=settings.activate,
        licences=licences_of(settings),
    )
    buyer = find_buyer(catalog, scenario.buyer) if isinstance(scenario.buyer, str) else scenario.buyer
    return Permissions(
        catalog,
        regime,
        buyer,
        {site.id: site_facts(catalog, site) for site in scenario.sites},
        tuple((period.start, period.end) for period in scenario.periods),
        tuple(accelerators if accelerators is not None else catalog.accelerators),
        {offer.place: site_facts(catalog, offer) for offer in getattr(scenario, "rent", ())},
        _kept(_Same(book), _Same(catalog.content), repr(buyer)),
    )
