"""The inputs as arrays, so that one set of formulas serves a layout grid, a curve and a whole table of runs.

Every field is a float64 array; all arrays of one evaluation broadcast together. A search has arrays of
length one for model, recipe and machine and of length n for the layouts; the fit has length n for all.
SI units inside: bytes, seconds, FLOP/s, bytes/s.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.throughput.inputs import Layout, Machine, Recipe, Transformer

Arr = NDArray[np.float64]

NONE, SELECTIVE, FULL = 0, 1, 2
ZERO_BUBBLE, V_HALF, V_MIN = 1, 2, 3
"""Positions of the schedules in `inputs.SCHEDULES`."""
RECOMPUTE_CODE = {"none": NONE, "selective": SELECTIVE, "full": FULL}


@dataclass(frozen=True, slots=True)
class Shapes:
    """Transformer shapes; see `inputs.Transformer`. `q_rank` etc. are 0 without latent attention."""

    layers: Arr
    hidden: Arr
    heads: Arr
    kv_heads: Arr
    head_dim: Arr
    ffn: Arr
    matrices: Arr
    vocab: Arr
    tied: Arr
    experts: Arr
    top_k: Arr
    expert_ffn: Arr
    shared_ffn: Arr
    moe_layers: Arr
    window: Arr
    window_share: Arr
    latent: Arr
    q_rank: Arr
    kv_rank: Arr
    rope: Arr
    key_dim: Arr
    value_dim: Arr
    heads_layers: Arr
    """How many output heads of the vocabulary are computed: 1 plus multi-token prediction layers."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Recipes: tokens, bytes per element and which GEMMs run in low precision."""

    seq: Arr
    batch: Arr
    linear_bytes: Arr
    low: Arr
    lora: Arr
    state_bytes: Arr
    gradient_bytes: Arr
    split_norms: Arr
    schedule: Arr
    """Position in `inputs.SCHEDULES`."""
    capacity: Arr
    unfused: Arr
    """1 where attention materialises the score matrix."""


@dataclass(frozen=True, slots=True)
class Machines:
    """Accelerators: peaks in FLOP/s for bf16 and for the linear layers, bytes, bytes/s."""

    peak: Arr
    linear_peak: Arr
    memory: Arr
    bandwidth: Arr
    domain: Arr
    scale_up: Arr
    scale_out: Arr
    oversubscription: Arr
    pod: Arr


@dataclass(frozen=True, slots=True)
class Layouts:
    """Cuts of the cluster; `recompute` is the code of `RECOMPUTE_CODE`."""

    tp: Arr
    pp: Arr
    dp: Arr
    cp: Arr
    ep: Arr
    virtual: Arr
    micro_batch: Arr
    recompute: Arr
    zero: Arr

    def take(self, index: NDArray[Any]) -> Layouts:
        """The layouts at `index` (positions or mask)."""
        return Layouts(*(getattr(self, f.name)[index] for f in fields(self)))

    def __len__(self) -> int:
        return int(self.tp.size)


def _array(values: Sequence[float]) -> Arr:
    return np.asarray(values, dtype=np.float64)


def shapes(models: Sequence[Transformer]) -> Shapes:
    """Shapes of several transformers, one array element each."""
    rows = []
    for t in models:
        m = t.mla
        key_dim = m.qk_nope + m.qk_rope if m else t.head_dim
        rows.append(
            (
                t.layers + t.mtp_layers,
                t.hidden,
                t.heads,
                t.kv_heads,
                t.head_dim,
                t.ffn,
                3 if t.gated_ffn else 2,
                t.vocab,
                float(t.tied_embed),
                t.experts,
                t.top_k,
                t.expert_ffn,
                t.shared_experts * t.expert_ffn,
                (t.layers + t.mtp_layers - t.dense_layers) if t.is_moe else 0,
                t.window,
                1.0 / t.window_every if t.window else 0.0,
                float(m is not None),
                m.q_lora if m else 0,
                m.kv_lora if m else 0,
                m.qk_rope if m else 0,
                key_dim,
                m.v if m else t.head_dim,
                1 + t.mtp_layers,
            )
        )
    return Shapes(*(_array(column) for column in zip(*rows, strict=True)))


def jobs(
    recipes: Sequence[Recipe], linear_bytes: Sequence[float], schedule: Sequence[int], unfused: Sequence[float]
) -> Jobs:
    """Recipes as arrays; `linear_bytes` is the width of an operand of the linear layers (2, 1 or 0.5)."""
    rows = [
        (r.seq, r.global_batch, b, float(b < 2), float(r.task == "lora"), r.state_bytes, r.gradient_bytes,
         float(r.sequence_parallel), float(z), r.capacity, u)
        for r, b, z, u in zip(recipes, linear_bytes, schedule, unfused, strict=True)
    ]  # fmt: skip
    return Jobs(*(_array(column) for column in zip(*rows, strict=True)))


def machines(parts: Sequence[Machine], peak: Sequence[float], linear_peak: Sequence[float]) -> Machines:
    """Machines as arrays; peaks in TFLOP/s as chosen by the precision of each job."""
    rows = [
        (p * 1e12, q * 1e12, m.memory_gb * 2**30, m.memory_bandwidth_gbs * 1e9, m.domain,
         m.scale_up_gbs * 1e9, m.scale_out_gbs * 1e9, m.oversubscription, m.pod)
        for m, p, q in zip(parts, peak, linear_peak, strict=True)
    ]  # fmt: skip
    return Machines(*(_array(column) for column in zip(*rows, strict=True)))


def layouts(plans: Sequence[Layout]) -> Layouts:
    """Layouts as arrays, in the given order."""
    rows = [
        (p.tp, p.pp, p.dp, p.cp, p.ep, p.virtual, p.micro_batch, RECOMPUTE_CODE[p.recompute], p.zero) for p in plans
    ]
    return Layouts(*(_array(column) for column in zip(*rows, strict=True)))
