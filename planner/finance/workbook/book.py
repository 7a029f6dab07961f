"""The workbook of a plan: only Inputs and Plan hold numbers, everything else is formulas over them."""

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from planner import __version__
from planner.finance.statements import statements
from planner.finance.workbook import model
from planner.finance.workbook.grid import FIRST, Sheet, letter
from planner.plan.lots import lots, numbered

if TYPE_CHECKING:
    from planner.plan.plan import Plan

NAMES = ("Cover", "Inputs", "Timeline", "Plan", "Capex", "Opex", "Depreciation", "Tax", "CashFlow", "BAU", "Outputs")
CAPITAL = ("hardware_deposit", "hardware_balance", "residual_value")
FACTOR = {"start": 12, "mid": 13, "end": 14}
"""Rows of the discount factors on Timeline."""


def workbook(plan: "Plan") -> bytes:
    """The workbook as bytes; the same plan gives the same bytes."""
    return _Book(plan).made()


class _Book:
    """The sheets while they are written; `at` remembers the row of everything that others refer to."""

    def __init__(self, plan: "Plan") -> None:
        import xlsxwriter

        self.plan, self.books = plan, statements(plan)
        self.rows = model.rows(self.books)
        self.memory = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.memory, {"in_memory": True})
        self.book.set_properties({"title": plan.scenario.name, "created": datetime(2026, 1, 1)})
        self.n = self.books.periods
        add, money = self.book.add_format, "#,##0.00;[Red]-#,##0.00"
        self.formats: dict[str, Any] = {
            "title": add({"bold": True, "font_size": 14}),
            "head": add({"bold": True, "bottom": 1, "align": "right"}),
            "section": add({"bold": True, "font_color": "#1F4E79"}),
            "label": add({}),
            "number": add({"num_format": money}),
            "total": add({"num_format": money, "bold": True, "top": 1}),
            "input": add({"num_format": "#,##0.######", "font_color": "#0000C0", "bg_color": "#FFF8DC"}),
            "rate": add({"num_format": "0.000000"}),
            "whole": add({"num_format": "0"}),
            "date": add({"num_format": "yyyy-mm-dd"}),
            "flag": add({"bold": True, "num_format": '"OK";"OK";"OK"'}),
        }
        self.s = {name: Sheet(self.book, name, self.n, self.formats) for name in (*NAMES, "Checks")}
        self.at: dict[Any, int] = {}

    def made(self) -> bytes:
        """All sheets, in the order in which they refer to one another."""
        for step in (self.inputs, self.timeline, self.decided, self.capex, self.opex, self.cashflow):
            step()
        for step in (self.depreciation, self.tax, self.bau, self.outputs, self.checks, self.cover):
            step()
        self.book.close()
        return self.memory.getvalue()

    # what is given

    def inputs(self) -> None:
        s, plan = self.s["Inputs"], self.plan
        s.head("Inputs")
        finance, cur = plan.scenario.finance, plan.currency
        s.section("Rates and the calendar")
        start = plan.problem.calendar.start
        note = (None, None, "scenario", "")
        for key, label, unit, value in (
            ("rate", "Discount rate, nominal, effective", "per year", finance.discount_rate),
            ("year", "First day: year", "year", start.year),
            ("month", "First day: month", "month", start.month),
            ("tax", "Rate of tax on income", "share", self.books.rate),
            ("load", "Draw of a busy system over its planning power", "share", plan.case.parameters.load_factor),
            ("upkeep", "Maintenance, share of the price a year", "per year", plan.case.parameters.maintenance_per_year),
        ):
            self.at[key] = s.line(label, unit, value, notes=note)
        spans = [(p.end.year - p.start.year) * 12 + p.end.month - p.start.month for p in plan.problem.calendar]
        self.at["months"] = s.line("Months of each period", "months", None, list(spans), notes=note)
        s.section("Systems: power, and price of one in each period of use")
        for name in sorted(
            {cell.system for cell in plan.track.cells} | {o.system for _, o in numbered(plan.decisions)}
        ):
            system = next(row for row in plan.problem.systems if row.id == name)
            self.at["kw", name] = s.line(
                f"{name}: planning power", "kW", system.power_kw, notes=self.source(name, "power")
            )
            prices = plan.case.prices
            each = [
                prices.unit_price(plan.case.systems[name], t) * prices.escalation("maintenance", t)
                for t in range(self.n)
            ]
            self.at["worth", name] = s.line(
                f"{name}: price that maintenance counts", cur, across=each, notes=self.source(name, "price")
            )
        s.section("Halls: power usage effectiveness and price of energy")
        for cell in sorted({(c.site, c.hall) for c in plan.track.cells}):
            hall = next(row for row in plan.problem.halls if row.id == "/".join(cell))
            self.at["pue", cell] = s.line(f"{'/'.join(cell)}: PUE", "ratio", across=list(hall.pue))
            self.at["tariff", cell] = s.line(
                f"{'/'.join(cell)}: tariff", f"{cur}/kWh", across=model.tariffs(self.books, cell)
            )
        s.section("Orders: what one system costs, by line and period of payment")
        for build, _ in numbered(plan.decisions):
            for line in CAPITAL:
                paid = model.order_parts(self.books, build).get(line)
                if paid is not None and any(paid):
                    self.at["part", build, line] = s.line(f"{build}: {line}", cur, across=paid)
        taken = [row for row in self.rows if not row.parts]
        s.section("Amounts taken over from the plan, one unit each")
        for row in taken:
            self.at["amount", row.key] = s.line(self.label(row), cur, across=row.amounts)
        s.section("Shares written off by period: tax, books")
        for kind in (True, False):
            for asset_class, service in self.books.additions:
                shares = model.profile(self.books, asset_class, service, tax=kind)
                name = f"{'tax' if kind else 'book'}: {asset_class} of period {service + 1}"
                self.at["profile", kind, asset_class, service] = s.line(name, "share", across=shares)
        if finance.benefit is not None:
            s.section("Benefit")
            self.at["benefit"] = s.line("Worth of the work done", cur, across=self.books.benefits, notes=note)
        s.section("Every fact and parameter used")
        for fact in plan.tables["inputs"]:
            value = fact["used"]
            if isinstance(value, int | float) and not isinstance(value, bool):
                low, high = (v if isinstance(v, int | float) else None for v in (fact["low"], fact["high"]))
                text = " ".join(fact["source"] or ()) or fact["kind"]
                s.line(fact["key"], fact["unit"], value, notes=(low, high, text, fact["confidence"] or ""))

    def source(self, system: str, fact: str) -> tuple[Any, ...]:
        """Range, source and confidence of a fact of a system."""
        found = self.plan.case.ledger.get(f"systems.{system}.{fact}")
        if found is None:
            return ()
        low, high = (v if isinstance(v, int | float) else None for v in (found.low, found.high))
        return low, high, " ".join(found.source) or found.kind, found.confidence or ""

    def factor(self, period: int, moment: Any) -> float:
        """Discount factor of a moment of a period."""
        return self.plan.problem.discounting.factor(period, moment)

    def label(self, row: model.Row) -> str:
        """A row's name, the same on all sheets."""
        line, item, site, moment = row.key
        return f"{line} | {item} | {site or '-'} | {moment}"

    def timeline(self) -> None:
        s = self.s["Timeline"]
        s.head("Timeline", dated=False)
        rate, year, month = (f"Inputs!$C${self.at[key]}" for key in ("rate", "year", "month"))
        months, first = self.at["months"], letter(FIRST)
        quarter = 'YEAR({c}6)&"-Q"&ROUNDUP(MONTH({c}6)/3,0)'
        other = 'YEAR({c}6)&"-"&RIGHT("0"&MONTH({c}6),2)'
        label = f'=IF({{m}}=12,YEAR({{c}}6)&"",IF({{m}}=3,{quarter},{other}))'
        s.line("Period", across=lambda _, c: label.format(c=c, m=f"Inputs!{c}${months}"))
        s.line("Number", "", across=lambda t, c: f"=COLUMNS(${first}$1:{c}$1)", style="whole")
        s.line(
            "Months from the plan's start to its end", "months",
            across=lambda t, c: f"=SUM(Inputs!${first}${months}:{c}${months})", style="whole",
        )  # fmt: skip
        s.line("First day", across=lambda t, c: f"=DATE({year},{month}+{c}5-Inputs!{c}${months},1)", style="date")
        s.line("Day after the last", across=lambda t, c: f"=DATE({year},{month}+{c}5,1)", style="date")
        s.line("Length", "hours", across=lambda t, c: f"=({c}7-{c}6)*24", style="whole")
        s.line("Fiscal year", across=lambda t, c: f"=YEAR({c}6)", style="whole")
        s.section("Discount factors")
        factor = "=(1+{r})^-(({c}5-Inputs!{c}${m}*{x})/12)"
        for name, x in (("start", 1), ("middle", 0.5), ("end", 0)):
            moment = {"start": "start", "middle": "mid", "end": "end"}[name]
            shown = [self.factor(t, moment) for t in range(self.n)]

            def formula(_: int, c: str, x: float = x) -> str:
                return factor.format(r=rate, m=months, c=c, x=x)

            row = s.line(f"Of the {name}", across=formula, shown=shown, style="rate")
            assert row == FACTOR[moment]

    def decided(self) -> None:
        s, plan = self.s["Plan"], self.plan
        s.head("Plan: decisions and what the program found")
        s.section("Result of the program")
        self.at["objective"] = s.line("Net present cost", plan.currency, plan.objective)
        s.section("Orders: systems")
        for build, order in numbered(plan.decisions):
            self.at["order", build] = s.line(f"{build}: {order.system}", "systems", order.count)
        s.section("Lots: systems of an order placed in service together")
        for n, lot in enumerate(lots(plan.problem, plan.decisions)):
            self.at["lot", n] = s.line(f"{lot.build_id}: at {lot.site or 'store'}", "systems", lot.count)
        s.section("In service before the plan (value), and what is added and retired in each period")
        track = plan.track
        for cell in track.cells:
            name, none = f"{cell.system} at {cell.site}/{cell.hall}", [0] * self.n
            added = list(track.added.get(cell, none))
            fleet = [track.base.get(cell, 0), *track.fleet[cell]]
            gone = [before + more - after for before, after, more in zip(fleet, fleet[1:], added, strict=False)]
            self.at["added", cell] = s.line(f"{name}: added", "systems", track.base.get(cell, 0), added)
            self.at["gone", cell] = s.line(f"{name}: retired", "systems", None, gone)
            if cell in track.powered:
                self.at["on", cell] = s.line(f"{name}: switched on", "systems", None, list(track.powered[cell]))
        s.section("Work done")
        self.at["output"] = s.line("Effective output", "PFLOP-days", None, self.books.output)
        self.at["busy"] = s.line("Accelerators at work", "hours", None, self.books.busy_hours)
        if plan.worlds:
            world = plan.worlds[0]
            s.section(f"Counterfactual: {world.title}")
            for line, moment in sorted({(line, moment) for line, _, moment, _ in world.cash}):
                amounts = [0.0] * self.n
                for other, t, when, amount in world.cash:
                    if (other, when) == (line, moment):
                        amounts[t] += amount
                self.at["world", line, moment] = s.line(f"{line} | {moment}", plan.currency, None, amounts)

    # what follows

    def capex(self) -> None:
        self.built("Capex", "Capital: paid when due, worth something in the end", capital=True)

    def opex(self) -> None:
        s = self.s["Opex"]
        s.head("Running cost")
        s.section("Fleet: opening + added - retired = closing")
        for cell in self.plan.track.cells:
            name = f"{cell.system} at {cell.site}/{cell.hall}"
            added, gone = self.at["added", cell], self.at["gone", cell]

            def opening(t: int, c: str, added: int = added) -> str:
                return f"=Plan!$C${added}" if t == 0 else f"={letter(FIRST + t - 1)}{self.s['Opex'].row + 2}"

            s.line(f"{name}: opening", "systems", across=opening, style="whole")
            row = s.row

            def closing(_: int, c: str, row: int = row, added: int = added, gone: int = gone) -> str:
                return f"={c}{row}+Plan!{c}${added}-Plan!{c}${gone}"

            self.at["fleet", cell] = s.line(
                f"{name}: closing",
                "systems",
                across=closing,
                shown=[float(n) for n in self.plan.track.fleet[cell]],
                style="whole",
            )
        self.built("Opex", "", capital=False)

    def built(self, sheet: str, title: str, *, capital: bool) -> None:
        """Rows of capital or of running cost: each rebuilt from its parts, or taken over."""
        s = self.s[sheet]
        if title:
            s.head(title)
        s.section("Cash by line, item, site and moment")
        for row in self.rows:
            if (row.asset_class != "none") != capital:
                continue
            if not row.parts:
                amount = self.at["amount", row.key]
                number = s.line(
                    self.label(row), self.plan.currency, None, lambda t, c, a=amount: f"=Inputs!{c}${a}", row.amounts
                )
            else:
                pieces = [self.piece(kind, keys) for kind, keys in row.parts]

                def whole(_: int, c: str, pieces: list[str] = pieces) -> str:
                    return "=" + "".join(piece.replace("@", c) for piece in pieces)

                number = s.line(self.label(row), self.plan.currency, None, whole, row.amounts)
            self.at["row", row.key] = number

    def piece(self, kind: str, keys: tuple[str, ...]) -> str:
        """The formula of a part; @ stands for the period's column."""
        if kind in CAPITAL:
            part = self.at.get(("part", keys[0], kind))
            return f"+Plan!$C${self.at['order', keys[0]]}*Inputs!@${part}" if part else "+0"
        cell = next(c for c in self.plan.track.cells if (c.system, c.site, c.hall) == keys)
        if kind == "energy":
            pue, tariff = self.at["pue", keys[1:]], self.at["tariff", keys[1:]]
            kwh = f"Inputs!$C${self.at['kw', keys[0]]}*Inputs!$C${self.at['load']}*Inputs!@${pue}*Timeline!@$8"
            return f"-Plan!@${self.at['on', cell]}*{kwh}*Inputs!@${tariff}"
        share = f"Inputs!$C${self.at['upkeep']}*Timeline!@$8/8760"
        return f"-@{self.at['fleet', cell]}*Inputs!@${self.at['worth', keys[0]]}*{share}"

    def cashflow(self) -> None:
        s = self.s["CashFlow"]
        s.head("Cash flow before tax: paid out is negative")
        s.section("Amounts")
        for row in self.rows:
            sheet = "Opex" if row.asset_class == "none" else "Capex"
            number = self.at["row", row.key]
            self.at["cash", row.key] = s.line(
                self.label(row), self.plan.currency, None, lambda t, c, x=sheet, r=number: f"={x}!{c}{r}", row.amounts
            )
        s.section("Present values")
        for row in self.rows:
            number, factor = self.at["cash", row.key], FACTOR[row.key[3]]
            shown = [a * self.factor(t, row.key[3]) for t, a in enumerate(row.amounts)]
            own = s.row + 1
            self.at["pv", row.key] = s.line(
                self.label(row),
                self.plan.currency,
                f"=SUM({s.across(own)})",
                lambda t, c, r=number, f=factor: f"={c}{r}*Timeline!{c}${f}",
                shown,
            )
        s.section("Totals")
        first, last = self.span("cash")
        total = [sum(row.amounts[t] for row in self.rows) for t in range(self.n)]
        own = s.row + 1
        self.at["net"] = s.line(
            "Net cash and residual value", self.plan.currency, f"=SUM({s.across(own)})",
            lambda t, c: f"=SUM({c}{first}:{c}{last})", total, style="total",
        )  # fmt: skip
        first, last = self.span("pv")
        present = [sum(r.amounts[t] * self.factor(t, r.key[3]) for r in self.rows) for t in range(self.n)]
        own = s.row + 1
        self.at["npv"] = s.line(
            "Net present value", self.plan.currency, f"=SUM({s.across(own)})",
            lambda t, c: f"=SUM({c}{first}:{c}{last})", present, style="total",
        )  # fmt: skip
        head, npv = letter(FIRST), self.at["npv"]
        self.at["cumulative"] = s.line(
            "Cumulative present value", self.plan.currency, None, lambda t, c: f"=SUM(${head}{npv}:{c}{npv})",
            [sum(present[: t + 1]) for t in range(self.n)],
        )  # fmt: skip

    def span(self, what: str) -> tuple[int, int]:
        """First and last row of a block of the cash flow."""
        found = [self.at[what, row.key] for row in self.rows]
        return min(found, default=1), max(found, default=1)

    def depreciation(self) -> None:
        s, books = self.s["Depreciation"], self.books
        s.head("Depreciation by class and period of placing in service")
        costs = self.vintages()
        for kind, title in ((True, "Tax"), (False, "Books")):
            s.section(f"{title}: cost and what is written off")
            lines = books.write_offs(books.tax_regime if kind else books.book_regime)
            rows = []
            for asset_class, service in books.additions:
                profile, own = self.at["profile", kind, asset_class, service], s.row + 1
                rows.append(
                    s.line(
                        f"{asset_class} of period {service + 1}",
                        self.plan.currency,
                        costs[asset_class, service],
                        lambda t, c, p=profile, r=own: f"=$C{r}*Inputs!{c}${p}",
                        lines[asset_class, service],
                    )
                )
            total = f"=SUM(C{rows[0]}:C{rows[-1]})" if rows else "=0"
            self.at["written", kind] = s.line(
                f"{title}: total", self.plan.currency, total,
                lambda t, c, r=rows: f"=SUM({c}{r[0]}:{c}{r[-1]})" if r else "=0",
                books.tax_write_off if kind else books.book_write_off, style="total",
            )  # fmt: skip
            row = self.at["written", kind]
            before = letter(FIRST)
            self.at["closing", kind] = s.line(
                f"{title}: not yet written off", self.plan.currency, None,
                lambda t, c, r=row, h=before: f"=$C{r}-SUM(${h}{r}:{c}{r})",
            )  # fmt: skip

    def vintages(self) -> dict[tuple[str, int], str]:
        """Formulas of the cost of each class and period."""
        found: dict[tuple[str, int], list[str]] = {key: [] for key in self.books.additions}
        taken = dict(self.books.additions)
        for n, lot in enumerate(lots(self.plan.problem, self.plan.decisions)):
            key = ("accelerator_systems", lot.in_service if lot.in_service is not None else -1)
            parts = [self.at.get(("part", lot.build_id, line)) for line in CAPITAL[:2]]
            if key in found and lot.ordered is not None:
                sums = "+".join(f"SUM({self.s['Inputs'].name}!{self.s['Inputs'].across(p)})" for p in parts if p)
                found[key].append(f"-Plan!$C${self.at['lot', n]}*({sums or '0'})")
                each = model.order_parts(self.books, lot.build_id)
                taken[key] += lot.count * sum(sum(each.get(line, ())) for line in CAPITAL[:2])
        for row in self.rows:
            for t, amount in enumerate(row.amounts):
                key = (row.asset_class, t)
                if amount and key in found and row.key[0] not in CAPITAL and row.asset_class != "accelerator_systems":
                    found[key].append(f"-CashFlow!{letter(FIRST + t)}{self.at['cash', row.key]}")
                    taken[key] += amount
        s = self.s["Inputs"]
        rest = [(key, amount) for key, amount in taken.items() if abs(amount) > 0.005]
        if rest:
            s.section("Cost of assets taken over from the plan")
        for key, amount in rest:
            found[key].append(f"+Inputs!$C${s.line(f'{key[0]} of period {key[1] + 1}', self.plan.currency, amount)}")
        return {key: "=" + "".join(parts) if parts else "=0" for key, parts in found.items()}

    def tax(self) -> None:
        s, books, cur = self.s["Tax"], self.books, self.plan.currency
        regime = books.tax_regime.name if books.tax_regime else "none"
        s.head(f"Tax: {regime}, losses {books.losses}")
        running = [self.at["cash", r.key] for r in self.rows if r.asset_class == "none" and r.key[0] not in _UNPAID]
        worth = [self.at["cash", r.key] for r in self.rows if r.key[0] == "residual_value"]
        benefit = self.at.get("benefit")
        one = s.line("Benefits", cur, None, lambda t, c: f"=Inputs!{c}${benefit}" if benefit else "=0", books.benefits)
        two = s.line("Running cost", cur, None, lambda t, c: _sum_of("CashFlow", c, running), books.running)
        three = s.line(
            "Written off", cur, None, lambda t, c: f"=-Depreciation!{c}{self.at['written', True]}",
            [-x for x in books.tax_write_off],
        )  # fmt: skip
        end = f"Depreciation!{letter(FIRST + self.n - 1)}{self.at['closing', True]}"
        gain = [0.0] * (self.n - 1) + [books.proceeds - books.closing_tax_value]
        latest = f"MAX(Timeline!${letter(FIRST)}$4:${letter(FIRST + self.n - 1)}$4)"
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
        self.at["taxed"] = s.line(
            "Tax at the end of the period", cur, None,
            lambda t, c: f"=-Inputs!$C${self.at['tax']}*{base.format(c=c, f=five, o=opening)}",
            books.tax, style="total",
        )  # fmt: skip
        own = s.row + 1
        self.at["tax_pv"] = s.line(
            "Present value of tax", cur, f"=SUM({s.across(own)})",
            lambda t, c: f"={c}{self.at['taxed']}*Timeline!{c}${FACTOR['end']}",
            [x * books.end_factor(t) for t, x in enumerate(books.tax)],
        )  # fmt: skip
        own = s.row + 1
        self.at["benefit_pv"] = s.line(
            "Present value of benefits", cur, f"=SUM({s.across(own)})",
            lambda t, c: f"={c}{one}*Timeline!{c}${FACTOR['end']}",
            [x * books.end_factor(t) for t, x in enumerate(books.benefits)],
        )  # fmt: skip

    def bau(self) -> None:
        s, plan = self.s["BAU"], self.plan
        s.head("Counterfactual" + (f": {plan.worlds[0].title}" if plan.worlds else ": none in the scenario"))
        rows = []
        for line, moment in sorted({(a, m) for a, _, m, _ in plan.worlds[0].cash} if plan.worlds else ()):
            source = self.at["world", line, moment]
            own = s.row + 1
            rows.append(
                s.line(
                    f"{line} | {moment}: present value", plan.currency, f"=SUM({s.across(own)})",
                    lambda t, c, r=source, f=FACTOR[moment]: f"=Plan!{c}${r}*Timeline!{c}${f}",
                )
            )  # fmt: skip
        total = f"=SUM(C{rows[0]}:C{rows[-1]})" if rows else "=0"
        shown = -(plan.worlds[0].objective or 0.0) if plan.worlds else 0.0
        self.at["bau"] = s.line("Net present value", plan.currency, total, shown=shown, style="total")

    def outputs(self) -> None:
        s, plan, cur = self.s["Outputs"], self.plan, self.plan.currency
        s.head("Outputs")
        from planner.finance.metrics import finance_metrics

        found = {row["metric"]: row["value"] for row in finance_metrics(plan)}
        npv = f"CashFlow!$C${self.at['npv']}"
        self.at["out_npv"] = s.line("Net present value before tax", cur, f"={npv}", shown=-plan.objective)
        self.at["out_cost"] = s.line("Net present cost", cur, f"=-{npv}", shown=plan.objective)
        tax, benefit = f"Tax!$C${self.at['tax_pv']}", f"Tax!$C${self.at['benefit_pv']}"
        self.at["out_after"] = s.line("Net present value after tax", cur, f"={npv}+{tax}", shown=found["npv_after_tax"])
        self.at["out_with"] = s.line(
            "Net present value after tax, with benefits",
            cur,
            f"={npv}+{tax}+{benefit}",
            shown=found["npv_with_benefit"],
        )
        if plan.worlds:
            s.line("Advantage over the counterfactual, before tax", cur, f"={npv}-BAU!$C${self.at['bau']}")
        out, ends = self.at["output"], self.s["Timeline"].across(FACTOR["end"])
        work = f"SUMPRODUCT(Plan!{s.across(out)},Timeline!{ends})"
        self.at["lcoc"] = s.line(
            "Levelised cost of compute",
            f"{cur}/PFLOP-day",
            f"=IF({work}=0,0,-{npv}/{work})",
            shown=found["lcoc"] or 0.0,
        )
        busy = f"SUMPRODUCT(Plan!{s.across(self.at['busy'])},Timeline!{ends})"
        s.line(
            "Cost of an accelerator-hour at work",
            f"{cur}/h",
            f"=IF({busy}=0,0,-{npv}/{busy})",
            shown=found["cost_per_busy_hour"] or 0.0,
        )
        s.section("Present cost by line")
        first = s.row + 1
        lines = sorted({row.key[0] for row in self.rows})
        for line in lines:
            keys = [self.at["pv", row.key] for row in self.rows if row.key[0] == line]
            value = -sum(f.amount * f.discount_factor for f in plan.flows if f.line == line)
            s.line(line, cur, "=-(" + "+".join(f"CashFlow!$C${r}" for r in keys) + ")", shown=value)
        self.at["by_line"] = s.line("All lines", cur, f"=SUM(C{first}:C{s.row})", shown=plan.objective, style="total")
        self.charts(first, first + len(lines) - 1)

    def charts(self, first: int, last: int) -> None:
        s = self.s["Outputs"].sheet
        right = letter(FIRST + self.n - 1)
        bars = self.book.add_chart({"type": "bar"})
        bars.add_series({"categories": f"=Outputs!$A${first}:$A${last}", "values": f"=Outputs!$C${first}:$C${last}"})
        bars.set_title({"name": f"Present cost by line, {self.plan.currency}"})
        bars.set_legend({"none": True})
        s.insert_chart("H4", bars, {"x_scale": 1.4, "y_scale": 1.2})
        flow = self.book.add_chart({"type": "column"})
        names, net = f"=Timeline!$H$3:${right}$3", self.at["net"]
        flow.add_series({"name": "Net cash", "categories": names, "values": f"=CashFlow!$H${net}:${right}${net}"})
        line, row = self.book.add_chart({"type": "line"}), self.at["cumulative"]
        line.add_series(
            {"name": "Cumulative present value", "categories": names, "values": f"=CashFlow!$H${row}:${right}${row}"}
        )
        flow.combine(line)
        flow.set_title({"name": f"Cash flow, {self.plan.currency}"})
        flow.set_x_axis({"label_position": "low"})
        flow.set_legend({"position": "bottom"})
        s.insert_chart("H24", flow, {"x_scale": 1.4, "y_scale": 1.2})

    def checks(self) -> None:
        s, n = self.s["Checks"], self.n
        s.head("Checks: each is zero", dated=False)
        npv, cash = f"CashFlow!$C${self.at['npv']}", self.s["CashFlow"]
        money = self.plan.currency
        first, last = self.span("pv")
        rows = [
            s.line(
                "Objective of the plan less the cash flow's present cost", money,
                f"=ROUND(Plan!$C${self.at['objective']}+{npv},2)",
            ),
            s.line("Lines less total", money, f"=ROUND(Outputs!$C${self.at['by_line']}+{npv},2)"),
            s.line("Total by rows less total by periods", money, f"=ROUND(SUM(CashFlow!C{first}:C{last})-{npv},2)"),
        ]  # fmt: skip
        for kind, name in ((True, "tax"), (False, "books")):
            w, c = self.at["written", kind], self.at["closing", kind]
            end = letter(FIRST + n - 1)
            rows.append(
                s.line(
                    f"Written off + closing value - cost, {name}", self.plan.currency,
                    f"=ROUND(SUM(Depreciation!{cash.across(w)})+Depreciation!{end}{c}-Depreciation!$C${w},2)",
                )
            )  # fmt: skip
            most = "+".join(
                f"MAX(0,SUM(Inputs!{cash.across(self.at['profile', kind, a, t])})-1)" for a, t in self.books.additions
            )
            rows.append(s.line(f"Shares written off above 1, {name}", "share", f"=ROUND({most or '0'},9)"))
        held = lots(self.plan.problem, self.plan.decisions)
        terms = []
        for build, _ in numbered(self.plan.decisions):
            placed = "+".join(f"Plan!$C${self.at['lot', i]}" for i, lot in enumerate(held) if lot.build_id == build)
            terms.append(f"ABS(Plan!$C${self.at['order', build]}-({placed or '0'}))")
        name = "Systems ordered less systems placed in service or in store"
        rows.append(s.line(name, "systems", "=" + ("+".join(terms) or "0")))
        short = "+".join(
            f"SUMPRODUCT((Plan!{cash.across(self.at['on', c])}>Opex!{cash.across(self.at['fleet', c])}+0.000001)*1)"
            for c in self.plan.track.cells if ("on", c) in self.at
        )  # fmt: skip
        rows.append(s.line("Periods with more systems on than in service", "count", f"={short or '0'}"))
        minus = "+".join(f"SUMPRODUCT((Opex!{cash.across(self.at['fleet', c])}<0)*1)" for c in self.plan.track.cells)
        rows.append(s.line("Periods with a negative fleet", "count", f"={minus or '0'}"))
        first, last = self.span("cash")
        block = f"CashFlow!{letter(FIRST)}{first}:{letter(FIRST + n - 1)}{last}"
        cells = f"=ROWS({block})*COLUMNS({block})-COUNT({block})"
        rows.append(s.line("Cells of the cash flow that are no numbers", "count", cells))
        master = f'=COUNTIF(C{rows[0]}:C{rows[-1]},"<>0")'
        self.at["checks"] = s.line("All checks: count of those that are not zero", "count", master, style="total")

    def cover(self) -> None:
        s, plan = self.s["Cover"], self.plan
        sheet = s.sheet
        sheet.write(0, 0, plan.scenario.title or plan.scenario.name, self.formats["title"])
        s.row = 2
        flag = f'=IF(Checks!$C${self.at["checks"]}=0,"all checks are zero","CHECKS FAIL: see the sheet Checks")'
        s.line("Checks", "", None)
        sheet.write_formula(s.row - 1, 2, flag, self.formats["label"], "all checks are zero")
        from planner.plan.save import fingerprint

        for label, text in (
            ("Scenario", plan.scenario.name),
            ("Scenario, SHA-256", fingerprint(plan.scenario)),
            ("Catalog, SHA-256", plan.case.catalog.digest),
            ("Planner", __version__),
            ("Status of the search", plan.status),
            ("Proved gap", f"{plan.gap:.4%}"),
            ("Independent check", "passed" if plan.verified else "not made"),
            ("Currency", f"{plan.currency}, nominal"),
            ("Timing", f"capital at the start of a period, running cost at its {plan.scenario.finance.opex_timing}"),
        ):
            s.line(label)
            sheet.write_string(s.row - 1, 2, text)
        taken = [self.label(row) for row in self.rows if not row.parts]
        s.section("Rows whose amounts are taken over from the plan instead of being rebuilt from prices")
        for text in taken or ["none"]:
            s.line(text)
        s.section("Uncertain and assumed: low, used, high, source")
        for fact in plan.tables["inputs"]:
            doubtful = (
                fact["kind"] == "assumption"
                or fact["confidence"] in ("low", "assumption")
                or fact["low"] != fact["high"]
            )
            if doubtful:
                s.line(fact["key"], fact["unit"])
                told = (fact["low"], fact["used"], fact["high"], " ".join(fact["source"] or ()) or fact["kind"])
                for column, value in enumerate(told, start=2):
                    sheet.write_string(s.row - 1, column, "" if value is None else str(value))


_UNPAID = ("residual_value", "price_preference")


def _sum_of(sheet: str, column: str, rows: list[int]) -> str:
    """A formula that adds up cells of one column."""
    return "=" + ("+".join(f"{sheet}!{column}{row}" for row in rows) or "0")
