"""Device time of one layer and one micro-batch: matrix products, attention, memory-bound operators.

The GEMM model is a roofline with a fixed cost per kernel, `max(2MNK / (F eta tile), bytes / BW) + t0`;
the fixed cost equals the size-dependent efficiency `W / (W + W0)` of Calculon (Isaev et al., SC'23) with
`W0 = F eta t0`. Attention counts executed operations of a recomputing flash kernel (backward 2.5 times
forward; Dao, arXiv:2307.08691). Element-wise bytes follow Korthikanti et al., arXiv:2205.05198.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.throughput.arrays import Arr, Jobs, Layouts, Machines, Shapes
from planner.throughput.knobs import Knobs
from planner.throughput.memory import expert_split

TILE = 64.0
"""Half-efficiency width of a matrix dimension: n / (n + TILE) of the tile work is useful."""

BACKWARD_ELEMENTWISE = 1.6
FLASH_BACKWARD = 2.5
HALF_HEAD, HALF_KEYS = 64.0, 1024.0
"""Head width and sequence length at which the attention kernel loses half its rate (rate is quoted at width 128)."""
UNFUSED_PASSES = 11.0
"""Bytes per score element that an unfused softmax with mask and dropout moves, forward."""


@dataclass(frozen=True, slots=True)
class LayerTime:
    """Seconds per average layer and micro-batch on one accelerator."""

    gemm: Arr
    """Forward matrix products of attention projections, dense and shared feed-forward."""
    experts: Arr
    """Forward matrix products of routed experts."""
    attention: Arr
    """Forward attention kernel."""
    elementwise: Arr
    """Forward memory-bound operators."""
    permute: Arr
    """Forward routing: gating, permutation and un-permutation of token copies."""
    head: Arr
    """Vocabulary projection, forward, per micro-batch (not per layer)."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Attainable rates: FLOP/s of linear layers, of routed experts, of bf16 products; bytes/s; bytes per operand."""

    linear: Arr
    experts: Arr
    bf16: Arr
    bandwidth: Arr
    width: Arr


def rates(h: Machines, j: Jobs, k: Knobs) -> Rates:
    """Attainable rates of a machine under its knobs; none above the peak, also where few rows fitted the knobs."""
    peak = np.where(j.low > 0, h.linear_peak, h.peak)
    linear = peak * np.where(j.low > 0, k.low, k.gemm)
    experts = np.minimum(linear * k.moe_gemm, peak)
    return Rates(linear, experts, h.peak * k.gemm, h.bandwidth * k.memory, j.linear_bytes)


def product(m: Arr, n: Arr, depth: Arr, rate: Arr, bandwidth: Arr, width: Arr) -> Arr:
    """Seconds of one m x depth by depth x n product, without its fixed cost."""
    flops = 2 * m * n * depth
    tile = (1 + TILE / m) * (1 + TILE / n)
    moved = width * (m * depth + depth * n) + 2 * m * n
    return np.asarray(np.maximum(flops / rate * tile, moved / bandwidth))


def attention_projections(s: Shapes, x: Layouts, tokens: Arr, r: Rates) -> Arr:
    """Query, key, value and output projections, forward."""
    a = s.heads / x.tp
    kv = np.maximum(s.kv_heads / x.tp, 1.0)
    plain = product(tokens, (a + 2 * kv) * s.head_dim, s.hidden, r.linear, r.bandwidth, r.width)
    if not np.any(s.latent > 0):
        return plain + product(tokens, s.hidden, a * s.value_dim, r.linear, r.bandwidth, r.width)
    full = s.q_rank == 0  # the query is projected without a rank of its own
    rank_q, rank_kv = np.where(full, s.hidden, s.q_rank), np.maximum(s.kv_rank, 1.0)
    latent = (
        product(tokens, np.where(full, 0.0, rank_q) + rank_kv + s.rope, s.hidden, r.linear, r.bandwidth, r.width)
        + product(tokens, a * s.key_dim, rank_q, r.linear, r.bandwidth, r.width)
        + product(tokens, a * (s.key_dim - s.rope + s.value_dim), rank_kv, r.linear, r.bandwidth, r.width)
    )
    out = product(tokens, s.hidden, a * s.value_dim, r.linear, r.bandwidth, r.width)
    return np.where(s.latent > 0, latent, plain) + out


def feed_forward(tokens: Arr, s: Shapes, width_ffn: Arr, x: Layouts, r: Rates) -> Arr:
    """A feed-forward block of the given width, forward."""
    f = np.maximum(width_ffn / x.tp, 1e-9)
    up = product(tokens, (s.matrices - 1) * f, s.hidden, r.linear, r.bandwidth, r.width)
    return up + product(tokens, s.hidden, f, r.linear, r.bandwidth, r.width)


def expert_feed_forward(tokens: Arr, s: Shapes, j: Jobs, x: Layouts, r: Rates) -> Arr:
    """The routed experts of one layer, forward: `top_k` copies of every token, balanced, times the capacity."""
    experts = np.maximum(s.experts, 1.0)
    split = expert_split(s, x)
    local = experts / x.ep
    per_expert = np.maximum(tokens * split / x.tp * s.top_k * j.capacity / local, 1.0)
    f = np.maximum(s.expert_ffn / split, 1.0)
    up = product(per_expert, (s.matrices - 1) * f, s.hidden, r.experts, r.bandwidth, r.width)
    return local * (up + product(per_expert, s.hidden, f, r.experts, r.bandwidth, r.width))


def attention_kernel(s: Shapes, j: Jobs, x: Layouts, tokens: Arr, h: Machines, k: Knobs) -> Arr:
    """The attention core, forward, causal; a window shortens the keys in its share of the layers."""
    mean_keys = j.seq / 2
    windowed = np.minimum(s.window, j.seq)
    keys_window = windowed - windowed**2 / (2 * j.seq)
    keys = (1 - s.window_share) * mean_keys + s.window_share * keys_window
    per_key = 2 * tokens * s.heads / x.tp * (s.key_dim + s.value_dim)
    width = (1 + HALF_HEAD / s.key_dim) / (1 + HALF_HEAD / 128)
    length = 1 + HALF_KEYS / j.seq
    fused = per_key * keys / (h.peak * k.attention) * width * length
    if not np.any(k.unfused > 0):
        return fused
    scores = tokens * j.seq * s.heads / x.tp
    whole = per_key * j.seq / (h.peak * k.gemm * 0.7) + UNFUSED_PASSES * scores / (h.bandwidth * k.memory)
    return np.where(k.unfused > 0, whole, fused)


def layer_time(s: Shapes, j: Jobs, x: Layouts, h: Machines, k: Knobs) -> LayerTime:
    """Forward device time of the parts of an average layer, for every layout."""
    r = rates(h, j, k)
    tokens = x.micro_batch * j.seq / x.cp
    moe = s.moe_layers / s.layers
    projections = attention_projections(s, x, tokens, r) + 2 * k.overhead
    dense = (1 - moe) * (feed_forward(tokens, s, s.ffn, x, r) + 2 * k.overhead)
    split = np.where(j.split_norms > 0, x.tp, 1.0)
    active = (1 - moe) * s.ffn + moe * (s.top_k * s.expert_ffn + s.shared_ffn)
    casts = np.where(j.low > 0, 6 * s.hidden / split + 3 * active / x.tp, 0.0)
    bytes_token = 20 * s.hidden / split + 2 * s.matrices * active / x.tp + casts
    bytes_token = bytes_token + 4 * (s.heads + 2 * s.kv_heads) * s.head_dim / x.tp
    experts = permute = np.zeros_like(tokens)
    if np.any(s.experts > 0):
        fixed = 4 * k.overhead
        experts = moe * (expert_feed_forward(tokens, s, j, x, r) + fixed / k.moe_gemm)
        shared = feed_forward(tokens, s, np.maximum(s.shared_ffn, 1e-9), x, r)
        dense = dense + np.where(s.shared_ffn > 0, moe * (shared + 2 * k.overhead), 0.0)
        copies = (8 * s.top_k * j.capacity + 4) * s.hidden / x.tp
        permute = moe * k.moe * tokens * copies / r.bandwidth / k.moe_efficiency
    logits = product(tokens, s.vocab / x.tp, s.hidden, r.bf16, r.bandwidth, np.full_like(r.width, 2.0))
    return LayerTime(
        gemm=projections + dense,
        experts=experts,
        attention=attention_kernel(s, j, x, tokens, h, k) + k.overhead,
        elementwise=tokens * bytes_token / r.bandwidth,
        permute=permute,
        head=s.heads_layers * (logits + tokens * 8 * s.vocab / x.tp / r.bandwidth),
    )
