"""At which price, or at which MFU, a system that a plan does not buy would enter it.

Both come from the prices that the linear relaxation puts on throughput, power, racks and supply: one more
system of a kind is worth the tokens it trains at the price of tokens, less the power and space it takes at
theirs. They hold for the first system of its kind, without the cost of porting software to its platform. Where
software ripens, it trains as much as software of its age does: of the plan's own port, else of the earliest one.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from planner.costs.events import Events
from planner.optimize.highs import Relaxation
from planner.optimize.money import MILLION
from planner.optimize.program import Program
from planner.plan.binding import row_prices
from planner.problem.arrays import Problem

MOST_MFU = 10.0
"""Multiples of a system's throughput beyond which no answer is looked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What would bring a system into a plan; shares and factors are of its price and its MFU in the scenario."""

    system: str
    price: float
    price_share: float | None
    """Share of its price below which it enters; None: not even for nothing."""
    mfu: float
    mfu_factor: float | None
    """Factor on its throughput from which on it enters; None: none up to ten."""

    @property
    def entry_price(self) -> float:
        """Price below which it enters, 0 when none does."""
        return self.price * (self.price_share or 0.0)


Ready = Mapping[tuple[str, str], int]
"""(software family, platform) -> period in which the plan's port of it is ready."""
Duals = Mapping[tuple[str, str | None, str | None, int | None], float]


def duals(program: Program, relaxation: Relaxation) -> Duals:
    """Duals of the relaxation by constraint, item, site and period, in currency per unit of the row as written."""
    prices = row_prices(program, relaxation)
    return {(row.constraint, row.item, row.site, row.period): prices[row.id] * MILLION for row in program.rows}


def entry(problem: Problem, priced: Duals, system: int, price: float, mfu: float, ready: Ready) -> Entry:
    """The thresholds of one system; `price` in the problem's currency, `mfu` its model FLOPs utilisation; `ready`: the
    plan's ports.
    """
    grown = _efficiencies(problem, problem.platform_of(system), ready)
    ways = [
        way
        for (i, t), arrival in problem.arrivals.items()
        if i == system
        for way in _ways(problem, priced, grown, system, t, arrival)
    ]
    shares = [way.worth(1.0) / way.price_cost for way in ways if way.price_cost > 0]
    best = max(shares, default=-1.0)
    factor = _factor(ways)
    return Entry(problem.systems[system].id, price, best if best > 0 else None, mfu, factor)


@dataclass(frozen=True, slots=True)
class _Way:
    """One system ordered at a time for a hall: what it costs in proportion to its price, and what else."""

    price_cost: float
    """Present cost of price, maintenance and residual value together."""
    other_cost: float
    """Network, racks and supply."""
    work: tuple[tuple[float, float], ...]
    """Per period: (worth of its tokens, cost of its power)."""

    def worth(self, factor: float) -> float:
        """What it earns over its life beyond everything but its price, at a multiple of its throughput."""
        return sum(max(0.0, factor * tokens - power) for tokens, power in self.work) - self.other_cost


def _efficiencies(problem: Problem, platform: str, ready: Ready) -> dict[tuple[str, int], float]:
    """(software family, period) -> efficiency of its software on a platform then; empty where it is mature at once."""
    if problem.ripening is None:
        return {}
    found = {}
    for family in sorted({stream.software for stream in problem.streams}):
        known = (family, platform) in problem.ported
        since = ready.get((family, platform), min(problem.ready_periods(family, platform), default=None))
        for t in problem.horizon:
            if known:
                found[family, t] = 1.0
            else:
                found[family, t] = 0.0 if since is None or since > t else problem.efficiency(since, t)
    return found


def _ways(
    problem: Problem,
    priced: Duals,
    grown: Mapping[tuple[str, int], float],
    system: int,
    period: int,
    arrival: int,
) -> list[_Way]:
    row = problem.systems[system]
    order = problem.order_events[system, period]
    supply = _supply_price(problem, priced, row.accelerator, arrival) * row.accelerators
    found = []
    for h, hall in enumerate(problem.halls):
        times = [t for t in problem.horizon if t >= arrival]
        if (system, h, arrival) not in problem.placeable:
            continue
        kept = _cost(problem, *(problem.kept_events[system, t] for t in times))
        racks = sum(-priced.get(("rack_positions", None, hall.id, t), 0.0) for t in times) * problem.racks[system, h]
        capped = _caps_price(problem, priced, (system, h), period, arrival)
        other = _cost(problem, problem.placed_events(system, h, arrival)) + racks + supply + capped
        lost = dict(problem.idle.get((system, arrival), ()))
        work = tuple(_part(_period(problem, priced, grown, system, h, t), 1.0 - lost.get(t, 0.0)) for t in times)
        found.append(_Way(_cost(problem, order) + kept, other, work))
    return found


def _part(worth: tuple[float, float], share: float) -> tuple[float, float]:
    """Worth and cost of a part of a period."""
    return worth[0] * share, worth[1] * share


def _period(
    problem: Problem, priced: Duals, grown: Mapping[tuple[str, int], float], system: int, h: int, t: int
) -> tuple[float, float]:
    """(worth of the tokens, cost of the power) of one system in a hall through a period."""
    hall = problem.halls[h]
    if (system, h, t) not in problem.usable:
        return 0.0, 0.0
    best = 0.0
    for j, job in enumerate(problem.jobs):
        stream = problem.streams[job.stream]
        alone = job.system == system and job.beside is None
        if alone and h in problem.job_halls[j] and stream.target[t] > 0:
            dual = priced.get(("stream_target", stream.id, None, t), 0.0)
            rate = job.rate * grown.get((stream.software, t), 1.0)
            best = max(best, dual * rate / job.units / stream.target[t])
    mw = problem.draw_kw(system, h) / 1000.0
    site = problem.sites[hall.site].id
    limits = -priced.get(("hall_power", hall.cooling, hall.id, t), 0.0) * mw
    limits -= priced.get(("site_power", None, site, t), 0.0) * mw * hall.peak_pue[t]
    return best, _cost(problem, problem.powered_events[system, h, t]) + limits


def _supply_price(problem: Problem, priced: Duals, accelerator: str, arrival: int) -> float:
    """Price of one accelerator of supply delivered in a period: of every row that counts it."""
    rows = [t for t in problem.horizon if (t >= arrival if problem.carry_over else t == arrival)]
    return sum(-priced.get(("supply_per_period", accelerator, None, t), 0.0) for t in rows)


def _caps_price(problem: Problem, priced: Duals, place: tuple[int, int], period: int, arrival: int) -> float:
    """What one system ordered in `period` and placed at `arrival` takes of quotas and shares, at their prices."""
    total, (system, h) = 0.0, place
    for cap in problem.obliged.caps:
        weight = dict(cap.weights).get(system, 0.0)
        at = frozenset(cap.periods)
        if cap.counts == "fleet":
            times = sum(t in at for t in problem.horizon[arrival:])
        else:
            times = int((period if cap.counts == "orders" else arrival) in at)
        here = cap.sites is None or problem.halls[h].site in cap.sites
        if weight and times and here:
            only = cap.periods[0] if len(cap.periods) == 1 else None
            scale = max(abs(w) for _, w in cap.weights)
            total -= priced.get((cap.kind, cap.id, None, only), 0.0) * weight / scale * times
    return total


def _cost(problem: Problem, *events: Events) -> float:
    return sum(problem.cost(group) for group in events)


def _factor(ways: list[_Way]) -> float | None:
    """Least factor on throughput at which some way pays its price, by bisection (worth rises with the factor)."""

    def pays(factor: float) -> bool:
        return any(way.worth(factor) >= way.price_cost for way in ways)

    if not ways or not pays(MOST_MFU):
        return None
    low, high = 0.0, MOST_MFU
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if pays(middle) else (middle, high)
    return high


def by_accelerator(entries: list[Entry], accelerator: Mapping[str, str]) -> tuple[Entry, ...]:
    """The system of each accelerator that would enter first."""
    best: dict[str, list[Entry]] = defaultdict(list)
    for found in entries:
        best[accelerator[found.system]].append(found)
    return tuple(max(group, key=lambda e: e.price_share or 0.0) for _, group in sorted(best.items()))
