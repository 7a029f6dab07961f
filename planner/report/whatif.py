"""What-ifs beside the scenario as it is."""

from collections.abc import Iterator
from typing import Any

from planner.analysis.answer import Answer
from planner.analysis.asked.searches import NearOptimal
from planner.analysis.cases import TOLD
from planner.analysis.compare import in_words
from planner.analysis.results import WhatIfs
from planner.catalog.load import Catalog
from planner.report.format import count, goal_value, listed, money, percent, plural
from planner.report.model import Block, Cell, Column, Items, Report, Section, Table, Text
from planner.report.plan.names import short_names
from planner.report.studies import studies
from planner.report.uncertainty import uncertainties

_MOST = 7
"""Changes named per question."""
_ROWS = 40
"""Questions shown one by one; all are in the files."""
_FAILED = 20
"""Runs without a plan named one by one."""


def whatif_report(found: WhatIfs, catalog: Catalog) -> Report:
    """One comparison table, then each question in words."""
    systems = short_names({key: system.name for key, system in catalog.systems.items()})
    vendors = {key: vendor.name for key, vendor in catalog.vendors.items()}
    told = [answer for answer in found.answers if answer.kind in TOLD]
    solved = [answer for answer in found.answers if answer.plan is not None]
    sections = []
    if not solved:
        sections.append(Section("Comparison", (Text("No run has a plan.", strong=True),)))
    elif told:
        sections.append(Section("Comparison", (_table(found, vendors),)))
    questions = [answer for answer in told if answer is not found.base]
    items = tuple(_told(found, answer, systems) for answer in questions if answer.plan is not None)
    if items:
        sections.append(Section("What changes", (Items(items[:_ROWS]),)))
    near = tuple(_near(found, found.near)) if found.near is not None else ()
    if near:
        sections.append(Section("Nearly as good", near))
    sections += [*studies(found), *uncertainties(found)]
    without = [answer for answer in found.answers if answer.plan is None and answer.status != "interrupted"]
    if without:
        lines = tuple(f"{answer.title} ({answer.id}): {answer.status}. {answer.why}" for answer in without[:_FAILED])
        if len(without) > _FAILED:
            lines = (*lines, f"{count(len(without) - _FAILED)} more")
        sections.append(Section("Without a plan", (Items(lines),)))
    return Report(f"What if: {found.scenario.title or found.scenario.name}", tuple(sections))


def _table(found: WhatIfs, vendors: dict[str, str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for row in (row for row in found.tables["comparison"] if row["kind"] in TOLD):
        mix = [f"{vendors.get(key, key)} {percent(share)}" for key, share in row["vendor_mix"].items()]
        bought = "\n".join([plural(row["accelerators_bought"] or 0, "chip"), *mix])
        met = "\n".join(_met(work) for work in found.tables["workloads"] if work["question"] == row["question"])
        rows.append(
            (
                row["question"],
                row["objective"],
                row["difference"],
                row["peak_mw"],
                bought,
                met if row["failure"] is None else row["status"],
            )
        )
    columns = (
        Column("question", wrap=True),
        Column("cost", "money", found.scenario.currency),
        Column("difference", "money", found.scenario.currency, signed=True),
        Column("peak", "number", "MW"),
        Column("bought", wrap=True),
        Column("targets met", wrap=True),
    )
    note = (
        "Cost: net present. Peak: grid power of all sites. Chips: accelerators. Targets met: "
        "of a run, the period in which it is done; of continuous work, the first from which it is always met."
    )
    return Table(columns, tuple(rows), note=note, limit=_ROWS, whole="comparison.csv")


def _near(found: WhatIfs, asked: NearOptimal) -> Iterator[Block]:
    """Other plans by run, and the runs of which there is none."""
    columns = (
        Column("question", wrap=True),
        Column("asked for", wrap=True),
        Column("dearer", "share"),
        Column("elsewhere", "share"),
        Column("bought of, placed at", wrap=True),
    )
    table = found.tables["near_optimal"]
    rows = tuple(
        (row["question"], row["way"], row["extra"], row["differs"], f"{row['vendors']}\n{row['sites']}")
        for row in table
    )
    note = (
        f"Verified plans that cost at most {percent(asked.within)} more. Elsewhere: share of accelerators, by system "
        "and site, that is not as in the run's own plan; at 0 % only times differ. Their orders are in the run's file."
    )
    if rows:
        yield Table(columns, rows, note=note, limit=_ROWS, whole="near_optimal.csv")
    with_some = {row["question"] for row in table}
    wanted = [a for a in found.answers if a.plan is not None and (a.id in asked.of if asked.of else a.kind in TOLD)]
    if without := [answer.id for answer in wanted if answer.id not in with_some]:
        yield Text(f"None was found within {percent(asked.within)} of the plan of {listed(without)}.")


def _met(work: dict[str, Any]) -> str:
    if work["met_from"] is None:
        return f"{work['workload']}: never"
    delay = f" ({work['delay_periods']:+d})" if work["delay_periods"] else ""
    return f"{work['workload']}: {work['met_from']}{delay}"


def _told(found: WhatIfs, answer: Answer, systems: dict[str, str]) -> str:
    """A question in words: what it costs, what is bought otherwise, how far runs move."""
    row = next(row for row in found.tables["comparison"] if row["question"] == answer.id)
    parts = [_cost(row)] if row["difference"] is not None else []
    moved = [
        f"{work['workload']} is done {abs(work['shift_days'])} days {'later' if work['shift_days'] > 0 else 'earlier'}"
        for work in found.tables["workloads"]
        if work["question"] == answer.id and work["shift_days"]
    ]
    changes = [in_words(change, lambda key: systems.get(key, key)) for change in found.changes(answer)]
    if len(changes) > _MOST:
        changes = [*changes[:_MOST], f"{count(len(changes) - _MOST)} more"]
    if moved:
        parts.append(listed(moved))
    if row["difference"] is not None:
        parts.append("; ".join(changes) or "the same decisions")
    return f"{answer.title} ({answer.id}): {'. '.join(parts)}."


def _cost(row: dict[str, Any]) -> str:
    low, high, currency = row["least_difference"], row["most_difference"], row["currency"]
    if low is None or high is None:
        reached = [f"{name} {goal_value(name, value)}" for name, value in row["goals"].items()]
        cost = f"costs {money(abs(row['difference']), currency)} {'more' if row['difference'] > 0 else 'less'}"
        return f"{cost} with {listed(reached)}" if reached else f"{cost}, seeking cost alone"
    if low == high == 0:
        return "no difference in cost"
    if low <= 0 <= high:
        return f"no difference in cost that can be told from zero ({money(low, currency)} to {money(high, currency)})"
    word, a, b = ("dearer", low, high) if low > 0 else ("cheaper", -high, -low)
    least, most = money(a, currency), money(b, currency)
    return f"{word} by {least}" if least == most else f"{word} by {least} to {most}, both gaps counted"
