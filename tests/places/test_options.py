"""Power and space that may be bought: laws of the plan, its tables, and what is refused."""

from pathlib import Path

import pytest

from planner.errors import InputError
from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
ALONE = Options(counterfactuals=False)
LINE = {"id": "line", "power": "20 kW", "cost": "100 XTS", "lead_time": "1 quarter"}
WET = {"id": "wet", "it_power": "30 kW", "rack_power": "20 kW", "racks": 4, "cost": "100 XTS", "downtime": "1 quarter"}


@pytest.fixture(scope="module")
def tiny():
    return load_scenario(TINY)


@pytest.fixture(scope="module")
def poor(tiny):
    """The home site has power for one server only, and shortfall has a price."""
    return patched(tiny, {"sites.home.grid": "8 kW", "workloads.dense.shortfall": "1 XTS", "sites.shore.grid": "0 kW"})


def test_an_option_never_makes_a_plan_dearer(poor):
    without = solve(poor, ALONE)
    offered = solve(patched(poor, {"sites.home.expansions": [LINE]}), ALONE)
    assert offered.objective < without.objective
    dear = {**LINE, "cost": "1 bn XTS"}
    declined = solve(patched(poor, {"sites.home.expansions": [dear]}), ALONE)
    assert declined.objective == pytest.approx(without.objective)
    assert declined.tables["expansions"] == []


def test_a_free_option_that_is_there_at_once_is_worth_what_a_larger_contract_is(poor):
    free = {**LINE, "cost": "0 XTS", "lead_time": "0 h"}
    offered = solve(patched(poor, {"sites.home.expansions": [free]}), ALONE)
    larger = solve(patched(poor, {"sites.home.grid": "28 kW"}), ALONE)
    assert offered.objective == pytest.approx(larger.objective)


def test_the_tables_show_what_is_bought_and_what_it_adds(poor):
    plan = solve(patched(poor, {"sites.home.expansions": [LINE]}), ALONE)
    (row,) = plan.tables["expansions"]
    assert (row["site"], row["option"], row["steps"], row["grid_mw"], row["cost"]) == ("home", "line", 1, 0.02, 100.0)
    caps = {r["period"]: r["grid_mw_cap"] for r in plan.tables["sites"] if r["site"] == "home"}
    first = min(period for period, cap in caps.items() if cap > 0.008 + 1e-9)
    assert first == row["ready"]
    limits = [r for r in plan.tables["constraints"] if r["name"] == "site_power" and r["site"] == "home"]
    assert all(r["rhs"] == pytest.approx(caps[r["period"]]) for r in limits)
    assert all(r["lhs"] <= r["rhs"] + 1e-9 for r in limits)
    flows = [f for f in plan.flows if f.asset_class == "facility"]
    assert sum(f.amount for f in flows if f.is_cash) == pytest.approx(-100.0)
    assert 0 < sum(f.amount for f in flows if not f.is_cash) < 100.0


def test_a_retrofit_closes_the_old_hall_and_opens_the_new_one(tiny):
    """Nothing but blue meets the target, and blue needs liquid."""
    changes = {
        "sites.home.halls.air.retrofit": WET,
        "sites.shore.grid": "0 kW",
        "policy.without": ["XA"],
        "workloads.dense.ported": ["redware", "blueware"],
        "workloads.dense.target": {"2026-Q3": "9e4 tokens/s"},
        "workloads.dense.shortfall": "5 XTS",
        "workloads.frontier.missed": "0 XTS",
        "supply.allocations": [{"accelerator": "tiny-blue", "per_period": 16}],
    }
    plan = solve(patched(tiny, changes), ALONE)
    (row,) = plan.tables["expansions"]
    assert (row["hall"], row["closes"]) == ("wet", "air")
    after = [r for r in plan.tables["sites"] if r["site"] == "home" and r["period"] >= row["decided"]]
    assert {r["it_mw_cap"] for r in after if r["hall"] == "air"} == {0.0}
    assert {r["racks_used"] for r in after if r["hall"] == "air"} == {0.0}
    assert any(r["hall"] == "wet" and r["system"] == "blue-8" for r in plan.tables["fleet"])


def test_a_scenario_that_offers_nothing_gives_the_same_program(tiny):
    plan = solve(tiny, ALONE)
    assert not any(name.startswith(("expand", "at_once")) for name in plan.columns)
    assert not any("facility-life" in row["key"] for row in plan.tables["inputs"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sites.home.expansions": [LINE, LINE]}, "duplicate"),
        ({"sites.home.expansions": [{**LINE, "earliest": "2031-Q1"}]}, "outside-horizon"),
        ({"sites.home.expansions": [{**LINE, "cost": "1 bn EUR"}]}, "unknown-currency"),
        ({"sites.home.expansions": [{**LINE, "power": "0 kW"}]}, None),
        ({"sites.home.halls.air.expansions": [{"id": "room", "racks": 4}]}, None),
        ({"sites.home.halls.air.expansions": [{"id": "room"}]}, None),
        ({"sites.home.halls.air.retrofit": {**WET, "id": "air"}}, "duplicate"),
        ({"sites.shore.halls.wet.retrofit": {**WET, "id": "wetter"}}, "wrong-value"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(tiny, changes, code):
    with pytest.raises(InputError) as caught:
        patched(tiny, changes)
    (found,) = caught.value.diagnostics
    assert code is None or found.code == code
    assert found.place is not None


def test_what_would_come_too_late_is_said(tiny):
    plan = solve(patched(tiny, {"sites.home.expansions": [{**LINE, "lead_time": "9 years"}]}), ALONE)
    (entry,) = (e for e in plan.excluded if e.kind == "expansion")
    assert (entry.item, entry.site, entry.reason) == ("line", "home", "lead time")
