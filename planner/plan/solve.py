"""From a scenario to a verified plan: prepare, build, solve, check, explain; and the same in other worlds."""

import math
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

from planner.catalog.load import Catalog
from planner.errors import InputError, InternalError, NoPlanError, PlannerError
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.money import MILLION
from planner.optimize.outcome import HIGHS, Limits, Outcome, Progress, Stop, relative_gap
from planner.optimize.outside import mps
from planner.optimize.program import EmptyRowError
from planner.optimize.stages import Reached
from planner.plan.compare import same_world, world_of
from planner.plan.decisions import Decisions
from planner.plan.infeasible import infeasible
from planner.plan.plan import Plan, Stage, World
from planner.plan.searched import Searched, searched
from planner.plan.verify import verify
from planner.problem.arrays import Problem
from planner.problem.build import build
from planner.problem.case import Case, prepare
from planner.problem.soundness import contradictions
from planner.scenario.load import catalog_of
from planner.scenario.model import Counterfactual, Scenario

Report = Callable[[str, float | None, float | None, float | None, float], None]
"""stage, incumbent, bound, gap, seconds; incumbent and bound in millions (of the scenario's currency, or of the unit of
the goal that is sought)."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a scenario is solved; None takes the scenario's own."""

    gap: float | None = None
    time_limit: float | None = None
    """Seconds."""
    threads: int | None = None
    counterfactuals: bool = True
    solver: str = HIGHS
    """As PuLP names it (planner.optimize.chosen.checked_solver)."""
    solver_options: tuple[tuple[str, bool | int | float | str], ...] = ()
    """Further options of HiGHS (planner.optimize.chosen.checked_option)."""
    program: Callable[[str], None] | None = None
    """Is given the program of the plan as an MPS file, before it is searched."""
    held: tuple[tuple[str, float], ...] = ()
    """Goals before cost, by title, that are held at these values in their units instead of being sought."""
    workers: int = 2
    """Worlds solved at the same time. Threads: the solver holds no lock, and facts and estimates are shared."""


def solve(
    scenario: Scenario, options: Options | None = None, catalog: Catalog | None = None, report: Report | None = None
) -> Plan:
    """The best plan of a scenario, proved to its gap and verified independently.

    Raises InputError for a scenario at fault, InfeasibleError when no plan meets its targets (with the targets
    that cannot be met and by how much), NoPlanError when none was found in time, InternalError when a plan
    fails the independent check. Ctrl-C once ends every search and keeps the best plans found so far.
    """
    options = options or Options()
    catalog = catalog or catalog_of(scenario)
    asked = scenario.counterfactuals if options.counterfactuals else ()
    stop = Event()
    with ThreadPoolExecutor(max(1, min(options.workers, 1 + len(asked)))) as pool:
        _tell(report, "reading facts and rules")
        base = pose(scenario, catalog)
        first = pool.submit(solve_posed, base, options, report, stop.is_set)
        tasks = sorted(asked, key=lambda entry: -len(entry.without))
        begun = {
            entry.id: pool.submit(
                _other_world,
                scenario,
                catalog,
                entry,
                base,
                replace(options, program=None),
                stop.is_set,
                first,
                waits=n > 0,
            )
            for n, entry in enumerate(tasks)
        }
        others = [begun[entry.id] for entry in asked]
        plan = _await(first, others, stop)
        answers = [_await(future, others, stop) for future in others]
    worlds = tuple(_beside(plan, entry, answer) for entry, answer in zip(asked, answers, strict=True))
    return replace(plan, worlds=worlds)


def _await[T](future: "Future[T]", others: "Iterable[Future[Answer]]", stop: Event) -> T:
    """The result of a solve. Ctrl-C ends all searches and keeps what they have; a fault just ends them."""
    try:
        try:
            return future.result()
        except KeyboardInterrupt:
            stop.set()
            return future.result()
    except BaseException:
        stop.set()
        for other in others:
            other.cancel()
        raise


@dataclass(frozen=True)
class Posed:
    """A case and the problem built from it."""

    case: Case
    problem: Problem
    without: tuple[str, ...]


def pose(scenario: Scenario, catalog: Catalog, without: tuple[str, ...] = ()) -> Posed:
    """The problem of a scenario with some rules left out. Raises InputError for data that contradict each other."""
    case = prepare(scenario, catalog, without)
    problem = build(case)
    if faults := contradictions(case, problem):
        raise InputError(faults)
    return Posed(case, problem, without)


def solve_posed(
    posed: Posed,
    options: Options,
    report: Report | None = None,
    stop: Stop | None = None,
    start: Mapping[str, float] | None = None,
    priced_above: Callable[[], float] = lambda: -math.inf,
) -> Plan:
    """The verified plan of one problem, without counterfactuals.

    Its limits are priced (by the linear relaxation) where it costs at least `priced_above()`.
    """
    case, problem, scenario = posed.case, posed.problem, posed.case.scenario
    _tell(report, "building the program")
    try:
        limits, told, merge = limits_of(scenario, options), _progress(report), scenario.solver.merge
        held = dict(options.held)
        found = searched(problem, limits, options.program, told, stop, start, merge=merge, held=held)
    except EmptyRowError as error:
        if options.program is not None:
            options.program(mps(Solver(assemble(problem, impossible=True), limits_of(scenario, Options()))))
        raise infeasible(case, problem, str(error), stop) from None
    solver, outcome, reached = found.solver, found.outcome, found.reached
    if outcome.status == "infeasible":
        raise infeasible(case, problem, stop=stop)
    if outcome.values is None or outcome.objective is None:
        raise _nothing(outcome)
    decisions = found.decisions
    _tell(report, "checking the plan")
    checked = verify(scenario, case.catalog, decisions, without=posed.without)
    if not checked.ok:
        faults = "; ".join(violation.message for violation in checked.violations[:5])
        raise InternalError(f"the independent check refused the plan: {faults}")
    objective = checked.objective
    stages = _stages(reached, {**checked.goals, "cost": objective})
    bound = next(stage.bound for stage in stages if stage.name == "cost")
    bound = -math.inf if bound is None else bound
    _agree(problem_cost=_cost(problem, decisions), checked=objective)
    relaxation = solver.relaxation() if objective >= priced_above() else None
    return Plan(
        case=case,
        problem=problem,
        decisions=decisions,
        status="optimal"
        if outcome.status == "optimal"
        else "time_limit"
        if outcome.status == "time_limit"
        else "interrupted",
        objective=objective,
        bound=bound,
        gap=relative_gap(objective, bound) or 0.0,
        verified=True,
        limits=found.limits(relaxation),
        solver=_solver_facts(found, options),
        stages=stages,
        duals={} if relaxation is None else found.duals(relaxation),
        columns=found.columns,
    )


def limits_of(scenario: Scenario, options: Options) -> Limits:
    """When the solver stops: as the options say, else the scenario."""
    asked = scenario.solver
    limit = options.time_limit
    if limit is None and asked.time_limit is not None:
        limit = asked.time_limit * 3600.0
    gap = asked.gap if options.gap is None else options.gap
    threads = asked.threads if options.threads is None else options.threads
    return Limits(gap, limit, threads, options.solver, options.solver_options)


def _nothing(outcome: Outcome) -> NoPlanError | InternalError:
    if outcome.status in ("time_limit", "interrupted"):
        hint = "allow more time with --time-limit, or a wider --gap"
        return NoPlanError.of("no-plan", f"no plan was found in {outcome.seconds:.0f} s ({outcome.status})", hint)
    return InternalError(f"the solver stopped with status {outcome.status}")


def _stages(reached: tuple[Reached, ...], recomputed: Mapping[str, float]) -> tuple[Stage, ...]:
    """The stages with their values as the independent check recomputes them.

    Raises InternalError when a value is better than its proved bound, or beyond the tolerance it was held at.
    """
    stages = []
    for stage in reached:
        value, sign = recomputed[stage.goal.title], 1.0 if stage.scale > 0 else -1.0
        bound = stage.bound
        if bound is not None and sign * (bound - value) > 1e-6 * max(1.0, abs(value)):
            told = f"{stage.goal.title}: the solver proves {bound:.8g}, the plan has {value:.8g} {stage.unit}"
            raise InternalError(told)
        if bound is not None:
            bound = sign * min(sign * bound, sign * value)
        gap = None if bound is None else relative_gap(value, bound)
        stages.append(Stage(stage.goal.title, value, bound, gap, stage.unit, stage.goal.tolerance, stage.status))
    return tuple(stages)


def _cost(problem: Problem, decisions: Decisions) -> float:
    """Net present cost of decisions by the program's own events."""
    from planner.plan.cash import cash_flows
    from planner.plan.trajectory import trajectory

    flows = cash_flows(problem, decisions, trajectory(problem, decisions))
    return -sum(flow.amount * flow.discount_factor for flow in flows)


def _agree(problem_cost: float, checked: float) -> None:
    """The program and the independent check must price the plan alike (relative 1e-6)."""
    if abs(problem_cost - checked) > 1e-6 * max(1.0, abs(checked)):
        raise InternalError(f"the check prices the plan at {checked:.2f}, the program at {problem_cost:.2f}")


def _solver_facts(found: Searched, options: Options) -> dict[str, Any]:
    from importlib.metadata import version

    import pulp

    solver = found.solver
    return {
        "name": options.solver,
        "version": version("highspy") if options.solver == HIGHS else None,
        "options": dict(options.solver_options),
        "pulp": pulp.__version__,
        "columns": len(solver.columns),
        "rows": len(solver.program.rows),
        "matrix_range": list(solver.matrix_range()),
        "nodes": found.outcome.nodes,
        **({"alike": [list(group) for group in found.alike.names]} if found.alike is not None else {}),
    }


def _tell(report: Report | None, stage: str) -> None:
    if report is not None:
        report(stage, None, None, None, 0.0)


def _progress(report: Report | None) -> Callable[[str, float], Progress] | None:
    if report is None:
        return None

    def of_stage(stage: str, scale: float) -> Progress:
        def told(incumbent: float | None, bound: float | None, gap: float | None, seconds: float) -> None:
            found, proved = (None if value is None else value * scale / MILLION for value in (incumbent, bound))
            report(f"solving{stage}", found, proved, gap, seconds)

        return told

    return of_stage


Answer = Plan | Posed | PlannerError
"""Of another world: its plan; its case, where the problem is the plan's own; or why there is none."""


def _other_world(
    scenario: Scenario,
    catalog: Catalog,
    asked: Counterfactual,
    base: Posed,
    options: Options,
    stop: Stop,
    first: "Future[Plan]",
    *,
    waits: bool,
) -> Answer:
    """A world without some rules. It waits for the plan `first`, which it can only better, and starts from it.

    The world that differs most does not wait, so that no processor does. A world that betters the plan needs no
    prices: they only explain why another does not.
    """
    try:
        posed = pose(scenario, catalog, asked.without)
        if same_problem(posed.problem, base.problem):
            return posed
        start = first.result().columns if waits else None
        return solve_posed(posed, options, None, stop, start, lambda: first.result().bound)
    except PlannerError as error:
        return error


def same_problem(one: Problem, other: Problem) -> bool:
    """Whether two problems differ in nothing but the reasons for what they leave out."""
    return replace(one, excluded=(), notes=()) == replace(other, excluded=(), notes=())


def _beside(plan: Plan, asked: Counterfactual, answer: Answer) -> World:
    """A counterfactual beside the plan."""
    if isinstance(answer, Plan):
        return world_of(plan, answer, asked)
    if isinstance(answer, Posed):
        return same_world(plan, answer.case, asked)
    return World(
        id=asked.id,
        title=asked.title,
        without=asked.without,
        status="none",
        objective=None,
        bound=None,
        gap=None,
        verified=False,
        difference=None,
        accelerators={},
        accepted_orders=(),
        peak_mw=None,
        explanation=str(answer),
    )
