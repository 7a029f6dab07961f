"""The assumptions a plan rests on."""

from collections import Counter
from typing import Any

from planner.catalog.entry import start_of
from planner.plan.plan import Plan
from planner.report.format import count, listed, plural, price
from planner.report.model import Block, Cell, Column, Section, Table, Text
from planner.report.plan.names import Names

_MOST = 10
_LATE = 8
"""Records named."""
_WHOLE = "inputs.csv of --out, frames.inputs of --json"
_BASIS = 110
"""Characters of a basis that are shown."""


def assumptions(plan: Plan, names: Names) -> Section:
    """Values nobody published that this plan uses, widest range first; all others counted."""
    rows = plan.tables["inputs"]
    kinds = Counter(row["kind"] for row in rows)
    used = {row["system"] for row in plan.tables["fleet"]}
    chips = {row["accelerator"] for row in plan.tables["builds"]}
    mattering = [row for row in rows if row["kind"] == "assumption" and _matters(row, used, chips)]
    told = (
        f"The plan uses {count(len(rows))} values: {count(kinds['fact'])} facts with sources, "
        f"{count(kinds['assumption'])} assumptions, {count(kinds['derived'])} derived from facts. "
        "Shown: assumptions about what the plan buys or runs and about money, the widest ranges first."
    )
    blocks: list[Block] = [Text(told), *([_table(mattering, names)] if mattering else [])]
    if late := hindsight(plan):
        known = plan.scenario.knowledge_date.isoformat()
        shown = listed([*late[:_LATE], f"{len(late) - _LATE} more"] if len(late) > _LATE else late)
        blocks.append(
            Text(
                f"Hindsight: {plural(len(late), 'supply record')} used here became known after the knowledge date "
                f"({known}) by the date of its source: {shown}. Rules announced later are not used; supply is."
            )
        )
    return Section("Assumptions", tuple(blocks))


def hindsight(plan: Plan) -> list[str]:
    """Supply records in use, assumptions too, of which every dated source is younger than the knowledge date."""
    sources, known = plan.case.catalog.sources, plan.scenario.knowledge_date
    found: dict[str, None] = {}
    for row in plan.tables["inputs"]:
        kind, _, rest = str(row["key"]).partition(".")
        if kind != "supply":
            continue
        days = [start_of(day) for name in row["source"] if name in sources and (day := sources[name].date)]
        if days and min(days) > known:
            found[rest.rpartition(".")[0]] = None
    return list(found)


def _matters(row: dict[str, Any], systems: set[str], chips: set[str]) -> bool:
    """Whether a value concerns something in service, the supply of something bought, or everything."""
    kind, _, rest = str(row["key"]).partition(".")
    if kind == "systems":
        return any(rest.startswith(f"{system}.") for system in systems)
    if kind == "accelerators":
        return any(rest.startswith(f"{chip}.") for chip in chips)
    if row["unit"] == "accelerators":
        return any(str(row["key"]).endswith(f".{chip}") for chip in chips)
    return kind != "fabrics"


def _table(rows: list[dict[str, Any]], names: Names) -> Table:
    """One row per basis: the widest value that rests on it, and how many others do."""
    uses = Counter(row["note"] or _name(row) for row in rows)
    widest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (-_spread(row), row["key"])):
        widest.setdefault(row["note"] or _name(row), row)
    cells: list[tuple[Cell, ...]] = []
    for basis, row in widest.items():
        name, of = _name(row), _of(row, names)
        more = f"{', ' if of else ''}and {uses[basis] - 1} more" if uses[basis] > 1 else ""
        span = f"\n{_value(row['low'])} to {_value(row['high'])}" if row["low"] != row["high"] else ""
        about = f"{name}\n{of}{more}" if of or more else name
        cells.append((about, f"{_value(row['used'])} {row['unit']}{span}", _basis(row["note"] or "")))
    columns = (Column("assumption, of", wrap=True), Column("used, range"), Column("basis", wrap=True))
    return Table(columns, tuple(cells), limit=_MOST, whole=_WHOLE)


def _name(row: dict[str, Any]) -> str:
    return str(row["assumption"] or row["key"])


def _of(row: dict[str, Any], names: Names) -> str:
    kind, _, rest = str(row["key"]).partition(".")
    if kind != "systems":
        return ""
    subject, _, field = rest.rpartition(".")
    return f"{field.replace('_', ' ')} of {names.system(subject)}"


def _spread(row: dict[str, Any]) -> float:
    low, high, used = row["low"], row["high"], row["used"]
    if not all(isinstance(value, int | float) for value in (low, high, used)) or not used:
        return 0.0
    return float(abs(high - low) / abs(used))


def _basis(note: str) -> str:
    return note if len(note) <= _BASIS else f"{note[:_BASIS].rsplit(' ', 1)[0]} ..."


def _value(value: object) -> str:
    return price(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
