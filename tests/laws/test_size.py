"""What is left out of the program, and how its rows are written, changes no answer."""

import pytest

import planner
from planner.optimize import program as writing
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.outcome import Limits
from planner.plan.solve import pose
from tests.oracle import cases
from tests.oracle.catalog import rate
from tests.oracle.tiny import GREEN, RED, Units, build, stream, supply

UNITS = Units(rate)


def posed(**changes):
    scenario = build(workloads=[stream(UNITS.target(RED, 1.0), shortfall=UNITS.short(RED, 50_000))], **changes)
    return pose(scenario, planner.plan.solve.catalog_of(scenario)).problem


def test_a_system_larger_than_all_supply_is_no_candidate_and_the_reason_is_kept():
    problem = posed(supply=supply(red=3, carry_over=False))
    assert not problem.arrivals
    (left,) = [entry for entry in problem.excluded if entry.reason == "supply" and entry.item == RED]
    assert left.detail == "one system holds 4 accelerators, the buyer can have 3 at most"
    assert (left.kind, left.first, left.last) == ("order", "2026-Q1", "2026-Q2")


def test_it_is_one_where_supply_is_carried_over_or_scaled_up():
    carried = posed(supply=supply(red=2, carry_over=True))
    assert carried.arrivals == {(0, 0): 1, (0, 1): 2}
    assert posed(supply=supply(red={"2026-Q1": 3, "2026-Q3": 4}, carry_over=False)).arrivals == {(0, 1): 2}
    assert posed(supply=supply(red=3, scale={"tiny-red": 1.5}, carry_over=False)).arrivals == {(0, 0): 1, (0, 1): 2}


def test_a_system_that_no_hall_holds_is_no_candidate_unless_a_share_counts_it():
    problem = posed(supply=supply(red=8, green=8))  # green wants a liquid hall
    assert {i for i, _ in problem.arrivals} == {1}
    assert {(e.reason, e.detail) for e in problem.excluded if e.item == GREEN and e.kind == "order"} >= {
        ("hall", "fits no hall: needs liquid cooling, the hall has air")
    }
    share = {"id": "mixed", "counts": "orders", "of": {"accelerators": ["tiny-green"]}, "least_share": "50 %"}
    assert {i for i, _ in posed(supply=supply(red=8, green=8), limits={"quotas": [share]}).arrivals} == {0, 1}


@pytest.mark.parametrize("case", [cases.supply_carried, cases.two_streams, cases.ban], ids=lambda case: case.__name__)
def test_scaled_rows_give_the_same_plan_and_the_same_prices(case, monkeypatch):
    scenario = case(UNITS)
    found = []
    for far in (writing.FAR, 0.5, 99.0):
        monkeypatch.setattr(writing, "FAR", far)
        solver = Solver(assemble(pose(scenario, planner.plan.solve.catalog_of(scenario)).problem), Limits(gap=0.0))
        best = solver.run(0.0, None)
        prices = solver.relaxation()
        found.append((best.objective, prices.objective, sum(abs(dual) for dual in prices.row_dual)))
        scaled = any(row.factor != 1.0 for row in solver.program.rows)
        assert scaled == (far < 99.0) or far == writing.FAR
    assert found[1] == pytest.approx(found[0], rel=1e-6)
    assert found[2] == pytest.approx(found[0], rel=1e-6)


def test_where_nothing_is_left_to_decide_the_plan_is_to_do_nothing():
    plan = planner.solve(build(workloads=[stream("0 tokens/s")], supply=supply(red=3, carry_over=False)))
    assert (plan.objective, plan.status, plan.columns) == (0.0, "optimal", {})
