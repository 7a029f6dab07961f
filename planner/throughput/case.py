"""From plain inputs and a calibration to the arrays that the formulas take."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputError
from planner.throughput.arrays import Arr, Jobs, Machines, Shapes, jobs, machines, shapes
from planner.throughput.inputs import SCHEDULES
from planner.throughput.knobs import Knobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.throughput.calibration import Calibration, Family, Precision, Software
    from planner.throughput.inputs import Machine, Recipe, Transformer


@dataclass(frozen=True, slots=True)
class Case:
    """One question: a model trained by a recipe on a machine under a software stack."""

    transformer: Transformer
    recipe: Recipe
    machine: Machine
    family: Family
    software: Software
    precision: Precision
    notes: tuple[str, ...]
    """What was assumed in place of what was asked, for the reader."""


def case(transformer: Transformer, recipe: Recipe, machine: Machine, calibration: Calibration) -> Case:
    """Resolve family, software stack and precision; raise when the part cannot run the precision."""
    if recipe.capacity != 1 and not transformer.is_moe:
        message = f"{transformer.id} has no experts, so capacity {recipe.capacity:g} means nothing"
        raise InputError.of("throughput-capacity", message, "leave it out")
    family = calibration.family(machine.family)
    stack = calibration.stack(recipe.software or family.software)
    precision, notes = _precision(recipe.precision, machine, family, calibration)
    if not family.rows:
        like = f"calibrated like {family.like}" if family.like else "calibrated by the mean of all families"
        notes = (*notes, f"{family.name} has no published runs: {like}, with a wider interval")
    return Case(transformer, recipe, machine, family, stack, precision, notes)


def _precision(name: str, m: Machine, family: Family, calibration: Calibration) -> tuple[Precision, tuple[str, ...]]:
    wanted = calibration.precision(name)
    chain = [wanted]
    while not m.peak_tflops.get(chain[-1].format):
        step = family.fallback.get(chain[-1].id)
        if step is None or len(chain) > len(calibration.precisions):
            have = ", ".join(sorted(k for k, v in m.peak_tflops.items() if v))
            raise InputError.of(
                "throughput-precision",
                f"{m.id} has no {chain[-1].format} rate, and its calibration names no fallback for {name}",
                f"it has: {have or 'no known peak'}",
            )
        chain.append(calibration.precision(step))
    if len(chain) == 1:
        return wanted, ()
    return chain[-1], (f"{name} is not available on this part: run as {chain[-1].id}",)


def bf16_peak(m: Machine) -> float:
    """TFLOP/s of 16-bit matrix products (bf16, or fp16 where that is all there is)."""
    peak = m.peak_tflops.get("bf16") or m.peak_tflops.get("fp16")
    if not peak:
        raise InputError.of(
            "throughput-peak", f"{m.id} has no known bf16 or fp16 peak", "give peak.bf16 in the catalog"
        )
    return peak


def arrays(cases: Sequence[Case]) -> tuple[Shapes, Jobs, Machines]:
    """Shapes, jobs and machines of several cases, one element each."""
    return (
        shapes([c.transformer for c in cases]),
        jobs(
            [c.recipe for c in cases],
            [c.precision.bytes for c in cases],
            [SCHEDULES.index(c.recipe.schedule or c.software.schedule) for c in cases],
            [c.software.numbers["unfused"] for c in cases],
        ),
        machines(
            [c.machine for c in cases],
            [bf16_peak(c.machine) for c in cases],
            [c.machine.peak_tflops.get(c.precision.format) or bf16_peak(c.machine) for c in cases],
        ),
    )


def knobs(cases: Sequence[Case], calibration: Calibration) -> Knobs:
    """The calibration of several cases, one element each."""
    rows = []
    for c in cases:
        f, n, g = c.family.values, c.software.numbers, calibration.common
        rows.append(
            (
                f["gemm"],
                f["low"] * c.precision.share,
                f["attention"] * n["attention"],
                f["memory"],
                f["overhead"],
                f["scale_up"],
                f["scale_out"],
                f["moe"],
                c.software.maturity(c.recipe.date, c.family.introduced),
                c.software.moe_maturity(c.recipe.date),
                n["moe_efficiency"],
                n["host"],
                n["moe_host"],
                n["unfused"],
                n["overlap_tp"],
                n["overlap"],
                c.software.overlap_ep(c.recipe.date),
                n["deduplicate"],
                g["jitter"],
                g["latency"],
                g["latency_out"],
                g["sync"],
            )
        )
    return Knobs(*(np.asarray(column, dtype=np.float64) for column in zip(*rows, strict=True)))


def take_knobs(k: Knobs, index: Arr) -> Knobs:
    """Elements of every knob."""
    return replace(k, **{f.name: getattr(k, f.name)[index] for f in fields(k)})


def active_parameters(t: Transformer) -> float:
    """Matrix parameters that one token passes through: all of a dense model, the routed share of a mixture."""
    from planner.throughput.memory import parameters

    s = shapes([t])
    p = parameters(s)
    dense = s.layers - s.moe_layers
    routed_active = p.routed * s.top_k / np.maximum(s.experts, 1)
    linear = (
        s.layers * p.attention + dense * p.dense_ffn + s.moe_layers * (p.shared_ffn + routed_active + p.router)
        + p.vocabulary * s.heads_layers
    )  # fmt: skip
    return float(linear[0])


@lru_cache(maxsize=256)
def flops_per_token(t: Transformer, r: Recipe) -> float:
    """Model FLOPs per token: 6 per matrix parameter and causal attention, no recompute (4 for frozen weights)."""
    s = shapes([t])
    window = np.minimum(s.window, r.seq)
    keys = (1 - s.window_share) * r.seq / 2 + s.window_share * (window - window**2 / (2 * r.seq))
    attention = 6 * s.layers * s.heads * (s.key_dim + s.value_dim) * keys
    return float(((4 if r.task == "lora" else 6) * active_parameters(t) + attention)[0])
