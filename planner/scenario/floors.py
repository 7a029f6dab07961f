"""Compute that must be running somewhere, whatever it is for."""

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Schedule
from planner.units import Compute


class ComputeFloor(StrictModel):
    """Effective FLOP/s that work must reach at some sites, mean of each period."""

    sites: tuple[str, ...] = ()
    """Sites that count together."""
    region: str | None = None
    """Region whose sites count together, instead of `sites`."""
    compute: Schedule[Compute] = Field()
    """Least effective FLOP/s: model FLOPs, forward and backward, of jobs and runs there."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "ComputeFloor":
        if (self.region is None) == (not self.sites):
            raise refuse("a floor of compute names either `sites` or a `region`", "keep one of the two")
        return self
