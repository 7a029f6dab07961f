"""A plan without what it does not need."""

from dataclasses import replace

from planner.optimize.outcome import Outcome
from planner.optimize.steps import Steps

TRIM_NODES = 200
"""Most nodes for taking out what a plan does not need; nodes, not seconds: the answer is the same everywhere."""


def trimmed(steps: Steps, found: Outcome) -> Outcome:
    """The same plan without what it does not need: nothing may be added, orders and installations may shrink.

    A gap leaves room for a few systems that nobody uses; no reader should have to wonder about them.
    """
    solver, v, values = steps.solver, steps.solver.program.v, found.values
    if values is None or not v.order or steps.over:
        return found
    column = solver.column
    fixed = [*v.strategic(), *v.running.values(), *v.wired.values(), *v.retire.values()]
    fixed = [var for var in fixed if var.id in column]  # what is in no row decides nothing
    most = [column[var.id] for var in (*v.order.values(), *v.install.values(), *v.rent.values(), *v.move.values())]
    before = solver.all_bounds()
    lower, upper = (limits.copy() for limits in before)
    for var in fixed:
        lower[column[var.id]] = upper[column[var.id]] = float(round(values[column[var.id]]))
    for j in most:  # what was done before a plan is made anew stays done
        lower[j] = before[0][j]
        upper[j] = max(lower[j], float(round(values[j])))
    solver.set_bounds(lower, upper)
    solver.start_from(values)
    solver.nodes(TRIM_NODES)
    outcome = steps.run(1e-5)
    solver.nodes(None)
    solver.set_bounds(*before)
    if outcome.values is None or outcome.objective is None or outcome.objective > (found.objective or 0.0):
        return replace(found, seconds=outcome.seconds)
    return replace(found, values=outcome.values, objective=outcome.objective, seconds=outcome.seconds)
