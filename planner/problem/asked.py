"""What else is asked of work: tokens by a day, compute at some sites."""

from dataclasses import dataclass

from planner.costs.events import Events


@dataclass(frozen=True, slots=True)
class TokenBudget:
    """Tokens of a divisible workload to be trained in the periods up to `last`; `missed` the events of missing all
    of them (None: not allowed).
    """

    label: str
    last: int
    tokens: float
    missed: Events | None


@dataclass(frozen=True, slots=True)
class FloorRow:
    """Least effective TFLOP/s of each period at some sites together."""

    label: str
    sites: frozenset[int]
    tflops: tuple[float, ...]
