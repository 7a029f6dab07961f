"""Limits that the buyer sets itself, or that parts, networks and offers set, each with what lifts or relaxes it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from planner.errors import Place
from planner.explain import steps
from planner.explain.limit import Limit, Repair
from planner.explain.steps import Change
from planner.plan.solve import Posed
from planner.scenario.limits import CarbonCap, EnergyCap
from planner.scenario.model import Hall, Scenario
from planner.scenario.quotas import Quota

SHARE = 0.01
"""Step of a quantity, of its size."""

type At = Callable[..., Place | None]


def own_limits(posed: Posed, at: At) -> Iterator[Limit]:
    """Parts, quotas, caps, floors, offers for rent and the time that ports of networks take."""
    scenario = posed.case.scenario
    yield from _parts(posed, at)
    for n, quota in enumerate(scenario.limits.quotas):
        yield _quota(quota, at("limits", "quotas", n))
    yield from _energy(scenario, at)
    for name, value in scenario.caps:
        if value is not None:
            yield _plain(f"cap {name}", f"the cap on {name}", at("caps", name), _without_cap(name))
    for n, floor in enumerate(scenario.least_compute):
        where = floor.region or ", ".join(floor.sites)
        change = _without_floor(n)
        yield _plain(f"least compute {where}", f"the least compute at {where}", at("least_compute", n), change)
    for n, offer in enumerate(scenario.rent):
        yield _rent(offer.id, max(offer.systems.steps.values(), default=0), at("rent", n, "systems"))
    yield from _ports(scenario, at)


def _ports(scenario: Scenario, at: At) -> Iterator[Limit]:
    """The time that ports of a hall's network take."""
    for n, site in enumerate(scenario.sites):
        for k, hall in enumerate(site.halls):
            if hall.fabric is not None and hall.fabric.lead_time is not None:
                place = f"{site.id}/{hall.id}"
                told = f"the time that ports of hall {place} take to come"
                where = at("sites", n, "halls", k, "fabric", "lead_time")
                yield _plain(f"ports {place}", told, where, steps.on_hall(place, _at_once))


def _at_once(hall: Hall) -> dict[str, Any]:
    fabric = hall.fabric
    return {} if fabric is None else {"fabric": fabric.model_copy(update={"lead_time": None})}


def _plain(name: str, words: str, place: Place | None, lift: Change) -> Limit:
    """A limit that is there or not."""
    repair = Repair(name.partition(" ")[0], lambda k: lift, lambda k: f"without {words}", lambda k: 1.0, 1)
    return Limit(name, words, place, lift, (repair,))


def _scaled(limit: Limit, what: str, more: Callable[[float], Change], *, most: int = 10_000) -> Limit:
    """A limit with a repair that enlarges it by hundredths before the one that leaves it out."""
    repair = Repair(
        limit.repairs[0].name,
        lambda k: more(1.0 + k * SHARE),
        lambda k: f"+{k * SHARE:.0%} {what}",
        lambda k: k * SHARE,
        most,
    )
    return replace(limit, repairs=(repair,))


def _parts(posed: Posed, at: At) -> Iterator[Limit]:
    """Parts: none of them lacks without its entry; a repair has more there at the start."""
    rows = {row.id: row for row in posed.problem.parts}
    for n, part in enumerate(posed.case.scenario.supply.components):
        name, row = part.component, rows[part.component]
        whole = row.stock + sum(row.inflow)
        step = max(1.0, round(SHARE * whole))

        def lift(s: Scenario, name: str = name) -> Scenario:
            kept = tuple(p for p in s.supply.components if p.component != name)
            return s.replace(supply=s.supply.model_copy(update={"components": kept}))

        def more(k: int, name: str = name, first: float = row.stock, step: float = step) -> Change:
            return steps.part_stock(name, first + k * step)

        def words(k: int, name: str = name, unit: str = row.unit, step: float = step) -> str:
            return f"+{k * step:,.0f} {unit} of {name} at the start"

        def size(k: int, whole: float = whole, step: float = step) -> float:
            return k * step / max(whole, step)

        repairs = (Repair("parts", more, words, size, 100_000),) if part.scale > 0 else ()
        told = f"{whole:,.0f} {row.unit} of {name} over the plan"
        yield Limit(f"parts {name}", told, at("supply", "components", n), lift, repairs)


def _quota(quota: Quota, place: Place | None) -> Limit:
    def changed(make: Callable[[Quota], tuple[Quota, ...]]) -> Change:
        def change(s: Scenario) -> Scenario:
            found = tuple(new for q in s.limits.quotas for new in (make(q) if q.id == quota.id else (q,)))
            return s.replace(limits=s.limits.model_copy(update={"quotas": found}))

        return change

    limit = _plain(f"quota {quota.id}", f"the limit {quota.id}", place, changed(lambda q: ()))
    key = next(k for k in ("most", "most_per", "most_share", "least_share") if getattr(quota, k) is not None)
    if key == "most" and quota.most:
        more = partial(_times, quota.most)
        return _scaled(limit, f"of the limit {quota.id}", lambda by: changed(lambda q: (more(q, by),)))
    return limit


def _times(most: float, quota: Quota, by: float) -> Quota:
    return quota.model_copy(update={"most": most * by})


def _energy(scenario: Scenario, at: At) -> Iterator[Limit]:
    """Caps on energy and carbon, of the whole plan and of each span."""
    for kind in ("energy", "carbon"):
        cap = getattr(scenario.limits, kind)
        spans: list[str | None] = [None] if cap.total is not None else []
        for label in (*spans, *cap.per_year):
            what = f"{kind} in {label}" if label else f"{kind} over the plan"
            place = at("limits", kind, *(("per_year", label) if label else ("total",)))
            limit = _plain(f"{kind} {label or 'total'}", f"the cap on {what}", place, _cap(kind, label, None))
            yield _scaled(limit, what, partial(_cap, kind, label))


def _cap(kind: str, label: str | None, by: float | None) -> Change:
    """A cap of the whole plan, or of a span, times a factor; None: without it."""

    def change(s: Scenario) -> Scenario:
        cap: EnergyCap | CarbonCap = getattr(s.limits, kind)
        if label is None:
            new = cap.model_copy(update={"total": None if by is None or cap.total is None else cap.total * by})
        else:
            spans = {k: v if k != label else v * (by or 0.0) for k, v in cap.per_year.items() if k != label or by}
            new = cap.model_copy(update={"per_year": spans})
        return s.replace(limits=s.limits.model_copy(update={kind: new}))

    return change


def _without_cap(name: str) -> Change:
    return lambda s: s.replace(caps=s.caps.model_copy(update={name: None}))


def _without_floor(n: int) -> Change:
    """Without a floor of compute: it asks for none, so that those after it keep their places."""

    def change(s: Scenario) -> Scenario:
        floors = list(s.least_compute)
        floors[n] = floors[n].model_copy(update={"compute": steps.times(floors[n].compute, 0.0)})
        return s.replace(least_compute=tuple(floors))

    return change


def _rent(name: str, most: int, place: Place | None) -> Limit:
    def more(k: int) -> Change:
        def change(s: Scenario) -> Scenario:
            offers = (
                o.model_copy(update={"systems": steps.raised(o.systems, k)}) if o.id == name else o for o in s.rent
            )
            return s.replace(rent=tuple(offers))

        return change

    repair = Repair("rent", more, lambda k: f"+{k:,} systems of the offer {name}", lambda k: k / max(most, 1), 10_000)
    return Limit(f"rent {name}", f"at most {most:,} systems of the offer {name}", place, more(10_000), (repair,))
