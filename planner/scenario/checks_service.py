"""Names in what a scenario says of systems between delivery and work."""

from planner.scenario.checker import Checker


def warehouse(checker: Checker) -> None:
    """Systems in store exist; the store has a price in a currency with a rate and a size from the plan's start on."""
    scenario = checker.scenario
    for n, entry in enumerate(scenario.stock):
        checker.name(("stock", n, "system"), "systems", entry.system)
    asked, first = scenario.warehouse, scenario.periods[0]
    if asked is not None and asked.price_per_month is not None:
        checker.currency(("warehouse", "price_per_month"), asked.price_per_month.currency)
    if asked is not None and asked.capacity is not None:
        checker.schedule(("warehouse", "capacity"), asked.capacity)
        if asked.capacity.at(first) is None:
            message = f"the capacity of the store is not known at the plan's start, {first.label}"
            hint = f"give its value from {first.label} on"
            checker.fault(("warehouse", "capacity"), "unknown-at-start", message, hint)


def installation(checker: Checker) -> None:
    """Systems with an installation time of their own exist, each stated once."""
    asked = checker.scenario.installation
    seen: dict[str, str] = {}
    for name in asked.systems if asked is not None else ():
        found = checker.name(("installation", "systems", name), "systems", name)
        if found in seen:
            message = f"{seen[found]} and {name} are the same system"
            checker.fault(("installation", "systems", name), "duplicate", message, "keep one of the two")
        elif found is not None:
            seen[found] = name
