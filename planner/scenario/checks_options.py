"""Names, dates and money of what may be added to a site."""

from planner.errors import nearest
from planner.scenario.checker import Checker, Path
from planner.scenario.options import GridExpansion, HallExpansion, Retrofit
from planner.scenario.rent import RENTED
from planner.scenario.sites import Site


def options(checker: Checker, path: Path, site: Site) -> None:
    """The options of the site at `path`: unique ids, periods of the horizon, currencies with a rate."""
    taken = {hall.id for hall in site.halls}
    for where, option in _listed(path, site):
        if option.id in taken:
            message = f"there are two halls or options named {option.id!r} at {site.id}"
            checker.fault((*where, "id"), "duplicate", message, "rename one")
        taken.add(option.id)
        if option.earliest is not None:
            checker.inside((*where, "earliest"), option.earliest)
        if option.cost is not None:
            checker.currency((*where, "cost"), option.cost.currency)


def networks(checker: Checker, path: Path, site: Site) -> None:
    """Networks that halls of the site at `path` may buy: known, with as many tiers, and a price with a rate."""
    for h, hall in enumerate(site.halls):
        for n, offer in enumerate(hall.fabric.offers if hall.fabric is not None else ()):
            at: Path = (*path, "halls", h, "fabric", "offers", n)
            if offer.cost is not None:
                checker.currency((*at, "cost"), offer.cost.currency)
            for part in offer.components or ():
                _part((*at, "components", part), part, checker)
            if offer.fabric is None or (name := checker.name((*at, "fabric"), "fabrics", offer.fabric)) is None:
                continue
            entry = checker.catalog.fabrics[name]
            if entry.kind == "scale-up":
                message = f"{offer.fabric} joins accelerators inside a supernode, not systems"
                checker.fault((*at, "fabric"), "wrong-value", message, "name a scale-out network")
            elif offer.tiers is not None and offer.tiers > len(entry.tiers):
                tiers = len(entry.tiers)
                known = f"{tiers or 'no'} tier{'' if tiers == 1 else 's'}"
                hint = "state fewer tiers, or `reach`, `cost` and `power` without `fabric`"
                checker.fault((*at, "tiers"), "wrong-value", f"the catalog knows {known} of {offer.fabric}", hint)


def _part(at: Path, name: str, checker: Checker) -> None:
    """A part that a network takes must be one of the catalog's, or one whose supply the scenario states."""
    known = {*checker.catalog.components, *(part.component for part in checker.scenario.supply.components)}
    if name not in known:
        near = nearest(name, known)
        hint = f"did you mean {near}?" if near else "state its supply under `supply.components`"
        checker.fault(at, "unknown-name", f"there is no part {name!r}", hint)


def _listed(path: Path, site: Site) -> list[tuple[Path, GridExpansion | HallExpansion | Retrofit]]:
    """Every option of a site with its place in the YAML."""
    found: list[tuple[Path, GridExpansion | HallExpansion | Retrofit]] = []
    found += [((*path, "expansions", n), step) for n, step in enumerate(site.expansions)]
    for h, hall in enumerate(site.halls):
        at = (*path, "halls", h)
        found += [((*at, "expansions", n), step) for n, step in enumerate(hall.expansions)]
        found += [((*at, "retrofit"), hall.retrofit)] if hall.retrofit is not None else []
    return found


def seasons(checker: Checker, path: Path, site: Site) -> None:
    """What changes over time at a site: known from the plan's first day on, and a PUE of at least one."""
    first = checker.scenario.periods[0] if checker.scenario.periods else None
    if site.demand_charge is not None:
        checker.schedule((*path, "demand_charge"), site.demand_charge)
        for label, price in site.demand_charge.steps.items():
            at = (*path, "demand_charge") if label == "0001" else (*path, "demand_charge", label)
            checker.currency(at, price.currency)
    for key in ("tariff", "carbon"):
        schedule = getattr(site, key)
        if schedule is None:
            continue
        checker.schedule((*path, key), schedule)
        if first is not None and schedule.at(first) is None:
            message = f"the {key} of {site.id} is not known at the plan's start, {first.label}"
            checker.fault((*path, key), "unknown-at-start", message, f"give its value from {first.label} on")
    for h, hall in enumerate(site.halls):
        least = None if hall.pue is None else hall.pue * min(hall.pue_season.values(), default=1.0)
        if least is not None and least < 1.0:
            message = f"the power usage effectiveness of {site.id}/{hall.id} falls to {least:.3g} in a season"
            checker.fault((*path, "halls", h, "pue_season"), "wrong-value", message, "it is at least 1")
    for n, cut in enumerate(site.cuts):
        checker.inside((*path, "cuts", n, "start"), cut.start)
        if cut.end is not None:
            checker.inside((*path, "cuts", n, "end"), cut.end)


def rent(checker: Checker) -> None:
    """Offers for rent: names of the catalog, dates of the plan, a currency with a rate."""
    scenario = checker.scenario
    checker.unique(("rent",), "offers for rent", (offer.id for offer in scenario.rent))
    for n, offer in enumerate(scenario.rent):
        path: Path = ("rent", n)
        system = checker.name((*path, "system"), "systems", offer.system)
        size = None if system is None else checker.catalog.systems[system].accelerators
        size = size if isinstance(size, int) else None if size is None else size.at("mid")
        if size is not None and offer.max_cluster is not None and offer.max_cluster < size:
            message = (
                f"the fabric of {offer.id} reaches {offer.max_cluster} accelerators; one {offer.system} has {size}"
            )
            checker.fault(
                (*path, "max_cluster"), "fabric-below-system", message, "state a larger reach, or leave it out"
            )
        checker.name((*path, "region"), "regions", offer.region)
        checker.schedule((*path, "systems"), offer.systems)
        key, price = offer.stated_price
        checker.currency((*path, key), price.currency)
        if offer.first is not None:
            checker.inside((*path, "first"), offer.first)
        if min(offer.systems.steps.values()) < 0:
            checker.fault((*path, "systems"), "wrong-value", "fewer than no systems are offered", "state 0 or more")
    for s, site in enumerate(scenario.sites):
        if site.id == RENTED and scenario.rent:
            message = f"a site cannot be named {RENTED!r} where something is rented"
            checker.fault(("sites", s, "id"), "duplicate", message, "rename it")
