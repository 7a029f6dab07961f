"""The buyer's store as numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.costs.events import Events


@dataclass(frozen=True, slots=True)
class Store:
    """What is in store when the plan starts, and what keeping it costs. Systems by index, capacity in accelerators."""

    initial: Mapping[int, int] = field(default_factory=dict)
    """Systems in store when the plan starts."""
    events: Mapping[tuple[int, ...], Events] = field(default_factory=dict)
    """(i, t) -> cash of one system in store through a period."""
    given_up: Mapping[tuple[int, ...], Events] = field(default_factory=dict)
    """(i, t) in which a rule leaves none in store or in service -> cash of one system given up then."""
    capacity: tuple[float, ...] | None = None
    """Most accelerators by period; None: no limit."""
