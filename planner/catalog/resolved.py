"""What resolving an entry gives: plain numbers in base units at one level of every fact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from planner.units import Money, PowerPrice, Tariff


@dataclass(frozen=True, slots=True)
class ResolvedSystem:
    """A system in base units at one level (low, mid or high) of every fact."""

    id: str
    name: str
    accelerator_id: str
    vendor: str
    platform: str | None
    origin_country: str | None
    """Country of design of its accelerators."""
    accelerators: int
    """Per system."""
    system_class: str
    """server or supernode"""
    peak: dict[str, float]
    """Dense TFLOP/s per accelerator by number format."""
    memory_gb: float
    """Per accelerator."""
    memory_bandwidth_gbs: float
    """Per accelerator."""
    scale_up_domain: int
    """Accelerators within one scale-up domain."""
    scale_up_gbs: float
    """One direction, per accelerator."""
    scale_out_gbs: float
    """One direction, per accelerator."""
    scale_up_latency_us: float
    scale_out_latency_us: float
    performance_family: str | None
    power_kw: float
    """Whole system."""
    racks: float
    """Rack positions."""
    cooling: str
    """air, liquid or either"""
    price: Money | None
    """Whole system; None only where `missing` says so."""
    lead_time_h: float
    """From order to delivery."""
    released: date | None
    max_cluster: int
    """Most accelerators in one coherent cluster."""
    fabric: str | None
    """Preferred scale-out fabric."""
    fabrics: tuple[str, ...]
    components: dict[str, float]
    """Parts per system, those of its accelerators included."""
    us_controlled: bool | None = None
    rent_only: bool = False
    missing: tuple[str, ...] = ()
    """Fields that nothing fills; their numbers are NaN (only with strict=False)."""


@dataclass(frozen=True, slots=True)
class ResolvedRegion:
    """A region in base units at one level."""

    id: str
    name: str
    country: str
    province: str | None
    tariff: Tariff | None
    """Per kWh."""
    tariff_domestic_chips: Tariff | None
    """Per kWh where every accelerator is of domestic design; the ordinary tariff where nothing else is known."""
    carbon_kg_per_kwh: float
    pue: dict[str, float]
    """By cooling."""
    facility_capex: PowerPrice | None
    """Money per kW of IT load."""
    climate: str | None
    hub_node: str | bool | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedFabric:
    """A scale-out network for so many endpoints, in base units at one level."""

    id: str
    name: str
    endpoints: int
    tiers: int
    """Switch tiers needed."""
    oversubscription: float
    cost_per_endpoint: Money | None
    power_per_endpoint_kw: float
    latency_us: float
    missing: tuple[str, ...] = ()
    components: Mapping[str, float] = field(default_factory=dict)
    """Parts per endpoint, of those asked for."""
