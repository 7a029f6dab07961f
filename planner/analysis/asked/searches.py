"""Sides of facts, break-evens, frontiers, and other plans nearly as good."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from planner.analysis.asked.changes import AtPath
from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name
from planner.scenario.goals import GoalName
from planner.units import Fraction


class Tornado(StrictModel):
    """Uncertain facts one at a time at their low and their high side, everything else as it is."""

    id: Name
    """Its name; its runs are named id/FACT=low and id/FACT=high."""
    facts: Literal["all"] | tuple[str, ...] = "all"
    """Ledger keys; `*` stands for any text: `systems.*.price`."""
    on: tuple[str, ...] = Field(default=(), alias="with")
    """Questions that hold in all its runs."""


class Until(StrictModel):
    """What is looked for: the point at which this changes."""

    system: str | None = None
    """Whether any of this system is bought."""
    accelerator: str | None = None
    """Whether any of this accelerator is bought."""
    vendor: str | None = None
    """Whether anything of this vendor is bought."""
    order: str | None = None
    """Whether this pending order is taken."""
    cost: Any = None
    """Whether the net present cost is above this."""
    feasible: Literal[True] | None = None
    """Whether there is a plan at all."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        names = list(type(self).model_fields)
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise refuse(f"name one thing that changes: {', '.join(names)}")
        return self


class BreakEven(AtPath):
    """The value at which a plan flips, searched by halving an interval."""

    id: Name
    """Its name; its runs are named id/VALUE."""
    title: str | None = None
    """What it asks, in words."""
    start: Any = Field(alias="from")
    """One end: a number, a quantity, a date or a period."""
    end: Any = Field(alias="to")
    """The other."""
    tolerance: Any = None
    """Width at which the search ends; None: a hundredth of the interval, a day, or a period."""
    until: Until
    """What flips."""
    on: tuple[str, ...] = Field(default=(), alias="with")
    """Questions that hold in all its runs."""


class Frontier(AtPath):
    """Least cost for every value of a limit, or the frontier of any two goals."""

    id: Name
    """Its name; its runs are named id/VALUE."""
    of: tuple[GoalName, GoalName] | None = None
    """Two goals, such as [cost, carbon]: the best of the first for each level of the second, from end to end."""
    points: int = Field(default=6, ge=2)
    """With `of`: how many, both ends counted."""
    metric: str | None = None
    """With a path: the metric on the other axis, as in the plan's metrics."""
    better: Literal["less", "more"] = "less"
    """Which direction of the metric is better."""
    start: Any = Field(default=None, alias="from")
    """The limit at one end."""
    end: Any = Field(default=None, alias="to")
    """The limit at the other."""
    steps: int = Field(default=5, ge=2)
    """How many values of the limit."""
    on: tuple[str, ...] = Field(default=(), alias="with")
    """Questions that hold in all its runs."""

    _other: ClassVar[str] = ", or of: [GOAL, GOAL]"

    def _ways(self) -> int:
        return super()._ways() + (self.of is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        own = {"metric": "metric", "better": "better", "start": "from", "end": "to", "steps": "steps"}
        given = [key for name, key in own.items() if name in self.model_fields_set]
        if self.of is not None and self.of[0] == self.of[1]:
            raise refuse(f"{self.of[0]} is on both axes", "name two goals", at=("of",))
        if self.of is not None and given:
            raise refuse(f"a frontier of two goals has no {', '.join(given)}", "leave it out: points says how many")
        missing = [key for key in ("metric", "from", "to") if key not in given]
        if self.of is None and missing:
            hint = "or give of: [cost, carbon] and points"
            raise refuse(f"a frontier along a limit needs {', '.join(missing)}", hint)
        if self.of is None and "points" in self.model_fields_set:
            raise refuse("a frontier along a limit has steps, not points", "write steps", at=("points",))
        return self


class NearOptimal(StrictModel):
    """Other plans that cost nearly as little, beside the plan of a run."""

    within: Annotated[Fraction, Field(gt=0, le=0.5)] = 0.01
    """Share of the cost that may be given up."""
    count: int = Field(default=3, ge=1, le=4)
    """Most plans to keep of each run, those that differ most."""
    of: tuple[str, ...] | None = None
    """Ids of runs; None: the scenario as it is, questions and combinations."""
