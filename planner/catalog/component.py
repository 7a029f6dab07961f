"""Parts of accelerators and systems that have a supply of their own, with what rules ask of them."""

from typing import Any

from pydantic import Field

from planner.catalog.entry import Country, Entry
from planner.io.models import Fact
from planner.units import Length


class Component(Entry):
    """One kind of part, by the name that `components` of accelerators and supply records use."""

    type: str | None = None
    """What part it is, as rules name it: HBM, logic_die, ...; None: no rule asks about such a part."""
    unit: str = "parts"
    """What is counted."""
    vendor_country: Country | None = None
    """Country of its makers."""
    us_controlled: bool | None = None
    """Whether it is an item under US export jurisdiction."""
    copackaged: bool | None = None
    """Whether it changes hands already packaged with a logic die; None: not known."""
    process: Fact[Length] | None = None
    """nm"""
    transistors_b: float | None = Field(default=None, gt=0)
    """Billions."""
    has_hbm: bool | None = None
    mem_bw_density: Fact[float] | None = None
    """GB/s per mm2 of stack"""

    @property
    def policy_facts(self) -> dict[str, Any]:
        """What is known of it, by the field names of the policy vocabulary (without prefix)."""
        found = {
            "type": self.type,
            "vendor_country": self.vendor_country,
            "us_controlled": self.us_controlled,
            "copackaged": self.copackaged,
            "process_node_nm": self.process,
            "transistors_b": self.transistors_b,
            "has_hbm": self.has_hbm,
            "mem_bw_density_gb_s_mm2": self.mem_bw_density,
        }
        return {name: value for name, value in found.items() if value is not None}
