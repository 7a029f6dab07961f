"""What idle systems, network and storage draw, by what the scenario states or the catalog assumes."""

from collections.abc import Mapping

from planner.catalog.resolve import ResolvedSystem, planning
from planner.costs.events import Events
from planner.costs.prices import EnergyPrice
from planner.errors import InputError, InternalError
from planner.problem.arrays import HallRow, Key
from planner.problem.case import Case
from planner.problem.loads import Loads
from planner.problem.places import energy_price, sorted_halls
from planner.scenario.power import ASSUMED
from planner.units import Money


def loads(case: Case, systems: list[ResolvedSystem], halls: tuple[HallRow, ...], usable: frozenset[Key]) -> Loads:
    """Every load of the scenario beside systems at work."""
    share = _figure(case, "idle", "idle-power")
    cells = sorted({(i, h) for i, h, _ in usable})
    shared = {(i, h): kw for i, h in cells if (kw := shared_kw(case, systems[i]))}
    idle = _idle(case, systems, usable, share) if share else {}
    events: dict[Key, Events] = {
        (i, h, t): case.prices.drawn("idle_energy", kw, _energy(case, halls, h, t), case.calendar[t])
        for (i, h, t), kw in idle.items()
    }
    return Loads(shared, idle, events)


def shared_events(
    case: Case, systems: list[ResolvedSystem], halls: tuple[HallRow, ...], usable: frozenset[Key]
) -> Mapping[Key, Events]:
    """(i, h, t) -> cash of the network and storage of one system that is on."""
    parts = {i: [part for part in _shared(case, systems[i]) if part[1]] for i in sorted({i for i, _, _ in usable})}
    found: dict[Key, Events] = {}
    for i, h, t in sorted(slot for slot in usable if parts[slot[0]]):
        energy, period = _energy(case, halls, h, t), case.calendar[t]
        lines = (case.prices.drawn(f"{name}_energy", kw, energy, period) for name, kw in parts[i])
        found[i, h, t] = tuple(event for events in lines for event in events)
    return found


def shared_kw(case: Case, system: ResolvedSystem) -> float:
    """kW of network and storage for one system that is on."""
    return sum(kw for _, kw in _shared(case, system))


def _shared(case: Case, system: ResolvedSystem) -> tuple[tuple[str, float], ...]:
    server = system.system_class != "supernode"
    network = _figure(case, "network", "network-power") if server else 0.0
    storage = _figure(case, "storage", "storage-power")
    return ("network", network * system.accelerators), ("storage", storage * system.accelerators)


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
