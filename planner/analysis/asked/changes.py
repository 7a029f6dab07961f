"""Single changes of the scenario, and the subsets of them."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name

BASE = "base"
"""Id of the scenario as it is."""


class Question(StrictModel):
    """One change of the scenario, with a name."""

    id: Name
    """Its name in the comparison."""
    title: str | None = None
    """What it asks, in words."""
    changes: dict[str, Any] = Field(default_factory=dict, alias="set")
    """Value by path: `sites.wuhu.grid: 60 MW`, `policy.without: [CN]`, `facts.systems.hgx-h20.price: 90000 CNY`."""
    scale: dict[str, float] = Field(default_factory=dict)
    """Factor by path on every number there: `sites.*.grid: 0.7`, `facts.systems.hgx-h20.price: 1.2`."""

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if not (self.changes or self.scale):
            raise refuse("a question changes something", "add set: {path: value} or scale: {path: factor}")
        return self


class Combination(StrictModel):
    """Every subset of some questions, all changes of a subset at once."""

    id: Name
    """Its name; its runs are named by their questions, joined by +."""
    of: tuple[str, ...] = Field(min_length=2)
    """Ids of questions."""
    sizes: tuple[Annotated[int, Field(ge=2)], ...] | None = None
    """How many questions at once; None: two and more."""


class AtPath(StrictModel):
    """A place that is given several values: by value, or by factor."""

    path: str | None = Field(default=None, alias="set")
    """Path whose value is set."""
    factor: str | None = Field(default=None, alias="scale")
    """Path whose numbers are multiplied."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self._ways() != 1:
            raise refuse("say what is changed, once", "give set: PATH (values) or scale: PATH (factors)" + self._other)
        return self

    _other: ClassVar[str] = ""
    """What may be said instead of a path."""

    def _ways(self) -> int:
        return sum(way is not None for way in (self.path, self.factor))
