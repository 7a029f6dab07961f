"""The rate that the whole plan has: the scenario solved without one chip, with only that chip, with only another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from planner.catalog.load import Catalog
from planner.errors import PlannerError
from planner.plan.metrics import bought_accelerators, peak_mw
from planner.plan.plan import Plan
from planner.plan.solve import Options, solve
from planner.scenario.load import catalog_of
from planner.scenario.model import Candidates, Scenario

type Told = Callable[[str], None]


def whole_plans(
    scenario: Scenario,
    source: tuple[str, ...],
    target: tuple[str, ...],
    options: Options | None = None,
    catalog: Catalog | None = None,
    without: tuple[str, ...] = (),
    told: Told | None = None,
) -> list[dict[str, Any]]:
    """Four solves: as it is, without the source's systems, with only those, with only the target's.

    `source`, `target`: systems by id, all of one chip. `without`: rules left out of all four. One record each: cost
    with its bound, accelerators bought, power, or why there is no plan. The record of `only the replacement` has the
    `rate`: accelerators bought there per accelerator bought with only the source; None where either has no plan
    or nothing is bought.
    """
    chosen, catalog = options or Options(), catalog or catalog_of(scenario)
    rules = scenario.policy.model_copy(update={"without": (*scenario.policy.without, *without)})
    base = scenario.replace(policy=rules, counterfactuals=())
    asked = base.systems
    worlds = {
        "as asked": asked,
        "without the replaced": Candidates(include=asked.include, exclude=tuple({*asked.exclude, *source})),
        "only the replaced": Candidates(include=source),
        "only the replacement": Candidates(include=target),
    }
    if asked.include and not set(asked.include) - set(source):
        del worlds["without the replaced"]  # nothing would be left to buy, and an empty list means everything

    def one(name: str) -> Plan | PlannerError:
        if told is not None:
            told(name)
        try:
            return solve(base.replace(systems=worlds[name]), chosen, catalog)
        except PlannerError as error:
            return error

    with ThreadPoolExecutor(min(2, max(1, chosen.workers))) as pool:
        found = dict(zip(worlds, pool.map(one, worlds), strict=True))
    chips = {"from": _chips(catalog, source), "to": _chips(catalog, target)}
    rows = [_record(name, answer, found["as asked"], chips) for name, answer in found.items()]
    return [*rows[:-1], {**rows[-1], "rate": _rate(rows)}]


def _chips(catalog: Catalog, systems: tuple[str, ...]) -> frozenset[str]:
    return frozenset(catalog.systems[key].accelerator for key in systems)


def _rate(rows: list[dict[str, Any]]) -> float | None:
    by_world = {row["world"]: row["accelerators_bought"] for row in rows}
    one, other = by_world["only the replaced"], by_world["only the replacement"]
    return other / one if one and other is not None else None


def _record(
    name: str, answer: Plan | PlannerError, base: Plan | PlannerError, chips: dict[str, frozenset[str]]
) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("objective", "bound", "difference", "least_difference", "most_difference", "accelerators_bought",
         "from_accelerators", "to_accelerators", "peak_mw", "rate")
    )  # fmt: skip
    if isinstance(answer, PlannerError):
        status = {3: "infeasible", 4: "no-plan"}.get(answer.exit_code, "error")
        why = "; ".join(diagnostic.message for diagnostic in answer.diagnostics)
        return {"world": name, "status": status, **empty, "why": why}
    bought = bought_accelerators(answer)
    row: dict[str, Any] = {
        "world": name,
        "status": answer.status,
        **empty,
        "objective": answer.objective,
        "bound": answer.bound,
        "accelerators_bought": sum(bought.values()),
        "from_accelerators": sum(bought.get(chip, 0) for chip in chips["from"]),
        "to_accelerators": sum(bought.get(chip, 0) for chip in chips["to"]),
        "peak_mw": peak_mw(answer),
        "why": None,
    }
    if isinstance(base, Plan) and base is not answer:
        row |= difference(base, answer)
    return row


def difference(plan: Plan, other: Plan) -> dict[str, float]:
    """Cost of another plan less this one's, and the least and the most it can be, given the gaps of both."""
    return {
        "difference": other.objective - plan.objective,
        "least_difference": other.bound - plan.objective,
        "most_difference": other.objective - plan.bound,
    }
