"""The SuperPoD example: the longer a run may take, the less it costs."""

from pathlib import Path

import planner
from planner.scenario.load import patched

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "superpod.yaml"
LARGE = "atlas-960-superpod"


def test_more_time_to_train_never_costs_more():
    scenario = planner.load_scenario(EXAMPLE)
    plans = [
        planner.solve(patched(scenario, {"workloads.frontier.within": time})) for time in ("45 days", "60 days", None)
    ]
    costs = [plan.objective for plan in plans]
    assert all(plan.status == "optimal" for plan in plans)
    assert costs == sorted(costs, reverse=True)
    assert [any(order.system == LARGE for order in plan.decisions.orders) for plan in plans] == [True, False, False]
    for plan, days in zip(plans, (45, 60, 366), strict=True):
        frontier = next(row for row in plan.tables["targets"] if row["workload"] == "frontier")
        assert frontier["days"] <= days
        assert sum(start.workload.startswith("experiment.") for start in plan.decisions.starts) == 3
