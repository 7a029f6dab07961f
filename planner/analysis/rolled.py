"""The world of a plan under way: what was done counts with what was known then, what is open with what is known now."""

from datetime import date
from typing import Any

from planner.catalog.flows import known_since
from planner.catalog.load import Catalog
from planner.catalog.national import component_supply
from planner.plan.decisions import Decisions
from planner.plan.solve import Posed
from planner.plan.verify.adapter import CatalogWorld
from planner.policy.permissions import Permissions
from planner.problem.case import Case
from planner.problem.pipeline import national_need
from planner.scenario.model import Scenario
from planner.scenario.periods import Period


class Rolled:
    """Permissions of a plan under way: those known at the time for the periods before `first`, else the latest."""

    def __init__(self, before: Permissions, after: Permissions, first: int, start: date) -> None:
        self.before, self.after, self.first, self.start = before, after, first, start

    def _at(self, period: int | None) -> Permissions:
        return self.before if period is not None and period < self.first else self.after

    def allowed(
        self, action: Any, accelerator: str, site: str | None, period: int, acquired_on: date | None = None
    ) -> bool:
        """As of `Permissions`."""
        return self._at(period).allowed(action, accelerator, site, period, acquired_on)

    @property
    def exempts(self) -> bool:
        """As of `Permissions`."""
        return self.before.exempts or self.after.exempts

    def why(self, action: Any, accelerator: str, site: str | None, period: int) -> Any:
        """As of `Permissions`."""
        return self._at(period).why(action, accelerator, site, period)

    def delay_h(self, action: Any, accelerator: str, period: int, site: str | None = None) -> float:
        """As of `Permissions`."""
        return self._at(period).delay_h(action, accelerator, period, site)

    def surcharge(self, accelerator: str, period: int | None = None) -> float:
        """As of `Permissions`."""
        return self._at(period).surcharge(accelerator, period)

    def cancelled(self, accelerator: str, placed: date, due: date) -> Any:
        """As of `Permissions`."""
        return (self.before if due < self.start else self.after).cancelled(accelerator, placed, due)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.after, name)


class RolledWorld(CatalogWorld):
    """The facts of the check, with the rules as they were known, and the supply that was counted with."""

    def __init__(
        self, scenario: Scenario, catalog: Catalog, rules: Permissions, held: dict[tuple[str, int], float]
    ) -> None:
        super().__init__(scenario, catalog)
        self.__dict__["permissions"] = rules
        self.held = held

    def national_supply(self, accelerator: str, period: Period) -> float | None:
        """Accelerators of the whole country in a period."""
        held = self.held.get((accelerator, period.index))
        return super().national_supply(accelerator, period) if held is None else held

    def part_supply(self, component: str, period: int) -> tuple[float | None, float | None]:
        """Parts made in a period, and those in stock on its first day."""
        made, there = super().part_supply(component, period)
        return self.held.get((component, period), made), there


def held_supply(later: Case, before: Posed, done: Decisions, first: int) -> dict[tuple[str, int], float]:
    """National supply, and parts made, that a plan under way counts with from period `first` on.

    Earlier periods keep what was known then, and what is under way is delivered whatever is known now. Empty unless
    the scenario denies hindsight.
    """
    if later.scenario.supply_known_by is None:
        return {}
    known, under_way = before.case, _under_way(before, done, first)
    held = {}
    for chip in sorted({known.systems[key].accelerator_id for key in known.candidates}):
        for period in later.calendar:
            t = period.index
            now = (known if t < first else later).national_supply(chip, period)
            held[chip, t] = now if t < first else max(now, national_need(later, chip, under_way.get((chip, t), 0.0)))
    for part in later.scenario.supply.components:
        for period in later.calendar.periods[:first]:
            held[part.component, period.index] = _made(known, part.component, period)
    return held


def _made(case: Case, component: str, period: Period) -> float:
    if (component, period.index) in case.held:
        return case.held[component, period.index]
    asked, by = case.scenario, case.scenario.supply_known_by
    choices = asked.supply.choices
    found = component_supply(
        case.catalog, component, period.start, period.end, asked.values, choices=choices, known_by=by
    )
    return found.produced or 0.0


def _under_way(before: Posed, done: Decisions, first: int) -> dict[tuple[str, int], float]:
    """(accelerator, period of delivery) -> accelerators ordered before period `first` and not yet there."""
    problem = before.problem
    index = {row.id: i for i, row in enumerate(problem.systems)}
    found: dict[tuple[str, int], float] = {}
    for order in done.orders:
        row = problem.systems[index[order.system]]
        arrives = problem.arrivals.get((index[order.system], order.period))
        if order.period < first and arrives is not None and arrives >= first:
            key = row.accelerator, arrives
            found[key] = found.get(key, 0.0) + order.count * row.accelerators
    return found


def supply_news(case: Case, after: date, until: date) -> tuple[str, ...]:
    """Supply records that became known later than one day and no later than another, where hindsight is denied."""
    if case.scenario.supply_known_by is None:
        return ()
    days = {name: known_since(case.catalog, record) for name, record in case.catalog.supply.items()}
    return tuple(sorted(name for name, day in days.items() if day is not None and after < day <= until))
