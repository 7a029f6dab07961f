"""Ports of a hall's network in the books: paid when they are there, written off from then on, worth what is left."""

import openpyxl
import pytest

import planner
from planner.finance.statements import statements
from planner.finance.workbook import workbook
from tests.finance.recalculate import recalculated
from tests.finance.worlds import tiny
from tests.oracle.tiny import hall, site

HOURS = [24.0 * days for days in (90, 91, 92, 92)]
NEAR = {"id": "near", "reach": 4, "cost": "300 XTS", "power": "0 W"}
FAR = {"id": "far", "reach": 64, "cost": "250 XXX", "power": "0 W"}


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """Two servers come in the second quarter, their eight ports ordered a quarter before; four ports are there."""
    folder = tmp_path_factory.mktemp("tax")
    (folder / "tax_regimes.yaml").write_text(
        "tax_regimes:\n  - {id: toy, name: Toy, rate: 25 %, losses: carried, "
        "classes: {other: {method: table, table: [0.6, 0.4]}}}\n"
        "  - {id: book, name: Books, classes: {other: {method: straight_line, life: 5 years}}}\n"
    )
    network = {"offers": [NEAR, FAR], "lead_time": "1 quarter", "life": "2 yr", "maintenance": "10 %/yr"}
    money = {"tax": {"regime": "toy"}, "irrecoverable_vat": {"network": "13 %", "maintenance": "6 %"}}
    halls = (hall(max_cluster=None, fabric=network),)
    scenario = tiny(sites=[site(halls=halls)], finance=money)
    return planner.solve(scenario.replace(catalog=(*scenario.catalog, str(folder))))


def total(plan, line):
    """Amounts of a line by period."""
    found = [0.0] * 4
    for flow in plan.flows:
        if flow.line == line and flow.item in ("near", "far"):
            found[flow.period] += flow.amount
    return found


def test_ports_are_paid_when_there_kept_up_and_worth_what_is_left_of_them(plan):
    assert [(a.network, a.period, a.count) for a in plan.decisions.attachments] == [("near", 0, 8)]
    assert total(plan, "network") == [0.0, pytest.approx(-8 * 300), 0.0, 0.0]
    upkeep = [n * 300 * 0.1 * hours / 8760 for n, hours in zip((4, 12, 12, 12), HOURS, strict=True)]
    assert total(plan, "network_maintenance") == pytest.approx([-cost for cost in upkeep])
    assert total(plan, "residual_value")[3] == pytest.approx(8 * 300 * (1 - 0.75 / 2))
    row = plan.tables["networks"][0]
    assert (row["period"], row["in_use"], row["raised"], row["ports"]) == ("2026-Q1", "2026-Q2", 8, 12)
    assert row["cost"] == pytest.approx(8 * 300 * 1.13)


def test_the_register_begins_with_their_use(plan):
    books = statements(plan)
    cost = 8 * 300 * 1.13
    assert books.additions["network", 1] == pytest.approx(cost)
    assert books.write_offs(books.tax_regime)["network", 1] == pytest.approx([0.0] + [0.2 * cost] * 3)
    assert books.write_offs(books.book_regime)["network", 1] == pytest.approx([0.0] + [cost / 20] * 3)
    assert books.proceeds == pytest.approx(sum(f.amount for f in plan.flows if f.line == "residual_value"))


def test_the_recalculated_workbook_holds_them(plan, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook(plan))
    values = recalculated(path, tmp_path)
    sheets = openpyxl.load_workbook(path)
    label = {(s.title, c.row): c.value for s in sheets for c in s["A"] if c.value}

    def first(sheet, name):
        row = next(row for (title, row), told in label.items() if title == sheet and told == name)
        return values[sheet, f"C{row}"]

    assert first("Outputs", "Net present cost") == pytest.approx(plan.objective, rel=1e-9)
    assert first("Checks", "All checks: count of those that are not zero") == 0
    assert first("Depreciation", "network of period 2") == pytest.approx(8 * 300 * 1.13)
