"""Frontiers of two goals: every point is the best of one under a cap on the other, and none beats another."""

from itertools import pairwise
from pathlib import Path

import pytest

from planner.analysis.points import beaten
from planner.analysis.questions import expand
from planner.analysis.whatif import run_whatifs
from planner.errors import InputError
from planner.plan.solve import Options, solve
from planner.report.html import render
from planner.report.whatif import whatif_report
from planner.scenario.load import catalog_of, load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"


@pytest.fixture(scope="module")
def soft():
    return patched(
        load_scenario(TINY), {"workloads.dense.shortfall+": "0.03 XTS", "workloads.dense.target": "6e4 tokens/s"}
    )


def front(scenario, *goals, points=4):
    asked = {"base": False, "frontiers": [{"id": "f", "of": list(goals), "points": points}]}
    return run_whatifs(scenario, asked, workers=0)


@pytest.mark.parametrize("goals", [("cost", "shortage"), ("cost", "throughput"), ("throughput", "cost")])
def test_every_point_is_the_best_under_its_cap_and_no_point_beats_another(soft, goals):
    found = front(soft, *goals)
    points = found.points
    assert [point.run for point in points][:: len(points) - 1] == [f"f/{goals[0]}", f"f/{goals[1]}"]
    for point in points:
        assert point.status == "optimal"
        assert point.reached == pytest.approx(point.proved, rel=1e-6, abs=1e-9)
    kept = [point for point in points if not point.dominated]
    for one in kept:
        for other in kept:
            if one is not other and one.value != other.value:
                better = _worse(goals[0], other.reached, one.reached)
                assert better == _worse(goals[1], one.value, other.value)
    reached = [point.reached for point in points]
    sign = -1 if goals[0] == "throughput" else 1
    assert all(sign * a <= sign * b + 1e-6 * abs(b) for a, b in pairwise(reached))


def _worse(goal, one, other):
    return one < other if goal == "throughput" else one > other


def test_a_point_is_what_solve_finds_under_its_cap(soft):
    points = front(soft, "cost", "shortage").points
    inner = next(point for point in points if point.limit is not None)
    alone = solve(patched(soft, {"caps.shortage": inner.limit * (1 + 1e-6)}), Options(counterfactuals=False))
    assert inner.objective == pytest.approx(alone.objective, rel=1e-6)
    assert inner.value <= inner.limit * (1 + 2e-6)


def test_the_report_draws_the_curve_and_leaves_beaten_points_out(soft):
    found = front(soft, "cost", "throughput")
    report = whatif_report(found, catalog_of(soft))
    page = render(report)
    kept = {(round(p.reached, 3), round(p.value, 9)) for p in found.points if not p.dominated}
    assert page.count("<circle") == len(kept) > 2


def test_two_goals_that_one_plan_serves_are_one_point():
    found = front(load_scenario(TINY), "cost", "carbon")
    assert len(found.points) == 2
    assert "One plan has both the best cost and the best carbon." in render(
        whatif_report(found, catalog_of(found.scenario))
    )


def test_beaten_is_no_better_in_both_and_worse_in_one():
    pairs = [(1.0, 5.0), (2.0, 5.0), (2.0, 4.0), (None, 1.0), (2.0, 4.0)]
    assert beaten(pairs, (True, True)) == [False, True, False, False, False]
    assert beaten(pairs, (True, False)) == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"of": ["cost", "cost"]}, "both axes"),
        ({"of": ["cost", "carbom"]}, "carbom|carbon"),
        ({"of": ["cost", "carbon"], "steps": 3}, "has no steps"),
        ({"of": ["cost", "carbon"], "set": "limits.energy.total"}, "of: \\[GOAL, GOAL\\]"),
        ({"points": 3}, "say what is changed"),
        ({"set": "limits.energy.total", "from": "1 MWh", "to": "2 MWh"}, "needs metric"),
        ({"set": "limits.energy.total", "from": "1 MWh", "to": "2 MWh", "metric": "energy", "points": 3}, "not points"),
    ],
)
def test_faults_are_told_before_anything_is_solved(asked, said):
    with pytest.raises(InputError, match=said):
        expand(load_scenario(TINY), {"frontiers": [{"id": "f", **asked}]})


def test_a_goal_that_would_be_met_by_doing_nothing_is_refused(soft):
    with pytest.raises(InputError, match="least energy would be to do nothing"):
        expand(soft, {"frontiers": [{"id": "f", "of": ["cost", "energy"]}]})
