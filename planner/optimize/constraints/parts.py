"""Parts that limit deliveries."""

from planner.optimize.program import Program


def part_supply(program: Program) -> None:
    """F29 Parts: what deliveries and ports need of a part, summed up, stays within what was there and has come in.

    sum_{t'<=t} (sum_i need[q,i] sum(order[i,u] : arrives at t')
                 + sum_{h,k} need[q,k] sum(attach[h,k,u] : in use from t')) <= stock[q] + sum_{t'<=t} inflow[q,t']
    This is the balance part[q,t] = part[q,t-1] + inflow[q,t] - need of what arrives, with part[q,t] >= 0 left out.
    """
    problem, v = program.problem, program.v
    for part in problem.parts:
        arriving = [
            (arrival, v.order[i, t], part.need[i]) for (i, t), arrival in problem.arrivals.items() if i in part.need
        ]
        arriving += [
            (level.ready[t], var, need)
            for (n, k, t), var in v.attach.items()
            if (need := (level := problem.networks[n].levels[k]).parts.get(part.id, 0.0))
        ]
        if not arriving:
            continue
        scale = max(need for _, _, need in arriving)
        for t in problem.horizon:
            there = part.stock + sum(part.inflow[: t + 1])
            terms = [(var, need / scale) for arrival, var, need in arriving if arrival <= t]
            program.add("part_supply", terms, "<=", there / scale, unit=part.unit, scale=scale, period=t, item=part.id)
