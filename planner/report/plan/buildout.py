"""What to order, when it comes, where it goes."""

from collections import defaultdict
from collections.abc import Sequence

from planner.plan.plan import Plan
from planner.report.format import MINUS, count, plural
from planner.report.model import Block, Cell, Column, Kind, Section, Table, Text
from planner.report.plan.names import Names, in_order, place

_ORDERS = 16
_ALIKE = 6
_WHOLE = "builds.csv of --out, frames.builds of --json"


def buildout(plan: Plan, names: Names) -> Section:
    """Orders, placements per period and hall, and what is in service."""
    blocks: list[Block] = [_orders(plan, names)] if plan.tables["builds"] else [Text("Nothing is ordered.")]
    if plan.tables["installs"]:
        blocks.append(_placements(plan, names))
    if plan.tables["stock"]:
        blocks.append(_in_store(plan, names))
    if plan.tables["rentals"]:
        blocks.append(_rented(plan, names))
    if plan.tables["networks"]:
        blocks.append(_networks(plan))
    blocks.append(_in_service(plan))
    if alike := plan.solver.get("alike"):
        blocks.append(Text(_shared_out(plan, alike)))
    return Section("Build-out", tuple(blocks))


def _orders(plan: Plan, names: Names) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            row["order_period"] or f"before ({row['build_id']})",
            row["arrival_period"],
            names.system(row["system"]),
            row["systems"],
            row["accelerators"],
            row["hardware_cost"],
        )
        for row in plan.tables["builds"]
    ]
    found = plan.tables["builds"]
    chips, paid = sum(row["accelerators"] for row in found), sum(row["hardware_cost"] for row in found)
    rows.append(("total", "", "", sum(row["systems"] for row in found), chips, paid))
    columns = (
        Column("ordered"),
        Column("arrives"),
        Column("system", wrap=True),
        Column("systems", "count"),
        Column("accelerators", "count"),
        Column("price", "money", plan.currency),
    )
    return Table(columns, tuple(rows), title="Orders", limit=_ORDERS, whole=_WHOLE, total=True)


def _placements(plan: Plan, names: Names) -> Table:
    """Period by system: how many systems go into which hall, or out of it."""
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    weight: dict[str, int] = defaultdict(int)
    for row in plan.tables["installs"]:
        sign = "+" if row["action"] in ("install", "move in") else MINUS
        moved = " moved" if row["action"].startswith("move") else ""
        what = f"{sign}{count(row['systems'])} {place(row['site'], row['hall'])}{moved}"
        cells[row["period"], row["system"]].append(what)
        weight[row["system"]] += row["accelerators"]
    systems = sorted(weight, key=lambda key: (-weight[key], key))
    periods = in_order((period for period, _ in cells), _labels(plan))
    rows = tuple((period, *("\n".join(cells.get((period, key), [])) for key in systems)) for period in periods)
    columns = (Column("placed"), *(Column(_stacked(names.system(key))) for key in systems))
    also = "; moved: from one hall to another" if plan.decisions.moves else ""
    note = f"+ systems placed in service, {MINUS} systems retired{also}, at the start of the period"
    note += "; being installed takes time after that" if plan.problem.idle else ""
    return Table(columns, rows, title="Placements by period, system and hall", note=note)


def _in_store(plan: Plan, names: Names) -> Table:
    """Systems that wait in store, by period."""
    found = plan.tables["stock"]
    spares, given = bool(plan.decisions.spares), bool(plan.decisions.surrenders)
    priced = any(row["cost"] for row in found)
    parts = ("systems_open", "systems_spares", "systems_given_up", "systems_close")
    whole = all(round(row[key], 2) == round(row[key]) for row in found for key in parts)
    kind: Kind = "count" if whole else "number"
    rows: list[tuple[Cell, ...]] = [
        (
            row["period"],
            names.system(row["system"]),
            round(row["systems_open"], 2),
            row["systems_delivered"],
            row["systems_placed"],
            *((round(row["systems_spares"], 2),) if spares else ()),
            *((round(row["systems_given_up"], 2),) if given else ()),
            round(row["systems_close"], 2),
            round(row["accelerators"]),
            *((row["cost"],) if priced else ()),
        )
        for row in found
    ]
    columns = (
        Column("period"),
        Column("system", wrap=True),
        Column("before", kind),
        Column("delivered", "count"),
        Column("placed", "count"),
        *((Column("as spares", kind),) if spares else ()),
        *((Column("given up", kind),) if given else ()),
        Column("in store", kind),
        Column("accelerators", "count"),
        *((Column("warehouse", "money", plan.currency),) if priced else ()),
    )
    return Table(
        columns, tuple(rows), title="In store", limit=_ORDERS, whole="stock.csv of --out, frames.stock of --json"
    )


def _rented(plan: Plan, names: Names) -> Table:
    """Contracts on rented systems."""
    rows: list[tuple[Cell, ...]] = []
    for row in plan.tables["rentals"]:
        span = (row["first_period"], row["last_period"])
        what = (names.system(row["system"]), row["systems"], row["accelerators"], row["rent"])
        rows.append((*span, f"{row['offer']} ({row['region']})", *what))
    found = plan.tables["rentals"]
    rows.append(("total", "", "", "", "", "", sum(row["rent"] for row in found)))
    columns = (
        Column("from"),
        Column("to"),
        Column("offer", wrap=True),
        Column("system", wrap=True),
        Column("systems", "count"),
        Column("accelerators", "count"),
        Column("rent", "money", plan.currency),
    )
    whole = "rentals.csv of --out, frames.rentals of --json"
    return Table(columns, tuple(rows), title="Rented", limit=_ORDERS, whole=whole, total=True)


def _shared_out(plan: Plan, alike: Sequence[Sequence[str]]) -> str:
    """Which halls were planned as one, and what each of them got."""
    there: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in plan.tables["fleet"]:
        there[f"{row['site']}/{row['hall']}"][row["period"]] += row["accelerators"]
    groups = []
    for halls in alike:
        most = [(hall, max(there[hall].values(), default=0)) for hall in halls]
        told = [f"{hall}: {count(chips)}" for hall, chips in most[:_ALIKE]]
        rest = most[_ALIKE:]
        if rest:
            told.append(f"{plural(len(rest), 'other')}: {count(sum(chips for _, chips in rest))} together")
        groups.append(", ".join(told))
    return (
        "Alike halls, planned as one and shared out again (accelerators in service at most in each): "
        f"{'; '.join(groups)}."
    )


def _networks(plan: Plan) -> Table:
    """Ports that halls buy, by network."""
    found = plan.tables["networks"]
    later = any(row["in_use"] != row["period"] for row in found)
    rows: list[tuple[Cell, ...]] = [
        (
            row["period"],
            *((row["in_use"],) if later else ()),
            place(row["site"], row["hall"]),
            row["network"],
            row["reach"],
            round(row["raised"]),
            round(row["ports"]),
            row["cost"],
        )
        for row in found
    ]
    rows.append(("total", *[""] * (5 + later), sum(row["cost"] for row in found)))
    columns = (
        *((Column("ordered"), Column("in use")) if later else (Column("period"),)),
        Column("hall"),
        Column("network"),
        Column("reach", "count"),
        Column("raised", "count"),
        Column("ports then", "count"),
        Column("price", "money", plan.currency),
    )
    note = "Accelerators whose ports are raised to a network; those of a farther one reach each nearer one too."
    whole = "networks.csv of --out, frames.networks of --json"
    return Table(columns, tuple(rows), title="Networks", note=note, limit=_ORDERS, whole=whole, total=True)


def _in_service(plan: Plan) -> Table:
    """Period by site: accelerators in service, and how many of all are switched on."""
    standing: dict[tuple[str, str], int] = defaultdict(int)
    on: dict[str, int] = defaultdict(int)
    size = {row.id: row.accelerators for row in plan.problem.systems}
    for row in plan.tables["fleet"]:
        standing[row["period"], row["site"]] += row["accelerators"]
        on[row["period"]] += row["systems_powered"] * size[row["system"]]
    sites = [site.id for site in plan.scenario.sites]
    asked = (("installing", plan.problem.idle), ("failed", plan.problem.wear.loss))
    names = [name for name, stated in asked if stated]
    waits = [_of_fleet(plan, f"systems_{name}") for name in names]
    rows: list[tuple[Cell, ...]] = [
        (
            label,
            *(standing[label, site] for site in sites),
            sum(standing[label, site] for site in sites),
            *(round(out.get(label, 0.0)) for out in waits),
            on[label],
        )
        for label in _labels(plan)
    ]
    columns = (
        Column("period"),
        *(Column(site, "count") for site in sites),
        Column("all sites", "count"),
        *(Column({"installing": "being installed"}.get(name, name), "count") for name in names),
        Column("switched on", "count"),
    )
    return Table(
        columns,
        tuple(rows),
        title="Accelerators in service",
        limit=16,
        whole="fleet.csv of --out, frames.fleet of --json",
    )


def _of_fleet(plan: Plan, column: str) -> dict[str, float]:
    """Accelerators of a column of the fleet by period, all halls together."""
    size = {row.id: row.accelerators for row in plan.problem.systems}
    found: dict[str, float] = defaultdict(float)
    for row in plan.tables["fleet"]:
        found[row["period"]] += row[column] * size[row["system"]]
    return found


def _stacked(name: str, width: int = 12) -> str:
    """A long name over several lines, so that a column stays narrow."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _labels(plan: Plan) -> list[str]:
    return [period.label for period in plan.problem.calendar]
