"""The workbook, recalculated: every figure is the plan's own, every check is zero, and neither survives tampering."""

from datetime import datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

import planner
from planner.finance.statements import statements
from planner.finance.workbook import workbook
from tests.finance.recalculate import recalculated
from tests.finance.worlds import LINES, UNITS, tiny
from tests.oracle.tiny import RED, stream

SHEETS = [
    "Cover",
    "Inputs",
    "Timeline",
    "Plan",
    "Capex",
    "Opex",
    "Depreciation",
    "Tax",
    "CashFlow",
    "BAU",
    "Outputs",
    "Checks",
]


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """A plan with everything: terms, lines, two rates, tax with losses used, a benefit and a counterfactual."""
    folder = tmp_path_factory.mktemp("tax")
    (folder / "tax_regimes.yaml").write_text(
        "tax_regimes:\n  - {id: toy, name: Toy, rate: 25 %, losses: carried, "
        "classes: {other: {method: table, table: [0.6, 0.4]}}}\n"
        "  - {id: book, name: Books, classes: {other: {method: straight_line, life: 5 years}}}\n"
    )
    money = {
        "benefit": {"price": "12 XTS/h"},
        "tax": {"regime": "toy"},
        "running_costs": LINES,
        "fx": {"XXX": {"2026-Q1": 2.0, "2026-Q3": 3.0}},
        "opex_timing": "mid",
    }
    other = [{"id": "free", "title": "Without rules", "without": ["XA"]}]
    scenario = tiny(finance=money, counterfactuals=other)
    return planner.solve(scenario.replace(catalog=(*scenario.catalog, str(folder))))


@pytest.fixture(scope="module")
def book(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    path.write_bytes(workbook(plan))
    return path


@pytest.fixture(scope="module")
def values(book, tmp_path_factory):
    return recalculated(book, tmp_path_factory.mktemp("office"))


def cells(values, sheet):
    """Rows of a sheet by label: the total, then the periods."""
    found = {}
    for (name, where), value in values.items():
        if name == sheet and where.startswith("A") and where[1:].isdigit() and isinstance(value, str):
            row = where[1:]
            found[value] = [values.get((sheet, f"{column}{row}")) for column in "CHIJK"]
    return found


def test_the_sheets_are_those_of_the_conventions(book):
    assert openpyxl.load_workbook(book).sheetnames == SHEETS


def test_only_inputs_and_plan_hold_numbers(book):
    for sheet in openpyxl.load_workbook(book):
        if sheet.title not in ("Inputs", "Plan"):
            numbers = [c.coordinate for row in sheet.iter_rows() for c in row if isinstance(c.value, int | float)]
            assert numbers == [], sheet.title


def test_a_row_has_one_formula_across_periods(book):
    """Formulas of a row differ by their column only (the first of a corkscrew opens it)."""
    from openpyxl.formula.translate import Translator

    for name in ("Capex", "CashFlow", "Depreciation"):
        for row in openpyxl.load_workbook(book)[name].iter_rows(min_row=3, min_col=8, max_col=11):
            texts = [cell.value for cell in row]
            if texts[0] is not None:
                moved = [Translator(texts[0], origin="H1").translate_formula(f"{c}1") for c in "HIJK"]
                assert texts == moved, (name, row[0].row)


def test_every_formula_carries_the_value_that_a_recalculation_gives(book, values):
    """Readers that do not calculate (previews, pandas) show the same figures, words and days."""
    stored, wrong, seen = openpyxl.load_workbook(book, data_only=True), [], set()
    for sheet in openpyxl.load_workbook(book):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            kept, real = (
                plain(v) for v in (stored[sheet.title][cell.coordinate].value, values[sheet.title, cell.coordinate])
            )
            seen.add(type(kept))
            # office programs take a difference of equal sums for zero, other readers leave its last bit
            if kept != (pytest.approx(real, rel=1e-9, abs=1e-9) if isinstance(real, float) else real):
                wrong.append((sheet.title, cell.coordinate, kept, real))
    assert wrong == []
    assert seen == {float, str}


def plain(value):
    """Numbers and days as numbers."""
    if isinstance(value, datetime):
        return float(to_excel(value))
    return float(value) if isinstance(value, int | float) else value if value is None else str(value)


def test_the_recalculated_cash_flow_is_the_plans(plan, values):
    assert values["CashFlow", f"C{_row(values, 'CashFlow', 'Net present value')}"] == pytest.approx(
        -plan.objective, rel=1e-9
    )
    rows = cells(values, "CashFlow")
    found: dict[tuple[str, int], float] = {}
    for label, (_, *amounts) in rows.items():
        if "|" in label:
            line = label.split(" | ")[0]
            for t, amount in enumerate(amounts):
                found[line, t] = found.get((line, t), 0.0) + amount
    # present values stand below amounts under the same labels: the last of a label wins
    expected: dict[tuple[str, int], float] = {}
    for flow in plan.flows:
        key = (flow.line, flow.period)
        expected[key] = expected.get(key, 0.0) + flow.amount * flow.discount_factor
    assert len(expected) > 20
    for key, amount in expected.items():
        assert found[key] == pytest.approx(amount, rel=1e-9), key


def _row(values, sheet, label):
    return next(w[1:] for (s, w), v in values.items() if s == sheet and w.startswith("A") and v == label)


def test_the_recalculated_statements_are_the_plans(plan, values):
    books, tax = statements(plan), cells(values, "Tax")
    assert tax["Benefits"][1:] == pytest.approx(books.benefits, rel=1e-9)
    assert tax["Taxable"][1:] == pytest.approx(books.taxable, rel=1e-9)
    assert tax["Tax at the end of the period"][1:] == pytest.approx(books.tax, rel=1e-9)
    assert any(books.tax)
    written = cells(values, "Depreciation")
    assert written["Tax: total"][1:] == pytest.approx(books.tax_write_off, rel=1e-9)
    assert written["Books: total"][1:] == pytest.approx(books.book_write_off, rel=1e-9)
    metrics = planner.metrics(plan).set_index("metric")["value"]
    out = cells(values, "Outputs")
    assert out["Net present value after tax, with benefits"][0] == pytest.approx(metrics["npv_with_benefit"], rel=1e-9)
    assert out["Levelised cost of compute"][0] == pytest.approx(metrics["lcoc"], rel=1e-9)
    world = plan.worlds[0].objective
    assert cells(values, "BAU")["Net present value"][0] == pytest.approx(-world, rel=1e-9)


def test_all_checks_are_zero_and_something_is_not(plan, values):
    checks = {label: row[0] for label, row in cells(values, "Checks").items() if row[0] is not None and label != ""}
    numbers = {label: value for label, value in checks.items() if isinstance(value, int | float)}
    assert len(numbers) >= 10
    assert set(numbers.values()) == {0}
    assert cells(values, "Outputs")["Net present cost"][0] == pytest.approx(plan.objective) != 0


@pytest.mark.parametrize("what", ["an order", "the discount rate"])
def test_a_cell_altered_by_hand_moves_the_result_and_trips_a_check(plan, book, values, what, tmp_path):
    altered = openpyxl.load_workbook(book)
    sheet, label = ("Plan", "b001") if what == "an order" else ("Inputs", "Discount rate")
    row = next(c.row for c in altered[sheet]["A"] if isinstance(c.value, str) and c.value.startswith(label))
    altered[sheet][f"C{row}"] = altered[sheet][f"C{row}"].value * 1.5
    path = tmp_path / "altered.xlsx"
    altered.save(path)
    again = recalculated(path, tmp_path)
    assert cells(again, "Checks")["All checks: count of those that are not zero"][0] > 0
    moved = cells(again, "Outputs")["Net present cost"][0]
    assert abs(moved - plan.objective) > 1.0


def test_the_same_plan_gives_the_same_bytes(plan):
    assert workbook(plan) == workbook(plan)


def test_words_of_a_scenario_are_never_a_formula(plan, tmp_path):
    path = tmp_path / "plan.xlsx"
    scenario = plan.scenario.replace(title="=1+1")
    path.write_bytes(workbook(planner.solve(scenario)))
    title = openpyxl.load_workbook(path)["Cover"]["A1"]
    assert (title.value, title.data_type) == ("=1+1", "s")


def test_a_plan_that_costs_nothing_has_a_workbook_too(tmp_path):
    nothing = [stream(UNITS.target(RED, 1.0), shortfall=UNITS.short(RED, 0.0))]
    plan = planner.solve(tiny(installed=(), workloads=nothing))
    assert plan.flows == ()
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook(plan))
    again = recalculated(path, tmp_path)
    assert cells(again, "Checks")["All checks: count of those that are not zero"][0] == 0
    assert cells(again, "Outputs")["All lines"][0] == 0
