"""Quotas, shares and ratios against the brute force; rules against the limits that say the same."""

from dataclasses import replace

import pytest

from planner.scenario.model import Limits, Scenario
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.counted_cases import COUNTED, SUBSIDISED
from tests.oracle.limit_cases import LIMITED, SAME
from tests.oracle.loose_cases import LOOSE
from tests.oracle.part_cases import NEEDS, PART_CASES
from tests.oracle.site_cases import RULED
from tests.oracle.test_solver import compare, solved
from tests.oracle.tiny import Units

UNITS = Units(rate)


def least(scenario: Scenario) -> float:
    """What the brute force finds."""
    brute = Brute(scenario, facts(scenario))
    brute.patience = 20_000
    return brute.solve()


@pytest.mark.parametrize("case", LIMITED)
def test_limits(case):
    """The same least cost, and a dearer one than without the limit: each of these binds."""
    scenario = LIMITED[case](UNITS)
    expected = least(scenario)
    compare(scenario, expected)
    assert least(scenario.replace(limits=Limits())) < expected


@pytest.mark.parametrize("case", SAME)
def test_rules_as_limits(case):
    """A rule binds as the limit does that says the same, and more than no rule."""
    ruled, asked = SAME[case](UNITS)
    compare(ruled, least(asked))
    assert least(asked.replace(limits=Limits())) < least(asked)


@pytest.mark.parametrize("case", (*RULED, *SUBSIDISED), ids=lambda case: case.__name__)
def test_rules_about_sites_and_prices(case):
    """The least cost with what the rule comes to, stated by hand; another one than without the rule."""
    scenario, found = case(UNITS)
    free = scenario.replace(policy=scenario.policy.model_copy(update={"rules": (), "terms": {}}))
    known = facts(free)
    brute = Brute(scenario, replace(known, **found))
    brute.patience = 20_000
    expected = brute.solve()
    compare(scenario, expected)
    assert abs(least(free) - expected) > 1.0


@pytest.mark.parametrize("case", COUNTED, ids=lambda case: case.__name__)
def test_what_counts_of_the_moved_and_the_rented(case):
    """What moves counts where it stands, and is neither delivered nor placed; what is rented counts nowhere."""
    scenario = case(UNITS)
    expected, free = least(scenario), least(scenario.replace(limits=Limits()))
    compare(scenario, expected)
    assert (expected > free + 1.0) is COUNTED[case]
    done = solved(scenario).decisions
    assert COUNTED[case] or done.moves or done.rentals


@pytest.mark.parametrize("case", LOOSE, ids=lambda case: case.__name__)
def test_limits_that_nobody_reaches(case):
    """The least cost is that of the scenario without them."""
    scenario, free = case(UNITS)
    compare(scenario, least(free))


@pytest.mark.parametrize("case", PART_CASES, ids=lambda case: case.__name__)
def test_parts(case):
    """Deliveries wait for their parts; without the limit more would come."""
    scenario, there = case(UNITS)
    brute = Brute(scenario, replace(facts(scenario), needs=NEEDS, parts={"tiny-stack": there}))
    brute.patience = 20_000
    expected = brute.solve()
    compare(scenario, expected)
    free = scenario.supply.model_copy(update={"components": ()})
    assert least(scenario.replace(supply=free)) < expected - 1.0
