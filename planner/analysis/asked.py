"""The file of questions: single changes, combinations, grids, draws, sides of facts, break-evens, frontiers, worlds."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name
from planner.scenario.goals import GoalName
from planner.scenario.periods import PeriodLabel
from planner.units import Fraction

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


class _Path(StrictModel):
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


class Axis(_Path):
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


class Variable(_Path):
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


class BreakEven(_Path):
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


class Frontier(_Path):
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


class Event(StrictModel):
    """Something that may happen, and the day on which everybody knows."""

    question: str
    """What changes if it happens."""
    probability: Annotated[Fraction, Field(le=1)]
    """That it happens, independently of the other events."""
    reveal: PeriodLabel
    """First period whose decisions may depend on it."""


class World(StrictModel):
    """One of several worlds that exclude each other."""

    questions: tuple[str, ...] = ()
    """What holds in it; empty: the scenario as it is."""
    probability: Annotated[Fraction, Field(le=1)]
    """Of it; all of them sum to 1."""
    id: Name | None = None
    """Its name; by default its questions, joined by +."""


class Uncertainty(StrictModel):
    """What is not known when the first decisions are taken."""

    id: Name
    """Its name in the report."""
    title: str | None = None
    """What it asks, in words."""
    events: tuple[Event, ...] = ()
    """Independent events; the worlds are all their combinations."""
    worlds: tuple[World, ...] = ()
    """Or the worlds themselves."""
    reveal: PeriodLabel | None = None
    """With `worlds`: first period whose decisions may depend on which it is."""
    cvar: Annotated[Fraction, Field(lt=1)] = 0.9
    """Confidence of the conditional value at risk: the mean of the dearest 1 - cvar of the worlds."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if bool(self.events) == bool(self.worlds):
            raise refuse("give events (independent) or worlds (excluding each other)")
        if self.worlds and self.reveal is None:
            raise refuse("worlds need the period in which it is known which one it is", "add reveal: 2026-Q3")
        if self.events and self.reveal is not None:
            raise refuse("each event has a reveal of its own", "leave out the reveal of the whole", at=("reveal",))
        if self.worlds and abs(sum(world.probability for world in self.worlds) - 1.0) > 1e-9:
            total = sum(world.probability for world in self.worlds)
            raise refuse(f"the probabilities of the worlds sum to {total:g}, not to 1", at=("worlds",))
        return self


class NearOptimal(StrictModel):
    """Other plans that cost nearly as little, beside the plan of a run."""

    within: Annotated[Fraction, Field(gt=0, le=0.5)] = 0.01
    """Share of the cost that may be given up."""
    count: int = Field(default=3, ge=1, le=4)
    """Most plans to keep of each run, those that differ most."""
    of: tuple[str, ...] | None = None
    """Ids of runs; None: the scenario as it is, questions and combinations."""


class Questions(StrictModel):
    """A file of questions."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    base: bool = True
    """Whether the scenario itself is solved too, to compare with."""
    most_runs: int = Field(default=5000, ge=1)
    """More runs than this are refused before anything is solved."""
    questions: tuple[Question, ...] = ()
    """What is asked, in the order in which it is answered."""
    combinations: tuple[Combination, ...] = ()
    """Subsets of the questions."""
    grids: tuple[Grid, ...] = ()
    """Products of values."""
    draws: tuple[Draws, ...] = ()
    """Random worlds."""
    tornado: tuple[Tornado, ...] = ()
    """Facts at their sides."""
    break_even: tuple[BreakEven, ...] = ()
    """Values at which plans flip."""
    frontiers: tuple[Frontier, ...] = ()
    """Cost against another quantity, or two goals against one another."""
    uncertainty: tuple[Uncertainty, ...] = ()
    """What a plan must live with."""
    near_optimal: NearOptimal | None = None
    """Other plans nearly as good; None: none are looked for."""

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if not any(getattr(self, name) for name in SECTIONS):
            raise refuse("nothing is asked", "add questions: [{id: ..., set: {path: value}}]")
        return self


SECTIONS = (
    "questions", "combinations", "grids", "draws", "tornado", "break_even", "frontiers", "uncertainty",
)  # fmt: skip
"""Keys of a file that ask something, in the order in which it is answered."""
