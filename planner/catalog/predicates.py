"""What policy predicates may ask of an accelerator, by the field names of the policy vocabulary."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from planner.catalog.accelerator import Accelerator
from planner.io.models import Published

if TYPE_CHECKING:
    from planner.catalog.load import Catalog


def predicate_facts(catalog: "Catalog", accelerator: Accelerator) -> Mapping[str, Any]:
    """Facts by predicate field; None is unknown. Bandwidths GB/s, density per mm2; `chip.sku` is a set of names."""
    vendor = catalog.vendors[accelerator.vendor]
    io, dram = _mid(accelerator.io_bandwidth), _mid(accelerator.memory_bandwidth)
    names = {accelerator.id, *accelerator.aliases, *catalog.names("accelerators").of_id(accelerator.id)}
    return {
        "chip.sku": frozenset(names),
        "chip.family": accelerator.family,
        "chip.vendor": frozenset({vendor.id, vendor.name, *vendor.aliases}),
        "chip.vendor_country": vendor.country,
        "chip.design_country": accelerator.country_of_design,
        "chip.tpp": accelerator.tpp,
        "chip.performance_density": accelerator.performance_density,
        "chip.io_bandwidth_gb_s": io,
        "chip.dram_bandwidth_gb_s": dram,
        "chip.dram_plus_io_gb_s": None if io is None or dram is None else io + dram,
        "chip.datacenter_marketed": accelerator.datacenter_marketed,
        "chip.us_commercial_on_2026_01_15": accelerator.us_commercial_on_2026_01_15,
        "chip.category": accelerator.category,
        "item.us_controlled": accelerator.us_controlled,
    }


def _mid(fact: Published[float] | None) -> float | None:
    return fact.at("mid") if fact is not None else None
