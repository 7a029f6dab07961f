"""The same laws on the reference scenario, cut to its first seven quarters and solved to a gap of one per cent."""

from functools import cache
from math import inf
from pathlib import Path

import pytest

import planner
from planner.plan.solve import Options
from planner.scenario.model import Horizon, Scenario
from tests.laws.changes import (
    backwards,
    less_liquid,
    less_power,
    smaller_reach,
    supply_times,
    total_budget,
    without,
)

GAP = 0.01
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "hyperscaler-cn.yaml"
DOMESTIC = "huawei-ascend-910c"
TIGHTER = {
    "power": less_power(0.4),
    "liquid cooling": less_liquid(0.2),
    "supply": supply_times(DOMESTIC, 0.2),
    "budget": total_budget(2.9e9),
    "cluster reach": smaller_reach(2048),
}


@cache
def base() -> Scenario:
    scenario = planner.load_scenario(EXAMPLE)
    return scenario.replace(horizon=Horizon(start=scenario.horizon.start, end="2027-Q2"))


def bounds(scenario: Scenario) -> tuple[float, float]:
    """Proved bound and cost of the plan; both inf when there is none."""
    try:
        plan = planner.solve(scenario, Options(gap=GAP, counterfactuals=False))
    except planner.InfeasibleError:
        return inf, inf
    assert plan.gap <= GAP
    return plan.bound, plan.objective


@cache
def before() -> tuple[float, float]:
    return bounds(base())


@pytest.mark.parametrize("limit", TIGHTER)
def test_tightening_a_limit_never_lowers_the_bound(limit):
    bound, cost = before()
    tighter_bound, tighter_cost = bounds(TIGHTER[limit](base()))
    assert tighter_cost >= bound
    assert tighter_bound >= bound - GAP * cost


@pytest.mark.parametrize("names", [("CN",), ("US",), ("CN", "US")], ids="+".join)
def test_lifting_bans_never_costs_more_than_the_gap(names):
    lifted_bound, lifted = bounds(without(*names)(base()))
    assert lifted_bound <= before()[1]
    assert lifted <= before()[1] / (1 - GAP)


def test_more_supply_never_costs_more_than_the_gap():
    assert bounds(supply_times(DOMESTIC, 2.0)(base()))[1] <= before()[1] / (1 - GAP)


def test_the_order_of_the_scenario_matters_no_more_than_the_gap():
    bound, cost = bounds(backwards(base()))
    assert bound <= before()[1]
    assert before()[0] <= cost
