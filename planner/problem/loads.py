"""Power drawn by anything but systems at work: idle systems, network, storage."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.costs.events import Events


@dataclass(frozen=True, slots=True)
class Loads:
    """kW of IT load beside the planning power of what is on; drawn in full, whatever the work. Empty: none."""

    shared: Mapping[tuple[int, int], float] = field(default_factory=dict)
    """(i, h) -> kW of network and storage for one system that is on."""
    idle: Mapping[tuple[int, ...], float] = field(default_factory=dict)
    """(i, h, t) -> kW of one system in service that is off."""
    idle_events: Mapping[tuple[int, ...], Events] = field(default_factory=dict)
    """(i, h, t) -> cash of one system that is off all the period."""
    jobs: Mapping[int, float] = field(default_factory=dict)
    """j -> kW of networks beyond the nearest for one job over them."""
    job_events: Mapping[tuple[int, ...], Events] = field(default_factory=dict)
    """(j, t) -> its cash."""
    begins: Mapping[int, float] = field(default_factory=dict)
    """n -> the same for a coherent run."""
    begin_events: Mapping[int, Events] = field(default_factory=dict)
    """n -> its cash, from start to end."""
