"""Systems: what is ordered and installed, from a server of eight accelerators to a supernode of thousands."""

from typing import Literal

from pydantic import Field

from planner.catalog.entry import Entry, IsoDate
from planner.io.models import Fact
from planner.units import Bandwidth, Duration, Latency, Money, Power

Cooling = Literal["air", "liquid", "either"]


class System(Entry):
    """One kind of system; figures per system unless they say per accelerator."""

    vendor: str
    """Id of catalogs/vendors.yaml."""
    accelerator: str
    """Id of catalogs/accelerators."""
    accelerators: int = Field(ge=1)
    """Accelerators per system."""
    aliases: tuple[str, ...] = ()
    status: str | None = None
    market: str | None = None
    released: Fact[IsoDate] | None = None
    system_class: Literal["server", "supernode"] = Field(alias="class")
    scale_up_fabric: str | None = None
    """Id of catalogs/fabrics, kind scale-up; None takes the accelerator's."""
    scale_up_domain: Fact[int] | None = None
    """Accelerators within one scale-up domain."""
    scale_up_bandwidth: Fact[Bandwidth] | None = None
    """GB/s, one direction per accelerator"""
    scale_out_bandwidth: Fact[Bandwidth] | None = None
    """GB/s, one direction per accelerator"""
    scale_up_latency: Fact[Latency] | None = None
    """us"""
    scale_out_latency: Fact[Latency] | None = None
    """us"""
    fabrics: tuple[str, ...] = ()
    """Scale-out fabrics it can join, preferred first."""
    max_cluster: Fact[int] | None = None
    """Most accelerators in one coherent cluster."""
    power: Fact[Power] | None = None
    """kW of the whole system"""
    racks: Fact[float] | None = None
    """Rack positions; below 1 when several share a rack."""
    cooling: Cooling | None = None
    price: Fact[Money] | None = None
    """Price of the whole system."""
    price_includes: str | None = None
    """What the price covers (network, optics, hosts)."""
    lead_time: Fact[Duration] | None = None
    """h from order to delivery"""
    components: dict[str, float] = Field(default_factory=dict)
    """Parts per system beyond those of its accelerators."""
