"""The plain numbers that the brute force needs, so that it can be fed by hand or from a catalog."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from planner.scenario.model import PendingOrder, Workload


@dataclass(frozen=True)
class Kind:
    """One system kind."""

    accelerator: str
    platform: str
    g: int
    kw: float
    racks: float
    cooling: str
    price: float
    """Scenario currency."""
    lead: float
    """Hours."""
    server: bool = True
    released: date | None = None
    reach: int | None = None
    family: str = ""
    vendor: str = ""
    country: str = ""
    """Of design."""
    compute: float = 0.0
    """TFLOP/s per accelerator."""


@dataclass(frozen=True)
class Facts:
    """Everything outside the scenario."""

    kinds: dict[str, Kind]
    rate: Callable[[Workload, str, int], float]
    tariff: dict[str, float]
    """Scenario currency per kWh in the region, by site."""
    pue: dict[tuple[str, str], float]
    life: float = 5.0
    """Years."""
    port_hours: float = 0.0
    port_cost: float = 0.0
    network: float = 0.0
    load: float = 1.0
    upkeep: float = 0.0
    residual: Callable[[float], float] = lambda age: 0.0
    national: Callable[[str, int], float] = lambda accelerator, t: 0.0
    allowed: Callable[[str, str, str | None, int], bool] = lambda action, accelerator, site, t: True
    cancelled: Callable[[PendingOrder], float | None] = lambda order: None
    """Refund share of the rule that cancels a pending order; None when it stands."""
    delay: Callable[[str, int], float] = lambda accelerator, t: 0.0
    duty: Callable[[str, int], float] = lambda accelerator, t: 0.0
    fx: dict[str, float] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    """Systems that lose a site its subsidy, and whose bids look dearer."""
    gain: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Site -> taken off a kWh, and share of hardware prices back, while nothing foreign is in service there."""
    surcharge: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Site -> added to a kWh in halls above this PUE."""
    handicap: float = 0.0
    """Share of the price by which foreign bids look dearer."""
    leaves: dict[str, int] = field(default_factory=dict)
    """System -> first period in which it must be out of service."""
    seized: dict[str, tuple[int, float]] = field(default_factory=dict)
    """System -> first period in which the buyer may have none, and share of the price that comes back."""
    closed: frozenset[tuple[str, str]] = frozenset()
    """Halls (site, hall) into which nothing new goes."""
    energy: dict[str, float] = field(default_factory=dict)
    """Site -> kWh at the meter in one period (of scenarios in which only one has work)."""
    needs: dict[str, dict[str, float]] = field(default_factory=dict)
    """Parts per system."""
    parts: dict[str, list[float]] = field(default_factory=dict)
    """Part -> what there is of it by each period, all added up."""
    figures: dict[str, float] = field(default_factory=dict)
    """Planning parameters by id, for what only some scenarios use."""
    carbon: dict[str, float] = field(default_factory=dict)
    """kg per kWh in the region, by site."""
    rate_over: Callable[[Workload, str, int, float, int], float] = lambda work, system, n, ratio, pod: 0.0
    """The rate over a network that is oversubscribed for groups beyond so many accelerators."""
    tflop: Callable[[Workload], float] = lambda work: 0.006
    """FLOPs of training on a token, in 1e12."""
    may_rent: Callable[[str, str, int], bool] = lambda accelerator, place, t: True
    ripens: tuple[float, float] = (1.0, 0.0)
    """Efficiency of software when its port is ready, and hours until it is whole."""
    building: dict[str, float] = field(default_factory=dict)
    """Building and plant per kW of IT load, by site, scenario currency."""
