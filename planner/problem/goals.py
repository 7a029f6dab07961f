"""What is sought, as numbers: stages, caps, and what a unit of each decision adds to each quantity."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.scenario.goals import Goal, GoalName


@dataclass(frozen=True)
class Goals:
    """Stages in order, caps by goal, and the coefficients that those need (empty where nothing asks for them)."""

    stages: tuple[Goal, ...] = (Goal("cost"),)
    caps: Mapping[GoalName, float] = field(default_factory=dict)
    """Currency, TFLOP/s, hours, shares."""
    stream_flops: tuple[float, ...] = ()
    """TFLOP per token of each divisible workload."""
    run_flops: tuple[float, ...] = ()
    """TFLOP per token of each coherent run."""
    run_tflop: tuple[float, ...] = ()
    """TFLOP of each coherent run."""
    done_h: tuple[float, ...] = ()
    """Hours from the plan's start to the end of each begin."""

    def needs(self, *names: GoalName) -> bool:
        """Whether any of these is sought or capped."""
        return any(stage.name in names for stage in self.stages) or any(name in self.caps for name in names)
