"""Installed systems that move: laws of the plan, its tables and accounts."""

from pathlib import Path

import pytest

from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
ALONE = Options(counterfactuals=False)
SECOND = {"id": "annex", "cooling": "air", "it_power": "40 kW", "rack_power": "20 kW", "racks": 8, "max_cluster": 16}


@pytest.fixture(scope="module")
def dark():
    """The hall of the installed server has no power from the third quarter on; its neighbour has."""
    air = {**SECOND, "id": "air", "it_power": {"2026-Q1": "40 kW", "2026-Q3": "0 kW"}}
    return patched(load_scenario(TINY), {"sites.home.halls": [air, SECOND], "workloads.dense.shortfall": "1 XTS"})


def test_leave_to_move_never_makes_a_plan_dearer(dark):
    stays = solve(dark, ALONE)
    moves = solve(patched(dark, {"relocation.within_site": True}), ALONE)
    assert moves.objective < stays.objective
    assert not any(name.startswith("move") for name in stays.columns)
    assert not any("relocation" in row["key"] for row in stays.tables["inputs"])


def test_the_tables_follow_what_moves(dark):
    plan = solve(patched(dark, {"relocation.within_site": True}), ALONE)
    (move,) = plan.decisions.moves
    actions = {row["action"]: row for row in plan.tables["installs"] if row["action"].startswith("move")}
    assert (actions["move out"]["hall"], actions["move in"]["hall"]) == ("air", "annex")
    assert actions["move out"]["period"] < actions["move in"]["period"]
    standing = {(row["period"], row["hall"]): row for row in plan.tables["fleet"] if row["system"] == move.system}
    for row in standing.values():
        assert row["systems_close"] == row["systems_open"] + row["systems_added"] - row["systems_retired"]
    paid = -sum(flow.amount for flow in plan.flows if flow.line == "relocation")
    assert paid == pytest.approx(0.02 * 20000 * move.count)


def test_nothing_crosses_a_border(dark):
    """Only moves within a country are offered; both sites of the scenario are in one."""
    plan = solve(patched(dark, {"relocation.between_sites": True}), ALONE)
    country = {site.id: plan.case.regions[site.id].country for site in plan.scenario.sites}
    names = [row.id.split("/")[0] for row in plan.problem.halls]
    assert all(country[names[m.source]] == country[names[m.target]] for m in plan.problem.moves)
