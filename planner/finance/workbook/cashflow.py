"""All cash by row and period, and its present value."""

from planner.finance.workbook.grid import FIRST, letter
from planner.finance.workbook.parts import FACTOR, Book


def cashflow(b: Book) -> None:
    """Amounts, present values and totals."""
    s = b.s["CashFlow"]
    s.head("Cash flow before tax: paid out is negative")
    s.section("Amounts")
    for row in b.rows:
        sheet = "Opex" if row.asset_class == "none" else "Capex"
        number = b.at["row", row.key]
        b.at["cash", row.key] = s.line(
            b.label(row), b.plan.currency, None, lambda t, c, x=sheet, r=number: f"={x}!{c}{r}", row.amounts
        )
    s.section("Present values")
    for row in b.rows:
        number, factor = b.at["cash", row.key], FACTOR[row.key[3]]
        own = s.row + 1
        b.at["pv", row.key] = s.line(
            b.label(row),
            b.plan.currency,
            f"=SUM({s.across(own)})",
            lambda t, c, r=number, f=factor: f"={c}{r}*Timeline!{c}${f}",
            b.present(row),
        )
    s.section("Totals")
    first, last = b.span("cash")
    total = [sum(row.amounts[t] for row in b.rows) for t in range(b.n)]
    own = s.row + 1
    b.at["net"] = s.line(
        "Net cash and residual value", b.plan.currency, f"=SUM({s.across(own)})",
        lambda t, c: f"=SUM({c}{first}:{c}{last})", total, style="total",
    )  # fmt: skip
    first, last = b.span("pv")
    present = [sum(b.present(row)[t] for row in b.rows) for t in range(b.n)]
    own = s.row + 1
    b.at["npv"] = s.line(
        "Net present value", b.plan.currency, f"=SUM({s.across(own)})",
        lambda t, c: f"=SUM({c}{first}:{c}{last})", present, style="total",
    )  # fmt: skip
    head, npv = letter(FIRST), b.at["npv"]
    b.at["cumulative"] = s.line(
        "Cumulative present value", b.plan.currency, None, lambda t, c: f"=SUM(${head}{npv}:{c}{npv})",
        [sum(present[: t + 1]) for t in range(b.n)],
    )  # fmt: skip
