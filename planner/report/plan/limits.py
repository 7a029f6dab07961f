"""The limits that bind, with what one unit more of each would save."""

from collections import defaultdict
from typing import Any

from planner.plan.plan import Plan
from planner.report.format import price
from planner.report.model import Block, Cell, Column, Section, Table, Text
from planner.report.plan.names import Names

_MOST = 10
_WHOLE = "constraints.csv of --out, frames.constraints of --json"
_DEMANDS = frozenset({"stream_target", "run_once", "token_budget", "least_compute"})
_BALANCES = frozenset({"share_limit", "flow_ratio", "bundled_purchase"})
"""Limits of one group against another: what counts is by how much they are kept."""
_DUALS = (
    "Prices are duals of the linear relaxation, summed over the periods in which the limit binds: they hold for small "
    "changes, in a world where systems could be bought in parts."
)
_FREE = 0.1
_ONLY = "relaxation only"
_NOT_USED = " Relaxation only: it is short there; the plan of whole systems leaves more than a tenth of it free."


def limits(plan: Plan, names: Names) -> Section:
    """The limits and the demands that cost something, the dearest first (price times amount)."""
    binding = [row for row in plan.tables["constraints"] if row["binding"] and (row["rhs"] or row["shadow_price"])]
    scarce = [row for row in binding if row["name"] not in _DEMANDS]
    wanted = [row for row in binding if row["name"] in _DEMANDS]
    blocks: list[Block] = [Text("No limit binds: demand alone drives the cost.")]
    if scarce:
        blocks = [_table(plan, scarce, names, "Limits: what one unit more saves", "saves")]
    if wanted:
        blocks.append(_table(plan, wanted, names, "Demand: what one unit more costs", "costs"))
    marked = any(
        _ONLY in str(cell) for block in blocks if isinstance(block, Table) for row in block.rows for cell in row
    )
    free = _NOT_USED if marked else ""
    return Section("Limits that bind", (*blocks, Text(_DUALS + free)))


def _table(plan: Plan, rows: list[dict[str, Any]], names: Names, title: str, verb: str) -> Table:
    groups: dict[tuple[str, str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["name"], row["site"] or "", row["item"] or "", row["unit"]].append(row)
    ranked = sorted(groups.items(), key=lambda pair: (-sum(map(_weight, pair[1])), pair[0]))
    columns = (
        Column("limit", wrap=True),
        Column("where"),
        Column("binds in", wrap=True),
        Column("used", wrap=True),
        Column(verb, unit=f"{plan.currency} each"),
    )
    cells = tuple(_row(key, found, names, len(plan.problem.calendar)) for key, found in ranked)
    return Table(columns, cells, title=title, limit=_MOST, whole=_WHOLE)


def _weight(row: dict[str, Any]) -> float:
    return abs(float(row["shadow_price"] or 0.0)) * max(abs(float(row["rhs"])), abs(float(row["lhs"])), 1.0)


def _relaxation_only(row: dict[str, Any]) -> bool:
    """Whether the plan leaves room below a limit that has a price in the relaxation."""
    return (
        row["name"] not in _BALANCES and row["sense"] == "<=" and float(row["slack"]) > _FREE * abs(float(row["rhs"]))
    )


def _row(key: tuple[str, str, str, str], rows: list[dict[str, Any]], names: Names, periods: int) -> tuple[Cell, ...]:
    """One limit over all the periods in which it binds; use and amount of the period that costs most."""
    name, site, item, unit = key
    worst = max(rows, key=_weight)
    prices = [row["shadow_price"] for row in rows if row["shadow_price"] is not None]
    found = [row["period"] for row in rows if row["period"]]
    when = "whole plan" if not found else found[0] if len(found) == 1 else f"{found[0]} to {found[-1]}"
    often = f"\n{len(found)} of {periods} periods" if len(found) > 1 else ""
    where = "\n".join(part for part in (site, names.accelerator(names.system(item)) if item else "") if part)
    used = f"{price(worst['lhs'])} of {price(worst['rhs'])}\n{unit}"
    if name in _BALANCES:
        used = f"{price(max(worst['slack'], 0.0))} {unit}\nto spare"
    used += f"\n{_ONLY}" if _relaxation_only(worst) else ""
    return name.replace("_", " "), where, when + often, used, price(sum(prices)) if prices else "not solved"
