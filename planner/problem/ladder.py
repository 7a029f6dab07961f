"""The networks that halls may buy, as ladders of levels with their reach, price and power."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from planner.catalog.resolve import ResolvedSystem, resolve_network
from planner.costs.events import Events
from planner.costs.ports import PortTerms, bought, kept
from planner.errors import InputError, InternalError, Place
from planner.problem.case import Case
from planner.problem.networks import NetworkLevel, NetworkRow
from planner.problem.places import misfit, sorted_halls
from planner.scenario.model import Hall
from planner.scenario.network import HallNetwork, NetworkOffer
from planner.units import HOURS_PER_YEAR, Money


@dataclass(frozen=True, slots=True)
class _Facts:
    """An offer with what the catalog adds."""

    id: str
    reach: int
    cost: Money
    kw: float
    oversubscription: float
    below: int
    """Accelerators that the tier below it joins without oversubscription, by the catalog."""
    parts: Mapping[str, float]
    """Parts per port, of those whose supply is limited."""


def network_rows(case: Case, systems: list[ResolvedSystem]) -> tuple[NetworkRow, ...]:
    """The network of every hall that may buy one. Raises InputError for offers that are no ladder."""
    rows = []
    for h, (site, hall) in enumerate(sorted_halls(case.scenario)):
        if hall.fabric is not None:
            where = _where(case, site.id, hall.id)
            attached = frozenset(i for i, system in enumerate(systems) if attaches(hall.fabric, system))
            rungs = _rungs(case, hall.fabric, where)
            base = sum(
                entry.count * case.systems[entry.system].accelerators
                for entry in case.scenario.installed
                if (entry.site, entry.hall) == (site.id, hall.id) and attaches(hall.fabric, case.systems[entry.system])
            )
            _holds_one(case, systems, hall, rungs, where)
            levels = _levels(case, hall.fabric, rungs, base)
            rows.append(NetworkRow(h, levels, attached, _kept(case, site.id, hall.fabric, rungs, levels)))
    return tuple(rows)


def attaches(network: HallNetwork, system: ResolvedSystem) -> bool:
    """Whether a system needs ports of a hall's network."""
    return network.attach == "all" or system.system_class != "supernode"


def _where(case: Case, site: str, hall: str) -> tuple[str | int, ...]:
    sites = [place.id for place in case.scenario.sites]
    s = sites.index(site)
    return ("sites", s, "halls", [place.id for place in case.scenario.sites[s].halls].index(hall), "fabric")


def _place(case: Case, *path: str | int) -> Place | None:
    document = case.scenario.document
    return None if document is None else document.place(path)


def _rungs(case: Case, network: HallNetwork, where: tuple[str | int, ...]) -> list[_Facts]:
    """Offers from the nearest to the farthest; the less oversubscribed of two that reach equally far comes later."""
    rungs = sorted(
        (_facts(case, offer) for offer in network.offers), key=lambda f: (f.reach, -f.oversubscription, f.cost.amount)
    )
    index = {offer.id: n for n, offer in enumerate(network.offers)}
    for near, far in pairwise(rungs):
        place = _place(case, *where, "offers", index[far.id])
        if (near.reach, near.oversubscription) == (far.reach, far.oversubscription):
            message = f"networks {near.id} and {far.id} are alike: both reach {far.reach} accelerators"
            raise InputError.of("duplicate", message, "leave out the dearer one", place)
        for t in range(len(case.calendar)):
            if case.prices.money(far.cost, t) < case.prices.money(near.cost, t) * (1 - 1e-9):
                message = f"network {far.id} reaches as far as {near.id} or further and costs less"
                raise InputError.of("wrong-value", message, f"leave out {near.id}, or correct the prices", place)
        for part, need in near.parts.items():
            if far.parts.get(part, 0.0) < need:
                message = f"network {far.id} needs {far.parts.get(part, 0.0):g} {part} a port, {near.id}, on which it "
                message += f"builds, {need:g}"
                raise InputError.of("wrong-value", message, "count the parts of all its tiers", place)
    return rungs


def _facts(case: Case, offer: NetworkOffer) -> _Facts:
    reach, cost, kw, ratio, below = offer.reach, offer.cost, offer.power, offer.oversubscription, 0
    limited = [part.component for part in case.scenario.supply.components]
    parts = {name: (offer.components or {}).get(name, 0.0) for name in limited}
    if offer.fabric is not None and offer.tiers is not None:
        level, ledger = case.scenario.values, case.ledger
        asked = limited if offer.components is None else []
        found = resolve_network(case.catalog, offer.fabric, offer.tiers, level, ledger, parts=asked)
        parts |= found.components
        reach = found.endpoints if reach is None else reach
        cost = found.cost_per_endpoint if cost is None else cost
        kw = found.power_per_endpoint_kw if kw is None else kw
        ratio = found.oversubscription if ratio is None else ratio
        if offer.tiers > 1:
            lower = resolve_network(case.catalog, offer.fabric, offer.tiers - 1, level, ledger)
            below = lower.endpoints if lower.oversubscription <= 1 else 0
    if reach is None or cost is None or kw is None:
        raise InternalError(f"network {offer.id} has neither facts nor a fabric")
    return _Facts(offer.id, reach, cost, kw, ratio or 1.0, below, parts)


def _levels(case: Case, network: HallNetwork, rungs: list[_Facts], base: int) -> tuple[NetworkLevel, ...]:
    there = {rungs[0].id: base} if network.installed is None else network.installed
    hours, terms = _figure(case, network.lead_time, "lead-time-network"), _terms(case, network)
    due = {t: case.calendar.after(t, hours) if hours else t for t in range(len(case.calendar))}
    ready = {t: at for t, at in due.items() if at is not None}
    levels = []
    for k, rung in enumerate(rungs):
        pods = [rung.below, *(lower.reach for lower in rungs[:k] if lower.oversubscription <= 1)]
        installed = sum(there.get(other.id, 0) for other in rungs[k:])
        steps = (rung.cost, rungs[k - 1].cost) if k else (rung.cost,)
        events = {t: bought(case.prices, steps, t, at, terms) for t, at in ready.items()}
        near = rungs[k - 1].parts if k else {}
        parts = {name: more for name, need in rung.parts.items() if (more := need - near.get(name, 0.0)) > 0}
        ratio = rung.oversubscription
        levels.append(NetworkLevel(rung.id, rung.reach, ratio, max(pods), rung.kw, installed, ready, events, parts))
    return tuple(levels)


def _kept(case: Case, site: str, network: HallNetwork, rungs: list[_Facts], levels: tuple[NetworkLevel, ...]) -> Events:
    """Upkeep of the ports that are there when the plan starts, through the whole plan."""
    terms = _terms(case, network)
    return tuple(
        replace(event.scaled(float(level.installed)), site=site, item=level.offer)
        for k, level in enumerate(levels)
        for when in case.calendar
        if level.installed
        for event in kept(case.prices, (rungs[k].cost, rungs[k - 1].cost) if k else (rungs[k].cost,), when, terms)
    )


def _terms(case: Case, network: HallNetwork) -> PortTerms:
    life = None if network.life is None else _figure(case, network.life, "network-life") / HOURS_PER_YEAR
    return PortTerms(life, _figure(case, network.maintenance, "hardware-maintenance"))


def _figure(case: Case, stated: "float | str | None", parameter: str) -> float:
    """What the scenario states, or the catalog's figure where it says `assumed`; 0 where it is silent."""
    if stated is None:
        return 0.0
    return case.number(parameter) if isinstance(stated, str) else stated


def _holds_one(
    case: Case, systems: list[ResolvedSystem], hall: Hall, rungs: list[_Facts], where: tuple[str | int, ...]
) -> None:
    """The farthest network must hold one system of those that fit and attach."""
    fitting = [s for s in systems if misfit(s, hall) is None and hall.fabric is not None and attaches(hall.fabric, s)]
    least = min(fitting, key=lambda system: (system.accelerators, system.id), default=None)
    if least is not None and rungs[-1].reach < least.accelerators:
        text = f"the farthest network of the hall reaches {rungs[-1].reach} accelerators; the smallest system "
        text += f"that fits it, {least.name}, has {least.accelerators}"
        raise InputError.of("fabric-below-system", text, "state a larger reach", _place(case, *where, "offers"))
