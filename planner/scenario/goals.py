"""What is sought, in which order, and what each of it may come to at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from planner.errors import nearest
from planner.io.models import StrictModel, refuse
from planner.units import Compute, Duration, Fraction, Money, UnitError, parse

GoalName = Literal["cost", "throughput", "completion", "energy", "carbon", "concentration", "shortage"]
GOALS: tuple[GoalName, ...] = get_args(GoalName)
"""Everything that can be sought: least net present cost (scenario's currency), most throughput of divisible work (mean
effective FLOP/s over the plan), earliest completion of coherent runs (mean, days from the plan's start), least energy
at the meter, least carbon, least concentration on one vendor (its part of the compute asked for), least shortage (mean
share of the workloads' demand that is missed).
"""


OF_PRIORITY = " of priority "
"""Between the name of a goal and the priority that it is about."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing sought; later ones may worsen it by `tolerance`, a share of its value."""

    name: GoalName
    tolerance: float = 0.0
    level: int | None = None
    """Of shortage the priority of the workloads that count; None: all of them."""

    @property
    def title(self) -> str:
        """Its name in plans: `shortage of priority 1` where only that counts."""
        return self.name if self.level is None else f"{self.name}{OF_PRIORITY}{self.level}"


def _tolerance(given: Any, at: tuple[int | str, ...]) -> None:
    """A tolerance is a share."""
    try:
        share = parse(given, "fraction")
    except UnitError as error:
        told = error.diagnostics[0]
        raise refuse(told.message, told.hint, told.code, at) from None
    if share > 1.0:
        raise refuse(f"a tolerance is at most 100 %: got {given}", "write {cost: 1 %}", at=at)


def _known(entries: Any) -> Any:
    """Names checked here: the errors of a union would speak of types."""
    items = entries if isinstance(entries, list | tuple) else [entries]
    names: list[object] = []
    for n, item in enumerate(items):
        at = (n,) if isinstance(entries, list | tuple) else ()
        if isinstance(item, dict) and len(item) != 1:
            raise refuse("each goal is a name, or a name with its tolerance", "write {cost: 1 %}", at=at)
        name = next(iter(item)) if isinstance(item, dict) else item
        if name not in GOALS:
            near = nearest(str(name), GOALS)
            hint = f"did you mean {near}?" if near else f"known: {', '.join(GOALS)}"
            raise refuse(f"{name!r} is nothing that can be sought", hint, "unknown-name", at)
        names.append(name)
        if isinstance(item, dict):
            _tolerance(item[name], (*at, str(name)))
    if not names:
        raise refuse("the list of goals is empty", "write cost, or leave the key out")
    for n, name in enumerate(names):
        if name in names[:n]:
            raise refuse(f"{name} is sought twice", "keep the first", at=(n,))
    return entries


Objective = Annotated[
    GoalName | Annotated[tuple[GoalName | dict[GoalName, Fraction], ...], Field(min_length=1)],
    BeforeValidator(_known),
]
"""As it is written: one goal, or a list in which each may carry a tolerance (`[{cost: 1 %}, energy]`)."""


def goals(
    objective: GoalName | Iterable[GoalName | dict[GoalName, float]], priorities: Iterable[int] = ()
) -> tuple[Goal, ...]:
    """What is sought in order: least shortage of each of these priorities, and then the objective.

    The last is always cost: of plans that are equally good the cheapest is taken.
    """
    found = [Goal("shortage", level=level) for level in sorted(set(priorities))]
    for item in (objective,) if isinstance(objective, str) else objective:
        stated = item if isinstance(item, dict) else {item: 0.0}
        found += [Goal(name, tolerance) for name, tolerance in stated.items()]
    return (*found,) if found[-1].name == "cost" else (*found, Goal("cost"))


class Caps(StrictModel):
    """Limits on what could also be sought: one goal under a cap on another, or a frontier between the two."""

    cost: Money | None = None
    """Most net present cost."""
    throughput: Compute | None = None
    """Least mean effective FLOP/s of divisible work over the plan."""
    completion: Duration | None = None
    """Latest mean completion of the coherent runs, from the plan's start."""
    concentration: Fraction | None = None
    """Most of the compute asked for that one vendor's systems may deliver."""
    shortage: Fraction | None = None
    """Most of the demand that may be missed, mean share over the workloads."""
