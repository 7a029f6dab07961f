"""How money is counted, and what may be spent."""

from typing import Annotated

from pydantic import Field

from planner.io.models import StrictModel
from planner.scenario.periods import PeriodLabel
from planner.units import Fraction, Money, PerYear


class Budget(StrictModel):
    """Limits on cash paid out, in the scenario's currency (undiscounted)."""

    total: Money | None = None
    """Over the whole plan."""
    per_year: dict[PeriodLabel, Money] = Field(default_factory=dict)
    """By year, quarter or month; what is paid at a period's end belongs to that period."""


class Finance(StrictModel):
    """How money is counted."""

    discount_rate: PerYear
    """Nominal discount rate per year, effective."""
    fx: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    """Units of the scenario's currency per unit of another: `{USD: 7.15}`."""
    deposit: Fraction = 0.3
    """Share of a system's price paid when it is ordered; the balance is paid on delivery."""
