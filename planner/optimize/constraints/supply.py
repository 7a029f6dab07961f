"""What the buyer can have delivered."""

from planner.optimize.program import Program


def supply_per_period(program: Program) -> None:
    """F5 Supply: deliveries of one accelerator, over all systems that hold it, within the buyer's allocation.

    sum_{i: a(i)=a} g_i sum(order[i,t'] : arrives at t) <= allocation[a,t]
    With carry-over, allocation that was not called stays available: both sides are summed up to t.
    """
    problem, v = program.problem, program.v
    for accelerator in problem.accelerators:
        arriving = [
            (arrival, v.order[i, t], float(problem.systems[i].accelerators))
            for (i, t), arrival in problem.arrivals.items()
            if problem.systems[i].accelerator == accelerator
        ]
        if not arriving:
            continue
        for t in problem.horizon:
            first = 0 if problem.carry_over else t
            allowed = sum(problem.allocation.get((accelerator, u), 0.0) for u in range(first, t + 1))
            terms = [(var, size) for arrival, var, size in arriving if first <= arrival <= t]
            program.add("supply_per_period", terms, "<=", allowed, unit="accelerators", period=t, item=accelerator)
