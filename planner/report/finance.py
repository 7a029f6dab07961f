"""Statements and figures of merit of a plan."""

from collections import defaultdict

from planner.finance.metrics import finance_metrics
from planner.finance.statements import Statements, statements
from planner.plan.plan import Plan
from planner.report.model import Cell, Column, Report, Section, Table, Text


def finance_report(plan: Plan) -> Report:
    """Cash, write-offs and tax by year; then the figures."""
    books = statements(plan)
    return Report(f"Finance of {plan.scenario.name}", (_by_year(books), _figures(plan)))


def _by_year(books: Statements) -> Section:
    plan = books.plan
    year = [period.start.year for period in plan.problem.calendar]
    sums: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for flow in plan.flows:
        sums[flow.line.replace("_", " ")][year[flow.period]] += flow.amount
    lines = {
        "benefits": books.benefits,
        "written off for tax": [-x for x in books.tax_write_off],
        "taxable": books.taxable,
        "tax": books.tax,
        "written off in the books": [-x for x in books.book_write_off],
    }
    for name, line in lines.items():
        for t, amount in enumerate(line):
            sums[name][year[t]] += amount
    years = sorted(set(year))
    rows: list[tuple[Cell, ...]] = [
        (name, *(sums[name][y] for y in years), sum(sums[name].values()))
        for name in [*(n for n in sums if n not in lines), *lines]
        if any(sums[name].values())
    ]
    columns = (
        Column("line"),
        *(Column(str(y), "money", plan.currency) for y in years),
        Column("all", "money", plan.currency),
    )
    regime = books.tax_regime
    told = f"{regime.name} ({books.rate:.0%}, losses {books.losses})" if regime else "none for the buyer"
    note = (
        f"Paid out is negative. Tax regime: {told}; it changes no decision. "
        f"Discounted, the lines of cash sum to {-plan.objective:,.2f} {plan.currency}, minus the plan's cost."
    )
    return Section("Statements", (Table(columns, tuple(rows), title="By year", note=note),))


def _figures(plan: Plan) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (row["metric"].replace("_", " "), _shown(row["value"]), row["unit"]) for row in finance_metrics(plan)
    ]
    table = Table((Column("figure"), Column("value"), Column("unit")), tuple(rows))
    return Section("Figures", (table, Text("How each is computed: planner finance --json, docs/finance.md.")))


def _shown(value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.4g}"
