"""A plan beside the same scenario in other worlds."""

from dataclasses import replace

from planner.plan.plan import Plan, World


def against(plan: Plan, worlds: list[World]) -> Plan:
    """The plan with its counterfactuals: what each costs more or less, and what a zero means."""
    return replace(plan, worlds=tuple(_compared(plan, world) for world in worlds))


def _compared(plan: Plan, world: World) -> World:
    if world.objective is None:
        return world
    return replace(world, difference=world.objective - plan.objective)
