"""Catalog answers as text that fits the terminal, and as records for JSON."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from planner.catalog.kinds import KINDS, Kind
from planner.catalog.lint import Report
from planner.catalog.query import Change, Found, Line, release_of, sheet, side_by_side
from planner.catalog.text import DASH, amount_text, fact_text, table, value_text, width, wrap
from planner.units import Money

if TYPE_CHECKING:
    from planner.catalog.load import Catalog

type Column = tuple[str, Callable[["Catalog", Any], str], bool]
"""Heading, cell of an entry, right-aligned."""


def _mid(name: str) -> Callable[["Catalog", Any], str]:
    """Cell with the middle of a fact field (dots go inside)."""

    def cell(catalog: "Catalog", entry: Any) -> str:
        value = entry
        for part in name.split("."):
            value = getattr(value, part, None)
        return fact_text(value).partition(" (")[0] if value is not None else DASH

    return cell


def _resolved(name: str) -> Callable[["Catalog", Any], str]:
    """Cell of a system's field; ~ marks what an assumption fills."""

    def cell(catalog: "Catalog", entry: Any) -> str:
        shown = _mid(name)(catalog, entry)
        if shown != DASH:
            return shown
        rows = {row["key"]: row for row in _ledger(catalog, KINDS["systems"], entry)}
        row = rows.get(f"systems.{entry.id}.{name}")
        return DASH if row is None else "~" + amount_text(row["mid"], row["unit"])

    return cell


def _plain(name: str) -> Callable[["Catalog", Any], str]:
    return lambda _, entry: value_text(getattr(entry, name, None))


def _released(catalog: "Catalog", entry: Any) -> str:
    day = release_of(catalog, entry)
    return day.isoformat()[:7] if day else DASH


def _reach(catalog: "Catalog", entry: Any) -> str:
    return fact_text(entry.reach or entry.max_domain)


def _supply_amount(catalog: "Catalog", entry: Any) -> str:
    fact = entry.accelerators_per_period or entry.quantity
    return fact_text(fact)


def _period(catalog: "Catalog", entry: Any) -> str:
    return f"{entry.period.start} to {entry.period.end or DASH}"


def _value(catalog: "Catalog", entry: Any) -> str:
    found = getattr(entry, "value", None) or getattr(entry, "mid", None)
    return value_text(found) if found is not None else getattr(entry, "formula", None) or DASH


_ID: Column = ("ID", _plain("id"), False)
_COLUMNS: dict[str, tuple[Column, ...]] = {
    "accelerators": (
        _ID,
        ("RELEASED", _released, False),
        ("BF16", _mid("peak.bf16"), True),
        ("MEMORY", _mid("memory"), True),
        ("BANDWIDTH", _mid("memory_bandwidth"), True),
        ("TPP", lambda _, e: value_text(round(e.tpp)) if e.tpp is not None else DASH, True),
    ),
    "systems": (
        _ID,
        ("N", _plain("accelerators"), True),
        ("ACCELERATOR", _plain("accelerator"), False),
        ("POWER", _resolved("power"), True),
        ("PRICE", _resolved("price"), True),
    ),
    "fabrics": (
        _ID,
        ("KIND", _plain("kind"), False),
        ("PORT", _mid("port"), True),
        ("REACH", _reach, True),
        ("LATENCY", _mid("latency"), True),
    ),
    "transformers": (
        _ID,
        ("KIND", _plain("kind"), False),
        ("LAYERS", _plain("layers"), True),
        ("HIDDEN", _plain("hidden"), True),
        ("PARAMS", lambda _, e: f"{e.params_b:g}B" if e.params_b else DASH, True),
        ("ACTIVE", lambda _, e: f"{e.active_b:g}B" if e.active_b else DASH, True),
    ),
    "regions": (
        _ID,
        ("COUNTRY", _plain("country"), False),
        ("TARIFF", _mid("tariff"), True),
        ("CARBON", _mid("carbon"), True),
        ("CLIMATE", _plain("climate"), False),
    ),
    "supply": (_ID, ("OF", _plain("subject"), False), ("PERIOD", _period, False), ("AMOUNT", _supply_amount, True)),
    "roadmap": (_ID, ("PRODUCT", _plain("product"), False), ("AVAILABLE", _plain("available"), False)),
    "assumptions": (_ID, ("FILLS", _plain("fills"), False), ("VALUE OR FORMULA", _value, False)),
    "economics": (_ID, ("VALUE", _value, True), ("UNIT", _plain("unit"), False)),
    "sources": (_ID, ("DATE", _plain("date"), False), ("TITLE", _plain("title"), False)),
}
_OTHERS: tuple[Column, ...] = (_ID, ("NAME", _plain("name"), False))


def overview(catalog: "Catalog") -> list[tuple[str, int]]:
    """Kinds and how many entries each has."""
    return [(kind.name, len(catalog.ids(kind))) for kind in KINDS.values()]


def listing(catalog: "Catalog", found: Found) -> str:
    """A line per entry."""
    columns = _COLUMNS.get(found.kind.name, _OTHERS)
    rows = [[cell(catalog, entry) for _, cell, _ in columns] for entry in found.entries]
    right = [i for i, (_, _, aligned) in enumerate(columns) if aligned]
    return table(rows, [heading for heading, _, _ in columns], right=right)


def listing_records(catalog: "Catalog", found: Found) -> list[dict[str, Any]]:
    """The same for JSON, with whole entries."""
    return [record(catalog, found.kind, entry, why=False) for entry in found.entries]


def single(catalog: "Catalog", kind: Kind, entry: Any, *, why: bool = False) -> str:
    """One entry: plain fields, then facts with source and confidence, then what is computed."""
    lines = sheet(catalog, kind, entry)
    name = getattr(entry, "name", None) or getattr(entry, "title", "")
    parts = [f"{entry.id}: {name}" if name else entry.id, f"{kind.singular}, {catalog.place(kind.name, entry.id)}", ""]
    plain = [line for line in lines if not line.is_fact and not line.computed]
    parts += [_field(line.field, line.text) for line in plain]
    facts = [line for line in lines if line.is_fact]
    if facts:
        cells = [(line.field, line.text, line.confidence or DASH, ", ".join(line.source)) for line in facts]
        parts += ["", table(cells, ("FACT", "VALUE", "CONFIDENCE", "SOURCE"))]
    parts += ["", *(_field(line.field, f"{line.text} (computed)") for line in lines if line.computed)]
    if why:
        parts += ["", *_reasons(catalog, kind, entry, lines)]
    notes = getattr(entry, "notes", None) or getattr(entry, "note", None)
    if notes:
        parts += ["", wrap(notes)]
    return "\n".join(parts).replace("\n\n\n", "\n\n")


def comparison(catalog: "Catalog", entries: Sequence[tuple[Kind, Any]]) -> str:
    """Several entries side by side, in blocks as wide as the terminal."""
    sheets = [sheet(catalog, kind, entry) for kind, entry in entries]
    fit = max(1, (width() - 20) // 22)
    blocks = []
    for start in range(0, len(entries), fit):
        names = [entry.id for _, entry in entries[start : start + fit]]
        rows = [(field, *texts) for field, texts in side_by_side(sheets[start : start + fit])]
        blocks.append(table(rows, ("FIELD", *names)))
    return "\n\n".join(blocks)


def record(catalog: "Catalog", kind: Kind, entry: Any, *, why: bool = False) -> dict[str, Any]:
    """One entry for JSON: facts in base units with source and place; with `why` what assumptions fill."""
    result: dict[str, Any] = {"kind": kind.name, "id": entry.id, "name": getattr(entry, "name", None)}
    result["fields"] = {line.field: _line_record(line) for line in sheet(catalog, kind, entry)}
    result["notes"] = getattr(entry, "notes", None)
    if why:
        result["ledger"] = [row for row in _ledger(catalog, kind, entry) if row["kind"] != "fact"]
    return result


def difference(changes: Sequence[Change], title: str = "") -> str:
    """Changes, one a line: + came, - went, ~ differs. With a title, fields only."""
    lines = [title] if title else []
    for change in changes:
        whole = f"{change.kind}.{change.id}" + (f".{change.field}" if change.field else "")
        place = change.field if title else whole
        if change.old is None:
            lines.append(f"+ {place}" + (f": {change.new}" if change.field else ""))
        elif change.new is None:
            lines.append(f"- {place}" + (f": {change.old}" if change.field else ""))
        else:
            lines.append(f"~ {place}: {change.old} -> {change.new}")
    return "\n".join(wrap(line, hanging="    ") for line in lines) if changes else "no difference"


def summary(report: Report) -> str:
    """What was checked and found, in a few lines."""
    entries = ", ".join(f"{count:,} {name}" for name, count in report.entries.items() if count)
    share = (
        "no facts" if not report.facts else f"{report.facts:,} facts, {_percent(report.sourced, report.facts)} sourced"
    )
    lines = [wrap(f"Checked {entries}."), f"{share}, {report.nulls:,} of them known to be unpublished."]
    if report.findings:
        lines.append("Found " + ", ".join(f"{count} {code}" for code, count in sorted(report.by_code.items())) + ".")
    else:
        lines.append("Nothing found.")
    if report.silenced:
        lines.append(f"{len(report.silenced)} accepted by the data with a reason (--silenced lists them).")
    return "\n".join(lines)


def _percent(part: int, whole: int) -> str:
    """100 % only when nothing is missing."""
    return "100 %" if part == whole else f"{min(99.9, 100 * part / whole):.1f} %"


def _field(name: str, text: str) -> str:
    return wrap(f"{name:<22} {text}", hanging=" " * 23)


def _reasons(catalog: "Catalog", kind: Kind, entry: Any, lines: list[Line]) -> list[str]:
    """Notes, conflicts and sources of each fact; then what assumptions fill."""
    parts = []
    for line in lines:
        if not line.is_fact:
            continue
        parts.append(
            f"{line.field}: {line.text}" + (f", as of {line.as_of}" if line.as_of else "") + f"  [{line.place}]"
        )
        parts += [wrap(text, "    ") for text in ([line.note] if line.note else [])]
        parts += [wrap(f"also published: {text}", "    ") for text in line.conflicts]
        parts += [wrap(_source(catalog, name), "    ") for name in line.source]
    filled = [row for row in _ledger(catalog, kind, entry) if row["kind"] != "fact" and row["assumption"]]
    if filled:
        parts += ["", "filled or widened by assumptions:"]
        for row in filled:
            low, mid, high = (amount_text(row[side], row["unit"]) for side in ("low", "mid", "high"))
            parts.append(f"{row['key']}: {mid}" + (f" ({low} to {high})" if low != high else ""))
            parts.append(wrap(f"{row['assumption']}: {row['note']}", "    "))
    return parts


def _source(catalog: "Catalog", name: str) -> str:
    source = catalog.sources[name]
    return (
        f"{name}: {source.title}"
        + (f" ({source.date})" if source.date else "")
        + (f", {source.ref}" if source.ref else "")
    )


def _ledger(catalog: "Catalog", kind: Kind, entry: Any) -> list[dict[str, Any]]:
    """The ledger of resolving an entry; empty for kinds that are not resolved."""
    from planner.catalog.resolve import Ledger, resolve_region, resolve_system

    ledger = Ledger()
    if kind.name == "systems":
        resolve_system(catalog, entry.id, "mid", ledger, strict=False)
    elif kind.name == "regions":
        resolve_region(catalog, entry.id, "mid", ledger, strict=False)
    return ledger.rows()


def _line_record(line: Line) -> dict[str, Any]:
    base = {"value": _plain_value(line.value), "unit": line.unit or None, "text": line.text}
    if line.computed:
        return {**base, "computed": True}
    if not line.is_fact:
        return {"value": _plain_value(line.value)}
    return {
        **base,
        "source": list(line.source),
        "confidence": line.confidence,
        "as_of": line.as_of,
        "note": line.note,
        "conflicts": list(line.conflicts),
        "place": str(line.place),
    }


def _plain_value(value: Any) -> Any:
    """A value that JSON can hold: money as its amount, other things as they are or as text."""
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, dict):
        return {str(key): _plain_value(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain_value(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
