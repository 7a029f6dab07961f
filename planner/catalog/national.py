"""National supply: how many accelerators are made or delivered in a period, from the supply records of the catalog."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from planner.catalog.formula import Range
from planner.catalog.ledger import Ledger
from planner.catalog.names import unknown
from planner.catalog.supply import Supply
from planner.errors import InputError
from planner.io.models import Level

if TYPE_CHECKING:
    from planner.catalog.load import Catalog

CONFIDENCES = (
    "official",
    "vendor",
    "high",
    "independent",
    "medium",
    "analyst",
    "press",
    "derived",
    "low",
    "assumption",
)
"""Best first: which record of a conflict group is believed when neither the scenario nor the data says."""


@dataclass(frozen=True, slots=True)
class NationalSupply:
    """What records say of one accelerator between two days."""

    accelerators: float | None
    """None when no record covers any day."""
    reason: str
    """What was used, or why nothing is known, and how many days no record covers."""
    records: tuple[str, ...] = ()
    """Ids of the records used."""
    pool: str | None = None
    """What the records count; several accelerators may draw on one pool."""
    shared_with: tuple[str, ...] = ()
    """Other accelerators that draw on the same records without a split."""


@dataclass(frozen=True, slots=True)
class _Flow:
    """A record as far as it concerns one accelerator."""

    record: Supply
    share: float
    members: tuple[str, ...]
    rank: tuple[int, int, int]
    """Sourced before assumed, own before group, short before long; smaller wins."""

    @property
    def first(self) -> date:
        return self.record.period.first

    @property
    def after(self) -> date:
        return self.record.period.after or date.max

    def per_day(self) -> Range:
        fact = self.record.accelerators_per_period
        assert fact is not None
        days = (self.after - self.first).days
        low, mid, high = (fact.at("low"), fact.at("mid"), fact.at("high"))
        sides = [side for side in (mid, low, high) if side is not None]
        middle = sides[0]
        return Range(*((side if side is not None else middle) * self.share / days for side in (low, mid, high)))


def national_supply(
    catalog: "Catalog",
    accelerator_id: str,
    start: date,
    end: date,
    level: Level = "mid",
    *,
    choices: Mapping[str, str] | None = None,
    ledger: Ledger | None = None,
) -> NationalSupply:
    """Accelerators between `start` (included) and `end` (excluded), in proportion to days.

    `choices` names for a conflict group the record to believe; otherwise the preferred one, else the one of best
    confidence, first listed. Each day counts one record: sourced before assumed, own before group, short before long.
    Raises InputError for an unknown accelerator, group or record.
    """
    accelerator = catalog.identify("accelerators", accelerator_id)
    flows = _flows(catalog, accelerator, _believed(catalog, choices or {}))
    totals: dict[str, tuple[_Flow, int]] = {}
    missing = 0
    for day, until in _stretches(flows, start, end):
        days = (until - day).days
        here = [flow for flow in flows if flow.first <= day < flow.after]
        if not here:
            missing += days
            continue
        best = min(here, key=lambda flow: flow.rank)
        totals[best.record.id] = (best, totals.get(best.record.id, (best, 0))[1] + days)
    if not totals:
        return NationalSupply(None, f"no supply record of {accelerator} between {start} and {end}")
    amount = 0.0
    for flow, days in totals.values():
        amount += float(flow.per_day().at(level)) * days  # type: ignore[arg-type]
        if ledger is not None:
            _note(ledger, accelerator, flow, level)
    return NationalSupply(amount, *_told(catalog, totals, missing, accelerator))


def _believed(catalog: "Catalog", choices: Mapping[str, str]) -> list[Supply]:
    """Usable records, one per conflict group and period of it."""
    groups: dict[str, list[Supply]] = {}
    free: list[Supply] = []
    for record in catalog.supply.values():
        if record.conflict_group:
            groups.setdefault(record.conflict_group, []).append(record)
        elif _counts(record):
            free.append(record)
    for group, choice in choices.items():
        if group not in groups:
            raise unknown("conflict group", group, groups)
        if choice not in {record.id for record in groups[group]}:
            known = [record.id for record in groups[group]]
            error = unknown(f"record of conflict group {group}", choice, known).diagnostics[0]
            raise InputError(replace(error, hint=error.hint or f"one of {', '.join(known)}"))
    for group, records in groups.items():
        chosen = choices.get(group)
        found = next((r for r in records if r.id == chosen), None) if chosen else _default(records)
        if found is not None and _states_flow(found):
            free.append(_split_like(found, records))
    return free


def _split_like(record: Supply, group: list[Supply]) -> Supply:
    """A total without shares of its own takes those of the preferred record of its group."""
    if record.split or record.accelerator:
        return record
    split = next((r.split for r in sorted(group, key=lambda r: not r.preferred) if r.split), {})
    return record.model_copy(update={"split": split}) if split else record


def _default(records: list[Supply]) -> Supply | None:
    """The record of a conflict group that is believed by default."""
    counted = [record for record in records if _counts(record)]
    return min(counted, key=lambda record: (not record.preferred, _confidence(record)), default=None)


def _confidence(record: Supply) -> int:
    fact = record.accelerators_per_period
    name = record.confidence or (fact.confidence if fact else None)
    return CONFIDENCES.index(name) if name in CONFIDENCES else len(CONFIDENCES)


def _counts(record: Supply) -> bool:
    """Whether it is national output (not mere evidence) and states a flow."""
    return record.usable and _states_flow(record)


def _states_flow(record: Supply) -> bool:
    """Whether it says how many accelerators come in a closed period."""
    fact = record.accelerators_per_period
    known = fact is not None and any(side is not None for side in (fact.value, fact.low, fact.mid, fact.high))
    return known and record.component is None and record.period.after is not None


def _flows(catalog: "Catalog", accelerator: str, records: Iterable[Supply]) -> list[_Flow]:
    """The records that concern one accelerator, with its share of each."""
    flows = []
    for position, record in enumerate(records):
        share, members = _share(catalog, accelerator, record)
        if not share:
            continue
        assumed = "assumption" in (record.basis, record.confidence)
        span = ((record.period.after or date.max) - record.period.first).days
        flows.append(_Flow(record, share, members, (2 * assumed + (record.accelerator is None), span, position)))
    return flows


def _share(catalog: "Catalog", accelerator: str, record: Supply) -> tuple[float, tuple[str, ...]]:
    """The accelerator's share of a record (0 when it is not meant) and all accelerators that draw on that share."""
    for name, share in record.split.items():
        members = catalog.members("accelerators", name)
        if accelerator in members:
            return share, members
    if record.split:
        return 0.0, ()
    given = record.accelerator or record.accelerators_group or ()
    names = (given,) if isinstance(given, str) else given
    members = tuple(member for name in names for member in catalog.members("accelerators", name))
    return (1.0, members) if accelerator in members else (0.0, ())


def _stretches(flows: list[_Flow], start: date, end: date) -> Iterable[tuple[date, date]]:
    """[start, end) cut wherever a record begins or ends."""
    cuts = {start, end} | {d for flow in flows for d in (flow.first, flow.after) if start < d < end}
    ordered = sorted(cuts)
    return pairwise(ordered)


def _note(ledger: Ledger, accelerator: str, flow: _Flow, level: Level) -> None:
    record = flow.record
    fact = record.accelerators_per_period
    assert fact is not None
    days = (flow.after - flow.first).days
    band = Range(*(side * days for side in flow.per_day()))
    assumed = "assumption" in (record.basis, record.confidence)
    share = f"share {flow.share:.3g} of {record.subject}" if flow.share != 1 else record.subject
    parts = (f"{share}, {record.period.start} to {record.period.end}", record.basis, record.notes)
    ledger.record(
        f"supply.{record.id}.{accelerator}",
        band,
        level,
        "accelerators",
        kind="assumption" if assumed else "fact",
        source=fact.source or record.source,
        confidence=record.confidence or fact.confidence,
        as_of=record.as_of or fact.as_of,
        note="; ".join(filter(None, parts)),
    )


def _told(
    catalog: "Catalog", totals: Mapping[str, tuple[_Flow, int]], missing: int, accelerator: str
) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
    flows = [flow for flow, _ in totals.values()]
    reason = f"by {', '.join(totals)}"
    if missing:
        reason += f"; no record covers {missing} days, counted as none"
    shared = {m for flow in flows for m in flow.members} - {accelerator}
    pools = dict.fromkeys(flow.record.subject for flow in flows)
    return reason, tuple(totals), ", ".join(pools), tuple(i for i in catalog.accelerators if i in shared)


__all__ = ["CONFIDENCES", "NationalSupply", "national_supply"]
