"""Depreciation and tax regimes: how long assets of each class are written off, and at which rate income is taxed."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from planner.catalog.entry import Country, Id
from planner.io.models import DateText, Sources, StrictModel, refuse
from planner.units import Duration, Fraction

Losses = Literal["used", "carried", "lost"]
"""used at once against other income; carried forward against later income of the plan; lost."""


def _some(hours: float) -> float:
    if not hours > 0:
        raise refuse("a life must be longer than nothing", "write 5 years")
    return hours


Life = Annotated[Duration, AfterValidator(_some)]


class AssetRule(StrictModel):
    """How assets of one class are written off."""

    method: Literal["table", "straight_line", "declining_balance", "sum_of_years", "expensed"]
    """table: a share for each tax year; expensed: at once; the others over `life`."""
    table: tuple[Fraction, ...] = ()
    """Shares by tax (calendar) year, the first that of placing in service; they add up to 1."""
    life: Life | None = None
    """Time over which the other methods write off."""
    residual: Fraction = 0.0
    """Share of cost that is never written off."""
    factor: float = Field(default=2.0, gt=0)
    """Multiple of the straight rate at which a declining balance falls."""
    switch: Literal["when_larger", "last_two_years", "never"] = "when_larger"
    """When a declining balance turns to a straight line over what is left."""
    bonus: Fraction = 0.0
    """Share written off in the first tax year, before anything else."""
    lag_months: int = Field(default=0, ge=0)
    """Months from placing in service to the first one that counts."""

    @model_validator(mode="after")
    def _complete(self) -> "AssetRule":
        if self.method == "table":
            total = sum(self.table)
            if abs(total - 1.0) > 1e-9:
                raise refuse(f"the shares of the table add up to {total:.6g}, not 1", None, "shares", ("table",))
        elif self.method != "expensed" and self.life is None:
            raise refuse(f"{self.method} needs a life", "add life: 5 years")
        return self


class TaxRegime(StrictModel):
    """Rules of one country, or of the books."""

    id: Id
    """Its name."""
    name: str
    """Its name for people."""
    country: Country | None = None
    """Country of the buyers it is taken for."""
    default: bool = False
    """Whether it is taken for buyers of its country unless the scenario names another."""
    rate: Fraction = 0.0
    """Rate of the tax on income; 0 for the books."""
    losses: Losses = "carried"
    """What becomes of a loss."""
    classes: dict[str, AssetRule]
    """Rule by asset class; `other` for those not named."""
    source: Sources = ()
    """Ids of catalogs/sources.yaml."""
    confidence: str | None = None
    """How sure the source is."""
    as_of: DateText = None
    """When it was true."""
    note: str | None = None
    """What a reader should know."""

    def rule(self, asset_class: str) -> AssetRule | None:
        """The rule of an asset class."""
        return self.classes.get(asset_class, self.classes.get("other"))
