"""The example of an overseas site: rules leave rent, what was owned, and chips below the thresholds."""

from pathlib import Path

import pytest

import planner
from planner.plan.solve import Options

EXAMPLE = Path(__file__).parents[2] / "examples" / "overseas.yaml"


@pytest.fixture(scope="module")
def plan():
    return planner.solve(planner.load_scenario(EXAMPLE), Options(counterfactuals=False))


def test_it_is_proved_and_verified(plan):
    assert plan.verified
    assert plan.status == "optimal"
    assert plan.gap <= 0.005


def test_what_may_be_bought_is_bought_and_the_rest_is_rented(plan):
    assert {row["accelerator"] for row in plan.tables["builds"]} == {"nvidia-l20"}
    assert {row["accelerator"] for row in plan.tables["rentals"]} >= {"nvidia-h100-sxm", "nvidia-b200-sxm"}
    refused = {entry.accelerator for entry in plan.excluded if entry.kind == "order" and entry.reason == "policy"}
    assert {"nvidia-gb300", "nvidia-h200-sxm", "huawei-ascend-910c"} <= refused


def test_power_is_bought_for_it_and_stands_against_the_cut(plan):
    (step,) = plan.tables["expansions"]
    assert step["option"] == "second-feeder"
    caps = {row["period"]: row["grid_mw_cap"] for row in plan.tables["sites"]}
    assert caps["2028-Q2"] == pytest.approx(0.9 * caps["2028-Q1"])
    assert all(row["grid_mw_used"] <= row["grid_mw_cap"] + 1e-9 for row in plan.tables["sites"])


def test_the_run_is_on_one_cluster_of_one_offer(plan):
    (run,) = (row for row in plan.tables["targets"] if row["kind"] == "run")
    assert run["site"] == "rented"
    assert run["shortfall"] == 0.0
