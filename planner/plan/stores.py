"""What waits in store, as a table."""

from planner.plan.decisions import Decisions
from planner.plan.trajectory import Trajectory
from planner.problem.arrays import Problem

Records = list[dict[str, object]]


def stock_records(problem: Problem, decisions: Decisions, track: Trajectory) -> Records:
    """One row per period and system of which anything is in store, before the period or through it."""
    rows: Records = []
    placed: dict[tuple[str, int], int] = {}
    for install in decisions.installs:
        key = (install.system, install.period)
        placed[key] = placed.get(key, 0) + install.count
    for period in problem.calendar:
        t = period.index
        for i, system in enumerate(problem.systems):
            line = track.stored.get(system.id)
            opening = 0 if line is None else line[t - 1] if t else problem.store.initial.get(i, 0)
            if line is None or not (opening or line[t]):
                continue
            out = placed.get((system.id, t), 0)
            cost = sum(event.amount for event in problem.store.events.get((i, t), ()))
            rows.append(
                {
                    "period": period.label,
                    "system": system.id,
                    "accelerator": system.accelerator,
                    "systems_open": opening,
                    "systems_delivered": line[t] - opening + out,
                    "systems_placed": out,
                    "systems_close": line[t],
                    "accelerators": line[t] * system.accelerators,
                    "cost": -cost * line[t],
                    "currency": problem.currency,
                }
            )
    return rows
