"""Headline figures of a plan, each with its formula."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.plan.plan import Plan


def metric_records(plan: "Plan") -> list[dict[str, Any]]:
    """One row per metric: value, unit, and how it is computed."""
    money = plan.currency
    flows = plan.flows
    paid = -sum(flow.amount for flow in flows if flow.is_cash)
    rows = [
        ("npv", -plan.objective, money, "sum(amount * discount_factor) over cashflow"),
        ("net_present_cost", plan.objective, money, "-npv"),
        (
            "reconciliation",
            sum(flow.amount * flow.discount_factor for flow in flows) + plan.objective,
            money,
            "sum(amount * discount_factor) + net_present_cost: zero but for rounding",
        ),
        ("bound", plan.bound, money, "proved lower bound of the net present cost"),
        ("gap", plan.gap, "fraction", "|net_present_cost - bound| / |net_present_cost|"),
        ("cash_paid", paid, money, "-sum(amount) over cashflow where is_cash"),
    ]
    by_line: dict[str, float] = defaultdict(float)
    for flow in flows:
        by_line[flow.line] -= flow.amount * flow.discount_factor
    rows += [
        (f"present_cost_{line}", value, money, f"-sum(amount * discount_factor) of line {line}")
        for line, value in sorted(by_line.items())
    ]
    bought = bought_accelerators(plan)
    rows += [
        (
            f"goal_{stage.name.replace(' ', '_')}",
            stage.value,
            stage.unit,
            "what is sought besides cost, recomputed by the check",
        )
        for stage in plan.stages
        if stage.name != "cost"
    ]
    rows.append(("accelerators_bought", float(sum(bought.values())), "accelerators", "sum over builds"))
    rows.append(("peak_site_power", peak_mw(plan), "MW", "largest sum over sites of IT load times PUE in one period"))
    energy = sum(row["energy_mwh"] for row in _fleet(plan))
    rows.append(("energy", energy, "MWh", "IT power x load factor x PUE x hours"))
    tokens = sum(row["delivered"] * hours for row, hours in _delivered(plan)) * 3600.0
    rows.append(("stream_tokens", tokens, "tokens", "sum of delivered tokens/s x hours x 3600 over continuous work"))
    rate = plan.scenario.finance.discount_rate
    per_quarter = (1.0 + rate) ** 0.25 - 1.0
    rows.append(("discount_rate", rate, "per year", "finance.discount_rate, nominal, effective"))
    rows.append(("discount_rate_per_quarter", per_quarter, "per quarter", "(1 + discount_rate)^(1/4) - 1"))
    timing = plan.scenario.finance.opex_timing
    convention = (
        f"nominal {money}, discounted to {plan.problem.calendar.start.isoformat()}; "
        f"capital at the start of a period, running cost at its {timing}"
    )
    return [
        {"metric": name, "value": value, "unit": unit, "convention": convention, "formula": formula}
        for name, value, unit, formula in rows
    ]


def bought_accelerators(plan: "Plan") -> dict[str, int]:
    """Accelerators bought (new orders and accepted pending ones) by kind."""
    problem = plan.problem
    systems = {row.id: row for row in problem.systems}
    counts: dict[str, int] = defaultdict(int)
    for order in plan.decisions.orders:
        counts[systems[order.system].accelerator] += order.count * systems[order.system].accelerators
    accepted = {record.order_id for record in plan.decisions.accepted}
    for row in problem.pending:
        if row.id in accepted:
            system = problem.systems[row.system]
            counts[system.accelerator] += row.count * system.accelerators
    return dict(sorted(counts.items()))


def peak_mw(plan: "Plan") -> float:
    """Largest grid power of any period, all sites together, MW."""
    by_period: dict[str, float] = defaultdict(float)
    for row in _fleet(plan):
        by_period[row["period"]] += row["site_mw"]
    return max(by_period.values(), default=0.0)


def _fleet(plan: "Plan") -> list[dict[str, Any]]:
    from planner.plan import records

    return records.fleet(plan.case, plan.problem, plan.track)


def _delivered(plan: "Plan") -> list[tuple[dict[str, Any], float]]:
    from planner.plan import records

    hours = {period.label: period.hours for period in plan.problem.calendar}
    rows = records.targets(plan.problem, plan.decisions)
    return [(row, hours[row["period"]]) for row in rows if row["kind"] == "continuous"]
