"""Coherent runs that two kinds of system do together, where the scenario states what that costs them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.feed import Feed
from planner.problem.rows.keys import Slot
from planner.problem.rows.work import Begin
from planner.problem.workloads import SIZES, Networks, Young, hall_reach, occupancy_of, reach
from planner.scenario.mixed import MixedRuns
from planner.scenario.model import TrainingRun
from planner.scenario.periods import label_end

type Part = tuple[int, int, float]
"""System, how many, and the tokens/s that they add to the run."""


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
    index = {system.id: i for i, system in systems.items()}
    found: list[Begin] = []
    for mix in case.scenario.mixed_runs:
        if all(name in index for name in mix.systems):
            for parts in _clusters(case, run, mix, {index[name]: systems[index[name]] for name in mix.systems}, most):
                for begin in _ways(case, run, w, parts, systems, usable, feed, shared, networks, young):
                    found += _both(begin, parts)
    return found


def _both(begin: Begin, parts: Sequence[Part]) -> Iterator[Begin]:
    total = sum(rate for _, _, rate in parts)
    for (i, units, rate), (other, beside, _) in ((parts[0], parts[1]), (parts[1], parts[0])):
        yield replace(begin, system=i, units=units, rate=rate, share=rate / total, beside=(other, beside))


def _clusters(
    case: Case, run: TrainingRun, mix: MixedRuns, systems: Mapping[int, ResolvedSystem], most: Mapping[int, int]
) -> Iterator[list[Part]]:
    """Clusters of both kinds, with the tokens/s of each part; only those whose memory holds the run on either kind."""
    (one, first), (other, second) = systems.items()
    pairs = set()
    for size in run.sizes or SIZES:
        for share in mix.shares:
            mine = max(1, round(share * size / first.accelerators))
            rest = max(1, ceil((size - mine * first.accelerators) / second.accelerators))
            if mine <= most[one] and rest <= most[other]:
                pairs.add((mine, rest))
    for mine, rest in sorted(pairs):
        size = mine * first.accelerators + rest * second.accelerators
        parts = [(one, first, mine), (other, second, rest)]
        rates = [_speed(case, run, system, size) * units * system.accelerators for _, system, units in parts]
        if all(rates):
            yield [(i, n, rate * (1.0 - mix.penalty)) for (i, _, n), rate in zip(parts, rates, strict=True)]


def _speed(case: Case, run: TrainingRun, system: ResolvedSystem, size: int) -> float:
    """Tokens/s of one accelerator in a cluster of its own kind of this size, in whole systems; 0: it does not fit."""
    whole = ceil(size / system.accelerators) * system.accelerators
    return case.estimates(run, system, (whole,))[0].effective_tokens_per_s / whole


def _ways(
    case: Case,
    run: TrainingRun,
    w: int,
    parts: Sequence[Part],
    systems: Mapping[int, ResolvedSystem],
    usable: frozenset[Slot],
    feed: Feed,
    shared: Mapping[tuple[int, int], float],
    networks: Networks,
    young: Mapping[int, Young],
) -> Iterator[Begin]:
    """A begin for every hall and period in which the cluster can be there and is done in time."""
    calendar, halls = case.calendar, hall_reach(case)
    first = calendar.from_label(run.earliest) if run.earliest else 0
    last = calendar.last_index_of(run.deadline)
    size = sum(n * systems[i].accelerators for i, n, _ in parts)
    hours = run.tokens / sum(rate for _, _, rate in parts) / 3600.0
    for h in range(len(feed.halls) - len(case.scenario.rent)):
        wired = any((i, h) in networks for i, _, _ in parts)
        if wired or size > min(reach(systems[i], halls[h]) for i, _, _ in parts):
            continue
        kw = sum(n * (systems[i].power_kw + shared.get((i, h), 0.0)) for i, n, _ in parts)
        for t in range(first, last + 1):
            late = hours > (label_end(run.deadline) - calendar[t].start).days * 24.0 + 1e-9
            if late or (run.within is not None and hours > run.within * (1 + 1e-9)):
                continue
            if not all(_mature(young.get(i), t) for i, _, _ in parts):
                continue
            held = occupancy_of(hours, t, last, calendar)
            if held and all(
                not feed.bought(h, u) and feed.systems(kw, h, u) >= 1 and all((i, h, u) in usable for i, _, _ in parts)
                for u, _ in held
            ):
                yield Begin(w, parts[0][0], parts[0][1], h, t, 0.0, held)


def _mature(young: Young, t: int) -> bool:
    """Whether software may be mature in a period."""
    return young is None or any(r <= t and young[0].mature(r, t) for r in young[1])
