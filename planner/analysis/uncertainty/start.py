"""Plans to start from: what each world does after the same decisions, put together for the program of all worlds."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from planner.analysis.uncertainty.program import Joint, columns
from planner.analysis.uncertainty.risk import Aim
from planner.optimize.highs import Solver
from planner.optimize.money import MILLION

if TYPE_CHECKING:
    from pulp import LpVariable

type Start = tuple[Mapping[str, float], ...]
"""By world: columns by name that are not zero."""


def columns_of(joint: Joint, values: Mapping[int, float]) -> Start:
    """What each world does in a solution, given by variable id."""
    return tuple(
        {str(variable.name): values[variable.id] for variable in columns(program) if values[variable.id]}
        for program in joint.programs
    )


def values_of(
    joint: Joint, solver: Solver, start: Start, aim: Aim, level: float, best: Sequence[float]
) -> tuple[float, ...]:
    """A start by column of the program: its worlds, the orders that are lost, and what the aim needs.

    level: the value at risk (cvar), the largest regret (regret); excess: cost above the value at risk.
    """
    values: dict[int, float] = {}
    for program, mine in zip(joint.programs, start, strict=True):
        values |= {variable.id: mine.get(str(variable.name), 0.0) for variable in columns(program)}
    for k, lost in enumerate(joint.lost):
        for name, (void, _) in lost.items():
            values[void.id] = _ordered(joint, start, name, k)
    costs = [fix + sum(price * values[var.id] for var, price in terms) for terms, fix in joint.costs]
    if aim != "expected" and joint.level is not None:
        values |= _risk(joint, joint.level, costs, aim, level, [cost / MILLION for cost in best])
    return tuple(values[variable.id] for variable in solver.columns)


def _ordered(joint: Joint, start: Start, name: str, k: int) -> float:
    """How much of an order that world `k` does not let arrive is placed by the worlds that look the same then."""
    for mine, found, world in zip(start, joint.decisions, joint.worlds, strict=True):
        if name in found and world.seen(found[name].period) == joint.worlds[k].seen(found[name].period):
            return mine.get(name, 0.0)
    return 0.0


def _risk(
    joint: Joint, variable: "LpVariable", costs: Sequence[float], aim: Aim, level: float, best: Sequence[float]
) -> dict[int, float]:
    if aim == "regret":
        return {variable.id: max(cost - least for cost, least in zip(costs, best, strict=True))}
    at_risk, tail = 0.0, 0.0
    for cost, world in sorted(zip(costs, joint.worlds, strict=True), key=lambda pair: -pair[0]):
        at_risk, tail = cost, tail + world.probability
        if tail >= 1.0 - level - 1e-12:
            break
    return {variable.id: at_risk} | {
        excess.id: max(0.0, cost - at_risk) for excess, cost in zip(joint.excess, costs, strict=True)
    }
