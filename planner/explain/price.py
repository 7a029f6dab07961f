"""The price at which a system enters a plan, confirmed by solving at that price and a little above it.

Its price changes the deposit, the balance, what it is worth in the end and its maintenance. The cost of any fixed
plan is a straight line in that price, so a plan that has to buy one shows at which price it costs as much as the best
plan without: there, or dearer, the system enters. Repeated at that price until no cheaper way is found, this ends at
the entry price. Where a scenario's gap is wider than a system's price that comparison means nothing; then the linear
relaxation is solved a little below and above the price of its duals, and the whole program once clearly below it.
"""

import math
from dataclasses import dataclass, replace

from planner.errors import InfeasibleError, NoPlanError
from planner.explain.resolve import buy_at_least, cost_of, ordered, relaxed, solved
from planner.plan.decisions import Decisions
from planner.plan.plan import Plan
from planner.plan.solve import Options, Posed, pose

ROUNDS = 8
"""Most plans that have to buy the system, and most relaxations around the price of the duals."""
NOTHING = 1e-6
"""Share of its price below which a price counts as nothing."""
STEP = 0.01
"""How far below and above the entry price the plan is solved again."""
CLEARLY = 0.1
"""How far below it where the gap is wider than a system's price; above it, the plan itself is the witness."""
TELLS = 0.05
"""A gap in money of at most this share of a system's price tells plans with and without it apart."""


@dataclass(frozen=True, slots=True)
class EntryPrice:
    """At which price a system enters, and what solving around it gave."""

    system: str
    price: float
    """In the scenario, scenario's currency."""
    entry_price: float | None
    """None: not even for nothing."""
    by: str
    """plan: found on the whole program; relaxation: on the linear relaxation, since the gap hides one system."""
    below: float | None
    """Price a little below at which the whole plan was solved again."""
    bought_below: int | None
    """Systems it buys there."""
    above: float | None
    """Price a little above."""
    bought_above: int | None
    confirmed: bool
    """Bought below and not above, by what `by` names."""
    note: str = ""


def entry_price(plan: Plan, system: str, guess: float | None, options: Options) -> EntryPrice:
    """The entry price of a system that could be bought and is not; `guess`: where to begin, None: its price."""
    price = plan.case.prices.unit_price(plan.case.systems[system])
    slack = plan.objective - plan.bound
    if slack <= TELLS * price:
        return _by_plan(plan, system, price, guess if guess is not None else price, options)
    return _by_relaxation(plan, system, price, guess, options)


def at_price(plan: Plan, system: str, price: float) -> Posed:
    """The plan's problem with another price of one system."""
    key = f"systems.{system}.price"
    catalog = plan.case.catalog.with_facts({key: f"{max(price, 0.0)!r} {plan.currency}"})
    return pose(plan.scenario, catalog)


def _by_plan(plan: Plan, system: str, price: float, guess: float, options: Options) -> EntryPrice:
    found: float | None = None
    trial, start = min(max(guess, 0.0), price), None
    for _ in range(ROUNDS):
        forced = solved(at_price(plan, system, trial), options, buy_at_least(system, 1.0), start)
        if forced.decisions is None:
            return EntryPrice(system, price, None, "plan", None, None, None, None, True, "no plan can buy one")
        crossing = _crossing(plan, system, plan.decisions, forced.decisions)
        if crossing is None and found is None and trial > 0.0:
            trial = 0.0  # dear at this price, and so much that no price makes up for it: ask for the best way when free
            continue
        if crossing is None or (found is not None and crossing <= found * (1 + 1e-6)):
            break
        found, trial, start = crossing, crossing, forced.columns
    if found is None:
        return EntryPrice(system, price, None, "plan", None, None, None, None, True, "not even for nothing")
    return _confirm(plan, system, price, found, options, sure=True)


def _crossing(plan: Plan, system: str, without: Decisions, bought: Decisions) -> float | None:
    """Price at which both plans cost the same; None when the one that buys is dearer even for nothing."""
    free, whole = at_price(plan, system, 0.0).problem, plan.problem
    price = plan.case.prices.unit_price(plan.case.systems[system])
    gap_free = cost_of(free, bought) - cost_of(free, without)
    gap_whole = cost_of(whole, bought) - cost_of(whole, without)
    if gap_free > 1e-9 * max(1.0, abs(plan.objective)) or gap_whole <= gap_free:
        return None
    crossing = price * -gap_free / (gap_whole - gap_free)
    return crossing if crossing > NOTHING * price else None


def _by_relaxation(plan: Plan, system: str, price: float, guess: float | None, options: Options) -> EntryPrice:
    """Halve the interval of prices around that of the duals until the relaxation changes its mind within a step."""
    low, high = 0.0, price
    if guess:
        low, high = _tighter(plan, options, system, guess * (1 - STEP), guess * (1 + STEP), price)
    if not _relaxation_buys(plan, options, system, low):
        return EntryPrice(system, price, None, "relaxation", None, None, None, None, True, "not even for nothing")
    for _ in range(ROUNDS):
        if high - low <= 2 * STEP * high:
            break
        middle = (low + high) / 2
        low, high = (middle, high) if _relaxation_buys(plan, options, system, middle) else (low, middle)
    found = _confirm(plan, system, price, (low + high) / 2, options, sure=False)
    if high < price or not _relaxation_buys(plan, options, system, price):
        return found
    return replace(found, confirmed=False, note="the relaxation, which buys in parts, takes it at its price already")


def _tighter(
    plan: Plan, options: Options, system: str, below: float, above: float, price: float
) -> tuple[float, float]:
    """The duals' price with its two neighbours, or the side on which the relaxation says that the answer lies."""
    if not _relaxation_buys(plan, options, system, below):
        return 0.0, below
    return (below, above) if above >= price or not _relaxation_buys(plan, options, system, above) else (above, price)


def _relaxation_buys(plan: Plan, options: Options, system: str, price: float) -> bool:
    return ordered(relaxed(at_price(plan, system, price), held=options.held).columns, (system,)) > 1e-6


def _confirm(plan: Plan, system: str, price: float, found: float, options: Options, *, sure: bool) -> EntryPrice:
    """Solve the whole program a little below the entry price and, where the gap tells systems apart, above it."""
    if sure:
        below, above = found * (1 - STEP), found * (1 + STEP)
        bought = [_bought(plan, system, p, options) for p in (below, above)]
        confirmed = bool(bought[0]) and bought[1] == 0
        note = "" if confirmed else "the plans with and without it cost the same within the gap, or none was found"
        return EntryPrice(system, price, found, "plan", below, bought[0], above, bought[1], confirmed, note)
    below = found * (1 - CLEARLY)
    count = _bought(plan, system, below, options)
    note = "" if count else f"even {CLEARLY:.0%} below it the whole plan need not buy any: the gap leaves that open"
    return EntryPrice(system, price, found, "relaxation", below, count, price, 0, True, note)


def _bought(plan: Plan, system: str, price: float, options: Options) -> int | None:
    chosen = replace(options, counterfactuals=False)
    try:
        found = solved(at_price(plan, system, price), chosen, None, plan.columns)
    except (InfeasibleError, NoPlanError):
        return None
    if found.decisions is None or not math.isfinite(found.cost):
        return None
    return sum(order.count for order in found.decisions.orders if order.system == system)
