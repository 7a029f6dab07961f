"""What a search is asked and what it answers."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

HIGHS = "HiGHS"

Status = Literal["optimal", "infeasible", "time_limit", "interrupted", "unbounded", "error"]
Progress = Callable[[float | None, float | None, float | None, float], None]
"""incumbent, bound, gap, seconds; incumbent and bound in the objective's own unit."""
Stop = Callable[[], bool]
"""Asked again and again during a search: whether it should end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When the solver stops."""

    gap: float = 0.005
    time_limit: float | None = None
    """Seconds."""
    threads: int = 1
    solver: str = HIGHS
    """As PuLP names it."""
    options: tuple[tuple[str, bool | int | float | str], ...] = ()
    """Further options of HiGHS, checked (planner.optimize.chosen)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What HiGHS found: values by column, objective and proved bound in the objective's unit."""

    status: Status
    values: tuple[float, ...] | None
    objective: float | None
    bound: float | None
    seconds: float
    nodes: int

    @property
    def gap(self) -> float | None:
        """Proved relative gap, |objective - bound| / |objective|."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """|objective - bound| / max(|objective|, 1e-9); None while either is unknown."""
    if objective is None or bound is None or not math.isfinite(objective) or not math.isfinite(bound):
        return None
    return abs(objective - bound) / max(abs(objective), 1e-9)
