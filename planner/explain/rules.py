"""What rules cost: each alone, all together, and how the whole is shared where several work together.

The cost of rules is that of the plan less that of the best plan without them. Rules interact: of two that close the
same chip neither costs anything alone. The Shapley value shares the cost of all: each rule's mean cost over every order
in which the rules could have come. With few rules every order is counted; with more, orders are drawn.
"""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from itertools import combinations
from statistics import fmean, stdev
from typing import Any

from planner.catalog.names import unknown
from planner.errors import PlannerError
from planner.plan.metrics import bought_accelerators, peak_mw
from planner.plan.plan import Plan
from planner.plan.solve import Options, Posed, pose, solve_posed
from planner.plan.verify import verify
from planner.policy.effect import Action
from planner.problem.arrays import Problem
from planner.scenario.periods import label_start

EXACT = 7
"""Up to so many rules, every order of them is counted."""
DRAWS = 24
"""Orders drawn where there are more."""

type Rules = frozenset[str]
type Told = Callable[[str], None]
type Records = list[dict[str, Any]]


@dataclass(frozen=True)
class World:
    """The best plan without some rules."""

    without: Rules
    objective: float
    bound: float
    plan: Plan
    solved: bool
    """False when it follows from another world without a search."""


@dataclass
class Game:
    """Worlds without rules, each solved at most once: one that gives the same problem, or whose best plan the
    remaining rules allow at the same cost, is taken as it is.
    """

    plan: Plan
    options: Options
    told: Told | None = None
    searches: int = 0
    _worlds: dict[Rules, World] = field(default_factory=dict)
    _posed: dict[Rules, Posed] = field(default_factory=dict)

    @cached_property
    def obliging(self) -> Rules:
        """Rules whose absence need not make a plan cheaper."""
        return obliging(Posed(self.plan.case, self.plan.problem, ()))

    def posed(self, without: Rules) -> Posed:
        """The problem without some rules."""
        if without not in self._posed:
            self._posed[without] = pose(self.plan.scenario, self.plan.case.catalog, tuple(sorted(without)))
        return self._posed[without]

    def world(self, without: Rules) -> World:
        """The best plan without some rules. Raises PlannerError when there is none (never with fewer rules)."""
        if not without:
            return World(without, self.plan.objective, self.plan.bound, self.plan, solved=True)
        if without not in self._worlds:
            self._worlds[without] = self._known(without) or self._searched(without)
        return self._worlds[without]

    def _known(self, without: Rules) -> World | None:
        base = World(frozenset(), self.plan.objective, self.plan.bound, self.plan, solved=True)
        for other in (base, *self._worlds.values()):
            problem = self.plan.problem if other is base else self.posed(other.without).problem
            if same(problem, self.posed(without).problem):
                return replace(other, without=without, solved=False)
        for other in self._worlds.values():
            more = other.without - without
            if without < other.without and not more & self.obliging and self._allowed(other, without):
                return replace(other, without=without, solved=False)
        return None

    def _allowed(self, other: World, without: Rules) -> bool:
        """Whether a plan made with fewer rules keeps these too, at the same cost: then nothing here is better."""
        plan = other.plan
        try:
            checked = verify(plan.scenario, plan.case.catalog, plan.decisions, without=tuple(sorted(without)))
        except (PlannerError, KeyError):
            return False
        return checked.ok and math.isclose(checked.objective, plan.objective, rel_tol=1e-9)

    def _searched(self, without: Rules) -> World:
        self.searches += 1
        if self.told is not None:
            self.told(f"without {', '.join(sorted(without))}")
        found = solve_posed(self.posed(without), self.options, start=self.plan.columns, priced_above=lambda: math.inf)
        return World(without, found.objective, found.bound, found, solved=True)


def same(one: Problem, other: Problem) -> bool:
    """Whether two problems differ in nothing but the reasons for what they leave out."""
    return replace(one, excluded=(), notes=()) == replace(other, excluded=(), notes=())


def bearing(plan: Plan) -> tuple[str, ...]:
    """Every rule that bears on what the scenario of a plan could buy or owns."""
    return bearing_of(Posed(plan.case, plan.problem, ()))


def bearing_of(posed: Posed) -> tuple[str, ...]:
    """Every rule that bears on an order, delivery, installation or operation of what a scenario could buy or owns."""
    case = posed.case
    found: set[str] = set()
    chips = sorted({system.accelerator_id for system in case.systems.values()})
    asks: tuple[tuple[Action, bool], ...] = (("order", False), ("import", False), ("install", True), ("operate", True))
    for action, local in asks:
        places = [site.id for site in case.scenario.sites] if local else [None]
        for chip in chips:
            for site in places:
                for period in case.calendar:
                    found |= {hit.rule_id for hit in case.permissions.why(action, chip, site, period.index)}
    return tuple(sorted(found | obliging(posed) | {left.rule for left in posed.problem.excluded if left.rule}))


def obliging(posed: Posed) -> frozenset[str]:
    """Rules that ask for quotas, shares, payments or give subsidies: without one of these a plan may also cost more."""
    return frozenset(duty.rule_id for duty in posed.case.permissions.obligations)


def named(plan: Plan, names: Iterable[str]) -> tuple[str, ...]:
    """Rules asked for by id. Raises InputError, with the nearest, for one that bears on nothing in the scenario."""
    known = bearing(plan)
    for name in names:
        if name not in known:
            raise unknown("rule that bears on this scenario", name, known)
    return tuple(dict.fromkeys(names))


def mattering(game: Game) -> tuple[str, ...]:
    """The rules that change the problem when every other one is gone; the rest change it in no company.

    Holds for rules that each act on their own: what one of them does shows at the latest when it is alone.
    """
    names = frozenset(bearing(game.plan))
    if not names:
        return ()
    free = game.posed(names).problem
    return tuple(name for name in sorted(names) if not same(game.posed(names - {name}).problem, free))


def costs(game: Game, rules: tuple[str, ...]) -> Records:
    """One row per rule alone, and one for all together: what the plan pays for having them."""
    rows = [_cost(game, frozenset({rule}), rule) for rule in rules]
    return [*rows, _cost(game, frozenset(rules), "all together")] if len(rules) > 1 else rows


def _cost(game: Game, without: Rules, name: str) -> dict[str, Any]:
    plan, there = game.plan, game.world(without)
    other = there.plan
    rule = next((rule for rule in plan.excluded if rule.rule == name), None)
    opened = {k: n for k, n in bought_accelerators(other).items() if n > bought_accelerators(plan).get(k, 0)}
    return {
        "rule": name,
        "rule_date": rule.rule_date if rule else None,
        "source": rule.source if rule else None,
        "cost": plan.objective - there.objective,
        "least_cost": 0.0 if other is plan else plan.bound - there.objective,
        "most_cost": 0.0 if other is plan else plan.objective - there.bound,
        "peak_mw": peak_mw(plan) - peak_mw(other),
        "accelerators": sum(bought_accelerators(plan).values()) - sum(bought_accelerators(other).values()),
        "delay_days": _delay(plan, other),
        "tokens_lost": _short(plan) - _short(other),
        "bought_without": ", ".join(f"{n:,} {k}" for k, n in sorted(opened.items(), key=lambda p: -p[1])) or None,
        "solved": there.solved,
    }


def _delay(plan: Plan, other: Plan) -> float | None:
    """Days by which the run that is delayed most ends later in the plan than without the rules; None without runs."""
    ends = []
    for found in (plan, other):
        rows = [row for row in found.tables["targets"] if row["kind"] == "run" and row.get("days")]
        ends.append({row["workload"]: label_start(row["start"]) + timedelta(days=float(row["days"])) for row in rows})
    shifts = [(ends[0][key] - ends[1][key]).days for key in ends[0] if key in ends[1]]
    return float(max(shifts)) if shifts else None


def _short(plan: Plan) -> float:
    """Tokens of divisible work that the plan leaves untrained, and those of runs it misses."""
    hours = {period.label: period.hours for period in plan.problem.calendar}
    rows = plan.tables["targets"]
    stream = sum(row["shortfall"] * hours[row["period"]] * 3600.0 for row in rows if row["kind"] == "continuous")
    missed = {record.workload for record in plan.decisions.missed}
    return float(stream + sum(run.tokens for run in plan.scenario.runs if run.id in missed))


def shapley(game: Game, rules: tuple[str, ...], draws: int = DRAWS, seed: int = 0) -> Records:
    """Each rule's share of the cost of all. Shares add up to it exactly, counted or drawn.

    `error`: standard error of a drawn share, 0 when every order is counted. Money only.
    """
    if len(rules) <= EXACT:
        shares, errors = _counted(game, rules), dict.fromkeys(rules, 0.0)
    else:
        shares, errors = _drawn(game, rules, draws, seed)
    total = game.plan.objective - game.world(frozenset(rules)).objective if rules else 0.0
    return [
        {
            "rule": rule,
            "share": shares[rule],
            "fraction": shares[rule] / total if total else None,
            "error": errors[rule],
            "method": "every order" if len(rules) <= EXACT else f"{draws} orders drawn",
        }
        for rule in rules
    ]


def _saved(game: Game, rule: str, gone: Rules) -> float:
    """What a rule costs where some others are gone already."""
    return game.world(gone).objective - game.world(gone | {rule}).objective


def _counted(game: Game, rules: tuple[str, ...]) -> dict[str, float]:
    n = len(rules)
    if rules:
        game.world(frozenset(rules))  # first: the others can often be read off it
    shares = {}
    for rule in rules:
        others = [other for other in rules if other != rule]
        shares[rule] = sum(
            math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n) * _saved(game, rule, frozenset(gone))
            for k in range(n)
            for gone in combinations(others, k)
        )
    return shares


def _drawn(game: Game, rules: tuple[str, ...], draws: int, seed: int) -> tuple[dict[str, float], dict[str, float]]:
    chance, found = random.Random(seed), {rule: list[float]() for rule in rules}
    game.world(frozenset(rules))
    for _ in range(draws):
        gone: Rules = frozenset()
        for rule in chance.sample(rules, len(rules)):
            found[rule].append(_saved(game, rule, gone))
            gone |= {rule}
    errors = {rule: stdev(values) / math.sqrt(draws) if draws > 1 else math.inf for rule, values in found.items()}
    return {rule: fmean(values) for rule, values in found.items()}, errors
