"""The limits of a plan: what each allows, what is used of it, and its price in the relaxation."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from planner.optimize.highs import Relaxation
from planner.optimize.money import MILLION
from planner.optimize.program import Program, Row
from planner.problem.arrays import Problem

LIMITS = frozenset(
    {
        "supply_per_period",
        "hall_power",
        "site_power",
        "runs_fed",
        "rack_positions",
        "stream_target",
        "run_once",
        "energy_and_carbon",
        "rent_capacity",
        "expand_times",
        "warehouse_capacity",
        "total_budget",
        "yearly_budget",
        "quota",
        "flow_ratio",
        "share_limit",
        "bundled_purchase",
        "energy_quota",
        "removal",
        "surrender",
        "exempt_placed",
        "exempt_on",
        "part_supply",
        "ports_attached",
        "ports_reach",
        "work_apart",
        "goal_caps",
        "token_budget",
        "least_compute",
    }
)
"""Constraints that a reader would call a limit; the others only tie decisions together."""

POWER = frozenset({"hall_power", "site_power"})
"""Limits of power on average: F41 gives the same power to what is on at one moment, and the price is that of both."""

ENLARGED = frozenset({"hall_power", "site_power", "runs_fed", "rack_positions", "ports_attached", "ports_reach"})
"""Limits to which the plan itself may add."""

READ = {"ports_reach": "accelerators", "work_apart": "workloads"}
"""Of constraints with rows of several kinds, the unit of those that are limits."""

UNPRICED = frozenset({"work_apart"})
"""Limits on yes and no, of which a part has no price."""

BINDING = 1e-3
"""A limit with less than this share of slack counts as binding; whole systems rarely fill one to the last kW."""


NOISE = 1e-6
"""Prices, in currency per unit of a limit, below which nothing but rounding is seen."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: `lhs sense rhs` in `unit`.

    `shadow_price`, from the linear relaxation, is what one unit more of an upper limit saves, or what one
    unit more of a demand costs.
    """

    name: str
    period: int | None
    site: str | None
    item: str | None
    lhs: float
    sense: str
    rhs: float
    unit: str
    shadow_price: float | None

    @property
    def slack(self) -> float:
        """What is left of it, not negative when it is kept."""
        return self.rhs - self.lhs if self.sense != ">=" else self.lhs - self.rhs

    @property
    def binding(self) -> bool:
        """Whether the plan uses it up, or the relaxation pays for it."""
        return self.slack <= BINDING * max(abs(self.rhs), 1e-9) or bool(self.shadow_price)


def row_prices(program: Program, relaxation: Relaxation) -> tuple[float, ...]:
    """Duals of the rows of the relaxation, in millions; one unit more of power serves all rows that share it."""
    shared: dict[tuple[str | None, int | None], float] = defaultdict(float)
    for row in program.rows:
        if row.constraint == "on_at_once" and row.unit == "MW":
            shared[row.site, row.period] += relaxation.row_dual[row.id]
    duals = list(relaxation.row_dual)
    for row in program.rows:
        if row.constraint in POWER:
            duals[row.id] += shared[row.site, row.period]
    return tuple(duals)


def limits(
    program: Program,
    values: Mapping[int, float],
    relaxation: Relaxation | None,
    apart: Callable[[Row, Limit], Iterable[Limit]] = lambda _, limit: (limit,),
) -> tuple[Limit, ...]:
    """The limits of a solved program, with the duals of its relaxation where that was solved.

    `apart`: the limits that one is of, where alike places were planned as one.
    """
    found: list[Limit] = []
    # power and space bought are part of what a limit allows: their price is none of it
    bought = {var.id for var in (*program.v.expand.values(), *program.v.attach.values())}
    prices = row_prices(program, relaxation) if relaxation is not None else ()
    for row in program.rows:
        if row.constraint not in LIMITS or READ.get(row.constraint, row.unit) != row.unit:
            continue
        terms = [(id, value / row.factor) for id, value in zip(row.variables, row.values, strict=True)]
        enlarging = bought if row.constraint in ENLARGED else frozenset[int]()
        activity = sum(value * values[id] for id, value in terms if id not in enlarging)
        more = -sum(value * values[id] for id, value in terms if id in enlarging) if enlarging else 0.0
        price = None
        if relaxation is not None and row.constraint not in UNPRICED:
            sign = -1.0 if row.sense == "<=" else 1.0
            price = sign * prices[row.id] * MILLION / row.scale
            price = 0.0 if abs(price) < NOISE else price
        name, unit = row.constraint, row.unit
        found += apart(
            row,
            Limit(
                name,
                row.period,
                row.site,
                row.item,
                activity * row.scale,
                row.sense,
                (row.rhs + more) * row.scale,
                unit,
                price,
            ),
        )
    return tuple(_tightest(found))


def _tightest(found: list[Limit]) -> Iterator[Limit]:
    """Of several rows about one limit in one period the one with the least room, with the prices of all."""
    groups: dict[tuple[str, int | None, str | None, str | None, str], list[Limit]] = {}
    for limit in found:
        groups.setdefault((limit.name, limit.period, limit.site, limit.item, limit.unit), []).append(limit)
    for same in groups.values():
        prices = [limit.shadow_price for limit in same if limit.shadow_price is not None]
        yield replace(min(same, key=lambda limit: limit.slack), shadow_price=sum(prices) if prices else None)


def limit_records(found: tuple[Limit, ...], problem: Problem) -> list[dict[str, Any]]:
    """One row per limit and period."""
    return [
        {
            "name": limit.name,
            "kind": "demand" if limit.sense != "<=" else "limit",
            "period": None if limit.period is None else problem.calendar[limit.period].label,
            "site": limit.site,
            "product": limit.item if limit.item in problem.accelerators else None,
            "item": limit.item,
            "lhs": limit.lhs,
            "sense": limit.sense,
            "rhs": limit.rhs,
            "unit": limit.unit,
            "slack": limit.slack,
            "binding": limit.binding,
            "shadow_price": limit.shadow_price,
            "note": "dual of the linear relaxation" if limit.shadow_price is not None else None,
        }
        for limit in found
    ]
