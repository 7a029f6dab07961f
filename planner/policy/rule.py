"""One rule as it is written in catalogs/policies/*.yaml."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from planner.catalog.entry import Id
from planner.io.models import StrictModel, refuse
from planner.policy.effect import Effect
from planner.policy.vocabulary import PredicateSpec

type Status = Literal[
    "in_force",
    "reported",
    "superseded",
    "expired",
    "dormant",
    "uncertain",
    "guidance",
    "proposed",
    "pending",
    "withdrawn",
    "rescinded",
    "dropped",
    "closed",
]
BINDING: frozenset[str] = frozenset(("in_force", "reported", "superseded", "expired", "dormant", "uncertain"))
"""Statuses whose rules bind between their dates; the others bind only where a scenario activates the rule by id."""

Jurisdiction = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""Country, or country and province: CN, CN-SH."""


class Suspension(StrictModel):
    """A stretch of days on which the rule does not bind."""

    effective_from: date = Field(alias="from")
    effective_to: date | None = Field(default=None, alias="to")
    """Last day; the rule is back on the next."""
    announced: date | None = None
    """When it became public; null: with its first day."""
    reason: str

    @model_validator(mode="after")
    def _ordered(self) -> "Suspension":
        if self.effective_to and self.effective_to < self.effective_from:
            raise refuse(f"the suspension ends ({self.effective_to}) before it starts ({self.effective_from})")
        return self


class Transition(StrictModel):
    """What becomes of what is already owned, ordered or in need of service."""

    installed_base: Literal["kept", "kept_explicitly", "at_risk", "removed", "case_by_case", "refit"] | None = None
    pending_orders: (
        Literal["kept", "kept_if_notified", "blocked", "licence_needed", "cancelled", "case_by_case", "at_risk"] | None
    ) = None
    service: Literal["allowed", "at_risk", "licence_needed", "prohibited"] | None = None
    note: str | None = None


class RuleSpec(StrictModel):
    """A rule: who, what, in which transaction, when, with which effects."""

    id: Id
    issuer: str
    jurisdiction: Jurisdiction
    legal_form: str
    status: Status
    subject: Literal["chip", "component", "site"] = "chip"
    """What it is about: component rules are asked about parts, not about finished accelerators."""
    announced: date | None = None
    """When it became public; null: long known, or never announced."""
    effective_from: date | None = None
    """First day; null: long-standing, or not in force."""
    effective_to: date | None = None
    """Last day in force; null: open."""
    end_announced: date | None = None
    """When `effective_to` became public; null: with a rule that supersedes it, else on that day."""
    uncertain_from: date | None = None
    """Day from which it is not known whether the rule is in force."""
    date_precision: Literal["day", "week", "month", "year", "report", "unknown"]
    """report: dates are those of press reports"""
    date_note: str | None = None
    suspensions: tuple[Suspension, ...] = ()
    covered_buyers: PredicateSpec | None = None
    """Who; null: everybody."""
    applies_when: PredicateSpec | None = None
    """Reach: which transactions and parties it can bind at all; null: all."""
    scope: PredicateSpec | None = None
    """What; null: everything."""
    effects: tuple[Effect, ...]
    transition: Transition = Transition()
    supersedes: tuple[str, ...] = ()
    """Rules that no longer bind once this one does."""
    relaxes: tuple[str, ...] = ()
    """Rules that give way to this one for what lies in its own reach and scope."""
    pairs_with: tuple[str, ...] = ()
    """Rules that belong together, for readers."""
    summary: str
    confidence: Literal["high", "medium", "low"]
    confidence_note: str | None = None
    notes: str | None = None
    sources: tuple[str, ...] = Field(min_length=1)

    @field_validator("effects")
    @classmethod
    def _some_effect(cls, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        if not effects:
            raise refuse("a rule needs at least one effect", "write {type: statement} for one that does nothing")
        return effects

    @model_validator(mode="after")
    def _dates_fit(self) -> "RuleSpec":
        start, end = self.effective_from, self.effective_to
        if start and end and end < start:
            raise refuse(f"{self.id} ends ({end}) before it starts ({start})", "exchange the two dates")
        if self.binds and start is None and self.announced is not None:
            raise refuse(f"{self.id} is {self.status} but has no effective_from", "add the day from which it binds")
        for pause in self.suspensions:
            if start and pause.effective_from < start:
                raise refuse(f"{self.id} is suspended ({pause.effective_from}) before it starts ({start})")
        return self

    @property
    def binds(self) -> bool:
        """Whether it binds without being activated."""
        return self.status in BINDING
