"""What idle systems, network and storage draw, by what the scenario states or the catalog assumes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from planner.catalog.resolve import ResolvedSystem, planning
from planner.costs.events import Events
from planner.costs.prices import EnergyPrice
from planner.errors import InputError, InternalError
from planner.problem.case import Case
from planner.problem.loads import Loads
from planner.problem.networks import NetworkRow
from planner.problem.places import energy_price, sorted_halls, sorted_sites
from planner.problem.rows.halls import HallRow
from planner.problem.rows.keys import Key
from planner.problem.rows.work import Begin, Job
from planner.scenario.power import ASSUMED
from planner.units import Money


def loads(
    case: Case,
    systems: list[ResolvedSystem],
    halls: tuple[HallRow, ...],
    usable: frozenset[Key],
    wired: Mapping[tuple[int, int], NetworkRow],
) -> Loads:
    """Every load of the scenario beside systems at work."""
    share = _figure(case, "idle", "idle-power")
    cells = sorted({(i, h) for i, h, _ in usable})
    shared = {(i, h): kw for i, h in cells if (kw := sum(kw for _, kw in _shared(case, systems[i], wired.get((i, h)))))}
    idle = _idle(case, systems, usable, share) if share else {}
    energy = _energies(case, halls, idle)
    events: dict[Key, Events] = {
        (i, h, t): case.prices.drawn("idle_energy", kw, energy[h, t], case.calendar[t])
        for (i, h, t), kw in idle.items()
    }
    return Loads(shared, idle, events)


def demand_events(case: Case) -> dict[Key, Events]:
    """(s, t) -> cash of one kW of the highest draw at the meter, where that has a price."""
    found: dict[Key, Events] = {}
    for s, site in enumerate(sorted_sites(case.scenario)):
        for period in case.calendar if site.demand_charge is not None else ():
            price = site.demand_charge.at(period) if site.demand_charge is not None else None
            if price is not None and price.amount > 0:
                found[s, period.index] = case.prices.demand(price, period)
    return found


def shared_events(
    case: Case,
    systems: list[ResolvedSystem],
    halls: tuple[HallRow, ...],
    usable: frozenset[Key],
    wired: Mapping[tuple[int, int], NetworkRow],
) -> Mapping[Key, Events]:
    """(i, h, t) -> cash of the network and storage of one system that is on."""
    cells = sorted({(i, h) for i, h, _ in usable})
    parts = {(i, h): [part for part in _shared(case, systems[i], wired.get((i, h))) if part[1]] for i, h in cells}
    found: dict[Key, Events] = {}
    energy = _energies(case, halls, usable)
    for i, h, t in sorted((i, h, t) for i, h, t in usable if parts[i, h]):
        lines = (case.prices.drawn(f"{name}_energy", kw, energy[h, t], case.calendar[t]) for name, kw in parts[i, h])
        found[i, h, t] = tuple(event for events in lines for event in events)
    return found


def _shared(case: Case, system: ResolvedSystem, network: NetworkRow | None) -> tuple[tuple[str, float], ...]:
    """kW of network and of storage for one system that is on; of a network that its hall buys, the nearest's."""
    server = system.system_class != "supernode"
    usual = _figure(case, "network", "network-power") if server and network is None else 0.0
    storage = _figure(case, "storage", "storage-power")
    each = usual if network is None else network.levels[0].kw
    return ("network", each * system.accelerators), ("storage", storage * system.accelerators)


def with_upper(
    case: Case,
    systems: list[ResolvedSystem],
    halls: tuple[HallRow, ...],
    drawn: Loads,
    wired: Mapping[tuple[int, int], NetworkRow],
    jobs: list[Job],
    job_halls: Mapping[int, frozenset[int]],
    begins: list[Begin],
) -> Loads:
    """The loads with what networks beyond the nearest draw for the work that runs over them."""
    if not wired:
        return drawn
    job_kw: dict[int, float] = {}
    job_events: dict[Key, Events] = {}
    for j, job in enumerate(jobs):
        (h, *_) = sorted(job_halls[j]) or [0]
        kw = _upper_kw(systems, wired, job, h)
        if kw:
            job_kw[j] = kw
            for period in case.calendar:
                energy = _energy(case, halls, h, period.index)
                job_events[j, period.index] = case.prices.drawn("network_energy", kw, energy, period)
    begin_kw = {n: kw for n, begin in enumerate(begins) if (kw := _upper_kw(systems, wired, begin, begin.hall))}
    begin_events = {n: _of_run(case, halls, begins[n], kw) for n, kw in begin_kw.items()}
    return replace(drawn, jobs=job_kw, job_events=job_events, begins=begin_kw, begin_events=begin_events)


def _upper_kw(
    systems: list[ResolvedSystem], wired: Mapping[tuple[int, int], NetworkRow], work: Job | Begin, h: int
) -> float:
    """kW of the levels above the nearest for one job or run."""
    if work.network is None:
        return 0.0
    levels = wired[work.system, h].levels
    level = levels[wired[work.system, h].rank(work.network)]
    return work.units * systems[work.system].accelerators * (level.kw - levels[0].kw)


def _of_run(case: Case, halls: tuple[HallRow, ...], begin: Begin, kw: float) -> Events:
    energy = ((t, share, _energy(case, halls, begin.hall, t)) for t, share in begin.occupancy)
    found = (case.prices.drawn("network_energy", kw * share, price, case.calendar[t]) for t, share, price in energy)
    return tuple(event for events in found for event in events)


def _idle(case: Case, systems: list[ResolvedSystem], usable: frozenset[Key], share: float) -> dict[Key, float]:
    if share > case.parameters.load_factor:
        message = f"a system that is off draws {share:.0%} of its planning power, "
        message += f"more than one at work ({case.parameters.load_factor:.0%})"
        document = case.scenario.document
        place = None if document is None else document.place(("power", "idle"))
        raise InputError.of("wrong-value", message, "state a smaller share, or a larger power-utilisation", place)
    sites = [site for site, _ in sorted_halls(case.scenario)]
    plugged = (
        (i, h, t) for i, h, t in sorted(usable) if not any(cut.touches(case.calendar[t]) for cut in sites[h].cuts)
    )
    return {key: share * systems[key[0]].power_kw for key in plugged}


def _energies(case: Case, halls: tuple[HallRow, ...], slots: Iterable[Key]) -> dict[Key, EnergyPrice]:
    """Price of energy by (h, t) of some (i, h, t)."""
    return {(h, t): _energy(case, halls, h, t) for h, t in sorted({(h, t) for _, h, t in slots})}


def _energy(case: Case, halls: tuple[HallRow, ...], h: int, t: int) -> EnergyPrice:
    site = sorted_halls(case.scenario)[h][0]
    return energy_price(site, case.regions[site.id], halls[h].pue[t], case.prices, case.calendar[t])


def _figure(case: Case, key: str, parameter: str) -> float:
    """What the scenario states under `power`, or the catalog's figure where it says `assumed`; 0 where it is silent."""
    stated = getattr(case.scenario.power, key)
    if stated is None:
        return 0.0
    if stated != ASSUMED:
        case.ledger.scenario(f"scenario.power.{key}", stated)
        return float(stated)
    value = planning(case.catalog, parameter, case.scenario.values, case.ledger)
    if isinstance(value, Money):
        raise InternalError(f"parameter {parameter} is money, a number is expected")
    return float(value)
