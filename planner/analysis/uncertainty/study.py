"""What to do before it is known which world it is: by expected cost, risk or regret, and what knowing is worth."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from typing import Any

from planner import __version__
from planner.analysis.answer import Answer
from planner.analysis.cases import FORMAT, Case, run_key
from planner.analysis.questions import Sweep
from planner.analysis.runner import Runner
from planner.analysis.uncertainty.risk import Aim, cvar, expected, own_bound
from planner.analysis.uncertainty.solve import Ask, Frame, Solved, frame_of, solve_worlds
from planner.analysis.uncertainty.start import Start
from planner.analysis.uncertainty.worlds import World, apart, components, worlds_of
from planner.io.files import sha256_of
from planner.scenario.model import Scenario

AIMS: tuple[Aim, ...] = ("expected", "cvar", "regret")
WAITING = "waiting"
IMPOSSIBLE = "no plan meets all worlds while they share decisions"


@dataclass(frozen=True)
class Course:
    """One way to act before the reveal, and what it costs in every world if one then does the best."""

    id: str
    """expected, cvar, regret: of the program that shares decisions; waiting: no orders before the reveal; best:WORLD:
    what is best in one world, done before it is known.
    """
    status: str
    costs: tuple[float, ...] = ()
    lost: tuple[float, ...] = ()
    """Deposits lost in each world."""
    bound: float | None = None
    """Proved lower bound of the expected cost of acting so (of `expected`, of any plan that shares decisions)."""
    decisions: Mapping[str, float] | None = None
    """Orders and other decisions before the reveal, by column name."""
    gap: float = 0.0
    least: float | None = None
    """Of expected, cvar and regret: no plan is below it by the course's own measure."""


@dataclass(frozen=True)
class Living:
    """The answer to one question of uncertainty."""

    id: str
    title: str
    worlds: tuple[World, ...]
    alone: tuple[Answer, ...]
    """Each world on its own: what could be done if it were known at once."""
    courses: tuple[Course, ...]
    level: float
    """Of the conditional value at risk."""
    failure: str = ""
    """Why there is no answer."""
    barred: tuple[str, ...] = ()
    """Decisions left out because one of the worlds that share them cannot take them."""

    @property
    def probabilities(self) -> tuple[float, ...]:
        """Of the worlds."""
        return tuple(world.probability for world in self.worlds)

    @property
    def best(self) -> tuple[float, ...]:
        """Least cost found in each world by any course."""
        own = [answer.objective or 0.0 for answer in self.alone]
        return tuple(min([cost, *(c.costs[k] for c in self.courses if c.costs)]) for k, cost in enumerate(own))

    def course(self, name: str) -> Course | None:
        """A course that has a plan."""
        return next((course for course in self.courses if course.id == name and course.costs), None)

    @property
    def likeliest(self) -> str:
        """World of largest probability, the first of equals: the plan for it is the expected-value plan."""
        return max(self.worlds, key=lambda world: world.probability).id


def live_with(runner: Runner, sweep: Sweep, n: int) -> Living:
    """Answer one question of uncertainty: every world alone, the shared programs, every plan in every world."""
    asked = sweep.given.uncertainty[n]
    worlds = worlds_of(asked, sweep.scenario, sweep.document, n)
    cases = [
        Case(f"{asked.id}/{w.id}", f"{asked.id}: {w.id}", "world", asked.id, sweep.scenario, sweep.on(w.questions))
        for w in worlds
    ]
    runner.tally.total += len(cases)
    alone = tuple(runner.run(cases))
    living = Living(asked.id, asked.title or asked.id, worlds, alone, (), asked.cvar)
    without = [answer for answer in alone if answer.plan is None]
    if without:
        reasons = "; ".join(f"{answer.title} has no plan ({answer.why})" for answer in without)
        return replace(living, failure=reasons)
    study = _Study(runner, living, tuple(case.scenario for case in cases))
    return study.answered()


class _Study:
    """One question under way."""

    def __init__(self, runner: Runner, living: Living, scenarios: tuple[Scenario, ...]) -> None:
        self.runner, self.living, self.scenarios = runner, living, scenarios
        options, solver = runner.setting.options, scenarios[0].solver
        limit = options.time_limit
        if limit is None and solver.time_limit is not None:
            limit = solver.time_limit * 3600.0
        self.gap = solver.gap if options.gap is None else options.gap
        self.limit = None if limit is None else limit * len(scenarios)
        self.first = apart(living.worlds)

    def answered(self) -> Living:
        """Every world's plan in all worlds first: where that goes, it is a start for the programs of all worlds."""
        living = self.living
        frame: Frame = self.runner.executor.submit(frame_of, living.worlds, self.scenarios).result()
        if not frame.possible:
            return replace(living, failure=IMPOSSIBLE)
        replayed, starts = self._replayed(frame)
        best = tuple(answer.objective or 0.0 for answer in living.alone)
        proved = tuple(answer.bound or 0.0 for answer in living.alone)
        asks: dict[str, Ask] = {aim: self._ask(aim=aim, best=best, proved=proved, starts=starts) for aim in AIMS}
        asks[WAITING] = self._ask(held={}, before=self.first, only="order[", proved=proved)
        found = self._solved(asks)
        courses = [self._course(name, one, best) for name, one in found.items()] + replayed
        main = found["expected"]
        if main.costs:
            return replace(living, courses=tuple(courses), barred=frame.barred)
        reason = IMPOSSIBLE if main.status == "infeasible" else "no plan was found in time"
        return replace(living, courses=tuple(courses), failure=reason)

    def _ask(self, **more: Any) -> Ask:
        living = self.living
        ask = Ask(living.worlds, self.scenarios, cvar=living.level, gap=self.gap, time_limit=self.limit)
        return replace(ask, **more)

    def _course(self, name: str, one: Solved, best: Sequence[float]) -> Course:
        bound = one.bound if name in ("expected", WAITING) else None
        least = None
        for aim in AIMS:
            if name == aim and one.bound is not None:
                least = own_bound(aim, one.bound, self.living.probabilities, best)
        return Course(name, one.status, one.costs, one.lost, bound, one.decisions, one.gap, least)

    def _replayed(self, frame: Frame) -> tuple[list[Course], tuple[Start, ...]]:
        """The plan of every world, held until the first reveal, in all worlds; and what each world then does."""
        living = self.living
        parts = components(living.worlds, self.first, len(self.scenarios[0].periods))
        asks: dict[str, Ask] = {}
        held: dict[str, dict[str, float]] = {}
        for world, answer in zip(living.worlds, living.alone, strict=True):
            columns = self.runner.columns(answer)
            held[world.id] = {name: columns[name] for name in frame.shared if columns.get(name, 0.0) > 0.5}
            for k, part in enumerate(parts):
                total = sum(living.worlds[m].probability for m in part)
                mine = tuple(replace(living.worlds[m], probability=living.worlds[m].probability / total) for m in part)
                asks[f"{world.id}/{k}"] = Ask(
                    mine,
                    tuple(self.scenarios[m] for m in part),
                    held=held[world.id],
                    before=self.first,
                    deposits=frame.deposits,
                    gap=self.gap,
                    time_limit=self.limit,
                )
        found = self._solved(asks)
        courses = [self._gathered(world, parts, found, held[world.id]) for world in living.worlds]
        starts = [
            self._start(world, parts, found)
            for world, course in zip(living.worlds, courses, strict=True)
            if course.costs and not set(held[world.id]) & set(frame.barred)
        ]
        return courses, tuple(starts)

    def _start(self, world: World, parts: Sequence[Sequence[int]], found: Mapping[str, Solved]) -> Start:
        mine: list[Mapping[str, float]] = [{} for _ in self.scenarios]
        for k, part in enumerate(parts):
            for m, columns in zip(part, found[f"{world.id}/{k}"].columns, strict=True):
                mine[m] = columns
        return tuple(mine)

    def _gathered(
        self, world: World, parts: Sequence[Sequence[int]], found: Mapping[str, Solved], held: Mapping[str, float]
    ) -> Course:
        costs, lost = [0.0] * len(self.scenarios), [0.0] * len(self.scenarios)
        bound = gap = 0.0
        for k, part in enumerate(parts):
            one = found[f"{world.id}/{k}"]
            if not one.costs:
                return Course(f"best:{world.id}", one.status, decisions=held)
            total = sum(self.living.worlds[m].probability for m in part)
            bound += total * (one.bound or 0.0)
            gap = max(gap, one.gap)
            for m, cost, gone in zip(part, one.costs, one.lost, strict=True):
                costs[m], lost[m] = cost, gone
        return Course(f"best:{world.id}", "optimal", tuple(costs), tuple(lost), bound, held, gap)

    def _solved(self, asks: Mapping[str, Ask]) -> dict[str, Solved]:
        """All programs, side by side; those in the store are not solved again."""
        runner = self.runner
        runner.tally.total += len(asks)
        keys = {name: self._key(ask) for name, ask in asks.items()}
        found: dict[str, Solved] = {}
        pending: dict[str, Future[Solved]] = {}
        for name, ask in asks.items():
            kept = runner.store.recall(keys[name]) if runner.store is not None else None
            if kept is not None:
                found[name] = _revived(kept)
            else:
                pending[name] = runner.executor.submit(solve_worlds, ask)
        for name, future in pending.items():
            found[name] = future.result()
            if runner.store is not None:
                runner.store.remember(keys[name], asdict(found[name]))
        runner.tally.done += len(asks)
        runner.tally.feasible += sum(bool(one.costs) for one in found.values())
        runner.tally.failed += sum(not one.costs for one in found.values())
        return {name: found[name] for name in asks}

    def _key(self, ask: Ask) -> str:
        runs = [run_key(scenario, self.runner.setting) for scenario in ask.scenarios]
        said = {name: value for name, value in asdict(replace(ask, scenarios=())).items() if name != "scenarios"}
        return sha256_of([FORMAT, __version__, runs, said])[:32]


def _revived(kept: Mapping[str, Any]) -> Solved:
    lists = ("costs", "lost", "columns")
    fields: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in kept.items()}
    return Solved(**fields)


def plan_table(living: Living) -> list[dict[str, Any]]:
    """One row per course and world: what it costs there and how much that is above the least."""
    return [
        {
            "study": living.id,
            "plan": course.id,
            "world": world.id,
            "probability": world.probability,
            "status": course.status,
            "cost": course.costs[k] if course.costs else None,
            "regret": course.costs[k] - living.best[k] if course.costs else None,
            "lost_deposits": course.lost[k] if course.lost else None,
        }
        for course in living.courses
        for k, world in enumerate(living.worlds)
    ]


def risk_table(living: Living) -> list[dict[str, Any]]:
    """One row per course: expected cost, conditional value at risk, largest regret."""
    rows = []
    for course in living.courses:
        regrets = [cost - best for cost, best in zip(course.costs, living.best, strict=bool(course.costs))]
        rows.append(
            {
                "study": living.id,
                "plan": course.id,
                "status": course.status,
                "expected_cost": expected(course.costs, living.probabilities) if course.costs else None,
                "bound": course.bound,
                "cvar": cvar(course.costs, living.probabilities, living.level) if course.costs else None,
                "proved": course.least,
                "largest_cost": max(course.costs, default=None),
                "largest_regret": max(regrets, default=None),
                "expected_regret": expected(regrets, living.probabilities) if regrets else None,
            }
        )
    return rows


def value_table(living: Living) -> list[dict[str, Any]]:
    """What knowing, planning for all worlds, and not waiting are worth; each between proved limits."""
    main = living.course("expected")
    if main is None:
        return []
    alone = [answer.objective or 0.0 for answer in living.alone]
    proved = [answer.bound or 0.0 for answer in living.alone]
    here, least = expected(main.costs, living.probabilities), main.bound or 0.0
    see, see_least = expected(alone, living.probabilities), expected(proved, living.probabilities)
    rows = [
        _value(living, "wait and see", see, see_least, see),
        _value(living, "two-stage", here, least, here),
        _value(living, "value of knowing (EVPI)", here - see, max(0.0, least - see), here - see_least),
    ]
    for name, course_id in (
        ("value of planning for all worlds (VSS)", f"best:{living.likeliest}"),
        ("cost of waiting with orders", WAITING),
    ):
        course = living.course(course_id)
        if course is None:
            rows.append({"study": living.id, "quantity": name, "value": None, "at_least": None, "at_most": None})
        else:
            there = expected(course.costs, living.probabilities)
            low = max(0.0, (course.bound or 0.0) - here)
            rows.append(_value(living, name, there - here, low, there - least))
    return rows


def _value(living: Living, quantity: str, value: float, low: float, high: float) -> dict[str, Any]:
    return {"study": living.id, "quantity": quantity, "value": value, "at_least": low, "at_most": high}


def first_table(living: Living) -> list[dict[str, Any]]:
    """One row per course and decision before the reveal: what to do now."""
    return [
        {"study": living.id, "plan": course.id, "decision": name, "count": value}
        for course in living.courses
        for name, value in sorted((course.decisions or {}).items())
    ]
