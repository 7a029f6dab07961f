"""Everything a problem is built from: the scenario, what it resolves to, and what the rules allow."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from planner.catalog.ledger import Ledger
from planner.catalog.load import Catalog
from planner.catalog.national import national_supply
from planner.catalog.resolve import ResolvedRegion, ResolvedSystem, planning, resolve_region, resolve_system
from planner.collector import resting
from planner.costs import terms as payment
from planner.costs.attrition import losses, survival
from planner.costs.events import Discounting, Moment
from planner.costs.exchange import exchange
from planner.costs.parameters import Parameters, resolve_parameters
from planner.costs.prices import Prices
from planner.costs.running import running_prices
from planner.errors import InputError, InternalError
from planner.policy.permissions import Permissions, permissions
from planner.problem.rows.excluded import Excluded
from planner.scenario.model import ContinuousTraining, Level, Scenario, Site, TrainingRun
from planner.scenario.periods import Calendar, Period
from planner.units import Money

if TYPE_CHECKING:
    from planner.throughput.estimate import Estimate

_MOMENTS: "Mapping[Literal['end', 'mid', 'begin'], Moment]" = {"end": "end", "mid": "mid", "begin": "start"}
"""When running cost is paid, by `finance.opex_timing`."""


@dataclass(frozen=True)
class Case:
    """A scenario with every fact looked up, at the scenario's level (low, mid, high), and every use recorded."""

    scenario: Scenario
    catalog: Catalog
    calendar: Calendar
    systems: Mapping[str, ResolvedSystem]
    """Systems that may be bought, are ordered or stand in a hall; sorted by id."""
    candidates: frozenset[str]
    """Those of them that may be bought."""
    regions: Mapping[str, ResolvedRegion]
    """Region of each site, by site."""
    permissions: Permissions
    parameters: Parameters
    prices: Prices
    ledger: Ledger
    unresolved: tuple[Excluded, ...]
    """Candidates left out because facts about them are missing."""
    held: Mapping[tuple[str, int], float] = field(default_factory=dict)
    """Accelerators of the whole country, and parts made, by (id, period), where a plan under way counts with what was
    known when it was made; else the catalog's records say.
    """

    def estimates(
        self,
        work: TrainingRun | ContinuousTraining,
        system: ResolvedSystem,
        sizes: tuple[int, ...],
        over: tuple[float, int] = (1.0, 0),
    ) -> "list[Estimate]":
        """Throughput of a workload on clusters of `sizes` accelerators of a system, the best layout of each.

        `over`: oversubscription of the network for groups beyond so many accelerators.
        """
        from planner.throughput.inputs import Recipe
        from planner.throughput.rates import machine_of, rates

        asked = work.recipe
        recipe = Recipe(asked.sequence, asked.global_batch, asked.precision)
        machine = machine_of(system).with_(oversubscription=over[0], pod=over[1]) if over[0] > 1 else machine_of(system)
        return rates(self.catalog.transformers[work.model], recipe, machine, sizes)

    def number(self, parameter: str) -> float:
        """A planning parameter that is no money, in base units."""
        value = planning(self.catalog, parameter, self.scenario.values, self.ledger)
        if isinstance(value, Money):
            raise InternalError(f"parameter {parameter} is money, a number is expected")
        return float(value)

    def national_supply(self, accelerator: str, period: Period) -> float:
        """Accelerators of a kind that the whole country can have in a period, by the records the scenario believes."""
        scenario = self.scenario
        if (accelerator, period.index) in self.held:
            return self.held[accelerator, period.index]
        found = national_supply(
            self.catalog,
            accelerator,
            period.start,
            period.end,
            scenario.values,
            choices=scenario.supply.choices,
            known_by=scenario.supply_known_by,
            ledger=self.ledger,
        )
        return found.accelerators or 0.0


@resting()
def prepare(scenario: Scenario, catalog: Catalog, without: tuple[str, ...] = ()) -> Case:
    """Look up every fact; `without` names rule ids and jurisdictions left out (counterfactuals)."""
    ledger = Ledger()
    level = scenario.values
    country = catalog.buyers[scenario.buyer].country
    owned = {entry.system for entry in scenario.installed} | {order.system for order in scenario.orders}
    owned |= {offer.system for offer in scenario.rent} | {entry.system for entry in scenario.stock}
    wanted = frozenset(scenario.systems.include or _with_supply(scenario, catalog)) - frozenset(
        scenario.systems.exclude
    )
    systems: dict[str, ResolvedSystem] = {}
    unresolved: list[Excluded] = []
    for system_id in sorted(wanted | owned):
        try:
            found = resolve_system(catalog, system_id, level, ledger, buyer_country=country)
            systems[system_id] = replace(found, max_cluster=_reach(catalog, found, level))
            _drawing(scenario, found)
        except InputError as error:
            if system_id in owned or system_id in scenario.systems.include:
                raise
            detail = error.diagnostics[0].message
            unresolved.append(Excluded("order", system_id, catalog.systems[system_id].accelerator, "facts", detail))
    regions = {
        site.id: resolve_region(catalog, site.region, level, ledger, stated=_stated(site)) for site in scenario.sites
    }
    allowed = permissions(catalog, scenario, without=without)
    parameters = resolve_parameters(catalog, scenario, ledger)
    calendar = scenario.calendar
    surcharge = {
        key: tuple(allowed.surcharge(value.accelerator_id, period.index) for period in calendar)
        for key, value in systems.items()
    }
    money = scenario.finance
    book = payment.terms(catalog, scenario)
    payment.record(book, (systems[name] for name in sorted(systems)), ledger)
    prices = Prices(
        Discounting(calendar, money.discount_rate),
        parameters,
        book,
        exchange(scenario),
        {key: rates for key, rates in surcharge.items() if any(rates)},
        _MOMENTS[money.opex_timing],
        money.escalators,
        money.irrecoverable_vat,
        running_prices(catalog, scenario, ledger),
        survival(losses(scenario, catalog, allowed, systems, ledger)),
    )
    return Case(
        scenario,
        catalog,
        calendar,
        systems,
        wanted & frozenset(systems),
        regions,
        allowed,
        parameters,
        prices,
        ledger,
        tuple(unresolved),
    )


def _drawing(scenario: Scenario, system: ResolvedSystem) -> None:
    """A system draws power: what draws none could stand anywhere in any number."""
    if system.power_kw <= 0:
        keys = (f"systems.{system.id}.power", f"accelerators.{system.accelerator_id}.tdp")
        key = next((name for name in keys if name in scenario.facts), None)
        at = scenario.document.place(("facts", key)) if scenario.document is not None and key is not None else None
        raise InputError.of("wrong-value", f"{system.id} draws no power", f"state {keys[0]} under `facts`", at)


def _stated(site: Site) -> tuple[str, ...]:
    """What a site says itself and its region need not know."""
    return tuple(name for name in ("tariff", "carbon") if getattr(site, name) is not None)


def _reach(catalog: Catalog, system: ResolvedSystem, level: Level) -> int:
    """Most accelerators in one cluster of a system: its own limit, and that of the fabric it joins."""
    fabric = catalog.fabrics[system.fabric].reach if system.fabric is not None else None
    known = fabric.at(catalog.level(f"fabrics.{system.fabric}.reach", level)) if fabric is not None else None
    return system.max_cluster if known is None else min(system.max_cluster, known)


def _with_supply(scenario: Scenario, catalog: Catalog) -> frozenset[str]:
    """Systems of every accelerator that the scenario allocates, or of every one when it states a general share."""
    if scenario.supply.share is not None:
        return frozenset(catalog.systems)
    stated = {catalog.accelerator(allocation.accelerator).id for allocation in scenario.supply.allocations}
    return frozenset(key for key, system in catalog.systems.items() if system.accelerator in stated)
