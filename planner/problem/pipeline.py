"""Which orders may be placed, when they arrive, and what becomes of those already placed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, groupby
from math import floor
from typing import Literal

from planner.catalog.resolve import ResolvedSystem
from planner.costs.events import Events
from planner.policy.permissions import RuleHit
from planner.problem.case import Case
from planner.problem.places import misfit, sorted_halls
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.systems import PendingRow
from planner.scenario.model import PendingOrder
from planner.units import HOURS_PER_YEAR

type Bar = Literal["policy", "supply", "hall", "release", "lead time", "installation time"]
"""What may close a period."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one period is closed for one action."""

    period: int
    kind: str
    reason: Bar
    detail: str
    rule: RuleHit | None = None


def allocations(case: Case) -> dict[tuple[str, int], float]:
    """(accelerator, t) -> accelerators the buyer may have delivered in t."""
    supply, catalog = case.scenario.supply, case.catalog
    stated = {catalog.accelerator(entry.accelerator).id: entry for entry in supply.allocations}
    limits: dict[tuple[str, int], float] = {}
    for accelerator in sorted({case.systems[key].accelerator_id for key in case.candidates}):
        entry, share, scale = stated.get(accelerator), *_part(case, accelerator)
        for period in case.calendar:
            if entry is not None and entry.per_period is not None:
                amount = float(entry.per_period.at(period) or 0)
            elif entry is not None and entry.per_year is not None:
                amount = (entry.per_year.at(period) or 0) * period.hours / HOURS_PER_YEAR
            elif share is not None:
                amount = share * case.national_supply(accelerator, period)
            else:
                amount = 0.0
            limits[accelerator, period.index] = amount * scale
    return limits


def _part(case: Case, accelerator: str) -> tuple[float | None, float]:
    """The share of national supply that is taken of an accelerator, None where none is, and its multiplier."""
    supply, chip = case.scenario.supply, case.catalog.accelerators[accelerator]
    own = [e for e in supply.allocations if case.catalog.accelerator(e.accelerator).id == accelerator]
    share = own[0].share if own else supply.share
    return share, supply.scale.get(accelerator, 1.0) * supply.scale.get(chip.family or "", 1.0)


def national_need(case: Case, accelerator: str, count: float) -> float:
    """National supply of which the buyer's part is `count` accelerators; none where it takes no share."""
    share, scale = _part(case, accelerator)
    return count / (share * scale) if share and scale else 0.0


def arrivals(case: Case, system: ResolvedSystem) -> tuple[dict[int, int], list[Refusal]]:
    """Periods in which a system may be ordered -> period of arrival, and why the other periods are closed."""
    open_periods: dict[int, int] = {}
    refusals: list[Refusal] = []
    rules, accelerator = case.permissions, system.accelerator_id
    for period in case.calendar:
        t = period.index
        if not rules.allowed("order", accelerator, None, t):
            refusals.append(refused_by(rules.why("order", accelerator, None, t), t, "order"))
            continue
        arrival = case.calendar.after(t, system.lead_time_h + rules.delay_h("order", accelerator, t))
        if arrival is None:
            refusals.append(Refusal(t, "order", "lead time", "would arrive after the plan's last period"))
        elif system.released is not None and case.calendar[arrival].end <= system.released:
            detail = f"not available before {system.released.isoformat()}"
            refusals.append(Refusal(t, "order", "release", detail))
        elif not rules.allowed("import", accelerator, None, arrival):
            refusals.append(refused_by(rules.why("import", accelerator, None, arrival), t, "delivery"))
        else:
            open_periods[t] = arrival
    return open_periods, refusals


def order_slots(
    case: Case,
    systems: list[ResolvedSystem],
    limits: dict[tuple[str, int], float],
    counted: set[int],
    left_out: list[Excluded],
) -> tuple[dict[tuple[int, ...], int], frozenset[tuple[int, ...]]]:
    """(i, t) of every order that may be placed -> period of arrival, and of those that would be of no use.

    Of no use: supply never makes up one system by then; or no hall can hold one, and no quota or share counts it.
    """
    slots: dict[tuple[int, ...], int] = {}
    useless: set[tuple[int, ...]] = set()
    for i, system in enumerate(systems):
        if system.id not in case.candidates:
            continue
        open_periods, refusals = arrivals(case, system)
        if not any(limits.get((system.accelerator_id, period.index), 0.0) > 0 for period in case.calendar):
            detail = f"no supply of {system.accelerator_id} is known or allocated"
            left_out += excluded(case, system, [*refusals, Refusal(0, "order", "supply", detail)])
            continue
        vain = homeless(case, system, open_periods) if i not in counted else []
        vain = vain or too_large(case, system, open_periods, limits)
        left_out += excluded(case, system, [*refusals, *vain])
        useless |= {(i, refusal.period) for refusal in vain}
        slots |= {(i, t): arrival for t, arrival in open_periods.items() if (i, t) not in useless}
    return slots, frozenset(useless)


def too_large(
    case: Case, system: ResolvedSystem, open_periods: Mapping[int, int], limits: Mapping[tuple[str, int], float]
) -> list[Refusal]:
    """Periods of an order for which the buyer cannot be supplied as many accelerators as one system holds.

    `open_periods` is the period of arrival by period of order, `limits` what `allocations` gives.
    """
    supply = [limits.get((system.accelerator_id, period.index), 0.0) for period in case.calendar]
    if case.scenario.supply.carry_over:
        supply = list(accumulate(supply))
    small = [t for t, arrival in open_periods.items() if supply[arrival] < system.accelerators * (1 - 1e-9)]
    most = max((supply[open_periods[t]] for t in small), default=0.0)
    can = f"the buyer can have {floor(most + 1e-9):,} at most"
    return [
        Refusal(t, "order", "supply", f"one system holds {system.accelerators:,} accelerators, {can}") for t in small
    ]


def homeless(case: Case, system: ResolvedSystem, open_periods: Iterable[int]) -> list[Refusal]:
    """Periods of an order of a system that no hall can hold."""
    reasons = [misfit(system, hall) for _, hall in sorted_halls(case.scenario)]
    if None in reasons:
        return []
    detail = "fits no hall: " + "; ".join(dict.fromkeys(why[1] for why in reasons if why is not None))
    return [Refusal(t, "order", "hall", detail) for t in open_periods]


def refused_by(hits: tuple[RuleHit, ...], period: int, kind: str) -> Refusal:
    """The refusal of one period by the most decisive of the rules."""
    rule = hits[0] if hits else None
    detail = rule.summary if rule is not None else "not allowed"
    return Refusal(period, kind, "policy", detail, rule)


def excluded(
    case: Case, system: ResolvedSystem, refusals: Iterable[Refusal], site: str | None = None
) -> list[Excluded]:
    """Refusals of consecutive periods for one reason, merged into one entry each."""
    label = [period.label for period in case.calendar]

    def same(refusal: Refusal) -> tuple[str, str, str, str]:
        return refusal.kind, refusal.reason, refusal.detail, refusal.rule.rule_id if refusal.rule else ""

    entries = []
    for _, group in groupby(sorted(refusals, key=lambda r: (same(r), r.period)), key=same):
        found = list(group)
        rule = found[0].rule
        entries.append(
            Excluded(
                found[0].kind,
                system.id,
                system.accelerator_id,
                found[0].reason,
                found[0].detail,
                label[found[0].period],
                label[found[-1].period],
                site,
                rule.rule_id if rule else None,
                rule.date.isoformat() if rule and rule.date else None,
                rule.source if rule else None,
            )
        )
    return entries


def pending_rows(case: Case, index: Callable[[str], int]) -> tuple[tuple[PendingRow, ...], Events, list[Excluded]]:
    """Pending orders that may still be taken, the refunds of those that may not, and the rules that cancel them."""
    rows: list[PendingRow] = []
    refunds: list[Events] = []
    cancelled: list[Excluded] = []
    for order in sorted(case.scenario.orders, key=lambda order: order.id):
        system = case.systems[order.system]
        due = case.calendar.index_of(order.due)
        hit = cancelling_rule(case, order, system, due)
        refund = case.prices.refund(order, system, hit.refund_share if hit is not None else None)
        if hit is not None:
            refunds.append(refund)
            refusal = Refusal(due, "pending order", "policy", f"{order.count} x {system.name}: {hit.summary}", hit)
            cancelled += excluded(case, system, [refusal])
        else:
            accepted = case.prices.pending(order, system, due)
            rows.append(PendingRow(order.id, index(order.system), due, order.count, accepted, refund))
    return tuple(rows), tuple(event for events in refunds for event in events), cancelled


def cancelling_rule(case: Case, order: PendingOrder, system: ResolvedSystem, due: int) -> RuleHit | None:
    """The rule that voids a pending order or keeps it from being delivered; None when it may be taken.

    What may not be delivered when it is due stays open: a rule that begins by the end of that period voids it still.
    """
    rules, accelerator = case.permissions, system.accelerator_id
    hit = rules.cancelled(accelerator, order.placed_on, case.calendar[due].start)
    if hit is not None:
        return hit
    if not rules.allowed("import", accelerator, None, due):
        hits = rules.why("import", accelerator, None, due)
        later = rules.cancelled(accelerator, order.placed_on, case.calendar[due].end)
        return later or (hits[0] if hits else None)
    return None
