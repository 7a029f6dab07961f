"""What a rule does: gates that open or close an action, and obligations that limit or price what is allowed.

Every effect may be narrowed by `when` (a predicate) and by dates of its own.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.policy.vocabulary import PredicateSpec
from planner.units import Duration, Energy, Fraction, Length, Money, PerYear, Ratio, Tariff

type Action = Literal["order", "licence", "import", "test", "install", "operate", "service", "rent"]
ACTIONS: tuple[Action, ...] = ("order", "licence", "import", "test", "install", "operate", "service", "rent")
type Review = Literal["denial", "case_by_case", "approval", "notification"]
type Basis = Literal["units", "cost", "compute", "power"]

REVIEW_OUTCOME: dict[str | None, bool | None] = {
    "denial": False,
    "case_by_case": None,
    "approval": True,
    "notification": True,
    None: None,
}
"""Whether an application under a review policy succeeds; None is unknown (a scenario may settle it)."""


class _Effect(StrictModel):
    concerns: ClassVar[tuple[Action, ...]] = ()
    """Actions about which the effect says something without opening or closing them."""
    gates: ClassVar[tuple[Action, ...]] = ()
    """Actions it opens or closes."""

    when: PredicateSpec | None = None
    """Narrows the effect within the rule's reach."""
    announced: date | None = None
    """When this part became public, if not with the rule."""
    effective_from: date | None = None
    """First day, if not the rule's."""
    effective_to: date | None = None
    """Last day, if not the rule's."""
    note: str | None = None
    """For readers."""

    @model_validator(mode="after")
    def _ordered_dates(self) -> "_Effect":
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise refuse(f"the effect ends ({self.effective_to}) before it starts ({self.effective_from})")
        return self


class Gate(_Effect):
    """An effect that opens or closes actions."""

    review: Review | None = "denial"
    """What becomes of an application for an exception; null: not known."""
    delay: Duration | None = None
    """h from application to answer; null: not known"""
    probability: Fraction | None = None
    """Chance that an application succeeds, where a source gives one."""


class _Stock(Gate):
    grandfathered: bool = False
    """Whether units acquired before the effect began are exempt."""


class NewOrderProhibited(Gate):
    """No order may be placed while in force."""

    type: Literal["new_order_prohibited"]
    gates = ("order",)


class PendingOrderCancelled(_Effect):
    """Open, undelivered orders are void."""

    type: Literal["pending_order_cancelled"]
    concerns = ("import",)
    refund_share: Fraction | None = None
    """Share of what was paid that comes back; null: not known"""


class ImportBlocked(Gate):
    """Nothing crosses the border, whenever it was ordered."""

    type: Literal["import_blocked"]
    gates = ("import",)


class TestingProhibited(Gate):
    """No evaluation or qualification."""

    type: Literal["testing_prohibited"]
    gates = ("test",)


class InstallationProhibited(Gate):
    """Owned units may not be placed in service; those in service may stay."""

    type: Literal["installation_prohibited"]
    gates = ("install",)


class OperationProhibited(_Stock):
    """Owned units may not be powered for the covered use or site, so new ones are not installed either."""

    type: Literal["operation_prohibited"]
    gates = ("install", "operate")


class RemovalRequired(_Stock):
    """Installed units must come out."""

    type: Literal["removal_required"]
    gates = ("install", "operate")
    notice: Duration | None = None
    """h from the start of the effect to the day by which they are out"""


class LicenceRequired(Gate):
    """The covered transfer needs a licence."""

    type: Literal["licence_required"]
    gates = ("order", "licence", "import")
    review: Review | None
    """What becomes of an application; null: not known."""
    conditions: tuple[str, ...] = ()
    """What a licensee must do."""
    items_per_notice: int | None = Field(default=None, ge=1)


class ServiceProhibited(_Stock):
    """No spares, repair, updates or staff on site."""

    type: Literal["service_prohibited"]
    gates = ("service",)
    attrition: PerYear | None = None
    """Share of capacity lost per year without service; null: not known"""


class RentalProhibited(Gate):
    """The covered capacity may not be rented."""

    type: Literal["rental_prohibited"]
    gates = ("rent",)


class RemoteAccessControlled(Gate):
    """Rented or cloud use abroad counts as an export."""

    type: Literal["remote_access_controlled"]
    gates = ("rent",)


class QuantityCap(_Effect):
    """Limit on how many."""

    type: Literal["quantity_cap"]
    concerns = ("order", "import")
    units: int | None = Field(default=None, ge=0)
    """Accelerators; null: not known or given by another measure"""
    compute_tpp: float | None = Field(default=None, ge=0)
    """Limit in units of total processing performance"""
    fraction: Ratio | None = None
    """Limit as a share of another flow"""
    of: str | None = None
    """That flow"""
    per: Literal["buyer", "country", "nation"] = "buyer"
    """Whose purchases count together: one buyer's, one destination's, all of the covered ones'."""
    every: Literal["total", "year"] = "total"
    joint: bool = False
    """Whether all covered accelerators share one limit."""


class RevenueShare(_Effect):
    """Part of the price goes to a government."""

    type: Literal["revenue_share"]
    concerns = ("order", "import")
    share: Fraction


class TariffDuty(_Effect):
    """Ad valorem duty on the price."""

    type: Literal["tariff"]
    concerns = ("import",)
    rate: Ratio
    drawback: bool = False
    exempt: tuple[str, ...] = ()


class DomesticShareMin(_Effect):
    """Least share of domestic parts."""

    type: Literal["domestic_share_min"]
    concerns = ("order", "install")
    share: Fraction | None
    """null: not published"""
    strict: bool = False
    """Whether more than the share is required rather than at least it."""
    basis: Basis | None = None
    """What is counted; null: not published, a scenario chooses"""
    by: date | None = None
    """Day from which it must hold; null: at once"""


class BundledPurchase(_Effect):
    """Covered units only together with domestic ones."""

    type: Literal["bundled_purchase"]
    concerns = ("order",)
    domestic_per_unit: float | None = Field(ge=0)
    """Domestic units to buy per covered unit; null: not published"""
    basis: Basis | None = None


class PricePreference(_Effect):
    """Domestic bids are evaluated at a discount; the cash price stays."""

    type: Literal["price_preference"]
    concerns = ("order",)
    bid_discount: Fraction
    bundle_threshold: Fraction | None = None
    """Share of domestic content from which a bundle counts as domestic"""


class Subsidy(_Effect):
    """A lower price of operating while a condition holds."""

    type: Literal["subsidy"]
    concerns = ("operate",)
    condition: Literal["all_domestic"]
    """all_domestic: every accelerator of the site is of domestic design"""
    bill_reduction_max: Fraction | None = None
    resulting_tariff: Tariff | None = None
    """Price of energy after the subsidy"""


class Surcharge(_Effect):
    """A higher price of energy while a site misses a threshold."""

    type: Literal["surcharge"]
    concerns = ("operate",)
    per_energy: Tariff | None
    """Added price of energy; null: not published"""
    pue_threshold: float | None = Field(default=None, ge=1)


class SiteEfficiencyCap(_Effect):
    """Limit on a site's efficiency, energy or green share."""

    type: Literal["site_efficiency_cap"]
    concerns = ("install", "operate")
    pue_max: float | None = Field(default=None, ge=1)
    pue_max_hub: float | None = Field(default=None, ge=1)
    """Limit in national hub nodes"""
    fleet_average: bool = False
    """Whether it binds the average of many sites rather than each"""
    energy_quota: Energy | Literal["as_approved"] | None = None
    """kWh a year; as_approved: what the site's own approval states"""
    green_share_min: Fraction | None = None
    rack_use_min: Fraction | None = None


class DueDiligence(_Effect):
    """Cost or delay only."""

    type: Literal["due_diligence"]
    concerns = ("order", "import")
    delay: Duration | None = None
    conditions: tuple[str, ...] = ()


class ProductionConstraint(_Effect):
    """Limits what suppliers can make, not what a buyer may buy."""

    type: Literal["production_constraint"]
    part: str | None = None
    """Component concerned"""
    process: Length | None = None
    price: Money | None = None


class Statement(_Effect):
    """No effect of its own: announced, withdrawn or only discussed; kept for scenarios and readers."""

    type: Literal["statement"]


type Effect = Annotated[
    NewOrderProhibited
    | PendingOrderCancelled
    | ImportBlocked
    | TestingProhibited
    | InstallationProhibited
    | OperationProhibited
    | RemovalRequired
    | LicenceRequired
    | ServiceProhibited
    | RentalProhibited
    | RemoteAccessControlled
    | QuantityCap
    | RevenueShare
    | TariffDuty
    | DomesticShareMin
    | BundledPurchase
    | PricePreference
    | Subsidy
    | Surcharge
    | SiteEfficiencyCap
    | DueDiligence
    | ProductionConstraint
    | Statement,
    Field(discriminator="type"),
]
