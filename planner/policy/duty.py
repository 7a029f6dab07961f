"""Effects that leave an action open but limit it, price it, or undo what was ordered."""

from datetime import date
from typing import Literal

from pydantic import Field

from planner.policy.gate import BaseEffect
from planner.units import Duration, Energy, Fraction, Length, Money, Ratio, Tariff

type Basis = Literal["units", "cost", "compute", "power"]


class PendingOrderCancelled(BaseEffect):
    """Open, undelivered orders are void."""

    type: Literal["pending_order_cancelled"]
    concerns = ("import",)
    refund_share: Fraction | None = None
    """Share of what was paid that comes back; null: not known"""


class QuantityCap(BaseEffect):
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


class RevenueShare(BaseEffect):
    """Part of the price goes to a government."""

    type: Literal["revenue_share"]
    concerns = ("order", "import")
    share: Fraction


class TariffDuty(BaseEffect):
    """Ad valorem duty on the price."""

    type: Literal["tariff"]
    concerns = ("import",)
    rate: Ratio
    drawback: bool = False
    exempt: tuple[str, ...] = ()


class DomesticShareMin(BaseEffect):
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


class BundledPurchase(BaseEffect):
    """Covered units only together with domestic ones."""

    type: Literal["bundled_purchase"]
    concerns = ("order",)
    domestic_per_unit: float | None = Field(ge=0)
    """Domestic units to buy per covered unit; null: not published"""
    basis: Basis | None = None


class PricePreference(BaseEffect):
    """Domestic bids are evaluated at a discount; the cash price stays."""

    type: Literal["price_preference"]
    concerns = ("order",)
    bid_discount: Fraction
    bundle_threshold: Fraction | None = None
    """Share of domestic content from which a bundle counts as domestic"""


class Subsidy(BaseEffect):
    """A lower price of operating while a condition holds."""

    type: Literal["subsidy"]
    concerns = ("operate",)
    condition: Literal["all_domestic"]
    """all_domestic: every accelerator of the site is of domestic design"""
    bill_reduction_max: Fraction | None = None
    resulting_tariff: Tariff | None = None
    """Price of energy after the subsidy"""
    capex_share: Fraction | None = None
    """Share of the price of what is placed in service that is paid back"""


class Surcharge(BaseEffect):
    """A higher price of energy while a site misses a threshold."""

    type: Literal["surcharge"]
    concerns = ("operate",)
    per_energy: Tariff | None
    """Added price of energy; null: not published"""
    pue_threshold: float | None = Field(default=None, ge=1)


class SiteEfficiencyCap(BaseEffect):
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


class DueDiligence(BaseEffect):
    """Cost or delay only."""

    type: Literal["due_diligence"]
    concerns = ("order", "import")
    delay: Duration | None = None
    conditions: tuple[str, ...] = ()


class ProductionConstraint(BaseEffect):
    """Limits what suppliers can make, not what a buyer may buy."""

    type: Literal["production_constraint"]
    part: str | None = None
    """Component concerned"""
    process: Length | None = None
    price: Money | None = None


class Statement(BaseEffect):
    """No effect of its own: announced, withdrawn or only discussed; kept for scenarios and readers."""

    type: Literal["statement"]
