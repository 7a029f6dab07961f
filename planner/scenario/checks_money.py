"""Money of a scenario: currencies with a rate, names in terms of payment and lines of cost."""

from planner.errors import nearest
from planner.scenario.checker import Checker, Path
from planner.scenario.model import Schedule, TrainingRun
from planner.units import Money


def money(checker: Checker) -> None:
    """Every amount is in a currency with a rate; tax regimes and lines of cost exist."""
    scenario = checker.scenario
    currency = checker.currency
    for label, money in scenario.budget.per_year.items():
        currency(("budget", "per_year", label), money.currency)
        checker.spans(("budget", "per_year", label), label)
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


def _terms(checker: Checker) -> None:
    """Names in the terms of payment and in the lines of running cost, and steps of exchange rates."""
    finance, catalog = checker.scenario.finance, checker.catalog
    checker.unique(("finance", "payments"), "payment terms", (entry.id for entry in finance.payments))
    if checker.scenario.currency in finance.fx:
        message = f"{checker.scenario.currency} is the scenario's own currency: its rate is 1"
        checker.fault(("finance", "fx", checker.scenario.currency), "no-effect", message, "leave it out")
    _reached(checker)
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


def _reached(checker: Checker) -> None:
    """Terms of payment that some purchase may come to."""
    buyer = checker.catalog.buyers.get(checker.scenario.buyer)
    all_taken: str | None = None
    for n, entry in enumerate(checker.scenario.finance.payments):
        path: Path = ("finance", "payments", n)
        if all_taken is not None:
            message = f"the terms {entry.id} are never used: {all_taken} before them fits every purchase"
            checker.fault(path, "no-effect", message, f"put {all_taken} last, or say what it is for")
        elif buyer is not None and entry.buyer_country not in (None, buyer.country):
            message = f"the terms {entry.id} are for buyers of {entry.buyer_country}, this one is of {buyer.country}"
            checker.fault((*path, "buyer_country"), "no-effect", message, "leave them out")
        named = (entry.systems, entry.accelerators, entry.vendors, entry.origin, entry.buyer_country)
        all_taken = all_taken or (None if any(named) else entry.id)
