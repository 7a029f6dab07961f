"""Quotas, shares and ratios of what is bought and run; rules state the same things, and leave terms open."""

from typing import Any, Literal

from pydantic import Field, model_validator

from planner.io.models import StrictModel
from planner.scenario.common import Name
from planner.scenario.periods import PeriodLabel, label_end, label_start
from planner.units import Energy, Fraction, Ratio, Tariff

Basis = Literal["units", "cost", "compute", "power"]
"""What is added up: accelerators, price before duties, dense BF16 TFLOP/s, kW of the whole systems."""
Counts = Literal["orders", "deliveries", "installs", "fleet"]
Every = Literal["period", "year", "total"]


class Scope(StrictModel):
    """Which accelerators are meant: those that fit everything that is stated; nothing stated: all of them."""

    accelerators: tuple[str, ...] = ()
    """One of these."""
    vendors: tuple[str, ...] = ()
    """Of one of these vendors."""
    families: tuple[str, ...] = ()
    """Of one of these product families."""
    countries: tuple[str, ...] = ()
    """Designed in one of these countries."""
    domestic: bool | None = None
    """Whether designed in the buyer's country."""
    where: dict[str, Any] | None = None
    """A predicate over facts, as rules write it: `{field: chip.tpp, op: ">=", value: 4800}`."""


class Quota(StrictModel):
    """A quota, share or ratio: one of `most`, `most_per`, `most_share` and `least_share` says of which kind."""

    id: Name
    """Its name in the plan."""
    title: str | None = None
    """What it is, in words."""
    of: Scope = Scope()
    """What is limited."""
    among: Scope = Scope()
    """Of what the share is taken, or what the ratio is to."""
    most: float | None = Field(default=None, ge=0)
    """Most that may be counted, in the unit of `basis` (accelerators, scenario currency, TFLOP/s, kW)."""
    most_per: Ratio | None = None
    """Most per unit of what `among` counts: 0.5 allows one for every two."""
    most_share: Fraction | None = None
    """Largest share in what `among` counts."""
    least_share: Fraction | None = None
    """Least share in what `among` counts."""
    basis: Basis = "units"
    """What is added up."""
    counts: Counts = "deliveries"
    """orders: when placed; deliveries: own orders and pending ones that are taken, when delivered; installs: when
    placed in service; fleet: everything in service, in each period. What is rented counts in none of them; what
    moves counts in the fleet where it stands, nowhere on its way, and is neither delivered nor placed.
    """
    every: Every | None = None
    """Over which time it is added up: period, calendar year (unless stated) or the whole plan; fleet: each period."""
    each: Literal["vendor", "site"] | None = None
    """vendor: a limit for each vendor within `of`, bought from or not; site: for each site."""
    sites: tuple[str, ...] | None = None
    """Sites that count (installs and fleet only); None: all."""
    first: PeriodLabel | None = None
    """First period in which it holds."""
    last: PeriodLabel | None = None
    """Last period in which it holds."""

    @property
    def spans(self) -> Every:
        """Over which time it is added up."""
        return self.every or ("period" if self.counts == "fleet" else "year")

    @model_validator(mode="after")
    def _makes_sense(self) -> "Quota":
        stated = [self.most, self.most_per, self.most_share, self.least_share]
        if sum(value is not None for value in stated) != 1:
            raise ValueError("state exactly one of `most`, `most_per`, `most_share`, `least_share`")
        if self.counts == "fleet" and self.every not in (None, "period"):
            raise ValueError("a fleet is counted in each period: leave out `every`")
        placed = self.counts in ("installs", "fleet")
        if not placed and (self.sites is not None or self.each == "site"):
            raise ValueError(f"{self.counts} belong to no site: count `installs` or the `fleet` to limit sites")
        if self.most is not None and self.among != Scope():
            raise ValueError("`most` is a quantity: `among` has no part in it")
        if self.first and self.last and label_end(self.last) <= label_start(self.first):
            raise ValueError(f"the limit ends ({self.last}) before it starts ({self.first})")
        return self


class Terms(StrictModel):
    """What is taken for parameters that a rule leaves unpublished, or for the buyer's part of a national figure.

    Each replaces the parameter of that name in the effects of the rule that have it.
    """

    units: int | None = Field(default=None, ge=0)
    """Accelerators under a quota."""
    share: Fraction | None = None
    """Least domestic share."""
    basis: Basis | None = None
    """What a share or a bundle counts."""
    counts: Counts | None = None
    """When a share counts: orders (unless stated), deliveries, installs or the fleet."""
    every: Every | None = None
    """Over which time a quota or a share is added up."""
    domestic_per_unit: float | None = Field(default=None, ge=0)
    """Domestic accelerators to be ordered per covered one."""
    resulting_tariff: Tariff | None = None
    """Price of energy after a subsidy."""
    bill_reduction_max: Fraction | None = None
    """Share of the energy bill that a subsidy takes off at most."""
    capex_share: Fraction | None = None
    """Share of the price of hardware that a subsidy pays back."""
    per_energy: Tariff | None = None
    """Added price of energy."""
    pue_max: float | None = Field(default=None, ge=1)
    """Power usage effectiveness up to which halls may be filled."""
    energy_quota: dict[str, Energy] = Field(default_factory=dict)
    """Energy at the meter a year by site, for rules that hold a site to what was approved."""
    bid_discount: Fraction | None = None
    """Discount at which domestic bids are evaluated."""
    compensation_share: Fraction | None = None
    """Share of the price of what must be given up that comes back."""
