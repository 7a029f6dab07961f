"""A replay in words: its steps, and what foresight would have saved."""

from planner.analysis.replay import Replay, ReplayStep
from planner.report.format import count, listed, money, percent
from planner.report.model import Cell, Column, Items, Report, Section, Table, Text


def replay_report(found: Replay) -> Report:
    """The steps as a table and in words, then the value of knowing."""
    currency = found.scenario.currency
    rows: list[tuple[Cell, ...]] = [
        (
            step.period,
            step.known_by,
            len(step.announced),
            step.cost,
            percent(step.gap),
            sum(number for _, _, number in step.orders),
            sum(entry.count for entry in step.cancelled),
        )
        for step in found.steps
    ]
    columns = (
        Column("from"),
        Column("known by"),
        Column("rules", "count"),
        Column("cost", "money", currency),
        Column("gap"),
        Column("orders", "count"),
        Column("cancelled", "count"),
    )
    note = (
        "Rules: announced or changed since the step before. Cost: net present, of the whole horizon: what was done, "
        "what is planned, deposits lost so far. Orders from then on and orders cancelled: systems."
    )
    table = Table(columns, tuple(rows), note=note)
    words = Items(tuple(_words(step, currency) for step in found.steps))
    title = f"Without foresight: {found.scenario.title or found.scenario.name}"
    return Report(title, (Section("Steps", (table, words)), Section("Foresight", (Text(_told(found), strong=True),))))


def _words(step: ReplayStep, currency: str) -> str:
    total: dict[str, int] = {}
    for system, _, number in step.orders:
        total[system] = total.get(system, 0) + number
    orders = listed(f"{count(number)} {system}" for system, number in sorted(total.items())) or "nothing more"
    news = f"{', '.join(step.announced)}; " if step.announced else ""
    lost = "".join(
        f"; cancels {count(entry.count)} {entry.system} ordered in {entry.ordered}, {money(entry.lost, currency)} lost"
        for entry in step.cancelled
    )
    return f"{step.period}: {news}orders {orders}{lost}."


def _told(found: Replay) -> str:
    currency, worth = found.scenario.currency, found.value_of_knowing
    own = f"The plan without foresight costs {money(found.cost, currency)}"
    if worth is None or found.foresight is None or found.foresight_bound is None:
        return f"{own}; with all rules known from the start no plan meets the targets."
    both = f"{own}, the one that knows all rules from the start {money(found.foresight, currency)}"
    open_gap = max(step.gap for step in found.steps) * found.cost
    if worth <= open_gap:
        return f"{both}: less apart than the gaps of the steps ({money(open_gap, currency)}), so not told from zero."
    most = money(found.cost - found.foresight_bound, currency)
    return f"{both}: knowing is worth {money(worth, currency)}, at most {most} by the proved bound."
