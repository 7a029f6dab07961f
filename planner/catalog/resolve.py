"""Entries as the plain numbers that planning needs; what nobody published is filled by assumptions and noted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any

from planner.catalog.accelerator import BITS
from planner.catalog.entry import start_of
from planner.catalog.gaps import Gaps
from planner.catalog.kinds import KINDS
from planner.catalog.ledger import Ledger, Row
from planner.catalog.planning import economic, planning
from planner.catalog.resolved import ResolvedFabric, ResolvedRegion, ResolvedSystem
from planner.catalog.resolver import Resolver
from planner.io.models import Level
from planner.units import Money, PowerPrice, Tariff

if TYPE_CHECKING:
    from planner.catalog.fabric import Fabric
    from planner.catalog.load import Catalog

__all__ = [
    "Ledger",
    "ResolvedFabric",
    "ResolvedRegion",
    "ResolvedSystem",
    "Row",
    "economic",
    "planning",
    "resolve_fabric",
    "resolve_network",
    "resolve_region",
    "resolve_system",
]


def resolve_system(
    catalog: "Catalog",
    system_id: str,
    level: Level = "mid",
    ledger: Ledger | None = None,
    *,
    buyer_country: str | None = None,
    strict: bool = True,
) -> ResolvedSystem:
    """A system by id or alias as plain numbers; every number is recorded in `ledger`.

    `buyer_country` decides whether it is domestic or imported (lead times). Raises InputError for unknown names and,
    when `strict`, naming every field that neither a fact nor an assumption fills.
    """
    system = catalog.system(system_id)
    resolver = _system_resolver(catalog, system.id, level, ledger, buyer_country)
    chip, accelerator = resolver.neighbours["accelerator"], catalog.accelerators[system.accelerator]
    gaps = Gaps(catalog, "systems", system.id)
    price = resolver.money("price")
    if price is None:
        gaps.found("price", "only rented" if accelerator.rent_only else None)
    released = resolver.word("released") or chip.word("released")
    peak = {name: value for name in BITS if (value := chip.number(f"peak.{name}")) is not None}
    if not peak:
        gaps.found(f"accelerators.{accelerator.id}.peak")
    result = ResolvedSystem(
        id=system.id,
        name=system.name,
        accelerator_id=accelerator.id,
        vendor=system.vendor,
        platform=accelerator.platform,
        origin_country=accelerator.country_of_design,
        accelerators=int(gaps.need(resolver, "accelerators")),
        system_class=system.system_class,
        peak=peak,
        memory_gb=gaps.need(chip, "memory"),
        memory_bandwidth_gbs=gaps.need(chip, "memory_bandwidth"),
        scale_up_domain=gaps.count(resolver, "scale_up_domain"),
        scale_up_gbs=gaps.need(resolver, "scale_up_bandwidth"),
        scale_out_gbs=gaps.need(resolver, "scale_out_bandwidth"),
        scale_up_latency_us=gaps.need(resolver, "scale_up_latency"),
        scale_out_latency_us=gaps.need(resolver, "scale_out_latency"),
        performance_family=accelerator.performance_family,
        power_kw=gaps.need(resolver, "power"),
        racks=gaps.need(resolver, "racks"),
        cooling=gaps.word(resolver, "cooling"),
        price=price,
        lead_time_h=gaps.need(resolver, "lead_time"),
        released=start_of(released) if released else None,
        max_cluster=gaps.count(resolver, "max_cluster"),
        fabric=next(iter(system.fabrics), None),
        fabrics=system.fabrics,
        components=_components(resolver, chip),
        us_controlled=accelerator.us_controlled,
        rent_only=accelerator.rent_only,
        missing=gaps.fields,
    )
    if strict:
        gaps.raise_if_any()
    return result


def resolve_region(
    catalog: "Catalog",
    region_id: str,
    level: Level = "mid",
    ledger: Ledger | None = None,
    *,
    strict: bool = True,
    stated: Collection[str] = (),
) -> ResolvedRegion:
    """A region by id or alias as plain numbers; `stated` names fields that are not asked of it (tariff, carbon).

    Raises InputError as `resolve_system` does.
    """
    region = catalog.region(region_id)
    resolver = Resolver(catalog, KINDS["regions"], region, level=level, ledger=ledger)
    gaps = Gaps(catalog, "regions", region.id)
    tariff = _price(resolver, "tariff", Tariff)
    capex = _price(resolver, "facility_capex", PowerPrice)
    for name, found in (("tariff", tariff), ("facility_capex", capex)):
        if found is None and name not in stated:
            gaps.found(name)
    unasked = "carbon" in stated and resolver.number("carbon") is None
    result = ResolvedRegion(
        id=region.id,
        name=region.name,
        country=region.country,
        province=region.province,
        tariff=tariff,
        tariff_domestic_chips=_price(resolver, "tariff_domestic_chips", Tariff) or tariff,
        carbon_kg_per_kwh=nan if unasked else gaps.need(resolver, "carbon"),
        pue={name: gaps.need(resolver, f"pue.{name}") for name in ("air", "liquid", "immersion")},
        facility_capex=capex,
        climate=region.climate,
        hub_node=region.hub_node,
        missing=gaps.fields,
    )
    if strict:
        gaps.raise_if_any()
    return result


def resolve_fabric(
    catalog: "Catalog",
    fabric_id: str,
    endpoints: int,
    level: Level = "mid",
    ledger: Ledger | None = None,
    *,
    strict: bool = True,
) -> ResolvedFabric:
    """A scale-out fabric with the fewest tiers that reach `endpoints`. Raises InputError when none does (strict)."""
    fabric = catalog.fabrics[catalog.identify("fabrics", fabric_id)]
    resolver = Resolver(catalog, KINDS["fabrics"], fabric, level=level, ledger=ledger)
    gaps = Gaps(catalog, "fabrics", fabric.id)
    reach = [resolver.number(f"tiers.{index}.endpoints") for index in range(len(fabric.tiers))]
    tier = next((i for i, count in enumerate(reach) if count is not None and count >= endpoints), None)
    if tier is None:
        gaps.found(f"tiers (reach {max((r for r in reach if r), default=0):.0f}, asked for {endpoints})")
    return _fabric(resolver, gaps, fabric, tier, endpoints, strict=strict)


def resolve_network(
    catalog: "Catalog",
    fabric_id: str,
    tiers: int,
    level: Level = "mid",
    ledger: Ledger | None = None,
    parts: Iterable[str] = (),
) -> ResolvedFabric:
    """A scale-out fabric of so many switch tiers; `endpoints` is what they reach, `parts` what is to be known of its
    components. Raises InputError where it has fewer, or where neither a fact nor an assumption says what they reach or
    cost.
    """
    fabric = catalog.fabrics[catalog.identify("fabrics", fabric_id)]
    resolver = Resolver(catalog, KINDS["fabrics"], fabric, level=level, ledger=ledger)
    gaps = Gaps(catalog, "fabrics", fabric.id)
    tier = tiers - 1 if tiers <= len(fabric.tiers) else None
    reach = resolver.number(f"tiers.{tier}.endpoints") if tier is not None else None
    if reach is None:
        gaps.found(f"tiers.{tiers - 1}.endpoints")
    found = _fabric(resolver, gaps, fabric, tier, int(reach or 0), strict=True)
    needs = {name: resolver.number(f"tiers.{tier}.components.{name}") for name in parts}
    return replace(found, components={name: need for name, need in needs.items() if need})


def _fabric(
    resolver: Resolver, gaps: Gaps, fabric: "Fabric", tier: int | None, endpoints: int, *, strict: bool
) -> ResolvedFabric:
    at = f"tiers.{tier}." if tier is not None else ""
    cost = resolver.money(f"{at}cost_per_endpoint") or resolver.money("cost_per_endpoint")
    power = resolver.number(f"{at}power_per_endpoint")
    if cost is None:
        gaps.found("cost_per_endpoint")
    result = ResolvedFabric(
        id=fabric.id,
        name=fabric.name,
        endpoints=endpoints,
        tiers=(tier if tier is not None else len(fabric.tiers) - 1) + 1,
        oversubscription=fabric.tiers[tier].oversubscription if tier is not None else nan,
        cost_per_endpoint=cost,
        power_per_endpoint_kw=power if power is not None else gaps.need(resolver, "power_per_endpoint"),
        latency_us=gaps.need(resolver, "latency"),
        missing=gaps.fields,
    )
    if strict:
        gaps.raise_if_any()
    return result


def _system_resolver(
    catalog: "Catalog", system_id: str, level: Level, ledger: Ledger | None, buyer_country: str | None
) -> Resolver:
    """The resolver of a system with its accelerator, vendor and preferred fabrics as neighbours."""
    ledger = ledger if ledger is not None else Ledger()
    system = catalog.systems[system_id]
    accelerator = catalog.accelerators[system.accelerator]

    def of(kind: str, name: str, **more: Any) -> Resolver:
        return Resolver(catalog, KINDS[kind], catalog.entries(kind)[name], level=level, ledger=ledger, **more)

    beside = {"vendor": of("vendors", accelerator.vendor)}
    chip_fabric = {"scale_up": of("fabrics", accelerator.scale_up_fabric)} if accelerator.scale_up_fabric else {}
    chip = of("accelerators", accelerator.id, neighbours={**beside, **chip_fabric})
    neighbours = {"accelerator": chip, **beside, **chip_fabric}
    if system.fabrics:
        neighbours["fabric"] = of("fabrics", system.fabrics[0])
    if system.scale_up_fabric:
        neighbours["scale_up"] = of("fabrics", system.scale_up_fabric)
    origin = None
    if buyer_country is not None and accelerator.country_of_design is not None:
        origin = "domestic" if accelerator.country_of_design == buyer_country else "imported"
    return of("systems", system.id, neighbours=neighbours, context={"origin": origin, "buyer_country": buyer_country})


def _price[M: Money](resolver: Resolver, path: str, kind: type[M]) -> M | None:
    value = resolver.money(path)
    return value if isinstance(value, kind) else None


def _components(resolver: Resolver, chip: Resolver) -> dict[str, float]:
    """Parts per system: its own, and those of each accelerator times their number."""
    own: Mapping[str, float] = getattr(resolver.entry, "components", {})
    inner: Mapping[str, float] = getattr(chip.entry, "components", {})
    count = resolver.number("accelerators") or 0.0
    total = {name: (resolver.number(f"components.{name}") or 0.0) for name in own}
    for name in inner:
        total[name] = total.get(name, 0.0) + count * (chip.number(f"components.{name}") or 0.0)
    return total
