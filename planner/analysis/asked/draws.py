"""Random worlds: what is drawn, from which distributions, and how it hangs together."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from planner.analysis.asked.changes import AtPath
from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name


class Spread(StrictModel):
    """A distribution over an interval: `low`, `high` and what else it needs."""

    low: Any = None
    """Least value; of a normal or lognormal, where it is cut."""
    high: Any = None
    """Largest value; of a normal or lognormal, where it is cut."""
    mode: Any = None
    """Most likely value of a triangular."""
    mean: Any = None
    """Mean of a normal before it is cut."""
    sd: Any = None
    """Standard deviation of a normal before it is cut, in the unit of the mean."""
    median: Any = None
    """Median of a lognormal before it is cut."""
    sigma: float | None = Field(default=None, gt=0)
    """Standard deviation of the logarithm of a lognormal."""


class Discrete(StrictModel):
    """Some values with weights."""

    values: tuple[Any, ...] = Field(min_length=1)
    """The values."""
    weights: tuple[float, ...] | None = None
    """Their weights, of any sum; None: all alike."""


class Variable(AtPath):
    """A quantity that is drawn."""

    id: Name
    """Its name: a column of the results."""
    uniform: Spread | None = None
    """Between low and high (numbers, quantities, dates)."""
    triangular: Spread | None = None
    """Low, mode and high."""
    normal: Spread | None = None
    """Mean and sd, cut at low and high where given."""
    lognormal: Spread | None = None
    """Median and sigma, cut at low and high where given."""
    discrete: Discrete | None = None
    """Values with weights."""
    fact: Literal["uniform", "triangular"] | None = None
    """Of a path below `facts`: over the catalog's own low, mid and high."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = ("uniform", "triangular", "normal", "lognormal", "discrete", "fact")
        if sum(getattr(self, kind) is not None for kind in kinds) != 1:
            raise refuse(f"a variable has one distribution: {', '.join(kinds)}")
        return self


class Correlation(StrictModel):
    """Rank correlation of two variables."""

    between: tuple[str, str]
    """Their ids."""
    rank: float = Field(ge=-1, le=1)
    """Spearman's coefficient wanted."""


class Draws(StrictModel):
    """Random worlds."""

    id: Name
    """Its name; its runs are named id/0001 and so on."""
    runs: int = Field(ge=1)
    """How many."""
    seed: int = Field(default=0, ge=0)
    """The same seed gives the same draws."""
    sample: Literal["latin-hypercube", "sobol", "random"] = "latin-hypercube"
    """How the unit cube is filled."""
    variables: tuple[Variable, ...] = Field(min_length=1)
    """What is drawn."""
    correlations: tuple[Correlation, ...] = ()
    """Between pairs of them; all others are independent."""
    on: tuple[str, ...] = Field(default=(), alias="with")
    """Questions that hold in all its runs."""
