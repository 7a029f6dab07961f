"""Predictions against measurements: per row, and summarised by family, scale, kind and against a null model."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from planner.throughput.calibration import Z80
from planner.throughput.case import case, flops_per_token
from planner.throughput.estimate import SEARCH_SPREAD, search

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.throughput.calibration import Calibration
    from planner.throughput.estimate import Estimate
    from planner.throughput.runs import Run


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement and its prediction, in tokens/s per accelerator; error is predicted/measured - 1.

    memory and memory_error compare the accelerator's memory in GiB where the run publishes it. `assumed` is what the
    run does not say; where that is a width of the model or the peak of the part (`guessed`), the row is not scored.
    """

    id: str
    family: str
    source: str
    kind: str
    scale: str
    use: str
    searched: bool
    measured: float
    predicted: float
    error: float
    low: float
    high: float
    null: float
    layout: str
    reason: str | None = None
    memory: float | None = None
    memory_error: float | None = None
    assumed: tuple[str, ...] = ()
    guessed: bool = False

    @property
    def covered(self) -> bool:
        """Whether the measurement lies in the interval."""
        return self.low <= self.measured <= self.high


SCORED = ("absolute", "absolute_search")


RELAXED: tuple[tuple[str, ...], ...] = (
    (),
    ("dp",),
    ("dp", "ep", "virtual"),
    ("dp", "ep", "virtual", "micro_batch"),
    ("dp", "ep", "virtual", "micro_batch", "tp", "pp", "cp", "zero", "recompute"),
)
"""What is left to the search in turn where the published sizes do not multiply out."""


def search_run(r: Run, calibration: Calibration) -> Estimate:
    """The estimate of a run that was made: as published, or as near to that as can be cut."""
    question = case(r.transformer, r.recipe, r.machine, calibration)
    for names in RELAXED:
        choice = replace(r.constraint, **dict.fromkeys(names))
        e = search(question, (r.accelerators,), calibration, choice, ran=True)[0]
        if e.layout is not None:
            break
    return e


def _guess(e: Estimate) -> float:
    """How much wider an interval is where shape or peak of a run are guessed: as for a layout that is not known."""
    if not e.tokens_per_s:
        return 1.0
    spread = math.log(e.high / e.tokens_per_s) / Z80
    return math.exp(Z80 * (math.hypot(spread, SEARCH_SPREAD) - spread))


def predict(r: Run, calibration: Calibration, null: float) -> Row:
    """One row."""
    e = search_run(r, calibration)
    n = r.accelerators
    wide = _guess(e) if r.guessed else 1.0
    known = r.memory_gib and e.memory and not any(a.startswith("seq") for a in r.assumed)
    memory = sum(e.memory.values()) if known else None
    return Row(
        r.id, r.family, r.source, r.kind, r.scale, r.use, r.searched, r.measured, e.tokens_per_s / n,
        e.tokens_per_s / n / r.measured - 1, e.low / n / wide, e.high / n * wide, null, str(e.layout or ""), e.reason,
        memory, memory / r.memory_gib - 1 if memory and r.memory_gib else None, r.assumed, r.guessed,
    )  # fmt: skip


def null_model(runs: Sequence[Run], fold: Sequence[str] | None = None) -> list[float]:
    """tokens/s per accelerator from the median model-FLOP rate of family, precision and kind, other rows only.

    With `fold`, rows of other folds only. A group without others falls back to the family and kind, then to
    the family, then to all rows.
    """
    flops = [flops_per_token(r.transformer, r.recipe) for r in runs]
    achieved = [r.measured * f for r, f in zip(runs, flops, strict=True)]
    keys: tuple[Callable[[Run], tuple[str, ...]], ...] = (
        lambda r: (r.family, r.recipe.precision, r.kind),
        lambda r: (r.family, r.kind),
        lambda r: (r.family,),
        lambda _: (),
    )
    groups: list[dict[tuple[str, ...], list[int]]] = []
    for key in keys:
        members: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for i, r in enumerate(runs):
            members[key(r)].append(i)
        groups.append(members)
    out = []
    for i, r in enumerate(runs):
        others = next(
            (
                o
                for key, g in zip(keys, groups, strict=True)
                if (o := [x for x in g[key(r)] if x != i and (fold is None or fold[x] != fold[i])])
            ),
            [i],
        )
        out.append(statistics.median(achieved[x] for x in others) / flops[i])
    return out


def validate(runs: Sequence[Run], calibration: Calibration) -> list[Row]:
    """Predict every run with the calibration as it is."""
    return [predict(r, calibration, null) for r, null in zip(runs, null_model(runs), strict=True)]


def _stats(rows: Sequence[Row]) -> dict[str, Any]:
    errors = sorted(abs(r.error) for r in rows)
    if not errors:
        return {"rows": 0}
    null = [abs(r.null / r.measured - 1) for r in rows]
    return {
        "rows": len(rows),
        "median": statistics.median(errors),
        "mean": statistics.fmean(errors),
        "p90": errors[min(int(0.9 * len(errors)), len(errors) - 1)],
        "bias": statistics.median(r.error for r in rows),
        "coverage": sum(r.covered for r in rows) / len(rows),
        "null_median": statistics.median(null),
        "null_mean": statistics.fmean(null),
    }


def _by(rows: Sequence[Row], name: str) -> dict[str, Any]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for r in rows:
        groups[str(getattr(r, name))].append(r)
    return {k: _stats(v) for k, v in sorted(groups.items())}


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Errors of the scored rows by every grouping; rows that are relative (`ratio`) or guessed are not scored."""
    scored = [r for r in rows if r.use in SCORED and not r.guessed]
    given = [r for r in scored if not r.searched]
    memory = [abs(r.memory_error) for r in rows if r.memory_error is not None and not r.guessed]
    return {
        "all": _stats(scored),
        "dense_given": _stats([r for r in given if r.kind == "dense"]),
        "moe": _stats([r for r in scored if r.kind == "moe"]),
        "searched": _stats([r for r in scored if r.searched]),
        "by_family": _by(scored, "family"),
        "by_scale": _by(scored, "scale"),
        "by_kind": _by(scored, "kind"),
        "by_source": _by(scored, "source"),
        "impossible": [r.id for r in rows if r.reason],
        "memory": {"rows": len(memory), "median": statistics.median(memory) if memory else None},
    }


def to_dict(rows: Sequence[Row]) -> dict[str, Any]:
    """`rows` and `summary` as plain values."""
    return {"rows": [asdict(r) for r in rows], "summary": summary(rows)}
