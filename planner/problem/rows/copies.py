"""How many alike places a hall or a site of a problem stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.problem.feed import Feed


@dataclass(frozen=True)
class Copies:
    """Halls and sites that stand for several alike; their limits are those of all together. Empty: each for itself."""

    halls: Mapping[int, int] = field(default_factory=dict)
    sites: Mapping[int, int] = field(default_factory=dict)
    alone: "Feed | None" = None
    """Most power of each of them by itself."""

    def of_hall(self, h: int) -> int:
        """Halls that a hall stands for."""
        return self.halls.get(h, 1)

    def in_site(self, h: int, s: int) -> int:
        """How many of them are in one of the sites that site s stands for."""
        return self.halls.get(h, 1) // self.sites.get(s, 1)
