"""Laws of what lies between delivery and work: it never makes a plan cheaper, and without it nothing changes."""

from itertools import pairwise

import pytest

import planner
from planner.scenario.attrition import Attrition
from planner.scenario.installation import Installation
from planner.scenario.model import Scenario
from planner.scenario.warehouse import Stocked, Warehouse
from planner.units import Money
from tests.laws.test_tiny import UNITS, at_most, cost
from tests.oracle import cases
from tests.oracle.tiny import RED

NO_SERVICE = cases.rule("no-service", [{"type": "service_prohibited"}], effective_from="2026-01-01")
SOME = (cases.grid_and_pue, cases.coherent_reach, cases.run_beside_stream, cases.two_streams)


@pytest.fixture(scope="module", params=SOME, ids=lambda case: case.__name__)
def base(request):
    scenario = request.param(UNITS)
    return scenario, cost(scenario)


def installed_in(scenario: Scenario, days: float) -> Scenario:
    return scenario.replace(installation=Installation(time=f"{days} days"))


def test_longer_installation_never_costs_less(base):
    scenario, before = base
    costs = [cost(installed_in(scenario, days)) for days in (0, 20, 60, 130)]
    assert costs[0] == pytest.approx(before, rel=1e-9)
    assert all(at_most(less, more) for less, more in pairwise(costs))


def test_dearer_storage_never_costs_less_and_a_stockpile_never_costs_more(base):
    scenario, before = base
    money = [Warehouse(price_per_month=Money(price, scenario.currency)) for price in (0.0, 50.0, 500.0)]
    costs = [cost(scenario.replace(warehouse=storage)) for storage in money]
    assert costs[0] == pytest.approx(before, rel=1e-9)
    assert all(at_most(less, more) for less, more in pairwise(costs))
    assert at_most(cost(scenario.replace(stock=(Stocked(system=RED, count=1),))), before)


def test_more_attrition_never_costs_less(base):
    scenario, before = base
    costs = [cost(scenario.replace(attrition=Attrition(rate=rate))) for rate in (0.0, 0.05, 0.4)]
    assert costs[0] == pytest.approx(before, rel=1e-9)
    assert all(at_most(less, more) for less, more in pairwise(costs))


def test_spares_never_cost_more_and_a_ban_on_service_never_costs_less():
    """A spare in store spares a shortfall; who may not service what he has can use none."""
    served, banned = cost(cases.spares(UNITS)), cost(cases.spares(UNITS, policy={"rules": [NO_SERVICE]}))
    assert served < banned - 1.0
    assert banned == pytest.approx(cost(cases.spares(UNITS, stock=[])), rel=1e-6)


def test_what_failed_is_not_on_and_is_replaced_out_of_store():
    """60 % a year: of two systems 0.41 fail in a quarter; what replaces them leaves the store."""
    plan = planner.solve(cases.spares(UNITS))
    quarter = 1 - 0.4**0.25
    spares = [spare.count for spare in plan.decisions.spares]
    assert spares[0] == pytest.approx(2 * quarter)
    assert sum(spares) == pytest.approx(1.0)
    rows = [row for row in plan.tables["fleet"] if row["system"] == "blue-8"]
    works = [row["systems_close"] - row["systems_failed"] for row in rows]
    assert works[:3] == pytest.approx([2.0, 2.0, 2.0])
    assert works[3] < 2.0
    for row, left in zip(rows, works, strict=True):
        assert row["systems_powered"] <= left * (1 - quarter / 2) + 1e-6
    stock = [row for row in plan.tables["stock"] if row["system"] == "blue-8"]
    assert sum(row["systems_spares"] for row in stock) == pytest.approx(1.0)


def test_what_is_being_installed_is_not_on():
    """A third of the quarter: two servers are on for two thirds of it at most, and the table says so."""
    plan = planner.solve(installed_in(cases.installed_late(UNITS), 30))
    rows = [row for row in plan.tables["fleet"] if row["systems_added"]]
    assert rows
    for row in rows:
        assert row["systems_installing"] == pytest.approx(row["systems_added"] * 30 * 24 / (91 * 24))
        assert row["systems_powered"] <= row["systems_close"] - row["systems_installing"] + 1e-9
