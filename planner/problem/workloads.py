"""Which jobs and coherent runs are worth putting before the solver, and at which rate they train."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil, inf

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.feed import Feed
from planner.problem.networks import NetworkRow
from planner.problem.places import sorted_halls
from planner.problem.rent import sorted_offers
from planner.problem.ripening import Ripening
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.keys import Slot
from planner.problem.rows.work import Begin, Job
from planner.scenario.model import ContinuousTraining, TrainingRun
from planner.scenario.periods import Calendar, label_end

SIZES = tuple(256 * 2**k for k in range(11))
"""Cluster sizes tried for a coherent run, accelerators: powers of two from 256 to 262,144."""

GROWTH = (1, 2, 4, 8, 16)
"""Multiples of the least useful job that are tried for divisible work."""


type Young = tuple[Ripening, tuple[int, ...]] | None
"""How software that has to be ported ripens, and the periods in which it may be ready; None: it is mature at once."""


@dataclass(frozen=True, slots=True)
class Sized:
    """A cluster size of a system for a workload, and its rate in tokens/s after goodput."""

    units: int
    rate: float
    network: str | None = None
    """Offer over which it runs, in a hall that buys its network."""


Networks = Mapping[tuple[int, int], NetworkRow]
"""(i, h) -> the network that the hall buys, of systems that attach to it."""


def over_networks(
    case: Case,
    work: TrainingRun | ContinuousTraining,
    system: ResolvedSystem,
    row: NetworkRow,
    sizes: list[int],
    better: Callable[[Sized, Sized], bool],
) -> list[Sized]:
    """Clusters of `sizes` systems over each network of a hall, without those that no larger or dearer one is `better`
    than: a smaller or equal one over a nearer or the same network does as well.
    """
    kept: list[Sized] = []
    for level in row.levels:
        within = [size for size in sizes if size * system.accelerators <= min(level.reach, system.max_cluster)]
        found, _ = rates(case, work, system, within, (level.oversubscription, level.pod))
        for sized in found:
            if all(better(sized, other) for other in kept if other.units <= sized.units):
                kept.append(replace(sized, network=level.offer))
    return kept


def more_efficient(one: Sized, other: Sized) -> bool:
    """Whether a cluster trains more per system than another."""
    return one.rate / one.units > (1 + 1e-3) * other.rate / other.units


def faster(one: Sized, other: Sized) -> bool:
    """Whether a cluster trains faster than another."""
    return one.rate > other.rate


def job_sizes(stream: ContinuousTraining, system: ResolvedSystem, most: float) -> list[int]:
    """Systems of the jobs of a stream that are tried on a system, up to so many accelerators."""
    least = max(1, ceil(stream.least_job / system.accelerators))
    return [least * k for k in GROWTH if least * k * system.accelerators <= most]


def hall_reach(case: Case) -> list[int | None]:
    """Most accelerators that each hall joins, halls of the buyer first, then the places of offers for rent.

    Of a hall that buys its network, what systems that do not attach to it reach.
    """
    own = [hall.max_cluster for _, hall in sorted_halls(case.scenario)]
    return own + [offer.max_cluster for offer in sorted_offers(case)]


def reach(system: ResolvedSystem, hall: int | None) -> float:
    """Most accelerators that one coherent cluster of this system can have in a hall that joins so many."""
    known = [limit for limit in (hall, system.max_cluster) if limit is not None]
    return min(known, default=inf)


def jobs(
    case: Case, stream: ContinuousTraining, w: int, i: int, system: ResolvedSystem, most: float
) -> tuple[list[Job], str | None]:
    """Jobs of a stream on a system that are worth considering, and why there is none.

    Of the sizes from the least useful job on, those are kept whose rate per accelerator beats every smaller one's:
    a larger and no more efficient job can always be replaced by smaller ones.
    """
    sizes = job_sizes(stream, system, most)
    if not sizes:
        size = max(1, ceil(stream.least_job / system.accelerators)) * system.accelerators
        return [], f"a job of {size} accelerators is more than one cluster can hold ({most:.0f})"
    rated, why = rates(case, stream, system, sizes)
    kept: list[Sized] = []
    for sized in rated:
        if not kept or more_efficient(sized, kept[-1]):
            kept.append(sized)
    return [Job(w, i, sized.units, sized.rate) for sized in kept], None if kept else why


def rates(
    case: Case,
    work: TrainingRun | ContinuousTraining,
    system: ResolvedSystem,
    sizes: list[int],
    over: tuple[float, int] = (1.0, 0),
) -> tuple[list[Sized], str | None]:
    """Rates of a workload on clusters of `sizes` systems; sizes that cannot run it are left out, with the reason."""
    if not sizes:
        return [], None
    estimates = case.estimates(work, system, tuple(size * system.accelerators for size in sizes), over)
    found = [
        Sized(size, e.effective_tokens_per_s)
        for size, e in zip(sizes, estimates, strict=True)
        if e.effective_tokens_per_s > 0
    ]
    reason = next((e.reason for e in estimates if e.reason), None)
    return found, None if found else reason


def begins(
    case: Case,
    run: TrainingRun,
    w: int,
    systems: Mapping[int, ResolvedSystem],
    most: Mapping[int, int],
    usable: frozenset[Slot],
    feed: Feed,
    shared: Mapping[tuple[int, int], float],
    networks: Networks,
    young: Mapping[int, Young],
) -> tuple[list[Begin], list[Excluded]]:
    """Every way to do a coherent run in time: system, cluster size, hall, first period and age of its software.

    `most[i]` is how many systems i there can ever be; `usable` the (i, h, t) that may be switched on; `feed` the power,
    `shared` what a system (i, h) draws beside its own, `networks` what halls may buy; `young[i]` how software ripens
    on system i.
    """
    calendar = case.calendar
    first = calendar.from_label(run.earliest) if run.earliest else 0
    last = calendar.last_index_of(run.deadline)
    halls = hall_reach(case)
    found: list[Begin] = []
    left_out: list[Excluded] = []
    for i, system in systems.items():
        places = [h for h in range(len(halls)) if any((i, h, t) in usable for t in range(first, last + 1))]
        if not places:
            continue
        draw = {h: system.power_kw + shared.get((i, h), 0.0) for h in places}
        fits = {h: _fits(feed, draw[h], h, last) * system.accelerators for h in places}
        joined = {h: _joined(system, halls[h], networks.get((i, h))) for h in places}
        widest = max(min(joined[h], fits[h]) for h in places)
        sizes = _sizes(run, system, min(widest, most[i] * system.accelerators))
        sized, why = (
            rates(case, run, system, sizes)
            if sizes
            else ([], f"no cluster above {widest:.0f} accelerators can be built")
        )
        plain = [(size, h) for size in _efficient(sized) for h in places if (i, h) not in networks]
        wired = [
            (size, h)
            for h in places
            if (i, h) in networks
            for size in over_networks(case, run, system, networks[i, h], sizes, faster)
        ]
        ways = [
            Begin(
                w,
                i,
                size.units,
                h,
                t,
                _mean(size.rate, run.tokens, ready, hours),
                occupancy,
                ready,
                size.network,
            )
            for size, h in (*plain, *wired)
            if size.units * system.accelerators <= min(joined[h], fits[h])
            for t in range(first, last + 1)
            for ready, hours in _lengths(run.tokens / size.rate / 3600.0, t, young.get(i))
            if hours <= (label_end(run.deadline) - calendar[t].start).days * 24.0 + 1e-9
            and (run.within is None or hours <= run.within * (1 + 1e-9))
            and (occupancy := occupancy_of(hours, t, last, calendar))
            and all((i, h, u) in usable and size.units <= feed.systems(draw[h], h, u) for u, _ in occupancy)
        ]
        found += ways
        if not ways:
            largest = min(widest, most[i] * system.accelerators)
            detail = why or f"cannot be done by {run.deadline} on a cluster of up to {largest:.0f} accelerators"
            left_out.append(
                Excluded(
                    "cluster", system.id, system.accelerator_id, "memory" if why else "deadline", f"{run.id}: {detail}"
                )
            )
    return found, left_out


def _lengths(hours: float, t: int, young: Young) -> list[tuple[int | None, float]]:
    """Hours that a run begun in period t takes, for every period in which its software may have been ready.

    `hours` is what it takes on mature software; all periods that leave it mature by t count as one, None.
    """
    if young is None:
        return [(None, hours)]
    ripens, ready = young
    found = {None if ripens.mature(r, t) else r: ripens.takes(r, t, hours) for r in ready if r <= t}
    return sorted(found.items(), key=lambda pair: -1 if pair[0] is None else pair[0])


def _mean(rate: float, tokens: float, ready: int | None, hours: float) -> float:
    """Mean tokens/s of a run that takes so long."""
    return rate if ready is None else tokens / hours / 3600.0


def _joined(system: ResolvedSystem, hall: int | None, network: NetworkRow | None) -> float:
    """Most accelerators in one cluster of a system in a hall."""
    return reach(system, hall if network is None else network.levels[-1].reach)


def _fits(feed: Feed, kw: float, h: int, last: int) -> int:
    """Systems of so many kW that a hall's power can ever feed until period `last`."""
    return max(feed.systems(kw, h, t) for t in range(last + 1))


def _sizes(run: TrainingRun, system: ResolvedSystem, widest: float) -> list[int]:
    wanted = run.sizes or SIZES
    units = sorted({ceil(size / system.accelerators) for size in wanted})
    return [size for size in units if size * system.accelerators <= widest]


def _efficient(sized: list[Sized]) -> list[Sized]:
    """Sizes that train faster than every smaller one: the others cost more and give nothing."""
    kept: list[Sized] = []
    for candidate in sized:
        if not kept or candidate.rate > kept[-1].rate:
            kept.append(candidate)
    return kept


def occupancy_of(hours: float, start: int, last: int, calendar: Calendar) -> tuple[tuple[int, float], ...]:
    """(period, share) that a run of `hours` from the start of `start` occupies; empty when it would end
    after `last`.
    """
    shares: list[tuple[int, float]] = []
    for t in range(start, last + 1):
        share = min(1.0, hours / calendar[t].hours)
        shares.append((t, share))
        hours -= share * calendar[t].hours
        if hours <= 1e-9:
            return tuple(shares)
    return ()
