"""When nothing fits: the smallest set of limits that cannot all hold, and the least changes that would help.

A limit is lifted by changing the scenario, so that everything that follows from it (which systems fit, how many a
hall feeds, which clusters there can be) follows anew. A set of limits is in conflict when no plan exists with these
kept and all others lifted; it is smallest (irreducible) when lifting any one of them makes a plan possible. It is
found by halving: QuickXplain (Junker, AAAI 2004). A repair relaxes one limit of the conflict by the fewest steps
after which the whole scenario has a plan; one step fewer has none.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from planner.catalog.load import Catalog
from planner.errors import Diagnostic, InfeasibleError, InputError
from planner.explain.limit import Limit, Repair
from planner.explain.limits import limits_of
from planner.explain.rules import bearing_of
from planner.explain.steps import Change
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.outcome import Limits
from planner.optimize.program import EmptyRowError
from planner.optimize.search import search
from planner.plan.solve import pose
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario

SECONDS = 30.0
"""Time for one question whether a plan exists; a question without an answer by then counts as yes, and is told."""

type Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Mended:
    """One repair, applied and checked."""

    limit: str
    kind: str
    words: str
    steps: int
    relative: float
    """How much of the limit it is; repairs are ranked by it."""
    sure: bool
    """Whether a step less is proved to leave no plan."""

    apply: Change = field(compare=False, repr=False, default=lambda s: s)
    """The scenario with it."""


@dataclass(frozen=True)
class Conflict:
    """Why a scenario has no plan."""

    scenario: Scenario
    limits: tuple[Limit, ...]
    """The smallest set that cannot hold together, in the order of the file."""
    sure: bool
    """Whether it is proved that lifting any one of them leaves a plan for the others."""
    repairs: tuple[Mended, ...] = ()
    """Changes of one limit that make the whole scenario possible, the least first; empty: no single one does."""

    @property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """conflict: its members with their places; repairs."""
        members = [
            {
                "limit": limit.id,
                "words": limit.words,
                "rule": limit.rule,
                "file": limit.place.file if limit.place else None,
                "line": limit.place.line if limit.place else None,
                "column": limit.place.column if limit.place else None,
            }
            for limit in self.limits
        ]
        repairs = [
            {"limit": r.limit, "kind": r.kind, "words": r.words, "steps": r.steps, "relative": r.relative,
             "sure": r.sure}
            for r in self.repairs
        ]  # fmt: skip
        return {"conflict": members, "repairs": repairs}


@dataclass
class Oracle:
    """Whether a scenario has any plan; remembers the questions that ran out of time."""

    catalog: Catalog
    unsure: bool = False

    def possible(self, scenario: Scenario) -> bool:
        """Whether any plan exists: the relaxation first, then the first whole plan that the solver finds."""
        try:
            posed = pose(scenario, self.catalog)
            program = assemble(posed.problem)
        except (EmptyRowError, InputError):  # no variable can meet a limit, or the data contradict each other
            return False
        program.lp.setObjective(_nothing(program.lp))
        solver = Solver(program, Limits(1.0, SECONDS, scenario.solver.threads))
        every = [j for j, var in enumerate(solver.columns) if var.cat != "Continuous"]
        solver.whole(every, whole=False)
        if solver.run(0.0, SECONDS).status == "infeasible":
            return False
        solver.whole(every, whole=True)
        found = search(solver)
        if found.status == "infeasible":
            return False
        self.unsure |= found.values is None
        return True


def _nothing(lp: Any) -> Any:
    from pulp import lpSum_vars_coefs

    return lpSum_vars_coefs([])


def conflict(
    scenario: Scenario, catalog: Catalog | None = None, told: Told | None = None, *, repairs: bool = True
) -> Conflict:
    """The smallest conflict of a scenario without a plan, and its repairs.

    Raises InputError when the scenario has a plan, InfeasibleError when it has none even with every limit lifted.
    """
    catalog = catalog or catalog_of(scenario)
    scenario = scenario.replace(counterfactuals=())
    oracle, say = Oracle(catalog), told or (lambda stage: None)
    posed = pose(scenario, catalog)
    limits = limits_of(posed, bearing_of(posed))
    say("is there a plan at all?")
    if oracle.possible(scenario):
        raise InputError.of("feasible", f"{scenario.name} has a plan: nothing is in conflict", "planner plan shows it")
    say(f"which of {len(limits)} limits")
    if not oracle.possible(_lifted(scenario, limits)):
        raise InfeasibleError(
            Diagnostic(
                "infeasible",
                f"{scenario.name} has no plan even with every limit, rule and target lifted",
                "installed base, dates and lead times contradict each other",
            )
        )

    def clash(kept: Iterable[Limit]) -> bool:
        held = {limit.id for limit in kept}
        say(f"which of {len(limits)} limits: trying {len(held)}")
        return not oracle.possible(_lifted(scenario, [limit for limit in limits if limit.id not in held]))

    members = {limit.id for limit in quickxplain(clash, limits)}
    found = tuple(limit for limit in limits if limit.id in members)
    sure = not oracle.unsure
    if not repairs:
        return Conflict(scenario, found, sure)
    mended = [
        made for limit in found for repair in limit.repairs if (made := _mend(scenario, limit, repair, oracle, say))
    ]
    ranked = sorted(mended, key=lambda made: (made.relative, made.words))
    return Conflict(scenario, found, sure, tuple(ranked))


def _lifted(scenario: Scenario, limits: Iterable[Limit]) -> Scenario:
    return reduce(lambda changed, limit: limit.lift(changed), limits, scenario)


def quickxplain[T](clash: Callable[[list[T]], bool], items: Sequence[T]) -> list[T]:
    """A smallest part of `items` that still clashes; `clash` must hold for all of them and be monotone."""

    def explain(background: list[T], added: bool, rest: list[T]) -> list[T]:
        if added and clash(background):
            return []
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        left, right = rest[:half], rest[half:]
        second = explain([*background, *left], True, right)
        first = explain([*background, *second], bool(second), left)
        return [*first, *second]

    return explain([], False, list(items)) if items else []


def _mend(scenario: Scenario, limit: Limit, repair: Repair, oracle: Oracle, say: Told) -> Mended | None:
    """The fewest steps of a repair that make the scenario possible; None when no number of them does."""

    def helps(k: int) -> bool:
        say(f"repairs: {repair.words(k)}")
        return oracle.possible(repair.change(k)(scenario))

    before, oracle.unsure = oracle.unsure, False
    try:
        k = _least(helps, repair.most)
        if k is None:
            return None
        return Mended(limit.id, repair.name, repair.words(k), k, repair.size(k), not oracle.unsure, repair.change(k))
    finally:
        oracle.unsure |= before


def _least(helps: Callable[[int], bool], most: int) -> int | None:
    """The least k of 1 to `most` that helps, when every larger one does too."""
    low, high = 0, 1
    while not helps(high):
        if high >= most:
            return None
        low, high = high, min(high * 4, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if helps(middle) else (middle, high)
    return high
