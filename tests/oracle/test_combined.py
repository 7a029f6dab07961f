"""Features together: a plan that is checked, saved, read again and made again; as cheap as brute force finds it."""

import json
from math import inf

import pytest

import planner
from planner.plan.save import read_decisions, to_json
from planner.plan.verify import verify
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario
from tests.laws.changes import less_power
from tests.oracle.brute import Brute, TooManyError
from tests.oracle.catalog import facts, rate
from tests.oracle.combined import combined
from tests.oracle.tiny import Units

UNITS = Units(rate)
SEEDS = (2, 5, 6, 7, 10, 12, 13, 15, 18, 19, 21, 22, 23, 26, 28, 29, 30, 31, 32, 34, 36, 37, 40, 41)
"""Those that are scenarios, and few enough plans to be quick."""


def brute_force(scenario: Scenario) -> float | None:
    """The least cost; None where there are too many plans, or something that it does not know."""
    apart = scenario.attrition is not None or scenario.policy.rules or scenario.objective != "cost"
    if apart or any(work.priority is not None for work in scenario.workloads):
        return None
    try:
        brute = Brute(scenario, facts(scenario))
        brute.patience = 300
        return brute.solve()
    except (TooManyError, AssertionError):
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_features_together(seed, tmp_path):
    scenario = combined(seed, UNITS)
    expected = brute_force(scenario)
    try:
        plan = planner.solve(scenario)
    except planner.InfeasibleError:
        assert expected in (None, inf)
        return
    room = 1e-6 * max(1.0, abs(plan.objective))
    assert plan.verified
    assert plan.bound <= plan.objective + room
    assert expected is None or plan.objective == pytest.approx(expected, abs=room)
    written = to_json(plan)
    assert to_json(planner.solve(combined(seed, UNITS))) | {"seconds": 0} == written | {"seconds": 0}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(written), encoding="utf-8")
    decisions, saved = read_decisions(path)
    claims = {stage["name"]: stage["value"] for stage in saved.get("stages", ()) if stage["name"] != "cost"}
    assert decisions == plan.decisions
    assert verify(scenario, catalog_of(scenario), decisions, objective=saved["objective"], claims=claims).ok
    if len(plan.stages) == 1:
        try:
            tighter = planner.solve(less_power(0.8)(scenario))
        except (planner.InfeasibleError, planner.InputError):
            return
        assert tighter.objective >= plan.bound - room
