"""What follows from the decisions: systems in service and switched on, period by period."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from planner.plan.decisions import Decisions, Install, Spare, Surrender
from planner.plan.output import job_of, number_of
from planner.problem.arrays import Problem

TINY = 1e-7
"""Systems below which a sum of parts is nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One kind of system in one hall."""

    system: str
    site: str
    hall: str


@dataclass(frozen=True)
class Trajectory:
    """Systems by cell and period."""

    base: Mapping[Cell, int]
    added: Mapping[Cell, tuple[int, ...]]
    retired: Mapping[Cell, tuple[int, ...]]
    fleet: Mapping[Cell, tuple[int, ...]]
    powered: Mapping[Cell, tuple[float, ...]]
    installing: Mapping[Cell, tuple[float, ...]]
    """Systems in service that are being installed, averaged over the period."""
    upper_kw: Mapping[Cell, tuple[float, ...]]
    """IT power of networks beyond the nearest, for the work that runs over them."""
    failed: Mapping[Cell, tuple[float, ...]]
    """Systems in service that failed beyond repair, when a period begins."""
    stored: Mapping[str, tuple[float, ...]]
    """Systems in store, by system."""

    @property
    def cells(self) -> list[Cell]:
        """Every cell in which anything ever stands, sorted."""
        return sorted(self.fleet)


def present(track: "Trajectory", cell: Cell, period: int) -> float:
    """Systems of a cell that stand there through a period: in service, and not failed when it begins."""
    gone = track.failed[cell][period] if cell in track.failed else 0.0
    return track.fleet[cell][period] - gone


def trajectory(problem: Problem, decisions: Decisions) -> Trajectory:
    """Fleet and powered systems of a plan, from its decisions."""
    periods = len(problem.calendar)
    base = {}
    for (i, h), count in problem.base.items():
        site, hall = problem.halls[h].id.split("/")
        base[Cell(problem.systems[i].id, site, hall)] = count

    def by_cell(records: Iterable[Any]) -> dict[Cell, list[int]]:
        counts: dict[Cell, list[int]] = defaultdict(lambda: [0] * periods)
        for record in records:
            counts[Cell(record.system, record.site, record.hall)][record.period] += record.count
        return counts

    added, retired, powered = by_cell(decisions.installs), by_cell(decisions.retirements), by_cell(decisions.powered)
    index = {row.id: i for i, row in enumerate(problem.systems)}
    arrives = {(row.system, row.leaves): row.arrives for row in problem.moves}
    for move in decisions.moves:
        retired[Cell(move.system, move.site, move.hall)][move.period] += move.count
        into = Cell(move.system, move.to_site, move.to_hall)
        added[into][arrives[index[move.system], move.period]] += move.count
    zero = [0] * periods
    fleet: dict[Cell, tuple[int, ...]] = {}
    for cell in sorted({*base, *added}):
        standing, counts = base.get(cell, 0), []
        for t in range(periods):
            standing += added.get(cell, zero)[t] - retired.get(cell, zero)[t]
            counts.append(standing)
        fleet[cell] = tuple(counts)
    installing = _installing(problem, decisions)
    return Trajectory(
        base,
        {cell: tuple(counts) for cell, counts in added.items()},
        {cell: tuple(counts) for cell, counts in retired.items()},
        fleet,
        {cell: tuple(counts) for cell, counts in powered.items()},
        installing,
        _upper(problem, decisions) if problem.networks else {},
        _failed(problem, decisions, fleet, installing),
        _stored(problem, decisions),
    )


def _failed(
    problem: Problem,
    decisions: Decisions,
    fleet: Mapping[Cell, tuple[int, ...]],
    installing: Mapping[Cell, tuple[float, ...]],
) -> Mapping[Cell, tuple[float, ...]]:
    """Failed systems of each cell: a share of what works in each period, less spares and those that are retired."""
    system = {row.id: i for i, row in enumerate(problem.systems)}
    hall = {row.id: h for h, row in enumerate(problem.halls)}
    out: dict[Cell, list[float]] = defaultdict(lambda: [0.0] * len(problem.calendar))
    for spare in decisions.spares:
        out[Cell(spare.system, spare.site, spare.hall)][spare.period] += spare.count
    for end in decisions.retirements:
        out[Cell(end.system, end.site, end.hall)][end.period] += end.failed or 0.0
    found: dict[Cell, tuple[float, ...]] = {}
    worn = problem.wear.cells()
    for cell, counts in fleet.items():
        i, h = system[cell.system], hall[f"{cell.site}/{cell.hall}"]
        if (i, h) not in worn:
            continue
        line, late = [0.0], installing.get(cell, (0.0,) * len(counts))
        for t in range(1, len(counts)):
            lost = problem.wear.loss.get((i, h, t - 1), 0.0) * (counts[t - 1] - line[-1] - late[t - 1])
            left = max(0.0, line[-1] + lost - (out[cell][t] if cell in out else 0.0))
            line.append(_clean(min(left, float(counts[t]))))
        found[cell] = tuple(line)
    return found


def _stored(problem: Problem, decisions: Decisions) -> Mapping[str, tuple[float, ...]]:
    index = {row.id: i for i, row in enumerate(problem.systems)}
    change: dict[str, list[float]] = defaultdict(lambda: [0] * len(problem.calendar))
    for i, count in problem.store.initial.items():
        change[problem.systems[i].id][0] += count
    for order in decisions.orders:
        change[order.system][problem.arrivals[index[order.system], order.period]] += order.count
    accepted = {record.order_id for record in decisions.accepted}
    for row in problem.pending:
        change[problem.systems[row.system].id][row.due] += row.count if row.id in accepted else 0
    out: tuple[Install | Spare | Surrender, ...] = (*decisions.installs, *decisions.spares, *decisions.surrenders)
    for taken in out:
        change[taken.system][taken.period] -= taken.count
    return {system: tuple(map(_clean, accumulate(line))) for system, line in sorted(change.items())}


def _clean(systems: float) -> float:
    """Without the rounding that sums of parts leave."""
    return 0.0 if abs(systems) < TINY else systems


def _upper(problem: Problem, decisions: Decisions) -> dict[Cell, tuple[float, ...]]:
    """kW by cell and period of networks beyond the nearest."""
    drawn: dict[Cell, list[float]] = defaultdict(lambda: [0.0] * len(problem.calendar))
    for job in decisions.jobs:
        if job.network is not None:
            kw = problem.loads.jobs.get(job_of(problem, job), 0.0)
            drawn[Cell(job.system, job.site, job.hall)][job.period] += kw * job.jobs
    for start in decisions.starts:
        if start.network is not None:
            n = number_of(problem, decisions, start)
            for t, share in problem.begins[n].occupancy:
                kw = problem.loads.begins.get(n, 0.0) * share
                drawn[Cell(start.system, start.site, start.hall)][t] += kw
    return {cell: tuple(line) for cell, line in drawn.items()}


def _installing(problem: Problem, decisions: Decisions) -> Mapping[Cell, tuple[float, ...]]:
    index = {row.id: i for i, row in enumerate(problem.systems)}
    found: dict[Cell, list[float]] = {}
    for install in decisions.installs:
        for t, share in problem.idle.get((index[install.system], install.period), ()):
            cell = Cell(install.system, install.site, install.hall)
            found.setdefault(cell, [0.0] * len(problem.calendar))[t] += share * install.count
    return {cell: tuple(counts) for cell, counts in found.items()}
