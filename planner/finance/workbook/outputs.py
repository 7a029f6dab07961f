"""The counterfactual, the results and their charts."""

from planner.finance.workbook.decided import world_cash
from planner.finance.workbook.grid import FIRST, letter
from planner.finance.workbook.parts import FACTOR, Book


def bau(b: Book) -> None:
    """Present value of the counterfactual."""
    s, plan = b.s["BAU"], b.plan
    s.head("Counterfactual" + (f": {plan.worlds[0].title}" if plan.worlds else ": none in the scenario"))
    rows = []
    for line, moment in sorted({(a, m) for a, _, m, _ in plan.worlds[0].cash} if plan.worlds else ()):
        source = b.at["world", line, moment]
        own = s.row + 1
        rows.append(
            s.line(
                f"{line} | {moment}: present value", plan.currency, f"=SUM({s.across(own)})",
                lambda t, c, r=source, f=FACTOR[moment]: f"=Plan!{c}${r}*Timeline!{c}${f}",
                [amount * b.factor(t, moment) for t, amount in enumerate(world_cash(b, line, moment))],
            )
        )  # fmt: skip
    total = f"=SUM(C{rows[0]}:C{rows[-1]})" if rows else "=0"
    shown = -(plan.worlds[0].objective or 0.0) if plan.worlds else 0.0
    b.at["bau"] = s.line("Net present value", plan.currency, total, result=shown, style="total")


def outputs(b: Book) -> None:
    """The results of the plan."""
    s, plan, cur = b.s["Outputs"], b.plan, b.plan.currency
    s.head("Outputs", dated=False)
    from planner.finance.metrics import finance_metrics

    found = {row["metric"]: row["value"] for row in finance_metrics(plan)}
    npv = f"CashFlow!$C${b.at['npv']}"
    b.at["out_npv"] = s.line("Net present value before tax", cur, f"={npv}", result=-plan.objective)
    b.at["out_cost"] = s.line("Net present cost", cur, f"=-{npv}", result=plan.objective)
    tax, benefit = f"Tax!$C${b.at['tax_pv']}", f"Tax!$C${b.at['benefit_pv']}"
    b.at["out_after"] = s.line("Net present value after tax", cur, f"={npv}+{tax}", result=found["npv_after_tax"])
    b.at["out_with"] = s.line(
        "Net present value after tax, with benefits",
        cur,
        f"={npv}+{tax}+{benefit}",
        result=found["npv_with_benefit"],
    )
    if plan.worlds and plan.worlds[0].objective is not None:
        s.line(
            "Advantage over the counterfactual, before tax",
            cur,
            f"={npv}-BAU!$C${b.at['bau']}",
            result=plan.worlds[0].objective - plan.objective,
        )
    out, ends = b.at["output"], b.s["Timeline"].across(FACTOR["end"])
    work = f"SUMPRODUCT(Plan!{s.across(out)},Timeline!{ends})"
    b.at["lcoc"] = s.line(
        "Levelised cost of compute",
        f"{cur}/PFLOP-day",
        f"=IF({work}=0,0,-{npv}/{work})",
        result=found["lcoc"] or 0.0,
    )
    busy = f"SUMPRODUCT(Plan!{s.across(b.at['busy'])},Timeline!{ends})"
    s.line(
        "Cost of an accelerator-hour at work",
        f"{cur}/h",
        f"=IF({busy}=0,0,-{npv}/{busy})",
        result=found["cost_per_busy_hour"] or 0.0,
    )
    s.section("Present cost by line")
    first = s.row + 1
    lines = sorted({row.key[0] for row in b.rows})
    for line in lines:
        keys = [b.at["pv", row.key] for row in b.rows if row.key[0] == line]
        value = -sum(f.amount * f.discount_factor for f in plan.flows if f.line == line)
        s.line(line, cur, "=-(" + "+".join(f"CashFlow!$C${r}" for r in keys) + ")", result=value)
    total = f"=SUM(C{first}:C{s.row})" if lines else "=0"
    b.at["by_line"] = s.line("All lines", cur, total, result=plan.objective if lines else 0.0, style="total")
    if lines:
        _charts(b, first, first + len(lines) - 1)


def _charts(b: Book, first: int, last: int) -> None:
    s = b.s["Outputs"].sheet
    right = letter(FIRST + b.n - 1)
    bars = b.book.add_chart({"type": "bar"})
    bars.add_series({"categories": f"=Outputs!$A${first}:$A${last}", "values": f"=Outputs!$C${first}:$C${last}"})
    bars.set_title({"name": f"Present cost by line, {b.plan.currency}"})
    bars.set_legend({"none": True})
    bars.set_y_axis({"label_position": "low", "reverse": True})
    bars.set_x_axis({"num_format": "#,##0", "label_position": "high"})
    s.insert_chart("H4", bars, {"x_scale": 1.4, "y_scale": 1.2})
    flow = b.book.add_chart({"type": "column"})
    names, net = f"=Timeline!$H$3:${right}$3", b.at["net"]
    flow.add_series({"name": "Net cash", "categories": names, "values": f"=CashFlow!$H${net}:${right}${net}"})
    line, row = b.book.add_chart({"type": "line"}), b.at["cumulative"]
    line.add_series(
        {"name": "Cumulative present value", "categories": names, "values": f"=CashFlow!$H${row}:${right}${row}"}
    )
    flow.combine(line)
    flow.set_title({"name": f"Cash flow, {b.plan.currency}"})
    flow.set_x_axis({"label_position": "low"})
    flow.set_legend({"position": "bottom"})
    s.insert_chart("H24", flow, {"x_scale": 1.4, "y_scale": 1.2})
