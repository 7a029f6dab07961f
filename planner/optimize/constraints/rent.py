"""Rented systems: how many are held, and that they are what work finds in their place."""

from typing import TYPE_CHECKING

from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


def in_service(program: Program, i: int, h: int, t: int, factor: float) -> "Terms":
    """Systems in service in a hall, or held under contract where they are rented, times a factor."""
    if h in program.problem.rented:
        return held(program, h, t, factor)
    return [(program.v.fleet[i, h, t], factor)]


def switched_on(program: Program, i: int, h: int, t: int, factor: float) -> "Terms":
    """Systems that work may use: switched on, or held under contract where they are rented, times a factor."""
    if h in program.problem.rented:
        return held(program, h, t, factor)
    return [(program.v.powered[i, h, t], factor)]


def held(program: Program, h: int, t: int, factor: float) -> "Terms":
    """Contracts of the offer with place h that run in t, times a factor."""
    r = program.problem.rented[h]
    contracts = program.problem.rents[r].held
    return [(program.v.rent[r, u], factor) for u in sorted(contracts) if t in contracts[u]]


def rent_capacity(program: Program) -> None:
    """F43 Rent: contracts that run at the same time stay within what is offered.

    sum(rent[r,u] : the contract begun in u runs in t) <= systems[r,t]
    """
    problem = program.problem
    for h, r in sorted(problem.rented.items()):
        offer = problem.rents[r]
        item = problem.systems[offer.system].id
        for t in problem.horizon:
            terms = held(program, h, t, 1.0)
            if terms:
                limit = offer.capacity[t]
                program.add("rent_capacity", terms, "<=", limit, unit="systems", period=t, site=offer.id, item=item)
