"""Cross-references of a scenario and its plain sense: names, dates and sums that the types cannot see."""

from collections.abc import Iterable
from typing import Any

from planner.catalog.load import Catalog
from planner.errors import Collector, InputError, nearest
from planner.io.yaml import Document
from planner.scenario.checks_options import caps, options, rent, seasons
from planner.scenario.model import ContinuousTraining, Scenario, Schedule, TrainingRun
from planner.scenario.periods import label_end, label_start
from planner.scenario.warnings import WARNINGS
from planner.units import Money

Path = tuple[str | int, ...]


class _Checker:
    """A scenario under examination, with the places of its YAML."""

    def __init__(self, scenario: Scenario, catalog: Catalog, document: Document, faults: Collector) -> None:
        self.scenario, self.catalog, self.document, self.faults = scenario, catalog, document, faults

    def fault(self, path: Path, code: str, message: str, hint: str | None = None) -> None:
        self.faults.add(code, message, hint, self.document.place(path))

    def name(self, path: Path, kind: str, name: str) -> str | None:
        """The id of a catalog name, or a fault."""
        try:
            return self.catalog.identify(kind, name)
        except InputError as error:
            if any(diagnostic.place for diagnostic in error.diagnostics):
                raise  # a fault of a catalog file, not of this name
            for diagnostic in error.diagnostics:
                self.fault(path, diagnostic.code, diagnostic.message, diagnostic.hint)
            return None

    def known(self, path: Path, what: str, name: str, known: Iterable[str]) -> bool:
        """Whether a name of the scenario's own exists; a fault with the nearest one if not."""
        names = list(known)
        if name in names:
            return True
        near = nearest(name, names)
        hint = f"did you mean {near}?" if near else f"known: {', '.join(sorted(names)) or 'none'}"
        self.fault(path, "unknown-name", f"there is no {what} {name!r} in this scenario", hint)
        return False

    def inside(self, path: Path, label: str) -> None:
        """A period must lie within the horizon."""
        horizon = self.scenario.horizon
        if not (label_start(horizon.start) <= label_start(label) and label_end(label) <= label_end(horizon.end)):
            message = f"{label} is outside the horizon {horizon.start} to {horizon.end}"
            self.fault(path, "outside-horizon", message, "extend the horizon or change the date")

    def currency(self, path: Path, found: str) -> None:
        """Money must be convertible into the scenario's currency."""
        if found not in {self.scenario.currency, *self.scenario.finance.fx}:
            message = f"no rate is given for {found}"
            self.fault(path, "unknown-currency", message, f"add it to finance.fx: {{{found}: ...}}")

    def schedule(self, path: Path, schedule: Schedule[Any]) -> None:
        """Steps must fall within the horizon, and start with it if the value is to hold from the beginning."""
        if set(schedule.steps) == {"0001"}:
            return
        for label in schedule.steps:
            self.inside((*path, label), label)

    def unique(self, path: Path, what: str, names: Iterable[str]) -> None:
        """Ids must not repeat."""
        seen: set[str] = set()
        for index, name in enumerate(names):
            if name in seen:
                self.fault((*path, index, "id"), "duplicate", f"there are two {what} named {name!r}", "rename one")
            seen.add(name)


def check(scenario: Scenario, catalog: Catalog, document: Document, faults: Collector) -> None:
    """Every cross-reference and date of a scenario; faults are added to `faults`."""
    checker = _Checker(scenario, catalog, document, faults)
    checker.name(("buyer",), "buyers", scenario.buyer)
    _horizon(checker)
    _sites(checker)
    _fleet(checker)
    _supply(checker)
    _workloads(checker)
    _money(checker)
    _quotas(checker)
    caps(checker)
    rent(checker)
    _goals(checker)
    _floors(checker)
    checker.unique(("counterfactuals",), "counterfactuals", (c.id for c in scenario.counterfactuals))
    for n, code in enumerate(scenario.silence):
        checker.known(("silence", n), "warning", code, WARNINGS)


def _horizon(checker: _Checker) -> None:
    scenario = checker.scenario
    if scenario.knowledge_date >= label_end(scenario.horizon.end):
        message = f"the knowledge date {scenario.knowledge_date} is after the plan's end"
        checker.fault(("knowledge_date",), "outside-horizon", message, "a plan is made before it ends")
    calendar = scenario.calendar
    if calendar.start != label_start(scenario.horizon.start) or calendar.end != label_end(scenario.horizon.end):
        message = f"the horizon is no whole number of {scenario.horizon.step}s"
        checker.fault(("horizon",), "horizon", message, f"start and end with a {scenario.horizon.step}")


def _sites(checker: _Checker) -> None:
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
        seasons(checker, path, site)


def _place(checker: _Checker, path: Path, site_id: str, hall_id: str) -> None:
    sites = {site.id: site for site in checker.scenario.sites}
    if checker.known((*path, "site"), "site", site_id, sites):
        checker.known((*path, "hall"), f"hall of {site_id}", hall_id, (hall.id for hall in sites[site_id].halls))


def _fleet(checker: _Checker) -> None:
    scenario = checker.scenario
    start = label_start(scenario.horizon.start)
    for n, entry in enumerate(scenario.installed):
        path: Path = ("installed", n)
        checker.name((*path, "system"), "systems", entry.system)
        _place(checker, path, entry.site, entry.hall)
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


def _supply(checker: _Checker) -> None:
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


def _parts(checker: _Checker) -> None:
    """Parts must be ones that something of the catalog needs, each stated once."""
    catalog = checker.catalog
    needed = {
        name for kind in ("accelerators", "systems") for e in catalog.entries(kind).values() for name in e.components
    }
    seen: set[str] = set()
    for n, part in enumerate(checker.scenario.supply.components):
        path: Path = ("supply", "components", n)
        if part.component not in needed:
            near = nearest(part.component, needed)
            hint = f"did you mean {near}?" if near else f"parts: {', '.join(sorted(needed))}"
            message = f"no accelerator or system of the catalog needs {part.component!r}"
            checker.fault((*path, "component"), "unknown-name", message, hint)
        if part.component in seen:
            checker.fault(path, "duplicate", f"{part.component} is stated twice", "keep one of the two")
        seen.add(part.component)
        if part.per_period is not None:
            checker.schedule((*path, "per_period"), part.per_period)


def _quotas(checker: _Checker) -> None:
    scenario, catalog = checker.scenario, checker.catalog
    checker.unique(("limits", "quotas"), "quotas", (quota.id for quota in scenario.limits.quotas))
    families = sorted({chip.family for chip in catalog.accelerators.values() if chip.family})
    countries = sorted({chip.country_of_design for chip in catalog.accelerators.values() if chip.country_of_design})
    for n, limit in enumerate(scenario.limits.quotas):
        path: Path = ("limits", "quotas", n)
        for side, scope in (("of", limit.of), ("among", limit.among)):
            for kind in ("accelerators", "vendors"):
                for k, name in enumerate(getattr(scope, kind)):
                    checker.name((*path, side, kind, k), kind, name)
            for k, family in enumerate(scope.families):
                if family not in families:
                    near = nearest(family, families)
                    hint = f"did you mean {near}?" if near else "give a family of the catalog's accelerators"
                    message = f"no accelerator of the catalog is of the family {family!r}"
                    checker.fault((*path, side, "families", k), "unknown-name", message, hint)
            for k, country in enumerate(scope.countries):
                if country not in countries:
                    message = f"no accelerator of the catalog was designed in {country!r}"
                    checker.fault(
                        (*path, side, "countries", k), "unknown-name", message, f"known: {', '.join(countries)}"
                    )
        for k, site in enumerate(limit.sites or ()):
            checker.known((*path, "sites", k), "site", site, (place.id for place in scenario.sites))
        for key, label in (("first", limit.first), ("last", limit.last)):
            if label is not None:
                checker.inside((*path, key), label)


def _workloads(checker: _Checker) -> None:
    scenario = checker.scenario
    checker.unique(("workloads",), "workloads", (work.id for work in scenario.workloads))
    sought = {goal.name for goal in scenario.goals} | ({"throughput"} if scenario.caps.throughput else set())
    weighed = {goal.name for goal in scenario.goals} | ({"shortage"} if scenario.caps.shortage is not None else set())
    for w, work in enumerate(scenario.workloads):
        path: Path = ("workloads", w)
        checker.name((*path, "model"), "transformers", work.model)
        for key in ("ported", "platforms"):
            for n, platform in enumerate(getattr(work, key) or ()):
                checker.name((*path, key, n), "platforms", platform)
        if isinstance(work, TrainingRun):
            checker.inside((*path, "deadline"), work.deadline)
            if work.earliest is not None:
                checker.inside((*path, "earliest"), work.earliest)
                if label_start(work.earliest) >= label_end(work.deadline):
                    message = f"{work.id} may start in {work.earliest}, after its deadline {work.deadline}"
                    checker.fault((*path, "deadline"), "deadline", message, "move one of the two")
            if work.together and work.count == 1:
                message = f"{work.id} is one run: there is nothing for it to start together with"
                checker.fault((*path, "together"), "no-effect", message, "state `count: 2` or more, or leave it out")
            names = {f"{work.id}.{k}" for k in range(1, work.count + 1)} if work.count > 1 else set()
            for taken in sorted(names & {other.id for other in scenario.workloads}):
                checker.fault((*path, "id"), "duplicate", f"{taken} is a workload of its own", "rename one")
        else:
            checker.schedule((*path, "target"), work.target)
            if work.compute is not None:
                checker.schedule((*path, "compute"), work.compute)
            _tokens(checker, path, work)
            stated = {"target", "compute", "tokens"} & work.model_fields_set
            if not stated and not scenario.least_compute and "throughput" not in sought:
                hint = "give tokens/s as `target`, FLOP/s as `compute` or a number by a period as `tokens`"
                checker.fault(path, "missing-key", f"'target' is missing in workloads[{w}]", hint)
        if work.weight != 1.0 and "shortage" not in weighed:
            message = f"the weight of {work.id} has no effect: shortage is neither sought nor capped"
            checker.fault((*path, "weight"), "no-effect", message, "seek shortage, cap it, or leave the weight out")


def _money(checker: _Checker) -> None:
    scenario = checker.scenario
    currency = checker.currency
    for label, money in scenario.budget.per_year.items():
        currency(("budget", "per_year", label), money.currency)
        checker.inside(("budget", "per_year", label), label) if "-" in label else None
    if scenario.budget.total is not None:
        currency(("budget", "total"), scenario.budget.total.currency)
    if scenario.caps.cost is not None:
        currency(("caps", "cost"), scenario.caps.cost.currency)
    for s, site in enumerate(scenario.sites):
        if site.tariff is not None:
            for label, tariff in site.tariff.steps.items():
                at: Path = ("sites", s, "tariff") if label == "0001" else ("sites", s, "tariff", label)
                currency(at, tariff.currency)
    for n, order in enumerate(scenario.orders):
        if order.price is not None:
            currency(("orders", n, "price"), order.price.currency)
    for w, work in enumerate(scenario.workloads):
        price = work.missed if isinstance(work, TrainingRun) else work.shortfall
        if price is not None:
            currency(("workloads", w, "missed" if isinstance(work, TrainingRun) else "shortfall"), price.currency)
    for n, cost in enumerate(scenario.finance.running_costs):
        if cost.price is not None and isinstance(cost.price.amount, Money):
            currency(("finance", "running_costs", n, "price"), cost.price.amount.currency)
    if scenario.finance.reporting is not None:
        currency(("finance", "reporting"), scenario.finance.reporting)
    benefit = scenario.finance.benefit
    if benefit is not None and isinstance(benefit.price.amount, Money):
        currency(("finance", "benefit", "price"), benefit.price.amount.currency)
    if scenario.finance.tax is not None:
        checker.name(("finance", "tax", "regime"), "tax_regimes", scenario.finance.tax.regime)
    if "book" in scenario.finance.model_fields_set:
        checker.name(("finance", "book"), "tax_regimes", scenario.finance.book)
    _terms(checker)


def _terms(checker: _Checker) -> None:
    """Names in the terms of payment and in the lines of running cost, and steps of exchange rates."""
    finance, catalog = checker.scenario.finance, checker.catalog
    checker.unique(("finance", "payments"), "payment terms", (entry.id for entry in finance.payments))
    for n, entry in enumerate(finance.payments):
        for key in ("systems", "accelerators", "vendors"):
            for m, name in enumerate(getattr(entry, key)):
                checker.name(("finance", "payments", n, key, m), key, name)
    sites = [site.id for site in checker.scenario.sites]
    for n, cost in enumerate(finance.running_costs):
        path: Path = ("finance", "running_costs", n)
        for m, site in enumerate(cost.sites):
            checker.known((*path, "sites", m), "site", site, sites)
        if cost.parameter is not None and cost.parameter not in {**catalog.economics, **catalog.assumptions}:
            near = nearest(cost.parameter, [*catalog.economics, *catalog.assumptions])
            hint = f"did you mean {near}?" if near else "planner catalog list economics shows them"
            message = f"the catalog has no parameter {cost.parameter!r}"
            checker.fault((*path, "parameter"), "unknown-name", message, hint)
    first = checker.scenario.periods[0]
    for name, rate in finance.fx.items():
        if isinstance(rate, Schedule):
            checker.schedule(("finance", "fx", name), rate)
            if rate.at(first) is None:
                message = f"the steps of {name} begin after the plan does"
                hint = f"let them begin with {first.label}"
                checker.fault(("finance", "fx", name), "unknown-currency", message, hint)


def _goals(checker: _Checker) -> None:
    """What is sought or capped must exist, and doing nothing must not be the best way to it."""
    scenario = checker.scenario
    asked = [
        value
        for s in scenario.streams
        for value in (*s.target.steps.values(), *(s.compute.steps.values() if s.compute else ()), *s.tokens.values())
    ]
    demand = bool(scenario.runs) or any(value > 0 for value in asked)
    missing = {
        "throughput": None if scenario.streams else "no divisible work",
        "completion": None if scenario.runs else "no coherent run",
        "concentration": None if demand else "no target and no run",
    }
    capped = [name for name in missing if getattr(scenario.caps, name) is not None]
    for path, names in ((("objective",), [goal.name for goal in scenario.goals]), (("caps",), capped)):
        for name in names:
            if missing.get(name):
                message = f"{name} has no meaning here: the scenario has {missing[name]}"
                checker.fault((*path, name) if path == ("caps",) else path, "nothing-to-seek", message, "leave it out")
    _not_for_nothing(checker)


def _not_for_nothing(checker: _Checker) -> None:
    scenario = checker.scenario
    free = [w.id for w in scenario.workloads if (w.missed if isinstance(w, TrainingRun) else w.shortfall) is not None]
    for goal in scenario.goals:
        if goal.name in ("cost", "shortage"):
            return
        if free and goal.name in ("energy", "carbon", "concentration"):
            message = f"least {goal.name} would be to do nothing: {free[0]} may be missed at a price"
            hint = f"seek cost or shortage before {goal.name}"
            checker.fault(("objective",), "objective", message, hint)
            return


def _tokens(checker: _Checker, path: Path, work: ContinuousTraining) -> None:
    """Token budgets end with a period of the plan or after one, each with one of its own."""
    last: dict[int, str] = {}
    for label, tokens in work.tokens.items():
        at = (*path, "tokens", label)
        done = [p.index for p in checker.scenario.periods if p.end <= label_end(label)]
        if label_end(label) > label_end(checker.scenario.horizon.end):
            checker.inside(at, label)
        elif not done:
            message = f"no period of the plan ends by the end of {label}"
            checker.fault(at, "outside-horizon", message, "give a later one")
        elif max(done) in last:
            message = f"{last[max(done)]} and {label} end with the same period of the plan"
            checker.fault(at, "duplicate", message, "keep the one with more tokens")
        elif tokens <= 0:
            checker.fault(at, "wrong-value", f"{work.id} has no tokens to train by {label}", "leave it out")
        last.setdefault(max(done, default=-1), label)


def _floors(checker: _Checker) -> None:
    """Sites and regions of floors exist, and what they ask for begins within the plan."""
    scenario = checker.scenario
    for n, floor in enumerate(scenario.least_compute):
        path: Path = ("least_compute", n)
        for k, site in enumerate(floor.sites):
            checker.known((*path, "sites", k), "site", site, (site.id for site in scenario.sites))
        if floor.region is not None:
            region = checker.name((*path, "region"), "regions", floor.region)
            known = [site.region for site in scenario.sites if site.region in checker.catalog.regions]
            here = {*known, *(checker.catalog.identify("regions", name) for name in known)}
            if region is not None and len(known) == len(scenario.sites) and region not in here:
                message = f"no site of the scenario is in {floor.region}"
                checker.fault((*path, "region"), "unknown-name", message, f"sites are in {', '.join(sorted(here))}")
        checker.schedule((*path, "compute"), floor.compute)
