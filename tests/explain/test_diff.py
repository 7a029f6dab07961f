"""Two plans beside each other, on tiny scenarios."""

import json

import pytest

import planner
from planner import InputError
from planner.explain.columns import DIFF
from planner.explain.diff import causes, diff
from tests.laws.changes import less_power, supply_times
from tests.oracle import cases
from tests.oracle.catalog import rate
from tests.oracle.tiny import Units

UNITS = Units(rate)


@pytest.fixture(scope="module")
def plans():
    scenario = cases.grid_and_pue(UNITS)
    changed = supply_times("tiny-red", 0.5)(less_power(0.7)(scenario))
    return planner.solve(scenario), planner.solve(changed)


def test_a_plan_differs_in_nothing_from_itself(plans):
    found = diff(plans[0], plans[0])
    assert found.same
    assert found.tables["inputs"] == []
    assert all(row["difference"] == 0 for row in found.tables["bridge"])


def test_the_bridge_adds_up_to_the_difference(plans):
    a, b = plans
    rows = diff(a, b).tables["bridge"]
    assert sum(row["difference"] for row in rows) == pytest.approx(b.objective - a.objective)
    assert sum(row["before"] for row in rows) == pytest.approx(a.objective)


def test_changed_inputs_are_named_by_path(plans):
    rows = {row["key"]: row for row in diff(*plans).tables["inputs"]}
    assert rows["supply.scale.tiny-red"]["after"] == 0.5
    changed = rows["sites.cold.grid"]
    assert changed["before"] == "6 kW"
    assert float(changed["after"].removesuffix(" kW")) == pytest.approx(4.2)
    assert not any(key.startswith("workloads") for key in rows)


def test_decisions_lead_from_the_one_to_the_other(plans):
    a, b = plans
    rows = [row for row in diff(a, b).tables["decisions"] if row["what"] == "ordered"]
    more = sum(row["difference"] for row in rows)
    assert more == sum(o.count for o in b.decisions.orders) - sum(o.count for o in a.decisions.orders)


def test_saved_plans_compare_as_solved_ones(plans):
    saved = [json.loads(json.dumps(plan.to_json())) for plan in plans]
    assert diff(*saved).tables == json.loads(json.dumps(diff(*plans).tables))


def test_frames_have_the_documented_columns(plans):
    for name, table in diff(*plans).frames().items():
        assert list(table.columns) == ["scenario", *(column.name for column in DIFF[f"diff_{name}"])]


def test_currencies_are_not_mixed(plans):
    other = {**plans[0].to_json(), "currency": "XXX"}
    with pytest.raises(InputError, match="XXX"):
        diff(plans[0], other)


def test_causes_add_up_with_their_interaction():
    scenario = cases.grid_and_pue(UNITS)
    changed = supply_times("tiny-red", 2)(less_power(0.9)(scenario))
    rows = {row["part"]: row["difference"] for row in causes(scenario, changed)}
    assert set(rows) == {"sites", "supply", "all together", "interaction"}
    whole = planner.solve(changed).objective - planner.solve(scenario).objective
    assert rows["all together"] == pytest.approx(whole, abs=1e-3)
    assert rows["sites"] + rows["supply"] + rows["interaction"] == pytest.approx(rows["all together"], abs=1e-3)
