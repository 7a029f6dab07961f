"""What is delivered and what of it is placed in service."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable


def stock_balance(program: Program) -> None:
    """F1 Stock: what has arrived and is not placed in service waits in stock.

    stock[i,t] = stock[i,t-1] + sum(order[i,t'] : arrives at t) + sum(count_o accept[o] : due at t)
                 - sum_h install[i,h,t] - sum_h spare[i,h,t] - surrender[i,t],
    stock[i,-1] = what is in store when the plan starts
    """
    problem, v = program.problem, program.v
    inflow: dict[tuple[int, int], list[tuple[LpVariable, float]]] = defaultdict(list)
    for (i, t), arrival in problem.arrivals.items():
        inflow[i, arrival].append((v.order[i, t], 1.0))
    for o, row in enumerate(problem.pending):
        inflow[row.system, row.due].append((v.accept[o], float(row.count)))
    for (i, _h, t), taken in (*v.install.items(), *v.spare.items()):
        inflow[i, t].append((taken, -1.0))
    for (i, t), given in v.surrender.items():
        inflow[i, t].append((given, -1.0))
    for (i, t), stock in v.stock.items():
        terms = [*inflow[i, t], (stock, -1.0)]
        if t > 0:
            terms.append((v.stock[i, t - 1], 1.0))
        there = -float(problem.store.initial.get(i, 0)) if t == 0 else 0.0
        program.add("stock_balance", terms, "==", there, unit="systems", period=t, item=problem.systems[i].id)


def surrender(program: Program) -> None:
    """F30 Surrender: of what a rule takes from the buyer nothing is in store.   stock[i,t] <= 0

    What is in service is F28.
    """
    problem, v = program.problem, program.v
    for i, t in sorted(v.surrender):
        item = problem.systems[i].id
        program.add("surrender", [(v.stock[i, t], 1.0)], "<=", 0.0, unit="systems", period=t, item=item)


def warehouse_capacity(program: Program) -> None:
    """F46 Warehouse: what waits in store stays within its capacity.   sum_i g_i stock[i,t] <= capacity[t]"""
    problem, v = program.problem, program.v
    for t, limit in enumerate(problem.store.capacity or ()):
        terms = [(var, float(problem.systems[i].accelerators)) for (i, u), var in v.stock.items() if u == t]
        program.add("warehouse_capacity", terms, "<=", limit, unit="accelerators", period=t)
