"""Why a system is not in the plan: the first reason that keeps it out, or the price at which it would come in.

Reasons are looked at in the order in which they bar a system: facts that are missing, what the scenario lets be
bought, rules, supply, release and lead time, halls, clusters and memory. What passes all of them is only too dear.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from planner.catalog.load import Catalog
from planner.catalog.names import unknown
from planner.errors import InputError
from planner.plan.entry import entry
from planner.plan.output import ready_in
from planner.plan.plan import Plan
from planner.problem.places import misfit, sorted_halls
from planner.problem.rows.excluded import Excluded

type Reason = Literal[
    "chosen", "facts", "scenario", "rule", "supply", "release", "lead time", "hall", "cluster", "dominated"
]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One system: why it is not bought."""

    system: str
    accelerator: str
    reason: Reason
    detail: str
    rule: str | None = None
    rule_date: str | None = None
    source: str | None = None
    price: float | None = None
    """Its price in the scenario's currency."""
    entry_price: float | None = None
    """Price below which the linear relaxation would buy it; 0: not even for nothing. Only of the dominated."""
    entry_mfu: float | None = None
    """Factor on its throughput from which the relaxation would buy it; None: none up to ten."""


def why_not(plan: Plan, systems: Iterable[str] | None = None) -> tuple[WhyNot, ...]:
    """The reason for each system: all that the scenario could buy or owns, or those asked for by id."""
    case = plan.case
    left = {entry.item for entry in case.unresolved}
    known = sorted({*case.systems, *left}) if systems is None else list(dict.fromkeys(systems))
    return tuple(_reason(plan, key) for key in known)


def check_name(catalog: Catalog, name: str) -> None:
    """Raises InputError, with the nearest name, when no accelerator or system is called so."""
    if not (catalog.members("systems", name) or catalog.members("accelerators", name)):
        every = [*catalog.names("accelerators").every, *catalog.names("systems").every]
        raise unknown("accelerator or system", name, every, "planner catalog list accelerators")


def systems_named(plan: Plan, name: str) -> tuple[str, ...]:
    """Systems of the catalog that a name stands for: a system, or all systems of an accelerator or alias.

    Raises InputError with the nearest name.
    """
    catalog = plan.case.catalog
    check_name(catalog, name)
    found = catalog.members("systems", name)
    if found:
        return tuple(found)
    chips = set(catalog.members("accelerators", name))
    held = tuple(key for key, system in catalog.systems.items() if system.accelerator in chips)
    if not held:
        raise InputError.of("no-system", f"no system of the catalog holds {name!r}", "add one to the catalog")
    return held


def _reason(plan: Plan, key: str) -> WhyNot:
    case, problem = plan.case, plan.problem
    chip = case.catalog.systems[key].accelerator
    bought = sum(order.count for order in plan.decisions.orders if order.system == key)
    accepted = {record.order_id for record in plan.decisions.accepted}
    taken = sum(o.count for o in case.scenario.orders if o.system == key and o.id in accepted)
    if bought or taken:
        return WhyNot(key, chip, "chosen", f"the plan buys {bought + taken}")
    missing = next((left.detail for left in case.unresolved if left.item == key), None)
    if missing is not None:
        return WhyNot(key, chip, "facts", missing)
    if key not in case.candidates:
        return WhyNot(key, chip, "scenario", _not_asked(plan, key))
    index = next(i for i, row in enumerate(problem.systems) if row.id == key)
    mine = [left for left in problem.excluded if left.item == key]
    arrivals = {arrival for (i, _), arrival in problem.arrivals.items() if i == index}
    if not arrivals and not any(left.reason == "hall" for left in mine):
        return _barred(key, chip, [left for left in mine if left.kind in ("order", "delivery")], plan)
    if not arrivals or not any(i == index and t >= min(arrivals) for i, _, t in problem.placeable):
        return _misfit(plan, key, [left for left in mine if left.kind == "installation"])
    if not any(i == index for i, _, _ in problem.usable):
        return _barred(key, chip, [left for left in mine if left.kind == "operation"], plan)
    if not _has_work(plan, index):
        details = [left.detail for left in mine if left.kind == "cluster"]
        return WhyNot(key, chip, "cluster", "; ".join(details) or "no workload may run on its platform")
    return _dominated(plan, key, index)


def _not_asked(plan: Plan, key: str) -> str:
    asked, catalog = plan.scenario.systems, plan.case.catalog
    if key in asked.exclude:
        return "the scenario excludes it (systems.exclude)"
    if asked.include:
        return "the scenario does not include it (systems.include)"
    return f"the scenario gives the buyer no supply of {catalog.systems[key].accelerator} (supply.allocations)"


_BARS: Mapping[str, Reason] = {
    "policy": "rule",
    "supply": "supply",
    "release": "release",
    "lead time": "lead time",
    "hall": "hall",
    "installation time": "lead time",
}
"""Reasons that close periods, the first to be told first."""


def _barred(key: str, chip: str, found: list[Excluded], plan: Plan) -> WhyNot:
    """The first reason of those for which every period is closed, and what else closes some."""
    order = list(_BARS)
    ranked = sorted(found, key=lambda left: (order.index(left.reason), left.first))
    first = ranked[0]
    label = [period.label for period in plan.problem.calendar]
    ends = list(dict.fromkeys((first.first, first.last)))
    span = "" if first.first is None else f" ({' to '.join(str(end) for end in ends)})"
    whole = first.first == label[0] and first.last == label[-1]
    told = first.detail if whole or first.first is None else f"{first.kind}{span}: {first.detail}"
    others = list(dict.fromkeys(left.detail for left in ranked if left.detail != first.detail))
    more = f"; in other periods: {'; '.join(others[:2])}" if others else ""
    reason = "rule" if first.rule else _BARS[first.reason]
    return WhyNot(key, chip, reason, told + more, first.rule, first.rule_date, first.source)


def _misfit(plan: Plan, key: str, found: list[Excluded]) -> WhyNot:
    system, chip = plan.case.systems[key], plan.case.systems[key].accelerator_id
    ruled = next((left for left in found if left.rule), None)
    fits = [hall for _, hall in sorted_halls(plan.scenario) if misfit(system, hall) is None]
    if ruled is not None and fits:
        return WhyNot(key, chip, "rule", ruled.detail, ruled.rule, ruled.rule_date, ruled.source)
    reasons = list(dict.fromkeys(why[1] for _, hall in sorted_halls(plan.scenario) if (why := misfit(system, hall))))
    return WhyNot(key, chip, "hall", f"fits no hall: {'; '.join(reasons)}")


def _has_work(plan: Plan, index: int) -> bool:
    problem = plan.problem
    jobs = any(job.system == index and problem.job_halls[j] for j, job in enumerate(problem.jobs))
    return jobs or any(begin.system == index for begin in problem.begins)


def _dominated(plan: Plan, key: str, index: int) -> WhyNot:
    case = plan.case
    price = case.prices.unit_price(case.systems[key])
    found = entry(plan.problem, plan.duals, index, price, 0.0, ready_in(plan.problem, plan.decisions))
    share = found.price_share
    if share is None:
        told = "too little for its power, space and upkeep: in the linear relaxation it would not enter for nothing"
    elif share >= 1.0:
        told = (
            "worth its price in the linear relaxation, where systems are bought in parts and ports are free; "
            "whole systems, ports or the gap keep it out"
        )
    else:
        told = f"too dear: the linear relaxation buys it below {share:.0%} of its price"
    platform, families = plan.problem.platform_of(index), {row.software for row in plan.problem.streams}
    if any((family, platform) not in plan.problem.ported for family in families):
        told += "; a port of the software is counted only in the re-solve"
    return WhyNot(
        key, case.systems[key].accelerator_id, "dominated", told, price=price,
        entry_price=min(found.entry_price, price), entry_mfu=found.mfu_factor,
    )  # fmt: skip


def records(found: Iterable[WhyNot]) -> list[dict[str, Any]]:
    """As records."""
    return [asdict(row) for row in found]
