"""Supply records as flows per day: which record is believed, and how much falls between two days."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from planner.catalog.entry import start_of
from planner.catalog.formula import Range
from planner.catalog.ledger import Ledger
from planner.catalog.names import unknown
from planner.catalog.supply import Supply
from planner.errors import InputError
from planner.io.models import Level, Published
from planner.units import Money

if TYPE_CHECKING:
    from planner.catalog.facts import Stated
    from planner.catalog.load import Catalog

CONFIDENCES = (
    "official", "vendor", "high", "independent", "medium", "analyst", "press", "derived", "low", "assumption",
)  # fmt: skip
"""Best first: which record of a conflict group is believed when neither the scenario nor the data says."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A record as far as it concerns one subject."""

    record: Supply
    share: float
    """Of the record's total."""
    members: tuple[str, ...]
    """Every accelerator that draws on this share."""
    position: int = 0
    """Among the records, in the order of the files."""
    stated: "Stated | None" = None
    """What the scenario says in place of the record's figure."""

    @property
    def first(self) -> date:
        """First day."""
        return self.record.period.first

    @property
    def after(self) -> date:
        """The day after the last."""
        return self.record.period.after or date.max

    @property
    def days(self) -> int:
        """Length of its period."""
        return (self.after - self.first).days

    @property
    def assumed(self) -> bool:
        """Whether it is an assumption rather than a report."""
        return "assumption" in (self.record.basis, self.record.confidence)

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        """Sourced before assumed, own before group, short before long; smaller wins."""
        return (self.assumed, self.record.accelerator is None, self.days, self.position)

    @property
    def total(self) -> Range:
        """The subject's share of the record; a side that is not published is the middle, or the only one known."""
        fact = amount_of(self.record)
        sides = [fact.at("low"), fact.at("mid"), fact.at("high")] if fact is not None else []
        known = [side for side in (sides[1], sides[0], sides[2]) if side is not None]
        band = Range(*((side if side is not None else known[0]) * self.share for side in sides))
        return band if self.stated is None else self.stated.over(band)

    def at(self, level: Level) -> float:
        """The subject's share of the total at a level."""
        value = self.total.at(level)
        return value.amount if isinstance(value, Money) else value

    @property
    def one_sided(self) -> str | None:
        """The only side that is published, or None when there is a middle."""
        fact = amount_of(self.record)
        if fact is None or fact.at("mid") is not None:
            return None
        return "low" if fact.low is not None else "high"


@dataclass(frozen=True, slots=True)
class Sum:
    """What flows add up to between two days."""

    amount: float
    flows: tuple[Flow, ...]
    """Those that were used."""
    missing: int
    """Days that no flow covers."""

    @property
    def reason(self) -> str:
        """What was used, and what a reader should doubt."""
        parts = [f"by {', '.join(flow.record.id for flow in self.flows)}"]
        parts += [f"{f.record.id} states only a {f.one_sided} figure" for f in self.flows if f.one_sided]
        parts += [f"no record covers {self.missing} days, counted as none"] if self.missing else []
        return "; ".join(parts)


def amount_of(record: Supply) -> Published[float] | None:
    """The figure of a record: accelerators, or parts."""
    return record.quantity if record.component else record.accelerators_per_period


def known_since(catalog: "Catalog", record: Supply) -> date | None:
    """The first day on which a record could be known: of its dated sources the oldest. None when none is dated, and
    for one whose figure the scenario states.
    """
    if any(key.startswith(f"supply.{record.id}.") for key in catalog.stated):
        return None
    fact = amount_of(record)
    names = (*record.source, *(fact.source if fact is not None else ()))
    dated = [catalog.sources[name].date for name in names if name in catalog.sources]
    return min((start_of(day) for day in dated if day), default=None)


def believed(catalog: "Catalog", choices: Mapping[str, str], known_by: date | None = None) -> list[Supply]:
    """Records that state a flow and are no mere evidence, one per conflict group; none known only after `known_by`.

    A scenario's choice may be evidence; a total without shares takes those of its group's preferred record.
    Raises InputError for an unknown group or record, and for the choice of one that was not yet known.
    """
    groups: dict[str, list[Supply]] = {}
    free: list[Supply] = []
    for record in catalog.supply.values():
        since = None if known_by is None else known_since(catalog, record)
        if since is not None and known_by is not None and since > known_by:
            _refuse_choice(choices, record, since)
        elif record.conflict_group:
            groups.setdefault(record.conflict_group, []).append(record)
        elif record.usable and states_flow(record):
            free.append(record)
    _check_choices(choices, groups)
    for group, records in groups.items():
        chosen = choices.get(group)
        found = next((r for r in records if r.id == chosen), None) if chosen else _default(records)
        if found is not None and states_flow(found):
            free.append(_split_like(found, records))
    return free


def states_flow(record: Supply) -> bool:
    """Whether it says how much comes in a closed period; a stock does not."""
    fact = amount_of(record)
    known = fact is not None and any(side is not None for side in (fact.value, fact.low, fact.mid, fact.high))
    return known and record.kind != "stock" and record.period.after is not None


def add_up(flows: list[Flow], start: date, end: date, level: Level) -> Sum | None:
    """What flows bring from `start` (included) to `end` (excluded), each day by its best flow; None without any."""
    used: dict[int, tuple[Flow, int]] = {}
    missing = 0
    for day, until in _stretches(flows, start, end):
        here = [flow for flow in flows if flow.first <= day < flow.after]
        days = (until - day).days
        if not here:
            missing += days
            continue
        best = min(here, key=lambda flow: flow.rank)
        used[best.position] = (best, used.get(best.position, (best, 0))[1] + days)
    if not used:
        return None
    amount = sum(flow.at(level) * days / flow.days for flow, days in used.values())
    return Sum(amount, tuple(flow for flow, _ in used.values()), missing)


def note(ledger: Ledger, subject: str, flow: Flow, level: Level) -> None:
    """Record the subject's share of a record's total."""
    record, fact = flow.record, amount_of(flow.record)
    assert fact is not None
    share = f"share {flow.share:.3g} of {record.subject}" if flow.share != 1 else record.subject
    parts = (f"{share}, {record.period.start} to {record.period.end}", record.basis, record.notes)
    ledger.record(
        f"supply.{record.id}.{subject}",
        flow.total,
        level,
        "accelerators" if record.component is None else record.unit or "parts",
        kind="scenario" if flow.stated else "assumption" if flow.assumed else "fact",
        source=() if flow.stated else fact.source or record.source,
        confidence=record.confidence or fact.confidence,
        as_of=record.as_of or fact.as_of,
        note="; ".join(filter(None, parts)),
    )


def _refuse_choice(choices: Mapping[str, str], record: Supply, since: date) -> None:
    if choices.get(record.conflict_group or "") == record.id:
        message = f"supply record {record.id} was not known before {since}"
        raise InputError.of("unknown-then", message, "choose another, or let `supply.hindsight` be allow")


def _check_choices(choices: Mapping[str, str], groups: Mapping[str, list[Supply]]) -> None:
    for group, choice in choices.items():
        if group not in groups:
            raise unknown("conflict group", group, groups)
        known = [record.id for record in groups[group]]
        if choice not in known:
            error = unknown(f"record of conflict group {group}", choice, known).diagnostics[0]
            raise InputError(replace(error, hint=error.hint or f"one of {', '.join(known)}"))


def _default(records: list[Supply]) -> Supply | None:
    """The record of a conflict group that is believed by default."""
    counted = [record for record in records if record.usable and states_flow(record)]
    return min(counted, key=lambda record: (not record.preferred, _confidence(record)), default=None)


def _confidence(record: Supply) -> int:
    fact = amount_of(record)
    name = record.confidence or (fact.confidence if fact else None)
    return CONFIDENCES.index(name) if name in CONFIDENCES else len(CONFIDENCES)


def _split_like(record: Supply, group: list[Supply]) -> Supply:
    if record.split or record.accelerator or record.component:
        return record
    split = next((r.split for r in sorted(group, key=lambda r: not r.preferred) if r.split), {})
    return record.model_copy(update={"split": split}) if split else record


def _stretches(flows: Iterable[Flow], start: date, end: date) -> Iterator[tuple[date, date]]:
    """[start, end) cut wherever a record begins or ends."""
    cuts = {start, end} | {d for flow in flows for d in (flow.first, flow.after) if start < d < end}
    return pairwise(sorted(cuts))
