"""The fit as a command: which rows, what is written, what is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from planner.errors import InputError
from planner.throughput import runs as files
from planner.throughput.calibration import Z80, load
from planner.throughput.crossval import Fitted, document, fit_runs, spreads, usable
from planner.throughput.estimate import SEARCH_SPREAD
from planner.throughput.validate import Row, null_model, summary
from planner.throughput.views import validation_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.throughput.runs import Run

HEADER = (
    "# Written by `planner throughput fit`; edit families.yaml, software.yaml or common.yaml instead.\n"
    "# Numbers fitted to catalogs/measurements, with rows, sources and held-out errors of each family.\n"
)
OWN_RUNS = 10
"""How often a user's own run counts beside a published one: it is the cluster in question."""


@dataclass(frozen=True)
class Result:
    """What a fit gives: the file to write, the summary of held-out predictions, and text for people."""

    document: dict[str, Any]
    summary: dict[str, Any]
    impossible: list[str]
    text: str


def refit(own: Path | None = None, *, validate: bool = True) -> Result:
    """Fit to the shipped measurements, and to `own` runs where given."""
    calibration = load(fitted=False)
    known, skipped = files.runs(files.read(files.shipped()), calibration)
    mine: list[Run] = []
    if own is not None:
        mine, left = files.runs(files.read(own), calibration)
        skipped = left
        if not usable(mine):
            reasons = ", ".join(sorted({s.reason for s in left}))
            raise InputError.of("runs-none", f"no row of {own} can be fitted", reasons or "see docs/throughput.md")
    several = [replace(r, id=f"{r.id}~{i}" if i else r.id) for r in mine for i in range(OWN_RUNS)]
    fitted = fit_runs([*known, *several], calibration, validate=validate)
    whole = document(fitted)
    rows = rows_of(fitted)
    shown = rows if own is None else [r for r in rows if r.id in {m.id for m in mine}]
    if own is not None:
        families, stacks = {r.family for r in mine}, {r.recipe.software for r in mine}
        whole = {
            "families": [f for f in whole["families"] if f["id"] in families],
            "software": [s for s in whole["software"] if s["id"] in stacks],
        }
    counted = summary(shown)
    return Result(
        whole, counted, [i for i, _ in fitted.impossible], validation_text(shown, counted, [s.reason for s in skipped])
    )


def held_out_rows(known: Sequence[Run]) -> list[Row]:
    """Every row predicted by a fit that has not seen its fold.

    Raises:
        InputError: no row is there to fit.
    """
    if not usable(known):
        raise InputError.of("runs-none", "no row can be fitted", "rows need a rate, a shape, a system and its peak")
    return rows_of(fit_runs(known, load(fitted=False)))


def rows_of(f: Fitted) -> list[Row]:
    """Held-out predictions as validation rows."""
    _, own = spreads(f)
    out = []
    for r, plan, residual, null in zip(f.runs, f.plans, f.held_out, null_model(f.runs, f.fold), strict=True):
        predicted = r.measured * float(np.exp(-residual))
        wide = float(np.exp(Z80 * np.hypot(own[r.family][r.kind], SEARCH_SPREAD if r.searched else 0.0)))
        out.append(
            Row(
                r.id,
                r.family,
                r.source,
                r.kind,
                r.scale,
                r.use,
                r.searched,
                r.measured,
                predicted,
                predicted / r.measured - 1,
                predicted / wide,
                predicted * wide,
                null,
                str(plan),
            )
        )
    return out


def write(content: dict[str, Any], path: Path) -> None:
    """Write a calibration file."""
    text = HEADER + yaml.safe_dump(content, sort_keys=False, width=120, default_flow_style=None)
    path.write_text(text, encoding="utf-8")


__all__ = ["Result", "held_out_rows", "refit", "rows_of", "usable", "write"]
