"""Runs and jobs over two kinds of system."""

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.units import Fraction


class MixedRuns(StrictModel):
    """Two kinds of system that may do coherent runs together, on mature software, or jobs of divisible work; in a hall.

    Each takes a part of every step in proportion to its speed in a cluster of the whole size; the sum of both speeds
    loses the penalty. Without an entry no run or job spans several kinds.
    """

    systems: tuple[str, ...]
    """The two kinds."""
    penalty: Fraction
    """Share of its throughput that work loses by spanning both: waiting, layouts and numerics that suit neither."""
    shares: tuple[Fraction, ...] = Field(default=(0.25, 0.5, 0.75), min_length=1)
    """Shares of its accelerators that are of the first kind, to be tried; rounded to whole systems."""

    @model_validator(mode="after")
    def _two_parts(self) -> "MixedRuns":
        if len(self.systems) != 2:
            hint = "name two: [first, second]; each further pair is an entry of its own"
            named = "one kind of system is" if len(self.systems) == 1 else f"{len(self.systems)} kinds of system are"
            raise refuse(f"{named} named, two are right", hint, at=("systems",))
        if self.systems[0] == self.systems[1]:
            raise refuse("a run on one kind of system is not mixed", "name two kinds", at=("systems", 1))
        if not 0.0 <= self.penalty < 1.0:
            raise refuse(
                f"a penalty of {self.penalty:g} leaves no run", "state one from 0 % to below 100 %", at=("penalty",)
            )
        for n, share in enumerate(self.shares):
            if not 0.0 < share < 1.0:
                message = f"with a share of {share:g} one of the two kinds has no part in the run"
                raise refuse(message, "state shares above 0 % and below 100 %", at=("shares", n))
        return self
