"""A plan made without foresight: planned with the rules known at the time, carried out until the next are announced.

At the start of each period after an announcement that changes the problem the plan is made anew: what was done before
stays done, orders that the new rules keep from being delivered are cancelled and their deposits lost but for the
rule's refund, everything later is open again. Prices and throughput are those of the catalog throughout; supply too,
unless the scenario denies hindsight of it: then records of supply are news when their sources are published.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, cast

from planner.analysis.rolled import Rolled, RolledWorld, held_supply, supply_news
from planner.catalog.load import Catalog
from planner.costs.attrition import losses, survival
from planner.errors import InfeasibleError, InternalError, NoPlanError, PlannerError
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.stages import staged
from planner.plan.decisions import Decisions, Order
from planner.plan.extract import extract
from planner.plan.solve import Options, Posed, limits_of, pose, solve_posed
from planner.plan.verify.case import Case as Checked
from planner.plan.verify.examine import examine
from planner.plan.verify.naming import named
from planner.policy.permissions import Permissions
from planner.problem.build import build
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario

DUST = 1e-6
"""Part by which what was done may differ from what is carried on: the tolerance of solvers."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An order that was placed and that a rule announced later keeps from being delivered."""

    system: str
    ordered: str
    """Period in which it was ordered."""
    count: int
    lost: float
    """Present value of what is lost of the deposit."""


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One plan of the replay."""

    period: str
    """First period that it decides."""
    known_by: str
    """Day up to which announcements are known to it."""
    announced: tuple[str, ...]
    """Rules announced since the step before, and supply records published where hindsight is denied."""
    cost: float
    """Net present cost of the whole horizon: what was done, what is planned, deposits lost so far."""
    gap: float
    """Proved gap of the part that is still open."""
    cancelled: tuple[Cancelled, ...]
    """Orders that these rules cancel."""
    orders: tuple[tuple[str, str, int], ...]
    """What the plan orders from here on: system, period, systems."""


@dataclass(frozen=True)
class Replay:
    """The plan without foresight, step by step, beside the plan that knows everything from the start."""

    scenario: Scenario
    steps: tuple[ReplayStep, ...]
    foresight: float | None
    """Net present cost of the plan that knows all these rules from the start; None: there is none."""
    foresight_bound: float | None
    decisions: Decisions
    """What is done in the end."""

    @property
    def cost(self) -> float:
        """What the plan without foresight costs in the end."""
        return self.steps[-1].cost

    @property
    def value_of_knowing(self) -> float | None:
        """What knowing the rules from the start is worth: cost without foresight less cost with it."""
        return None if self.foresight is None else self.cost - self.foresight

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "scenario": self.scenario.name,
            "currency": self.scenario.currency,
            "cost": self.cost,
            "foresight": self.foresight,
            "foresight_bound": self.foresight_bound,
            "value_of_knowing": self.value_of_knowing,
            "steps": [asdict(step) for step in self.steps],
            "decisions": self.decisions.to_json(),
        }


def replay(
    scenario: Scenario,
    options: Options | None = None,
    catalog: Catalog | None = None,
    told: Callable[[str], None] = lambda stage: None,
) -> Replay:
    """Plan, carry out, learn, plan again, over the announcements of the scenario's rules; `told` hears of every stage.

    Raises InputError for a scenario at fault, InfeasibleError when from some step on no plan meets the targets,
    NoPlanError when none was found in time, and InternalError when the independent check refuses a step.
    """
    options = options or Options()
    catalog = catalog or catalog_of(scenario)
    calendar = scenario.calendar
    told(f"planning with what was known on {scenario.knowledge_date.isoformat()}")
    posed = pose(scenario, catalog)
    plan = solve_posed(posed, options)
    steps = [_first(scenario, plan.objective, plan.gap, plan.decisions)]
    columns, decisions, sunk = dict(plan.columns), plan.decisions, 0.0
    rules, known = cast("Any", posed.case.permissions), scenario.knowledge_date
    for first in range(1, len(calendar)):
        start = calendar[first].start
        news = (*posed.case.permissions.regime.announced(known, start), *supply_news(posed.case, known, start))
        if not news:
            continue
        known = start
        told(f"planning anew from {calendar[first].label}")
        later = pose(scenario.replace(knowledge_date=known), catalog)
        rolled = cast("Permissions", Rolled(rules, later.case.permissions, first, known))
        held = held_supply(later.case, posed, decisions, first)
        case = replace(later.case, permissions=rolled, prices=_prices(later, rolled), held=held)
        problem = build(case)
        rules = rolled
        if replace(problem, excluded=(), notes=()) == replace(posed.problem, excluded=(), notes=()):
            continue
        lost = _cancelled(posed, problem, rolled, decisions, first)
        sunk += sum(entry.lost for entry in lost)
        posed = Posed(case, problem, ())
        outcome, columns, decisions = _again(posed, columns, first, options)
        now = scenario.replace(knowledge_date=known)
        checked = examine(Checked(named(now, catalog), RolledWorld(now, catalog, rolled, held), decisions))
        if not checked.ok:
            faults = "; ".join(violation.message for violation in checked.violations[:3])
            raise InternalError(f"the independent check refused the plan from {calendar[first].label}: {faults}")
        orders = _orders(scenario, decisions, first)
        step = ReplayStep(
            calendar[first].label, known.isoformat(), news, checked.objective + sunk, outcome, lost, orders
        )
        steps.append(step)
    told("planning with foresight")
    cost, bound = _foresight(scenario, catalog, known, options)
    return Replay(scenario, tuple(steps), cost, bound, decisions)


def _first(scenario: Scenario, cost: float, gap: float, decisions: Decisions) -> ReplayStep:
    known = scenario.knowledge_date.isoformat()
    return ReplayStep(scenario.periods[0].label, known, (), cost, gap, (), _orders(scenario, decisions, 0))


def _orders(scenario: Scenario, decisions: Decisions, first: int) -> tuple[tuple[str, str, int], ...]:
    return tuple((o.system, scenario.periods[o.period].label, o.count) for o in decisions.orders if o.period >= first)


def _prices(later: Posed, rules: Permissions) -> Any:
    """Prices with the duties that held when things were delivered, and what lasts while it was serviced."""
    case = later.case
    duties = {
        key: tuple(rules.surcharge(system.accelerator_id, period.index) for period in case.calendar)
        for key, system in case.systems.items()
    }
    found = losses(case.scenario, case.catalog, rules, dict(case.systems), case.ledger)
    taxed = {key: rates for key, rates in duties.items() if any(rates)}
    return replace(case.prices, surcharge=taxed, survival=survival(found))


def _cancelled(
    posed: Posed, problem: Any, rules: Permissions, decisions: Decisions, first: int
) -> tuple[Cancelled, ...]:
    """Orders under way that can no longer be delivered, and what is lost of their deposits."""
    index = {row.id: i for i, row in enumerate(problem.systems)}
    found = []
    for order in decisions.orders:
        if order.period < first and (index[order.system], order.period) not in problem.arrivals:
            found.append(Cancelled(order.system, _label(posed, order), order.count, _lost(posed, rules, order, first)))
    return tuple(found)


def _label(posed: Posed, order: Order) -> str:
    return posed.case.calendar[order.period].label


def _lost(posed: Posed, rules: Permissions, order: Order, first: int) -> float:
    """Present value of what was paid with an order that may not be delivered, less what the rule that voids it gives
    back when it is known: as of orders placed before the plan, a rule that begins by the end of the period of arrival.
    """
    problem, calendar = posed.problem, posed.case.calendar
    i = next(i for i, row in enumerate(problem.systems) if row.id == order.system)
    paid = tuple(e for e in problem.order_events[i, order.period] if e.line == "hardware_deposit")
    arrival, placed = calendar[problem.arrivals[i, order.period]], calendar[order.period].start
    chip = problem.systems[i].accelerator
    hit = rules.cancelled(chip, placed, arrival.start) or rules.cancelled(chip, placed, arrival.end)
    share = (hit.refund_share if hit is not None else None) or 0.0
    back = -share * sum(event.amount for event in paid) * problem.discounting.factor(first, "start")
    return (problem.cost(paid) - back) * order.count


def _again(
    posed: Posed, done: dict[str, float], first: int, options: Options
) -> tuple[float, dict[str, float], Decisions]:
    """The plan anew with everything before period `first` as it was done: its gap, columns and decisions."""
    problem = posed.problem
    program = assemble(problem)
    solver = Solver(program, limits_of(posed.case.scenario, options))
    label = {period.label: period.index for period in problem.calendar}
    due = {f"accept[{row.id}]": row.due for row in problem.pending}
    for j, var in enumerate(solver.columns):
        period = due.get(var.name, label.get(var.name.rpartition(",")[2].rstrip("]"), len(label)))
        if period < first:
            solver.bound(j, *_as_done(done.get(var.name, 0.0), whole=var.cat != "Continuous"))
    outcome, reached = staged(solver)
    if outcome.values is None and outcome.status != "infeasible":
        message = f"no plan from {problem.calendar[first].label} on was found in {outcome.seconds:.0f} s"
        raise NoPlanError.of("no-plan", message, "allow more time with --time-limit, or a wider --gap")
    if outcome.values is None:
        message = f"no plan meets the targets from {problem.calendar[first].label} on, after what was done before"
        raise InfeasibleError.of("infeasible", message, "price what may be missed (`shortfall`, `missed`)")
    values = {var.id: value for var, value in zip(solver.columns, outcome.values, strict=True)}
    columns = {var.name: value for var, value in zip(solver.columns, outcome.values, strict=True) if value}
    return reached[-1].gap or 0.0, columns, extract(program, values)


def _as_done(value: float, *, whole: bool) -> tuple[float, float]:
    """Bounds of what was done. Whole numbers and nothing at all are exact: a little room around nothing would be worth
    something to a solver, and hide what it is worth.
    """
    near = float(round(value))
    if whole or abs(value - near) <= DUST:
        return near, near
    return value * (1.0 - DUST), value * (1.0 + DUST)


def _foresight(
    scenario: Scenario, catalog: Catalog, known: date, options: Options
) -> tuple[float | None, float | None]:
    try:
        plan = solve_posed(pose(scenario.replace(knowledge_date=known), catalog), options)
    except PlannerError:
        return None, None
    return plan.objective, plan.bound
