"""What is delivered and what of it is placed in service."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable


def stock_balance(program: Program) -> None:
    """F1 Stock: what has arrived and is not placed in service waits in stock.

    stock[i,t] = stock[i,t-1] + sum(order[i,t'] : arrives at t) + sum(count_o accept[o] : due at t)
                 - sum_h install[i,h,t]
    """
    problem, v = program.problem, program.v
    inflow: dict[tuple[int, int], list[tuple[LpVariable, float]]] = defaultdict(list)
    for (i, t), arrival in problem.arrivals.items():
        inflow[i, arrival].append((v.order[i, t], 1.0))
    for o, row in enumerate(problem.pending):
        inflow[row.system, row.due].append((v.accept[o], float(row.count)))
    for (i, _h, t), install in v.install.items():
        inflow[i, t].append((install, -1.0))
    for (i, t), stock in v.stock.items():
        terms = [*inflow[i, t], (stock, -1.0)]
        if t > 0:
            terms.append((v.stock[i, t - 1], 1.0))
        program.add("stock_balance", terms, "==", 0.0, unit="systems", period=t, item=problem.systems[i].id)
