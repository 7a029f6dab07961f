"""Fit the calibration to measurements: robust least squares in log space with priors.

Minimises  sum_i w_i rho(log measured_i - log predicted_i) + sum_k ((theta_k - prior_k) / spread_k)^2
by damped Gauss-Newton with Huber weights. Parameters of a family are at most eight; families with few
rows stay near the common prior, which is what the spreads are for (empirical Bayes shrinkage).
A parameter of one family does not touch the rows of another, so one evaluation per parameter *name*
gives the derivative for all families: a Jacobian costs some twenty evaluations of all rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.throughput.arrays import Arr, layouts
from planner.throughput.calibration import FAMILY_PARAMETERS, Calibration
from planner.throughput.case import Case, arrays, case, knobs
from planner.throughput.knobs import Knobs
from planner.throughput.step import step_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.throughput.inputs import Layout
    from planner.throughput.runs import Run

HUBER = 0.12
"""Log residual from which a row pulls with constant force."""

NOISE = 0.10
"""Log noise of one measurement: a median of 9.7 % between two releases of the same job is a deviation of 0.10 each."""

SOURCE_POWER = 0.2
"""A source of n rows weighs n^(1 - SOURCE_POWER): many rows of one campaign are not independent."""

STACK_SPREAD = {
    "efficiency": 0.1,
    "moe_efficiency": 0.30,
    "growth": 0.15,
    "moe_growth": 0.20,
    "attention": 0.3,
    "host": 0.5,
    "moe_host": 0.7,
    "overlap_tp": 0.2,
    "overlap": 0.35,
}
LINEAR = {"growth", "moe_growth", "overlap_tp"}
COMMON_SPREAD = {"jitter": 0.5, "latency": 0.5, "latency_out": 0.5, "sync": 0.5}
PRECISION_SPREAD = 0.15
SHARED = 0.6
"""Spread of the mean of all families or stacks, over the spread of one about it."""
SHARED_NAMES = {
    "low",
    "attention",
    "memory",
    "overhead",
    "moe",
    "scale_up",
    "scale_out",
    "gemm",
    "moe_efficiency",
    "growth",
    "moe_growth",
}
"""Parameters whose mean over families (or stacks) is learnt; the others have a measured prior of their own."""
KIN = 0.4
"""Spread of a family about its relative, over its spread about the mean."""
UPPER = {
    "gemm": 0.97, "low": 0.97, "attention": 0.9, "memory": 0.97, "scale_up": 0.97, "scale_out": 0.97,
    "overlap_tp": 0.95,
}  # fmt: skip


@dataclass(frozen=True)
class Block:
    """Parameters of one name: one per group (family, stack, precision) or a single common one."""

    scope: str
    name: str
    groups: tuple[str, ...]
    start: int
    prior: Arr
    spread: Arr

    @property
    def linear(self) -> bool:
        """Whether the parameter is fitted as it is rather than as a logarithm."""
        return self.name in LINEAR

    def values(self, theta: Arr) -> Arr:
        """The parameters of this block, in their own units."""
        raw = theta[self.start : self.start + len(self.groups)]
        value = raw if self.linear else np.exp(raw)
        upper = UPPER.get(self.name, np.inf) if self.scope == "family" or self.name == "overlap_tp" else np.inf
        return np.minimum(value, upper)


@dataclass
class Problem:
    """Rows with their layouts, and the parameters that explain them."""

    runs: list[Run]
    plans: list[Layout]
    calibration: Calibration
    blocks: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cases: list[Case] = [case(r.transformer, r.recipe, r.machine, self.calibration) for r in self.runs]
        self.shapes, self.jobs, self.machines = arrays(self.cases)
        self.layouts = layouts(self.plans)
        self.base = knobs(self.cases, self.calibration)
        self.measured = np.log([r.measured for r in self.runs])
        self.size = np.array([r.accelerators for r in self.runs], dtype=np.float64)
        self.tokens = self.jobs.seq * self.jobs.batch
        self.ripe = np.array([c.software.ripeness(c.recipe.date, c.family.introduced) for c in self.cases])
        self.years = np.array([c.software.moe_years(c.recipe.date) for c in self.cases])
        self.share = np.array([c.precision.share for c in self.cases])
        self._blocks()

    def _blocks(self) -> None:
        c = self.calibration
        family_of = [x.family.id for x in self.cases]
        families = tuple(sorted(set(family_of)))
        stacks = tuple(sorted({x.software.id for x in self.cases}))
        precisions = tuple(sorted({x.precision.id for x in self.cases if x.precision.share != 1.0}))
        self.index = {
            "family": np.array([families.index(f) for f in family_of]),
            "software": np.array([stacks.index(x.software.id) for x in self.cases]),
            "precision": np.array([precisions.index(x.precision.id) if x.precision.id in precisions else -1
                                   for x in self.cases]),
            "common": np.zeros(len(self.cases), dtype=int),
        }  # fmt: skip
        at = 0

        def add(scope: str, name: str, groups: tuple[str, ...], prior: list[float], spread: list[float]) -> None:
            nonlocal at
            centre = np.array(prior) if name in LINEAR else np.log(np.maximum(prior, 1e-9))
            self.blocks.append(Block(scope, name, groups, at, centre, np.array(spread)))
            at += len(groups)

        for name in FAMILY_PARAMETERS:
            value, spread = c.priors[name]
            own = [c.family_priors.get(f, {}) for f in families]
            add("family", name, families, [p.get(name, value) for p in own], [spread] * len(families))
        for name, spread in STACK_SPREAD.items():
            add("software", name, stacks, [c.software[s].numbers[name] for s in stacks], [spread] * len(stacks))
        for name, spread in COMMON_SPREAD.items():
            add("common", name, ("all",), [c.common[name]], [spread])
        if precisions:
            shares = [c.precisions[p].share for p in precisions]
            add("precision", "share", precisions, shares, [PRECISION_SPREAD] * len(precisions))
        self.prior = np.concatenate([b.prior for b in self.blocks])
        self.spread = np.concatenate([b.spread for b in self.blocks])
        self.precision = np.zeros((at, at))
        for b in self.blocks:
            span = slice(b.start, b.start + len(b.groups))
            self.precision[span, span] = np.linalg.inv(self._covariance(b))

    def _covariance(self, b: Block) -> Arr:
        """Prior covariance of one parameter over its groups.

        Groups share an unknown mean (spread SHARED times their own), so that rows of other families
        move the prior of a family without rows; a family with a relative lies near it.
        """
        n = len(b.groups)
        shared = SHARED if b.name in SHARED_NAMES else 0.0
        cov = np.diag(b.spread**2) + (shared * b.spread[:, None]) * (shared * b.spread[None, :])
        if b.scope not in ("family", "software"):
            return np.asarray(cov)
        at = {g: i for i, g in enumerate(b.groups)}
        for i, g in enumerate(b.groups):
            kin = self.calibration.kin.get(g)
            if kin not in at:
                continue
            parent = at[kin]
            row = cov[parent].copy()
            cov[i, :], cov[:, i] = row, row
            cov[i, i] = cov[parent, parent] + (KIN * b.spread[i]) ** 2
        return np.asarray(cov + 1e-9 * np.eye(n))

    def knobs(self, theta: Arr) -> Knobs:
        """The knobs of every row under the parameters."""
        value = {(b.scope, b.name): b.values(theta)[self.index[b.scope]] for b in self.blocks if b.scope != "precision"}
        share = self.share
        for b in self.blocks:
            if b.scope == "precision":
                share = np.where(self.index["precision"] >= 0, b.values(theta)[self.index["precision"]], share)
        family = {n: value["family", n] for n in FAMILY_PARAMETERS}
        family["low"] = np.minimum(family["low"] * share, 0.97)
        family["attention"] = np.minimum(family["attention"] * value["software", "attention"], 0.9)
        soft = {n: value["software", n] for n in ("host", "moe_host", "overlap_tp", "overlap")}
        soft["overlap"] = np.maximum(soft["overlap"], 1.0)
        soft["overlap_tp"] = np.maximum(soft["overlap_tp"], 0.0)
        dense = value["software", "efficiency"] * np.exp(value["software", "growth"] * self.ripe)
        moe = value["software", "moe_efficiency"] * np.exp(value["software", "moe_growth"] * self.years)
        common = {n: value["common", n] for n in COMMON_SPREAD}
        return replace(
            self.base,
            **family,
            **soft,
            **common,
            efficiency=dense,
            moe_efficiency=moe,
            moe_gemm=value["software", "moe_efficiency"],
        )

    def predict(self, theta: Arr) -> Arr:
        """Log tokens/s per accelerator of every row."""
        t = step_time(self.shapes, self.jobs, self.layouts, self.machines, self.knobs(theta)).total
        return np.asarray(np.log(self.tokens / t / self.size))

    def jacobian(self, theta: Arr, base: Arr) -> Arr:
        """d predict / d theta, rows by parameters."""
        out = np.zeros((len(self.runs), len(theta)))
        h = 1e-4
        for b in self.blocks:
            moved = theta.copy()
            moved[b.start : b.start + len(b.groups)] += h
            change = (self.predict(moved) - base) / h
            where = self.index[b.scope]
            rows = np.flatnonzero(where >= 0)
            out[rows, b.start + where[rows]] = change[rows]
        return out


@dataclass(frozen=True)
class Fit:
    """Parameters found, and the log residual (measured over predicted) of every row used."""

    theta: Arr
    residual: Arr
    objective: float


def row_weights(runs: Sequence[Run]) -> Arr:
    """Weight of each row: campaigns of many rows count less per row; evidence through a chart counts less."""
    count: dict[str, int] = {}
    for r in runs:
        count[r.source] = count.get(r.source, 0) + 1
    weight = np.array([count[r.source] ** -SOURCE_POWER for r in runs])
    soft = np.array([1.0 if r.use == "absolute" and not r.assumed else 0.25 for r in runs])
    return np.asarray(weight * soft / weight.mean())


def solve(problem: Problem, weight: Arr, start: Arr | None = None, iterations: int = 25) -> Fit:
    """Damped Gauss-Newton with Huber weights."""
    theta = problem.prior.copy() if start is None else start.copy()
    damping = 1e-2
    predicted = problem.predict(theta)
    value = _objective(problem, weight, theta, predicted)
    for _ in range(iterations):
        residual = problem.measured - predicted
        robust = weight * np.minimum(1.0, HUBER / np.maximum(np.abs(residual), 1e-9)) / NOISE**2
        jac = problem.jacobian(theta, predicted)
        normal = jac.T @ (robust[:, None] * jac) + problem.precision
        pull = jac.T @ (robust * residual) + problem.precision @ (problem.prior - theta)
        improved = False
        for _ in range(6):
            step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), pull)
            trial = theta + np.clip(step, -0.5, 0.5)
            seen = problem.predict(trial)
            tried = _objective(problem, weight, trial, seen)
            if np.isfinite(tried) and tried < value:
                improved = True
                break
            damping *= 4
        if not improved:
            break
        gain = value - tried
        theta, predicted, value, damping = trial, seen, tried, max(damping / 3, 1e-4)
        if gain < 1e-3 * value:
            break
    return Fit(theta, problem.measured - predicted, value)


def _objective(problem: Problem, weight: Arr, theta: Arr, predicted: Arr) -> float:
    residual = np.abs(problem.measured - predicted)
    loss = np.where(residual < HUBER, residual**2, 2 * HUBER * residual - HUBER**2) / NOISE**2
    away = theta - problem.prior
    return float((weight * loss).sum() + away @ problem.precision @ away)


def found(problem: Problem, theta: Arr) -> dict[str, Any]:
    """The parameters in the form of fitted.yaml (without spreads)."""
    families: dict[str, dict[str, float]] = {}
    software: dict[str, dict[str, float]] = {}
    common: dict[str, float] = {}
    precisions: dict[str, float] = {}
    for b in problem.blocks:
        for group, value in zip(b.groups, b.values(theta), strict=True):
            target = {"family": families, "software": software}.get(b.scope)
            if target is not None:
                target.setdefault(group, {})[b.name] = float(value)
            elif b.scope == "common":
                common[b.name] = float(value)
            else:
                precisions[group] = float(value)
    return {
        "families": [{"id": k, "parameters": v} for k, v in families.items()],
        "software": [{"id": k, "parameters": v} for k, v in software.items()],
        "common": common,
        "precisions": precisions,
    }
