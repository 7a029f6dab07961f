"""Parts that limit deliveries, balanced again period by period."""

from collections.abc import Iterator

from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault, exceeds
from planner.plan.verify.text import versus
from planner.scenario.model import Part


def parts(case: Case) -> Iterator[Fault]:
    """What deliveries need of a part is there by then: in stock at the start, or come in since."""
    for part in case.scenario.supply.components:
        left = _stock(case, part)
        for period in case.calendar:
            t = period.index
            left += _inflow(case, part, t)
            taken = sum(
                line[t] * case.system(system).components.get(part.component, 0.0)
                for system, line in case.ordered_arrivals.items()
            )
            if exceeds(taken, left):
                lacking, there = versus(taken, left)
                text = f"deliveries of {period.label} need {lacking} {part.component}, {there} are there"
                yield Fault(part.component, t, taken, left, text)
            left -= taken


def _stock(case: Case, part: Part) -> float:
    if part.stock is not None:
        return part.stock * part.scale
    _, stock = case.world.part_supply(part.component, 0)
    return (part.share or 0.0) * (stock or 0.0) * part.scale


def _inflow(case: Case, part: Part, period: int) -> float:
    if case.world.part_stopped(part.component, period):
        return 0.0
    if part.per_period is not None:
        return (part.per_period.at(case.calendar[period]) or 0.0) * part.scale
    produced, _ = case.world.part_supply(part.component, period)
    return (part.share or 0.0) * (produced or 0.0) * part.scale
