"""Tax on income."""

from planner.finance.workbook.grid import FIRST, letter
from planner.finance.workbook.parts import FACTOR, Book

_UNPAID = ("residual_value", "price_preference")


def tax(b: Book) -> None:
    """Taxable income, losses and tax."""
    s, books, cur = b.s["Tax"], b.books, b.plan.currency
    regime = books.tax_regime.name if books.tax_regime else "none"
    s.head(f"Tax: {regime}, losses {books.losses}")
    running = [b.at["cash", r.key] for r in b.rows if r.asset_class == "none" and r.key[0] not in _UNPAID]
    worth = [b.at["cash", r.key] for r in b.rows if r.key[0] == "residual_value"]
    benefit = b.at.get("benefit")
    one = s.line("Benefits", cur, None, lambda t, c: f"=Inputs!{c}${benefit}" if benefit else "=0", books.benefits)
    two = s.line("Running cost", cur, None, lambda t, c: _sum_of("CashFlow", c, running), books.running)
    three = s.line(
        "Written off", cur, None, lambda t, c: f"=-Depreciation!{c}{b.at['written', True]}",
        [-x for x in books.tax_write_off],
    )  # fmt: skip
    end = f"Depreciation!{letter(FIRST + b.n - 1)}{b.at['closing', True]}"
    gain = [0.0] * (b.n - 1) + [books.proceeds - books.closing_tax_value]
    latest = f"MAX(Timeline!${letter(FIRST)}$4:${letter(FIRST + b.n - 1)}$4)"
    four = s.line(
        "Residual value less what is not written off", cur, None,
        lambda t, c: f"=IF(Timeline!{c}$4={latest},{_sum_of('CashFlow', c, worth)[1:]}-{end},0)", gain,
    )  # fmt: skip
    five = s.line(
        "Taxable", cur, None, lambda t, c: f"={c}{one}+{c}{two}+{c}{three}+{c}{four}", books.taxable, style="total"
    )
    opening = s.row + 1

    def carried(t: int, c: str) -> str:
        return "=0" if t == 0 else f"={letter(FIRST + t - 1)}{opening + 1}"

    s.line("Loss carried, opening", cur, None, carried, [0.0, *books.loss_carried[:-1]])
    keep = books.losses == "carried"
    s.line(
        "Loss carried, closing", cur, None,
        lambda t, c: f"=MAX(0,{c}{opening}-{c}{five})" if keep else "=0", books.loss_carried,
    )  # fmt: skip
    base = {"used": "{c}{f}", "lost": "MAX(0,{c}{f})", "carried": "MAX(0,{c}{f}-{c}{o})"}[books.losses]
    b.at["taxed"] = s.line(
        "Tax at the end of the period", cur, None,
        lambda t, c: f"=-Inputs!$C${b.at['tax']}*{base.format(c=c, f=five, o=opening)}",
        books.tax, style="total",
    )  # fmt: skip
    own = s.row + 1
    b.at["tax_pv"] = s.line(
        "Present value of tax", cur, f"=SUM({s.across(own)})",
        lambda t, c: f"={c}{b.at['taxed']}*Timeline!{c}${FACTOR['end']}",
        [x * books.end_factor(t) for t, x in enumerate(books.tax)],
    )  # fmt: skip
    own = s.row + 1
    b.at["benefit_pv"] = s.line(
        "Present value of benefits", cur, f"=SUM({s.across(own)})",
        lambda t, c: f"={c}{one}*Timeline!{c}${FACTOR['end']}",
        [x * books.end_factor(t) for t, x in enumerate(books.benefits)],
    )  # fmt: skip


def _sum_of(sheet: str, column: str, rows: list[int]) -> str:
    """A formula that adds up cells of one column."""
    return "=" + ("+".join(f"{sheet}!{column}{row}" for row in rows) or "0")
