"""Caps on what a plan may draw from the grid and emit."""

from pydantic import Field

from planner.io.models import StrictModel
from planner.scenario.periods import PeriodLabel
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
    """Caps on energy and carbon."""

    energy: EnergyCap = EnergyCap()
    """On energy at the meter."""
    carbon: CarbonCap = CarbonCap()
    """On its carbon."""
