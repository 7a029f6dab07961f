"""Work that must not share a hall or a site."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from planner.problem.case import Case
from planner.scenario.apart import PlaceKind, written_out

if TYPE_CHECKING:
    from planner.problem.arrays import Problem
    from planner.problem.rows.halls import HallRow


class Member(NamedTuple):
    """A workload: a coherent run or divisible work, by its index."""

    run: bool
    w: int


class Spot(NamedTuple):
    """A hall, or a site by its first hall; an offer for rent is a spot of its own."""

    kind: PlaceKind
    hall: int


@dataclass(frozen=True, slots=True)
class ApartRow:
    """Workloads of which one at most works in each spot; `spots[h]` is that of hall h."""

    label: str
    members: tuple[Member, ...]
    spots: tuple[Spot, ...]


def apart_rows(case: Case, halls: "tuple[HallRow, ...]", own: int) -> tuple[ApartRow, ...]:
    """Groups that stay apart; the first `own` halls are the buyer's, the others places of offers for rent."""
    scenario = case.scenario
    members = {run.id: Member(True, w) for w, run in enumerate(scenario.runs)}
    members |= {stream.id: Member(False, w) for w, stream in enumerate(scenario.streams)}
    first = {hall.site: h for h, hall in reversed(list(enumerate(halls[:own])))}
    by_kind = {
        "hall": tuple(Spot("hall", h) for h in range(len(halls))),
        "site": tuple(Spot("site", first[hall.site] if h < own else h) for h, hall in enumerate(halls)),
    }
    groups = written_out(scenario.apart, {work.id: (work.id,) for work in scenario.workloads})
    return tuple(
        ApartRow(", ".join(group.workloads), tuple(members[name] for name in group.workloads), by_kind[group.place])
        for group in groups
    )


def meetings(problem: "Problem", jobs: Iterable[tuple[int, ...]]) -> dict[tuple[int, Spot, int], set[Member]]:
    """(group, spot, period) in which two workloads of a group or more could work, and which ones.

    `jobs` are the (j, h, t) in which divisible work may run.
    """
    found: dict[tuple[int, Spot, int], set[Member]] = defaultdict(set)
    at = [(Member(False, problem.jobs[j].stream), h, t) for j, h, t in jobs]
    at += [(Member(True, begin.run), begin.hall, t) for begin in problem.begins for t, _ in begin.occupancy]
    for member, h, t in sorted(set(at)):
        for g, row in enumerate(problem.apart):
            if member in row.members:
                found[g, row.spots[h], t].add(member)
    return {key: members for key, members in sorted(found.items()) if len(members) > 1}
