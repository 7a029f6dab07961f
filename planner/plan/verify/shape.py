"""Records name things of the scenario and count in whole, non-negative numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from math import isfinite, nan
from typing import Any

from planner.plan.verify.case import Case
from planner.plan.verify.ladder import attaches
from planner.plan.verify.options import steps
from planner.plan.verify.records import Fault
from planner.plan.verify.rent import offers
from planner.scenario.rent import RENTED

_COUNTS = ("count", "accelerators", "period", "beside_accelerators")
_AMOUNTS = ("jobs", "tokens_per_s", "tokens", "failed")


def names(case: Case) -> Iterator[Fault]:
    """Every record names a system, site, hall, workload, order and period that exist."""
    for kind, record in _records(case):
        for what, value in _unknown(case, kind, record):
            yield Fault(f"{kind}", None, 0.0, 0.0, f"{kind}: there is no {what} {value!r}")


def numbers(case: Case) -> Iterator[Fault]:
    """Counts are whole and not negative; amounts, and systems on (an average), are finite and not negative."""
    for kind, record in _records(case):
        for field in fields(record):
            value = getattr(record, field.name)
            if field.name == "beside_accelerators":
                value = _with_its_kind(record)
            if value is None:
                continue
            averaged = kind in ("powered", "spares", "surrenders") and field.name == "count"
            if field.name in _COUNTS and not averaged and not _whole(value):
                text = f"{kind}: {field.name} is {value}, not a whole number from 0"
                yield Fault(kind, None, float(value), 0.0, text)
            if (averaged or field.name in _AMOUNTS) and not (isfinite(value) and value >= 0):
                yield Fault(kind, None, float(value), 0.0, f"{kind}: {field.name} is {value}, not a number from 0")


def once(case: Case) -> Iterator[Fault]:
    """No record is stated twice for the same thing."""
    seen: set[tuple[object, ...]] = set()
    for kind, record in _records(case):
        key = (kind, *(getattr(record, f.name) for f in fields(record) if f.name not in ("count", *_AMOUNTS)))
        if key in seen:
            yield Fault(kind, None, 2.0, 1.0, f"{kind}: {', '.join(map(str, key[1:]))} is stated twice")
        seen.add(key)


def _records(case: Case) -> Iterator[tuple[str, Any]]:
    for field in fields(case.decisions):
        for record in getattr(case.decisions, field.name):
            yield field.name, record


def _with_its_kind(record: Any) -> float:
    """Accelerators of another kind in a job; no number where they are stated without that kind, or it without them."""
    count = record.beside_accelerators
    if (record.beside is None) != (count is None):
        return nan
    return float(count or 0)


def _whole(value: float) -> bool:
    return isfinite(value) and value >= 0 and value == int(value)


def _networks(case: Case, kind: str, record: Any) -> tuple[str | None, ...]:
    """What a record may say of the network of its hall: one of those it may buy where it attaches to it, else none."""
    _, hall = case.halls.get((record.site, record.hall), (None, None))
    offered = tuple(offer.id for offer in hall.fabric.offers) if hall is not None and hall.fabric is not None else ()
    if kind == "attachments":
        return offered
    return offered if case.world.knows(record.system) and attaches(hall, case.system(record.system)) else (None,)


def _partners(case: Case, record: Any) -> set[str | None]:
    """Kinds that may do a job together with that of a record, none among them; rented systems have no partner."""
    pairs = [mix.systems for mix in case.scenario.mixed_runs if record.system in mix.systems and record.site != RENTED]
    return {None, *(name for pair in pairs for name in pair if name != record.system)}


def _unknown(case: Case, kind: str, record: Any) -> Iterator[tuple[str, object]]:
    """What a record names that the scenario or the catalog does not have."""
    workloads: dict[str, Mapping[str, object]] = {
        "starts": case.runs,
        "missed": case.runs,
        "jobs": case.streams,
        "shortfalls": case.streams,
        "behind": case.streams,
    }
    rented = kind in ("jobs", "starts") and record.site == RENTED
    for field in fields(record):
        value = getattr(record, field.name)
        match field.name:
            case "offer" if value not in offers(case):
                yield "offer for rent", value
            case "to_site" if value not in case.sites:
                yield "site", value
            case "to_hall" if (record.to_site, value) not in case.halls:
                yield f"hall of {record.to_site!r}", value
            case "hall" if rented and value in offers(case):
                pass
            case "site" if rented:
                pass
            case "system" if not case.world.knows(value):
                yield "system", value
            case "site" if value not in case.sites:
                yield "site", value
            case "hall" if (getattr(record, "site", None), value) not in case.halls:
                yield f"hall of {getattr(record, 'site', None)!r}", value
            case "beside" if value not in _partners(case, record):
                yield f"kind that does work together with {record.system}", value
            case "period" if not 0 <= value < len(case.calendar):
                yield "period", value
            case "workload" if value not in workloads.get(kind, {}):
                yield ("coherent run" if kind in ("starts", "missed") else "divisible workload"), value
            case "family" if value not in {w.software for w in case.scenario.workloads}:
                yield "software family", value
            case "option" if value not in (steps(case.sites[record.site]) if record.site in case.sites else ()):
                yield f"option of {record.site!r}", value
            case "network" if value not in _networks(case, kind, record):
                yield f"network of {record.site}/{record.hall} for it", value
            case "order_id" if value not in case.pending:
                yield "pending order", value
            case _:
                pass
