"""The planner against the brute force: the same least cost, or both find nothing."""

from math import inf

import pytest
from hypothesis import HealthCheck, assume, given, settings

import planner
from planner.scenario.model import Scenario
from tests.oracle.brute import Brute, TooManyError
from tests.oracle.cases import CASES
from tests.oracle.catalog import facts, rate
from tests.oracle.strategies import scenarios, seeded
from tests.oracle.tiny import Units

UNITS = Units(rate)
ONCE_WRONG = (1, 18, 33, 61, 65, 74, 88, 110, 112, 126, 142)
"""Seeds that once found a disagreement: age, porting cost, peak power, runs held whole, part-time power, retirement."""
CONTRADICTIONS = {"base-over-racks", "base-over-power", "base-over-grid"}
PATIENCE = 3_000
"""Branches that the brute force tries; what needs more is no tiny scenario."""


def least(scenario: Scenario) -> float:
    """What the brute force finds; inf when no plan is feasible."""
    brute = Brute(scenario, facts(scenario))
    brute.patience = PATIENCE
    return brute.solve()


class ContradictsError(Exception):
    """The installed base takes more than twice what its hall has: refused, though it could be retired at once."""


def solved(scenario: Scenario) -> planner.Plan:
    """The plan; raises ContradictsError, and InfeasibleError when there is none."""
    try:
        return planner.solve(scenario)
    except planner.InputError as error:
        assert {diagnostic.code for diagnostic in error.diagnostics} <= CONTRADICTIONS
        raise ContradictsError from None


def compare(scenario: Scenario, expected: float) -> None:
    """Solved to a gap of zero, the planner proves the same cost, or raises InfeasibleError when there is no plan."""
    if expected == inf:
        with pytest.raises((planner.InfeasibleError, ContradictsError)):
            solved(scenario)
        return
    plan = solved(scenario)
    tolerance = 1e-6 * max(1.0, abs(expected))
    assert plan.objective == pytest.approx(expected, abs=tolerance)
    assert plan.bound <= expected + tolerance
    assert plan.objective - plan.bound <= tolerance
    assert plan.verified


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_hand_written_scenarios(case):
    scenario = case(UNITS)
    compare(scenario, least(scenario))


@pytest.mark.parametrize("seed", [*range(24), *(seed for seed in ONCE_WRONG if seed >= 24)])
def test_seeded_scenarios(seed):
    scenario = seeded(seed, UNITS)
    try:
        expected = least(scenario)
    except TooManyError:
        pytest.skip("too many plans to try them all")
    try:
        compare(scenario, expected)
    except ContradictsError:
        pytest.skip("the installed base contradicts its hall")


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios(UNITS))
def test_random_scenarios(scenario):
    try:
        expected = least(scenario)
    except TooManyError:
        assume(False)
    try:
        compare(scenario, expected)
    except ContradictsError:
        assume(False)
