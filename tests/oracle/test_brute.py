"""The brute force by itself: costs worked out by hand, and best plans pass the product's check at their cost."""

from math import inf

import pytest

from planner.plan.verify import Case, examine
from tests.oracle.brute import Brute
from tests.oracle.cases import CASES, INFEASIBLE
from tests.oracle.hand import FactsWorld, facts, rate
from tests.oracle.records import decisions
from tests.oracle.simplex import minimise
from tests.oracle.tiny import RED, Units, build, stream

UNITS = Units(rate)


def solved(scenario):
    brute = Brute(scenario, facts(scenario))
    brute.solve()
    return brute


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_best_plans_pass_the_check_at_their_cost(case):
    """Two evaluations of the same rules, written apart, agree on every tiny case."""
    scenario = case(UNITS)
    brute = solved(scenario)
    assert (brute.best == inf) == (case.__name__ in INFEASIBLE)
    if brute.best < inf:
        verdict = examine(Case(scenario, FactsWorld(scenario, facts(scenario)), decisions(brute), brute.best))
        assert verdict.violations == ()


def test_one_server_for_one_quarter_costs_what_pencil_and_paper_give():
    scenario = build(
        horizon={"start": "2026-Q1", "end": "2026-Q2"},
        workloads=[stream({"2026-Q2": UNITS.target(RED, 0.5)})],
    )
    quarter = 1.08**0.25
    hours = 91 * 24
    energy = 0.5 * 4.0 * 0.8 * 1.25 * 0.5 * hours
    upkeep = 20000 * 0.06 * hours / 8760
    expected = 5000 + (15000 + 300 * 4) / quarter + (energy + upkeep - 20000 * (0.8 - 0.3 / 4)) / quarter**2
    assert solved(scenario).best == pytest.approx(expected)


def test_missing_tokens_is_chosen_when_it_is_cheaper():
    scenario = build(
        horizon={"start": "2026-Q1", "end": "2026-Q1"},
        workloads=[stream("1000 tokens/s", shortfall="0.001 XTS")],
    )
    millions = 1000 * 90 * 24 * 3600 / 1e6
    assert solved(scenario).best == pytest.approx(0.001 * millions / 1.08**0.25)


def test_two_workloads_share_places_by_their_advantage():
    """The first place is twice as good for a, the second for b; a needs a little of the second.

    Columns: a on the first, b on the first, a on the second, b on the second.
    """
    limits = [([1.0, 1.0, 0.0, 0.0], 1.0), ([0.0, 0.0, 1.0, 1.0], 1.0)]
    first, second = [2.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 2.0]
    cost, x = minimise([0.0] * 4, limits, [(first, 2.5, 1.0), (second, 1.0, 1.0)])
    assert cost == pytest.approx(0.0)
    assert x == pytest.approx([1.0, 0.0, 0.5, 0.5])
    assert minimise([0.0] * 4, limits, [(first, 2.5, 1.0), (second, 2.0, 10.0)])[0] == pytest.approx(0.5)


def test_what_runs_is_what_is_cheaper_than_missing_it():
    """A unit costs 3 to run and 2 or 4 to miss."""
    assert minimise([3.0], [([1.0], 9.0)], [([1.0], 5.0, 2.0)]) == (pytest.approx(10.0), [0.0])
    assert minimise([3.0], [([1.0], 9.0)], [([1.0], 5.0, 4.0)]) == (pytest.approx(15.0), pytest.approx([5.0]))


def test_demand_that_must_be_met_costs_without_end():
    assert minimise([1.0], [([1.0], 1.0)], [([1.0], 2.0, inf)])[0] == inf
    assert minimise([1.0], [([1.0], 2.0)], [([1.0], 2.0, inf)])[0] == pytest.approx(2.0)
