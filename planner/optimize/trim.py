"""A plan without what it does not need."""

from dataclasses import replace

from planner.optimize.highs import Outcome
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
    before = {column[var.id]: solver.bounds(column[var.id]) for var in fixed} | {j: solver.bounds(j) for j in most}
    for var in fixed:
        whole = float(round(values[column[var.id]]))
        solver.bound(column[var.id], whole, whole)
    for j in most:
        least = before[j][0]  # what was done before a plan is made anew stays done
        solver.bound(j, least, max(least, float(round(values[j]))))
    solver.start_from(values)
    solver.nodes(TRIM_NODES)
    outcome = steps.run(1e-5)
    solver.nodes(None)
    for j, (lower, upper) in before.items():
        solver.bound(j, lower, upper)
    if outcome.values is None or outcome.objective is None or outcome.objective > (found.objective or 0.0):
        return replace(found, seconds=outcome.seconds)
    return replace(found, values=outcome.values, objective=outcome.objective, seconds=outcome.seconds)
