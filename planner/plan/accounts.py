"""Orders and cash as tidy tables, in the scenario's currency and in the one it reports in."""

from collections import defaultdict
from typing import Any

from planner.costs.events import Events
from planner.plan.cash import CashFlow
from planner.plan.decisions import Decisions
from planner.plan.lots import Lot, lots, numbered
from planner.problem.arrays import Problem
from planner.problem.case import Case

Records = list[dict[str, Any]]
HARDWARE_LINES = ("hardware_deposit", "hardware_balance")


def builds(case: Case, problem: Problem, decisions: Decisions) -> Records:
    """One row per order: what is ordered when, when it arrives and enters service, and what it costs."""
    index = {row.id: i for i, row in enumerate(problem.systems)}
    held: dict[str, list[Lot]] = defaultdict(list)
    for lot in lots(problem, decisions):
        held[lot.build_id].append(lot)
    rows: Records = []
    for build_id, order in numbered(decisions):
        i = index[order.system]
        events = problem.order_events[i, order.period]
        rows.append(_build(case, problem, build_id, i, order.count, held[build_id], events))
    accepted = {record.order_id for record in decisions.accepted}
    for pending in problem.pending:
        if pending.id in accepted:
            once = tuple(event.scaled(1.0 / pending.count) for event in pending.accepted)
            rows.append(_build(case, problem, pending.id, pending.system, pending.count, held[pending.id], once))
    return rows


def _build(
    case: Case, problem: Problem, build_id: str, i: int, count: int, held: list[Lot], events: Events
) -> dict[str, Any]:
    """A row of `builds`; `events` are those of one system."""
    system, cur = problem.systems[i], problem.currency.lower()
    label = [period.label for period in problem.calendar]
    placed = [lot for lot in held if lot.in_service is not None]
    service = [t for lot in placed if (t := lot.in_service) is not None]
    retired = [lot.retired for lot in held]
    ordered, arrival = held[0].ordered, held[0].delivered
    network = other = 0.0
    halls = {row.id: h for h, row in enumerate(problem.halls)}
    for lot in placed:
        h = halls[f"{lot.site}/{lot.hall}"]
        for event in problem.placed_events(i, h, lot.in_service or 0):
            if event.line == "network":
                network -= event.amount * lot.count
            elif event.asset_class != "none":
                other -= event.amount * lot.count
    hardware = -sum(event.amount for event in events if event.line in HARDWARE_LINES) * count
    other -= sum(event.amount for event in events if event.line == "vat") * count
    return {
        "build_id": build_id,
        "site": " ".join(sorted({lot.site for lot in placed if lot.site})) or None,
        "vendor": system.vendor,
        "product": system.id,
        "order_period": None if ordered is None else label[ordered],
        "in_service_period": label[min(service)] if service else None,
        "retire_period": label[max(t for t in retired if t is not None)] if None not in retired else None,
        "systems": count,
        "accelerators": count * system.accelerators,
        f"capex_hw_{cur}": hardware,
        f"capex_network_{cur}": network,
        f"capex_facility_{cur}": 0.0,
        f"capex_other_{cur}": other,
        "supply_source": "pending order" if ordered is None else "allocation",
        "export_status": _export_status(case, system.id),
        "system": system.id,
        "accelerator": system.accelerator,
        "arrival_period": label[arrival],
        "hardware_cost": hardware,
        "currency": problem.currency,
        "source": "pending order" if ordered is None else "new order",
    }


def _export_status(case: Case, system: str) -> str:
    """Whether the buyer's order crosses a border, and whose control it is under."""
    found = case.systems[system]
    country = case.catalog.buyers[case.scenario.buyer].country
    if found.origin_country is not None and found.origin_country == country:
        return "domestic"
    if found.us_controlled is None:
        return "imported, control unknown"
    return "imported, controlled" if found.us_controlled else "imported, not controlled"


def lot_records(problem: Problem, decisions: Decisions) -> Records:
    """One row per order, hall and dates: ordered, delivered, in service, retired; first in, first out."""
    label = [period.label for period in problem.calendar]

    def told(period: int | None) -> str | None:
        return None if period is None else label[period]

    return [
        {
            "build_id": lot.build_id,
            "system": lot.system,
            "site": lot.site,
            "hall": lot.hall,
            "order_period": told(lot.ordered),
            "delivery_period": label[lot.delivered],
            "in_service_period": told(lot.in_service),
            "retire_period": told(lot.retired),
            "systems": lot.count,
        }
        for lot in lots(problem, decisions)
    ]


def cashflow(case: Case, problem: Problem, flows: tuple[CashFlow, ...]) -> Records:
    """One row per dated amount; `amount * discount_factor` sums to minus the objective."""
    return [cash_record(case, problem, flow) for flow in flows]


def cash_record(case: Case, problem: Problem, flow: CashFlow, *, is_tax: bool = False) -> dict[str, Any]:
    """A row of `cashflow`."""
    cur, other = problem.currency.lower(), case.scenario.finance.reported_in()
    row = {
        "k": flow.k,
        "period": problem.calendar[flow.period].label,
        "date": flow.date.isoformat(),
        "line": flow.line,
        "asset_class": flow.asset_class,
        "site": flow.site,
        "item": flow.item,
        f"amount_{cur}": flow.amount,
        "discount_factor": flow.discount_factor,
        f"pv_{cur}": flow.amount * flow.discount_factor,
        "is_cash": flow.is_cash,
        "is_tax": is_tax,
        "amount": flow.amount,
        "currency": problem.currency,
        "present_value": flow.amount * flow.discount_factor,
    }
    if other is not None and other != problem.currency:
        rate = case.prices.exchange.rate(other, flow.period)
        row[f"amount_{other.lower()}"] = flow.amount / rate
        row[f"fx_{cur}_per_{other.lower()}"] = rate
    return row
