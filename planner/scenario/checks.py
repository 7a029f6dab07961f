"""Cross-references of a scenario and its plain sense: names, dates and sums that the types cannot see."""

from planner.catalog.load import Catalog
from planner.errors import Collector, nearest
from planner.io.yaml import Document
from planner.scenario.checker import Checker, Path
from planner.scenario.checks_limits import caps, quotas
from planner.scenario.checks_money import money
from planner.scenario.checks_options import networks, options, rent, seasons
from planner.scenario.checks_service import of_systems, warehouse
from planner.scenario.checks_software import apart, mixed, porting
from planner.scenario.checks_work import floors, goals, workloads
from planner.scenario.model import Scenario
from planner.scenario.periods import label_end, label_start
from planner.scenario.warnings import WARNINGS


def check(scenario: Scenario, catalog: Catalog, document: Document, faults: Collector) -> None:
    """Every cross-reference and date of a scenario; faults are added to `faults`."""
    checker = Checker(scenario, catalog, document, faults)
    checker.name(("buyer",), "buyers", scenario.buyer)
    _horizon(checker)
    _sites(checker)
    _fleet(checker)
    _supply(checker)
    workloads(checker)
    money(checker)
    quotas(checker)
    caps(checker)
    rent(checker)
    of_systems(checker)
    warehouse(checker)
    goals(checker)
    floors(checker)
    porting(checker)
    apart(checker)
    mixed(checker)
    _stated_once(checker)
    checker.unique(("counterfactuals",), "counterfactuals", (c.id for c in scenario.counterfactuals))
    for n, code in enumerate(scenario.silence):
        if code not in WARNINGS:
            near = nearest(code, WARNINGS)
            hint = f"did you mean {near}?" if near else f"known: {', '.join(sorted(WARNINGS))}"
            checker.fault(("silence", n), "unknown-name", f"there is no warning {code!r} that could be silenced", hint)


def _stated_once(checker: Checker) -> None:
    """A planning parameter is stated under `parameters` or under `facts`."""
    for name in checker.scenario.parameters:
        if f"assumptions.{name}" in checker.scenario.facts:
            message = f"{name} is stated under `parameters` and under `facts`"
            checker.fault(("facts", f"assumptions.{name}"), "duplicate", message, "keep one of the two")


def _horizon(checker: Checker) -> None:
    scenario = checker.scenario
    if scenario.knowledge_date >= label_end(scenario.horizon.end):
        message = f"the knowledge date {scenario.knowledge_date} is after the plan's end"
        checker.fault(("knowledge_date",), "outside-horizon", message, "a plan is made before it ends")
    calendar = scenario.calendar
    whole = all(label_start(period.label) == period.start for period in calendar)
    if not whole or calendar.end != label_end(scenario.horizon.end):
        message = f"the horizon is no whole number of {scenario.horizon.step}s"
        checker.fault(("horizon",), "horizon", message, f"start and end with a {scenario.horizon.step}")


def _sites(checker: Checker) -> None:
    scenario = checker.scenario
    checker.unique(("sites",), "sites", (site.id for site in scenario.sites))
    for s, site in enumerate(scenario.sites):
        path: Path = ("sites", s)
        checker.name((*path, "region"), "regions", site.region)
        checker.schedule((*path, "grid"), site.grid)
        checker.unique((*path, "halls"), f"halls of {site.id}", (hall.id for hall in site.halls))
        for h, hall in enumerate(site.halls):
            checker.schedule((*path, "halls", h, "it_power"), hall.it_power)
        options(checker, path, site)
        networks(checker, path, site)
        seasons(checker, path, site)


def _place(checker: Checker, path: Path, site_id: str, hall_id: str) -> None:
    sites = {site.id: site for site in checker.scenario.sites}
    if checker.known((*path, "site"), "site", site_id, sites):
        checker.known((*path, "hall"), f"hall of {site_id}", hall_id, (hall.id for hall in sites[site_id].halls))


def _fleet(checker: Checker) -> None:
    scenario = checker.scenario
    start = label_start(scenario.horizon.start)
    for n, entry in enumerate(scenario.installed):
        path: Path = ("installed", n)
        checker.name((*path, "system"), "systems", entry.system)
        _place(checker, path, entry.site, entry.hall)
        if entry in scenario.installed[:n]:
            message = f"{entry.system} of {entry.since} in {entry.site}/{entry.hall} is stated twice"
            checker.fault(path, "duplicate", message, "keep one of the two, with the count of both if both are there")
        if label_start(entry.since) > start:
            message = f"{entry.since} is after the start of the plan ({scenario.horizon.start})"
            checker.fault((*path, "since"), "not-yet-installed", message, "what arrives later belongs under `orders`")
    checker.unique(("orders",), "orders", (order.id for order in scenario.orders))
    for n, order in enumerate(scenario.orders):
        path = ("orders", n)
        checker.name((*path, "system"), "systems", order.system)
        checker.inside((*path, "due"), order.due)
        if label_start(order.placed) > start:
            message = f"{order.placed} is after the start of the plan ({scenario.horizon.start})"
            checker.fault((*path, "placed"), "not-pending", message, "the plan itself decides on new orders")


def _supply(checker: Checker) -> None:
    supply, catalog = checker.scenario.supply, checker.catalog
    seen: dict[str, int] = {}
    for n, entry in enumerate(supply.allocations):
        path: Path = ("supply", "allocations", n)
        found = checker.name((*path, "accelerator"), "accelerators", entry.accelerator)
        if found in seen:
            checker.fault(path, "duplicate", f"{entry.accelerator} is allocated twice", "keep one of the two")
        elif found is not None:
            seen[found] = n
        if entry.per_period is not None:
            checker.schedule((*path, "per_period"), entry.per_period)
            if checker.scenario.calendar.step is None:
                message = f"{entry.accelerator} is allocated per period, and the periods differ in length"
                hint = "state it as `per_year`: accelerators a year, spread evenly over its days"
                checker.fault((*path, "per_period"), "uneven-periods", message, hint)
        if entry.per_year is not None:
            checker.schedule((*path, "per_year"), entry.per_year)
    _choices(checker)
    families = {chip.family for chip in catalog.accelerators.values() if chip.family}
    for name in supply.scale:
        if name not in catalog.accelerators and name not in families:
            known = [*catalog.accelerators, *families]
            near = nearest(name, known)
            hint = f"did you mean {near}?" if near else "give an accelerator id or a family of the catalog"
            message = f"{name!r} is neither an accelerator nor a family of the catalog"
            checker.fault(("supply", "scale", name), "unknown-name", message, hint)
    _parts(checker)
    for side in ("include", "exclude"):
        for n, name in enumerate(getattr(checker.scenario.systems, side)):
            checker.name(("systems", side, n), "systems", name)
    both = [name for name in checker.scenario.systems.include if name in checker.scenario.systems.exclude]
    for name in both:
        at = ("systems", "exclude", checker.scenario.systems.exclude.index(name))
        checker.fault(at, "duplicate", f"{name} is both included and excluded", "keep one of the two")


def _choices(checker: Checker) -> None:
    """Groups of supply records that exist, and a record of each."""
    groups: dict[str, list[str]] = {}
    for record in checker.catalog.supply.values():
        if record.conflict_group:
            groups.setdefault(record.conflict_group, []).append(record.id)
    for name, record_id in checker.scenario.supply.choices.items():
        path: Path = ("supply", "choices", name)
        if name not in groups:
            near = nearest(name, groups)
            hint = f"did you mean {near}?" if near else "planner catalog list supply shows the records and their groups"
            checker.fault(path, "unknown-name", f"no supply records are in conflict under {name!r}", hint)
        elif record_id not in groups[name]:
            hint = f"records: {', '.join(sorted(groups[name]))}"
            checker.fault(path, "unknown-name", f"{name} has no supply record {record_id!r}", hint)


def _parts(checker: Checker) -> None:
    """Parts must be ones that something of the catalog needs, each stated once."""
    catalog = checker.catalog
    needed = {
        name for kind in ("accelerators", "systems") for e in catalog.entries(kind).values() for name in e.components
    }
    needed |= {name for fabric in catalog.fabrics.values() for tier in fabric.tiers for name in tier.components}
    halls = [hall for site in checker.scenario.sites for hall in site.halls if hall.fabric is not None]
    offers = [offer for hall in halls if hall.fabric is not None for offer in hall.fabric.offers]
    needed |= {name for offer in offers for name in offer.components or ()}
    seen: set[str] = set()
    for n, part in enumerate(checker.scenario.supply.components):
        path: Path = ("supply", "components", n)
        if part.component not in needed:
            near = nearest(part.component, needed)
            known = (
                f"parts: {', '.join(sorted(needed))}" if needed else "this catalog says of nothing which parts it needs"
            )
            hint = f"did you mean {near}?" if near else known
            message = f"no accelerator, system or network needs {part.component!r}"
            checker.fault((*path, "component"), "unknown-name", message, hint)
        if part.component in seen:
            checker.fault(path, "duplicate", f"{part.component} is stated twice", "keep one of the two")
        seen.add(part.component)
        if part.per_period is not None:
            checker.schedule((*path, "per_period"), part.per_period)
