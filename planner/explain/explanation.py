"""A plan explained: why these systems and not others, what limits and rules cost, which other plans are as good."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from planner.catalog.load import Catalog
from planner.errors import Diagnostic, InputError
from planner.explain import alternatives as near
from planner.explain import rules as ruled
from planner.explain.columns import frames
from planner.explain.marginals import MOST, marginals
from planner.explain.price import EntryPrice, entry_price
from planner.explain.resolve import Held
from planner.explain.why_not import WhyNot, check_name, systems_named, why_not
from planner.plan.plan import Plan
from planner.plan.solve import Options, solve
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario

if TYPE_CHECKING:
    from pandas import DataFrame

type Part = Literal["why-not", "limits", "rules", "alternatives"]
PARTS: tuple[Part, ...] = get_args(Part.__value__)

type Told = Callable[[str], None]
type Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Explanation:
    """A plan and the tables that explain it; a table that was not asked for is missing."""

    plan: Plan
    tables: dict[str, Records] = field(default_factory=dict)
    held: Held = ()
    """What is sought before cost, by title: every price is of plans that come to as much in it as the plan."""

    def frames(self) -> "dict[str, DataFrame]":
        """The tables as pandas DataFrames (docs/columns.md)."""
        return frames(self.tables, self.plan.scenario.name)

    def to_json(self) -> dict[str, Any]:
        """The plan's headline figures and the tables, as plain data."""
        return {
            "scenario": self.plan.scenario.name,
            "currency": self.plan.currency,
            "objective": self.plan.objective,
            "bound": self.plan.bound,
            "held": dict(self.held),
            "frames": self.tables,
        }


def explain(
    scenario: Scenario | Plan,
    parts: Iterable[Part] = PARTS,
    chips: Iterable[str] = (),
    options: Options | None = None,
    *,
    confirm: bool = True,
    most: int = MOST,
    share: float = 0.01,
    rules: Iterable[str] = (),
    catalog: Catalog | None = None,
    told: Told | None = None,
) -> Explanation:
    """Explain a plan, or the plan of a scenario.

    `chips` limits why-not to the systems of some names; `confirm` False leaves entry prices to the duals; `most` limits
    are solved with a step more; alternatives may cost `share` more; `rules` limits the costs of rules
    to some. Raises InputError for names that nobody knows,
    InfeasibleError when the scenario has no plan (`planner.explain.conflict.conflict` says why).
    """
    chips, chosen = tuple(chips), options or Options(counterfactuals=False)
    say = told or (lambda stage: None)
    if isinstance(scenario, Plan):
        plan = scenario
    else:
        known = catalog or catalog_of(scenario)
        for name in chips:
            check_name(known, name)
        say("the plan")
        plan = solve(scenario.replace(counterfactuals=()), chosen, known)
    wanted = set(parts)
    chosen = replace(chosen, held=_held(plan))
    named = [key for name in chips for key in systems_named(plan, name)] or None
    tables: dict[str, Records] = {}
    if "why-not" in wanted:
        tables["why_not"] = _why_not(plan, named, chosen, say, confirm=confirm)
    if "limits" in wanted:
        tables["marginals"] = marginals(plan, chosen, most, lambda step: say(f"one step more: {step}"))
    if "rules" in wanted:
        game = ruled.Game(plan, chosen, say)
        names = ruled.named(plan, rules) or ruled.mattering(game)
        tables["rules"], tables["shapley"] = ruled.costs(game, names), ruled.shapley(game, names)
    if "alternatives" in wanted:
        tables["alternatives"] = near.records(near.alternatives(plan, share, chosen, say))
    return Explanation(plan, tables, chosen.held)


def _held(plan: Plan) -> Held:
    """What the plan seeks before cost, each at the value it reaches: prices are of plans that are as good in it.

    Raises InputError where cost itself is sought in between, within a tolerance: then nothing after it is a cost.
    """
    before = plan.stages[:-1] if plan.stages and plan.stages[0].name != "cost" else ()
    if any(stage.name == "cost" for stage in before):
        message = "the plan seeks cost within a tolerance, and something else after it; what that costs has no price"
        raise InputError(Diagnostic("not-least-cost", message, "put cost last in the objective, or first"))
    return tuple((stage.name, stage.value) for stage in before)


def _why_not(plan: Plan, systems: list[str] | None, options: Options, say: Told, *, confirm: bool) -> Records:
    found = why_not(plan, systems)
    dear = [row for row in found if row.reason == "dominated"] if confirm else []

    def priced(row: WhyNot) -> EntryPrice:
        say(f"the price at which {row.system} enters")
        return entry_price(plan, row.system, row.entry_price, options)

    with ThreadPoolExecutor(max(1, options.workers)) as pool:
        prices = {price.system: price for price in pool.map(priced, dear)}
    return [_row(row, prices.get(row.system)) for row in found]


def _row(row: WhyNot, price: EntryPrice | None) -> dict[str, Any]:
    return {
        "system": row.system,
        "accelerator": row.accelerator,
        "reason": row.reason,
        "detail": row.detail,
        "rule": row.rule,
        "rule_date": row.rule_date,
        "source": row.source,
        "price": row.price,
        "dual_price": row.entry_price,
        "entry_price": None if price is None else price.entry_price or 0.0,
        "entry_by": price.by if price else None,
        "below": price.below if price else None,
        "bought_below": price.bought_below if price else None,
        "above": price.above if price else None,
        "bought_above": price.bought_above if price else None,
        "confirmed": price.confirmed if price else None,
        "note": price.note or None if price else None,
    }


def of_saved(saved: dict[str, Any], path: str, scenario: Scenario, options: Options, catalog: Catalog) -> Plan:
    """The plan of a saved file, solved again, for a scenario that has not changed since.

    Raises InputError naming the keys that differ when scenario or catalog are not those of the plan, and when solving
    again gives other decisions (another version of the solver, a time limit that ended the search).
    """
    from planner.explain.diff import scenario_changes
    from planner.plan.save import fingerprint

    stored = saved.get("scenario") or {}
    if stored.get("sha256") != fingerprint(scenario):
        keys = [row["key"] for row in scenario_changes(stored.get("says"), scenario.model_dump(mode="json"))]
        shown = f": {', '.join(keys[:5])}{' and more' if len(keys) > 5 else ''}" if keys else ""
        message = f"{path} was made from another scenario, or from this one before it was changed{shown}"
        hint = "solve it again with planner plan, or leave --plan out; what is explained must be what is asked"
        raise InputError(Diagnostic("other-scenario", message, hint))
    if stored.get("catalog_sha256") != catalog.digest:
        message = f"{path} was made from another catalog, or from this one before it was changed"
        raise InputError(Diagnostic("other-catalog", message, "solve it again with planner plan, or leave --plan out"))
    plan = solve(scenario.replace(counterfactuals=()), options, catalog)
    if plan.decisions.to_json() != saved["decisions"]:
        message = f"solving again gives another plan than {path} holds"
        hint = "a time limit ended one of the searches, or the solver's version differs; leave --plan out"
        raise InputError(Diagnostic("other-plan", message, hint))
    return plan
