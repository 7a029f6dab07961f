"""What to do before it is known: each way to act with its cost, risk and regret, and what knowing is worth."""

from planner.analysis.results import WhatIfs
from planner.analysis.uncertainty.study import Living, first_table, plan_table, risk_table, value_table
from planner.report.format import listed, money, percent
from planner.report.model import Block, Cell, Column, Section, Table, Text

_AIMS = {
    "expected": "least expected cost",
    "cvar": "least risk",
    "regret": "least regret",
    "waiting": "order nothing before the reveal",
}
_ROWS = 20


def uncertainties(found: WhatIfs) -> list[Section]:
    """One section for each question of uncertainty."""
    return [Section(f"Uncertainty: {living.title}", tuple(_blocks(found, living))) for living in found.living]


def _blocks(found: WhatIfs, living: Living) -> list[Block]:
    worlds = listed(f"{world.id} ({percent(world.probability)})" for world in living.worlds)
    blocks: list[Block] = [Text(f"Worlds: {worlds}.")]
    if living.failure:
        blocks.append(Text(f"No answer: {living.failure}.", strong=True))
    if living.courses:
        blocks += [_risks(found, living), *_proved(found, living), _worlds(found, living)]
    if value_table(living):
        blocks.append(_values(found, living))
    if first_table(living):
        blocks.append(_first(living))
    if living.barred:
        names = ", ".join(living.barred[:5]) + (" and more" if len(living.barred) > 5 else "")
        blocks.append(Text(f"Left out because one of the worlds that share them does not allow them: {names}."))
    return blocks


def _named(living: Living, course: str) -> str:
    if course.startswith("best:"):
        world = course.removeprefix("best:")
        return f"as if it were {world}" + (" (the likeliest)" if world == living.likeliest else "")
    return _AIMS[course]


def _risks(found: WhatIfs, living: Living) -> Table:
    currency = found.scenario.currency
    columns = (
        Column("before it is known", wrap=True),
        Column("expected", "money", currency),
        Column(f"CVaR {percent(living.level)}", "money", currency),
        Column("largest cost", "money", currency),
        Column("largest regret", "money", currency),
    )
    body = tuple(
        (
            _named(living, row["plan"]),
            row["expected_cost"],
            row["cvar"],
            row["largest_cost"],
            row["largest_regret"],
        )
        for row in risk_table(living)
    )
    note = (
        "Decisions are shared by the worlds that cannot be told apart yet; what follows is the best in each. "
        f"CVaR: mean of the dearest {percent(1.0 - living.level)}. Regret: cost less the least known in that world. "
        "Without figures: some world could not go on from there, or no plan was found in time."
    )
    return Table(columns, body, "Ways to act", note=note)


def _proved(found: WhatIfs, living: Living) -> list[Block]:
    """How far each of the three plans can be from the best by its own measure."""
    names = {"expected": "an expected cost", "cvar": "a CVaR", "regret": "a largest regret"}
    told_from = 1e-6 * max((max(course.costs, default=0.0) for course in living.courses), default=0.0)
    least = {c.id: c.least for c in living.courses if c.least is not None and c.least > told_from and c.costs}
    told = [f"{names[key]} below {money(value, found.scenario.currency)}" for key, value in least.items()]
    return [Text(f"Proved: no plan has {', '.join(told)}.")] if told else []


def _worlds(found: WhatIfs, living: Living) -> Table:
    columns = (
        Column("before it is known", wrap=True),
        *(Column(world.id, "money", found.scenario.currency, wrap=True) for world in living.worlds[:4]),
        Column("deposits lost", "money", found.scenario.currency),
    )
    rows = plan_table(living)
    body = []
    for course in living.courses:
        mine = [row for row in rows if row["plan"] == course.id]
        cells: list[Cell] = [row["cost"] for row in mine][:4]
        gone = [row["lost_deposits"] for row in mine if row["lost_deposits"] is not None]
        body.append((_named(living, course.id), *cells, max(gone, default=None)))
    note = "Cost in each world. Deposits lost: most in any world, on orders that it does not let arrive; in the cost."
    return Table(columns, tuple(body), "In each world", note=note, whole="uncertainty_worlds.csv")


def _values(found: WhatIfs, living: Living) -> Table:
    currency = found.scenario.currency
    columns = (
        Column("quantity", wrap=True),
        Column("value", "money", currency),
        Column("at least", "money", currency),
        Column("at most", "money", currency),
    )
    body = tuple((row["quantity"], row["value"], row["at_least"], row["at_most"]) for row in value_table(living))
    note = "At least and at most: what the proved gaps leave open."
    return Table(columns, body, "What it is worth", note=note)


def _first(living: Living) -> Table:
    columns = (Column("plan", wrap=True), Column("decision before the reveal", wrap=True), Column("count", "count"))
    rows = [row for row in first_table(living) if row["plan"] in ("expected", "cvar", "regret")]
    body = tuple((_named(living, row["plan"]), _told(row["decision"]), row["count"]) for row in rows)
    return Table(columns, body, "What to do before the reveal", limit=_ROWS, whole="uncertainty_first.csv")


def _told(column: str) -> str:
    """`order[red-4,2026-Q2]` as `order red-4, 2026-Q2`."""
    kind, _, rest = column.rstrip("]").partition("[")
    return f"{kind} {rest.replace(',', ', ')}"
