"""Token budgets, FLOP targets, runs alike, times to train and floors of compute, each against the brute force."""

from itertools import product
from math import inf

import pytest

import planner
from planner.problem.sought import tflop_per_token
from planner.scenario.load import patched
from planner.scenario.model import Scenario
from tests.oracle import cases
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.tiny import RED, Units, build, hall, run, site, stream, supply

UNITS = Units(rate)


def least(scenario: Scenario) -> float:
    return Brute(scenario, facts(scenario)).solve()


def solved(scenario: Scenario) -> planner.Plan:
    """Solved exactly, read as a file would be."""
    plan = planner.solve(patched(scenario, {}))
    assert plan.verified
    assert plan.objective - plan.bound <= 1e-6 * max(1.0, abs(plan.objective))
    return plan


def tokens(systems: float, *periods: int) -> str:
    """What so many red servers train in these periods."""
    hours = sum((90, 91, 92)[t] * 24 for t in periods)
    return f"{systems * UNITS.rate(RED) * hours * 3600!r} tokens"


def test_tokens_that_only_one_period_can_train_are_a_target_of_that_period():
    """Nothing can stand there before the second quarter."""
    two = {"start": "2026-Q1", "end": "2026-Q2"}
    by_day = build(horizon=two, workloads=[stream("0 tokens/s", tokens={"2026-Q2": tokens(1.7, 1)})])
    by_rate = build(horizon=two, workloads=[stream({"2026-Q2": UNITS.target(RED, 1.7)})])
    assert solved(by_day).objective == pytest.approx(least(by_rate), rel=1e-6)


def test_tokens_are_trained_at_the_best_pace():
    """No cheaper way is found by trying targets of either quarter that add up to the tokens."""
    asked = build(workloads=[stream("0 tokens/s", tokens={"2026-Q3": tokens(1.5, 2)})], supply=supply(red=8))
    found = inf
    for late in (0.0, 0.5, 0.75, 1.0, 1.25, 1.5):
        early = (1.5 - late) * 92 / 91
        target = {"2026-Q2": UNITS.target(RED, early), "2026-Q3": UNITS.target(RED, late)}
        found = min(found, least(build(workloads=[stream(target)], supply=supply(red=8))))
    assert solved(asked).objective == pytest.approx(found, rel=1e-6)


def test_a_budget_is_missed_where_that_is_cheaper():
    """One server more costs more than what it would train; so does the price of a target of the same tokens."""
    short = UNITS.short(RED, 6000)
    two = {"start": "2026-Q1", "end": "2026-Q2"}
    by_day = build(horizon=two, workloads=[stream("0 tokens/s", tokens={"2026-Q2": tokens(1.3, 1)}, shortfall=short)])
    by_rate = build(horizon=two, workloads=[stream({"2026-Q2": UNITS.target(RED, 1.3)}, shortfall=short)])
    plan = solved(by_day)
    assert plan.objective == pytest.approx(least(by_rate), rel=1e-6)
    assert plan.decisions.behind


def test_a_target_in_flops_is_one_in_tokens():
    scenario = build(workloads=[stream({"2026-Q2": UNITS.target(RED, 1.4)})])
    each = tflop_per_token(solved(scenario).case, scenario.streams[0])
    flops = stream("0 tokens/s")
    del flops["target"]
    flops["compute"] = {"2026-Q2": f"{1.4 * UNITS.rate(RED) * each!r} TFLOP/s"}
    assert solved(build(workloads=[flops])).objective == pytest.approx(least(scenario), rel=1e-6)


def pair(**changes: object) -> Scenario:
    """Two short runs on one server each; one server can come in a quarter."""
    one = run(UNITS.tokens(RED, 1, 0.8), "2026-Q3", [4], **changes)
    return build(workloads=[one], supply=supply(red=4, carry_over=False))


def test_runs_alike_are_runs_written_out():
    first = run(UNITS.tokens(RED, 1, 0.8), "2026-Q3", [4], name="a", family="same")
    written = build(workloads=[first, {**first, "id": "b"}], supply=supply(red=4, carry_over=False))
    plan = solved(pair(count=2))
    assert plan.objective == pytest.approx(least(written), rel=1e-6)
    assert sorted(start.workload for start in plan.decisions.starts) == ["frontier.1", "frontier.2"]


def test_together_is_in_one_period():
    """Staggered, one server does both in turn; together they need two, which stand there in the last quarter only."""
    staggered, together = solved(pair(count=2)), solved(pair(count=2, together=True))
    assert len({start.period for start in staggered.decisions.starts}) == 2
    assert [start.period for start in together.decisions.starts] == [2, 2]
    assert together.objective > staggered.objective


def test_time_to_train_asks_for_a_larger_cluster():
    """One server takes nine tenths of a quarter; within half of one takes two."""
    halls = (hall(max_cluster=8, it_power="20 kW"),)
    asked = run(UNITS.tokens(RED, 1, 0.9), "2026-Q3", [4, 8], within="50 days")
    large = run(UNITS.tokens(RED, 1, 0.9), "2026-Q3", [8])
    fast = solved(build(sites=[site(halls=halls)], workloads=[asked]))
    assert fast.objective == pytest.approx(least(build(sites=[site(halls=halls)], workloads=[large])), rel=1e-6)
    assert fast.objective > solved(build(sites=[site(halls=halls)], workloads=[{**asked, "within": None}])).objective


def test_a_floor_moves_work_to_the_dearer_site():
    """Least cost over every split of the target is that of a floor at the dear site."""
    places = [site("cheap", tariff="0.1 XTS/kWh"), site("dear", tariff="0.9 XTS/kWh", region="coast")]
    work = stream({"2026-Q2": UNITS.target(RED, 1.0)})
    free = build(sites=places, workloads=[work])
    each = tflop_per_token(solved(free).case, free.streams[0])
    floor = {"sites": ["dear"], "compute": {"2026-Q2": f"{0.6 * UNITS.rate(RED) * each!r} TFLOP/s"}}
    plan = solved(build(sites=places, workloads=[work], least_compute=[floor]))
    assert {job.site for job in plan.decisions.jobs} >= {"dear"}
    apart = []
    for share in (0.6, 0.8, 1.0):
        parts = [(p, s) for p, s in zip(places, (1.0 - share, share), strict=True) if s > 1e-9]
        asked = [
            ({**w, "id": f"w-{p['id']}"}, p)
            for p, s in parts
            for w in [{**work, "target": {"2026-Q2": UNITS.target(RED, s)}}]
        ]
        apart.append(sum(least(build(sites=[p], workloads=[w])) for w, p in asked))
    assert plan.objective == pytest.approx(min(apart), rel=1e-6)
    in_region = {"region": "coast", "compute": floor["compute"]}
    again = solved(build(sites=places, workloads=[work], least_compute=[in_region]))
    assert again.objective == pytest.approx(plan.objective, rel=1e-6)


def test_weights_say_who_falls_short():
    """One server for two workloads: the one that counts more is served."""
    base = [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}]
    for heavy, light in product(("a", "b"), repeat=2):
        if heavy == light:
            continue
        work = [
            stream(UNITS.target(RED, 1), name, shortfall="1 XTS", weight=3.0 if name == heavy else 1.0)
            for name in ("a", "b")
        ]
        plan = solved(build(workloads=work, installed=base, supply=supply(red=0), objective="shortage"))
        assert {s.workload for s in plan.decisions.shortfalls} == {light}
        assert plan.stages[0].value == pytest.approx(0.25)


WRONG = {
    "both": ({"workloads.0.compute": "1 TFLOP/s"}, "keep one of the two"),
    "no effect": ({"workloads.0.weight": 2.0}, "no effect"),
    "too late": ({"workloads.0.tokens": {"2030": "1T tokens"}}, "outside the horizon"),
    "too early": ({"workloads.0.tokens": {"2025-Q4": "1T tokens"}}, "no period"),
    "twice": ({"workloads.0.tokens": {"2026-Q3": "1T tokens", "2026-09": "2T tokens"}}, "same period"),
    "nowhere": ({"least_compute": [{"sites": ["hom"], "compute": "1 TFLOP/s"}]}, "did you mean home"),
    "no region": ({"least_compute": [{"region": "coast", "compute": "1 TFLOP/s"}]}, "no site"),
    "neither": ({"least_compute": [{"compute": "1 TFLOP/s"}]}, "either"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused(name):
    change, told = WRONG[name]
    with pytest.raises(planner.InputError, match=told):
        patched(cases.lead_time(UNITS), change)
    with pytest.raises(planner.InputError, match="one run"):
        patched(pair(), {"workloads.0.together": True})
