"""How a rule bears on a question, in a form that people and JSON can read."""

import datetime as dt
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from typing import Any, Literal

from planner.policy.book import BoundEffect, Rule
from planner.policy.predicate import All, Facts, Interval, Leaf, deciding
from planner.policy.vocabulary import FieldSpec, Vocabulary
from planner.units import format as format_quantity

type Outcome = Literal[
    "denies", "unknown", "allows", "cancels", "relaxed", "obliges", "advises", "proposed", "out_of_reach"
]
RANK: tuple[Outcome, ...] = (
    "denies",
    "cancels",
    "unknown",
    "allows",
    "relaxed",
    "obliges",
    "advises",
    "proposed",
    "out_of_reach",
)
"""Outcomes from the most to the least decisive; the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class RuleHit:
    """One effect of one rule, and what it does to the question.

    `outcome`: denies, allows (a licence that is given), unknown, cancels, relaxed (gives way to another rule), obliges
    (a price or a limit), advises (soft guidance), proposed (not in force), out_of_reach (its threshold is met, but
    it does not reach the transaction).
    """

    rule_id: str
    outcome: Outcome
    effect: str
    date: dt.date | None
    """First day of the effect."""
    source: str
    summary: str
    why: str
    jurisdiction: str
    confidence: str
    announced: dt.date | None = None
    review: str | None = None
    settled_by: str | None = None
    """assume_unknown, or licences: the scenario's belief about this rule's licences."""
    delay: float | None = None
    """h until a licence is given; None: none or not known"""
    probability: float | None = None
    refund_share: float | None = None
    """Share of what was paid that comes back; None: not known"""
    note: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON: dates as text, the rule's id under `id`, what is not known as null."""
        data = asdict(self)
        data = {"id": data.pop("rule_id"), **data}
        return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in data.items()}


def hit(rule: Rule, effect: BoundEffect, outcome: Outcome, why: str, start: dt.date | None, **details: Any) -> RuleHit:
    """The hit of one effect of `rule`."""
    spec = rule.spec
    return RuleHit(
        rule_id=rule.id,
        outcome=outcome,
        effect=effect.spec.type,
        date=start,
        source=rule.source,
        summary=" ".join(spec.summary.split()),
        why=why,
        jurisdiction=spec.jurisdiction,
        confidence=spec.confidence,
        announced=spec.announced,
        note=effect.spec.note,
        **details,
    )


def ordered(hits: Iterable[RuleHit]) -> tuple[RuleHit, ...]:
    """Most decisive first, then by date and id; of equal ones the first."""
    unique = dict.fromkeys(hits)
    return tuple(sorted(unique, key=lambda h: (RANK.index(h.outcome), h.date or dt.date.min, h.rule_id, h.effect)))


def because(parts: Iterable[Any], facts: Facts, vocabulary: Vocabulary) -> str:
    """The facts that make the conjunction of `parts` true, false or unknown, in words."""
    words: dict[str, None] = {}
    for leaf in deciding(All(tuple(parts)), facts):
        words[_words(leaf, facts, vocabulary.fields[leaf.field])] = None
    return "; ".join(words) or "it covers everything"


def _words(leaf: Leaf, facts: Mapping[str, Any], spec: FieldSpec) -> str:
    fact = facts.get(leaf.field)
    if fact is None:
        return f"{leaf.field} is not known"
    shown = _show(fact, spec)
    if isinstance(fact, AbstractSet):
        wanted = leaf.value if isinstance(leaf.value, AbstractSet) else {leaf.value}
        common = sorted(fact & wanted)
        shown = ", ".join(common) or shown
        return f"{leaf.field} {'has' if common else 'is'} {shown}" if fact else f"{leaf.field} is none of those named"
    if leaf.op in ("in", "not_in"):
        return f"{leaf.field} is {shown}"
    if leaf.op == "==":
        return f"{leaf.field} is {shown}"
    return f"{leaf.field} is {shown} ({leaf.op} {_show(leaf.value, spec)})"


def _show(value: Any, spec: FieldSpec) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Interval):
        return f"{_show(value.low, spec)} to {_show(value.high, spec)}"
    if isinstance(value, AbstractSet):
        return ", ".join(sorted(map(str, value)))
    if isinstance(value, float):
        if spec.dimension == "bandwidth":
            return f"{value:,.0f} GB/s"
        return format_quantity(value, spec.dimension) if spec.dimension else f"{value:,.6g}"
    return str(value)
