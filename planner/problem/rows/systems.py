"""Systems that can be bought, rented, moved or are already ordered; power in kW."""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.costs.events import Events


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system that can be bought or is already there."""

    id: str
    accelerator: str
    vendor: str
    platform: str
    accelerators: int
    """Accelerators per system."""
    power_kw: float
    """IT power of one system, kW."""


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A pending order that may be taken on delivery in period `due`."""

    id: str
    system: int
    due: int
    count: int
    accepted: Events
    cancelled: Events


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A way in which installed systems may move: out of hall `source` in `leaves`, in service in `target` later."""

    system: int
    source: int
    target: int
    leaves: int
    arrives: int
    events: Events
    """Cash of one system."""


@dataclass(frozen=True, slots=True)
class RentRow:
    """An offer for rent; its place is hall `hall`, which has neither power nor racks of the buyer's."""

    id: str
    system: int
    hall: int
    capacity: tuple[float, ...]
    """Systems that may be held, by period."""
    held: Mapping[int, tuple[int, ...]]
    """First period of a contract that may be made -> the periods of the plan it holds."""
    events: Mapping[int, Events]
    """First period -> cash of one system through the contract."""
