"""Names in what a scenario says of systems between delivery and work."""

from planner.scenario.checker import Checker


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
