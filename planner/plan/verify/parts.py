"""Parts that limit deliveries, balanced again period by period."""

from collections.abc import Iterator

from planner.plan.verify.case import Case
from planner.plan.verify.networks import due
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
            taken += _in_ports(case, part.component, t)
            if exceeds(taken, left):
                lacking, there = versus(taken, left)
                text = f"deliveries and ports of {period.label} need {lacking} {part.component}, {there} are there"
                yield Fault(part.component, t, taken, left, text)
            left -= taken


def _in_ports(case: Case, component: str, period: int) -> float:
    """Parts that the ports which come in a period take: those of a network, less what the nearer one has already."""
    taken = 0.0
    for bought in case.decisions.attachments:
        if due(case, bought) == period:
            rungs = case.rungs[bought.site, bought.hall]
            k = [rung.id for rung in rungs].index(bought.network)
            within = rungs[k - 1].facts.components.get(component, 0.0) if k else 0.0
            taken += bought.count * (rungs[k].facts.components.get(component, 0.0) - within)
    return taken


def _stock(case: Case, part: Part) -> float:
    if part.stock is not None or part.share is None:
        return (part.stock or 0.0) * part.scale
    _, stock = case.world.part_supply(part.component, 0)
    return part.share * (stock or 0.0) * part.scale


def _inflow(case: Case, part: Part, period: int) -> float:
    if case.world.part_stopped(part.component, period):
        return 0.0
    if part.per_period is not None:
        return (part.per_period.at(case.calendar[period]) or 0.0) * part.scale
    produced, _ = case.world.part_supply(part.component, period)
    return (part.share or 0.0) * (produced or 0.0) * part.scale
