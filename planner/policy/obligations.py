"""Obligations: what rules demand of what they allow, per period, and per site where a rule asks about sites."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planner.policy.book import BoundEffect, Rule
from planner.policy.case import Case
from planner.policy.effect import (
    Effect,
    Gate,
    PendingOrderCancelled,
    RemovalRequired,
    Statement,
    Subsidy,
    SurrenderRequired,
)
from planner.policy.judge import applies_to
from planner.policy.predicate import Truth
from planner.policy.regime import Bearing, Regime

_NOT_HERE = (Gate, PendingOrderCancelled, Statement)
"""Effects that are asked for in other ways, or do nothing; removals and surrenders are gates and obligations both."""


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


Covered = tuple[Truth, frozenset[str], frozenset[str]]
"""Whether something is asked, of which accelerators for certain, and of which perhaps."""


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
            if isinstance(effect.spec, RemovalRequired | SurrenderRequired) or not isinstance(effect.spec, _NOT_HERE):
                yield from _of_effect(rule, effect, circle, regime)


def _of_effect(rule: Rule, effect: BoundEffect, circle: Circle, regime: Regime) -> Iterator[Obligation]:
    about_sites = rule.asks_site or rule.spec.subject == "site"
    asked: dict[tuple[Truth, str | None], Covered] = {}
    for index, days in enumerate(circle.days):
        active = [regime.effect_active(rule, effect, day) and regime.active(rule, day) for day in days]
        truths = [bool(truth is not False) for truth in active]
        if not (all(truths) if isinstance(effect.spec, Subsidy) else any(truths)):
            continue
        bearing = Bearing(rule, effect, None if None in active else True, regime.start(rule, effect))
        for site in circle.sites if about_sites else (None,):
            if (bearing.active, site) not in asked:
                asked[bearing.active, site] = _covered(bearing, site, circle)
            covered = asked[bearing.active, site]
            if covered[0] is not False:
                yield _obligation(bearing, index, site, circle, covered)


def _covered(bearing: Bearing, site: str | None, circle: Circle) -> Covered:
    """Whether a rule asks something at a site, of which accelerators for certain and perhaps: alike in every period.

    False: of none.
    """
    if bearing.rule.spec.subject == "site":
        return applies_to(circle.case(None, site), bearing), frozenset(), frozenset()
    truths = {a: applies_to(circle.case(a, site), bearing) for a in circle.design_country}
    certain = frozenset(a for a, truth in truths.items() if truth)
    uncertain = frozenset(a for a, truth in truths.items() if truth is None)
    return True if certain else None if uncertain else False, certain, uncertain


def _obligation(bearing: Bearing, index: int, site: str | None, circle: Circle, covered: Covered) -> Obligation:
    rule, (sure, certain, uncertain) = bearing.rule, covered
    home = rule.spec.jurisdiction.split("-")[0]
    return Obligation(
        rule_id=rule.id,
        kind=bearing.effect.spec.type,
        effect=bearing.effect.spec,
        period_index=index,
        site_id=site,
        accelerators=certain,
        uncertain=uncertain,
        domestic=frozenset(a for a, country in circle.design_country.items() if country == home),
        certain=sure is True,
        date=bearing.start,
        source=rule.source,
        summary=" ".join(rule.spec.summary.split()),
    )


def of_kind(found: Iterable[Obligation], kind: str) -> tuple[Obligation, ...]:
    """Those of one kind, in order."""
    return tuple(obligation for obligation in found if obligation.kind == kind)
