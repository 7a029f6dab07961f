"""What must be zero."""

from typing import TYPE_CHECKING

from planner.finance.workbook import model
from planner.finance.workbook.grid import FIRST, letter
from planner.finance.workbook.parts import Book
from planner.plan.lots import lots, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

Check = tuple[str, str, str, float]
"""Label, unit, formula without the sign =, and its result."""


def checks(b: Book) -> None:
    """Differences that must be zero, and their count."""
    s = b.s["Checks"]
    s.head("Checks: each is zero", dated=False)
    rows, wrong = [], 0
    for label, unit, formula, result in (*_totals(b), *_written(b), *_fleets(b)):
        rows.append(s.line(label, unit, f"={formula}", result=result))
        wrong += result != 0
    master, name = f'=COUNTIF(C{rows[0]}:C{rows[-1]},"<>0")', "All checks: count of those that are not zero"
    b.at["checks"] = s.line(name, "count", master, result=wrong, style="total")
    b.wrong = wrong


def _totals(b: Book) -> "Iterator[Check]":
    npv, money = f"CashFlow!$C${b.at['npv']}", b.plan.currency
    value = sum(sum(b.present(row)) for row in b.rows)
    yield (
        "Objective of the plan less the cash flow's present cost", money,
        f"ROUND(Plan!$C${b.at['objective']}+{npv},2)", _round(b.plan.objective + value, 2),
    )  # fmt: skip
    lines = -sum(f.amount * f.discount_factor for f in b.plan.flows)
    yield "Lines less total", money, f"ROUND(Outputs!$C${b.at['by_line']}+{npv},2)", _round(lines + value, 2)
    first, last = b.span("pv")
    yield "Total by rows less total by periods", money, f"ROUND(SUM(CashFlow!C{first}:C{last})-{npv},2)", 0.0
    first, last = b.span("cash")
    block = f"CashFlow!{letter(FIRST)}{first}:{letter(FIRST + b.n - 1)}{last}"
    empty = f"ROWS({block})*COLUMNS({block})-COUNT({block})" if b.rows else "0"
    yield "Cells of the cash flow that are no numbers", "count", empty, 0


def _written(b: Book) -> "Iterator[Check]":
    s, end = b.s["Inputs"], letter(FIRST + b.n - 1)
    for kind, name in ((True, "tax"), (False, "books")):
        w, c = b.at["written", kind], b.at["closing", kind]
        yield (
            f"Written off + closing value - cost, {name}", b.plan.currency,
            f"ROUND(SUM(Depreciation!{s.across(w)})+Depreciation!{end}{c}-Depreciation!$C${w},2)", 0.0,
        )  # fmt: skip
        shares = [b.at["profile", kind, a, t] for a, t in b.books.additions]
        most = "+".join(f"MAX(0,SUM(Inputs!{s.across(row)})-1)" for row in shares)
        above = sum(max(0.0, sum(model.profile(b.books, a, t, tax=kind)) - 1.0) for a, t in b.books.additions)
        yield f"Shares written off above 1, {name}", "share", f"ROUND({most or '0'},9)", _round(above, 9)


def _fleets(b: Book) -> "Iterator[Check]":
    s, track = b.s["Plan"], b.plan.track
    held, terms, off = lots(b.plan.problem, b.plan.decisions), [], 0
    for build, order in numbered(b.plan.decisions):
        mine = [i for i, lot in enumerate(held) if lot.build_id == build]
        placed = "+".join(f"Plan!$C${b.at['lot', i]}" for i in mine)
        terms.append(f"ABS(Plan!$C${b.at['order', build]}-({placed or '0'}))")
        off += abs(order.count - sum(held[i].count for i in mine))
    yield "Systems ordered less systems placed in service or in store", "systems", "+".join(terms) or "0", off
    powered = [cell for cell in track.cells if ("on", cell) in b.at]
    short = "+".join(
        f"SUMPRODUCT((Plan!{s.across(b.at['on', c])}>Opex!{s.across(b.at['fleet', c])}+0.000001)*1)" for c in powered
    )
    over = sum(on > there + 1e-6 for c in powered for on, there in zip(track.powered[c], track.fleet[c], strict=True))
    yield "Periods with more systems on than in service", "count", short or "0", over
    minus = "+".join(f"SUMPRODUCT((Opex!{s.across(b.at['fleet', c])}<0)*1)" for c in track.cells)
    below = sum(there < 0 for c in track.cells for there in track.fleet[c])
    yield "Periods with a negative fleet", "count", minus or "0", below


def _round(value: float, digits: int) -> float:
    """Rounded, without a negative zero."""
    return round(value, digits) + 0.0
