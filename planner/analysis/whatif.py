"""What-ifs: a scenario solved with named changes, each compared with the scenario as it is."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.analysis.apart import Apart
from planner.analysis.compare import Saved, bought_accelerators, changes, in_words, workloads
from planner.analysis.questions import BASE, Asked, expand
from planner.errors import Diagnostic, InfeasibleError, NoPlanError, PlannerError
from planner.plan.solve import Options, solve
from planner.scenario.model import Scenario

if TYPE_CHECKING:
    from pandas import DataFrame

type Told = Callable[[str, int, int], None]
"""id of the question just answered, how many are answered, how many there are."""
type Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """One question answered: a plan as plain data, or why there is none."""

    id: str
    title: str
    status: str
    """Status of the plan; infeasible, no-plan, error or interrupted when there is none."""
    plan: Saved | None
    failure: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
    """With which a plan of this question alone would have ended."""

    def metric(self, name: str) -> float | None:
        """A headline figure of the plan."""
        if self.plan is None:
            return None
        return next((float(row["value"]) for row in self.plan["frames"]["metrics"] if row["metric"] == name), None)

    @property
    def objective(self) -> float | None:
        """Net present cost."""
        return None if self.plan is None else float(self.plan["objective"])

    @property
    def bound(self) -> float | None:
        """Proved lower bound of it."""
        return None if self.plan is None else float(self.plan["bound"])

    @property
    def why(self) -> str:
        """Why there is no plan, in one line."""
        return "; ".join(diagnostic.message for diagnostic in self.failure)


@dataclass(frozen=True)
class WhatIfs:
    """All answers, in the order asked; the first is the scenario itself unless the file leaves it out."""

    scenario: Scenario
    answers: tuple[Answer, ...]

    @cached_property
    def base(self) -> Answer | None:
        """The scenario as it is."""
        return next((answer for answer in self.answers if answer.id == BASE), None)

    @cached_property
    def tables(self) -> dict[str, Records]:
        """comparison: one row per question; workloads: one per question and workload; changes: one per difference."""
        return {
            "comparison": [self._compared(answer) for answer in self.answers],
            "workloads": [row for answer in self.answers for row in self._worked(answer)],
            "changes": [row for answer in self.answers for row in self._changed(answer)],
        }

    def frames(self) -> "dict[str, DataFrame]":
        """The tables as pandas DataFrames."""
        import pandas as pd

        return {
            name: pd.DataFrame.from_records(rows, columns=list(rows[0]) if rows else None)
            for name, rows in self.tables.items()
        }

    def to_json(self) -> dict[str, Any]:
        """The tables, and every plan, as plain data."""
        return {
            "scenario": self.scenario.name,
            "currency": self.scenario.currency,
            "frames": self.tables,
            "plans": {answer.id: answer.plan for answer in self.answers},
        }

    def _compared(self, answer: Answer) -> dict[str, Any]:
        base, plan = self.base, answer.plan
        before = base.objective if base is not None else None
        peak, first = answer.metric("peak_site_power"), base.metric("peak_site_power") if base else None
        own = base is not None and answer.id == base.id
        return {
            "question": answer.id,
            "title": answer.title,
            "status": answer.status,
            "objective": answer.objective,
            "bound": answer.bound,
            "gap": None if plan is None else plan["gap"],
            "currency": self.scenario.currency,
            "difference": None if own else _less(answer.objective, before),
            "least_difference": None if own or base is None else _less(answer.bound, base.objective),
            "most_difference": None if own or base is None else _less(answer.objective, base.bound),
            "cash_paid": answer.metric("cash_paid"),
            "peak_mw": peak,
            "peak_difference_mw": None if own else _less(peak, first),
            "accelerators_bought": None if plan is None else sum(bought_accelerators(plan).values()),
            "vendor_mix": {} if plan is None else _shares(bought_accelerators(plan, "vendor")),
            "changed": "; ".join(in_words(change) for change in self.changes(answer)),
            "failure": answer.why or None,
        }

    def changes(self, answer: Answer) -> "tuple[Any, ...]":
        """What an answer does otherwise than the scenario as it is."""
        base = self.base
        if base is None or base.plan is None or answer.plan is None or answer.id == base.id:
            return ()
        return changes(base.plan, answer.plan)

    def _worked(self, answer: Answer) -> Records:
        if answer.plan is None:
            return []
        base = self.base
        first = {w.workload: w for w in workloads(base.plan)} if base is not None and base.plan is not None else {}
        labels = {period.label: period.index for period in self.scenario.periods}
        rows = []
        for work in workloads(answer.plan):
            before = first.get(work.workload)
            shift = delay = None
            if before is not None and before.met_from in labels and work.met_from in labels:
                delay = labels[work.met_from] - labels[before.met_from]
            if before is not None and before.end is not None and work.end is not None:
                shift = (work.end - before.end).days
            rows.append(
                {
                    "question": answer.id,
                    "workload": work.workload,
                    "kind": work.kind,
                    "met_from": work.met_from,
                    "delay_periods": delay,
                    "end": work.end.isoformat() if work.end else None,
                    "shift_days": shift,
                    "where": work.where or None,
                }
            )
        return rows

    def _changed(self, answer: Answer) -> Records:
        return [
            {
                "question": answer.id,
                "what": change.what,
                "item": change.item,
                "before": change.before,
                "after": change.after,
                "difference": change.difference,
                "words": in_words(change),
            }
            for change in self.changes(answer)
        ]


def run_whatifs(
    scenario: Scenario, questions: Asked, options: Options | None = None, workers: int = 2, told: Told | None = None
) -> WhatIfs:
    """Solve a scenario and its named changes, `workers` at a time in processes of their own, one thread each.

    `questions`: a YAML file (docs: examples/whatif-cn.yaml) or a list of `{id, title, set: {path: value}}`. A question
    without a plan does not end the run: its answer says why. Raises InputError with every fault of the questions
    before anything is solved; Ctrl-C keeps the answers there are, and raises NoPlanError when there are none.
    """
    cases = expand(scenario, questions)
    chosen = options or Options()
    chosen = replace(chosen, threads=chosen.threads or 1, counterfactuals=False, workers=1)
    answers: dict[str, Answer] = {}
    try:
        with Apart(min(workers, len(cases))) as apart:
            waiting = [apart.submit(answer, key, title, case, chosen) for key, title, case in cases]
            for future in waiting:
                _gather(future, answers, len(cases), told)
    except KeyboardInterrupt:
        if not answers:
            raise NoPlanError.of("no-plan", "interrupted before anything was solved") from None
    stopped = (Diagnostic("interrupted", "interrupted before it was solved"),)
    return WhatIfs(
        scenario, tuple(answers.get(key) or Answer(key, title, "interrupted", None, stopped) for key, title, _ in cases)
    )


def _gather(future: "Future[Answer]", answers: dict[str, Answer], count: int, told: Told | None) -> None:
    found = future.result()
    answers[found.id] = found
    if told is not None:
        told(found.id, len(answers), count)


def answer(key: str, title: str, scenario: Scenario, options: Options) -> Answer:
    """One question answered; made in a process of its own."""
    try:
        plan = solve(scenario, options).to_json()
    except InfeasibleError as error:
        return Answer(key, title, "infeasible", None, error.diagnostics, error.exit_code)
    except NoPlanError as error:
        return Answer(key, title, "no-plan", None, error.diagnostics, error.exit_code)
    except PlannerError as error:
        return Answer(key, title, "error", None, error.diagnostics, error.exit_code)
    return Answer(key, title, plan["status"], plan)


def _less(here: float | None, there: float | None) -> float | None:
    return None if here is None or there is None else here - there


def _shares(counts: Counter[str]) -> Mapping[str, float]:
    """Share of each, the largest first."""
    total = sum(counts.values())
    return {key: counts[key] / total for key in sorted(counts, key=lambda k: (-counts[k], k))} if total else {}
