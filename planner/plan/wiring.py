"""Networks that a plan buys for its halls, as a table."""

from planner.costs.events import RESIDUAL
from planner.plan.decisions import Decisions
from planner.problem.arrays import Problem


def network_records(problem: Problem, decisions: Decisions) -> list[dict[str, object]]:
    """One row per hall, network and period in which ports are raised to it: how many, and what it costs."""
    rows: list[dict[str, object]] = []
    ladder = {problem.halls[row.hall].id: row for row in problem.networks}
    for bought in sorted(decisions.attachments, key=lambda a: (a.period, a.site, a.hall, a.network)):
        row = ladder[f"{bought.site}/{bought.hall}"]
        level = row.levels[row.rank(bought.network)]
        before = (a for a in decisions.attachments if a.period <= bought.period)
        here = (a.count for a in before if (a.site, a.hall, a.network) == (bought.site, bought.hall, bought.network))
        rows.append(
            {
                "period": problem.calendar[bought.period].label,
                "site": bought.site,
                "hall": bought.hall,
                "network": level.offer,
                "reach": level.reach,
                "oversubscription": level.oversubscription,
                "raised": bought.count,
                "ports": level.installed + sum(here),
                "w_per_accelerator": level.kw * 1000.0,
                "in_use": problem.calendar[level.ready[bought.period]].label,
                "cost": -sum(
                    e.amount for e in level.events[bought.period] if e.asset_class == "network" and e.line != RESIDUAL
                )
                * bought.count,
                "currency": problem.currency,
            }
        )
    return rows
