"""Plain sense of what is said about ports of software."""

from planner.scenario.checker import Checker, Path

RIPENS = ("porting-start-efficiency", "porting-maturity-time")


def porting(checker: Checker) -> None:
    """How software ripens is stated only where it does."""
    scenario = checker.scenario
    if scenario.porting.maturity:
        return
    for name in RIPENS:
        paths: list[Path] = [("parameters", name)] if name in scenario.parameters else []
        paths += [("facts", key) for key in (f"assumptions.{name}",) if key in scenario.facts]
        for path in paths:
            message = f"{name} has no effect: software is mature as soon as it is ported"
            checker.fault(path, "no-effect", message, "state `porting: {maturity: true}`, or leave it out")
