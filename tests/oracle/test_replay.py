"""Plans without foresight: what is learned late costs what was lost by it, and nothing else."""

import pytest

import planner
from planner.analysis.replay import replay
from planner.scenario.load import patched
from planner.scenario.model import Scenario
from tests.oracle import cases
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.limit_cases import OPEN
from tests.oracle.tiny import BLUE, CATALOG, RED, Units, hall, site, stream, supply

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
    return patched(cases.blue_is_free(UNITS, [], **fields | changes), {})


def _short() -> dict[str, str]:
    return {"shortfall": UNITS.short(RED, 12000)}


@pytest.mark.parametrize(("lead", "needed"), [("1 quarter", "2026-Q2"), ("2 quarters", "2026-Q3")])
def test_an_order_that_is_voided_costs_its_deposit_less_the_refund(lead, needed):
    """Blue is ordered in January and forbidden in April: due that day or still open, it is voided with half of its
    deposit back; the rest is planned again.
    """
    price = {"systems.blue-8.price": "4000 XXX", "systems.blue-8.lead_time": lead}
    work = stream({needed: UNITS.target(BLUE, 1)}, ported=["blueware", "redware"], **_short())
    found = replay(tempting(facts=price, workloads=[work]))
    first, second = found.steps
    assert [(system, period) for system, period, _ in first.orders] == [(BLUE, "2026-Q1")]
    assert second.announced == ("no-blue-imports",)
    (lost,) = second.cancelled
    deposit = 0.25 * 8000 * lost.count
    assert lost.lost == pytest.approx(deposit * (1 - 0.5 / 1.08**0.25), rel=1e-6)
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


RECORDS = """\
supply:
  - id: blue-year
    accelerator: tiny-blue
    period: {from: 2026-01-01, to: 2026-12-31}
    accelerators_per_period: {value: 3650, source: told-early, confidence: press}
  - id: no-blue-after-all
    accelerator: tiny-blue
    period: {from: FROM, to: 2026-12-30}
    accelerators_per_period: {value: 0, source: told-late, confidence: press}
sources:
  - {id: told-early, title: Early, date: 2025-12-01}
  - {id: told-late, title: Late, date: 2026-02-15}
"""


def scarce(folder, needed: str, first: str, hindsight: str) -> Scenario:
    """Blue is had by share; in February its makers tell that there is none from `first` on."""
    (folder / "told.yaml").write_text(RECORDS.replace("FROM", first), encoding="utf-8")
    given = [{"accelerator": "tiny-blue", "share": 0.01}, {"accelerator": "tiny-red", "per_period": 4}]
    return tempting(
        catalog=[CATALOG, str(folder)],
        policy=OPEN,
        workloads=[stream({needed: UNITS.target(BLUE, 1)}, ported=["blueware", "redware"], **_short())],
        supply={"allocations": given, "carry_over": False, "hindsight": hindsight},
        facts={"systems.blue-8.price": "4000 XXX", "systems.blue-8.lead_time": "1 quarter"},
    )


def test_supply_that_was_not_foreseen_is_news(tmp_path):
    """Blue is wanted in the third quarter and planned to be ordered in the second, when it is told that none will come:
    with hindsight red is ordered from the start, without it is late.
    """
    seen = replay(scarce(tmp_path, "2026-Q3", "2026-04-01", "allow"))
    assert [step.announced for step in seen.steps] == [()]
    blind = replay(scarce(tmp_path, "2026-Q3", "2026-04-01", "deny"))
    assert [step.announced for step in blind.steps] == [(), ("no-blue-after-all",)]
    assert [{order[0] for order in step.orders} for step in blind.steps] == [{BLUE}, {RED}]
    assert blind.foresight == pytest.approx(seen.cost, rel=1e-6)
    assert blind.cost > blind.foresight * 1.01


def test_what_is_under_way_comes_whatever_is_learned_of_its_supply(tmp_path):
    """Ordered in January for April; told in February that there never was any: it is delivered, and no more."""
    blind = replay(scarce(tmp_path, "2026-Q2", "2026-01-01", "deny"))
    assert [step.announced for step in blind.steps] == [(), ("no-blue-after-all",)]
    assert not any(step.cancelled for step in blind.steps)
    assert [(order.system, order.period) for order in blind.decisions.orders] == [(BLUE, 0)]
    assert blind.cost == pytest.approx(blind.steps[0].cost, rel=1e-6)


SHUT = [{"type": "new_order_prohibited"}]
PAUSE = {"effective_from": "2026-05-01", "announced": "2026-04-10", "reason": "talks"}
TIGHTER = [
    {"type": "quantity_cap", "units": 16, "per": "buyer", "every": "total"},
    {"type": "new_order_prohibited", "announced": "2026-03-20", "effective_from": "2026-04-01"},
    {"type": "import_blocked", "announced": "2026-04-20", "effective_from": "2026-05-01"},
]


@pytest.mark.parametrize(
    ("news", "changes", "steps", "ordered"),
    [
        ({"effects": SHUT, "effective_to": "2026-05-31", "end_announced": "2026-04-10"}, {}, ["2026-05"], [(BLUE, 6)]),
        ({"effects": SHUT, "suspensions": [PAUSE]}, {}, ["2026-05"], [(BLUE, 6)]),
        ({"effects": SHUT, "suspensions": [PAUSE | {"effective_to": "2026-05-31"}]}, {}, ["2026-05"], [(BLUE, 4)]),
        ({"effects": TIGHTER}, {"2026-04": 1, "2026-06": 3}, ["2026-04"], [(BLUE, 2), (RED, 3)]),
        (
            {"effects": SHUT, "announced": "2026-05-20", "effective_from": "2026-06-01", "known": "2026-05-10"},
            {},
            ["2026-06"],
            [(RED, 5)],
        ),
    ],
    ids=[
        "a rule ends",
        "a rule is paused",
        "a rule is paused for a month",
        "a rule tightens twice",
        "known in between",
    ],
)
def test_every_kind_of_news_makes_the_plan_anew(news, changes, steps, ordered):
    """Months; blue comes in one, red in two. What is told of a rule (its end, a pause, a further effect) is news on the
    first day of the month after; each plan is proved to the gap, and no plan is cheaper than the one with foresight.
    """
    effects, known = news.pop("effects"), news.pop("known", "2025-12-31")
    wanted = {month: UNITS.target(BLUE, n) for month, n in (changes or {"2026-08": 1}).items()}
    scenario = tempting(
        horizon={"start": "2026-01", "end": "2026-12", "step": "month"},
        facts={"systems.blue-8.lead_time": "1 month", "systems.red-4.lead_time": "2 months"}
        | {"systems.blue-8.price": "4000 XXX"},
        workloads=[stream(wanted, ported=["blueware", "redware"], **_short())],
        supply=supply(red=4, blue=16),
        policy=OPEN | {"rules": [cases.rule("moves", effects, **({"effective_from": "2025-11-01"} | news))]},
        knowledge_date=known,
    )
    found = replay(scenario)
    assert [step.period for step in found.steps[1:]] == steps
    assert [step.announced for step in found.steps[1:]] == [("moves",)]
    assert all(step.gap < 1e-6 for step in found.steps)
    assert [(order.system, order.period) for order in found.decisions.orders] == ordered
    assert found.foresight is not None
    assert found.cost >= found.foresight * (1 - 1e-6)
