"""What a reader needs to see of decisions that are easily overlooked."""

from dataclasses import replace

import pytest

import planner
from planner.plan.compare import world_of
from planner.report.model import Items, Table
from planner.report.plan.buildout import buildout
from planner.report.plan.excluded import excluded
from planner.report.plan.limits import limits
from planner.report.plan.names import names_of
from planner.report.plan.power import power
from planner.report.plan.throughput import throughput
from planner.report.plan.verdict import verdict
from planner.scenario.model import Counterfactual, Scenario
from tests.oracle import cases
from tests.oracle.catalog import rate
from tests.oracle.tiny import Units

UNITS = Units(rate)


def test_every_order_placed_before_is_told_and_what_comes_back():
    """The ban voids the pending order and its rule gives half back: in the table and in the report the same."""
    plan = planner.solve(cases.ban(UNITS))
    (row,) = plan.tables["pending"]
    (order,) = plan.scenario.orders
    assert (row["order"], row["fate"], row["rule"]) == (order.id, "cancelled", "no-blue-imports")
    assert row["refund"] == 26000 * order.paid * 0.5
    assert row["refund"] == sum(flow["amount"] for flow in plan.tables["cashflow"] if flow["line"] == "refund") > 0
    told = [block for block in excluded(plan, names_of(plan)).blocks if isinstance(block, Table)][-1]
    assert told.rows[0][-1] == "cancelled by no-blue-imports"
    taken = planner.solve(cases.pending_taken(UNITS)).tables["pending"]
    assert any(row["fate"] == "taken" and row["reason"] is None for row in taken)


def test_a_power_cut_is_named():
    plan = planner.solve(cases.power_cut(UNITS))
    items = [block for block in power(plan).blocks if isinstance(block, Items)]
    assert items and all("power cut leaves" in text for block in items for text in block.items)


def test_moved_systems_are_told_from_retired_ones():
    plan = planner.solve(cases.moved_between(UNITS))
    assert plan.decisions.moves
    cells = [
        str(cell)
        for block in buildout(plan, names_of(plan)).blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    ]
    assert any(cell.endswith(" moved") for text in cells for cell in text.split("\n"))


def test_a_share_is_told_by_how_much_it_is_kept():
    half = {"id": "half", "of": {"families": ["Red"]}, "least_share": 0.5, "every": "total", "counts": "orders"}
    scenario = cases.cooling_fit(UNITS)
    given = scenario.model_dump(mode="json", exclude_unset=True) | {"limits": {"quotas": [half]}}
    plan = planner.solve(Scenario.model_validate(given))
    rows = [row for row in plan.tables["constraints"] if row["name"] == "share_limit" and row["binding"]]
    assert rows
    assert f"{rows[0]['slack']:.0f} accelerators\nto spare" in str(limits(plan, names_of(plan)).blocks).replace(
        "\\n", "\n"
    )


def test_a_period_without_a_target_is_not_called_met():
    plan = planner.solve(cases.ban(UNITS))
    names = names_of(plan)
    (table,) = [block for block in throughput(plan, names).blocks if isinstance(block, Table)]
    asked = [target > 0 for target in plan.problem.streams[0].target]
    assert asked.count(False) == 1
    assert [row[4] for row in table.rows] == ["met" if some else "" for some in asked]
    assert f"in all {asked.count(True)} periods with a target" in str(verdict(plan, names).blocks[0])


def test_whole_systems_in_store_are_counted_without_decimals_nor_an_empty_column():
    plan = planner.solve(cases.stockpile_banned(UNITS))
    (table,) = [b for b in buildout(plan, names_of(plan)).blocks if isinstance(b, Table) and b.title == "In store"]
    kinds = {column.title: column.kind for column in table.columns}
    assert (kinds["before"], kinds["in store"]) == ("count", "count")
    assert ("warehouse" in kinds) == any(row["cost"] for row in plan.tables["stock"])


def test_equal_worlds_differ_by_nothing_at_all():
    """Costs are sums of many payments: what rounding leaves of equal ones is not shown as a difference."""
    plan = planner.solve(cases.ban(UNITS))
    asked = Counterfactual(id="same", title="Same", without=("XA",))
    rounded = replace(plan, objective=plan.objective * (1 + 1e-15))
    assert rounded.objective != plan.objective
    assert world_of(plan, rounded, asked).difference == 0.0
    dearer = replace(plan, objective=plan.objective + 0.01)
    assert world_of(plan, dearer, asked).difference == pytest.approx(0.01)


def test_ports_that_take_time_are_told_when_they_are_ordered_and_there():
    plan = planner.solve(cases.network_that_takes_time(UNITS))
    (table,) = [b for b in buildout(plan, names_of(plan)).blocks if isinstance(b, Table) and b.title == "Networks"]
    assert [column.title for column in table.columns[:2]] == ["ordered", "in use"]
    rows = plan.tables["networks"]
    assert [row[:2] for row in table.rows[:-1]] == [(row["period"], row["in_use"]) for row in rows]
    assert {len(row) for row in table.rows} == {len(table.columns)}
    at_once = planner.solve(cases.network_upgraded(UNITS))
    (table,) = [
        b for b in buildout(at_once, names_of(at_once)).blocks if isinstance(b, Table) and b.title == "Networks"
    ]
    assert table.columns[0].title == "period"
    assert {len(row) for row in table.rows} == {len(table.columns)}
