"""When nothing meets the targets: which cannot be met, and by how much."""

from dataclasses import replace

from planner.errors import Diagnostic, InfeasibleError
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.outcome import Limits, Stop
from planner.optimize.program import EmptyRowError
from planner.optimize.search import search
from planner.plan.decisions import Decisions
from planner.plan.extract import extract
from planner.problem.arrays import Problem
from planner.problem.case import Case
from planner.problem.foreseen import place, place_of_work, why_none
from planner.units import format as format_quantity

SECONDS = 20.0
"""Time given to the search for the least shortage."""

GRACE = 1.0
"""Seconds it goes on for when it is stopped."""

_EXPLAIN = "planner explain names the limits that conflict, and the cheapest ways to relax them"


def infeasible(case: Case, problem: Problem, detail: str | None = None, stop: Stop | None = None) -> InfeasibleError:
    """The error that names every target that cannot be met and by how much (the least shortage possible).

    Once `stop` answers True the search for that ends.
    """
    try:
        program = assemble(problem, elastic=True)
    except EmptyRowError as error:
        return _unreachable(case, problem, error)
    solver = Solver(program, Limits(0.01, SECONDS, case.scenario.solver.threads))
    outcome = search(solver, stop=stop, grace=GRACE)
    if outcome.values is None and outcome.status in ("interrupted", "time_limit"):
        message = "no plan meets every target; by how much was not found out before the search ended"
        return InfeasibleError.of("infeasible", message if detail is None else f"{message}: {detail}", _EXPLAIN)
    if outcome.values is None:
        message = "no plan keeps the limits, even with every target missed"
        caps = sorted(name for name, value in case.scenario.caps if value is not None)
        others = f"caps ({', '.join(caps)}), " if caps else ""
        hint = f"{others}installed base and budgets contradict each other: {_EXPLAIN}"
        return InfeasibleError.of("infeasible", message if detail is None else f"{message}: {detail}", hint)
    values = {var.id: value for var, value in zip(solver.columns, outcome.values, strict=True)}
    missed = _shortages(case, problem, extract(program, values))
    if not missed:
        return InfeasibleError.of(
            "infeasible", detail or "no plan meets every target, but the shortage is below the solver's tolerance"
        )
    return InfeasibleError(missed)


def _shortages(case: Case, problem: Problem, decisions: Decisions) -> list[Diagnostic]:
    """One diagnostic per target missed, at its place in the scenario."""
    found = []
    runs = {run.id: run for run in case.scenario.runs}
    for missed in decisions.missed:
        run = runs[missed.workload]
        tokens = format_quantity(run.tokens, "tokens")
        message = f"{run.id}: {tokens} on one cluster cannot be done by {run.deadline} beside the other targets"
        at = place_of_work(case, run.id)
        found.append(Diagnostic("unmet-run", message, _why_none(problem, run.id), at))
    targets = {row.id: row for row in problem.streams}
    for stream in targets.values():
        for budget in stream.budgets:
            late = sum(b.tokens for b in decisions.behind if (b.workload, b.period) == (stream.id, budget.last))
            if late:
                told = format_quantity(late, "tokens"), format_quantity(budget.tokens, "tokens")
                message = f"{stream.id}: {told[0]} of {told[1]} cannot be trained by the end of {budget.label}"
                found.append(Diagnostic("unmet-tokens", message, None, place_of_work(case, stream.id)))
        short = [s for s in decisions.shortfalls if s.workload == stream.id]
        if not short:
            continue
        worst = max(short, key=lambda s: s.tokens_per_s / stream.target[s.period])
        first, last = problem.calendar[short[0].period].label, problem.calendar[short[-1].period].label
        target = stream.target[worst.period]
        span = f"in {first}" if first == last else f"in {len(short)} periods from {first} to {last}"
        message = (
            f"{stream.id}: the target cannot be met {span}; worst in {problem.calendar[worst.period].label}: "
            f"{worst.tokens_per_s:,.0f} of {target:,.0f} tokens/s short ({worst.tokens_per_s / target:.1%})"
        )
        found.append(Diagnostic("unmet-target", message, None, place_of_work(case, stream.id)))
    if found and not any(one.hint for one in found):
        found[-1] = replace(found[-1], hint=_EXPLAIN)
    return found


def _why_none(problem: Problem, run: str) -> str | None:
    """What keeps every cluster from doing a run, when none was even a candidate."""
    index = next(w for w, row in enumerate(problem.runs) if row.id == run)
    return None if any(begin.run == index for begin in problem.begins) else f"{run}: {why_none(problem, run)}"


def _unreachable(case: Case, problem: Problem, error: EmptyRowError) -> InfeasibleError:
    """A limit in which no decision has a part."""
    item, _, period = error.name.rpartition(",")
    what = error.constraint.replace("_", " ")
    of = f"{item} in {problem.calendar[int(period)].label}" if item and period.isdigit() else error.name
    at = place(case, "least_compute") if error.constraint == "least_compute" else None
    message = f"no plan keeps the limits, whatever the targets: {what} of {of}: nothing can reach {error.wanted}"
    return InfeasibleError.of("infeasible", message, _EXPLAIN, at)
