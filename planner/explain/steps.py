"""One step more or less of a limit of a scenario: the changes that marginal values and repairs are made of."""

from collections.abc import Callable, Mapping
from math import floor
from typing import Any

from planner.scenario.model import Allocation, Budget, Hall, Scenario, Schedule, Site
from planner.scenario.periods import PeriodLabel
from planner.units import Money

type Change = Callable[[Scenario], Scenario]


def raised[T: float](schedule: Schedule[T], by: float) -> Schedule[T]:
    """Every value of a schedule that is not zero, `by` higher."""
    steps = {label: value + by if value else value for label, value in schedule.steps.items()}
    return schedule.model_copy(update={"steps": steps})


def times[T: float](schedule: Schedule[T], factor: float) -> Schedule[T]:
    """Every value of a schedule times a factor."""
    return schedule.model_copy(update={"steps": {label: value * factor for label, value in schedule.steps.items()}})


def on_site(site_id: str, change: Callable[[Site], dict[str, Any]]) -> Change:
    """A site changed."""

    def changed(scenario: Scenario) -> Scenario:
        sites = (s.model_copy(update=change(s)) if s.id == site_id else s for s in scenario.sites)
        return scenario.replace(sites=tuple(sites))

    return changed


def on_hall(place: str, change: Callable[[Hall], dict[str, Any]]) -> Change:
    """A hall (site/hall) changed."""
    site_id, hall_id = place.split("/", 1)

    def halls(site: Site) -> dict[str, Any]:
        return {"halls": tuple(h.model_copy(update=change(h)) if h.id == hall_id else h for h in site.halls)}

    return on_site(site_id, halls)


def on_work(work_id: str, change: Callable[[Any], dict[str, Any]]) -> Change:
    """A workload changed."""

    def changed(scenario: Scenario) -> Scenario:
        works = (w.model_copy(update=change(w)) if w.id == work_id else w for w in scenario.workloads)
        return scenario.replace(workloads=tuple(works))

    return changed


def supply_times(accelerator: str, factor: float) -> Change:
    """The supply of an accelerator in every period times a factor."""

    def changed(scenario: Scenario) -> Scenario:
        scale = {**scenario.supply.scale, accelerator: scenario.supply.scale.get(accelerator, 1.0) * factor}
        return scenario.replace(supply=scenario.supply.model_copy(update={"scale": scale}))

    return changed


def supply_plus(
    accelerator: str,
    amounts: Mapping[int, float],
    labels: Mapping[int, PeriodLabel],
    more: int,
    same: Callable[[str], str],
) -> Change:
    """The supply of an accelerator in every period, stated outright: what it was, whole, and `more` on top.

    `same`: the id that a name of an allocation stands for.
    """
    steps = {labels[t]: floor(amount + 1e-9) + more for t, amount in sorted(amounts.items())}
    entry = Allocation(accelerator=accelerator, per_period=Schedule[int](steps=steps))

    def changed(scenario: Scenario) -> Scenario:
        kept = (a for a in scenario.supply.allocations if same(a.accelerator) != accelerator)
        scale = {key: value for key, value in scenario.supply.scale.items() if key != accelerator}
        return scenario.replace(
            supply=scenario.supply.model_copy(update={"allocations": (*kept, entry), "scale": scale})
        )

    return changed


def part_stock(component: str, parts: float) -> Change:
    """So many parts there when the plan starts."""

    def changed(scenario: Scenario) -> Scenario:
        found = (
            part.model_copy(update={"stock": parts / part.scale}) if part.component == component else part
            for part in scenario.supply.components
        )
        return scenario.replace(supply=scenario.supply.model_copy(update={"components": tuple(found)}))

    return changed


def part_times(component: str, factor: float) -> Change:
    """What there is of a part, at first and later, times a factor."""

    def changed(scenario: Scenario) -> Scenario:
        found = (
            part.model_copy(update={"scale": part.scale * factor}) if part.component == component else part
            for part in scenario.supply.components
        )
        return scenario.replace(supply=scenario.supply.model_copy(update={"components": tuple(found)}))

    return changed


def total_budget(factor: float) -> Change:
    """The budget of the whole plan times a factor."""

    def changed(scenario: Scenario) -> Scenario:
        total = scenario.budget.total
        if total is None:
            return scenario
        more = Budget(total=Money(total.amount * factor, total.currency), per_year=scenario.budget.per_year)
        return scenario.replace(budget=more)

    return changed


def yearly_budget(label: str, factor: float) -> Change:
    """The budget of one year (or quarter, month) times a factor."""

    def changed(scenario: Scenario) -> Scenario:
        limits = dict(scenario.budget.per_year)
        limits[label] = Money(limits[label].amount * factor, limits[label].currency)
        return scenario.replace(budget=Budget(total=scenario.budget.total, per_year=limits))

    return changed
