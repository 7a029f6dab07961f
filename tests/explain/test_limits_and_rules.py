"""Marginal values against finite differences, costs of rules, and plans nearly as good, on tiny scenarios."""

import pytest

import planner
from planner import InfeasibleError, InputError, Options
from planner.explain.alternatives import alternatives
from planner.explain.marginals import binding_steps, marginals
from planner.explain.rules import Game, bearing, costs, mattering, named, shapley
from planner.plan.verify import verify
from tests.laws.changes import without
from tests.oracle import cases
from tests.oracle.cases import rule
from tests.oracle.catalog import rate, tiny_catalog
from tests.oracle.tiny import RED, Units, build, hall, site, stream, supply

UNITS = Units(rate)
EXACT = Options(gap=0.0, counterfactuals=False)


@pytest.mark.parametrize(
    "case", [cases.grid_and_pue, cases.tight_budget, cases.supply_carried], ids=lambda c: c.__name__
)
def test_marginal_values_are_finite_differences(case):
    scenario = case(UNITS)
    plan = planner.solve(scenario)
    steps = binding_steps(plan)
    rows = marginals(plan, EXACT, most=20)
    assert steps
    assert len(rows) == len(steps)
    for step, row in zip(steps, rows, strict=True):
        try:
            after = planner.solve(step.change(scenario), EXACT).objective
        except InfeasibleError:
            assert row["difference"] is None
            continue
        assert row["difference"] == pytest.approx(after - plan.objective, abs=1e-4)
        assert row["per_unit"] == pytest.approx((after - plan.objective) / step.amount, abs=1e-3)
        assert row["least_difference"] - 1e-6 <= row["difference"] <= row["most_difference"] + 1e-6


def banned(rules):
    """Blue is the better buy, and any of the rules keeps it out."""
    work = [stream({"2026-Q2": UNITS.target(RED, 1.8)}, ported=["redware", "blueware"])]
    return build(
        workloads=work,
        supply=supply(red=8, blue=8),
        sites=[site(halls=(hall(), hall("wet", cooling="liquid", racks=8)))],
        policy={"without": ["no-blue-imports"], "rules": rules},
    )


def closing(name, kind="new_order_prohibited", **changes):
    return rule(name, [{"type": kind} | changes], effective_from="2025-12-01")


RULES = [closing("one"), closing("other"), closing("duty", "tariff", rate=0.05)]


@pytest.fixture(scope="module")
def game():
    return Game(planner.solve(banned(RULES)), EXACT)


def test_the_cost_of_a_rule_is_what_solving_without_it_saves(game):
    names = mattering(game)
    assert set(names) == {"one", "other", "duty"}
    for row in costs(game, names):
        gone = names if row["rule"] == "all together" else (row["rule"],)
        free = planner.solve(without(*gone)(banned(RULES)), EXACT)
        assert row["cost"] == pytest.approx(game.plan.objective - free.objective, abs=1e-4)
        assert row["least_cost"] - 1e-6 <= row["cost"] <= row["most_cost"] + 1e-6


def test_shapley_parts_add_up_and_equals_pay_the_same(game):
    names = mattering(game)
    parts = {row["rule"]: row["share"] for row in shapley(game, names)}
    whole = costs(game, names)[-1]["cost"]
    assert whole > 0
    assert sum(parts.values()) == pytest.approx(whole)
    assert parts["one"] == pytest.approx(parts["other"])
    assert 0 < parts["duty"] < parts["one"]


def test_drawn_parts_add_up_too(game, monkeypatch):
    monkeypatch.setattr("planner.explain.rules.EXACT", 0)
    names = mattering(game)
    rows = shapley(game, names, draws=30)
    assert sum(row["share"] for row in rows) == pytest.approx(costs(game, names)[-1]["cost"])
    exact = {row["rule"]: row["share"] for row in _counted(game, names, monkeypatch)}
    assert all(abs(row["share"] - exact[row["rule"]]) <= 5 * row["error"] + 1e-6 for row in rows)


def _counted(game, names, monkeypatch):
    monkeypatch.setattr("planner.explain.rules.EXACT", 9)
    return shapley(game, names)


def test_rules_nobody_has_get_the_nearest(game):
    assert named(game.plan, ["duty"]) == ("duty",)
    with pytest.raises(InputError, match="did you mean 'other'"):
        named(game.plan, ["othr"])


def test_rules_that_change_nothing_are_not_solved(game):
    assert set(mattering(game)) < {*bearing(game.plan), "x"}
    assert game.searches <= 3  # without all; without both closings; without all but the duty


@pytest.mark.parametrize("share", [0.02, 0.2])
def test_alternatives_are_verified_within_their_share_and_differ(share):
    two = [site(), site("other")]
    scenario = build(workloads=[stream({"2026-Q2": UNITS.target(RED, 1.6)})], sites=two)
    plan = planner.solve(scenario)
    found = alternatives(plan, share, EXACT)
    assert found[0].way == "the plan"
    assert len(found) > 1
    for row in found:
        checked = verify(scenario, tiny_catalog(), row.decisions)
        assert checked.ok
        assert checked.objective == pytest.approx(row.cost)
        assert row.cost <= plan.objective * (1 + share) + 1e-6
    shown = [(row.decisions.orders, row.decisions.installs) for row in found]
    assert all(a != b for n, a in enumerate(shown) for b in shown[:n])
