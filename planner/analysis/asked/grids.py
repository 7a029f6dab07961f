"""Products of values."""

from typing import Any, Self

from pydantic import Field, model_validator

from planner.analysis.asked.changes import AtPath
from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name


class Axis(AtPath):
    """One axis of a grid."""

    id: Name
    """Its name: a column of the results."""
    values: tuple[Any, ...] = ()
    """The values or factors on it."""
    start: Any = Field(default=None, alias="from")
    """Instead of `values`: the first of evenly spaced ones."""
    end: Any = Field(default=None, alias="to")
    """The last of them."""
    steps: int | None = Field(default=None, ge=2)
    """How many."""
    questions: tuple[str, ...] | None = None
    """Instead of a path: ids of questions; `base` is no change."""

    def _ways(self) -> int:
        return super()._ways() + (self.questions is not None)

    @model_validator(mode="after")
    def _valued(self) -> Self:
        spaced = [self.start is not None, self.end is not None, self.steps is not None]
        if any(spaced) and not all(spaced):
            raise refuse("evenly spaced values need from, to and steps")
        if self.questions is None and bool(self.values) == all(spaced):
            raise refuse("give values, or from, to and steps")
        if self.questions is not None and (self.values or any(spaced)):
            raise refuse("an axis of questions has no values")
        return self


class Grid(StrictModel):
    """Every combination of the values of some axes."""

    id: Name
    """Its name; its runs are named id/value/value."""
    axes: tuple[Axis, ...] = Field(min_length=1)
    """The axes."""
    on: tuple[str, ...] = Field(default=(), alias="with")
    """Questions that hold in all its runs."""
