"""When each state was open: spans of days with one answer, and a table of chips by dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from planner.catalog.load import Catalog
from planner.policy.case import Case
from planner.policy.effect import Action
from planner.policy.judge import Judgement, judge
from planner.policy.predicate import Truth
from planner.policy.questions import Query, case_of
from planner.policy.regime import Regime


@dataclass(frozen=True, slots=True)
class Span:
    """Days with one answer and the same rules behind it; `start` None: always before, `end` None: to the last known."""

    start: date | None
    end: date | None
    """Last day."""
    allowed: Truth
    rules: tuple[str, ...]
    """Rules that close it, or leave it open or unknown."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON; `allowed` is true, false or "unknown"."""
        return {
            "from": self.start.isoformat() if self.start else None,
            "to": self.end.isoformat() if self.end else None,
            "allowed": "unknown" if self.allowed is None else self.allowed,
            "rules": list(self.rules),
        }


def spans(case: Case, action: Action, regime: Regime) -> tuple[Span, ...]:
    """All of time for one action, split where the answer or the rules behind it change."""
    found: list[Span] = []
    starts: list[date | None] = [None, *regime.changes_of(action)]
    for index, start in enumerate(starts):
        following = starts[index + 1] if index + 1 < len(starts) else None
        end = following - timedelta(days=1) if following else None
        answer = judge(case, action, start or date.min, regime)
        span = Span(start, end, answer.allowed, _behind(answer))
        last = found[-1] if found else None
        if last is not None and (last.allowed, last.rules) == (span.allowed, span.rules):
            found[-1] = Span(last.start, end, last.allowed, last.rules)
        else:
            found.append(span)
    return tuple(found)


def at(found: Iterable[Span], day: date) -> Span:
    """The span that includes `day`."""
    return next(s for s in found if (s.start is None or s.start <= day) and (s.end is None or day <= s.end))


def timeline(catalog: Catalog, query: Query, actions: Iterable[Action], regime: Regime) -> dict[str, tuple[Span, ...]]:
    """Spans by action; the query's own action and date are not used."""
    return {action: spans(case_of(catalog, regime.book, _about(query, action)), action, regime) for action in actions}


def gates(catalog: Catalog, query: Query, action: Action, regime: Regime) -> dict[str, tuple[Span, ...]]:
    """Spans of one action by the government that closes it, each as if the others had no rules."""
    countries = sorted({name for name in regime.book.jurisdictions if "-" not in name})
    found = {}
    for country in countries:
        others = regime.book.select([name for name in countries if name != country])
        alone = Regime(
            regime.book,
            regime.known_by,
            regime.assume_unknown,
            regime.without | others,
            regime.activated,
            regime.licences,
        )
        found[country] = spans(case_of(catalog, regime.book, _about(query, action)), action, alone)
    return found


def _about(query: Query, action: Action) -> Query:
    return Query(
        query.chip, query.buyer, action, query.date, query.site, query.acquired_on, query.component, query.facts
    )


def _behind(answer: Judgement) -> tuple[str, ...]:
    """The rules that make the answer what it is; none where nothing stands in the way."""
    decisive = {False: ("denies",), None: ("unknown",), True: ("allows",)}[answer.allowed]
    return tuple(dict.fromkeys(hit.rule_id for hit in answer.rules if hit.outcome in decisive))
