"""Laws of the least cost, on tiny scenarios solved exactly: no number has to be known beforehand."""

from math import inf
from pathlib import Path

import pytest

import planner
from planner.io.yaml import load
from planner.scenario.model import Scenario
from planner.units import Money
from tests.laws.changes import (
    backwards,
    fewer_racks,
    less_liquid,
    less_power,
    refunded,
    smaller_reach,
    supply_times,
    total_budget,
    without,
)
from tests.oracle import cases
from tests.oracle.catalog import rate
from tests.oracle.tiny import CATALOG, Units

UNITS = Units(rate)
RICH = (
    cases.supply_carried,
    cases.hall_power,
    cases.grid_and_pue,
    cases.cooling_fit,
    cases.coherent_reach,
    cases.deadline_or_miss,
    cases.run_beside_stream,
    cases.ban,
    cases.pending_taken,
    cases.porting,
    cases.two_streams,
    cases.foreign_money,
)
TIGHTER = {
    "power": less_power(0.7),
    "liquid cooling": less_liquid(0.5),
    "supply": supply_times("tiny-red", 0.5),
    "budget": total_budget(30_000),
    "cluster reach": smaller_reach(4),
    "racks": fewer_racks(0.25),
}


def cost(scenario: Scenario) -> float:
    """Least cost; inf when no plan is feasible."""
    try:
        plan = planner.solve(scenario)
    except planner.InfeasibleError:
        return inf
    except planner.InputError as error:  # so tight that it contradicts itself
        assert {diagnostic.code for diagnostic in error.diagnostics} == {"fabric-below-system"}
        return inf
    assert plan.objective - plan.bound <= 1e-6 * max(1.0, abs(plan.objective))
    return plan.objective


def at_most(less: float, more: float) -> bool:
    """less <= more, up to rounding."""
    return less <= more + 1e-6 * max(1.0, abs(less))


@pytest.fixture(scope="module", params=RICH, ids=lambda case: case.__name__)
def base(request):
    scenario = request.param(UNITS)
    return scenario, cost(scenario)


@pytest.mark.parametrize("limit", TIGHTER)
def test_tightening_a_limit_never_lowers_the_cost(base, limit):
    scenario, before = base
    assert at_most(before, cost(TIGHTER[limit](scenario)))


def test_more_supply_never_costs_more(base):
    scenario, before = base
    for accelerator in ("tiny-red", "tiny-green", "tiny-blue"):
        assert at_most(cost(supply_times(accelerator, 2.0)(scenario)), before)


def test_lifting_a_ban_never_costs_more(base):
    """Where the contract says what comes back of a cancelled order, a ban only takes away.

    A rule that voids an order may itself have a share of the deposit paid back (`refund_share`). That is a gain from
    the rule and goes with it, so lifting such a ban may cost more, by up to the refund. Here the world without the ban
    may cancel on the terms that the rule gives: orders that name no refund name the rule's.
    """
    scenario, before = base
    same_terms = refunded(0.5)(scenario)
    assert at_most(cost(without("no-blue-imports")(same_terms)), before)
    assert at_most(cost(without("XA")(same_terms)), before)


def test_lifting_a_ban_loses_at_most_the_refund_that_the_rule_alone_pays():
    """Half of the 13,000 XTS paid for an order comes back by the rule, nothing without it."""
    scenario = cases.ban(UNITS)
    plan = planner.solve(scenario)
    (order,) = plan.tables["pending"]
    assert (order["fate"], order["rule"], order["refund"]) == ("cancelled", "no-blue-imports", pytest.approx(6_500.0))
    assert plan.objective < cost(without("no-blue-imports")(scenario)) <= plan.objective + 6_500.0
    assert cost(refunded(0.5)(scenario)) == pytest.approx(plan.objective, rel=1e-6)


def test_counting_in_another_currency_scales_the_cost(base):
    """One XXX is two XTS."""
    scenario, before = base
    finance = scenario.finance.model_copy(update={"fx": {"XTS": 0.5}})
    assert cost(scenario.replace(currency="XXX", finance=finance)) == pytest.approx(before / 2, rel=1e-6)


def test_the_order_of_a_scenario_does_not_matter(base):
    scenario, before = base
    assert cost(backwards(scenario)) == pytest.approx(before, rel=1e-6)


def test_the_order_of_the_catalog_does_not_matter(tmp_path):
    """The same catalog with every list turned round, solved in the scenario that uses most of it."""
    import json

    for path in Path(CATALOG).rglob("*.yaml"):
        lists = load(path).value
        turned = {
            key: value[::-1] if isinstance(value, list) and key not in ("derivations",) else value
            for key, value in reversed(lists.items())
        }
        target = tmp_path / path.relative_to(CATALOG)
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(turned, default=str), encoding="utf-8")
    scenario = cases.foreign_money(UNITS)
    assert cost(scenario.replace(catalog=(str(tmp_path),))) == pytest.approx(cost(scenario), rel=1e-6)


def test_pricing_a_shortfall_never_costs_more_than_forbidding_it():
    """A target that must be met is one whose price is beyond all others."""
    scenario = cases.grid_and_pue(UNITS)
    stream = scenario.streams[0]
    priced = stream.model_copy(update={"shortfall": Money(1.0, scenario.currency)})
    assert at_most(cost(scenario.replace(workloads=(priced,))), cost(scenario))
