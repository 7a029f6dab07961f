"""National supply: how many accelerators, or parts of them, are made or delivered in a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from planner.catalog.flows import Flow, add_up, amount_of, believed, known_since, note
from planner.catalog.ledger import Ledger
from planner.catalog.names import unknown
from planner.catalog.supply import Supply
from planner.io.models import Level

if TYPE_CHECKING:
    from planner.catalog.facts import Stated
    from planner.catalog.load import Catalog


@dataclass(frozen=True, slots=True)
class NationalSupply:
    """What records say of one accelerator between two days."""

    accelerators: float | None
    """None when no record covers any day."""
    reason: str
    """What was used, or why nothing is known; figures with one side only; days that no record covers."""
    records: tuple[str, ...] = ()
    """Ids of the records used."""
    pool: str | None = None
    """What the records count; several accelerators may draw on one pool."""
    shared_with: tuple[str, ...] = ()
    """Other accelerators that draw on the same records without a split."""


@dataclass(frozen=True, slots=True)
class ComponentSupply:
    """What records say of one kind of part."""

    produced: float | None
    """In the period; None when no record covers any day."""
    stock: float | None
    """Stock stated for a day up to the end of the period; None when none is stated."""
    reason: str
    records: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    """Accelerators and systems that need the part."""


def national_supply(
    catalog: "Catalog",
    accelerator_id: str,
    start: date,
    end: date,
    level: Level = "mid",
    *,
    choices: Mapping[str, str] | None = None,
    known_by: date | None = None,
    ledger: Ledger | None = None,
) -> NationalSupply:
    """Accelerators between `start` (included) and `end` (excluded), in proportion to days.

    `choices` names for a conflict group the record to believe; otherwise the preferred one, else the one of best
    confidence, first listed. Each day counts one record: sourced before assumed, own before group, short before long.
    With `known_by` only records that some source stated by then.
    Raises InputError for an unknown accelerator, group or record.
    """
    accelerator = catalog.identify("accelerators", accelerator_id)
    flows = _flows(catalog, accelerator, choices, known_by)
    found = add_up(flows, start, end, level)
    if found is None:
        return NationalSupply(None, f"no supply record of {accelerator} between {start} and {end}")
    for flow in found.flows:
        if ledger is not None:
            note(ledger, accelerator, flow, level)
    others = {member for flow in found.flows for member in flow.members} - {accelerator}
    pools = dict.fromkeys(flow.record.subject for flow in found.flows)
    return NationalSupply(
        found.amount,
        found.reason,
        tuple(flow.record.id for flow in found.flows),
        ", ".join(pools),
        tuple(name for name in catalog.accelerators if name in others),
    )


def covered_until(
    catalog: "Catalog", accelerator_id: str, *, choices: Mapping[str, str] | None = None, known_by: date | None = None
) -> date | None:
    """The day after the last one that a record of an accelerator's national supply covers; None without records."""
    flows = _flows(catalog, catalog.identify("accelerators", accelerator_id), choices, known_by)
    return max((flow.after for flow in flows), default=None)


def _flows(
    catalog: "Catalog", accelerator: str, choices: Mapping[str, str] | None, known_by: date | None
) -> list[Flow]:
    return [
        Flow(record, share, members, position, _stated(catalog, record, accelerator))
        for position, record in enumerate(believed(catalog, choices or {}, known_by))
        if not record.component
        for share, members in [_share(catalog, accelerator, record)]
        if share
    ]


def _stated(catalog: "Catalog", record: Supply, accelerator: str) -> "Stated | None":
    """What the scenario says of an accelerator's part of a record, or of the whole record."""
    own = catalog.stated.get(f"supply.{record.id}.{accelerator}")
    return own or catalog.stated.get(f"supply.{record.id}.accelerators_per_period")


def component_supply(
    catalog: "Catalog",
    component: str,
    start: date,
    end: date,
    level: Level = "mid",
    *,
    choices: Mapping[str, str] | None = None,
    known_by: date | None = None,
    ledger: Ledger | None = None,
) -> ComponentSupply:
    """Parts produced between `start` and `end` by the same rules, and the latest stock stated before `end`.

    Raises InputError for a part that no record and no entry names, and for an unknown group or record.
    """
    tables = {name: entry.components for name, entry in catalog.accelerators.items()}
    tables |= {name: entry.components for name, entry in catalog.systems.items()}
    for name, fabric in catalog.fabrics.items():
        tables[name] = {part: 0.0 for tier in fabric.tiers for part in tier.components}
    used_by = tuple(name for name, table in tables.items() if component in table)
    records = [r for r in catalog.supply.values() if r.component == component and _known(catalog, r, known_by)]
    if not used_by and not records:
        raise unknown("component", component, _components(catalog))
    flows = [
        Flow(record, 1.0, (), position)
        for position, record in enumerate(believed(catalog, choices or {}, known_by))
        if record.component == component
    ]
    found = add_up(flows, start, end, level)
    stocks = [r for r in records if r.kind == "stock" and r.period.first < end and amount_of(r) is not None]
    latest = max(stocks, key=lambda record: record.period.first, default=None)
    used = [*(found.flows if found else ()), *([Flow(latest, 1.0, ())] if latest else ())]
    for flow in used:
        if ledger is not None:
            note(ledger, component, flow, level)
    reason = found.reason if found else f"no supply record of {component} between {start} and {end}"
    return ComponentSupply(
        found.amount if found else None,
        Flow(latest, 1.0, ()).at(level) if latest else None,
        reason + (f"; stock by {latest.id}" if latest else ""),
        tuple(flow.record.id for flow in used),
        used_by,
    )


def _known(catalog: "Catalog", record: Supply, by: date | None) -> bool:
    since = known_since(catalog, record)
    return by is None or since is None or since <= by


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


def _components(catalog: "Catalog") -> list[str]:
    """Every part that an entry or a record names."""
    tables = [entry.components for entry in catalog.accelerators.values()]
    tables += [entry.components for entry in catalog.systems.values()]
    named = [name for table in tables for name in table]
    return list(dict.fromkeys([*named, *(r.component for r in catalog.supply.values() if r.component)]))
