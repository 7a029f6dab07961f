"""What waits in store, as a table."""

from collections import defaultdict

from planner.plan.decisions import Decisions
from planner.plan.trajectory import Trajectory
from planner.problem.arrays import Problem

TINY = 1e-6
"""Systems below which a store is empty."""

Records = list[dict[str, object]]


def stock_records(problem: Problem, decisions: Decisions, track: Trajectory) -> Records:
    """One row per period and system of which anything is in store, before the period or through it."""
    rows: Records = []
    placed: dict[tuple[str, int], int] = defaultdict(int)
    spares: dict[tuple[str, int], float] = defaultdict(float)
    given: dict[tuple[str, int], float] = defaultdict(float)
    for surrender in decisions.surrenders:
        given[surrender.system, surrender.period] += surrender.count
    for install in decisions.installs:
        placed[install.system, install.period] += install.count
    for spare in decisions.spares:
        spares[spare.system, spare.period] += spare.count
    for period in problem.calendar:
        t = period.index
        for i, system in enumerate(problem.systems):
            line = track.stored.get(system.id)
            opening = 0 if line is None else line[t - 1] if t else problem.store.initial.get(i, 0)
            key = (system.id, t)
            out, used, lost = placed[key], spares[key], given[key]
            if line is None or max(opening, line[t], used, lost) <= TINY:
                continue
            cost = sum(event.amount for event in problem.store.events.get((i, t), ()))
            rows.append(
                {
                    "period": period.label,
                    "system": system.id,
                    "accelerator": system.accelerator,
                    "systems_open": opening,
                    "systems_delivered": round(line[t] - opening + out + used + lost),
                    "systems_placed": out,
                    "systems_spares": used,
                    "systems_given_up": lost,
                    "systems_close": line[t],
                    "accelerators": line[t] * system.accelerators,
                    "cost": -cost * line[t],
                    "currency": problem.currency,
                }
            )
    return rows
