"""Grids, draws, tornados, break-evens and frontiers of a sweep as tables."""

from planner.analysis.points import Point
from planner.analysis.results import Records, WhatIfs
from planner.report.format import count, goal_value, number, percent, plural
from planner.report.model import Bar, Block, Cell, Column, Curve, Section, Table, Text

_ROWS = 25
"""Rows of a table shown before the reader is sent to the files."""


def studies(found: WhatIfs) -> list[Section]:
    """One section for each kind of study that was asked for."""
    made = (
        ("Grids", _grids(found)),
        ("Draws", _draws(found)),
        ("Tornado", _tornado(found)),
        ("Break-even", _break_even(found)),
        ("Frontier", _frontier(found)),
        ("The same in all plans", _no_regret(found)),
    )
    return [Section(title, tuple(blocks)) for title, blocks in made if blocks]


def _grids(found: WhatIfs) -> list[Block]:
    blocks: list[Block] = []
    rows = {row["question"]: row for row in found.tables["comparison"]}
    grids: dict[str, list[str]] = {}
    for answer in found.answers:
        if answer.kind == "grid":
            grids.setdefault(answer.study, []).append(answer.id)
    at = {answer.id: answer.coordinates for answer in found.answers}
    for study, ids in grids.items():
        names = list(at[ids[0]])
        columns = (*(Column(name) for name in names), *_costs(found), Column("status", wrap=True))
        body = tuple((*(str(at[key][name]) for name in names), *_cost_cells(rows[key])) for key in ids)
        blocks.append(Table(columns, body, study, limit=_ROWS, whole="comparison.csv"))
    return blocks


def _costs(found: WhatIfs) -> tuple[Column, ...]:
    currency = found.scenario.currency
    return (
        Column("cost", "money", currency),
        Column("difference", "money", currency, signed=True),
        Column("peak", "number", "MW"),
        Column("chips", "count"),
    )


def _cost_cells(row: dict[str, Cell]) -> tuple[Cell, ...]:
    return (row["objective"], row["difference"], row["peak_mw"], row["accelerators_bought"], row["status"])


def _draws(found: WhatIfs) -> list[Block]:
    blocks: list[Block] = []
    table = found.tables["draws"]
    for study in dict.fromkeys(row["study"] for row in table):
        mine = [row for row in table if row["study"] == study]
        money = [
            (row["quantity"], row["value"])
            for row in mine
            if "cost" in row["quantity"] and "rank" not in row["quantity"]
        ]
        other = [
            (row["quantity"], _plain(row)) for row in mine if "rank" in row["quantity"] or "cost" not in row["quantity"]
        ]
        columns = (Column("cost of the draws with a plan", wrap=True), Column("", "money", found.scenario.currency))
        blocks.append(Table(columns, tuple(money), study))
        columns = (Column("and", wrap=True), Column(""))
        blocks.append(Table(columns, tuple(other)))
    return blocks


def _plain(row: dict[str, Cell]) -> str:
    value = row["value"]
    if not isinstance(value, int | float):
        return ""
    if row["quantity"] == "runs":
        return count(value)
    return percent(value) if row["quantity"] == "share with a plan" else f"{value:+.2f}"


def _tornado(found: WhatIfs) -> list[Block]:
    currency = found.scenario.currency
    blocks: list[Block] = []
    table = found.tables["tornado"]
    for study in dict.fromkeys(row["study"] for row in table):
        mine = [row for row in table if row["study"] == study]
        moved = [row for row in mine if row["swing"]]
        columns = (
            Column("fact", wrap=True),
            Column("range", wrap=True),
            Column("at low", "money", currency, signed=True),
            Column("at high", "money", currency, signed=True),
            Column("swing", "bar"),
            Column(""),
        )
        body = tuple(
            (
                row["fact"],
                f"{number(row['low'])} to {number(row['high'], row['unit'])}",
                _side(row, "low"),
                _side(row, "high"),
                Bar(row["swing"]),
                "" if row["certain"] else "within the gap",
            )
            for row in moved
        )
        still = len(mine) - len(moved)
        note = "Cost at each side less cost as it is. Within the gap: the plans are not proved well enough to tell."
        note += f" {count(still)} more facts move nothing." if still else ""
        blocks.append(Table(columns, body, study, note=note, limit=_ROWS, whole="tornado.csv"))
    return blocks


def _side(row: dict[str, Cell], side: str) -> Cell:
    status = str(row[f"status_{side}"])
    return row[f"difference_{side}"] if status in ("optimal", "time_limit", "interrupted") else status


def _break_even(found: WhatIfs) -> list[Block]:
    if not found.flips:
        return []
    columns = (Column("question", wrap=True), Column("what", wrap=True), Column("answer", wrap=True))
    body = []
    for flip in found.flips:
        if flip.low is None:
            told = f"{flip.at_start} from {flip.start} to {flip.end}: no flip"
        else:
            told = f"{flip.at_start} up to {flip.low}, {flip.at_end} from {flip.high} on"
            if _descending(flip.start, flip.end):
                told = f"{flip.at_start} down to {flip.low}, {flip.at_end} from {flip.high} down"
        body.append((flip.title, f"{flip.what}, by {flip.path}", told))
    notes = dict.fromkeys(flip.note for flip in found.flips if flip.note and flip.low is not None)
    return [Table(columns, tuple(body), note=" ".join(f"{note[:1].upper()}{note[1:]}." for note in notes))]


def _descending(start: object, end: object) -> bool:
    from planner.analysis.line import line_of

    line = line_of(None, start, end)
    return line.read(end) < line.read(start)


def _frontier(found: WhatIfs) -> list[Block]:
    blocks: list[Block] = []
    for study in dict.fromkeys(point.study for point in found.points):
        mine = [point for point in found.points if point.study == study]
        goals = any(asked.id == study and asked.of for asked in found.frontiers)
        blocks += _goals(found, study, mine) if goals else [_limit(found, study, mine)]
    return blocks


def _limit(found: WhatIfs, study: str, mine: list[Point]) -> Table:
    columns = (
        Column("limit"),
        Column("cost", "money", found.scenario.currency),
        Column(mine[0].metric.replace("_", " "), "number"),
        Column("", wrap=True),
    )
    body = tuple(
        (str(p.limit), p.objective, p.value, p.status if p.objective is None else "beaten" if p.dominated else "")
        for p in mine
    )
    note = "Least cost under each limit. Beaten: another point costs no more and is no worse."
    return Table(columns, body, study, note=note)


def _goals(found: WhatIfs, study: str, mine: list[Point]) -> list[Block]:
    """Points that no other beats, as figures and as a curve."""
    first, second, currency = mine[0].goal, mine[0].metric, found.scenario.currency
    kept = _front(mine)
    other = "cost" not in (first, second)
    columns = (
        Column(f"best {first}"),
        Column("proved"),
        Column(second),
        Column("", "bar"),
        *((Column("cost", "money", currency),) if other else ()),
    )

    def told(goal: str, value: float | None) -> Cell:
        return None if value is None else goal_value(goal, value, currency)

    body = tuple(
        (
            told(first, p.reached) if p.reached is not None else p.status,
            told(first, p.proved),
            told(second, p.value),
            Bar(p.value or 0.0),
            *((p.objective,) if other else ()),
        )
        for p in kept
    )
    note = f"Best {first} at each level of {second}, and what is proved: nothing better at that level."
    gone = len(mine) - len(kept)
    note += f" {plural(gone, 'point')} left out: others are as good in both, or better." if gone else ""
    blocks: list[Block] = [Table(columns, body, study, note=note, whole="frontier.csv")]
    solved = [p for p in kept if p.reached is not None and p.value is not None]
    if len(solved) == 1 and len(solved) == len(kept):
        blocks.append(Text(f"One plan has both the best {first} and the best {second}."))
    if len(solved) > 2:
        points = [
            Curve.Point(p.value, p.reached, str(told(second, p.value)), str(told(first, p.reached)))
            for p in solved
            if p.value is not None and p.reached is not None
        ]
        blocks.append(Curve(f"{study}: {first} against {second}", second, first, tuple(points)))
    return blocks


def _front(mine: list[Point]) -> list[Point]:
    """Points that are neither beaten nor, within a millionth, another again."""
    kept: list[Point] = []
    for point in mine:
        again = any(_alike(point.reached, p.reached) and _alike(point.value, p.value) for p in kept)
        if not (point.dominated or (point.reached is not None and again)):
            kept.append(point)
    return kept


def _alike(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= 1e-6 * max(1e-9, abs(one))


def _no_regret(found: WhatIfs) -> list[Block]:
    table: Records = found.tables["no_regret"]
    if not table:
        return []
    plans = table[0]["plans"]
    columns = (
        Column("decision"),
        Column("of", wrap=True),
        Column("in"),
        Column("all plans", "count"),
        Column("most", "count"),
    )
    body = tuple((row["decision"], row["item"], row["period"] or "", row["count"], row["most"]) for row in table)
    note = f"What all {plans} plans above decide alike; most: what the one that does most of it does by then."
    return [Table(columns, body, note=note, limit=_ROWS, whole="no_regret.csv")]
