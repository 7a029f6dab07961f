"""An explained plan, for people."""

from typing import Any

from planner.explain.explanation import Explanation
from planner.report.format import count, listed, money, number, percent
from planner.report.model import Block, Cell, Column, Items, Report, Section, Table, Text
from planner.report.plan.names import Names, names_of

_WHOLE = "frames of --json"


def explain_report(found: Explanation) -> Report:
    """Why these systems; what limits are worth; what rules cost; which other plans are as good."""
    names, sections = names_of(found.plan), [_plan(found)]
    if "why_not" in found.tables:
        sections.append(_why_not(found, names))
    if "marginals" in found.tables:
        sections.append(_marginals(found, names))
    if "rules" in found.tables:
        sections.append(_rules(found))
    if "alternatives" in found.tables:
        sections.append(_alternatives(found))
    return Report(f"Why: {found.plan.scenario.title or found.plan.scenario.name}", tuple(sections))


def _plan(found: Explanation) -> Section:
    plan, names = found.plan, names_of(found.plan)
    counts: dict[str, int] = {}
    for order in plan.decisions.orders:
        counts[order.system] = counts.get(order.system, 0) + order.count
    bought = listed(f"{count(n)} x {names.system(key)}" for key, n in counts.items()) or "nothing"
    told = (
        f"The plan buys {bought} and costs {money(plan.objective, plan.currency)}; none costs less than "
        f"{money(plan.bound, plan.currency)}. Differences below are between plans that are each known to their gap "
        f"({percent(plan.gap)} here): what is smaller than the gaps cannot be told from zero."
    )
    blocks: list[Block] = [Text(told)]
    stages = [stage for stage in plan.stages if stage.name in dict(found.held)]
    if stages:
        values = listed(f"{stage.name} ({stage.value:.4g} {stage.unit})" for stage in stages)
        blocks.append(Text(f"Sought before cost: {values}. Prices and costs are of plans that are as good in it."))
    return Section("The plan", tuple(blocks))


def _why_not(found: Explanation, names: Names) -> Section:
    rows = found.tables["why_not"]
    blocks: list[Block] = []
    barred = [row for row in rows if row["reason"] not in ("chosen", "dominated")]
    dear = [row for row in rows if row["reason"] == "dominated"]
    chosen = [row for row in rows if row["reason"] == "chosen"]
    if chosen:
        blocks.append(Items(tuple(f"{names.system(row['system'])}: {row['detail']}" for row in chosen)))
    if barred:
        cells: tuple[tuple[Cell, ...], ...] = tuple(
            (names.system(row["system"]), row["reason"], _because(row)) for row in barred
        )
        columns = (Column("not bought", wrap=True), Column("reason"), Column("why", wrap=True))
        blocks.append(Table(columns, cells, title="Kept out: the first reason of each"))
    if dear:
        blocks.append(_dear(found, dear, names))
    return Section("Why not the others", tuple(blocks))


def _because(row: dict[str, Any]) -> str:
    rule = (
        f" [{row['rule']}{f', {row["rule_date"]}' if row['rule_date'] else ''}; {row['source']}]" if row["rule"] else ""
    )
    return f"{row['detail']}{rule}"


def _dear(found: Explanation, rows: list[dict[str, Any]], names: Names) -> Table:
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            names.system(row["system"]),
            _price(row["price"]),
            _price(row["dual_price"]),
            _price(row["entry_price"]),
            None if row["entry_price"] is None else row["entry_price"] / row["price"],
            _confirmed(row),
        )
        for row in sorted(rows, key=lambda row: -((row["entry_price"] or row["dual_price"] or 0.0) / row["price"]))
    )
    currency = found.plan.currency
    columns = (
        Column("too dear", wrap=True),
        Column("price", unit=currency),
        Column("by the\nduals", unit=currency),
        Column("enters at", unit=currency),
        Column("of its\nprice", "share"),
        Column("solved again", wrap=True),
    )
    note = (
        "By the duals: price below which the linear relaxation buys the first one, ports not counted. Enters at: the "
        "same solved again at that price and around it, on the whole program where its gap tells single systems "
        "apart, else on the relaxation."
    )
    return Table(columns, cells, title="Too dear: the price at which each would enter", note=note)


def _price(value: float | None) -> str:
    return "" if value is None else money(value, "").strip()


def _confirmed(row: dict[str, Any]) -> str:
    if row["entry_price"] is None:
        return "no (--no-confirm)"
    if not row["entry_price"]:
        return row["note"] or "not even for nothing"
    by = "plan" if row["entry_by"] == "plan" else "relaxation"
    head = f"{by}: {'confirmed' if row['confirmed'] else 'not confirmed'}"
    below = ""
    if row["bought_below"] is not None:
        share = row["below"] / row["entry_price"] - 1.0
        below = f"; at {percent(share)} the plan buys {row['bought_below']}"
    return f"{head}{below}"


def _marginals(found: Explanation, names: Names) -> Section:
    rows = found.tables["marginals"]
    if not rows:
        return Section("What one step more is worth", (Text("No limit binds: demand alone drives the cost."),))
    currency = found.plan.currency
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{row['limit'].replace('_', ' ')}\n{names.accelerator(row['where'])}",
            row["step"],
            row["dual_value"],
            row["difference"],
            _open(row, currency) if row["why"] is None else row["why"],
        )
        for row in rows
    )
    columns = (
        Column("limit", wrap=True),
        Column("step", wrap=True),
        Column("duals", "money", currency, signed=True),
        Column("solved\nagain", "money", currency, signed=True),
        Column("both gaps counted", wrap=True),
    )
    note = (
        "Change of cost; negative: saves. Duals are those of the linear relaxation, where systems are bought in parts; "
        "with whole systems they are no estimate of a step, which is therefore solved again."
    )
    return Section("What one step more is worth", (Table(columns, cells, note=note, whole=_WHOLE),))


def _open(row: dict[str, Any], currency: str) -> str:
    low, high = row["least_difference"], row["most_difference"]
    ends = f"{money(low, currency)} to {money(high, currency)}" if low != high else money(low, currency)
    return f"{ends}: not told from zero" if low <= 0 <= high and low != high else ends


def _rules(found: Explanation) -> Section:
    rows, shares = found.tables["rules"], {row["rule"]: row for row in found.tables["shapley"]}
    if not rows:
        return Section("What rules cost", (Text("No rule changes anything that this scenario could do."),))
    currency = found.plan.currency
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row["rule"],
            row["cost"],
            _share(shares.get(row["rule"]), currency),
            row["peak_mw"],
            _effects(row),
        )
        for row in rows
    )
    columns = (
        Column("rule", wrap=True),
        Column("alone", "money", currency, signed=True),
        Column("its part\nof all", wrap=True),
        Column("peak", "number", "MW", signed=True),
        Column("without it", wrap=True),
    )
    method = next(iter(shares.values()))["method"] if shares else ""
    together, whole = rows[-1], money(sum(row["share"] for row in shares.values()), currency)
    ends = f"{money(together['least_cost'], currency)} to {money(together['most_cost'], currency)}"
    note = (
        "Alone: cost of the plan less that of the best plan without this one rule; of two rules that close the same "
        "chip neither costs anything alone. Its part of all: Shapley value, its mean cost over the orders in which the "
        f"rules could have come ({method}); the parts add up to {whole}. Together, both gaps counted: {ends}."
    )
    return Section("What rules cost", (Table(columns, cells, note=note, total=len(rows) > 1),))


def _share(row: dict[str, Any] | None, currency: str) -> str:
    if row is None:
        return ""
    error = f" \N{PLUS-MINUS SIGN} {money(row['error'], currency)}" if row["error"] else ""
    return f"{money(row['share'], currency)}{error}"


def _effects(row: dict[str, Any]) -> str:
    parts = []
    if row["delay_days"]:
        days = abs(row["delay_days"])
        parts.append(f"the run ends {days:.0f} days {'earlier' if row['delay_days'] > 0 else 'later'}")
    if row["tokens_lost"]:
        parts.append(f"{number(row['tokens_lost'] / 1e12)} trillion tokens more")
    if row["bought_without"]:
        parts.append(f"more of {row['bought_without']}")
    return "; ".join(parts) or "the same plan"


def _alternatives(found: Explanation) -> Section:
    rows = found.tables["alternatives"]
    if len(rows) < 2:
        told = "No other plan was found within that share of the cost: as far as it was looked for, this one is robust."
        return Section("Plans nearly as good", (Text(told),))
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (row["way"], row["cost"], row["extra"], row["differs"], row["vendors"], row["sites"]) for row in rows
    )
    columns = (
        Column("sought", wrap=True),
        Column("cost", "money", found.plan.currency),
        Column("extra", "share", signed=True),
        Column("differs", "share"),
        Column("vendors", wrap=True),
        Column("sites", wrap=True),
    )
    note = (
        "Each is a verified plan. Differs: share of the accelerators that stand at other sites or are other systems. "
        "What is alike in all of them is robust, what differs is taste. A negative extra is within the plan's gap."
    )
    return Section("Plans nearly as good", (Table(columns, cells, note=note),))
