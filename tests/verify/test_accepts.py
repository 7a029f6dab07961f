"""The plan worked out by hand passes, and is priced to the cent."""

from dataclasses import replace

import pytest

from planner.plan.decisions import Decisions, Order
from planner.plan.verify import CHECKS, Case, examine
from tests.verify.hand import PLAN, HandWorld, scenario


def test_a_feasible_plan_passes_every_check():
    verdict = examine(Case(scenario(), HandWorld(), PLAN))
    assert verdict.violations == ()
    assert verdict.ok


def test_its_cash_is_what_pencil_and_paper_give():
    """Each line summed undiscounted; 2026 has quarters of 90, 91, 92 and 92 days."""
    verdict = examine(Case(scenario(), HandWorld(), PLAN))
    lines: dict[str, float] = {}
    for flow in verdict.cash:
        lines[flow.line] = lines.get(flow.line, 0.0) + flow.amount
    hours = [90 * 24.0, 91 * 24.0, 92 * 24.0, 92 * 24.0]
    alpha = 10 * 0.5 * 1.25 * 0.4 * (2 * hours[0] + 6 * sum(hours[1:]))
    beta = 100 * 0.5 * 1.1 * 0.4 * (hours[1] + hours[2])
    gamma = 5 * 0.5 * 1.25 * 0.5 * (hours[0] + hours[1])
    upkeep = 1000 * (2 * hours[0] + 6 * sum(hours[1:])) + 14000 * sum(hours[1:]) + 500 * 2 * (hours[0] + hours[1])
    assert lines == pytest.approx(
        {
            "hardware_deposit": -0.3 * (4 * 1000 + 14000),
            "hardware_balance": -0.7 * (4 * 1000 + 14000),
            "pending_balance": -0.5 * 2 * 1000,
            "refund": 0.5 * 0.4 * 3 * 500,
            "network": -3 * 8 * 6,
            "energy": -(alpha + beta + gamma),
            "maintenance": -0.1 * upkeep / 8760,
            "porting": -70,
            "shortfall": -0.02 * 10 * hours[3] * 3600 / 1e6,
            "residual": (0.8 - 0.4 * 0.75) * 18000 + 0.4 * 2000,
        }
    )


def test_cash_is_discounted_from_its_own_date():
    verdict = examine(Case(scenario(), HandWorld(), PLAN))
    balance = next(f for f in verdict.cash if f.line == "hardware_balance" and f.item == "beta-64")
    energy = next(f for f in verdict.cash if f.line == "energy" and f.period == 3)
    assert balance.present == pytest.approx(-0.7 * 14000 / 1.08**0.25)
    assert energy.factor == pytest.approx(1 / 1.08)
    assert verdict.objective == pytest.approx(-sum(f.present for f in verdict.cash))


def test_a_missed_run_costs_its_price_at_its_deadline():
    nothing = scenario(installed=[], orders=[], workloads=[scenario().workloads[2]])
    plan = Decisions.from_json({"missed": [{"workload": "frontier"}]})
    verdict = examine(Case(nothing, HandWorld(), plan))
    assert verdict.ok
    assert verdict.objective == pytest.approx(9000 / 1.08**0.75)


def test_duty_raises_price_and_residual_alike():
    plain = examine(Case(scenario(), HandWorld(), PLAN)).cash
    taxed = examine(Case(scenario(), HandWorld(duties={"beta": 0.25}), PLAN)).cash
    raised = {"hardware_deposit", "hardware_balance", "residual"}
    for before, after in zip(plain, taxed, strict=True):
        factor = 1.25 if before.item == "beta-64" and before.line in raised else 1.0
        assert after.amount == pytest.approx(before.amount * factor)


def test_the_claimed_cost_may_differ_by_rounding_only():
    true = examine(Case(scenario(), HandWorld(), PLAN)).objective
    assert examine(Case(scenario(), HandWorld(), PLAN, true * (1 + 5e-7))).ok
    assert not examine(Case(scenario(), HandWorld(), PLAN, true * (1 + 2e-6))).ok


def test_check_names_are_unique_and_every_check_says_what_must_hold():
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert check.title.endswith("."), check.name


def test_storage_is_paid_by_the_accelerator_and_month():
    """One server of eight more than is placed, from July to December: 8 x 6 months at 2 CNY."""
    plan = replace(PLAN, orders=(*PLAN.orders, Order("alpha-8", 1, 1)))
    question = scenario(warehouse={"price_per_month": "2 CNY"})
    cash = examine(Case(question, HandWorld(), plan)).cash
    assert sum(flow.amount for flow in cash if flow.line == "warehouse") == pytest.approx(-8 * 6 * 2)
