"""Quotas, shares and ratios, of rules and of the buyer's own: weighted counts of systems within a limit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.optimize.program import Program
from planner.problem.obliged import Cap, CapKind

if TYPE_CHECKING:
    from pulp import LpVariable


def quota(program: Program) -> None:
    """F20 Quota: what is counted of the covered accelerators, all together, stays within a number.

    sum_i weight_i count[i] <= most
    """
    _limit(program, "quota")


def flow_ratio(program: Program) -> None:
    """F21 Ratio: what is counted of one group stays within so many per unit of another.

    sum_{i in of} weight_i count[i] <= ratio sum_{i in among} weight_i count[i]
    """
    _limit(program, "flow_ratio")


def share_limit(program: Program) -> None:
    """F22 Share: a group has at least, or at most, a share of what is counted.

    sum_{i in of} weight_i count[i] >= share sum_{i in among} weight_i count[i]
    """
    _limit(program, "share_limit")


def bundled_purchase(program: Program) -> None:
    """F23 Bundle: covered accelerators are ordered only with so many domestic ones each.

    n sum_{i covered} weight_i order[i] <= sum_{i domestic} weight_i order[i]
    """
    _limit(program, "bundled_purchase")


def _limit(program: Program, kind: CapKind) -> None:
    for cap in program.problem.obliged.of_kind(kind):
        scale = max(abs(weight) for _, weight in cap.weights)
        terms = [(var, count / scale) for var, count in counted(program, cap)]
        period = cap.periods[0] if len(cap.periods) == 1 else None
        program.add(kind, terms, "<=", cap.limit / scale, unit=cap.unit, scale=scale, period=period, item=cap.id)


def counted(program: Program, cap: Cap) -> "Iterator[tuple[LpVariable, float]]":
    """Every variable that a cap counts, with its weight."""
    problem, v = program.problem, program.v
    weight, periods = dict(cap.weights), frozenset(cap.periods)
    if cap.counts in ("orders", "deliveries"):
        for (i, t), arrival in problem.arrivals.items():
            if i in weight and (t if cap.counts == "orders" else arrival) in periods:
                yield v.order[i, t], weight[i]
        for o, row in enumerate(problem.pending):
            if cap.counts == "deliveries" and row.system in weight and row.due in periods:
                yield v.accept[o], weight[row.system] * row.count
        return
    for (i, h, t), var in (v.install if cap.counts == "installs" else v.fleet).items():
        here = cap.sites is None or problem.halls[h].site in cap.sites
        if i in weight and t in periods and here:
            yield var, weight[i]
