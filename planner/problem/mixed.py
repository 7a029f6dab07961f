"""Jobs and coherent runs that two kinds of system do together, where the scenario states what that costs them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, inf

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.feed import Feed
from planner.problem.networks import NetworkRow
from planner.problem.places import sorted_halls
from planner.problem.rows.keys import Slot
from planner.problem.rows.work import Begin, Job
from planner.problem.workloads import GROWTH, SIZES, Networks, Young, hall_reach, occupancy_of, reach
from planner.scenario.mixed import MixedRuns
from planner.scenario.model import ContinuousTraining, TrainingRun
from planner.scenario.periods import label_end

type Part = tuple[int, int, float]
"""System, how many, and the tokens/s that they add."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Systems of two kinds at work together, over a network where their hall buys one."""

    parts: tuple[Part, Part]
    size: int
    """Accelerators."""
    network: str | None = None

    @property
    def units(self) -> tuple[int, int]:
        """Systems of each kind."""
        return self.parts[0][1], self.parts[1][1]

    @property
    def rate(self) -> float:
        """Tokens/s of both."""
        return self.parts[0][2] + self.parts[1][2]


def slower(one: Cluster, other: Cluster) -> bool:
    """Whether a cluster needs no fewer systems of either kind than another, and is no faster."""
    return all(a >= b for a, b in zip(one.units, other.units, strict=True)) and one.rate <= other.rate


def less_efficient(one: Cluster, other: Cluster) -> bool:
    """Whether smaller clusters of the same proportion train as much per accelerator."""
    (a, b), (c, d) = one.units, other.units
    return a * d == b * c and one.size >= other.size and one.rate / one.size <= (1 + 1e-3) * other.rate / other.size


@dataclass(frozen=True)
class _Pair:
    """Two kinds that may do a piece of work together."""

    case: Case
    work: TrainingRun | ContinuousTraining
    mix: MixedRuns
    systems: Mapping[int, ResolvedSystem]
    """Both, by their number, in the order of the scenario."""
    speeds: dict[tuple[int, int, tuple[float, int]], float] = field(default_factory=dict)

    def clusters(
        self,
        sizes: Sequence[int],
        row: NetworkRow | None,
        most: tuple[float, float],
        no_better: Callable[[Cluster, Cluster], bool],
    ) -> list[Cluster]:
        """Clusters of about `sizes` accelerators that no other is as good as, over each network that a hall may buy.

        `most`: systems of each kind that there can be. Memory must hold the work on either kind.
        """
        levels: list[tuple[int | None, tuple[float, int], str | None]] = [(None, (1.0, 0), None)]
        if row is not None:
            levels = [(level.reach, (level.oversubscription, level.pod), level.offer) for level in row.levels]
        found: list[Cluster] = []
        for far, over, network in levels:
            for units in self._splits(sizes):
                size = sum(n * system.accelerators for n, system in zip(units, self.systems.values(), strict=True))
                fits = all(n <= there for n, there in zip(units, most, strict=True))
                if fits and size <= min(reach(system, far) for system in self.systems.values()):
                    cluster = self._cluster(units, size, over, network)
                    if cluster is not None and not any(no_better(cluster, other) for other in found):
                        found.append(cluster)
        return found

    def _splits(self, sizes: Sequence[int]) -> list[tuple[int, int]]:
        """Systems of each kind, for every size and share, smaller clusters first."""
        one, other = (system.accelerators for system in self.systems.values())
        found = set()
        for size in sizes:
            for share in self.mix.shares:
                mine = max(1, round(share * size / one))
                found.add((mine, max(1, ceil((size - mine * one) / other))))
        return sorted(found, key=lambda units: (units[0] * one + units[1] * other, units))

    def _cluster(
        self, units: tuple[int, int], size: int, over: tuple[float, int], network: str | None
    ) -> Cluster | None:
        kept = 1.0 - self.mix.penalty
        rates = [
            kept * self._speed(i, size, over) * n * system.accelerators
            for n, (i, system) in zip(units, self.systems.items(), strict=True)
        ]
        if not all(rates):
            return None
        one, other = ((i, n, rate) for i, n, rate in zip(self.systems, units, rates, strict=True))
        return Cluster((one, other), size, network)

    def _speed(self, i: int, size: int, over: tuple[float, int]) -> float:
        """Tokens/s of one accelerator in so large a cluster of its own kind, in whole systems; 0: it does not fit."""
        system = self.systems[i]
        whole = ceil(size / system.accelerators) * system.accelerators
        if (i, whole, over) not in self.speeds:
            rate = self.case.estimates(self.work, system, (whole,), over)[0].effective_tokens_per_s
            self.speeds[i, whole, over] = rate / whole
        return self.speeds[i, whole, over]


def _pairs(
    case: Case, work: TrainingRun | ContinuousTraining, systems: Mapping[int, ResolvedSystem]
) -> Iterator[_Pair]:
    index = {system.id: i for i, system in systems.items()}
    for mix in case.scenario.mixed_runs:
        if all(name in index for name in mix.systems):
            yield _Pair(case, work, mix, {index[name]: systems[index[name]] for name in mix.systems})


def _network(pair: _Pair, h: int, networks: Networks) -> tuple[bool, NetworkRow | None]:
    """Whether one network joins both kinds in a hall, and which one it is where the hall buys its own."""
    rows = [networks.get((i, h)) for i in pair.systems]
    return rows[0] is rows[1], rows[0]


def mixed_begins(
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
) -> list[Begin]:
    """Both parts of every way to do a run on two kinds of system, one behind the other; arguments as of `begins`."""
    found: list[Begin] = []
    for pair in _pairs(case, run, systems):
        one, other = (float(most[i]) for i in pair.systems)
        for h, far in enumerate(hall_reach(case)[: len(sorted_halls(case.scenario))]):
            joined, row = _network(pair, h, networks)
            for cluster in pair.clusters(run.sizes or SIZES, row, (one, other), slower) if joined else ():
                if row is not None or cluster.size <= min(reach(system, far) for system in pair.systems.values()):
                    for begin in _ways(case, run, w, cluster, h, systems, usable, feed, shared, young):
                        found += _both(begin, cluster)
    return found


def mixed_jobs(
    case: Case,
    stream: ContinuousTraining,
    w: int,
    systems: Mapping[int, ResolvedSystem],
    usable: frozenset[Slot],
    networks: Networks,
) -> Iterator[tuple[Job, frozenset[int]]]:
    """Both parts of every job of divisible work on two kinds of system, one behind the other, and the halls that can
    hold it: of the sizes of jobs on one kind those that train more per accelerator than smaller ones so mixed.
    """
    sizes = [stream.least_job * k for k in GROWTH]
    for pair in _pairs(case, stream, systems):
        where: dict[Cluster, set[int]] = {}
        for h, far in enumerate(hall_reach(case)[: len(sorted_halls(case.scenario))]):
            joined, row = _network(pair, h, networks)
            together = [{t for k, at, t in usable if (k, at) == (i, h)} for i in pair.systems]
            if joined and together[0] & together[1]:
                for cluster in pair.clusters(sizes, row, (inf, inf), less_efficient):
                    if row is not None or cluster.size <= min(reach(s, far) for s in pair.systems.values()):
                        where.setdefault(cluster, set()).add(h)
        for cluster, halls in where.items():
            for at in [{h} for h in sorted(halls)] if cluster.network is not None else [halls]:
                for (i, units, rate), (other, beside, _) in (cluster.parts, cluster.parts[::-1]):
                    yield Job(w, i, units, rate, cluster.network, (other, beside)), frozenset(at)


def _both(begin: Begin, cluster: Cluster) -> Iterator[Begin]:
    for (i, units, rate), (other, beside, _) in (cluster.parts, cluster.parts[::-1]):
        yield replace(begin, system=i, units=units, rate=rate, share=rate / cluster.rate, beside=(other, beside))


def _ways(
    case: Case,
    run: TrainingRun,
    w: int,
    cluster: Cluster,
    h: int,
    systems: Mapping[int, ResolvedSystem],
    usable: frozenset[Slot],
    feed: Feed,
    shared: Mapping[tuple[int, int], float],
    young: Mapping[int, Young],
) -> Iterator[Begin]:
    """A begin for every period in which the cluster can be in a hall and is done in time."""
    calendar = case.calendar
    first = calendar.from_label(run.earliest) if run.earliest else 0
    last = calendar.last_index_of(run.deadline)
    hours = run.tokens / cluster.rate / 3600.0
    kw = sum(n * (systems[i].power_kw + shared.get((i, h), 0.0)) for i, n, _ in cluster.parts)
    (i, units, _), _ = cluster.parts
    for t in range(first, last + 1):
        late = hours > (label_end(run.deadline) - calendar[t].start).days * 24.0 + 1e-9
        if late or (run.within is not None and hours > run.within * (1 + 1e-9)):
            continue
        if not all(_mature(young.get(k), t) for k, _, _ in cluster.parts):
            continue
        held = occupancy_of(hours, t, last, calendar)
        if held and all(
            feed.systems(kw, h, u) >= 1 and all((k, h, u) in usable for k, _, _ in cluster.parts) for u, _ in held
        ):
            yield Begin(w, i, units, h, t, 0.0, held, network=cluster.network)


def _mature(young: Young, t: int) -> bool:
    """Whether software may be mature in a period."""
    return young is None or any(r <= t and young[0].mature(r, t) for r in young[1])
