"""One run made, in whatever process: a plan as plain data, or why there is none."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planner.analysis.asked.searches import NearOptimal
from planner.analysis.cases import Case, Kind
from planner.analysis.compare import Saved
from planner.errors import Diagnostic, InfeasibleError, NoPlanError, Place, PlannerError
from planner.plan.plan import Plan
from planner.plan.solve import Options
from planner.problem.arrays import Problem
from planner.scenario.model import Scenario

WHOLE: frozenset[Kind] = frozenset({"base", "question", "world"})
"""Kinds of runs whose plans are kept whole; of others the tables of `LEFT_OUT` are not kept."""
LEFT_OUT = ("inputs", "constraints")


@dataclass(frozen=True)
class Task:
    """All that a worker needs to make a run."""

    key: str
    scenario: Scenario
    options: Options
    base: Scenario | None = None
    """The base, where its answer is known: a run with the same numbers has the same answer."""
    whole: bool = False
    near: NearOptimal | None = None
    """Other plans to look for once there is one."""


@dataclass(frozen=True)
class Result:
    """What became of a run."""

    status: str
    """Status of the plan; infeasible, no-plan, error or interrupted when there is none; `same` as the base's."""
    plan: Saved | None = None
    failure: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
    """With which a plan of this scenario alone would have ended."""
    seconds: float = 0.0
    columns: Mapping[str, float] = field(default_factory=dict)
    """The solver's columns by name, of runs whose plans are kept whole."""
    near: tuple[Mapping[str, Any], ...] = ()
    """Other plans nearly as good, as records (`planner.explain.alternatives.records`) with their orders."""

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "status": self.status,
            "exit_code": self.exit_code,
            "failure": [
                {"code": d.code, "message": d.message, "hint": d.hint, "place": list(d.place) if d.place else None}
                for d in self.failure
            ],
            "seconds": self.seconds,
            "plan": self.plan,
            "columns": dict(self.columns),
            "near": [dict(row) for row in self.near],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Result":
        """The inverse of `to_json`; raises KeyError or TypeError on data of another shape."""
        failure = tuple(
            Diagnostic(d["code"], d["message"], d["hint"], Place(*d["place"]) if d["place"] else None)
            for d in data["failure"]
        )
        how = (data["exit_code"], data["seconds"], data["columns"], tuple(data.get("near", ())))
        return cls(data["status"], data["plan"], failure, *how)


@dataclass(frozen=True)
class Answer:
    """A run and what became of it."""

    id: str
    title: str
    status: str
    """Status of the plan; infeasible, no-plan, error or interrupted when there is none."""
    plan: Saved | None
    failure: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
    """With which a plan of this run alone would have ended."""
    kind: Kind = "question"
    study: str = ""
    """Id of the part of the file that asked for it."""
    coordinates: Mapping[str, Any] = field(default_factory=dict)
    """Value by variable."""
    key: str = ""
    """Hash of all that decides it."""
    seconds: float = 0.0
    reused: bool = False
    """Whether it was in the store already."""
    near: tuple[Mapping[str, Any], ...] = ()
    """Other plans nearly as good, where they were asked for."""

    @classmethod
    def of(cls, case: Case, key: str, result: Result, *, reused: bool = False) -> "Answer":
        """The answer to a case."""
        return cls(
            case.id,
            case.title,
            result.status,
            result.plan,
            result.failure,
            result.exit_code,
            case.kind,
            case.study,
            case.coordinates,
            key,
            result.seconds,
            reused,
            result.near,
        )

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
    def goals(self) -> dict[str, float]:
        """What the plan comes to in what it seeks besides cost; costs are then no measure of it."""
        stages = () if self.plan is None else self.plan.get("stages", ())
        return {stage["name"]: float(stage["value"]) for stage in stages if stage["name"] != "cost"}

    @property
    def why(self) -> str:
        """Why there is no plan, in one line."""
        return "; ".join(diagnostic.message for diagnostic in self.failure)


def answer(task: Task) -> Result:
    """Make one run. Whatever goes wrong is a result with its reason, never an exception."""
    began = time.monotonic()
    try:
        result = _solved(task)
    except InfeasibleError as error:
        result = Result("infeasible", None, error.diagnostics, error.exit_code)
    except NoPlanError as error:
        result = Result("no-plan", None, error.diagnostics, error.exit_code)
    except PlannerError as error:
        result = Result("error", None, error.diagnostics, error.exit_code)
    except Exception as error:
        fault = Diagnostic("bug", f"internal error: {type(error).__name__}: {error}".strip())
        result = Result("error", None, (fault,), 5)
    return replace(result, seconds=time.monotonic() - began)


def _solved(task: Task) -> Result:
    from planner.plan.solve import pose, same_problem, solve_posed
    from planner.scenario.load import catalog_of

    posed = pose(task.scenario, catalog_of(task.scenario))
    if task.base is not None and task.near is None and same_problem(posed.problem, _base_problem(task.base)):
        return Result("same")
    plan = solve_posed(posed, task.options)
    saved = plan.to_json()
    if not task.whole:
        kept = {name: rows for name, rows in saved["frames"].items() if name not in LEFT_OUT}
        saved = {**saved, "frames": kept}
    near = () if task.near is None else _near(plan, task.near, task.options)
    return Result(plan.status, saved, columns=plan.columns if task.whole else {}, near=near)


def _near(plan: Plan, asked: NearOptimal, options: Options) -> tuple[dict[str, Any], ...]:
    """Other plans within a share of the cost, those that differ most; none where time left none."""
    from planner.explain.alternatives import alternatives, records

    try:
        found = alternatives(plan, asked.within, replace(options, counterfactuals=False), workers=1)
    except NoPlanError:
        return ()
    others = sorted(found[1:], key=lambda other: -other.differs)[: asked.count]
    labels = [period.label for period in plan.scenario.periods]
    return tuple(
        {
            **row,
            "orders": [[order.system, labels[order.period], order.count] for order in other.decisions.orders],
        }
        for row, other in zip(records(tuple(others)), others, strict=True)
    )


_BASE: list[tuple[Scenario, Problem]] = []
"""The last base posed in this process."""


def _base_problem(base: Scenario) -> Problem:
    from planner.plan.solve import pose
    from planner.scenario.load import catalog_of

    if not _BASE or _BASE[0][0] != base:
        _BASE[:] = [(base, pose(base, catalog_of(base)).problem)]
    return _BASE[0][1]
