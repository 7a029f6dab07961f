"""Plans beside one another: figures, what differs, why, and what all decide alike."""

from planner.analysis.beside import Beside
from planner.report.format import count, listed, plural
from planner.report.model import Block, Cell, Column, Items, Report, Section, Table, Text

_MOST = 8
_ROWS = 25


def beside_report(found: Beside) -> Report:
    """The whole comparison."""
    sections = [Section("Figures", (_figures(found),)), Section("What is decided otherwise", tuple(_changes(found)))]
    inputs = found.tables["inputs"]
    if inputs:
        sections.append(Section("Inputs that differ", (_inputs(found),)))
    if any(row["difference"] for row in found.tables["bridge"]):
        sections.append(Section("Cost by line", tuple(_bridges(found))))
    if found.tables["no_regret"]:
        sections.append(Section("The same in all plans", (_shared(found),)))
    return Report(f"Comparison of {listed(side.name for side in found.sides)}", tuple(sections))


def _figures(found: Beside) -> Table:
    columns = (
        Column("plan", wrap=True),
        Column("cost", "money", found.currency),
        Column("difference", "money", found.currency, signed=True),
        Column("peak", "number", "MW"),
        Column("chips", "count"),
        Column("targets met", wrap=True),
    )
    rows = tuple(
        (
            row["plan"],
            row["objective"],
            row["difference"],
            row["peak_mw"],
            row["accelerators_bought"],
            row["met"].replace("; ", "\n"),
        )
        for row in found.tables["figures"]
    )
    return Table(
        columns, rows, note="Cost: net present. Difference: less the first plan's. Chips: accelerators bought."
    )


def _changes(found: Beside) -> list[Block]:
    if found.same:
        return [Text("Nothing: all plans decide the same.")]
    items = []
    for side in found.sides[1:]:
        words = [row["words"] for row in found.tables["changes"] if row["plan"] == side.name]
        rows = [row for row in found.tables["decisions"] if row["plan"] == side.name]
        if not rows:
            words = ["the same decisions"]
        elif not words:
            words = [f"{plural(len(rows), 'decision')} at other times or places"]
        more = [f"{count(len(words) - _MOST)} more"] if len(words) > _MOST else []
        items.append(f"{side.name}: {'; '.join([*words[:_MOST], *more])}.")
    return [Items(tuple(items))]


def _inputs(found: Beside) -> Table:
    columns = (
        Column("plan", wrap=True),
        Column("input", wrap=True),
        Column("first", wrap=True),
        Column("here", wrap=True),
    )
    rows = tuple(
        (
            row["plan"],
            f"{row['kind']} {row['key']}",
            _shown(row["before"], row["unit"]),
            _shown(row["after"], row["unit"]),
        )
        for row in found.tables["inputs"]
    )
    return Table(columns, rows, limit=_ROWS, whole="inputs of --json")


def _shown(value: object, unit: str) -> str:
    if value is None:
        return "–"
    text = f"{value:,.6g}" if isinstance(value, float) else str(value)
    return f"{text[:40]} {unit}".strip()


def _bridges(found: Beside) -> list[Block]:
    columns = (
        Column("line"),
        *(Column(side.name, "money", found.currency, signed=True, wrap=True) for side in found.sides[1:5]),
    )
    lines = list(dict.fromkeys(row["line"] for row in found.tables["bridge"]))
    at = {(row["plan"], row["line"]): row["difference"] for row in found.tables["bridge"]}
    names = [side.name for side in found.sides[1:5]]
    rows: list[tuple[Cell, ...]] = [
        (line.replace("_", " "), *(at.get((name, line), 0.0) for name in names))
        for line in lines
        if any(at.get((name, line)) for name in names)
    ]
    total = ("net present cost", *(sum(at.get((name, line), 0.0) for line in lines) for name in names))
    return [Table(columns, (*rows, total), note="Present value, less the first plan's; they add up.", total=True)]


def _shared(found: Beside) -> Table:
    columns = (
        Column("decision"),
        Column("of", wrap=True),
        Column("in"),
        Column("all", "count"),
        Column("most", "count"),
    )
    table = found.tables["no_regret"]
    rows = tuple((row["decision"], row["item"], row["period"] or "", row["count"], row["most"]) for row in table)
    note = "What all plans decide alike; most: what the one that does most of it does by then."
    return Table(columns, rows, note=note, limit=_ROWS, whole="no_regret of --json")
