"""What the workbook can rebuild from quantities and prices, and what it has to take over as amounts.

A row is rebuilt only where its formula, evaluated here, gives the plan's own amounts; so no row is rebuilt wrongly.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.finance.depreciation import by_period
from planner.plan.accounts import HARDWARE_LINES
from planner.plan.lots import numbered
from planner.plan.trajectory import Cell

if TYPE_CHECKING:
    from planner.finance.statements import Statements

CLOSE = 1e-9
Key = tuple[str, str, str, str]
"""Line, item, site and moment of a row of the cash flow."""


@dataclass
class Row:
    """One row of the cash flow."""

    key: Key
    asset_class: str
    amounts: list[float]
    parts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """How it is rebuilt: kind and keys; empty: taken over."""


def rows(books: "Statements") -> list[Row]:
    """All rows of the cash flow, each with the way to rebuild it where there is one."""
    plan = books.plan
    found: dict[Key, Row] = {}
    for flow in plan.flows:
        key = (flow.line, flow.item, flow.site or "", flow.moment)
        row = found.setdefault(key, Row(key, flow.asset_class, [0.0] * books.periods))
        row.amounts[flow.period] += flow.amount
    for row in found.values():
        _explain(books, row)
    return sorted(found.values(), key=lambda row: row.key)


def _explain(books: "Statements", row: Row) -> None:
    """Find parts whose formula gives the row's amounts."""
    line, item, site, _ = row.key
    plan = books.plan
    parts: list[tuple[str, tuple[str, ...]]]
    cells = [cell for cell in plan.track.cells if cell.system == item and cell.site == site]
    if line == "energy":
        parts = [("energy", (cell.system, cell.site, cell.hall)) for cell in cells if cell in plan.track.powered]
    elif line == "maintenance":
        parts = [("maintenance", (cell.system, cell.site, cell.hall)) for cell in cells]
    elif line in (*HARDWARE_LINES, "residual_value"):
        parts = [(line, (name,)) for name, order in numbered(plan.decisions) if order.system == item]
    else:
        return
    mirrored = [0.0] * books.periods
    for kind, keys in parts:
        mirrored = [a + b for a, b in zip(mirrored, mirror(books, kind, keys), strict=True)]
    scale = max(map(abs, row.amounts))
    if parts and all(abs(a - b) <= CLOSE * scale for a, b in zip(mirrored, row.amounts, strict=True)):
        row.parts = parts


def mirror(books: "Statements", kind: str, keys: tuple[str, ...]) -> list[float]:
    """The amounts that the formula of a part gives."""
    plan = books.plan
    if kind == "energy":
        on, kwh, tariff = plan.track.powered[_cell(books, keys)], energy_kwh(books, keys), tariffs(books, keys[1:])
        return [-n * e * p for n, e, p in zip(on, kwh, tariff, strict=True)]
    if kind == "maintenance":
        held = plan.track.fleet[_cell(books, keys)]
        return [-n * c for n, c in zip(held, upkeep(books, keys[0]), strict=True)]
    order = dict(numbered(plan.decisions))[keys[0]]
    each = order_parts(books, keys[0])[kind]
    return [amount * order.count for amount in each]


def _cell(books: "Statements", keys: tuple[str, ...]) -> Cell:
    return next(c for c in books.plan.track.cells if (c.system, c.site, c.hall) == keys)


def energy_kwh(books: "Statements", keys: tuple[str, ...]) -> list[float]:
    """kWh at the meter of one system that is on, by period."""
    plan = books.plan
    system = next(row for row in plan.problem.systems if row.id == keys[0])
    hall = next(row for row in plan.problem.halls if row.id == f"{keys[1]}/{keys[2]}")
    load = plan.case.parameters.load_factor
    return [system.power_kw * load * hall.pue[p.index] * p.hours for p in plan.problem.calendar]


def tariffs(books: "Statements", place: tuple[str, ...]) -> list[float]:
    """Price of a kWh by period, escalated."""
    name = f"tariff_{books.plan.currency.lower()}_per_kwh"
    return [row[name] for row in books.plan.tables["sites"] if (row["site"], row["hall"]) == place]


def upkeep(books: "Statements", system: str) -> list[float]:
    """Maintenance of one system by period."""
    prices, found = books.plan.case.prices, books.plan.case.systems[system]
    share = prices.parameters.maintenance_per_year
    return [
        share * p.hours / 8760.0 * prices.unit_price(found, p.index) * prices.escalation("maintenance", p.index)
        for p in books.plan.problem.calendar
    ]


def order_parts(books: "Statements", name: str) -> dict[str, list[float]]:
    """Amounts of one system of an order by line and period."""
    plan = books.plan
    order = dict(numbered(plan.decisions))[name]
    i = next(i for i, row in enumerate(plan.problem.systems) if row.id == order.system)
    found: dict[str, list[float]] = defaultdict(lambda: [0.0] * books.periods)
    for event in plan.problem.order_events[i, order.period]:
        found[event.line][event.period] += event.amount
    return found


def profile(books: "Statements", asset_class: str, service: int, *, tax: bool) -> list[float]:
    """Share of cost written off by period."""
    regime = books.tax_regime if tax else books.book_regime
    rule = regime.rule(asset_class) if regime is not None else None
    return [0.0] * books.periods if rule is None else by_period(rule, books.plan.problem.calendar, service)
