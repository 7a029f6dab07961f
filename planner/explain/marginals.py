"""What one step more of a limit is worth: the scenario with that step, solved again, beside the plan.

The duals of the linear relaxation say the same for very small steps in a world where systems come in parts. Both
are shown, since with whole systems the one is no estimate of the other.
"""

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from planner.errors import InfeasibleError, PlannerError
from planner.explain import steps
from planner.explain.steps import Change
from planner.explain.whole import difference
from planner.optimize.money import MILLION
from planner.plan.binding import Limit
from planner.plan.plan import Plan
from planner.plan.solve import Options, pose, solve_posed

MOST = 8
"""Limits solved again unless told otherwise: those whose duals cost most."""
SHARE = 0.01
"""Step of a budget or a target, of its size."""
MEGAWATT, SMALL_KW = 1000.0, 5000.0
"""A step of power is 1 MW; a tenth where the limit is below 5 MW."""

type Records = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a limit that binds."""

    limit: str
    """Name of the constraint."""
    where: str
    """Site, hall, accelerator, workload or budget."""
    step: str
    """What changes, in words with its unit."""
    amount: float
    """The same in `unit`."""
    unit: str
    change: Change
    dual: float | None
    """What the duals say of it, summed over the periods in which the limit binds; currency, negative: saves."""


def binding_steps(plan: Plan) -> tuple[Step, ...]:
    """A step for every limit that binds, the dearest by its duals first."""
    groups: dict[tuple[str, str, str], list[Limit]] = defaultdict(list)
    for limit in plan.limits:
        if limit.binding and (limit.rhs or limit.shadow_price):
            groups[limit.name, limit.site or "", limit.item or ""].append(limit)
    found = [step for key, limits in groups.items() for step in _steps(plan, *key, limits)]
    return tuple(sorted(found, key=lambda step: (-abs(step.dual or 0.0), step.limit, step.where, -step.amount)))


def _steps(plan: Plan, name: str, site: str, item: str, limits: list[Limit]) -> list[Step]:
    prices = [limit.shadow_price for limit in limits]
    each = sum(price for price in prices if price is not None) if any(price is not None for price in prices) else None
    match name:
        case "hall_power" | "site_power":
            fed = [limit for limit in limits if limit.rhs > 0]  # the step enlarges what is there
            return (
                [_power(name, site, fed, None if each is None else sum(x.shadow_price or 0.0 for x in fed))]
                if fed
                else []
            )
        case "rack_positions":
            more = max(1, round(SHARE * limits[0].rhs))
            change = steps.on_hall(site, lambda h: {"racks": h.racks + more})
            return [Step(name, site, f"{more} more rack positions", more, "racks", change, _worth(each, more))]
        case "supply_per_period":
            return [_supply(plan, item, limits)]
        case "total_budget" | "yearly_budget":
            return [_budget(plan, name, item, limits[0], each, sign) for sign in (1.0, -1.0)]
        case "part_supply":
            words = f"{SHARE:.0%} more {item}, at first and later"
            return [Step(name, item, words, SHARE, "of it", steps.part_times(item, 1 + SHARE), _of_size(limits))]
        case "stream_target":
            change = steps.on_work(item, lambda w: {"target": steps.times(w.target, 1 + SHARE)})
            dual = (
                sum((limit.shadow_price or 0.0) * SHARE * limit.rhs for limit in limits) if each is not None else None
            )
            return [
                Step(name, item, f"{SHARE:.0%} more tokens/s in every period", SHARE, "of the target", change, dual)
            ]
    return []


def _of_size(limits: list[Limit]) -> float | None:
    """What the duals say of a step of all these limits at once, each by its size."""
    known = [limit.shadow_price * SHARE * limit.rhs for limit in limits if limit.shadow_price is not None]
    return -sum(known) if known else None


def _worth(each: float | None, amount: float) -> float | None:
    return None if each is None else -each * amount


def _power(name: str, site: str, limits: list[Limit], each: float | None) -> Step:
    most = max(limit.rhs for limit in limits)
    by = MEGAWATT if most * 1000.0 >= SMALL_KW else 100.0 * most
    mw = by / 1000.0
    if name == "hall_power":
        change = steps.on_hall(site, lambda h: {"it_power": steps.raised(h.it_power, by)})
        words = f"{mw:g} MW more IT power in every period it has some"
    else:
        change = steps.on_site(site, lambda s: {"grid": steps.raised(s.grid, by)})
        words = f"{mw:g} MW more of the grid in every period it has some"
    return Step(name, site, words, mw, "MW", change, _worth(each, mw))


def _supply(plan: Plan, accelerator: str, limits: list[Limit]) -> Step:
    """One more average period of supply, spread over the plan in proportion."""
    amounts = [plan.problem.allocation.get((accelerator, t), 0.0) for t in plan.problem.horizon]
    periods = sum(amount > 0 for amount in amounts)
    more = sum(amounts) / periods
    carried = plan.problem.carry_over
    dual = 0.0
    for limit in limits:
        first = 0 if carried else limit.period or 0
        added = sum(amounts[first : (limit.period or 0) + 1]) / periods
        dual -= (limit.shadow_price or 0.0) * added
    words = f"one more average period of supply ({more:,.0f}), spread over all"
    known = any(limit.shadow_price is not None for limit in limits)
    change = steps.supply_times(accelerator, 1.0 + 1.0 / periods)
    return Step("supply_per_period", accelerator, words, more, "accelerators", change, dual if known else None)


def _budget(plan: Plan, name: str, item: str, limit: Limit, each: float | None, sign: float) -> Step:
    whole = plan.problem.budget_total if name == "total_budget" else plan.problem.budget_years[item][1]
    amount = sign * SHARE * (whole or 0.0) / MILLION
    factor = 1.0 + sign * SHARE
    change = steps.total_budget(factor) if name == "total_budget" else steps.yearly_budget(item, factor)
    words = f"{SHARE:.0%} {'more' if sign > 0 else 'less'} budget"
    return Step(name, item, words, amount, limit.unit, change, _worth(each, amount))


def marginals(
    plan: Plan,
    options: Options | None = None,
    most: int = MOST,
    told: Callable[[str], None] | None = None,
    workers: int = 2,
) -> Records:
    """One row per step of a limit that binds: what the duals say of it and what solving again gives.

    `difference`: cost with the step less the plan's, with the least and the most it can be given both gaps. A step
    after which no plan meets the targets says so.
    """
    chosen, asked = options or Options(counterfactuals=False), binding_steps(plan)[:most]

    def one(step: Step) -> dict[str, Any]:
        if told is not None:
            told(f"{step.where}: {step.step}")
        return _row(plan, step, chosen)

    with ThreadPoolExecutor(max(1, workers)) as pool:
        return list(pool.map(one, asked))


def _row(plan: Plan, step: Step, options: Options) -> dict[str, Any]:
    row: dict[str, Any] = {
        "limit": step.limit,
        "where": step.where,
        "step": step.step,
        "amount": step.amount,
        "unit": step.unit,
        "dual_value": step.dual,
        "difference": None,
        "least_difference": None,
        "most_difference": None,
        "per_unit": None,
        "why": None,
    }
    try:
        posed = pose(step.change(plan.scenario), plan.case.catalog)
        found = solve_posed(posed, options, start=plan.columns)
    except InfeasibleError:
        return {**row, "why": "no plan meets the targets then"}
    except PlannerError as error:
        return {**row, "why": "; ".join(diagnostic.message for diagnostic in error.diagnostics)}
    made = difference(plan, found)
    return {**row, **made, "per_unit": made["difference"] / step.amount}
