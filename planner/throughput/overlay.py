"""The calibration overlay that a measurement calls for: which numbers of a family follow from which rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from planner.errors import InputError
from planner.io.files import write_atomic
from planner.throughput.compare import fastest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from planner.throughput.arrays import Arr
    from planner.throughput.bench.device import Row
    from planner.throughput.compare import View
    from planner.throughput.measure import Record

LARGEST = 0.99
"""No share of a datasheet rate is written above this."""

FITTED: tuple[tuple[tuple[str, ...], Callable[[Row], bool]], ...] = (
    (("gemm", "overhead"), lambda r: r["kind"] == "gemm" and r["precision"] == "bf16"),
    (("low",), lambda r: r["kind"] == "gemm" and r["precision"] == "fp8"),
    (("attention",), lambda r: r["kind"] == "attention"),
    (("memory",), lambda r: r["kind"] == "layer"),
    (("scale_up",), lambda r: r["kind"] == "collective" and r["inside"] == r["ranks"]),
    (("scale_out",), lambda r: r["kind"] == "collective" and r["inside"] < r["ranks"]),
)
"""Which numbers of a family follow from which rows, in this order; each step uses the numbers of those before."""


@dataclass(frozen=True)
class Replaced:
    """A number of the family that the measurement replaces."""

    name: str
    shipped: float
    measured: float
    rows: int


def fitted(record: Record, view: View) -> list[Replaced]:
    """The family's numbers that bring the model closest to the rows: robust least squares of log times."""
    shipped = view.calibration.family(view.machine.family).values
    rows = fastest(record)
    found: dict[str, Replaced] = {}
    for names, wanted in (*FITTED, *FITTED):  # twice, since products that few tokens make also depend on the memory
        chosen = [r for r in rows if wanted(r) and view.ms(r) is not None]
        if len(chosen) < len(names):
            continue
        values = _solve(names, chosen, view)
        view = view.changed(values)
        found |= {n: Replaced(n, shipped[n], v, len(chosen)) for n, v in values.items()}
    return list(found.values())


def _solve(names: tuple[str, ...], rows: Sequence[Row], view: View) -> dict[str, float]:
    from scipy.optimize import least_squares

    start = view.calibration.family(view.machine.family).values

    def values(x: Arr) -> dict[str, float]:
        return {n: float(np.exp(v)) for n, v in zip(names, x, strict=True)}

    def residuals(x: Arr) -> Arr:
        tried = view.changed(values(x))
        return np.array([math.log((tried.ms(r) or math.nan) / r["ms"]) for r in rows])

    low = [math.log(1e-7 if n == "overhead" else 0.01) for n in names]
    high = [math.log(1e-3 if n == "overhead" else LARGEST) for n in names]
    begin = np.clip(np.log([start[n] for n in names]), np.array(low) + 1e-3, np.array(high) - 1e-3)
    found = least_squares(residuals, begin, bounds=(low, high), loss="soft_l1", f_scale=0.1)
    here = residuals(found.x)
    return {
        n: float(f"{v:.4g}")
        for i, (n, v) in enumerate(values(found.x).items())
        if np.abs(residuals(found.x - 0.01 * np.eye(len(names))[i]) - here).max() > 1e-5
    }  # a number that no row depends on is not measured


def overlay(record: Record, view: View, found: Sequence[Replaced]) -> dict[str, Any]:
    """The overlay for `--calibration`: all numbers of the family, measured where measured, and which those are.

    Raises:
        InputError: nothing was measured that fixes a number.
    """
    if not found:
        message = "nothing was measured that fixes a number of the calibration"
        raise InputError.of("measure-nothing", message, "measure products, attention, layers or collectives")
    family = view.calibration.family(view.machine.family)
    entry = {
        "id": family.id,
        "parameters": {**family.values, **{r.name: r.measured for r in found}},
        "spread": dict(family.spread),
        "measured": {**record.about, "against": view.machine.id},
        "replaces": {r.name: {"shipped": r.shipped, "rows": r.rows} for r in found},
    }
    return {"families": [entry]}


OVERLAY_HEADER = (
    "# Written by `planner throughput measure`; use it with --calibration THIS_FILE.\n"
    "# `parameters` takes the place of the family's shipped numbers; `replaces` says which of them were measured.\n"
)


def write_overlay(content: dict[str, Any], path: Path) -> None:
    """Write an overlay, whole or not at all."""
    text = yaml.safe_dump(content, sort_keys=False, width=120, default_flow_style=None, allow_unicode=True)
    write_atomic(path, OVERLAY_HEADER + text)
