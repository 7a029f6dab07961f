"""What fails beyond repair, as numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wear:
    """Attrition of systems in service; systems and halls by index. Empty: nothing fails for good."""

    loss: Mapping[tuple[int, ...], float] = field(default_factory=dict)
    """(i, h, t) -> share of what works at the start of t that has failed by its end."""
    spares: frozenset[tuple[int, ...]] = frozenset()
    """(i, h, t) in which systems out of store may replace failed ones."""

    def cells(self) -> frozenset[tuple[int, int]]:
        """(i, h) in which anything ever fails."""
        return frozenset((key[0], key[1]) for key in self.loss)
