"""Priorities among workloads: what is missed of the first is least, then of the second, then the cheapest plan."""

from itertools import permutations

import pytest

import planner
from planner.plan.save import to_json
from planner.plan.verify import verify
from planner.scenario.load import catalog_of, patched
from planner.scenario.model import Scenario
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.tiny import RED, Units, build, run, stream, supply

UNITS = Units(rate)
BASE = [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}]


def solved(scenario: Scenario) -> planner.Plan:
    plan = planner.solve(patched(scenario, {}))
    assert plan.verified
    assert all(stage.gap is not None and stage.gap <= 1e-6 for stage in plan.stages)
    return plan


def three(**levels: int | None) -> Scenario:
    """One server for three workloads of six tenths each, the last of them the dearest to miss."""
    works = [
        stream(UNITS.target(RED, 0.6), name, shortfall=f"{price} XTS", priority=levels.get(name))
        for name, price in (("a", 1), ("b", 2), ("c", 30))
    ]
    return build(workloads=works, installed=BASE, supply=supply(red=0, green=4), systems={"exclude": ["green-4"]})


def missed(plan: planner.Plan) -> dict[str, float]:
    """Mean share short of each workload."""
    rows = [row for row in plan.tables["targets"] if row["kind"] == "continuous"]
    return {
        name: sum(row["shortfall"] / row["required"] for row in rows if row["workload"] == name) / 3 for name in "abc"
    }


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_who_comes_first_is_met_first(order):
    """The server does the first whole, two thirds of the second, nothing of the last, whatever missing them costs."""
    plan = solved(three(**{name: n for n, name in enumerate(order, start=1)}))
    assert missed(plan) == pytest.approx(dict(zip(order, (0.0, 1 / 3, 1.0), strict=True)), abs=1e-6)
    assert [stage.name for stage in plan.stages] == [*(f"shortage of priority {n}" for n in (1, 2, 3)), "cost"]
    assert [stage.value for stage in plan.stages][:3] == pytest.approx([0.0, 1 / 3, 1.0], abs=1e-6)


def test_work_without_a_priority_comes_last_and_by_its_price():
    assert missed(solved(three(a=7))) == pytest.approx({"a": 0.0, "b": 1.0, "c": 1 / 3}, abs=1e-6)
    assert missed(solved(three())) == pytest.approx({"a": 1.0, "b": 1 / 3, "c": 0.0}, abs=1e-6)


def test_one_priority_is_shared_by_weight():
    scenario = three(a=1, b=1)
    heavy = patched(scenario, {"workloads.1.weight": 3.0})
    assert missed(solved(heavy)) == pytest.approx({"a": 1 / 3, "b": 0.0, "c": 1.0}, abs=1e-6)


def test_of_equal_plans_the_cheapest():
    """A run that must come first, beside work that need not: the brute force has it as one that must be done."""
    work = run(UNITS.tokens(RED, 1, 0.7), "2026-Q3", [4], missed="1 XTS")
    other = stream({"2026-Q2": UNITS.target(RED, 0.9)}, shortfall=UNITS.short(RED, 20000))
    free = build(workloads=[work, other], supply=supply(red=8))
    must = build(workloads=[{**work, "missed": None}, other], supply=supply(red=8))
    plan = solved(patched(free, {"workloads.0.priority": 1}))
    assert plan.objective == pytest.approx(Brute(must, facts(must)).solve(), rel=1e-6)
    assert plan.objective > solved(free).objective


def test_a_priority_before_other_goals():
    scenario = three(a=1).replace(objective=("shortage", "energy"))
    plan = solved(scenario)
    assert [stage.name for stage in plan.stages] == ["shortage of priority 1", "shortage", "energy", "cost"]
    assert missed(plan)["a"] == pytest.approx(0.0, abs=1e-6)


def test_a_site_that_can_draw_nothing_has_no_highest_draw_to_pay():
    """Nothing can be bought and nothing stands there: the run is missed."""
    work = run(UNITS.tokens(RED, 2, 0.7), "2026-Q3", [8], missed="9000 XTS")
    scenario = build(workloads=[work], supply={"allocations": []})
    asked = patched(scenario, {"workloads.0.priority": 1, "sites.0.demand_charge": "30 XTS/kW/month"})
    assert [missing.workload for missing in solved(asked).decisions.missed] == ["frontier"]


def test_a_claim_of_less_is_refused():
    plan = solved(three(a=1, b=2))
    claims = {stage["name"]: stage["value"] for stage in to_json(plan)["stages"] if stage["name"] != "cost"}
    catalog = catalog_of(plan.scenario)
    assert verify(plan.scenario, catalog, plan.decisions, plan.objective, claims=claims).ok
    told = verify(
        plan.scenario, catalog, plan.decisions, plan.objective, claims={**claims, "shortage of priority 2": 0.2}
    )
    assert {violation.rule for violation in told.violations} == {"goals"}


WRONG = {
    "must be met": ({"workloads.0.shortfall": None, "workloads.0.priority": 1}, "met anyway"),
    "a weight alone": ({"workloads.0.priority": 1, "workloads.0.weight": 2.0}, "no effect"),
    "before the first": ({"workloads.0.priority": 0}, "at least 1"),
    "do nothing": ({"objective": ["energy"], "workloads.0.priority": 1}, "do nothing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused(name):
    change, told = WRONG[name]
    with pytest.raises(planner.InputError, match=told):
        patched(three(), change)
