"""What the plan costs: by line and by year."""

from collections import defaultdict

from planner.plan.plan import Plan
from planner.report.model import Block, Cell, Column, Section, Table
from planner.scenario.periods import label_end, label_start


def cost(plan: Plan) -> Section:
    """Present value and cash by line; cash by year against its budget."""
    blocks: list[Block] = [_by_line(plan), _by_year(plan)]
    return Section("Cost", tuple(blocks))


def line_name(line: str) -> str:
    """A line of the cash flow as people read it."""
    return line.replace("_", " ")


def _by_line(plan: Plan) -> Table:
    cash: dict[str, float] = defaultdict(float)
    present: dict[str, float] = defaultdict(float)
    for flow in plan.flows:
        present[flow.line] -= flow.amount * flow.discount_factor
        cash[flow.line] -= flow.amount if flow.is_cash else 0.0
    rows: list[tuple[Cell, ...]] = [
        (line_name(line), present[line], cash[line]) for line in sorted(present, key=lambda key: -present[key])
    ]
    rows.append(("net present cost, cash", sum(present.values()), sum(cash.values())))
    columns = (
        Column("line"),
        Column("present value", "money", plan.currency),
        Column("cash", "money", plan.currency),
    )
    rate = plan.scenario.finance.discount_rate
    gap = round(sum(present.values()) - plan.objective, 2) + 0.0  # no minus before a zero
    note = (
        f"Positive: paid. Present values at {rate:.1%} a year to {plan.problem.calendar.start.isoformat()}, nominal. "
        "The residual value is what the hardware is still worth at the end; nobody pays it, so it is no cash. "
        f"Check: discounted cash flow less the cost that the program and the independent check found: {gap:,.2f} "
        f"{plan.currency}."
    )
    return Table(columns, tuple(rows), title="By line", note=note, total=True)


def _by_year(plan: Plan) -> Table:
    cash: dict[int, float] = defaultdict(float)
    present: dict[int, float] = defaultdict(float)
    for flow in plan.flows:
        year = plan.problem.calendar[flow.period].start.year
        present[year] -= flow.amount * flow.discount_factor
        cash[year] -= flow.amount if flow.is_cash else 0.0
    limits = {
        label_start(label).year: limit for label, (_, limit) in plan.problem.budget_years.items() if _whole(label)
    }
    total = plan.problem.budget_total
    rows: list[tuple[Cell, ...]] = [
        (
            str(year),
            cash[year],
            limits.get(year),
            cash[year] / limits[year] if limits.get(year) else None,
            present[year],
        )
        for year in sorted(cash)
    ]
    paid = sum(cash.values())
    rows.append(("all", paid, total, paid / total if total else None, sum(present.values())))
    columns = (
        Column("year"),
        Column("cash", "money", plan.currency),
        Column("budget", "money", plan.currency),
        Column("used", "share"),
        Column("present value", "money", plan.currency),
    )
    note = "By the period a payment belongs to: running cost is paid the day after it ends. \N{EN DASH}: no limit."
    return Table(columns, tuple(rows), title="By year", note=note, total=True)


def _whole(label: str) -> bool:
    """Whether a budget's label is a calendar year."""
    start, end = label_start(label), label_end(label)
    return (start.month, start.day) == (1, 1) and end.year == start.year + 1
