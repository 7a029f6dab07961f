"""Names in what a scenario says of systems between delivery and work."""

from collections.abc import Iterable

from planner.scenario.checker import Checker
from planner.scenario.periods import label_start


def warehouse(checker: Checker) -> None:
    """Systems in store exist; the store has a price in a currency with a rate and a size from the plan's start on."""
    scenario = checker.scenario
    for n, entry in enumerate(scenario.stock):
        checker.name(("stock", n, "system"), "systems", entry.system)
        if entry.since is not None and label_start(entry.since) > label_start(scenario.horizon.start):
            message = f"{entry.since} is after the start of the plan ({scenario.horizon.start})"
            checker.fault(
                ("stock", n, "since"), "not-yet-delivered", message, "what comes later belongs under `orders`"
            )
    asked, first = scenario.warehouse, scenario.periods[0]
    if asked is not None and asked.price_per_month is not None:
        checker.currency(("warehouse", "price_per_month"), asked.price_per_month.currency)
    if asked is not None and asked.capacity is not None:
        checker.schedule(("warehouse", "capacity"), asked.capacity)
        if asked.capacity.at(first) is None:
            message = f"the capacity of the store is not known at the plan's start, {first.label}"
            hint = f"give its value from {first.label} on"
            checker.fault(("warehouse", "capacity"), "unknown-at-start", message, hint)


def of_systems(checker: Checker) -> None:
    """Systems with an installation time or an attrition of their own exist, each stated once."""
    scenario = checker.scenario
    for key, asked in (("installation", scenario.installation), ("attrition", scenario.attrition)):
        if asked is not None:
            _each(checker, key, asked.systems)


def _each(checker: Checker, key: str, systems: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in systems:
        found = checker.name((key, "systems", name), "systems", name)
        if found in seen:
            message = f"{seen[found]} and {name} are the same system"
            checker.fault((key, "systems", name), "duplicate", message, "keep one of the two")
        elif found is not None:
            seen[found] = name
