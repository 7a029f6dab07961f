"""Fit and cross-validate: which rows, which layouts, which are held out together, how wide the interval is."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.throughput.arrays import Arr
from planner.throughput.calibration import Z80, Calibration
from planner.throughput.fit import Fit, Problem, found, row_weights, solve
from planner.throughput.validate import search_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.throughput.inputs import Layout
    from planner.throughput.runs import Run

MODEL_FOLDS = 8
"""Folds over models of a family whose rows all come from one source."""

PSEUDO_ROWS = 6.0
"""How many rows of the common spread a family's own spread is worth at first."""


@dataclass(frozen=True)
class Fitted:
    """A fit with its cross-validation; `fold` names the rows that were held out together."""

    runs: list[Run]
    plans: list[Layout]
    problem: Problem
    fit: Fit
    fold: list[str]
    held_out: Arr
    """Log of measured over predicted, each row predicted without its fold."""
    impossible: list[tuple[str, str]]


def usable(runs: Sequence[Run]) -> list[Run]:
    """Rows that a fit may learn from: not context, and neither shape nor peak guessed."""
    return [r for r in runs if r.use not in ("context", "mfu_only") and not r.guessed]


def layouts_of(runs: Sequence[Run], calibration: Calibration) -> tuple[list[Run], list[Layout], list[tuple[str, str]]]:
    """The layout of every run: what is published, and the fastest choice for the rest."""
    kept, plans, impossible = [], [], []
    for r in runs:
        e = search_run(r, calibration)
        if e.layout is None:
            impossible.append((r.id, e.reason or ""))
        else:
            kept.append(r)
            plans.append(e.layout)
    return kept, plans, impossible


def folds(runs: Sequence[Run]) -> list[str]:
    """By source; by model within a source where a family has no other."""
    sources: dict[str, set[str]] = {}
    for r in runs:
        sources.setdefault(r.family, set()).add(r.source)
    return [
        r.source if len(sources[r.family]) > 1 else f"{r.source}/{zlib.crc32(r.transformer.id.encode()) % MODEL_FOLDS}"
        for r in runs
    ]


def fit_runs(runs: Sequence[Run], calibration: Calibration, *, rounds: int = 2, validate: bool = True) -> Fitted:
    """Fit (choosing open layout sizes anew under each fit), then predict every fold without itself."""
    current = calibration
    kept: list[Run] = []
    plans: list[Layout] = []
    impossible: list[tuple[str, str]] = []
    for _ in range(rounds):
        kept, plans, impossible = layouts_of(usable(runs), current)
        problem = Problem(kept, plans, calibration)
        weight = row_weights(kept)
        fit = solve(problem, weight)
        current = applied(calibration, found(problem, fit.theta))
    fold = folds(kept)
    held = held_out(problem, weight, fold) if validate else fit.residual.copy()
    return Fitted(kept, plans, problem, fit, fold, held, impossible)


def held_out(problem: Problem, weight: Arr, fold: Sequence[str]) -> Arr:
    """Log of measured over predicted of every row, fitted and searched for open layout sizes without its fold."""
    residual = np.empty(len(problem.runs))
    names = np.array(fold)
    for name in sorted(set(fold)):
        out = names == name
        fit = solve(problem, np.where(out, 0.0, weight))
        blind = applied(problem.calibration, found(problem, fit.theta))
        for i in np.flatnonzero(out):
            run = problem.runs[i]
            e = search_run(run, blind)
            residual[i] = math.log(run.measured / e.tokens_per_s_per_accelerator)
    return residual


def applied(calibration: Calibration, numbers: dict[str, Any]) -> Calibration:
    """The calibration with fitted numbers put in."""
    by_id = {e["id"]: e["parameters"] for e in numbers["families"]}
    stacks = {e["id"]: e["parameters"] for e in numbers["software"]}
    families = {k: replace(f, values={**f.values, **by_id.get(k, {})}) for k, f in calibration.families.items()}
    software = {k: replace(s, numbers={**s.numbers, **stacks.get(k, {})}) for k, s in calibration.software.items()}
    precisions = {k: replace(p, share=numbers["precisions"].get(k, p.share)) for k, p in calibration.precisions.items()}
    common = {**calibration.common, **numbers["common"]}
    return replace(calibration, families=families, software=software, precisions=precisions, common=common)


def _half_width(residual: Arr) -> float:
    return max(float(np.quantile(np.abs(residual), 0.8)) / Z80, 0.01)


def spreads(f: Fitted) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Standard deviation that makes an 80 % interval, common and by family, for each kind of model."""
    kind = np.array([r.kind for r in f.runs])
    family = np.array([r.family for r in f.runs])
    common = {k: _half_width(f.held_out[kind == k]) for k in ("dense", "moe") if (kind == k).any()}
    own: dict[str, dict[str, float]] = {}
    for name in sorted(set(family)):
        own[name] = {}
        for k, base in common.items():
            rows = (family == name) & (kind == k)
            n = float(rows.sum())
            wide = _half_width(f.held_out[rows]) if n else base
            own[name][k] = math.exp((n * math.log(wide) + PSEUDO_ROWS * math.log(base)) / (n + PSEUDO_ROWS))
    return common, own


BETWEEN_FAMILIES = 0.2
"""Spread of an unknown family about the mean of the known ones (leaving one out, the fit shows 0.15 to 0.25)."""


def _generic(families: Sequence[dict[str, Any]], common: dict[str, float]) -> dict[str, Any]:
    """The geometric mean of all families, for parts without rows or relatives."""
    names = families[0]["parameters"]
    mean = {k: math.exp(sum(math.log(f["parameters"][k]) for f in families) / len(families)) for k in names}
    return {
        "id": "generic",
        "parameters": {k: float(f"{v:.4g}") for k, v in mean.items()},
        "rows": 0,
        "spread": {k: round(math.hypot(v, BETWEEN_FAMILIES), 4) for k, v in common.items()},
    }


def document(f: Fitted) -> dict[str, Any]:
    """The content of fitted.yaml: numbers, spreads and the evidence behind each family."""
    numbers = found(f.problem, f.fit.theta)
    common, own = spreads(f)
    error = np.abs(np.expm1(-f.held_out))
    for entry in numbers["families"]:
        rows = [i for i, r in enumerate(f.runs) if r.family == entry["id"]]
        entry["rows"] = len(rows)
        entry["sources"] = sorted({f.runs[i].source for i in rows})
        entry["held_out_median_error"] = round(float(np.median(error[rows])), 4)
        entry["held_out_mean_error"] = round(float(error[rows].mean()), 4)
        entry["spread"] = {k: round(v, 4) for k, v in own[entry["id"]].items()}
        entry["parameters"] = {k: float(f"{v:.4g}") for k, v in entry["parameters"].items()}
    numbers["families"].append(_generic(numbers["families"], common))
    for entry in numbers["software"]:
        entry["rows"] = sum(r.recipe.software == entry["id"] for r in f.runs)
        entry["parameters"] = {k: float(f"{v:.4g}") for k, v in entry["parameters"].items()}
    numbers["common"] = {k: float(f"{v:.4g}") for k, v in numbers["common"].items()}
    numbers["precisions"] = {k: float(f"{v:.4g}") for k, v in numbers["precisions"].items()}
    return {"spread": {k: round(v, 4) for k, v in common.items()}, **numbers}
