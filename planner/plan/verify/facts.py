"""Facts of a catalog at the scenario's level: systems, regions, networks, parameters, throughput."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from planner.catalog.formula import Value
from planner.catalog.load import Catalog
from planner.catalog.resolve import (
    ResolvedRegion,
    ResolvedSystem,
    economic,
    planning,
    resolve_network,
    resolve_region,
    resolve_system,
)
from planner.errors import InternalError
from planner.plan.verify.world import Parameters, Part, SystemFacts, Terms, Wiring
from planner.policy.permissions import Permissions, permissions
from planner.scenario.model import Hall, Scenario, Site, Workload
from planner.scenario.network import NetworkOffer
from planner.units import HOURS_PER_YEAR, Money

_RESIDUAL = tuple(f"residual-year-{age}" for age in range(6))


class CatalogFacts:
    """What a catalog says of things, each worked out when first asked; `without` leaves out further rules."""

    def __init__(self, scenario: Scenario, catalog: Catalog, without: tuple[str, ...] = ()) -> None:
        self.scenario = scenario
        self.catalog = catalog.with_parameters(scenario.parameters)
        self.without = without
        self._systems: dict[str, ResolvedSystem] = {}
        self._facts: dict[str, SystemFacts] = {}
        self._regions: dict[str, ResolvedRegion] = {}
        self._rates: dict[tuple[str, str, int], float] = {}

    @cached_property
    def permissions(self) -> Permissions:
        """What the rules permit to the buyer."""
        return permissions(self.catalog, self.scenario, without=self.without)

    @cached_property
    def parameters(self) -> Parameters:
        """Planning parameters of the catalog, the scenario's own first."""
        time = self._number("porting-time")
        return Parameters(
            asset_life=self._number("hardware-life") / HOURS_PER_YEAR,
            porting_time=time,
            porting_cost=self._money("engineer-cost") * (self._number("porting-staff") * time / HOURS_PER_YEAR),
            network=self._money("scale-out-network"),
            load_factor=self._number("power-utilisation"),
            maintenance=self._number("hardware-maintenance"),
            residual=tuple(self._number(name) for name in _RESIDUAL),
        )

    def knows(self, system: str) -> bool:
        """Whether the catalog has this system."""
        return system in self.catalog.systems

    def system(self, system: str) -> SystemFacts:
        """Facts of one system."""
        if system not in self._facts:
            self._facts[system] = self._system(system)
        return self._facts[system]

    def _system(self, system: str) -> SystemFacts:
        found = self._resolved(system)
        chip = self.catalog.accelerators[found.accelerator_id]
        if found.price is None:
            raise InternalError(f"system {system} has no price")
        return SystemFacts(
            id=found.id,
            accelerator=found.accelerator_id,
            family=chip.family or "",
            platform=found.platform or found.accelerator_id,
            accelerators=found.accelerators,
            server=found.system_class == "server",
            power=found.power_kw,
            racks=found.racks,
            cooling=found.cooling,
            price=found.price,
            lead_time=found.lead_time_h,
            released=self._released(found),
            reach=self._reach(found),
            compute=found.peak.get("bf16", 0.0),
            components=found.components,
            vendor=found.vendor,
            domestic=self._domestic(found),
        )

    def rate(self, workload: Workload, system: str, accelerators: int) -> float:
        """Goodput of one job in tokens/s; 0 when it does not fit."""
        from planner.throughput.inputs import Recipe
        from planner.throughput.rates import rate

        key = (workload.id, system, accelerators)
        if key not in self._rates:
            spec = workload.recipe
            recipe = Recipe(seq=spec.sequence, global_batch=spec.global_batch, precision=spec.precision)
            shape: Any = self.catalog.transformer(workload.model)
            estimate = rate(shape, recipe, self._resolved(system), accelerators)
            self._rates[key] = estimate.effective_tokens_per_s
        return self._rates[key]

    def rate_over(self, workload: Workload, system: str, accelerators: int, oversubscription: float, pod: int) -> float:
        """The same over a network that is oversubscribed for groups beyond `pod` accelerators."""
        from planner.throughput.inputs import Recipe
        from planner.throughput.rates import machine_of, rate

        spec = workload.recipe
        recipe = Recipe(seq=spec.sequence, global_batch=spec.global_batch, precision=spec.precision)
        shape: Any = self.catalog.transformer(workload.model)
        machine = machine_of(self._resolved(system)).with_(oversubscription=oversubscription, pod=pod)
        return rate(shape, recipe, machine, accelerators).effective_tokens_per_s

    def wiring(self, offer: NetworkOffer) -> Wiring:
        """A network that a hall may buy: what the scenario states, else the catalog."""
        stated = {"reach": offer.reach, "cost": offer.cost, "power": offer.power, "ratio": offer.oversubscription}
        known: dict[str, Any] = {"ratio": 1.0}
        below = 0
        needs: Mapping[str, float] = offer.components or {}
        if offer.fabric is not None and offer.tiers is not None:
            level = self.scenario.values
            limited = [part.component for part in self.scenario.supply.components]
            found = resolve_network(self.catalog, offer.fabric, offer.tiers, level, parts=limited)
            needs = found.components if offer.components is None else needs
            known = {"reach": found.endpoints, "cost": found.cost_per_endpoint, "power": found.power_per_endpoint_kw}
            known["ratio"] = found.oversubscription
            lower = resolve_network(self.catalog, offer.fabric, offer.tiers - 1, level) if offer.tiers > 1 else None
            below = lower.endpoints if lower is not None and lower.oversubscription == 1.0 else 0
        used = known | {key: value for key, value in stated.items() if value is not None}
        return Wiring(used["reach"], used["cost"], used["power"], used["ratio"], below, needs)

    def tariff(self, site: Site) -> Money:
        """Price of one kWh in the site's region."""
        tariff = self._region(site.region).tariff
        if tariff is None:
            raise InternalError(f"region {site.region} has no tariff")
        return tariff

    def flops_per_token(self, workload: Workload) -> float:
        """Model FLOPs of training on one token."""
        from planner.throughput.inputs import Recipe
        from planner.throughput.rates import flops_of

        spec = workload.recipe
        recipe = Recipe(seq=spec.sequence, global_batch=spec.global_batch, precision=spec.precision)
        shape: Any = self.catalog.transformer(workload.model)
        return flops_of(shape, recipe)

    def carbon(self, site: Site) -> float:
        """kg CO2 per kWh in the site's region."""
        return self._region(site.region).carbon_kg_per_kwh

    def quoted(self, name: str) -> Money | float:
        """An assumption, else an economic parameter."""
        if name in self.catalog.assumptions:
            return planning(self.catalog, name, self.scenario.values)
        return economic(self.catalog, name, self.scenario.values)

    def buyer_country(self) -> str | None:
        """Country of the buyer, by the catalog."""
        return self.permissions.buyer.country

    def usual_terms(self, system: str) -> Terms | None:
        """The first terms of the catalog that fit the system and the buyer."""
        found = self._resolved(system)
        country = self.permissions.buyer.country
        for entry in self.catalog.payment_terms.values():
            wrong = (
                (entry.systems and found.id not in entry.systems)
                or (entry.accelerators and found.accelerator_id not in entry.accelerators)
                or (entry.vendors and found.vendor not in entry.vendors)
                or (entry.buyer_country is not None and entry.buyer_country != country)
                or (entry.origin is not None and (entry.origin == "domestic") != self._domestic(found))
            )
            if not wrong:
                parts = tuple(Part(part.share, part.at == "order", part.after) for part in entry.schedule)
                return Terms(parts, entry.refund)
        return None

    def pue(self, site: Site, hall: Hall) -> float:
        """The hall's own, else its region's for the hall's cooling."""
        return hall.pue if hall.pue is not None else self._region(site.region).pue[hall.cooling]

    def parameter(self, name: str) -> float | Money:
        """A planning parameter, the scenario's own first."""
        value = self._value(name)
        return value if isinstance(value, Money) else float(value)

    def country(self, site: Site) -> str:
        """Country of the site's region."""
        return self._region(site.region).country

    def building_cost(self, site: Site) -> Money:
        """Building and plant per kW of IT load, of the site's region."""
        cost = self._region(site.region).facility_capex
        if cost is None:
            raise InternalError(f"region {site.region} has no cost of buildings")
        return cost

    def vendor(self, accelerator: str) -> str:
        """Vendor of an accelerator."""
        return self.catalog.accelerators[accelerator].vendor

    def tpp(self, accelerator: str) -> float:
        """Total processing performance of one accelerator."""
        return self.catalog.accelerators[accelerator].tpp or 0.0

    def hub(self, site: Site) -> bool:
        """Whether a site lies in a national computing hub."""
        return bool(self.catalog.region(site.region).hub_node)

    def subsidised_tariff(self, site: Site) -> Money | None:
        """Price of one kWh where every accelerator is domestic."""
        return self._region(site.region).tariff_domestic_chips

    def _resolved(self, system: str) -> ResolvedSystem:
        if system not in self._systems:
            country = self.permissions.buyer.country
            self._systems[system] = resolve_system(self.catalog, system, self.scenario.values, buyer_country=country)
        return self._systems[system]

    def _domestic(self, system: ResolvedSystem) -> bool:
        country = self.permissions.buyer.country
        return country is not None and system.origin_country == country

    def _region(self, region: str) -> ResolvedRegion:
        if region not in self._regions:
            self._regions[region] = resolve_region(self.catalog, region, self.scenario.values, strict=False)
        return self._regions[region]

    def _released(self, system: ResolvedSystem) -> date | None:
        """The later of the releases of the system and of its accelerator."""
        from planner.catalog.entry import start_of

        fact = self.catalog.accelerators[system.accelerator_id].released
        level = self.catalog.level(f"accelerators.{system.accelerator_id}.released", self.scenario.values)
        chip = fact.at(level) if fact is not None else None
        days = [day for day in (system.released, start_of(chip) if chip else None) if day is not None]
        return max(days, default=None)

    def _reach(self, system: ResolvedSystem) -> int | None:
        """Most accelerators in one cluster: by the system's own limit and its preferred fabric's."""
        limits = [system.max_cluster] if system.max_cluster else []
        fabric = self.catalog.fabrics[system.fabric].reach if system.fabric is not None else None
        level = self.catalog.level(f"fabrics.{system.fabric}.reach", self.scenario.values)
        known = fabric.at(level) if fabric is not None else None
        limits += [known] if known is not None else []
        return min(limits, default=None)

    def _value(self, name: str) -> Value:
        return planning(self.catalog, name, self.scenario.values)

    def _number(self, name: str) -> float:
        value = self._value(name)
        if isinstance(value, Money):
            raise InternalError(f"parameter {name} is money, a number is expected")
        return float(value)

    def _money(self, name: str) -> Money:
        value = self._value(name)
        if not isinstance(value, Money):
            raise InternalError(f"parameter {name} is a number, money is expected")
        return value
