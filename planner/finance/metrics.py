"""Figures of merit beyond the plan's own: return, payback, levelised cost of compute, break-even, indifference."""

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from planner.finance.statements import Statements, statements
from planner.plan.output import PFLOP_DAY, active_parameters

if TYPE_CHECKING:
    from planner.plan.plan import Plan

Row = tuple[str, float | None, str, str]
ENERGY = ("energy", "idle_energy", "network_energy", "storage_energy", "energy_subsidy", "energy_surcharge")
OF_PRICE = ("hardware_deposit", "hardware_balance", "maintenance", "residual_value", "hardware_subsidy")


def finance_metrics(plan: "Plan") -> list[dict[str, Any]]:
    """One row per figure; a value is None where the figure does not exist, and the formula says why."""
    books = statements(plan)
    rows = [*_values(books), *_returns(books), *_levelised(books), *_break_even(books), *_against(books)]
    regime = books.tax_regime.id if books.tax_regime else "none"
    convention = (
        f"nominal {plan.currency}, discounted to {plan.problem.calendar.start.isoformat()}, decisions unchanged; "
        f"tax regime {regime}, losses {books.losses}"
    )
    return [
        {"metric": name, "value": value, "unit": unit, "convention": convention, "formula": formula}
        for name, value, unit, formula in rows
    ]


def _values(books: Statements) -> list[Row]:
    money = books.plan.currency
    npv = -books.plan.objective
    return [
        ("tax_present_value", books.tax_present, money, "sum(tax x discount factor of the period's end)"),
        ("npv_after_tax", npv + books.tax_present, money, "npv + tax_present_value"),
        ("benefit_present_value", books.benefits_present, money, "sum(benefits x discount factor of the period's end)"),
        (
            "npv_with_benefit",
            npv + books.benefits_present + books.tax_present,
            money,
            "npv_after_tax + benefit_present_value",
        ),
        ("tax_written_off", sum(books.tax_write_off), money, "sum of tax depreciation within the plan"),
        ("book_written_off", sum(books.book_write_off), money, "sum of book depreciation within the plan"),
    ]


def net_flows(books: Statements) -> dict[float, float]:
    """Cash after tax with benefits, by years since the plan's start."""
    flows: dict[float, float] = defaultdict(float)
    years = books.plan.problem.discounting.years
    for flow in books.plan.flows:
        flows[years(flow.period, flow.moment)] += flow.amount
    for t, (benefit, tax) in enumerate(zip(books.benefits, books.tax, strict=True)):
        flows[years(t, "end")] += benefit + tax
    return dict(flows)


def irr(flows: dict[float, float]) -> float | None:
    """Effective yearly rate at which flows by year are worth nothing; None where there is none."""
    from pyxirr import irr as solve

    grid = 24  # half-months: the middle of a month is the finest moment there is
    amounts = [0.0] * (round(max(flows, default=0.0) * grid) + 1)
    for year, amount in flows.items():
        amounts[round(year * grid)] += amount
    if not (any(a > 0 for a in amounts) and any(a < 0 for a in amounts)):
        return None
    rate = solve(amounts, guess=0.005)
    return None if rate is None else float((1.0 + rate) ** grid - 1.0)


def sign_changes(flows: dict[float, float]) -> int:
    """How often the flows change sign in order of time: more than once, and a rate of return may not be unique."""
    signs = [flows[k] > 0 for k in sorted(flows) if flows[k]]
    return sum(a != b for a, b in itertools.pairwise(signs))


def payback(flows: dict[float, float], rate: float) -> float | None:
    """Years until the cumulative flow, discounted at a rate, is no longer negative; None when never."""
    total, years, below = 0.0, None, False
    for year in sorted(flows):
        total += flows[year] * (1.0 + rate) ** -year
        below = below or total < 0
        if total < 0:
            years = None
        elif years is None and below:
            years = year
    return years


def _returns(books: Statements) -> list[Row]:
    if books.plan.scenario.finance.benefit is None:
        why = "none: state finance.benefit, without which there is only cost"
        return [(name, None, unit, why) for name, unit in (("irr", "per year"), ("payback", "years"))]
    flows = net_flows(books)
    changes = sign_changes(flows)
    warning = f"; {changes} changes of sign: it may not be the only one" if changes > 1 else ""
    rate = books.plan.scenario.finance.discount_rate
    return [
        ("irr", irr(flows), "per year", f"after tax, by whole and half months, annualised{warning}"),
        ("irr_sign_changes", float(changes), "changes", "changes of sign of the net cash flow"),
        (
            "payback",
            payback(flows, 0.0),
            "years",
            "first time from which the sum so far is not negative",
        ),
        ("payback_discounted", payback(flows, rate), "years", "the same, discounted"),
    ]


def _levelised(books: Statements) -> list[Row]:
    plan, money = books.plan, books.plan.currency
    factor = [books.end_factor(t) for t in range(books.periods)]

    def present(line: list[float]) -> float:
        return sum(value * f for value, f in zip(line, factor, strict=True))

    work, busy, owned = present(books.output), present(books.busy_hours), present(books.owned_hours)
    precision = " and ".join(sorted({w.recipe.precision for w in plan.scenario.workloads}))
    unit = f"{money}/effective PFLOP-day"
    lcoc = plan.objective / work if work else None
    rows: list[Row] = [
        ("lcoc", lcoc, unit, f"net present cost / present effective PFLOP-days (trained at {precision}, end of period)")
    ]
    by_line: dict[str, float] = defaultdict(float)
    for flow in plan.flows:
        by_line[flow.line] -= flow.amount * flow.discount_factor
    rows += [
        (f"lcoc_{line}", value / work if work else None, unit, f"part of lcoc: line {line}")
        for line, value in sorted(by_line.items())
    ]
    for model in sorted({w.model for w in plan.scenario.workloads}):
        flops = 6.0 * active_parameters(plan.case, model) * 1e12 / PFLOP_DAY
        value = None if lcoc is None else lcoc * flops
        formula = f"lcoc x 6 x active parameters of {model} x 1e12 / 8.64e19"
        rows.append((f"lcoc_per_trillion_tokens_{model}", value, f"{money}/1e12 tokens", formula))
    hour = f"{money}/accelerator-hour"
    cost = plan.objective
    return [
        *rows,
        ("cost_per_owned_hour", cost / owned if owned else None, hour, "net present cost / present hours in service"),
        ("cost_per_busy_hour", cost / busy if busy else None, hour, "net present cost / present hours at work"),
        (
            "indifference_rent",
            (cost - books.tax_present) / (busy * (1.0 - books.rate)) if busy and books.rate < 1 else None,
            hour,
            "rent at which renting the hours at work costs the same after tax: "
            "(net present cost - tax present value) / (present hours at work x (1 - tax rate))",
        ),
    ]


def _break_even(books: Statements) -> list[Row]:
    """Factors on one price at which benefits before tax pay for all, the decisions unchanged."""
    plan, value = books.plan, books.benefits_present
    if plan.scenario.finance.benefit is None:
        why = "none: state finance.benefit"
        return [(f"break_even_{name}", None, "factor", why) for name in ("tariff", "hardware_price", "utilisation")]
    by_line: dict[str, float] = defaultdict(float)
    for flow in plan.flows:
        by_line[flow.line] -= flow.amount * flow.discount_factor
    energy = sum(by_line[line] for line in ENERGY)
    hardware = sum(by_line[line] for line in OF_PRICE)
    rest = plan.objective

    def root(part: float, others: float) -> float | None:
        found = (value - others) / part if part else None
        return found if found is not None and found > 0 else None

    used = plan.objective / value if value > 0 and plan.objective > 0 else None
    return [
        ("break_even_tariff", root(energy, rest - energy), "factor", "on energy prices; none when not positive"),
        (
            "break_even_hardware_price",
            root(hardware, rest - hardware),
            "factor",
            "on hardware prices, upkeep, resale",
        ),
        ("break_even_utilisation", used, "factor", "on work done, at the same running cost"),
    ]


def _against(books: Statements) -> list[Row]:
    """Cost avoided against each counterfactual."""
    money = books.plan.currency
    return [
        (
            f"npv_against_{world.id}",
            world.difference,
            money,
            f"net present cost of '{world.title}' less the plan's",
        )
        for world in books.plan.worlds
    ]
