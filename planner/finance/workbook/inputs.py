"""The given numbers: rates, prices, amounts taken over, and every fact behind them."""

from typing import Any

from planner.finance.workbook import model
from planner.finance.workbook.parts import CAPITAL, Book
from planner.plan.lots import numbered


def inputs(b: Book) -> None:
    """The given numbers; only this sheet and Plan hold any."""
    s, plan = b.s["Inputs"], b.plan
    s.head("Inputs")
    finance, cur = plan.scenario.finance, plan.currency
    s.section("Rates and the calendar")
    start = plan.problem.calendar.start
    note = (None, None, "scenario", "")
    for key, label, unit, value in (
        ("rate", "Discount rate, nominal, effective", "per year", finance.discount_rate),
        ("year", "First day: year", "", start.year),
        ("month", "First day: month", "", start.month),
        ("tax", "Rate of tax on income", "share", b.books.rate),
        ("load", "Draw of a busy system over its planning power", "share", plan.case.parameters.load_factor),
        ("upkeep", "Maintenance, share of the price a year", "per year", plan.case.parameters.maintenance_per_year),
    ):
        b.at[key] = s.line(label, unit, value, notes=note, style="input_plain" if key == "year" else None)
    b.at["months"] = s.line("Months of each period", "months", None, b.months, notes=note)
    s.section("Systems: power, and price of one in each period of use")
    for name in sorted({cell.system for cell in plan.track.cells} | {o.system for _, o in numbered(plan.decisions)}):
        system = next(row for row in plan.problem.systems if row.id == name)
        b.at["kw", name] = s.line(f"{name}: planning power", "kW", system.power_kw, notes=_source(b, name, "power"))
        prices = plan.case.prices
        each = [prices.unit_price(plan.case.systems[name], t) * prices.escalation("maintenance", t) for t in range(b.n)]
        b.at["worth", name] = s.line(
            f"{name}: price that maintenance counts", cur, across=each, notes=_source(b, name, "price")
        )
    s.section("Halls: power usage effectiveness and price of energy")
    for cell in sorted({(c.site, c.hall) for c in plan.track.cells}):
        hall = next(row for row in plan.problem.halls if row.id == "/".join(cell))
        b.at["pue", cell] = s.line(f"{'/'.join(cell)}: PUE", "ratio", across=list(hall.pue))
        b.at["tariff", cell] = s.line(f"{'/'.join(cell)}: tariff", f"{cur}/kWh", across=model.tariffs(b.books, cell))
    s.section("Orders: what one system costs, by line and period of payment")
    for build, _ in numbered(plan.decisions):
        for line in CAPITAL:
            paid = model.order_parts(b.books, build).get(line)
            if paid is not None and any(paid):
                b.at["part", build, line] = s.line(f"{build}: {line}", cur, across=paid)
    taken = [row for row in b.rows if not row.parts]
    s.section("Amounts taken over from the plan, one unit each")
    for row in taken:
        b.at["amount", row.key] = s.line(b.label(row), cur, across=row.amounts)
    s.section("Shares written off by period: tax, books")
    for kind in (True, False):
        for asset_class, service in b.books.additions:
            shares = model.profile(b.books, asset_class, service, tax=kind)
            name = f"{'tax' if kind else 'book'}: {asset_class} of period {service + 1}"
            b.at["profile", kind, asset_class, service] = s.line(name, "share", across=shares)
    if finance.benefit is not None:
        s.section("Benefit")
        b.at["benefit"] = s.line("Worth of the work done", cur, across=b.books.benefits, notes=note)
    s.section("Every fact and parameter used")
    for fact in plan.tables["inputs"]:
        value = fact["used"]
        if isinstance(value, int | float) and not isinstance(value, bool):
            low, high = (v if isinstance(v, int | float) else None for v in (fact["low"], fact["high"]))
            text = " ".join(fact["source"] or ()) or fact["kind"]
            b.at["fact", fact["key"]] = s.line(
                fact["key"], fact["unit"], value, notes=(low, high, text, fact["confidence"] or "")
            )


def _source(b: Book, system: str, fact: str) -> tuple[Any, ...]:
    """Range, source and confidence of a fact of a system."""
    found = b.plan.case.ledger.get(f"systems.{system}.{fact}")
    if found is None:
        return ()
    low, high = (v if isinstance(v, int | float) else None for v in (found.low, found.high))
    return low, high, " ".join(found.source) or found.kind, found.confidence or ""
