"""Cost of assets and what is written off, for tax and in the books."""

from itertools import accumulate

from planner.finance.workbook import model
from planner.finance.workbook.grid import FIRST, letter
from planner.finance.workbook.parts import CAPITAL, Book
from planner.plan.lots import lots


def depreciation(b: Book) -> None:
    """Write-offs by class and period of placing in service."""
    s, books = b.s["Depreciation"], b.books
    s.head("Depreciation by class and period of placing in service")
    costs = _vintages(b)
    for kind, title in ((True, "Tax"), (False, "Books")):
        s.section(f"{title}: cost and what is written off")
        lines = books.write_offs(books.tax_regime if kind else books.book_regime)
        rows = []
        for asset_class, service in books.additions:
            profile, own = b.at["profile", kind, asset_class, service], s.row + 1
            rows.append(
                s.line(
                    f"{asset_class} of period {service + 1}",
                    b.plan.currency,
                    costs[asset_class, service],
                    lambda t, c, p=profile, r=own: f"=$C{r}*Inputs!{c}${p}",
                    lines[asset_class, service],
                    books.additions[asset_class, service],
                )
            )
        total = f"=SUM(C{rows[0]}:C{rows[-1]})" if rows else "=0"
        cost, gone = sum(books.additions.values()), books.tax_write_off if kind else books.book_write_off
        b.at["written", kind] = s.line(
            f"{title}: total", b.plan.currency, total,
            lambda t, c, r=rows: f"=SUM({c}{r[0]}:{c}{r[-1]})" if r else "=0",
            gone, cost, style="total",
        )  # fmt: skip
        row = b.at["written", kind]
        before = letter(FIRST)
        b.at["closing", kind] = s.line(
            f"{title}: not yet written off", b.plan.currency, None,
            lambda t, c, r=row, h=before: f"=$C{r}-SUM(${h}{r}:{c}{r})",
            [cost - so_far for so_far in accumulate(gone)],
        )  # fmt: skip


def _vintages(b: Book) -> dict[tuple[str, int], str]:
    """Formulas of the cost of each class and period."""
    found: dict[tuple[str, int], list[str]] = {key: [] for key in b.books.additions}
    taken = dict(b.books.additions)
    for n, lot in enumerate(lots(b.plan.problem, b.plan.decisions)):
        key = ("accelerator_systems", lot.in_service if lot.in_service is not None else -1)
        parts = [b.at.get(("part", lot.build_id, line)) for line in CAPITAL[:2]]
        if key in found and lot.ordered is not None:
            sums = "+".join(f"SUM({b.s['Inputs'].name}!{b.s['Inputs'].across(p)})" for p in parts if p)
            found[key].append(f"-Plan!$C${b.at['lot', n]}*({sums or '0'})")
            each = model.order_parts(b.books, lot.build_id)
            taken[key] += lot.count * sum(sum(each.get(line, ())) for line in CAPITAL[:2])
    for row in b.rows:
        for t, amount in enumerate(row.amounts):
            key = (row.asset_class, t)
            if amount and key in found and row.key[0] not in CAPITAL and row.asset_class != "accelerator_systems":
                found[key].append(f"-CashFlow!{letter(FIRST + t)}{b.at['cash', row.key]}")
                taken[key] += amount
    s = b.s["Inputs"]
    rest = [(key, amount) for key, amount in taken.items() if abs(amount) > 0.005]
    if rest:
        s.section("Cost of assets taken over from the plan")
    for key, amount in rest:
        found[key].append(f"+Inputs!$C${s.line(f'{key[0]} of period {key[1] + 1}', b.plan.currency, amount)}")
    return {key: "=" + "".join(parts) if parts else "=0" for key, parts in found.items()}
