"""Scale-out networks of halls as numbers: a ladder of levels, each of which reaches further than the one below."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.costs.events import Events


@dataclass(frozen=True, slots=True)
class NetworkLevel:
    """A network that a hall may buy."""

    offer: str
    reach: int
    """Most accelerators of one job over it."""
    oversubscription: float
    pod: int
    """Accelerators up to which levels below carry a job without oversubscription."""
    kw: float
    """IT power per accelerator attached and on."""
    installed: int
    """Accelerators whose ports reach this level, or a farther one, when the plan starts."""
    ready: Mapping[int, int]
    """Period in which a port may be ordered -> first period of its use."""
    events: Mapping[int, Events]
    """Period of the order -> cash of raising one accelerator's port to this level from the one below."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """Parts with a supply of their own that raising one port takes."""


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """The network of a hall; levels from the nearest to the farthest."""

    hall: int
    levels: tuple[NetworkLevel, ...]
    attached: frozenset[int]
    """Systems that need ports."""
    kept: Events = ()
    """Upkeep of the ports that are there when the plan starts."""

    def rank(self, offer: str) -> int:
        """Position of an offer on the ladder."""
        return next(k for k, level in enumerate(self.levels) if level.offer == offer)
