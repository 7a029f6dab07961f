"""Power and cooling against what the halls and sites have."""

from collections import defaultdict

from planner.plan.plan import Plan
from planner.report.format import listed
from planner.report.model import Bar, Cell, Column, Items, Section, Table
from planner.report.plan.names import place

_COLUMNS = (
    Column("place"),
    Column("limit"),
    Column("period"),
    Column("used", "number"),
    Column("of", "number"),
    Column("share", "share"),
    Column("", "bar"),
)


def power(plan: Plan) -> Section:
    """The tightest period of every hall and of every site's grid contract."""
    rows: list[tuple[Cell, ...]] = []
    racks: list[tuple[Cell, ...]] = []
    for site in plan.scenario.sites:
        grid = _grid(plan, site.id)
        rows.append(_tightest(site.id, "grid", grid))
        for hall in site.all_halls:
            found = [row for row in plan.tables["sites"] if (row["site"], row["hall"]) == (site.id, hall.id)]
            used = [(row["period"], row["it_mw_used"], row["it_mw_cap"]) for row in found]
            rows.append(_tightest(place(site.id, hall.id), f"IT, {hall.cooling}", used))
            standing = [(row["period"], row["racks_used"], row["racks"]) for row in found]
            racks.append(_tightest(place(site.id, hall.id), "racks", standing))
    note = (
        "The period in which least is left. Grid: at the meter, PUE included; IT: what the hall's electrical and "
        "cooling plant feeds and removes as heat."
    )
    columns = (*_COLUMNS[:3], Column("used", "number", "MW"), Column("of", "number", "MW"), *_COLUMNS[5:])
    whole = "sites.csv of --out, frames.sites of --json"
    added = (_expansions(plan),) if plan.tables["expansions"] else ()
    return Section(
        "Power and cooling against budget",
        (
            *added,
            Table(columns, tuple(rows), note=note, limit=24, whole=whole),
            *_cuts(plan),
            Table(_COLUMNS, tuple(racks), title="Rack positions", limit=16, whole=whole),
        ),
    )


def _cuts(plan: Plan) -> tuple[Items, ...]:
    """What power cuts leave of the grid contracts."""
    found: list[str] = []
    for site in plan.scenario.sites:
        left: dict[float, list[str]] = defaultdict(list)
        caps = {row["period"]: row["grid_mw_cap"] for row in plan.tables["sites"] if row["site"] == site.id}
        for period in plan.problem.calendar:
            if any(cut.touches(period) for cut in site.cuts):
                left[caps[period.label]].append(period.label)
        for mw, periods in left.items():
            found.append(f"A power cut leaves {site.id} {mw:,.3g} MW of the grid in {listed(periods)}.")
    return (Items(tuple(found)),) if found else ()


def _expansions(plan: Plan) -> Table:
    """Power and space that the plan buys."""
    rows: list[tuple[Cell, ...]] = []
    for row in plan.tables["expansions"]:
        gains = [(row["grid_mw"], "MW grid"), (row["it_mw"], "MW IT"), (row["racks"], "racks")]
        what = ", ".join(f"{amount:,.4g} {unit}" for amount, unit in gains if amount)
        where = place(row["site"], row["hall"]) if row["hall"] else row["site"]
        after = f"{what} (closes {row['closes']})" if row["closes"] else what
        rows.append((row["decided"], row["ready"], where, row["option"], row["steps"], after, row["cost"]))
    columns = (
        Column("decided"),
        Column("ready"),
        Column("place"),
        Column("option"),
        Column("steps", "count"),
        Column("adds", wrap=True),
        Column("price", "money", plan.currency),
    )
    return Table(columns, tuple(rows), title="Bought power and space", limit=16, whole="expansions.csv of --out")


def _grid(plan: Plan, site: str) -> list[tuple[str, float, float]]:
    used: dict[str, float] = {}
    cap: dict[str, float] = {}
    for row in plan.tables["sites"]:
        if row["site"] == site:
            used[row["period"]] = used.get(row["period"], 0.0) + row["grid_mw_used"]
            cap[row["period"]] = row["grid_mw_cap"]
    return [(period, used[period], cap[period]) for period in used]


def _tightest(where: str, limit: str, series: list[tuple[str, float, float]]) -> tuple[Cell, ...]:
    """The period with the largest share used; the first of equals. Periods without any room count as empty."""

    def share(entry: tuple[str, float, float]) -> float:
        return entry[1] / entry[2] if entry[2] else 0.0

    worst = max(series, key=share)
    if worst[1] == 0:
        largest = max(series, key=lambda entry: entry[2])
        return where, limit, "never used", 0.0, largest[2], 0.0, Bar(0.0, 1.0)
    return where, limit, *worst, share(worst), Bar(share(worst), 1.0)
