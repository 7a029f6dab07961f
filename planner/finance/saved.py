"""A saved plan made whole again, without solving: its scenario, its decisions, and all that follows from them."""

from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import InputError, Place

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.scenario.model import Scenario


def restored(path: str | Path, asked: "Scenario | None" = None) -> "Plan":
    """The plan of a plan.json; `asked` is its scenario as read from its file, where catalog folders beside it matter.

    Raises InputError when it is no plan, or was made from another catalog than today's or from another scenario than
    `asked`, or when the independent check no longer finds its cost.
    """
    from planner.plan.plan import Plan, World
    from planner.plan.save import fingerprint, read_decisions
    from planner.plan.solve import pose
    from planner.plan.verify import verify
    from planner.scenario.load import catalog_of
    from planner.scenario.model import Scenario

    decisions, saved = read_decisions(path)
    place, stored = Place(str(path), 1, 1), saved.get("scenario") or {}
    if "says" not in stored:
        raise InputError.of("not-a-plan", f"{path} does not carry its scenario", "solve the scenario again", place)
    # what a scenario leaves to its defaults is not the same as what it states: the first may be overruled
    scenario = asked or Scenario.model_validate(stored.get("stated", stored["says"]))
    if asked is not None and stored.get("sha256") != fingerprint(asked):
        message = f"{path} was made from another scenario than {asked.name}, or this one before it was changed"
        raise InputError.of("other-scenario", message, "solve the scenario again", place)
    catalog = catalog_of(scenario)
    if stored.get("catalog_sha256") != catalog.digest:
        message = f"{path} was made from another catalog, or this one before it was changed"
        raise InputError.of("other-catalog", message, "solve the scenario again", place)
    checked = verify(scenario, catalog, decisions, objective=saved["objective"])
    if not checked.ok:
        faults = "; ".join(violation.message for violation in checked.violations[:3])
        raise InputError.of("refused", f"the independent check refuses {path}: {faults}", None, place)
    posed = pose(scenario, catalog)
    worlds = tuple(
        World(**{**world, "cash": tuple(tuple(row) for row in world.get("cash", ()))})
        for world in saved["counterfactual"]
    )
    return Plan(
        case=posed.case,
        problem=posed.problem,
        decisions=decisions,
        status=saved["status"],
        objective=saved["objective"],
        bound=saved["bound"],
        gap=saved["gap"],
        verified=True,
        limits=(),
        solver=saved["solver"],
        duals={},
        columns={},
        worlds=worlds,
    )
