"""What the rules cost: the same scenario solved without them."""

from collections.abc import Mapping

from planner.plan.plan import Plan, World
from planner.report.format import count, goal_value, listed, money, plural
from planner.report.model import Block, Cell, Column, Items, Section, Table, Text
from planner.report.plan.names import Names


def worlds(plan: Plan, names: Names) -> Section:
    """The plan beside the same scenario under other rules."""
    title = "What the rules cost"
    if not plan.worlds:
        asked = len(plan.scenario.counterfactuals)
        why = f"{plural(asked, 'counterfactual')} of the scenario not solved" if asked else "The scenario asks for none"
        return Section(title, (Text(f"{why}: no comparison with a world of other rules."),))
    solved = [world for world in plan.worlds if world.objective is not None]
    blocks: list[Block] = [_table(plan, names, solved)] if solved else []
    blocks.append(Items(tuple(_sentence(plan, world) for world in plan.worlds)))
    return Section(title, tuple(blocks))


def _table(plan: Plan, names: Names, solved: list[World]) -> Table:
    from planner.plan.metrics import bought_accelerators, peak_mw

    own = bought_accelerators(plan)
    rows: list[tuple[Cell, ...]] = [("this plan", plan.objective, None, peak_mw(plan), _bought(own, names))]
    rows += [
        (world.id, world.objective, world.difference, world.peak_mw, _bought(world.accelerators, names))
        for world in solved
    ]
    columns = (
        Column("world"),
        Column("cost", "money", plan.currency),
        Column("difference", "money", plan.currency, signed=True),
        Column("peak", "number", "MW"),
        Column("accelerators bought"),
    )
    note = "Cost: net present. Difference: that world less this plan; negative: what the rules cost. Peak: grid power."
    return Table(columns, tuple(rows), note=note)


def _bought(found: Mapping[str, int], names: Names) -> str:
    largest = sorted(found, key=lambda key: (-found[key], key))
    return "\n".join(f"{count(found[key])} {names.accelerator(key)}" for key in largest) or "none"


def _sentence(plan: Plan, world: World) -> str:
    """What the difference means, given that either cost is only known up to its gap."""
    head = f"{world.title} ({world.id})"
    if world.objective is None or world.bound is None:
        return f"{head}: no answer; {world.explanation or 'it was not solved'}"
    low, high = plan.bound - world.objective, plan.objective - world.bound
    if not plan.only_cost:
        told = _reached(plan, world)
    elif low <= 0 <= high:
        told = f"cannot be told from zero: the rules cost {_span(low, high, plan.currency)}"
    elif low > 0:
        told = f"the rules cost {_span(low, high, plan.currency)}"
    else:
        told = (
            f"dearer by {_span(-high, -low, plan.currency)}: what these rules give (subsidies, refunds of what they "
            "cancel) is gone"
        )
    orders = f"; takes the pending orders {', '.join(world.accepted_orders)}" if world.accepted_orders else ""
    more = f". {world.explanation}" if world.explanation else ""
    return f"{head}: {told}{orders}{more}"


def _reached(plan: Plan, world: World) -> str:
    """Where more than cost is sought, what the world comes to in each; its cost alone measures nothing."""
    own = {stage.name: stage.value for stage in plan.stages}
    parts = [
        f"{name} {goal_value(name, value)} (here {goal_value(name, own[name])})" for name, value in world.goals.items()
    ]
    cost = f"cost {money(world.objective or 0.0, plan.currency)} (here {money(plan.objective, plan.currency)})"
    return listed([*parts, cost])


def _span(low: float, high: float, currency: str) -> str:
    """A range of money, or the one amount when both ends read the same."""
    ends = list(dict.fromkeys((money(low, currency), money(high, currency))))
    return f"{ends[0]} to {ends[1]}, both gaps counted" if len(ends) > 1 else ends[0]
