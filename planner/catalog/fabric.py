"""Fabrics: networks inside a supernode (scale-up) and between systems (scale-out)."""

from typing import Literal

from pydantic import Field

from planner.catalog.entry import Entry
from planner.io.models import Fact, StrictModel
from planner.units import Bandwidth, Latency, Money, Power


class Tier(StrictModel):
    """What a network of so many switch tiers reaches."""

    endpoints: Fact[int]
    """Most endpoints (accelerator ports) connected."""
    oversubscription: float = Field(default=1.0, ge=1.0)
    """Ratio of edge to core bandwidth; 1 is non-blocking."""
    cost_per_endpoint: Fact[Money] | None = None
    """Switches, cables and optics per endpoint; ports in the system not included."""
    power_per_endpoint: Fact[Power] | None = None
    """kW"""
    components: dict[str, Fact[float]] = Field(default_factory=dict)
    """Parts per endpoint, of all these tiers, that supply or rules may limit."""


class Fabric(Entry):
    """One kind of network."""

    vendor: str | None = None
    kind: Literal["scale-up", "scale-out", "both"] = "scale-out"
    port: Fact[Bandwidth] | None = None
    """GB/s, one direction, per accelerator or per port"""
    radix: Fact[int] | None = None
    """Ports of one switch."""
    max_domain: Fact[int] | None = None
    """Accelerators one domain joins (scale-up)."""
    tiers: tuple[Tier, ...] = ()
    """By number of switch tiers, one first."""
    latency: Fact[Latency] | None = None
    """us"""
    cost_per_endpoint: Fact[Money] | None = None
    """Where it does not depend on the tiers."""
    power_per_endpoint: Fact[Power] | None = None
    """kW, where it does not depend on the tiers"""

    @property
    def reach(self) -> Fact[int] | None:
        """The fact that states the most endpoints over all tiers; None when unknown."""
        known = [
            (count, index) for index, tier in enumerate(self.tiers) if (count := tier.endpoints.at("mid")) is not None
        ]
        return self.tiers[max(known)[1]].endpoints if known else None
