"""Moves of installed systems between halls."""

from collections.abc import Iterator

from planner.errors import InternalError
from planner.plan.decisions import Move
from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault, exceeds
from planner.units import Money


def number(case: Case, name: str) -> float:
    """A planning parameter that is a plain number."""
    value = case.world.parameter(name)
    if isinstance(value, Money):
        raise InternalError(f"parameter {name} is money, a number is expected")
    return float(value)


def share(case: Case, move: Move) -> float:
    """Part of a system's price that its move costs."""
    return number(case, "relocation-cost-within" if move.site == move.to_site else "relocation-cost-between")


def move_allowed(case: Case) -> Iterator[Fault]:
    """Installed systems move as far as the scenario lets them, once, to halls that fit and may take them in time."""
    for move in case.decisions.moves:
        if not move.count:
            continue
        where = f"{move.site}/{move.hall}"
        for why in _reasons(case, move):
            text = f"{move.count} {move.system} move from {where} to {move.to_site}/{move.to_hall}: {why}"
            yield Fault(where, move.period, move.count, 0.0, text)
    for place, owned in case.base.items():
        leaving = sum(m.count for m in case.decisions.moves if (m.system, m.site, m.hall) == place)
        if exceeds(leaving, owned):
            text = f"{leaving} {place[0]} move out of {place[1]}/{place[2]}, {owned} were there when the plan began"
            yield Fault(f"{place[1]}/{place[2]}", None, leaving, owned, text)


def _reasons(case: Case, move: Move) -> Iterator[str]:
    """Everything that speaks against a move."""
    asked, facts = case.scenario.relocation, case.system(move.system)
    if (move.site, move.hall) == (move.to_site, move.to_hall):
        yield "it goes nowhere"
    elif move.site == move.to_site and not asked.within_site:
        yield "the scenario does not allow it"
    elif move.site != move.to_site:
        here, there = case.sites[move.site], case.sites[move.to_site]
        if not asked.between_sites or case.world.country(here) != case.world.country(there):
            yield "the scenario does not allow it, or it would cross a border"
    if (move.system, move.site, move.hall) not in case.base:
        yield "none stood there when the plan began"
    _, hall = case.halls[move.to_site, move.to_hall]
    if facts.cooling not in ("either", hall.cooling):
        yield f"it needs {facts.cooling} cooling"
    if exceeds(facts.power / facts.racks if facts.racks >= 1 else facts.power, hall.rack_power):
        yield "a rack there feeds less than it draws"
    arrives = case.move_arrival(move)
    if arrives is None:
        yield "it would arrive behind the horizon"
    elif (why := case.world.refusal("install", facts.accelerator, move.to_site, arrives)) is not None:
        yield f"rules forbid to install it there: {why}"
