"""Lots: which ordered systems stand where, from when to when. First in, first out, for accounts and asset registers.

The program decides orders, placements and retirements by count; a lot is one count traced through all three.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from planner.plan.decisions import Decisions, Order
from planner.problem.arrays import Problem


@dataclass(frozen=True, slots=True)
class Lot:
    """`count` systems of one order that share their dates and their hall. Periods are indices."""

    build_id: str
    system: str
    ordered: int | None
    """None: ordered before the plan starts."""
    delivered: int
    count: int
    site: str | None = None
    """None: delivered and never placed in service within the plan."""
    hall: str | None = None
    in_service: int | None = None
    retired: int | None = None
    """None: in service when the plan ends."""


def lots(problem: Problem, decisions: Decisions) -> tuple[Lot, ...]:
    """All lots of a plan, by order: deliveries in the order of their dates fill placements in the order of theirs;
    a hall retires what has stood there longest.
    """
    waiting: dict[str, list[Lot]] = defaultdict(list)
    for i, count in sorted(problem.store.initial.items()):
        waiting[problem.systems[i].id].append(Lot("", problem.systems[i].id, None, 0, count))
    for lot in sorted(_delivered(problem, decisions), key=lambda lot: (lot.delivered, lot.build_id)):
        waiting[lot.system].append(lot)
    standing: dict[tuple[str, str, str], list[Lot]] = defaultdict(list)
    for (i, h), count in sorted(problem.base.items()):
        site, hall = problem.halls[h].id.split("/")
        system = problem.systems[i].id
        standing[system, site, hall].append(Lot("", system, None, 0, count, site, hall, 0))
    for install in sorted(decisions.installs, key=lambda r: (r.period, r.site, r.hall, r.system)):
        taken = _take(waiting[install.system], install.count)
        standing[install.system, install.site, install.hall] += [
            replace(lot, site=install.site, hall=install.hall, in_service=install.period) for lot in taken
        ]
    for move in decisions.moves:  # of the installed base only, which stands first in its hall
        taken = _take(standing[move.system, move.site, move.hall], move.count)
        there = [replace(lot, site=move.to_site, hall=move.to_hall) for lot in taken]
        standing[move.system, move.to_site, move.to_hall][:0] = there
    gone: list[Lot] = []
    for end in sorted(decisions.retirements, key=lambda r: (r.period, r.site, r.hall, r.system)):
        taken = _take(standing[end.system, end.site, end.hall], end.count)
        gone += [replace(lot, retired=end.period) for lot in taken]
    held = [lot for group in (*standing.values(), *waiting.values()) for lot in group]
    return tuple(sorted((lot for lot in (*held, *gone) if lot.build_id), key=_order))


def _order(lot: Lot) -> tuple[str, int, str, str, int]:
    late = 10**6
    return (
        lot.build_id,
        late if lot.in_service is None else lot.in_service,
        lot.site or "",
        lot.hall or "",
        late if lot.retired is None else lot.retired,
    )


def _take(queue: list[Lot], count: int) -> list[Lot]:
    """`count` systems from the front of a queue, splitting the last lot."""
    taken: list[Lot] = []
    while count > 0 and queue:
        first = queue[0]
        part = min(first.count, count)
        taken.append(replace(first, count=part))
        count -= part
        queue[:1] = [replace(first, count=first.count - part)] if part < first.count else []
    return taken


def _delivered(problem: Problem, decisions: Decisions) -> Iterable[Lot]:
    index = {row.id: i for i, row in enumerate(problem.systems)}
    for build_id, order in numbered(decisions):
        arrival = problem.arrivals[index[order.system], order.period]
        yield Lot(build_id, order.system, order.period, arrival, order.count)
    accepted = {record.order_id for record in decisions.accepted}
    for row in problem.pending:
        if row.id in accepted:
            yield Lot(row.id, problem.systems[row.system].id, None, row.due, row.count)


def numbered(decisions: Decisions) -> list[tuple[str, Order]]:
    """Orders with the numbers they have in every table."""
    found = sorted(decisions.orders, key=lambda o: (o.period, o.system))
    return [(f"b{number:03d}", order) for number, order in enumerate(found, start=1)]
