"""Depreciation, tax and figures of merit, each against pencil and paper or a second way of computing it."""

from datetime import date

import numpy_financial
import pytest

import planner
from planner.catalog.load import load_catalog
from planner.catalog.tax import AssetRule
from planner.errors import InputError
from planner.finance.depreciation import written_off, yearly
from planner.finance.metrics import irr, net_flows, payback, sign_changes
from planner.finance.statements import statements
from planner.io.yaml import loads, parse
from planner.plan.output import PFLOP_DAY, active_parameters
from tests.finance.worlds import tiny

YEARS = 8766.0
JULY = date(2026, 7, 1)
MACRS = AssetRule(method="table", table=(0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576))


def by(rule, *days):
    return [written_off(rule, JULY, date(*day, 1)) for day in days]


def test_a_table_falls_by_tax_year():
    """Placed in service in July 2026: 20 % by the end of 2026 whatever the month, 32 % in 2027, all by 2032."""
    assert by(MACRS, (2026, 7), (2026, 10), (2027, 1), (2027, 4), (2028, 1), (2032, 1)) == pytest.approx(
        [0, 0.1, 0.2, 0.28, 0.52, 1.0]
    )


def test_bonus_comes_before_the_table():
    half = MACRS.model_copy(update={"bonus": 0.5})
    assert by(half, (2027, 1), (2028, 1), (2032, 1)) == pytest.approx([0.6, 0.5 + 0.5 * 0.52, 1.0])


def test_a_straight_line_with_residual_from_the_month_after():
    """China: three years, 5 % residual, from August."""
    rule = AssetRule(method="straight_line", life=f"{3 * YEARS} h", residual=0.05, lag_months=1)
    assert by(rule, (2026, 8), (2027, 2), (2029, 8), (2035, 1)) == pytest.approx([0, 0.95 * 6 / 36, 0.95, 0.95])


def test_declining_balance_switches_when_the_line_is_larger():
    """40 % of what is left for five years: 0.4, 0.24, 0.144; then half of 0.216 twice."""
    rule = AssetRule(method="declining_balance", life=f"{5 * YEARS} h")
    assert yearly(rule) == pytest.approx((0.4, 0.24, 0.144, 0.108, 0.108))
    never = rule.model_copy(update={"switch": "never"})
    assert yearly(never) == pytest.approx((0.4, 0.24, 0.144, 0.0864, 0.05184))


def test_the_chinese_declining_balance_is_straight_in_its_last_two_years():
    rule = AssetRule(method="declining_balance", life=f"{3 * YEARS} h", residual=0.05, switch="last_two_years")
    assert yearly(rule) == pytest.approx((2 / 3, (1 / 3 - 0.05) / 2, (1 / 3 - 0.05) / 2))


def test_sum_of_the_years_digits():
    rule = AssetRule(method="sum_of_years", life=f"{4 * YEARS} h", residual=0.1)
    assert yearly(rule) == pytest.approx((0.36, 0.27, 0.18, 0.09))


def test_what_is_deducted_at_once_is_gone_the_month_after():
    rule = AssetRule(method="expensed", lag_months=1)
    assert by(rule, (2026, 8), (2026, 9)) == [0.0, 1.0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("method: straight_line\nlife: 0 years", "a life must be longer than nothing"),
        ("method: straight_line", "needs a life"),
        ("method: table\ntable: [0.5, 0.4]", "add up to 0.9, not 1"),
    ],
)
def test_a_rule_that_makes_no_sense_names_its_line(text, fault):
    with pytest.raises(InputError) as error:
        parse(AssetRule, loads(text, "tax.yaml"))
    assert fault in str(error.value)
    assert "tax.yaml:" in str(error.value)


def test_every_shipped_rule_writes_off_no_more_than_the_cost():
    for regime in load_catalog(("builtin",)).tax_regimes.values():
        for rule in regime.classes.values():
            assert written_off(rule, JULY, date(2076, 1, 1)) == pytest.approx(1.0 - rule.residual * (1 - rule.bonus))


@pytest.fixture(scope="module")
def taxed(tmp_path_factory):
    """A plan over the tiny catalog and a regime of its own: a table of two years, 25 %."""
    folder = tmp_path_factory.mktemp("tax")
    (folder / "tax_regimes.yaml").write_text(
        "tax_regimes:\n  - {id: toy, name: Toy, rate: 25 %, losses: used, "
        "classes: {other: {method: table, table: [0.6, 0.4]}}}\n"
        "  - {id: book, name: Books, classes: {other: {method: straight_line, life: 5 years}}}\n"
    )
    scenario = tiny(finance={"benefit": {"price": "3 XTS/h"}, "tax": {"regime": "toy"}})
    return planner.solve(scenario.replace(catalog=(*scenario.catalog, str(folder))))


def test_tax_is_what_the_table_and_the_rate_say(taxed):
    """Two servers of 20,000 and their network of 2,400, in service from 2026-Q2: 60 % off in three quarters."""
    books = statements(taxed)
    assert books.tax_write_off == pytest.approx([0.0] + [0.2 * 42_400] * 3)
    assert books.book_write_off == pytest.approx([0.0] + [42_400 / 20] * 3)
    first = books.benefits[0] + books.running[0]
    assert books.tax[0] == pytest.approx(-0.25 * first)
    last = books.benefits[3] + books.running[3] - 8_480 + books.proceeds - 0.4 * 42_400
    assert books.tax[3] == pytest.approx(-0.25 * last)


def test_losses_are_used_carried_or_lost(taxed):
    base = taxed.scenario
    found = {}
    for losses in ("used", "carried", "lost"):
        money = base.finance.model_copy(
            update={"tax": base.finance.tax.model_copy(update={"losses": losses}), "benefit": None}
        )
        books = statements(planner.solve(base.replace(finance=money)))
        found[losses] = books.tax
        if losses == "carried":
            assert books.loss_carried[-1] == pytest.approx(-sum(books.taxable))
    assert min(found["used"]) > 0, "costs alone: relief in every period"
    assert found["carried"] == [0.0] * 4
    assert found["lost"] == [0.0] * 4


def test_the_frame_with_tax_sums_to_the_value_after_tax(taxed):
    frame, metrics = planner.cashflow(taxed, tax=True), planner.metrics(taxed).set_index("metric")["value"]
    assert frame["is_tax"].sum() == 4
    assert (frame["amount"] * frame["discount_factor"]).sum() == pytest.approx(metrics["npv_after_tax"])
    plain = planner.cashflow(taxed)
    assert (plain["amount"] * plain["discount_factor"]).sum() == pytest.approx(metrics["npv"])


def test_return_agrees_with_a_second_library(taxed):
    flows = net_flows(statements(taxed))
    amounts = [flows.get(k / 4, 0.0) for k in range(5)]
    assert irr(flows) == pytest.approx((1 + numpy_financial.irr(amounts)) ** 4 - 1)
    assert sum(a / 1.08 ** (k / 4) for k, a in enumerate(amounts)) == pytest.approx(
        planner.metrics(taxed).set_index("metric")["value"]["npv_with_benefit"]
    )


def test_payback_is_the_first_time_that_lasts():
    assert payback({0: -10.0, 1: 4.0, 2: 4.0, 3: 4.0}, 0.0) == 3
    assert payback({0: -10.0, 1: 4.0, 2: 4.0, 3: 4.0}, 0.2) is None
    assert payback({0: -10.0, 1: 12.0, 2: -5.0, 3: 1.0}, 0.0) is None
    assert irr({0: -1.0, 1: -1.0}) is None
    assert sign_changes({0: -1.0, 1: 3.0, 2: -2.0}) == 2


def test_cost_of_compute_two_ways_and_in_parts(taxed):
    found = planner.metrics(taxed).set_index("metric")["value"]
    fleet = planner.fleet(taxed)
    ends = {p.label: taxed.problem.discounting.factor(p.index, "end") for p in taxed.problem.calendar}
    factor = fleet["period"].map(lambda p: ends[f"{p.year}-Q{p.quarter}"])
    lcoc = taxed.objective / (fleet["effective_pflop_days"] * factor).sum()
    assert found["lcoc"] == pytest.approx(lcoc)
    parts = [v for k, v in found.items() if k.startswith("lcoc_") and "tokens" not in k]
    assert sum(parts) == pytest.approx(found["lcoc"])
    tokens = sum(t * ends[p.label] for t, p in zip(statements(taxed).tokens, taxed.problem.calendar, strict=True))
    assert found["lcoc_per_trillion_tokens_tiny-1b"] == pytest.approx(taxed.objective / tokens * 1e12)
    pace = fleet["busy_accelerators"] * 0.2 * fleet["mfu"] * fleet["goodput"]
    days = fleet["period"].map(lambda p: (p.end_time - p.start_time).round("D").days)
    assert (pace * days).sum() == pytest.approx(fleet["effective_pflop_days"].sum())
    assert 6 * active_parameters(taxed.case, "tiny-1b") / PFLOP_DAY > 0


def test_at_the_break_even_price_benefits_pay_for_all(taxed):
    found = planner.metrics(taxed).set_index("metric")["value"]
    energy = -sum(f.amount * f.discount_factor for f in taxed.flows if f.line == "energy")
    assert taxed.objective + (found["break_even_tariff"] - 1) * energy == pytest.approx(found["benefit_present_value"])
    assert found["break_even_utilisation"] * found["benefit_present_value"] == pytest.approx(taxed.objective)
