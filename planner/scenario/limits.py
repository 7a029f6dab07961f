"""Limits of the buyer's own: on energy and carbon, and quotas and shares of what it buys and runs."""

from pydantic import Field

from planner.io.models import StrictModel
from planner.scenario.periods import PeriodLabel
from planner.scenario.quotas import Quota
from planner.units import Energy, Mass


class EnergyCap(StrictModel):
    """Most energy at the meter, all sites together."""

    total: Energy | None = None
    """Over the whole plan."""
    per_year: dict[PeriodLabel, Energy] = Field(default_factory=dict)
    """By year, quarter or month."""


class CarbonCap(StrictModel):
    """Most CO2 of the energy at the meter, by the grid's factor, all sites together."""

    total: Mass | None = None
    """Over the whole plan."""
    per_year: dict[PeriodLabel, Mass] = Field(default_factory=dict)
    """By year, quarter or month."""


class Limits(StrictModel):
    """Caps on energy and carbon, and on what is bought."""

    energy: EnergyCap = EnergyCap()
    """On energy at the meter."""
    carbon: CarbonCap = CarbonCap()
    """On its carbon."""
    quotas: tuple[Quota, ...] = ()
    """Quotas, shares and ratios of what is ordered, delivered, placed or in service."""

    @property
    def of_energy(self) -> bool:
        """Whether energy or carbon is capped at all."""
        return self.energy != EnergyCap() or self.carbon != CarbonCap()
