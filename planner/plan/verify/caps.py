"""Quotas, shares, ratios and bundles: counted again from the decisions, for every limit and every obligation."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault, exceeds
from planner.plan.verify.statement import amount
from planner.plan.verify.text import versus
from planner.plan.verify.world import SystemFacts
from planner.policy.permissions import Obligation
from planner.scenario.periods import label_end, label_start
from planner.scenario.quotas import Quota, Terms


@dataclass(frozen=True, slots=True)
class Counted:
    """So much of an accelerator at a time, and at a site where the site is known."""

    accelerator: str
    period: int
    site: str | None
    amount: float


def quota(case: Case) -> Iterator[Fault]:
    """What is counted of covered accelerators stays within its number."""
    for limit in case.scenario.limits.quotas:
        if limit.most is not None:
            for name, own, _, found in _rows(case, limit):
                yield from _over(name, _sum(own, found, limit.of, case), limit.most)
    for duty, periods in _duties(case, "quantity_cap"):
        yield from _capped(case, duty, periods)


def ratio(case: Case) -> Iterator[Fault]:
    """What is counted of one group stays within so many per unit of another."""
    for limit in case.scenario.limits.quotas:
        if limit.most_per is not None:
            for name, own, every, found in _rows(case, limit):
                most = limit.most_per * _sum(every, found, limit.among, case)
                yield from _over(name, _sum(own, found, limit.of, case), most)


def share(case: Case) -> Iterator[Fault]:
    """Groups have at least, or at most, their share of what is counted."""
    for limit in case.scenario.limits.quotas:
        for name, own, every, found in _rows(case, limit):
            inside = _sum(own, found, limit.of, case)
            whole = _sum(every, found, limit.among, case)
            if limit.most_share is not None:
                yield from _over(name, inside, limit.most_share * whole)
            if limit.least_share is not None:
                yield from _over(name, limit.least_share * whole, inside)
    for duty, periods in _duties(case, "domestic_share_min"):
        yield from _domestic(case, duty, periods)


def bundle(case: Case) -> Iterator[Fault]:
    """Covered accelerators are ordered only with their number of domestic ones."""
    for duty, periods in _duties(case, "bundled_purchase"):
        effect, terms = settled(case, duty)
        if effect.domestic_per_unit is None:
            continue
        group = list(_tally(case, "orders", effect.basis or "units"))
        bundled = covered(case, duty) - duty.domestic
        for label, found in _spans(case, periods, terms.every or "year"):
            foreign = sum(c.amount for c in group if c.period in found and c.accelerator in bundled)
            home = sum(c.amount for c in group if c.period in found and c.accelerator in duty.domestic)
            yield from _over(f"{duty.rule_id} {label}", effect.domestic_per_unit * foreign, home)


def _capped(case: Case, duty: Obligation, periods: list[int]) -> Iterator[Fault]:
    effect, terms = settled(case, duty)
    if effect.units is None and effect.compute_tpp is None:
        return
    every = sorted(covered(case, duty))
    for chips in [every] if effect.joint else [[chip] for chip in every]:
        for label, found in _spans(case, periods, terms.every or effect.every):
            taken = [c for c in _tally(case, "deliveries", "units") if c.period in found and c.accelerator in chips]
            if effect.units is not None:
                yield from _over(f"{duty.rule_id} {label}", sum(c.amount for c in taken), effect.units)
            else:
                tpp = sum(c.amount * case.world.tpp(c.accelerator) for c in taken)
                yield from _over(f"{duty.rule_id} {label}", tpp, effect.compute_tpp)


def _domestic(case: Case, duty: Obligation, periods: list[int]) -> Iterator[Fault]:
    effect, terms = settled(case, duty)
    if effect.share is None:
        return
    counts = terms.counts or ("orders" if duty.site_id is None else "installs")
    held = [t for t in periods if effect.by is None or case.calendar[t].end > effect.by]
    group = [c for c in _tally(case, counts, effect.basis or "units") if c.accelerator in covered(case, duty)]
    if duty.site_id is not None:
        group = [c for c in group if c.site == duty.site_id]
    for label, found in _spans(case, held, "period" if counts == "fleet" else terms.every or "year"):
        whole = sum(c.amount for c in group if c.period in found)
        home = sum(c.amount for c in group if c.period in found and c.accelerator in duty.domestic)
        where = " ".join(part for part in (duty.rule_id, duty.site_id, label) if part)
        if effect.strict and whole > 0 and home <= effect.share * whole * (1 + 1e-9):
            text = f"{where}: {home:.6g} of {whole:.6g} is domestic, more than {effect.share:.0%} is asked for"
            yield Fault(where, None, home, effect.share * whole, text)
        elif not effect.strict:
            yield from _over(where, effect.share * whole, home)


def settled(case: Case, duty: Obligation) -> tuple[Any, Terms]:
    """The effect as the scenario settles it, and the terms."""
    terms = case.scenario.policy.terms.get(duty.rule_id, Terms())
    given = {name: getattr(terms, name) for name in terms.model_fields_set if hasattr(duty.effect, name)}
    return duty.effect.model_copy(update=given), terms


def covered(case: Case, duty: Obligation) -> frozenset[str]:
    """Accelerators that the rule covers, with those it may cover unless the unknown is taken as allowed."""
    return duty.accelerators | (duty.uncertain if case.scenario.policy.assume_unknown == "deny" else frozenset())


def _duties(case: Case, kind: str) -> Iterator[tuple[Obligation, list[int]]]:
    """Each effect of a kind, rule and site with all the periods in which it is in force."""
    found: dict[tuple[Any, ...], tuple[Obligation, list[int]]] = {}
    for duty in case.world.obligations:
        if duty.kind == kind:
            key = (duty.rule_id, duty.site_id, duty.effect.model_dump_json(), duty.accelerators, duty.uncertain)
            found.setdefault(key, (duty, []))[1].append(duty.period_index)
    yield from found.values()


def _rows(case: Case, limit: Quota) -> Iterator[tuple[str, list[Counted], list[Counted], set[int]]]:
    """Name, what may be limited, what it is compared with, and the periods of each inequality of a limit."""
    for name, own, every in _groups(case, limit):
        for label, found in _spans(case, _within(case, limit), limit.spans):
            yield f"{name} {label}", own, every, found


def _groups(case: Case, limit: Quota) -> Iterator[tuple[str, list[Counted], list[Counted]]]:
    """What a limit counts and what it compares with: all together, each site by itself, each vendor with all."""
    tally = _tally(case, limit.counts, limit.basis)
    counted = [c for c in tally if limit.sites is None or c.site in limit.sites]
    if limit.each == "site":
        for site in case.sites if limit.sites is None else limit.sites:
            here = [c for c in counted if c.site == site]
            yield f"{limit.id} {site}", here, here
    elif limit.each == "vendor":
        for vendor in _vendors(case, limit, counted):
            yield f"{limit.id} {vendor}", [c for c in counted if case.world.vendor(c.accelerator) == vendor], counted
    else:
        yield limit.id, counted, counted


def _vendors(case: Case, limit: Quota, counted: list[Counted]) -> list[str]:
    """Vendors that a limit holds for, one by one: of what it means among all that is counted, owned, on order or
    allocated, whether any of it was bought or not.
    """
    named = {c.accelerator for c in counted} | {entry.accelerator for entry in case.scenario.supply.allocations}
    named |= {case.system(entry.system).accelerator for entry in case.scenario.installed}
    named |= {case.system(order.system).accelerator for order in case.scenario.orders}
    return sorted({case.world.vendor(chip) for chip in named if case.world.means(limit.of, chip)})


def _within(case: Case, limit: Quota) -> list[int]:
    """Periods that lie within the dates of a limit."""
    return [
        p.index
        for p in case.calendar
        if (limit.first is None or p.start >= label_start(limit.first))
        and (limit.last is None or p.end <= label_end(limit.last))
    ]


def _spans(case: Case, periods: Iterable[int], every: str) -> Iterator[tuple[str, set[int]]]:
    """Periods that are added up."""
    found: dict[str, set[int]] = defaultdict(set)
    for t in periods:
        name = case.label(t) if every == "period" else str(case.calendar[t].start.year) if every == "year" else "in all"
        found[name].add(t)
    yield from found.items()


def _sum(group: list[Counted], periods: set[int], scope: Any, case: Case) -> float:
    means = partial(case.world.means, scope)
    return sum(c.amount for c in group if c.period in periods and means(c.accelerator))


def _tally(case: Case, counts: str, basis: str) -> Iterator[Counted]:
    """Everything ordered, delivered, placed or in service, on a basis."""
    rows: Iterable[tuple[str, int, str | None, float]]
    if counts == "orders":
        rows = ((o.system, o.period, None, o.count) for o in case.decisions.orders)
    elif counts == "deliveries":
        rows = ((s, t, None, n) for s, line in case.arrivals.items() for t, n in enumerate(line))
    elif counts == "installs":
        rows = ((r.system, r.period, r.site, r.count) for r in case.decisions.installs)
    else:
        rows = ((s, t, site, n) for (s, site, _), line in case.fleet.items() for t, n in enumerate(line))
    for system, period, site, count in rows:
        facts = case.system(system)
        if count:
            each = _each(case, facts, basis)
            yield Counted(facts.accelerator, period, site, count * each)


def _each(case: Case, facts: SystemFacts, basis: str) -> float:
    """What one system counts for."""
    if basis == "cost":
        return amount(case, facts.price, 0)
    if basis == "power":
        return facts.power
    return facts.accelerators * (facts.compute if basis == "compute" else 1.0)


def _over(where: str, lhs: float, rhs: float) -> Iterator[Fault]:
    if exceeds(lhs, rhs):
        left, right = versus(lhs, rhs)
        yield Fault(where, None, lhs, rhs, f"{where}: {left} counted, {right} allowed")
