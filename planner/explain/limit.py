"""A limit in the words of the scenario, and the ways to relax it."""

from collections.abc import Callable
from dataclasses import dataclass

from planner.errors import Place
from planner.explain.steps import Change


@dataclass(frozen=True, slots=True)
class Repair:
    """A way to relax a limit by `k` steps, k = 1, 2, ... up to `most`."""

    name: str
    change: Callable[[int], Change]
    words: Callable[[int], str]
    size: Callable[[int], float]
    """How much of the limit that is, to rank repairs: 0.1 is a tenth more."""
    most: int


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit in the words of the scenario."""

    id: str
    words: str
    place: Place | None
    lift: Change
    repairs: tuple[Repair, ...] = ()
    rule: str | None = None
    """Set when the limit is a rule of the catalog rather than a key of the scenario."""
