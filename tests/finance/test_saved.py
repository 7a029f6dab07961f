"""A saved plan is made whole again from its file alone, whatever its scenario states and leaves out."""

import json

import pytest

import planner
from planner.finance.saved import restored
from planner.plan.save import to_json
from planner.scenario.load import patched
from planner.scenario.model import Scenario
from tests.oracle.catalog import rate
from tests.oracle.limit_cases import LIMITED, SAME, more_work
from tests.oracle.tiny import Units, build

UNITS = Units(rate)


def uneven() -> Scenario:
    """Periods one by one."""
    given = {"allocations": [{"accelerator": "tiny-red", "per_year": 32}]}
    work = more_work(UNITS)["workloads"]
    return build(horizon={"periods": ["2026-Q1", "2026-04", "2026-05", "2026-06"]}, workloads=work, supply=given)


def asked_in_flops() -> Scenario:
    """Effective FLOP/s instead of tokens."""
    work = more_work(UNITS)["workloads"][0]
    target = {key: value for key, value in work.items() if key != "target"} | {"compute": "100 TFLOP/s"}
    return build(workloads=[target])


SCENARIOS = {
    "a quantity": lambda: LIMITED["quota by year"](UNITS),
    "terms of a rule": lambda: SAME["quota settled by terms"](UNITS)[0],
    "uneven periods": uneven,
    "compute": asked_in_flops,
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_saved_plan_is_the_plan(name, tmp_path):
    plan = planner.solve(patched(SCENARIOS[name](), {}))
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(to_json(plan)), encoding="utf-8")
    again = restored(path)
    assert again.objective == plan.objective
    for table in ("builds", "fleet", "targets", "cashflow", "inputs"):
        assert again.tables[table] == plan.tables[table]
