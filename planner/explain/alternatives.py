"""Plans that cost nearly as little and differ much: what is robust in a plan, and what is taste.

What the plan does (its vendors' systems, its sites, early or late orders) is made dearer by a little more than the
share of cost that may be given up, and the program is solved again; of several such tilts the steepest is taken whose
plan really costs no more than that. Each answer is a verified plan; one that decides what another already does is left
out.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.explain.resolve import Edit, solved
from planner.optimize.money import MILLION, fixed, priced
from planner.optimize.program import Program
from planner.plan.decisions import Decisions
from planner.plan.plan import Plan
from planner.plan.solve import Options, Posed
from planner.problem.arrays import Problem

if TYPE_CHECKING:
    from pulp import LpVariable

TILTS = (4.0, 2.0, 1.0, 0.5)
"""Tilts tried, steepest first: the plan's ways get dearer by so many times the share that may be given up."""

type Weights = list[tuple["LpVariable", float]]


@dataclass(frozen=True)
class Alternative:
    """One plan near the best."""

    way: str
    """In which respect it was asked to differ."""
    cost: float
    extra: float
    """Cost over the plan's, as a share of it."""
    decisions: Decisions
    vendors: Mapping[str, float]
    """Accelerators bought by vendor."""
    sites: Mapping[str, float]
    """Accelerators placed in service by site."""
    mean_order: float
    """Mean period of its orders, weighted by accelerators, counted from 0."""
    differs: float
    """Share of the accelerators, by system and site, that stand elsewhere or are of another kind than in the plan."""


def alternatives(
    plan: Plan,
    share: float = 0.01,
    options: Options | None = None,
    told: Callable[[str], None] | None = None,
    workers: int = 2,
) -> tuple[Alternative, ...]:
    """The plan itself, then up to four others within `share` of its cost that differ by vendor, site and time."""
    ways: dict[str, Callable[[Program], Weights]] = {
        "other vendors": lambda program: _vendors(program, plan),
        "other sites": lambda program: _sites(program, plan),
        "later orders": lambda program: _timing(program, later=True),
        "earlier orders": lambda program: _timing(program, later=False),
    }
    chosen = options or Options(counterfactuals=False)

    def sought(way: str) -> Alternative | None:
        for tilt in TILTS:
            if told is not None:
                told(f"{way}, tilt {tilt:g}")
            edit = _tilted(plan, tilt * share, ways[way])
            answer = solved(Posed(plan.case, plan.problem, ()), chosen, edit, plan.columns)
            if answer.decisions is not None and answer.cost <= plan.objective + share * abs(plan.objective):
                other = _described(way, plan, answer.decisions, answer.cost)
                if _times(other) != _times(found[0]) or other.differs > SAME:
                    return other
        return None

    found = [_described("the plan", plan, plan.decisions, plan.objective)]
    with ThreadPoolExecutor(max(1, workers)) as pool:
        for other in pool.map(sought, ways):
            if other is not None and all(_apart(plan.problem, other, seen) for seen in found):
                found.append(other)
    return tuple(found)


SAME = 1e-6
"""Share of accelerators that stand elsewhere below which two plans stand alike."""


def _apart(problem: Problem, one: Alternative, other: Alternative) -> bool:
    """Whether two plans decide anything otherwise that a buyer sees."""
    return _distance(problem, one.decisions, other.decisions) > SAME or _times(one) != _times(other)


def _tilted(plan: Plan, dearer: float, weights: Callable[[Program], Weights]) -> Edit:
    """A program whose cost has `dearer` times the plan's on top for doing as the plan does."""

    def edit(program: Program) -> None:
        from pulp import lpSum_vars_coefs

        problem = program.problem
        terms = [(var, problem.cost(events) / MILLION) for var, events in priced(program)]
        constant = problem.cost(fixed(program)) / MILLION
        weighed = weights(program)
        whole = sum(weight * plan.columns.get(var.name, 0.0) for var, weight in weighed)
        factor = dearer * abs(plan.objective) / MILLION / whole if whole else 0.0
        tilt = [(var, weight * factor) for var, weight in weighed]
        program.lp.setObjective(lpSum_vars_coefs([*terms, *tilt]) + constant)

    return edit


def _vendors(program: Program, plan: Plan) -> Weights:
    """Accelerators ordered, each weighed by its vendor's share in the plan."""
    rows, shares = program.problem.systems, _shares(_bought(plan.problem, plan.decisions))
    return [(var, rows[i].accelerators * shares.get(rows[i].vendor, 0.0)) for (i, _), var in program.v.order.items()]


def _sites(program: Program, plan: Plan) -> Weights:
    """Accelerators placed in service, each weighed by its site's share in the plan."""
    problem = program.problem
    shares = _shares(_placed(problem, plan.decisions))
    site = [problem.sites[hall.site].id for hall in problem.halls]
    return [
        (var, problem.systems[i].accelerators * shares.get(site[h], 0.0))
        for (i, h, _), var in program.v.install.items()
    ]


def _timing(program: Program, *, later: bool) -> Weights:
    """Orders weighed by how early, or how late, they are placed."""
    problem = program.problem
    last = len(problem.calendar) - 1
    return [
        (var, float(problem.systems[i].accelerators * (last - t if later else t)))
        for (i, t), var in program.v.order.items()
    ]


def _bought(problem: Problem, decisions: Decisions) -> dict[str, float]:
    rows = {row.id: row for row in problem.systems}
    found: dict[str, float] = defaultdict(float)
    for order in decisions.orders:
        found[rows[order.system].vendor] += order.count * rows[order.system].accelerators
    return dict(sorted(found.items()))


def _placed(problem: Problem, decisions: Decisions) -> dict[str, float]:
    rows = {row.id: row for row in problem.systems}
    found: dict[str, float] = defaultdict(float)
    for install in decisions.installs:
        found[install.site] += install.count * rows[install.system].accelerators
    return dict(sorted(found.items()))


def _shares(counts: Mapping[str, float]) -> dict[str, float]:
    total = sum(counts.values())
    return {key: value / total for key, value in counts.items()} if total else {}


def _cells(problem: Problem, decisions: Decisions) -> dict[tuple[str, str], float]:
    rows = {row.id: row for row in problem.systems}
    found: dict[tuple[str, str], float] = defaultdict(float)
    for install in decisions.installs:
        found[install.system, install.site] += install.count * rows[install.system].accelerators
    return found


def _distance(problem: Problem, one: Decisions, other: Decisions) -> float:
    """Share of the accelerators placed, by system and site, that the two do not have in common: 0 to 1."""
    a, b = _cells(problem, one), _cells(problem, other)
    largest = max(sum(a.values()), sum(b.values()))
    return 1.0 - sum(min(a.get(key, 0.0), b.get(key, 0.0)) for key in {*a, *b}) / largest if largest else 0.0


def _times(found: Alternative) -> tuple[Any, ...]:
    return found.decisions.orders, found.decisions.starts


def _described(way: str, plan: Plan, decisions: Decisions, cost: float) -> Alternative:
    problem = plan.problem
    rows = {row.id: row for row in problem.systems}
    sizes = [(order.period, order.count * rows[order.system].accelerators) for order in decisions.orders]
    total = sum(size for _, size in sizes)
    return Alternative(
        way,
        cost,
        (cost - plan.objective) / max(abs(plan.objective), 1e-9),
        decisions,
        _bought(problem, decisions),
        _placed(problem, decisions),
        sum(t * size for t, size in sizes) / total if total else 0.0,
        _distance(problem, plan.decisions, decisions),
    )


def records(found: tuple[Alternative, ...]) -> list[dict[str, Any]]:
    """As records; mixes as words, largest first."""
    return [
        {
            "way": row.way,
            "cost": row.cost,
            "extra": row.extra,
            "differs": row.differs,
            "accelerators": sum(row.vendors.values()),
            "vendors": _mix(row.vendors),
            "sites": _mix(row.sites),
            "mean_order": row.mean_order,
        }
        for row in found
    ]


def _mix(counts: Mapping[str, float]) -> str:
    shares = sorted(_shares(counts).items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{key} {share:.0%}" for key, share in shares)
