"""A sweep under way: runs handed to an executor a few at a time, kept as they come, counted for whoever waits."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace

from planner.analysis.answer import WHOLE, Answer, Result, Task, answer
from planner.analysis.cases import Case, Setting, run_key
from planner.analysis.executors import Executor
from planner.analysis.store import Store
from planner.errors import Diagnostic, InternalError, PlannerError


@dataclass
class Tally:
    """How far a sweep is."""

    total: int
    """Runs known so far; searches add to it."""
    done: int = 0
    feasible: int = 0
    failed: int = 0
    """Infeasible, without a plan in time, or at fault."""
    reused: int = 0
    """Of those done: found in the store, or equal to another run."""
    last: str = ""
    """Id of the run just answered."""
    best: tuple[float, str] | None = None
    """Least cost so far, and the run."""
    worst: tuple[float, str] | None = None
    """Largest cost so far, and the run."""
    seconds: float = 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds left, by the pace of the runs made so far; None while none is made."""
        made = self.done - self.reused
        return None if made <= 0 else self.seconds / made * max(0, self.total - self.done)

    def count(self, found: Answer) -> None:
        """One more answer."""
        self.done += 1
        self.reused += found.reused
        self.last = found.id
        if found.objective is None:
            self.failed += 1
            return
        self.feasible += 1
        here = (found.objective, found.id)
        self.best = here if self.best is None else min(self.best, here)
        self.worst = here if self.worst is None else max(self.worst, here)


type Told = Callable[[Tally], None]


def light(result: Result) -> Result:
    """A result with only what comparisons need: thousands of them are held at once."""
    plan = result.plan
    if plan is None:
        return result
    kept = {
        key: value for key, value in plan.items() if key not in ("excluded", "counterfactual", "decisions", "frames")
    }
    frames = {name: plan["frames"][name] for name in ("builds", "installs", "targets", "metrics")}
    decisions = {name: plan["decisions"][name] for name in ("accepted", "ports")}
    return replace(result, plan={**kept, "decisions": decisions, "frames": frames})


@dataclass(frozen=True)
class Shard:
    """Part `number` of `count` of the runs."""

    number: int = 1
    count: int = 1

    def has(self, index: int) -> bool:
        """Whether the run (or search) at an index of the whole list is in this part."""
        return index % self.count == self.number - 1


@dataclass
class Runner:
    """Makes runs; every answer so far is in `answers`, by the id of its run."""

    executor: Executor
    width: int
    setting: Setting
    store: Store | None = None
    told: Told | None = None
    tally: Tally = field(default_factory=lambda: Tally(0))
    answers: dict[str, Answer] = field(default_factory=dict)
    base: Case | None = None
    order: list[str] = field(default_factory=list)
    """Ids of runs as they were asked for, which is not the order in which they are done."""
    _known: dict[str, Result] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def run(self, cases: Iterable[Case]) -> list[Answer]:
        """Answers in the order of the cases. Runs of the same content are made once."""
        asked = list(cases)
        self.order += [case.id for case in asked if case.id not in self.answers]
        waiting = iter([case for case in asked if case.id not in self.answers])
        pending: dict[Future[Result], list[tuple[Case, str]]] = {}
        keys: dict[str, Future[Result]] = {}
        more = True
        while more or pending:
            while more and len(pending) < self.width:
                case = next(waiting, None)
                more = case is not None
                if case is not None:
                    self._begin(case, pending, keys)
            if pending:
                done, _ = wait(pending, timeout=1.0, return_when=FIRST_COMPLETED)
                for future in done:
                    self._end(future, pending.pop(future))
                if not done:
                    self._tell()
        return [self.answers[case.id] for case in asked]

    def _begin(
        self, case: Case, pending: dict[Future[Result], list[tuple[Case, str]]], keys: dict[str, Future[Result]]
    ) -> None:
        try:
            scenario = case.scenario
            key = run_key(scenario, self.setting, case.near)
        except PlannerError as error:
            self._note(Answer.of(case, "", Result("error", None, error.diagnostics, error.exit_code)))
            return
        if key in keys and keys[key] in pending:
            pending[keys[key]].append((case, key))
            return
        found = self._known.get(key) or (self.store.get(key) if self.store is not None else None)
        if found is not None:
            found = self._known[key] = found if case.kind in WHOLE else light(found)
            self._note(Answer.of(case, key, self._resolved(found), reused=True))
            return
        base = self.base.scenario if self.base is not None and self.base is not case else None
        task = Task(key, scenario, self.setting.options, base, case.kind in WHOLE, case.near)
        future = self.executor.submit(answer, task)
        keys[key] = future
        pending[future] = [(case, key)]

    def _end(self, future: "Future[Result]", asked: list[tuple[Case, str]]) -> None:
        first, key = asked[0]
        try:
            result = future.result()
        except PlannerError as error:
            result = Result("error", None, error.diagnostics, error.exit_code)
        except Exception as error:
            fault = Diagnostic("worker", f"the worker failed: {type(error).__name__}: {error}".split("\n", 1)[0])
            result = Result("error", None, (fault,), InternalError.exit_code)
        if self.store is not None:
            self.store.put(first, key, result)
        result = self._known[key] = result if first.kind in WHOLE else light(result)
        for n, (case, _) in enumerate(asked):
            self._note(Answer.of(case, key, self._resolved(result), reused=n > 0))

    def _resolved(self, result: Result) -> Result:
        """A result that is the base's, with the base's plan."""
        base = self.answers.get(self.base.id) if self.base is not None else None
        if result.status != "same" or base is None:
            return result
        return replace(result, status=base.status, plan=base.plan, failure=base.failure, exit_code=base.exit_code)

    def _note(self, found: Answer) -> None:
        self.answers[found.id] = found
        self.tally.count(found)
        self._tell()

    def _tell(self) -> None:
        self.tally.seconds = time.monotonic() - self._began
        if self.told is not None:
            self.told(self.tally)

    def columns(self, found: Answer) -> Mapping[str, float]:
        """The solver's columns of an answered run whose plan is kept whole."""
        result = self._known.get(found.key)
        if result is not None and result.status == "same" and self.base is not None:
            result = self._known.get(self.answers[self.base.id].key)
        return result.columns if result is not None else {}
