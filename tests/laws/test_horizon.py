"""A longer horizon: what is done first must not hang on where the plan ends."""

import pytest

import planner
from planner.scenario.model import Scenario
from tests.oracle.catalog import rate
from tests.oracle.tiny import RED, Units, build, hall, site, stream, supply

UNITS = Units(rate)
ENDS = ("2027-Q2", "2028-Q2", "2029-Q2")
FIRST = 3
"""Periods whose decisions are compared."""


def growing(end: str) -> Scenario:
    """Demand that rises for a year and then stays, with two kinds of server to choose from."""
    halls = (hall(it_power="60 kW", racks=20), hall("wet", cooling="liquid", it_power="40 kW", racks=20))
    target = {"2026-Q2": UNITS.target(RED, 1.2), "2026-Q4": UNITS.target(RED, 2.6)}
    return build(
        horizon={"start": "2026-Q1", "end": end},
        sites=[site(halls=halls, grid="200 kW")],
        workloads=[stream(target, ported=["redware", "greenware"])],
        supply=supply(red=8, green=8),
    )


def first_orders(scenario: Scenario) -> list[tuple[str, int, int]]:
    plan = planner.solve(scenario)
    return [(o.system, o.period, o.count) for o in plan.decisions.orders if o.period < FIRST]


def test_residual_values_keep_the_first_decisions():
    """Systems are worth something at the end of any horizon, so a short one does not shun or hoard them."""
    orders = [first_orders(growing(end)) for end in ENDS]
    assert orders[0]
    assert orders[1:] == [orders[0]] * 2


def test_residual_values_keep_the_first_payments_to_the_penny():
    """Not only what is ordered first: everything that is paid in the first periods, line by line."""
    paid = []
    for end in ENDS:
        lines: dict[tuple[str, int], float] = {}
        for flow in planner.solve(growing(end)).flows:
            if flow.period < FIRST and flow.line != "residual_value":
                lines[flow.line, flow.period] = lines.get((flow.line, flow.period), 0.0) + flow.amount
        paid.append(lines)
    assert {line for line, _ in paid[0]} >= {"hardware_deposit", "hardware_balance", "energy", "maintenance"}
    assert paid[1] == pytest.approx(paid[0], abs=0.005)
    assert paid[2] == pytest.approx(paid[0], abs=0.005)


def test_without_residual_values_a_short_plan_bears_the_whole_price():
    """The same world in which nothing has a value at the end: cost per period falls as the plan grows."""
    nothing = {f"residual-year-{age}": "0 %" for age in range(6)}
    spent = []
    for end in ENDS:
        scenario = growing(end)
        short = scenario.streams[0].model_copy(update={"shortfall": None})
        plan = planner.solve(scenario.replace(parameters=nothing, workloads=(short,)))
        flows = [flow for flow in plan.flows if flow.line == "residual_value"]
        assert sum(flow.amount for flow in flows) == pytest.approx(0.0)
        spent.append(plan.objective / len(plan.problem.calendar))
    assert spent == sorted(spent, reverse=True)
