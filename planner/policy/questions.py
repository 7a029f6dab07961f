"""Questions about single cases: `decide` answers one, with the rules that decide it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.catalog.buyer import Buyer
from planner.catalog.load import Catalog
from planner.errors import InputError, nearest
from planner.policy.book import Rulebook
from planner.policy.case import Case, build_case
from planner.policy.effect import ACTIONS, Action
from planner.policy.facts import CaseFacts
from planner.policy.hits import RuleHit
from planner.policy.judge import judge
from planner.policy.load import rulebook
from planner.policy.predicate import Truth
from planner.policy.regime import AssumeUnknown, Licence, Regime


@dataclass(frozen=True)
class Query:
    """May this buyer do this with this part on this day?"""

    chip: str | None
    """Accelerator by id or alias; None when the question is about a `component`."""
    buyer: str | Buyer
    """Profile by id, or a buyer."""
    action: Action
    date: dt.date
    site: Mapping[str, Any] | None = None
    """Facts of the site by field name (`province`, `is_new`, ...); what is left out is unknown."""
    acquired_on: dt.date | None = None
    """When the units were acquired, for rules that exempt older ones."""
    component: Mapping[str, Any] | None = None
    """Facts of a component by field name (`type`, `copackaged`, ...)."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Further facts by full field name (`transaction.purpose`)."""


@dataclass(frozen=True)
class Decision:
    """The answer; `allowed` is None when it is not known."""

    query: Query
    allowed: Truth
    rules: tuple[RuleHit, ...]
    settled: bool = False
    """Whether assume_unknown made it true or false."""
    assumed: tuple[str, ...] = ()
    """Assumptions about facts without which some rule would have answered otherwise."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON: `allowed` is true, false or "unknown"."""
        query = self.query
        return {
            "chip": query.chip,
            "buyer": query.buyer if isinstance(query.buyer, str) else query.buyer.id,
            "action": query.action,
            "date": query.date.isoformat(),
            "allowed": "unknown" if self.allowed is None else self.allowed,
            "settled_by": "assume_unknown" if self.settled else None,
            "rules": [found.as_dict() for found in self.rules],
            "assumed": list(self.assumed),
        }


def decide(
    catalog: Catalog,
    query: Query,
    *,
    known_by: dt.date | None = None,
    assume_unknown: AssumeUnknown = None,
    without: Iterable[str] = (),
    activate: Iterable[str] = (),
    licences: Mapping[str, Licence] | None = None,
    book: Rulebook | None = None,
) -> Decision:
    """Answer `query` by the rules of the catalog (or of `book`) that were announced by `known_by`.

    `without` leaves rules out by id or jurisdiction, `activate` takes rules that do not bind as binding, `licences`
    says what is believed about licences by rule id. Raises InputError for an unknown chip, buyer, action, rule or fact.
    """
    book = book or rulebook(catalog)
    regime = Regime.of(
        book,
        known_by=known_by,
        assume_unknown=assume_unknown,
        without=without,
        activate=activate,
        licences=licences,
    )
    case = case_of(catalog, book, query)
    answer = judge(case, query.action, query.date, regime, acquired_on=query.acquired_on)
    return Decision(query, answer.allowed, answer.rules, answer.settled, _assumptions(case, query, regime))


def case_of(catalog: Catalog, book: Rulebook, query: Query) -> Case:
    """The case that `query` is about."""
    check_action(query.action)
    buyer = find_buyer(catalog, query.buyer) if isinstance(query.buyer, str) else query.buyer
    chip = catalog.accelerator(query.chip) if query.chip is not None else None
    return build_case(
        book,
        action=query.action,
        buyer=buyer,
        chip=chip,
        vendor=catalog.vendors.get(chip.vendor) if chip else None,
        chip_names=catalog.names("accelerators").of_id(chip.id) if chip else (),
        component=query.component,
        site=query.site,
        stated=query.facts,
    )


def find_buyer(catalog: Catalog, name: str) -> Buyer:
    """The buyer profile called `name`; InputError with the nearest one."""
    if name not in catalog.buyers:
        close = nearest(name, catalog.buyers)
        hint = f"did you mean {close!r}?" if close else f"profiles: {', '.join(catalog.buyers)}"
        raise InputError.of("unknown-buyer", f"there is no buyer {name!r}", hint)
    return catalog.buyers[name]


def check_action(action: str) -> Action:
    """The action of this name. Raises InputError, with the nearest one, if there is none."""
    for known in ACTIONS:
        if action == known:
            return known
    close = nearest(action, ACTIONS)
    hint = f"did you mean {close!r}?" if close else f"actions: {', '.join(ACTIONS)}"
    raise InputError.of("unknown-action", f"there is no action {action!r}", hint)


def _assumptions(case: Case, query: Query, regime: Regime) -> tuple[str, ...]:
    """Notes of the assumed facts without which a rule that bears on the question would answer otherwise."""
    if not case.facts.assumed:
        return ()
    bare = {name: None if name in case.facts.assumed else v for name, v in case.facts.values.items()}
    stripped = Case(case.book, case.subject, CaseFacts(bare))
    roots: dict[str, None] = {}
    for rule, _ in case.book.bearing(query.action):
        if regime.active(rule, query.date) is False or rule.spec.subject != case.subject:
            continue
        if case.match(rule).all is not stripped.match(rule).all:
            roots |= dict.fromkeys(root for name in rule.fields for root in case.facts.assumed.get(name, ()))
    return tuple(f"{root} = {_plain(case.facts.values[root])}: {case.facts.notes[root]}" for root in sorted(roots))


def _plain(value: Any) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    return str(value).lower() if isinstance(value, bool) else str(value)
