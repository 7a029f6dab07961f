"""What was sought, where that is more than least cost."""

from planner.plan.plan import Plan
from planner.report.format import goal_value, percent
from planner.report.model import Cell, Column, Section, Table


def goals(plan: Plan) -> Section | None:
    """One row per goal in order of importance; None where least cost is all that is sought."""
    if plan.only_cost:
        return None
    rows: list[tuple[Cell, ...]] = [
        (
            stage.name,
            goal_value(stage.name, stage.value, plan.currency),
            None if stage.bound is None else goal_value(stage.name, stage.bound, plan.currency),
            None if stage.gap is None else percent(stage.gap),
            percent(stage.tolerance) if stage.tolerance else "none",
            stage.status,
        )
        for stage in plan.stages
    ]
    columns = (
        Column("sought"),
        Column("reached"),
        Column("not bettered beyond"),
        Column("gap"),
        Column("may be worsened by"),
        Column("status"),
    )
    note = (
        "In order of importance. Each is sought among the plans that keep those before it; the gap of one that may be "
        "worsened holds what it was worsened by. Of plans that are equally good the cheapest is taken."
    )
    return Section("What was sought", (Table(columns, tuple(rows), note=note),))
