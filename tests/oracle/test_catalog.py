"""The brute force over the tiny catalog: its best plans pass the product's check at their cost."""

from math import inf

import pytest
from hypothesis import HealthCheck, assume, given, settings

from planner.plan.verify import verify
from tests.oracle.brute import Brute, TooManyError
from tests.oracle.cases import CASES, INFEASIBLE
from tests.oracle.catalog import facts, rate, tiny_catalog
from tests.oracle.records import decisions
from tests.oracle.strategies import scenarios
from tests.oracle.tiny import Units


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_best_plans_pass_the_check_at_their_cost(case):
    scenario = case(Units(rate))
    brute = Brute(scenario, facts(scenario))
    brute.solve()
    assert (brute.best == inf) == (case.__name__ in INFEASIBLE)
    if brute.best < inf:
        assert verify(scenario, tiny_catalog(), decisions(brute), brute.best).violations == ()


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios(Units(rate)))
def test_best_plans_of_random_scenarios_pass_the_check(scenario):
    brute = Brute(scenario, facts(scenario))
    brute.patience = 2_000
    try:
        brute.solve()
    except TooManyError:
        assume(False)
    if brute.best < inf:
        assert verify(scenario, tiny_catalog(), decisions(brute), brute.best).violations == ()
