"""Every output column: meaning, unit and type. The contract of `Plan.frames()`, the CSV files and the JSON frames.

Names may hold `{currency}` and `{reporting}`: the plan's currency and the one it reports in besides, in small letters
(`amount_cny`, `amount_usd`). Columns of the latter are there only where there is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Dtype = Literal["text", "number", "count", "flag", "date", "period", "any"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    dtype: Dtype
    meaning: str
    unit: str = ""


def _c(name: str, dtype: Dtype, meaning: str, unit: str = "") -> Column:
    return Column(name, dtype, meaning, unit)


PERIOD = _c("period", "period", "period of the plan")
SITE = _c("site", "text", "site")
HALL = _c("hall", "text", "hall of the site")
SYSTEM = _c("system", "text", "system, catalog id")
ACCELERATOR = _c("accelerator", "text", "accelerator, catalog id")
CURRENCY = _c("currency", "text", "currency of the money columns, nominal")

COLUMNS: dict[str, tuple[Column, ...]] = {
    "objectives": (
        _c("rank", "count", "order of importance, 1 first; cost comes last unless it was named before"),
        _c(
            "objective",
            "text",
            "cost, throughput, completion, energy, carbon, concentration, shortage, or shortage of priority 1, 2, ...",
        ),
        _c("value", "number", "what the plan comes to, recomputed by the independent check", "unit"),
        _c("bound", "any", "what no plan betters that keeps the goals before it", "unit"),
        _c("gap", "any", "|value - bound| / |value|", "fraction"),
        _c("unit", "text", "unit of value and bound"),
        _c("tolerance", "number", "share by which later goals may worsen it", "fraction"),
        _c("status", "text", "optimal, time_limit or interrupted"),
    ),
    "builds": (
        _c("build_id", "text", "number of the order; pending orders keep their id"),
        _c("site", "text", "sites at which it is placed in service (first in, first out)"),
        _c("vendor", "text", "vendor of the system"),
        _c("product", "text", "system, catalog id"),
        _c("order_period", "period", "period in which it is ordered; empty for pending orders"),
        _c("in_service_period", "period", "period in which the first of it is placed in service"),
        _c("retire_period", "period", "period in which the last of it is retired; empty while any is in service"),
        _c("systems", "count", "systems ordered"),
        _c("accelerators", "count", "accelerators in them"),
        _c("capex_hw_{currency}", "number", "price paid from the plan's start on, tariffs included, positive"),
        _c("capex_network_{currency}", "number", "its scale-out network, paid when it is placed in service"),
        _c("capex_facility_{currency}", "number", "building and plant bought for it alone; that of halls has no order"),
        _c("capex_other_{currency}", "number", "what else is capital: value-added tax that is not reclaimed"),
        _c("supply_source", "text", "allocation or pending order"),
        _c("export_status", "text", "domestic; or imported, and whether under an export control"),
        SYSTEM,
        ACCELERATOR,
        _c("arrival_period", "period", "period at whose start it arrives"),
        _c("hardware_cost", "number", "the same as capex_hw, in any currency", "currency"),
        CURRENCY,
        _c("source", "text", "new order or pending order"),
    ),
    "lots": (
        _c("build_id", "text", "order it belongs to"),
        SYSTEM,
        SITE,
        HALL,
        _c("order_period", "period", "ordered; empty when before the plan"),
        _c("delivery_period", "period", "delivered at its start"),
        _c("in_service_period", "period", "placed in service at its start; empty for what stays in store"),
        _c("retire_period", "period", "retired at its start; empty for what is in service at the plan's end"),
        _c("systems", "count", "systems of the lot"),
    ),
    "installs": (
        PERIOD,
        SITE,
        HALL,
        SYSTEM,
        _c("action", "text", "install, retire, move out or move in, at the start of the period"),
        _c("systems", "count", "systems"),
        _c("accelerators", "count", "accelerators in them"),
    ),
    "fleet": (
        PERIOD,
        SITE,
        _c("product", "text", "system, catalog id"),
        _c("systems_open", "count", "in service before the period"),
        _c("systems_added", "count", "placed in service at its start, moved in included"),
        _c("systems_retired", "count", "retired at its start, moved out included"),
        _c("systems_close", "count", "in service through the period: open + added - retired"),
        _c("accelerators", "count", "accelerators in service"),
        _c(
            "it_mw", "number", "IT power of what is on, with its network and storage and what is off where stated", "MW"
        ),
        _c("site_mw", "number", "the same at the meter: IT power times PUE", "MW"),
        _c(
            "energy_mwh",
            "number",
            "energy at the meter: IT power x load factor (of systems at work) x PUE x hours",
            "MWh",
        ),
        _c("peak_pflops_bf16_dense", "number", "dense bf16 peak of what is in service", "PFLOP/s"),
        _c("mfu", "number", "6 x active parameters x tokens/s over the bf16 peak of what is at work, before goodput"),
        _c("goodput", "number", "share of that work that counts after failures; empty without work"),
        _c(
            "effective_pflop_days",
            "number",
            "6 x active parameters x tokens trained / 8.64e19: peak at bf16 x mfu x goodput x days",
            "PFLOP-days",
        ),
        _c("scaleup_domain", "count", "accelerators in one scale-up domain"),
        _c("jobs_max_accelerators", "count", "accelerators of the largest job"),
        HALL,
        SYSTEM,
        ACCELERATOR,
        _c("systems_installing", "number", "of those in service, being installed, averaged over the period"),
        _c("systems_failed", "number", "of those in service, failed beyond repair when the period begins"),
        _c("systems_powered", "number", "switched on, averaged over the period"),
        _c("busy_accelerators", "number", "at work, averaged over the period"),
        _c("peak_pflops_bf16", "number", "the same as peak_pflops_bf16_dense", "PFLOP/s"),
    ),
    "sites": (
        PERIOD,
        SITE,
        _c("cooling", "text", "air or liquid"),
        _c("it_mw_cap", "number", "IT power the hall feeds and cools", "MW"),
        _c("it_mw_used", "number", "IT power drawn: what is on, and what else the scenario counts (`power`)", "MW"),
        _c("rack_kw_limit", "number", "most power one rack position may draw", "kW"),
        _c("racks_used", "number", "rack positions taken by what is in service", "racks"),
        _c("pue", "number", "power usage effectiveness"),
        _c("tariff_{currency}_per_kwh", "number", "price of energy in the period, escalated", "currency per kWh"),
        _c("carbon_kg_per_kwh", "number", "carbon factor of the grid", "kg/kWh"),
        _c("water_m3", "number", "water evaporated; empty where the scenario states no use of water", "m3"),
        _c("co2_t", "number", "energy times the grid's carbon factor", "t"),
        _c("retrofit_mw", "number", "IT power turned from air to liquid cooling", "MW"),
        _c("headroom_mw", "number", "cap less used", "MW"),
        HALL,
        _c("grid_mw_cap", "number", "grid contract of the whole site", "MW"),
        _c("grid_mw_used", "number", "of it, used by this hall", "MW"),
        _c("racks", "number", "rack positions of the hall", "racks"),
        _c("energy_mwh", "number", "energy at the meter", "MWh"),
    ),
    "expansions": (
        SITE,
        _c("option", "text", "step of power or space, or the liquid hall that a retrofit makes"),
        _c("hall", "text", "hall that it enlarges or opens; empty for grid power"),
        _c("closes", "text", "hall that closes for it when it is decided"),
        _c("decided", "text", "period at whose start it is decided and paid"),
        _c("ready", "text", "first period of its use"),
        _c("steps", "count", "how many steps"),
        _c("grid_mw", "number", "grid power that they add", "MW"),
        _c("it_mw", "number", "IT power that they add", "MW"),
        _c("racks", "number", "rack positions that they add", "racks"),
        _c("cost", "number", "price paid, positive", "currency"),
        CURRENCY,
    ),
    "pending": (
        _c("order", "text", "id of an order placed before the plan"),
        SYSTEM,
        ACCELERATOR,
        _c("systems", "count", "systems ordered"),
        _c("accelerators", "count", "accelerators in them"),
        _c("due_period", "period", "period at whose start it falls due"),
        _c("fate", "text", "taken or cancelled"),
        _c("rule", "text", "rule that voids it or keeps it out; empty where the plan decides"),
        _c("reason", "text", "why it is cancelled"),
        _c("refund", "number", "what comes back of what was paid, positive", "currency"),
        CURRENCY,
    ),
    "rentals": (
        _c("offer", "text", "offer for rent"),
        _c("region", "text", "where it runs"),
        SYSTEM,
        ACCELERATOR,
        _c("first_period", "text", "first period that the contract holds"),
        _c("last_period", "text", "last period of the plan that it holds"),
        _c("systems", "count", "systems rented"),
        _c("accelerators", "count", "accelerators in them"),
        _c("rent", "number", "rent of these periods, positive", "currency"),
        CURRENCY,
    ),
    "stock": (
        PERIOD,
        SYSTEM,
        ACCELERATOR,
        _c("systems_open", "number", "in store before the period"),
        _c("systems_delivered", "count", "delivered at its start"),
        _c("systems_placed", "count", "taken out of store and placed in service at its start"),
        _c("systems_spares", "number", "taken out of store at its start to replace failed ones; parts of a system too"),
        _c("systems_given_up", "number", "taken out of store at its start by a rule"),
        _c("systems_close", "number", "in store through the period: open + delivered - placed - spares - given up"),
        _c("accelerators", "number", "accelerators in store through the period"),
        _c("cost", "number", "paid for storage, value-added tax included, positive", "currency"),
        CURRENCY,
    ),
    "networks": (
        PERIOD,
        SITE,
        HALL,
        _c("network", "text", "network to which ports are raised, from the next nearer one or from nothing"),
        _c("reach", "count", "most accelerators of one job over it"),
        _c("oversubscription", "number", "edge over core bandwidth"),
        _c("raised", "count", "accelerators whose ports are raised to it in this period"),
        _c("ports", "count", "accelerators whose ports reach it, or a farther one, from then on"),
        _c("w_per_accelerator", "number", "power of all its tiers per accelerator at work over it", "W"),
        _c("in_use", "period", "first period in which these ports are there; they are paid for then"),
        _c("cost", "number", "price paid, positive", "currency"),
        CURRENCY,
    ),
    "jobs": (
        PERIOD,
        _c("workload", "text", "divisible workload"),
        SITE,
        HALL,
        SYSTEM,
        _c("accelerators_per_job", "count", "accelerators of one job, or of its part on this kind of system"),
        _c("beside", "text", "other kind of system that does part of each job, in a row of its own"),
        _c("beside_accelerators", "count", "its accelerators in one job, 0 where there is none"),
        _c("jobs", "number", "concurrent jobs, averaged over the period"),
        _c("network", "text", "network over which they run, where the hall buys its own"),
        _c("tokens_per_s", "number", "their throughput after goodput", "tokens/s"),
        _c(
            "software_efficiency",
            "number",
            "rate of their software over mature software, mean of the period",
            "fraction",
        ),
    ),
    "targets": (
        _c("period", "period", "period; for a run the one in which it ends"),
        _c("required_effective_pflop_days", "number", "the target as 6 x active parameters x tokens", "PFLOP-days"),
        _c("delivered", "number", "what the plan delivers", "unit"),
        _c("shortfall", "number", "what is missing", "unit"),
        _c("penalty_{currency}", "number", "paid for what is missing, positive, undiscounted"),
        _c("workload", "text", "workload"),
        _c("kind", "text", "continuous, budget (tokens by the end of a period) or run"),
        _c("required", "number", "target", "unit"),
        _c("unit", "text", "unit of required, delivered and shortfall"),
        _c("delivered_effective_pflop_days", "number", "what is delivered, likewise", "PFLOP-days"),
        _c("system", "text", "system of a run"),
        _c("accelerators", "any", "accelerators of a run"),
        SITE,
        HALL,
        _c("start", "period", "period in which a run begins"),
        _c("days", "any", "length of a run", "days"),
        _c("tokens_per_s", "any", "throughput of a run after goodput", "tokens/s"),
    ),
    "cashflow": (
        _c("k", "number", "point of time in periods since the plan's start: 0, 1, 2, ...; halves for mid-period"),
        PERIOD,
        _c("date", "date", "day of the payment; for the end of a period the day after it"),
        _c("line", "text", "what is paid"),
        _c("asset_class", "text", "class for depreciation; none for running cost"),
        SITE,
        _c("amount_{currency}", "number", "nominal amount; money paid out is negative", "currency"),
        _c("amount_{reporting}", "number", "the same at the rate of its period", "reporting currency"),
        _c("fx_{currency}_per_{reporting}", "number", "that rate"),
        _c("discount_factor", "number", "(1 + r)^-years since the plan's start"),
        _c("pv_{currency}", "number", "amount x discount_factor", "currency"),
        _c("is_cash", "flag", "false for the residual value at the plan's end"),
        _c("is_tax", "flag", "true for tax and its reliefs; the plan's own rows are before tax"),
        _c("item", "text", "system, order, port, hall or workload it belongs to"),
        _c("amount", "number", "the same as amount_{currency}, in any currency", "currency"),
        CURRENCY,
        _c("present_value", "number", "the same as pv_{currency}", "currency"),
    ),
    "constraints": (
        _c("name", "text", "constraint of docs/formulation.md"),
        _c("kind", "text", "limit (of what is there) or demand (of what is asked)"),
        PERIOD,
        SITE,
        _c("product", "text", "accelerator concerned, of limits on supply"),
        _c("lhs", "number", "what the plan uses or delivers", "unit"),
        _c("rhs", "number", "limit or target", "unit"),
        _c("unit", "text", "unit of lhs, rhs and slack"),
        _c("sense", "text", "<=, >= or =="),
        _c("slack", "number", "what is left", "unit"),
        _c("binding", "flag", "used up, or priced by the relaxation"),
        _c(
            "shadow_price",
            "number",
            "what one unit more of a limit saves or of a demand costs, in the linear relaxation",
            "currency per unit",
        ),
        _c("note", "text", "where the shadow price comes from"),
        _c("item", "text", "accelerator, cooling, workload or budget concerned"),
    ),
    "metrics": (
        _c("metric", "text", "name"),
        _c("value", "number", "value", "unit"),
        _c("unit", "text", "unit"),
        _c("convention", "text", "nominal or real, currency, date of present values"),
        _c("formula", "text", "how it is computed"),
    ),
    "inputs": (
        _c("key", "text", "kind, entry and field of the catalog or scenario"),
        _c("low", "any", "lowest plausible value", "unit"),
        _c("mid", "any", "most plausible value", "unit"),
        _c("high", "any", "highest plausible value", "unit"),
        _c("used", "any", "value this plan used", "unit"),
        _c("unit", "text", "unit"),
        _c("source", "any", "ids of catalogs/sources.yaml"),
        _c("confidence", "text", "how sure the source is"),
        _c("as_of", "text", "when it was true"),
        _c("kind", "text", "fact, assumption, scenario or derived"),
        _c("note", "text", "what the source says, or the basis of an assumption"),
        _c("assumption", "text", "id of the assumption that gave it"),
    ),
}
"""Tables and their columns, in order."""


def columns_of(table: str, currency: str, reporting: str | None) -> Iterator[Column]:
    """Columns of a table of a plan in some currency, with its names filled in."""
    other = None if reporting is None or reporting == currency else reporting.lower()
    for column in COLUMNS[table]:
        if "{reporting}" in column.name and other is None:
            continue
        names = {"currency": currency.lower(), "reporting": other or ""}
        meaning = column.meaning.replace("{currency}", names["currency"])
        yield replace(column, name=column.name.format(**names), meaning=meaning)
