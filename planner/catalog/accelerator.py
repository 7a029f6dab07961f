"""Accelerators: chips, packages and cards as they are counted, bought and scheduled."""

from pydantic import Field

from planner.catalog.entry import Country, Entry, IsoDate
from planner.io.models import Fact, StrictModel
from planner.units import Area, Bandwidth, Compute, Length, Memory, Money, Power

BITS = {"fp64": 64, "fp32": 32, "tf32": 32, "fp16": 16, "bf16": 16, "fp8": 8, "int8": 8, "fp4": 4}
"""Bit length of each format as total processing performance counts it."""


class Peak(StrictModel):
    """Dense peak per counting unit and number format, TFLOP/s (a multiply-accumulate is two operations)."""

    bf16: Fact[Compute] | None = None
    """TFLOP/s"""
    fp16: Fact[Compute] | None = None
    """TFLOP/s"""
    fp8: Fact[Compute] | None = None
    """TFLOP/s"""
    fp4: Fact[Compute] | None = None
    """TFLOP/s"""
    int8: Fact[Compute] | None = None
    """TOP/s"""
    fp32: Fact[Compute] | None = None
    """TFLOP/s"""
    tf32: Fact[Compute] | None = None
    """TFLOP/s"""
    fp64: Fact[Compute] | None = None
    """TFLOP/s"""

    def known(self) -> dict[str, float]:
        """Middle value per known format, TFLOP/s, in the order of BITS."""
        facts = {name: getattr(self, name) for name in BITS}
        return {name: value for name, fact in facts.items() if fact and (value := fact.at("mid")) is not None}


class Accelerator(Entry):
    """One kind of accelerator; all figures per counting unit."""

    vendor: str
    """Id of catalogs/vendors.yaml."""
    family: str | None = None
    """Product family as policy rules name it."""
    aliases: tuple[str, ...] = ()
    """Short names people may type."""
    counting_unit: str | None = None
    """What one unit is: package, card, module."""
    status: str | None = None
    market: str | None = None
    country_of_design: Country | None = None
    country_of_fab: str | None = None
    foundry: str | None = None
    us_controlled: bool | None = None
    """Whether it is an item under US export jurisdiction."""
    datacenter_marketed: bool | None = None
    """True for server parts, false for workstation and gaming cards."""
    us_commercial_on_2026_01_15: bool | None = None
    category: str | None = None
    platform: str | None = None
    """Software platform, id of catalogs/platforms.yaml."""
    performance_family: str | None = None
    """Entry of catalogs/calibration that says how well it is used; None: the planner's general one."""
    rent_only: bool = False
    """True where it is only offered as a service."""
    released: Fact[IsoDate] | None = None
    peak: Peak = Peak()
    memory: Fact[Memory] | None = None
    """GB usable"""
    memory_bandwidth: Fact[Bandwidth] | None = None
    """GB/s"""
    memory_type: str | None = None
    hbm_stacks: Fact[int] | None = None
    tdp: Fact[Power] | None = None
    """kW"""
    die_area: Fact[Area] | None = None
    """mm2 of logic, as performance density counts it"""
    compute_dies: Fact[int] | None = None
    process: Fact[Length] | None = None
    """nm"""
    scale_up_fabric: str | None = None
    """Id of catalogs/fabrics, kind scale-up."""
    scale_up_bandwidth: Fact[Bandwidth] | None = None
    """GB/s, one direction"""
    scale_up_domain: Fact[int] | None = None
    """Accelerators within one scale-up domain."""
    io_bandwidth: Fact[Bandwidth] | None = None
    """GB/s, both directions, scale-up plus PCIe, as export thresholds count it"""
    scale_out_bandwidth: Fact[Bandwidth] | None = None
    """GB/s, one direction, of the network port usually built per accelerator"""
    price: Fact[Money] | None = None
    """Price of one, without its server."""
    components: dict[str, float] = Field(default_factory=dict)
    """Parts per accelerator that supply or rules may limit."""
    quoted_tpp: float | None = Field(default=None, ge=0)
    """Total processing performance as published; only compared with the computed one."""
    quoted_performance_density: float | None = Field(default=None, ge=0)

    @property
    def tpp(self) -> float | None:
        """Total processing performance: max over formats of dense TFLOP/s x bit length; None when no peak is known.

        A format whose peak is unknown cannot lower the maximum, so this is a lower bound where peaks are missing.
        """
        rated = [peak * BITS[name] for name, peak in self.peak.known().items()]
        return max(rated, default=None)

    @property
    def performance_density(self) -> float | None:
        """`tpp` / die area, per mm2; None when either is unknown."""
        area = self.die_area.at("mid") if self.die_area else None
        return self.tpp / area if self.tpp is not None and area else None
