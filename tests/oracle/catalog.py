"""Facts of the tiny catalog for the brute force, read through the catalog, policy and throughput stages only."""

from functools import cache

from planner.catalog.entry import start_of
from planner.catalog.load import Catalog, load_catalog
from planner.catalog.national import national_supply
from planner.catalog.resolve import planning, resolve_region, resolve_system
from planner.policy.permissions import permissions
from planner.scenario.model import PendingOrder, Scenario, Workload
from planner.scenario.periods import label_start
from planner.throughput.inputs import Recipe
from planner.throughput.rates import flops_of, machine_of
from planner.throughput.rates import rate as estimate
from planner.units import HOURS_PER_YEAR, Money
from tests.oracle.facts import Facts, Kind
from tests.oracle.tiny import CATALOG

FIGURES = (
    "grid-expansion-cost",
    "retrofit-cost",
    "lead-time-grid-expansion",
    "lead-time-hall-expansion",
    "lead-time-liquid-retrofit",
    "facility-life",
    "lead-time-rent",
    "relocation-time",
    "installation-time",
    "lead-time-network",
    "network-life",
    "hardware-maintenance",
    "attrition",
    "relocation-cost-within",
    "relocation-cost-between",
    "idle-power",
    "network-power",
    "storage-power",
)


def recipe_of(work: Workload) -> Recipe:
    return Recipe(seq=work.recipe.sequence, global_batch=work.recipe.global_batch, precision=work.recipe.precision)


@cache
def tiny_catalog() -> Catalog:
    return load_catalog((CATALOG,))


@cache
def _rate(model: str, sequence: int, batch: int, precision: str, system: str, accelerators: int) -> float:
    catalog = tiny_catalog()
    recipe = Recipe(seq=sequence, global_batch=batch, precision=precision)
    return estimate(
        catalog.transformer(model), recipe, resolve_system(catalog, system), accelerators
    ).effective_tokens_per_s


def rate(workload: Workload, system: str, accelerators: int) -> float:
    """Goodput of a job in tokens/s."""
    spec = workload.recipe
    return _rate(workload.model, spec.sequence, spec.global_batch, spec.precision, system, accelerators)


def rate_over(workload: Workload, system: str, accelerators: int, ratio: float, pod: int) -> float:
    """The same over an oversubscribed network."""
    catalog, recipe = tiny_catalog(), recipe_of(workload)
    machine = machine_of(resolve_system(catalog, system)).with_(oversubscription=ratio, pod=pod)
    return estimate(catalog.transformer(workload.model), recipe, machine, accelerators).effective_tokens_per_s


def facts(scenario: Scenario) -> Facts:
    """Facts of a scenario over the tiny catalog."""
    catalog = tiny_catalog().with_parameters(scenario.parameters)
    rules = permissions(catalog, scenario)

    def money(value: object) -> float:
        assert isinstance(value, Money)
        return (
            value.amount if value.currency == scenario.currency else value.amount * scenario.finance.fx[value.currency]
        )

    def number(name: str) -> float:
        value = planning(catalog, name, scenario.values)
        assert isinstance(value, float | int)
        return float(value)

    def kind(name: str) -> Kind:
        s = resolve_system(catalog, name, scenario.values, buyer_country=catalog.buyers[scenario.buyer].country)
        chip = catalog.accelerators[s.accelerator_id]
        day = start_of(chip.released.at("mid")) if chip.released else None
        return Kind(
            s.accelerator_id, s.platform or "", s.accelerators, s.power_kw, s.racks, s.cooling, money(s.price),
            s.lead_time_h, s.system_class == "server", max(d for d in (day, s.released) if d), s.max_cluster,
            chip.family or "", chip.vendor, chip.country_of_design or "", s.peak["bf16"],
        )  # fmt: skip

    def supply(accelerator: str, t: int) -> float:
        period = scenario.calendar[t]
        return national_supply(catalog, accelerator, period.start, period.end, scenario.values).accelerators or 0.0

    def cancelled(order: PendingOrder) -> float | None:
        chip = catalog.systems[order.system].accelerator
        due = label_start(order.due)
        hit = rules.cancelled(chip, label_start(order.placed), due)
        for period in scenario.calendar:  # what may not come in when it is due stays open through that period
            if (
                hit is None
                and period.start <= due < period.end
                and not rules.allowed("import", chip, None, period.index)
            ):
                hit = rules.cancelled(chip, label_start(order.placed), period.end)
        return None if hit is None else hit.refund_share or 0.0

    curve = [number(f"residual-year-{age}") for age in range(6)]

    def residual(age: float) -> float:
        year = int(age)
        if year >= 5:
            return curve[5]
        return curve[year] * (1 - (age - year)) + curve[year + 1] * (age - year)

    regions = {site.id: resolve_region(catalog, site.region, scenario.values) for site in scenario.sites}
    return Facts(
        kinds={name: kind(name) for name in catalog.systems},
        rate=rate,
        rate_over=rate_over,
        tariff={s.id: money(regions[s.id].tariff) for s in scenario.sites},
        pue={(s.id, h.id): h.pue or regions[s.id].pue[h.cooling] for s in scenario.sites for h in s.all_halls},
        life=number("hardware-life") / HOURS_PER_YEAR,
        port_hours=number("porting-time"),
        port_cost=money(planning(catalog, "engineer-cost"))
        * number("porting-staff")
        * number("porting-time")
        / HOURS_PER_YEAR,
        network=money(planning(catalog, "scale-out-network", scenario.values)),
        load=number("power-utilisation"),
        upkeep=number("hardware-maintenance"),
        residual=residual,
        national=supply,
        allowed=rules.allowed,
        cancelled=cancelled,
        delay=lambda accelerator, t: rules.delay_h("order", accelerator, t),
        duty=rules.surcharge,
        figures={
            name: money(found) if isinstance(found := planning(catalog, name), Money) else float(found)
            for name in FIGURES
        },
        carbon={s.id: regions[s.id].carbon_kg_per_kwh for s in scenario.sites},
        ripens=(number("porting-start-efficiency"), number("porting-maturity-time")),
        tflop=lambda work: flops_of(catalog.transformer(work.model), recipe_of(work)) / 1e12,
        may_rent=lambda accelerator, place, t: rules.allowed("rent", accelerator, place, t),
        building={s.id: money(regions[s.id].facility_capex) for s in scenario.sites},
    )
