"""What-ifs: a scenario solved with named changes, each compared with the scenario as it is."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.analysis.answer import Answer
from planner.analysis.asked.changes import BASE
from planner.analysis.cases import Case, Setting, inputs_key
from planner.analysis.executors import opened
from planner.analysis.points import Point
from planner.analysis.questions import Asked, Sweep, expand
from planner.analysis.results import WhatIfs
from planner.analysis.runner import Runner, Shard, Tally, Told
from planner.analysis.searches import Flip, check_until, flip, frontier
from planner.analysis.store import Store
from planner.analysis.tradeoff import tradeoff
from planner.analysis.uncertainty.study import Living, live_with
from planner.errors import Diagnostic, NoPlanError
from planner.plan.solve import Options
from planner.scenario.model import Scenario

__all__ = ["Answer", "Shard", "Tally", "WhatIfs", "run_sweep", "run_whatifs"]


def run_whatifs(
    scenario: Scenario,
    questions: Asked,
    options: Options | None = None,
    workers: int = 2,
    told: Told | None = None,
    *,
    out: str | Path | None = None,
    scheduler: str | None = None,
    shard: Shard | None = None,
) -> WhatIfs:
    """Solve a scenario and its changes, `workers` at a time in processes of their own, one thread each.

    `questions`: a YAML file (docs/whatif.md), or the same written in Python: the whole file as a mapping, or a list of
    `{id, title, set: {path: value}}`. `workers` 0 solves in this process; `scheduler` is a Dask scheduler's address.
    `out` keeps every run in a folder, from which a run that was ended goes on. A run without a plan does not end the
    sweep: its answer says why. Raises InputError with every fault of the questions before anything is solved, and for
    a folder with runs of other inputs; Ctrl-C keeps the answers there are, and raises NoPlanError when there are none.
    """
    return run_sweep(expand(scenario, questions), options, workers, told, out=out, scheduler=scheduler, shard=shard)


def run_sweep(
    sweep: Sweep,
    options: Options | None = None,
    workers: int = 2,
    told: Told | None = None,
    *,
    out: str | Path | None = None,
    scheduler: str | None = None,
    shard: Shard | None = None,
) -> WhatIfs:
    """The same for questions already expanded."""
    check_until(sweep)
    part = shard or Shard()
    chosen = options or Options()
    chosen = replace(chosen, threads=chosen.threads or 1, counterfactuals=False, workers=1)
    store = None if out is None else Store(Path(out), inputs_key(sweep.scenario))
    flips: list[Flip] = []
    points: list[Point] = []
    living: list[Living] = []
    answers: dict[str, Answer] = {}
    order: list[str] = []
    stopped = False
    try:
        with opened(min(workers, max(1, len(sweep.cases))) if workers else 0, scheduler) as (executor, width):
            runner = Runner(executor, width, Setting(chosen), store, told, answers=answers, order=order)
            runner.tally.total = sum(part.has(n) for n in range(len(sweep.cases)))
            _known_cases(runner, sweep, part)
            _searched(runner, sweep, part, flips, points)
            for n in range(len(sweep.uncertainty)):
                if part.has(n):
                    living.append(live_with(runner, sweep, n))
    except KeyboardInterrupt:
        stopped = True
    finally:
        if store is not None:
            store.name(answers.values())
    if stopped and not answers:
        raise NoPlanError.of("no-plan", "interrupted before anything was solved")
    ordered = _in_order(sweep, part, answers, order, stopped=stopped)
    return WhatIfs(
        sweep.scenario, ordered, tuple(flips), tuple(points), tuple(living), sweep.given.near_optimal, sweep.frontiers
    )


def _known_cases(runner: Runner, sweep: Sweep, part: Shard) -> None:
    """The base first: a run with the same numbers has its answer; then the rest of this part.

    No search starts from another's plan: that cost twice the time (docs/whatif.md), and no answer hangs on an order.
    """
    cases = list(sweep.cases)
    if cases and cases[0].id == BASE:
        (base,) = runner.run(cases[:1])
        if base.plan is not None:
            runner.base = cases[0]
    runner.run([case for n, case in enumerate(cases) if part.has(n)])


def _searched(runner: Runner, sweep: Sweep, part: Shard, flips: list[Flip], points: list[Point]) -> None:
    """Every search of this part, one round after another, the next runs of all of them side by side."""
    searches: list[Generator[list[Case], list[Answer], Any]] = [flip(sweep, n) for n in range(len(sweep.break_even))]
    searches += [(tradeoff if asked.of else frontier)(sweep, n) for n, asked in enumerate(sweep.frontiers)]
    mine = [search for n, search in enumerate(searches) if part.has(n)]
    asked = [(search, next(search)) for search in mine]
    while asked:
        cases = [case for _, wanted in asked for case in wanted]
        runner.tally.total += sum(case.id not in runner.answers for case in cases)
        runner.run(cases)
        following = []
        for search, wanted in asked:
            try:
                following.append((search, search.send([runner.answers[case.id] for case in wanted])))
            except StopIteration as end:
                flips += [end.value] if isinstance(end.value, Flip) else []
                points += end.value if isinstance(end.value, tuple) else []
        asked = following


def _in_order(
    sweep: Sweep, part: Shard, answers: dict[str, Answer], order: list[str], *, stopped: bool
) -> tuple[Answer, ...]:
    """Answers in the order asked, those of searches last; what was not reached is interrupted."""
    cause = Diagnostic("interrupted", "interrupted before it was solved")
    cases = [case for n, case in enumerate(sweep.cases) if part.has(n) or case.id in answers]
    known = [answers.get(case.id) or _interrupted(case, cause) for case in cases if stopped or case.id in answers]
    named = {case.id for case in cases}
    studies = [asked.id for asked in sweep.break_even] + [asked.id for asked in sweep.frontiers]
    studies += [asked.id for asked in sweep.uncertainty]
    others = [answers[key] for key in order if key in answers and key not in named]
    return (*known, *sorted(others, key=lambda found: studies.index(found.study) if found.study in studies else -1))


def _interrupted(case: Case, cause: Diagnostic) -> Answer:
    return Answer(case.id, case.title, "interrupted", None, (cause,), 0, case.kind, case.study, case.coordinates)
