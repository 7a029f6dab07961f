"""Power and space period by period: what stands, and what the plan adds to it."""

from dataclasses import dataclass

from planner.plan.decisions import Decisions, Expansion
from planner.problem.arrays import Problem
from planner.problem.rows.halls import OptionRow


@dataclass(frozen=True)
class Capacity:
    """Halls and sites of a plan; kW and rack positions."""

    problem: Problem
    decisions: Decisions

    def it_kw(self, h: int, t: int) -> float:
        """IT power of a hall."""
        own = 0.0 if self._closed(h, t) else self.problem.halls[h].it_kw[t]
        return own + sum(o.it_kw * e.count for o, e in self._taken() if o.hall == h and o.ready[e.period] <= t)

    def racks(self, h: int, t: int) -> float:
        """Rack positions of a hall."""
        own = 0.0 if self._closed(h, t) else self.problem.halls[h].racks
        return own + sum(o.racks * e.count for o, e in self._taken() if o.hall == h and o.ready[e.period] <= t)

    def grid_kw(self, s: int, t: int) -> float:
        """Grid power of a site, at the meter."""
        site = self.problem.sites[s]
        more = sum(o.grid_kw * e.count for o, e in self._taken() if o.site == s and o.ready[e.period] <= t)
        return site.grid_kw[t] + site.uncut[t] * more

    def _closed(self, h: int, t: int) -> bool:
        return any(o.closes == h and e.period <= t for o, e in self._taken())

    def _taken(self) -> list[tuple[OptionRow, Expansion]]:
        option = {row.id: row for row in self.problem.options}
        return [(option[f"{e.site}/{e.option}"], e) for e in self.decisions.expansions]


def expansion_records(problem: Problem, decisions: Decisions) -> list[dict[str, object]]:
    """One row per option taken: what it adds, when, and what it costs."""
    option = {row.id: row for row in problem.options}
    rows: list[dict[str, object]] = []
    for taken in sorted(decisions.expansions, key=lambda e: (e.period, e.site, e.option)):
        row = option[f"{taken.site}/{taken.option}"]
        paid = -sum(event.amount for event in row.events[taken.period] if event.line == "facility")
        hall = None if row.hall is None else problem.halls[row.hall].id.split("/", 1)[1]
        rows.append(
            {
                "site": taken.site,
                "option": taken.option,
                "hall": hall,
                "closes": None if row.closes is None else problem.halls[row.closes].id.split("/", 1)[1],
                "decided": problem.calendar[taken.period].label,
                "ready": problem.calendar[row.ready[taken.period]].label,
                "steps": taken.count,
                "grid_mw": row.grid_kw * taken.count / 1000.0,
                "it_mw": row.it_kw * taken.count / 1000.0,
                "racks": row.racks * taken.count,
                "cost": paid * taken.count,
                "currency": problem.currency,
            }
        )
    return rows
