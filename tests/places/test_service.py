"""What scenarios say of systems between delivery and work: what it does to a plan, and what is refused."""

from pathlib import Path

import pytest

from planner.errors import InputError
from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
ALONE = Options(counterfactuals=False)


@pytest.fixture(scope="module")
def tiny():
    return patched(load_scenario(TINY), {"workloads.dense.shortfall": "1 XTS"})


def refused(tiny, changes) -> set[str]:
    with pytest.raises(InputError) as caught:
        patched(tiny, changes)
    return {diagnostic.code for diagnostic in caught.value.diagnostics}


def test_an_installation_longer_than_the_plan_leaves_nothing_to_place(tiny):
    plan = solve(patched(tiny, {"installation.time": "9 years"}), ALONE)
    assert plan.verified
    assert not plan.decisions.installs
    assert {entry.reason for entry in plan.excluded} >= {"installation time"}


def test_the_assumption_of_the_catalog_is_taken_and_listed(tiny):
    stated = solve(patched(tiny, {"installation.time": "30 days"}), ALONE)
    assumed = solve(patched(tiny, {"installation": {}}), ALONE)
    assert assumed.objective == pytest.approx(stated.objective)
    assert any("installation-time" in str(row["key"]) for row in assumed.tables["inputs"])
    assert not any("installation-time" in str(row["key"]) for row in stated.tables["inputs"])


def test_installation_times_are_of_known_systems_and_not_negative(tiny):
    assert refused(tiny, {"installation": {"systems": {"red-5": "1 month"}}}) == {"unknown-name"}
    assert refused(tiny, {"installation.time": "-1 month"}) == {"unit"}
    assert refused(tiny, {"installation": {"systems": {"red-4": "10 MW"}}}) == {"unit"}
