"""The answers of a sweep as tables: beside the scenario as it is, in words, and what they have in common."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.analysis.answer import Answer
from planner.analysis.asked.changes import BASE
from planner.analysis.asked.searches import Frontier, NearOptimal
from planner.analysis.cases import TOLD
from planner.analysis.common import no_regret
from planner.analysis.compare import Change, bought_accelerators, changes, in_words, workloads
from planner.analysis.points import Point
from planner.analysis.searches import Flip
from planner.analysis.statistics import draws
from planner.analysis.tornado import tornado
from planner.analysis.uncertainty.study import Living, first_table, plan_table, risk_table, value_table
from planner.scenario.model import Scenario

if TYPE_CHECKING:
    from pandas import DataFrame

type Records = list[dict[str, Any]]


@dataclass(frozen=True)
class WhatIfs:
    """All answers, in the order asked; the first is the scenario itself unless the file leaves it out."""

    scenario: Scenario
    answers: tuple[Answer, ...]
    flips: tuple[Flip, ...] = ()
    points: tuple[Point, ...] = ()
    living: tuple[Living, ...] = ()
    near: NearOptimal | None = None
    """Other plans nearly as good, as they were asked for."""
    frontiers: tuple[Frontier, ...] = ()
    """As they were asked for."""

    @cached_property
    def base(self) -> Answer | None:
        """The scenario as it is."""
        return next((answer for answer in self.answers if answer.id == BASE), None)

    @cached_property
    def tables(self) -> dict[str, Records]:
        """comparison: one row per run; workloads: one per run and workload; changes: one per difference; coordinates:
        one per run and variable; tornado: one per fact; draws: one per sample and quantity; break_even, frontier: one
        per search and point; uncertainty: one per plan before the reveal, its values, worlds and first decisions in
        tables of their own; near_optimal: one per run and other plan nearly as good; no_regret: one per decision
        that all plans share.
        """
        return {
            "comparison": [self._compared(answer) for answer in self.answers],
            "workloads": [row for answer in self.answers for row in self._worked(answer)],
            "changes": [row for answer in self.answers for row in self._changed(answer)],
            "coordinates": [
                {"question": answer.id, "variable": name, "value": value}
                for answer in self.answers
                for name, value in answer.coordinates.items()
            ],
            "tornado": tornado(self.answers, self.base),
            "draws": draws(self.answers),
            "break_even": [asdict(found) for found in self.flips],
            "frontier": [asdict(point) for point in self.points],
            "uncertainty": [row for found in self.living for row in risk_table(found)],
            "uncertainty_values": [row for found in self.living for row in value_table(found)],
            "uncertainty_worlds": [row for found in self.living for row in plan_table(found)],
            "uncertainty_first": [row for found in self.living for row in first_table(found)],
            "near_optimal": [
                {"question": answer.id, **{key: value for key, value in row.items() if key != "orders"}}
                for answer in self.answers
                for row in answer.near
            ],
            "no_regret": no_regret([(a.id, a.plan) for a in self.answers if a.plan is not None and a.kind in TOLD]),
        }

    def frames(self) -> "dict[str, DataFrame]":
        """The tables as pandas DataFrames."""
        import pandas as pd

        return {
            name: pd.DataFrame.from_records(rows, columns=list(rows[0]) if rows else None)
            for name, rows in self.tables.items()
        }

    def to_json(self) -> dict[str, Any]:
        """The tables, and the plans of the base, questions and combinations, as plain data."""
        return {
            "scenario": self.scenario.name,
            "currency": self.scenario.currency,
            "frames": self.tables,
            "plans": {answer.id: answer.plan for answer in self.answers if answer.kind in TOLD},
        }

    def _compared(self, answer: Answer) -> dict[str, Any]:
        base, plan = self.base, answer.plan
        before = base.objective if base is not None else None
        peak, first = answer.metric("peak_site_power"), base.metric("peak_site_power") if base else None
        own = base is not None and answer.id == base.id
        goals = bool(answer.goals) or bool(base is not None and base.goals)
        return {
            "question": answer.id,
            "title": answer.title,
            "kind": answer.kind,
            "study": answer.study,
            "status": answer.status,
            "objective": answer.objective,
            "bound": answer.bound,
            "gap": None if plan is None else plan["gap"],
            "currency": self.scenario.currency,
            "difference": None if own else _less(answer.objective, before),
            "least_difference": None if own or base is None or goals else _less(answer.bound, base.objective),
            "most_difference": None if own or base is None or goals else _less(answer.objective, base.bound),
            "goals": answer.goals,
            "cash_paid": answer.metric("cash_paid"),
            "peak_mw": peak,
            "peak_difference_mw": None if own else _less(peak, first),
            "accelerators_bought": None if plan is None else sum(bought_accelerators(plan).values()),
            "vendor_mix": {} if plan is None else _shares(bought_accelerators(plan, "vendor")),
            "changed": "; ".join(in_words(change) for change in self.changes(answer)),
            "failure": answer.why or None,
            "key": answer.key,
        }

    def changes(self, answer: Answer) -> tuple[Change, ...]:
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


def _less(here: float | None, there: float | None) -> float | None:
    return None if here is None or there is None else here - there


def _shares(counts: Counter[str]) -> Mapping[str, float]:
    """Share of each, the largest first."""
    total = sum(counts.values())
    return {key: counts[key] / total for key in sorted(counts, key=lambda k: (-counts[k], k))} if total else {}
