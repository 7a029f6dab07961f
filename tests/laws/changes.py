"""Changes of a scenario whose effect on the best cost has a known sign."""

from collections.abc import Callable
from typing import Any

from planner.scenario.model import Budget, Hall, PendingOrder, Scenario, Schedule, Site
from planner.units import Money

type Change = Callable[[Scenario], Scenario]


def with_halls(scenario: Scenario, change: Callable[[Hall], Hall]) -> Scenario:
    """Every hall changed."""
    sites = (s.model_copy(update={"halls": tuple(map(change, s.halls))}) for s in scenario.sites)
    return scenario.replace(sites=tuple(sites))


def scaled(schedule: Schedule[Any], factor: float) -> Schedule[Any]:
    """Every step of a schedule times a factor."""
    return schedule.model_copy(update={"steps": {label: value * factor for label, value in schedule.steps.items()}})


def less_power(factor: float) -> Change:
    """Every grid contract and hall feeds less."""

    def change(scenario: Scenario) -> Scenario:
        def site(s: Site) -> Site:
            return s.model_copy(update={"grid": scaled(s.grid, factor)})

        fed = with_halls(scenario, lambda h: h.model_copy(update={"it_power": scaled(h.it_power, factor)}))
        return fed.replace(sites=tuple(map(site, fed.sites)))

    return change


def less_liquid(factor: float) -> Change:
    """Liquid cooling carries less."""

    def hall(h: Hall) -> Hall:
        return h.model_copy(update={"it_power": scaled(h.it_power, factor)}) if h.cooling == "liquid" else h

    return lambda scenario: with_halls(scenario, hall)


def supply_times(accelerator: str, factor: float) -> Change:
    """The supply of one accelerator scaled."""

    def change(scenario: Scenario) -> Scenario:
        scale = {**scenario.supply.scale, accelerator: factor}
        return scenario.replace(supply=scenario.supply.model_copy(update={"scale": scale}))

    return change


def smaller_reach(limit: int) -> Change:
    """No fabric of a hall joins more accelerators."""
    return lambda scenario: with_halls(
        scenario, lambda h: h.model_copy(update={"max_cluster": min(limit, h.max_cluster or limit)})
    )


def total_budget(amount: float) -> Change:
    """Cash paid out at most."""
    return lambda scenario: scenario.replace(
        budget=Budget(total=Money(amount, scenario.currency), per_year=scenario.budget.per_year)
    )


def fewer_racks(factor: float) -> Change:
    """Fewer rack positions."""
    return lambda scenario: with_halls(scenario, lambda h: h.model_copy(update={"racks": int(h.racks * factor)}))


def without(*names: str) -> Change:
    """Rules left out."""
    return lambda scenario: scenario.replace(
        policy=scenario.policy.model_copy(update={"without": (*scenario.policy.without, *names)})
    )


def refunded(share: float) -> Change:
    """Pending orders that name no refund of their own name this share of what was paid."""

    def change(scenario: Scenario) -> Scenario:
        def order(o: PendingOrder) -> PendingOrder:
            return o.model_copy(update={"refund": share}) if o.refund is None else o

        return scenario.replace(orders=tuple(map(order, scenario.orders)))

    return change


def backwards(scenario: Scenario) -> Scenario:
    """Everything listed in the opposite order."""
    sites = tuple(s.model_copy(update={"halls": s.halls[::-1]}) for s in scenario.sites[::-1])
    supply = scenario.supply.model_copy(update={"allocations": scenario.supply.allocations[::-1]})
    return scenario.replace(
        sites=sites,
        supply=supply,
        installed=scenario.installed[::-1],
        orders=scenario.orders[::-1],
        workloads=scenario.workloads[::-1],
    )
