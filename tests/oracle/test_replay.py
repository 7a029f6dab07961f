"""Plans without foresight: what is learned late costs what was lost by it, and nothing else."""

import pytest

import planner
from planner.analysis.replay import replay
from planner.scenario.load import patched
from planner.scenario.model import Scenario
from tests.oracle import cases
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.tiny import BLUE, RED, Units, hall, site, stream, supply

UNITS = Units(rate)
KNOWN = {"knowledge_date": "2026-01-31"}
"""After the announcement of 15 January that blue may not come from April on."""


def tempting(**changes: object) -> Scenario:
    """Blue is better by far; red can come a quarter later than it is needed, and what is missing has a price."""
    fields = {
        "workloads": [stream({"2026-Q2": UNITS.target(BLUE, 1)}, ported=["blueware", "redware"], **_short())],
        "supply": supply(red=8, blue=8),
        "sites": [site(halls=(hall(), hall("wet", cooling="liquid", racks=4)))],
        "policy": {},
        "knowledge_date": "2025-12-31",
        "systems": {"include": [RED, BLUE]},
        "facts": {"systems.blue-8.price": "4000 XXX"},
    }
    return patched(cases._blue(UNITS, [], **fields | changes), {})


def _short() -> dict[str, str]:
    return {"shortfall": UNITS.short(RED, 12000)}


@pytest.mark.parametrize(("lead", "needed", "refund"), [("1 quarter", "2026-Q2", 0.0), ("2 quarters", "2026-Q3", 0.5)])
def test_an_order_that_is_voided_costs_its_deposit_less_the_refund(lead, needed, refund):
    """Blue is ordered in January and forbidden in April: due that day it is refused, still open it is voided with
    half of its deposit back; the rest is planned again.
    """
    price = {"systems.blue-8.price": "4000 XXX", "systems.blue-8.lead_time": lead}
    work = stream({needed: UNITS.target(BLUE, 1)}, ported=["blueware", "redware"], **_short())
    found = replay(tempting(facts=price, workloads=[work]))
    first, second = found.steps
    assert [(system, period) for system, period, _ in first.orders] == [(BLUE, "2026-Q1")]
    assert second.announced == ("no-blue-imports",)
    (lost,) = second.cancelled
    deposit = 0.25 * 8000 * lost.count
    assert lost.lost == pytest.approx(deposit * (1 - refund / 1.08**0.25), rel=1e-6)
    assert {order.system for order in found.decisions.orders if order.period >= 1} <= {RED}


def test_foresight_is_the_plan_of_who_knows_from_the_start():
    scenario = tempting()
    found = replay(scenario)
    known = planner.solve(patched(scenario, KNOWN))
    assert found.foresight == pytest.approx(known.objective, rel=1e-6)
    expected = Brute(patched(scenario, KNOWN), facts(patched(scenario, KNOWN))).solve()
    assert found.foresight == pytest.approx(expected, rel=1e-6)
    assert found.value_of_knowing is not None
    assert found.value_of_knowing > 0


def test_without_news_there_is_one_step_and_nothing_to_know():
    found = replay(patched(tempting(), KNOWN))
    assert len(found.steps) == 1
    assert found.value_of_knowing == pytest.approx(0.0, abs=1e-3)


def test_a_rule_that_closes_nothing_wanted_changes_nothing():
    """Only red is bought: knowing of blue is worth nothing."""
    found = replay(tempting(supply=supply(red=8), systems={"include": [RED]}))
    assert found.cost == pytest.approx(found.foresight, rel=1e-6)
    assert not any(step.cancelled for step in found.steps)


def test_the_command_tells_every_step(tmp_path):
    """The same as text and as JSON."""
    import json

    from typer.testing import CliRunner

    from planner.cli.main import app

    file = tmp_path / "tempting.json"
    file.write_text(json.dumps(tempting().model_dump(mode="json", exclude_unset=True)), encoding="utf-8")
    told = CliRunner().invoke(app, ["replay", str(file)])
    assert told.exit_code == 0, told.output
    assert "cancels 1 blue-8 ordered in 2026-Q1" in " ".join(told.output.split())
    data = json.loads(CliRunner().invoke(app, ["replay", str(file), "--json"]).stdout)
    assert [step["period"] for step in data["steps"]] == ["2026-Q1", "2026-Q2"]
