"""Why a system is not bought: reasons by construction, and entry prices confirmed by solving."""

from dataclasses import replace

import pytest

import planner
from planner import InputError, Options
from planner.explain.explanation import explain
from planner.explain.price import at_price, entry_price
from planner.explain.resolve import ordered, relaxed
from planner.explain.why_not import systems_named, why_not
from planner.report.explain import explain_report
from planner.report.markdown import render
from tests.oracle import cases
from tests.oracle.catalog import rate, tiny_catalog
from tests.oracle.tiny import BLUE, GREEN, RED, Units, build, hall, site, stream, supply

UNITS = Units(rate)
EXACT = Options(gap=0.0, counterfactuals=False)


def reasons(scenario):
    return {row.system: row for row in why_not(planner.solve(scenario))}


def both_halls(**changes):
    work = [stream({"2026-Q2": UNITS.target(RED, 1.3)}, ported=["redware", "blueware", "greenware"])]
    base = {
        "workloads": work,
        "sites": [site(halls=(hall(), hall("wet", cooling="liquid", racks=8)))],
        "supply": supply(red=8, blue=8, green=8),
        "policy": {"without": ["no-blue-imports"]},
    }
    return build(**base | changes)


def test_a_rule_is_named_with_its_date_and_source():
    found = reasons(cases.ban(UNITS))
    assert found[BLUE].reason == "rule"
    assert (found[BLUE].rule, found[BLUE].rule_date) == ("no-blue-imports", "2026-04-01")
    assert found[BLUE].source


def test_no_supply_no_hall_no_cluster():
    found = reasons(both_halls(supply=supply(red=8, blue=4, carry_over=False)))
    assert found[BLUE].reason == "supply"
    assert "one system holds 8" in found[BLUE].detail
    found = reasons(both_halls(sites=[site()]))
    assert found[GREEN].reason == "hall"
    work = [stream({"2026-Q2": UNITS.target(RED, 1.3, systems=2)}, least_job=8, ported=["redware", "greenware"])]
    found = reasons(both_halls(workloads=work))
    assert found[GREEN].reason == "cluster"  # joins four accelerators at most


def test_what_the_scenario_leaves_out_says_so():
    scenario = both_halls(systems={"exclude": [GREEN]})
    plan = planner.solve(scenario)
    assert {row.system: row.reason for row in why_not(plan, [GREEN])} == {GREEN: "scenario"}


def test_what_is_bought_is_chosen():
    found = reasons(both_halls())
    assert any(row.reason == "chosen" for row in found.values())
    assert all(row.reason in ("chosen", "dominated") for row in found.values())


@pytest.mark.parametrize("case", [both_halls, lambda: cases.foreign_money(UNITS)], ids=["three kinds", "foreign money"])
def test_a_system_enters_below_its_entry_price_and_not_above(case):
    scenario = case()
    plan = planner.solve(scenario)
    dear = [row for row in why_not(plan) if row.reason == "dominated"]
    assert dear
    for row in dear:
        found = entry_price(plan, row.system, row.entry_price, EXACT)
        assert found.confirmed
        if found.entry_price is None:
            assert bought_at(scenario, row.system, 1e-6) == 0
            continue
        assert 0 < found.entry_price <= found.price
        assert bought_at(scenario, row.system, found.entry_price * 0.995) > 0
        assert bought_at(scenario, row.system, found.entry_price * 1.005) == 0


def test_a_price_of_the_relaxation_counts_the_age_of_software():
    """Green is ported for nothing and ripens over a year: the relaxation buys it below the price, not above."""
    rising = {"2026-Q2": UNITS.target(RED, 1.0), "2026-Q3": UNITS.target(RED, 1.3)}
    work = [stream(rising, shortfall=UNITS.short(RED, 60000))]
    slow = {"porting-time": "0 h", "porting-staff": 0, "porting-start-efficiency": 0.2, "porting-maturity-time": "1 yr"}
    prices = {}
    for maturity in (True, False):
        given = slow if maturity else {key: slow[key] for key in ("porting-time", "porting-staff")}
        scenario = both_halls(
            workloads=work,
            supply=supply(red=8, green=8),
            porting={"maturity": maturity},
            parameters=given,
            facts={"systems.green-4.price": "60000 XTS"},
        )
        plan = planner.solve(scenario)
        (row,) = (row for row in why_not(plan) if row.system == GREEN)
        assert row.reason == "dominated"
        prices[maturity] = row.entry_price
        below, above = (relaxed(at_price(plan, GREEN, row.entry_price * f)).columns for f in (0.99, 1.01))
        assert ordered(below, (GREEN,)) > 1e-6
        assert ordered(above, (GREEN,)) < 1e-6
    assert prices[True] < 0.8 * prices[False]


DEAR = {"systems.green-4.price": "30000 XTS"}


def first_met(**changes):
    """Work that comes first whatever it costs, and that least cost would rather miss."""
    ported = ["redware", "blueware", "greenware"]
    first = stream({"2026-Q2": UNITS.target(RED, 1.3)}, ported=ported, shortfall=UNITS.short(RED, 1), priority=1)
    other = stream({"2026-Q2": UNITS.target(RED, 0.4)}, "other", ported=ported, shortfall=UNITS.short(RED, 40000))
    return both_halls(workloads=[first, other], supply=supply(red=16, green=16), **changes)


def test_entry_prices_are_of_plans_as_good_in_what_comes_first():
    """Solved anew in all stages, the scenario buys a little below the price and not above it."""
    scenario = first_met(policy={"without": ["no-blue-imports"]}, systems={"exclude": [BLUE]}, facts=DEAR)
    plan = planner.solve(scenario)
    held = explain(plan, ["why-not"], options=EXACT, confirm=False).held
    assert held == (("shortage of priority 1", pytest.approx(0.0)),)
    (row,) = (row for row in why_not(plan) if row.reason == "dominated")
    found = entry_price(plan, row.system, row.entry_price, replace(EXACT, held=held))
    alone = entry_price(plan, row.system, row.entry_price, EXACT)
    assert found.confirmed
    assert bought_at(scenario, row.system, found.entry_price * 0.99) > 0
    assert bought_at(scenario, row.system, found.entry_price * 1.01) == 0
    assert alone.entry_price != pytest.approx(
        found.entry_price, rel=0.05
    )  # least cost alone would rather miss the work


def test_every_part_is_explained_where_priorities_exist():
    found = explain(first_met(budget={"total": "60000 XTS"}), options=EXACT)
    assert set(found.tables) == {"why_not", "marginals", "rules", "shapley", "alternatives"}
    assert found.to_json()["held"] == {"shortage of priority 1": pytest.approx(0.0)}
    more = next(row for row in found.tables["marginals"] if row["limit"] == "stream_target" and row["where"] == "dense")
    assert more["difference"] > 0  # met in full, not missed at its price
    text = render(explain_report(found))
    assert "Sought before cost: shortage of priority 1" in text


def bought_at(scenario, system, price):
    """Systems that a plan buys when one of them costs so much, solved from the start."""
    catalog = tiny_catalog().with_facts({f"systems.{system}.price": f"{price!r} {scenario.currency}"})
    plan = planner.solve(scenario, EXACT, catalog)
    return sum(order.count for order in plan.decisions.orders if order.system == system)


def test_names_nobody_knows_get_the_nearest():
    plan = planner.solve(both_halls())
    assert systems_named(plan, "tiny-green") == (GREEN,)
    with pytest.raises(InputError, match="did you mean 'green-4'"):
        systems_named(plan, "green-5")
