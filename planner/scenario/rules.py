"""How policy applies, and the other worlds that price it."""

from typing import Any, Literal

from pydantic import Field

from planner.io.models import StrictModel
from planner.scenario.common import Name
from planner.scenario.quotas import Terms
from planner.units import Duration


class License(StrictModel):
    """What the planner believes about a licence that a rule leaves open."""

    granted: bool
    """Whether it is granted."""
    delay: Duration = 0.0
    """Time it adds to the lead time."""
    note: str | None = None
    """Why that is believed."""


class PolicySettings(StrictModel):
    """How rules are applied."""

    assume_unknown: Literal["allow", "deny"] = "deny"
    """What an action is taken to be when a fact needed by a rule is unknown."""
    without: tuple[str, ...] = ()
    """Rule ids or jurisdictions (`CN`, `US`) left out."""
    activate: tuple[str, ...] = ()
    """Rules that are not in force (proposed, withdrawn) but taken as if they were."""
    licences: dict[str, License] = Field(default_factory=dict)
    """Outcome of licences by rule id."""
    terms: dict[str, Terms] = Field(default_factory=dict)
    """What is taken for parameters that a rule leaves unpublished, by rule id: `{some-rule: {basis: compute}}`."""
    rules: tuple[dict[str, Any], ...] = ()
    """Further rules, written as in catalogs/policies."""


class Counterfactual(StrictModel):
    """The same scenario under other rules, solved beside the plan to price them."""

    id: Name
    """Its name in the report."""
    title: str
    """What it asks, in words."""
    without: tuple[str, ...] = Field(min_length=1)
    """Rule ids or jurisdictions left out."""
