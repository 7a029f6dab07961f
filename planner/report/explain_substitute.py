"""What one chip is worth in another, for people."""

from collections.abc import Mapping
from typing import Any

from planner.explain.speed import family_of
from planner.explain.substitute import Substitution
from planner.report.format import count, listed, money, number
from planner.report.model import Block, Cell, Column, Items, Report, Section, Table, Text
from planner.report.plan.names import short_names

_PARTS = {
    "peak": "peak compute",
    "mfu": "MFU of the kernels",
    "scale": "scale loss",
    "software": "software maturity",
    "interconnect": "interconnect",
    "memory": "memory",
    "goodput": "goodput",
}
_INTERVAL = (
    "Intervals: 80 % of the throughput model for both chips, taken as independent, and low to high of every "
    "uncertain fact, all at their ends at once; wide ones are wide because little is published."
)


def substitute_report(found: Substitution) -> Report:
    """Verdict; what it takes; why the rate is what it is; the rate over scale; the whole plan."""
    names = short_names({key: system.name for key, system in found.wide.catalog.systems.items()})
    sections = [Section("Verdict", tuple(_verdict(found, names)))]
    rates = [row for row in found.tables["rates"] if row["rate"] is not None]
    if rates:
        late = tuple(f"{names[key]} is not delivered within the plan: {why}" for key, why in _late(rates))
        more: tuple[Block, ...] = (Items(late),) if late else ()
        sections.append(Section("What it takes", (_takes(found, rates, names), *more, Text(_INTERVAL))))
    if found.tables["split"]:
        sections.append(Section("Why", tuple(_split(found, names))))
    if any(row["rate"] is not None for row in found.tables["curve"]):
        sections.append(Section("Over cluster scale", tuple(_curves(found, names))))
    if found.tables["plan"]:
        sections.append(Section("The whole plan", tuple(_plan(found, names))))
    source = names[found.source]
    to = listed(names[key] for key in found.targets) if len(found.targets) <= 2 else f"{len(found.targets)} systems"
    return Report(f"{source} replaced by {to}: {found.wide.scenario.name}", tuple(sections))


def _verdict(found: Substitution, names: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    if len(found.targets) > 2:
        ranked = _cheapest(found)
        told = [_sentence(found, row, names) for row in ranked]
        blocks.append(Text("Cheapest in capital for each workload:", strong=True))
        blocks.append(Items(tuple(told)))
    else:
        blocks.append(Items(tuple(_sentence(found, row, names) for row in found.tables["rates"])))
    unproven = _unproven(found, names)
    if unproven:
        blocks.append(Text(unproven))
    return blocks


def _cheapest(found: Substitution) -> list[dict[str, Any]]:
    best: dict[str, dict[str, Any]] = {}
    for row in found.tables["rates"]:
        kept = best.get(row["workload"])
        if kept is None or (row["capex"] is not None and (kept["capex"] is None or row["capex"] < kept["capex"])):
            best[row["workload"]] = row
    return list(best.values())


def _sentence(found: Substitution, row: dict[str, Any], names: Mapping[str, str]) -> str:
    here, there = names[row["from_system"]], names[row["to_system"]]
    if row["rate"] is None:
        return f"{row['workload']}: {here} cannot be replaced by {there}: {row['why_none']}"
    note = f" ({row['note']})" if row["note"] else ""
    wanted = "one accelerator" if found.fleet == 1 else f"{count(found.fleet)} accelerators"
    return (
        f"{row['workload']}: {wanted} of {here} {'is' if found.fleet == 1 else 'are'} worth "
        f"{_figure(row['accelerators'])} of {there} ({_figure(row['accelerators_low'])} to "
        f"{_figure(row['accelerators_high'])}){note}"
    )


def _figure(value: float) -> str:
    return count(value) if value >= 1000 else number(value)


def _unproven(found: Substitution, names: Mapping[str, str]) -> str:
    """Which of the chips has no published training run."""
    parts = []
    for key in (found.source, *found.targets):
        family = family_of(found.wide.system(key))
        if not family.rows:
            like = f"rated like {family.like}" if family.like else "rated by the mean of all families"
            parts.append(f"{names[key]} ({like})")
    if not parts:
        return ""
    shown = parts if len(parts) <= 4 else [*parts[:4], f"{len(parts) - 4} more"]
    return (
        f"No training run of this is published: {listed(shown)}. Its rate is the model's, not a measurement, "
        "and its interval is wide for that."
    )


def _takes(found: Substitution, rows: list[dict[str, Any]], names: Mapping[str, str]) -> Table:
    wide = found.wide
    currency, cells = wide.scenario.currency, []
    shown: dict[str, None] = {}
    size, unit = (1e3, "kW") if max(row["from_meter_mw"] for row in rows) < 0.1 else (1.0, "MW")
    for row in rows:
        if row["workload"] not in shown:
            shown[row["workload"]] = None
            cells.append(_own(row, names, found.fleet, size))
        cells.append(_replacement(row, names, size))
    columns = (
        Column("workload\nand system", wrap=True),
        Column("accelerators"),
        Column("power\nIT, meter", unit=unit),
        Column("racks"),
        Column("capex", unit=currency),
        Column("energy", unit="MWh per 1e12\ntokens"),
        Column("delivered\nafter"),
    )
    note = (
        "First line of each workload: the fleet replaced, as if it were bought. Capex: hardware, and the network "
        "beside servers. Delivered: from the plan's first day, by lead time, rules and the buyer's supply; "
        "best to worst facts."
    )
    return Table(columns, tuple(cells), note=note, limit=24, whole="rates of --json")


def _late(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Replacements that cannot be delivered within the plan, and why."""
    return list({row["to_system"]: row["months_why"] for row in rows if row["months"] is None}.items())


def _own(row: dict[str, Any], names: Mapping[str, str], fleet: float, size: float) -> tuple[Cell, ...]:
    return (
        f"{row['workload']}\n{names[row['from_system']]}",
        f"{_figure(fleet)}\nin jobs of {count(row['from_cluster'])}",
        _two(row["from_it_mw"] * size, row["from_meter_mw"] * size),
        _figure(row["from_racks"]),
        _money(row, "from_capex"),
        _interval(row, "from_energy_mwh_per_trillion_tokens"),
        "",
    )


def _replacement(row: dict[str, Any], names: Mapping[str, str], size: float) -> tuple[Cell, ...]:
    months = row["months"]
    if months is None:
        when = (row["months_why"] or "not in the plan").split(":")[0]
    else:
        ends = [row["months_low"], row["months_high"]]
        span = " to ".join("later" if end is None else f"{end:.0f}" for end in ends)
        when = f"{months:.0f} months" + (f"\n{span}" if ends != [months, months] else "")
    return (
        names[row["to_system"]],
        f"{_interval(row, 'accelerators')}\nin jobs of {count(row['to_cluster'])}",
        _two(row["it_mw"] * size, row["meter_mw"] * size),
        _interval(row, "racks"),
        _money(row, "capex"),
        _interval(row, "energy_mwh_per_trillion_tokens"),
        when,
    )


def _two(one: float, other: float) -> str:
    return f"{number(one)}, {number(other)}"


def _interval(row: dict[str, Any], name: str) -> str:
    return f"{_figure(row[name])}\n{_figure(row[f'{name}_low'])} to {_figure(row[f'{name}_high'])}"


def _money(row: dict[str, Any], name: str) -> str:
    def short(value: float) -> str:
        return money(value, "").strip()

    return f"{short(row[name])}\n{short(row[f'{name}_low'])} to {short(row[f'{name}_high'])}"


def _split(found: Substitution, names: Mapping[str, str]) -> list[Block]:
    rows = found.tables["split"]
    pairs = list(dict.fromkeys((row["workload"], row["to_system"]) for row in rows))
    parts = list(dict.fromkeys(row["part"] for row in rows))
    by_key = {(row["workload"], row["to_system"], row["part"]): row for row in rows}
    cells: list[tuple[Cell, ...]] = [
        (_PARTS[part], *(_factor(by_key[*pair, part]["factor"]) for pair in pairs)) for part in parts
    ]
    rates = {(row["workload"], row["to_system"]): row["rate"] for row in found.tables["rates"]}
    cells.append(("rate: all of them multiplied", *(_factor(rates[pair]) for pair in pairs)))
    columns = (
        Column("cause", wrap=True),
        *(Column(f"{work}\n{_stacked(names[key])}") for work, key in pairs),
    )
    note = (
        "Factors of the rate: above 1 the replacement is the weaker there and more of it is needed, below 1 the "
        "stronger. Each is the throughput model with that cause idealised, in this order from the peak down; "
        "MFU is that of the kernels alone, software is against the calibration's nominal stack."
    )
    return [Table(columns, tuple(cells), note=note, total=True)]


def _factor(value: float) -> str:
    return f"× {value:.2f}" if value < 10 else f"× {value:.1f}"


def _stacked(name: str) -> str:
    words, lines = name.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) > 16:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _curves(found: Substitution, names: Mapping[str, str]) -> list[Block]:
    rows = found.tables["curve"]
    pairs = list(dict.fromkeys((row["workload"], row["to_system"]) for row in rows))
    sizes = sorted({row["from_accelerators"] for row in rows})
    by_key = {(row["workload"], row["to_system"], row["from_accelerators"]): row for row in rows}
    cells = [(count(size), *(_at(by_key.get((*pair, size))) for pair in pairs)) for size in sizes]
    columns = (
        Column(f"one cluster of\n{_stacked(names[found.source])}"),
        *(Column(f"{work}\n{_stacked(names[key])}") for work, key in pairs),
    )
    note = (
        "Accelerators of the replacement per accelerator replaced, one cluster against one cluster of the same "
        "throughput, with its interval. none: no cluster of it is as fast; blank: the first does not "
        "train it at that size."
    )
    return [Table(columns, tuple(cells), note=note)]


def _at(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    if row["rate"] is None:
        return "none"
    return f"{row['rate']:.2f} ({row['rate_low']:.2f} to {row['rate_high']:.2f})"


def _plan(found: Substitution, names: Mapping[str, str]) -> list[Block]:
    rows = found.tables["plan"]
    currency = found.wide.scenario.currency
    cells: list[tuple[Cell, ...]] = [
        (
            row["world"],
            row["objective"] if row["objective"] is not None else row["status"],
            row["difference"],
            row["peak_mw"],
            row["accelerators_bought"],
            row["from_accelerators"],
            row["to_accelerators"],
        )
        for row in rows
    ]
    columns = (
        Column("may be bought", wrap=True),
        Column("cost", "money", currency),
        Column("difference", "money", currency, signed=True),
        Column("peak", "number", "MW"),
        Column("bought", "count"),
        Column("of the\nreplaced", "count"),
        Column("of the\nreplacing", "count"),
    )
    words = [f"{row['world']}: {row['status']}. {row['why']}" for row in rows if row["why"]]
    rate = rows[-1]["rate"]
    told = (
        f"Rate of the whole plan: {number(rate)} accelerators bought with only the replacement per accelerator "
        "bought with only the replaced, everything else of the plan as it must then be."
        if rate is not None
        else "The whole plan has no rate: with only the one or only the other there is no plan, or nothing is bought."
    )
    less = [_apart(row, currency) for row in rows if row["difference"] is not None]
    blocks: list[Block] = [Table(columns, tuple(cells)), Text(told)]
    if [*words, *less]:
        blocks.append(Items((*(text for text in less if text), *words)))
    return blocks


def _apart(row: dict[str, Any], currency: str) -> str:
    low, high = row["least_difference"], row["most_difference"]
    if low <= 0 <= high:
        ends = f"{money(low, currency)} to {money(high, currency)}"
        return f"{row['world']}: a difference that the gaps leave open ({ends}) cannot be told from zero"
    return f"{row['world']}: {money(low, currency)} to {money(high, currency)} beside the scenario as asked"


def matrix_report(rows: list[dict[str, Any]], found_names: Mapping[str, str], scenario: str, workload: str) -> Report:
    """One workload's matrix: accelerators of the column's system per accelerator of the row's."""
    names = short_names(found_names)
    mine = [row for row in rows if row["workload"] == workload]
    keys = list(dict.fromkeys(row["from_system"] for row in mine))
    rate = {(row["from_system"], row["to_system"]): row["rate"] for row in mine}
    able = [key for key in keys if rate[key, key] is not None]
    cells = [
        (names[key], *("none" if (found := rate[key, other]) is None else f"{found:.2f}" for other in able))
        for key in able
    ]
    columns = (Column("one accelerator of"), *(Column(_stacked(names[key])) for key in able))
    blocks: list[Block] = [Table(columns, tuple(cells))]
    rest = [key for key in keys if key not in able]
    if rest:
        why = {row["from_system"]: row["why_none"] for row in mine if row["rate"] is None}
        blocks.append(Items(tuple(f"{names[key]}: {why.get(key)}" for key in rest)))
    title = f"{workload}: accelerators of the column that replace one of the row"
    return Report(scenario, (Section(title, tuple(blocks)),))
