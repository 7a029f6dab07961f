"""Work that must not share a hall or a site, against the brute force."""

import pytest

import planner
from planner.scenario.load import patched
from planner.scenario.model import Scenario
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.tiny import RED, Units, build, hall, run, site, stream, supply

UNITS = Units(rate)
TWO = {"start": "2026-Q1", "end": "2026-Q2"}


def least(scenario: Scenario) -> float:
    return Brute(scenario, facts(scenario)).solve()


def solved(scenario: Scenario) -> planner.Plan:
    plan = planner.solve(patched(scenario, {}))
    assert plan.verified
    assert plan.objective - plan.bound <= 1e-6 * max(1.0, abs(plan.objective))
    return plan


def streams(*apart: dict[str, object], **changes: object) -> Scenario:
    """Two kinds of work that one server could do, at a cheap site with two halls and a dear one."""
    near = site("near", halls=(hall("one"), hall("two", it_power="5 kW")), tariff="0.1 XTS/kWh")
    works = [
        stream({"2026-Q2": UNITS.target(RED, 0.4)}, "bank", shortfall=UNITS.short(RED, 90000)),
        stream({"2026-Q2": UNITS.target(RED, 0.5)}, "open", shortfall=UNITS.short(RED, 90000)),
    ]
    fields: dict[str, object] = {
        "horizon": TWO,
        "sites": [near, site("far", tariff="0.9 XTS/kWh")],
        "workloads": works,
        "supply": supply(red=8),
        "apart": list(apart),
    }
    return build(**fields | changes)


def beside_a_run(*apart: dict[str, object]) -> Scenario:
    """A run of half a quarter and a stream, which fit one server each."""
    works = [
        run(UNITS.tokens(RED, 1, 0.5), "2026-Q3", [4], missed="90000 XTS"),
        stream({"2026-Q2": UNITS.target(RED, 0.4)}, shortfall=UNITS.short(RED, 30000)),
    ]
    return build(workloads=works, supply=supply(red=8), sites=[site(), site("far")], apart=list(apart))


def two_runs(*apart: dict[str, object]) -> Scenario:
    """Two runs of half a quarter that could share a server's quarter, in one hall."""
    one = run(UNITS.tokens(RED, 1, 0.45), "2026-Q3", [4], missed="90000 XTS", family="same")
    return build(workloads=[one, {**one, "id": "other"}], supply=supply(red=4), apart=list(apart))


BOTH = {"workloads": ["bank", "open"]}
SCENARIOS = {
    "together": streams,
    "in halls of their own": lambda: streams(BOTH),
    "at sites of their own": lambda: streams(BOTH | {"place": "site"}),
    "one alone": lambda: streams({"workloads": ["bank"], "place": "site"}),
    "no room for both": lambda: streams(BOTH, sites=[site()]),
    "run and stream": lambda: beside_a_run({"workloads": ["frontier", "dense"]}),
    "run alone at a site": lambda: beside_a_run({"workloads": ["frontier"], "place": "site"}),
    "apart anyway": lambda: build(
        workloads=[
            run(UNITS.tokens(RED, 1, 0.5), "2026-Q2", [4], missed="90000 XTS"),
            stream({"2026-Q3": UNITS.target(RED, 0.4)}, shortfall=UNITS.short(RED, 30000)),
        ],
        supply=supply(red=4),
        apart=[{"workloads": ["frontier", "dense"]}],
    ),
    "two runs": lambda: two_runs({"workloads": ["frontier", "other"]}),
    "on rent": lambda: streams(
        BOTH | {"place": "site"},
        supply=supply(red=0),
        systems={"exclude": [RED]},
        rent=[
            {"id": x, "system": RED, "region": "coast", "systems": 1, "price": "1.2 XTS/h"} for x in ("cloud", "fog")
        ],
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_best_plan_is_that_of_the_brute_force(name):
    scenario = SCENARIOS[name]()
    assert solved(scenario).objective == pytest.approx(least(patched(scenario, {})), rel=1e-6)


def test_staying_apart_never_costs_less_and_a_site_more_than_a_hall():
    costs = [solved(SCENARIOS[name]()).objective for name in list(SCENARIOS)[:3]]
    assert costs == sorted(costs)
    assert costs[0] < costs[1] < costs[2]


def test_runs_alike_may_share_among_themselves():
    one = run(UNITS.tokens(RED, 1, 0.45), "2026-Q3", [4], missed="90000 XTS", count=2)
    work = [one, stream({"2026-Q3": UNITS.target(RED, 0.1)}, shortfall=UNITS.short(RED, 90000))]
    group = [{"workloads": ["frontier", "dense"]}]
    free, kept = (solved(build(workloads=work, supply=supply(red=4), apart=g)) for g in ([], group))
    assert len(kept.decisions.starts) == 2
    assert kept.objective >= free.objective
    written = patched(build(workloads=work, supply=supply(red=4), apart=group), {}).apart
    assert [entry.workloads for entry in written] == [("frontier.1", "dense"), ("frontier.2", "dense")]


WRONG = {
    "unknown": ({"apart": [{"workloads": ["bank", "opn"]}]}, "did you mean open"),
    "itself": ({"apart": [{"workloads": ["bank", "bank"]}]}, "apart from itself"),
    "nobody else": ({"apart": [{"workloads": ["bank"]}], "workloads": [stream("0 tokens/s", "bank")]}, "no other"),
    "no place": ({"apart": [{"workloads": ["bank", "open"], "place": "country"}]}, "hall"),
    "nothing": ({"apart": [{"workloads": []}]}, "workloads"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused(name):
    change, told = WRONG[name]
    with pytest.raises(planner.InputError, match=told):
        patched(streams(), change)
