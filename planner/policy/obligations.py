"""Obligations: what rules demand of what they allow, per period, and per site where a rule asks about sites."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planner.policy.book import BoundEffect, Rule
from planner.policy.case import Case
from planner.policy.effect import Effect, Gate, PendingOrderCancelled, RemovalRequired, Statement, Subsidy
from planner.policy.judge import applies_to
from planner.policy.regime import Bearing, Regime

_NOT_HERE = (Gate, PendingOrderCancelled, Statement)
"""Effects that are asked for in other ways, or do nothing; removals are gates and obligations both."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One effect of one rule in one period. `effect` is the typed effect with its parameters (planner.policy.effect).

    `accelerators` are those it certainly covers, `uncertain` those it may cover; both are empty for rules about sites,
    where `certain` says whether the site is certainly covered. `domestic` are the accelerators designed in the country
    of the rule.
    """

    rule_id: str
    kind: str
    effect: Effect
    period_index: int
    site_id: str | None
    """None: about what the buyer orders, whatever the site."""
    accelerators: frozenset[str]
    uncertain: frozenset[str]
    domestic: frozenset[str]
    certain: bool
    date: date | None
    source: str
    summary: str


@dataclass(frozen=True)
class Circle:
    """What obligations are asked of: cases, home countries, days by period."""

    case: Callable[[str | None, str | None], Case]
    """The case of an accelerator (or none) at a site (or none)."""
    design_country: Mapping[str, str | None]
    sites: tuple[str, ...]
    days: tuple[tuple[date, ...], ...]
    """For each period the days on which rules may differ: its first, and every change within it."""


def obligations(circle: Circle, regime: Regime) -> Iterator[Obligation]:
    """Every obligation of binding rules, in order of rules, effects, periods and sites."""
    for rule in regime.book.rules.values():
        if not regime.binds(rule) or rule.spec.subject == "component":
            continue
        for effect in rule.effects:
            if isinstance(effect.spec, RemovalRequired) or not isinstance(effect.spec, _NOT_HERE):
                yield from _of_effect(rule, effect, circle, regime)


def _of_effect(rule: Rule, effect: BoundEffect, circle: Circle, regime: Regime) -> Iterator[Obligation]:
    about_sites = rule.asks_site or rule.spec.subject == "site"
    for index, days in enumerate(circle.days):
        active = [regime.effect_active(rule, effect, day) and regime.active(rule, day) for day in days]
        truths = [bool(truth is not False) for truth in active]
        if not (all(truths) if isinstance(effect.spec, Subsidy) else any(truths)):
            continue
        bearing = Bearing(rule, effect, None if None in active else True, regime.start(rule, effect))
        for site in circle.sites if about_sites else (None,):
            found = _obligation(bearing, index, site, circle)
            if found is not None:
                yield found


def _obligation(bearing: Bearing, index: int, site: str | None, circle: Circle) -> Obligation | None:
    rule = bearing.rule
    certain: set[str] = set()
    uncertain: set[str] = set()
    if rule.spec.subject == "site":
        sure = applies_to(circle.case(None, site), bearing)
        if sure is False:
            return None
    else:
        for accelerator in circle.design_country:
            truth = applies_to(circle.case(accelerator, site), bearing)
            if truth is not False:
                (certain if truth else uncertain).add(accelerator)
        if not certain and not uncertain:
            return None
        sure = bool(certain)
    home = rule.spec.jurisdiction.split("-")[0]
    return Obligation(
        rule_id=rule.id,
        kind=bearing.effect.spec.type,
        effect=bearing.effect.spec,
        period_index=index,
        site_id=site,
        accelerators=frozenset(certain),
        uncertain=frozenset(uncertain),
        domestic=frozenset(a for a, country in circle.design_country.items() if country == home),
        certain=sure is True,
        date=bearing.start,
        source=rule.source,
        summary=" ".join(rule.spec.summary.split()),
    )


def of_kind(found: Iterable[Obligation], kind: str) -> tuple[Obligation, ...]:
    """Those of one kind, in order."""
    return tuple(obligation for obligation in found if obligation.kind == kind)
