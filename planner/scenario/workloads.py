"""What is to be trained: coherent runs and divisible work."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.common import Name, Schedule
from planner.scenario.periods import PeriodLabel
from planner.units import Compute, Duration, Money, TokenRate, Tokens


class RecipeSpec(StrictModel):
    """How a model is trained."""

    sequence: int = Field(ge=1)
    """Tokens per sequence."""
    global_batch: int = Field(ge=1)
    """Sequences per optimizer step."""
    precision: Literal["bf16", "fp16", "fp8"] = "bf16"
    """Precision of the linear layers where the accelerator has it; else the next wider one, reported."""


class _Workload(StrictModel):
    id: Name
    """Its name in the plan."""
    model: str
    """Transformer of the catalog."""
    recipe: RecipeSpec
    """How it is trained."""
    family: str | None = None
    """Software family that has to be ported once per platform; None: a family of its own."""
    ported: tuple[str, ...] = ()
    """Platforms it already runs on."""
    platforms: tuple[str, ...] | None = None
    """Platforms that may be considered; None: all."""
    weight: float = Field(default=1.0, ge=0.0)
    """How much missing it counts among the workloads, where shortage is sought or capped."""

    priority: int | None = Field(default=None, ge=1)
    """Whose demand is met first: what is missed of workloads of priority 1 is made as little as can be before anything
    else is sought, then of priority 2; among one priority by weight. None: only its price speaks for it.
    """

    @property
    def software(self) -> str:
        """The software family (its own id by default)."""
        return self.family or self.id


class TrainingRun(_Workload):
    """One training run that has to live in a single coherent cluster and be done by a deadline."""

    kind: Literal["run"]
    """Says that it is such a run."""
    tokens: Tokens
    """Tokens to be trained on."""
    deadline: PeriodLabel
    """The run ends no later than the end of this period."""
    earliest: PeriodLabel | None = None
    """First period in which it may start."""
    sizes: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)] | None = None
    """Cluster sizes to consider, accelerators; None: a grid by powers of two."""
    missed: Money | None = None
    """Price of not doing it at all; None: it must be done."""
    within: Duration | None = None
    """Longest time that it may take from its start to its end."""
    count: int = Field(default=1, ge=1, le=16)
    """So many runs alike, each on a cluster of its own; they are named `id.1`, `id.2`, and share their software."""
    together: bool = False
    """Whether those all start in the same period; else each when it is best."""


class ContinuousTraining(_Workload):
    """Training that is divisible into jobs of a useful size, with a throughput target per period."""

    kind: Literal["continuous"]
    """Says that it is divisible work."""
    target: Schedule[TokenRate] = Schedule[TokenRate](steps={"0001": "0 tokens/s"})
    """Tokens per second to be sustained (after goodput), summed over the jobs; none unless stated."""
    compute: Schedule[Compute] | None = None
    """The same as effective FLOP/s: model FLOPs, forward and backward, per second; instead of `target`."""
    tokens: dict[PeriodLabel, Tokens] = Field(default_factory=dict)
    """Tokens to have been trained by the end of each of these periods, since the plan's start and at any pace."""
    least_job: int = Field(default=1, ge=1)
    """Least accelerators per job: smaller jobs are of no use."""
    shortfall: Money | None = None
    """Price per million tokens not trained; None: the target must be met."""

    @model_validator(mode="after")
    def _asked(self) -> "ContinuousTraining":
        if self.compute is not None and "target" in self.model_fields_set:
            raise refuse("a workload states either `target` (tokens/s) or `compute` (FLOP/s)", "keep one of the two")
        return self


def _kind(data: Any) -> Any:
    """What a workload says it is. A function, since pydantic reads no field that has validators of its own."""
    return data.get("kind") if isinstance(data, dict) else getattr(data, "kind", None)


Workload = Annotated[
    Annotated[TrainingRun, Tag("run")] | Annotated[ContinuousTraining, Tag("continuous")], Discriminator(_kind)
]
