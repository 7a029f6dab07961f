"""A plan beside the same scenario in another world, and what a difference of nothing means."""

from math import isclose

from planner.plan.entry import Entry, by_accelerator, entry
from planner.plan.metrics import bought_accelerators, peak_mw
from planner.plan.output import ready_in
from planner.plan.plan import Plan, World
from planner.problem.arrays import Problem
from planner.problem.case import Case
from planner.scenario.model import Counterfactual


def world_of(plan: Plan, other: Plan, asked: Counterfactual) -> World:
    """A counterfactual solved as a plan of its own, beside the plan."""
    return _world(plan, other, asked, _explained(plan, other))


def same_world(plan: Plan, case: Case, asked: Counterfactual) -> World:
    """A world whose problem is the plan's own: nothing that these rules close would open."""
    return _world(plan, plan, asked, _still_closed(plan, case))


def _world(plan: Plan, other: Plan, asked: Counterfactual, explanation: str) -> World:
    return World(
        id=asked.id,
        title=asked.title,
        without=asked.without,
        status=other.status,
        objective=other.objective,
        bound=other.bound,
        gap=other.gap,
        verified=other.verified,
        difference=_difference(other.objective, plan.objective),
        accelerators=bought_accelerators(other),
        accepted_orders=tuple(record.order_id for record in other.decisions.accepted),
        peak_mw=peak_mw(other),
        goals={stage.name: stage.value for stage in other.stages if stage.name != "cost"},
        explanation=explanation,
        cash=_cash(other),
    )


def _difference(cost: float, own: float) -> float:
    """Costs are sums of many payments: what is left of equal ones by rounding is no difference."""
    return 0.0 if isclose(cost, own, rel_tol=1e-12) else cost - own


def _cash(plan: Plan) -> tuple[tuple[str, int, str, float], ...]:
    """The cash flow of a plan by line and moment."""
    sums: dict[tuple[str, int, str], float] = {}
    for flow in plan.flows:
        key = (flow.line, flow.period, flow.moment)
        sums[key] = sums.get(key, 0.0) + flow.amount
    return tuple((*key, amount) for key, amount in sorted(sums.items()))


def _explained(plan: Plan, other: Plan) -> str:
    """Words for a difference that cannot be told from nothing; empty when the worlds differ."""
    if other.objective < plan.bound or not plan.only_cost:
        return ""
    opened = sorted(_orderable(other.problem) - _orderable(plan.problem))
    idle = [chip for chip in opened if chip not in bought_accelerators(other)]
    if idle:
        return _not_worth_it(other, thresholds(other, idle))
    return _still_closed(plan, other.case)


def _orderable(problem: Problem) -> set[str]:
    return {problem.systems[i].accelerator for i, _ in problem.arrivals}


def _still_closed(plan: Plan, case: Case) -> str:
    """Which rules of the other world still close what the plan's own rules close."""
    parts = []
    for chip in sorted({left.accelerator for left in plan.excluded if left.rule and left.kind == "order"}):
        rules = sorted(
            {
                hit.rule_id
                for period in case.calendar
                for action in ("order", "import")
                for hit in case.permissions.why(action, chip, None, period.index)[:1]
                if not case.permissions.allowed(action, chip, None, period.index)
            }
        )
        if rules:
            parts.append(f"{case.catalog.accelerators[chip].name} by {', '.join(rules)}")
    if not parts:
        return "These rules close nothing that the scenario could buy, and what they ask or give decides nothing"
    return "Nothing opens and the plan is the same, at any price and MFU: other rules still close " + "; ".join(parts)


def thresholds(plan: Plan, chips: list[str]) -> tuple[Entry, ...]:
    """Of each accelerator, the system that would enter the plan first, and its price and MFU for that."""
    rows = plan.problem.systems
    found, ready = [], ready_in(plan.problem, plan.decisions)
    for i in sorted({i for i, _ in plan.problem.arrivals}):
        if rows[i].accelerator in chips:
            system = plan.case.systems[rows[i].id]
            price = plan.case.prices.unit_price(system)
            found.append(entry(plan.problem, plan.duals, i, price, _mfu(plan, i), ready))
    return by_accelerator(found, {row.id: row.accelerator for row in rows})


def _mfu(plan: Plan, i: int) -> float:
    """Model FLOPs utilisation of a system on the first divisible workload that it can train."""
    for job in plan.problem.jobs:
        if job.system == i and job.beside is None:
            system = plan.case.systems[plan.problem.systems[i].id]
            size = job.units * system.accelerators
            return plan.case.estimates(plan.scenario.streams[job.stream], system, (size,))[0].mfu
    return 0.0


def _not_worth_it(plan: Plan, entries: tuple[Entry, ...]) -> str:
    """Words for a world that opens chips which are not worth buying: from which price or MFU on they would be."""
    told = "; ".join(_threshold(plan, found) for found in entries)
    return f"What opens is not worth buying (prices of the linear relaxation, ports not counted): {told}"


def _threshold(plan: Plan, found: Entry) -> str:
    name, money = plan.case.systems[found.system].name, plan.currency
    if not any(plan.problem.systems[i].id == found.system for i, _, _ in plan.problem.placeable):
        whys = sorted({e.detail for e in plan.problem.excluded if (e.kind, e.item) == ("installation", found.system)})
        return f"no hall holds {name}: {', '.join(whys) or 'none is open to it'}"
    if found.price_share is None:
        price = f"{name} would not enter even for nothing"
    else:
        price = f"{name} enters below {found.entry_price / 1e6:,.2f} m {money} ({found.price_share:.0%} of its price)"
    if found.mfu_factor is None:
        return f"{price}, and at no MFU up to ten times its own"
    mfu = f"{found.mfu_factor:.2f} times its MFU of {found.mfu:.0%}"
    return f"{price} or from {mfu} on"
