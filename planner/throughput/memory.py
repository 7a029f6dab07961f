"""Memory per accelerator, by component.

Weights, gradients and optimizer state follow the ZeRO accounting (Rajbhandari et al., arXiv:1910.02054);
activations follow Korthikanti et al., arXiv:2205.05198, with the constant 34 split into its parts so
that grouped-query attention, gated feed-forward blocks and experts are counted as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.throughput.arrays import FULL, SELECTIVE, V_HALF, V_MIN, Arr, Jobs, Layouts, Shapes

RUNTIME_BYTES = 3.0e9
"""Context, libraries and collective buffers (2 to 4 GB in public memory reports)."""

FRAGMENTATION = 0.06
"""Share of the tensors lost in the allocator (5 to 8 %)."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameter counts: of one layer by part, and of the vocabulary matrices."""

    attention: Arr
    dense_ffn: Arr
    shared_ffn: Arr
    routed: Arr
    router: Arr
    vocabulary: Arr

    def total(self, s: Shapes) -> Arr:
        """All parameters of the model."""
        dense = s.layers - s.moe_layers
        per_moe = self.shared_ffn + self.routed + self.router
        vocabulary = self.vocabulary * np.where(s.tied > 0, 1.0, 2.0)
        return s.layers * self.attention + dense * self.dense_ffn + s.moe_layers * per_moe + vocabulary


def parameters(s: Shapes) -> Parameters:
    """Count the parameters of each part of a layer (biases and norms, under 0.1 %, left out)."""
    plain = s.hidden * s.head_dim * (2 * s.heads + 2 * s.kv_heads)
    latent = (
        s.hidden * s.q_rank
        + np.where(s.q_rank > 0, s.q_rank, s.hidden) * s.heads * s.key_dim
        + s.hidden * (s.kv_rank + s.rope)
        + s.kv_rank * s.heads * (s.key_dim - s.rope + s.value_dim)
        + s.heads * s.value_dim * s.hidden
    )
    return Parameters(
        attention=np.where(s.latent > 0, latent, plain),
        dense_ffn=s.matrices * s.hidden * s.ffn,
        shared_ffn=s.matrices * s.hidden * s.shared_ffn,
        routed=s.matrices * s.hidden * s.expert_ffn * s.experts,
        router=s.hidden * s.experts,
        vocabulary=s.hidden * s.vocab,
    )


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes on the fullest accelerator (the first pipeline stage, or the last where that is fuller)."""

    weights: Arr
    gradients: Arr
    optimizer: Arr
    activations: Arr
    logits: Arr
    buffers: Arr
    fragmentation: Arr

    @property
    def total(self) -> Arr:
        """Sum of the components."""
        return (
            self.weights + self.gradients + self.optimizer + self.activations
            + self.logits + self.buffers + self.fragmentation
        )  # fmt: skip


FINE_GRAINED = 32
"""From this many experts on, an expert is not cut by tensor parallelism: its ranks hold whole experts instead."""


def expert_split(s: Shapes, x: Layouts) -> Arr:
    """How many ranks share one expert: the tensor-parallel group for coarse experts, one for fine-grained ones."""
    return np.where(s.experts >= FINE_GRAINED, 1.0, x.tp)


def expert_replicas(s: Shapes, x: Layouts) -> Arr:
    """Ranks that hold the same part of the same experts."""
    return np.maximum(x.tp * x.dp * x.cp / (x.ep * expert_split(s, x)), 1.0)


def local_parameters(s: Shapes, p: Parameters, x: Layouts) -> tuple[Arr, Arr]:
    """Parameters on one accelerator of the first stage: (replicated over dp*cp, routed experts)."""
    dense = s.layers - s.moe_layers
    shared = s.layers * p.attention + dense * p.dense_ffn + s.moe_layers * (p.shared_ffn + p.router)
    ends = np.where((x.pp == 1) & (s.tied == 0), 2.0, 1.0) * p.vocabulary
    replicated = (shared / x.pp + ends) / x.tp
    return replicated, s.moe_layers * p.routed / (x.pp * x.ep * expert_split(s, x))


def activation_bytes_per_token(s: Shapes, x: Layouts, j: Jobs) -> tuple[Arr, Arr]:
    """Bytes per token and layer on one accelerator: (stored until the backward pass, of the layer being computed).

    None: inputs of every matrix product (in the precision of the linear layers) and of the attention kernel; without
    flash attention also 5 bytes per score (softmax, dropout and its mask). Selective: norms, activation function and
    low-rank up-projections are computed again, and so are the scores. Full: the layer's input only.
    """
    shard = 1 / x.tp
    split = np.where(j.split_norms > 0, shard, 1.0)
    moe = s.moe_layers / s.layers
    qkv = np.where(s.latent > 0, 6 * s.heads * s.key_dim, 2 * s.heads * s.key_dim + 4 * s.kv_heads * s.head_dim)
    latent = s.q_rank + s.kv_rank + s.rope
    output = 2 * s.heads * s.value_dim
    sent = s.top_k * j.capacity
    widths = (1 - moe) * s.ffn + moe * (sent * s.expert_ffn + s.shared_ffn)
    narrow = 0.5 + 0.5 * np.maximum(j.linear_bytes, 1.0) / 2
    ffn = 2 * s.matrices * widths * narrow
    copies = 4 * s.hidden * sent * moe * narrow
    scores = np.where(j.unfused > 0, 5 * s.heads * j.seq / x.cp, 0.0)
    kept = 8 * s.hidden * split + (qkv + output + ffn + copies + scores) * shard
    ffn_lean = ffn * (s.matrices - 1) / s.matrices + copies / 2
    heads_lean = np.where(s.latent > 0, output, qkv + output)
    lean = 4 * s.hidden * split + (heads_lean + ffn_lean) * shard + np.where(s.latent > 0, 2 * latent, 0.0)
    stored = np.where(
        x.recompute == FULL, 2 * s.hidden * split, np.where(x.recompute == SELECTIVE, np.minimum(lean, kept), kept)
    )
    return stored, kept


def memory(s: Shapes, j: Jobs, x: Layouts) -> Memory:
    """Bytes per accelerator of each component, for every layout."""
    p = parameters(s)
    replicated, routed = local_parameters(s, p, x)
    spread = x.dp * x.cp
    routed_spread = expert_replicas(s, x)
    state = np.where(j.lora > 0, 0.0, j.state_bytes)
    gradient = np.where(j.lora > 0, 0.0, j.gradient_bytes)

    def held(bytes_per: Arr | float, stage: int) -> Arr:
        sharded = x.zero >= stage
        return np.asarray(
            replicated * bytes_per / np.where(sharded, spread, 1.0)
            + routed * bytes_per / np.where(sharded, routed_spread, 1.0)
        )

    layer = (replicated + routed) / np.maximum(s.layers / x.pp, 1.0)
    gathered = np.where(x.zero >= 3, 2 * 2 * layer, 0.0)
    tokens = x.micro_batch * j.seq / x.cp
    in_flight = in_flight_layers(s, j, x, micro_batches(j, x))
    each, working = activation_bytes_per_token(s, x, j)
    stored = tokens * each * in_flight
    logits = np.where(x.pp == 1, 1.0, 0.0) * 6 * tokens * s.vocab / x.tp
    weights = held(2.0, 3)
    gradients = held(gradient, 2)
    optimizer = held(state, 1)
    activations = stored + np.where(x.recompute == FULL, tokens * working, 0.0)
    tensors = weights + gradients + optimizer + activations + logits + gathered
    return Memory(
        weights=weights,
        gradients=gradients,
        optimizer=optimizer,
        activations=activations,
        logits=logits,
        buffers=gathered + RUNTIME_BYTES,
        fragmentation=FRAGMENTATION * tensors,
    )


def micro_batches(j: Jobs, x: Layouts) -> Arr:
    """Micro-batches per pipeline and step; a remainder costs a whole one."""
    return np.asarray(np.ceil(j.batch / (x.dp * x.micro_batch) - 1e-9))


def in_flight_layers(s: Shapes, j: Jobs, x: Layouts, m: Arr) -> Arr:
    """Layers times micro-batches whose activations the first stage holds at once.

    Without interleaving min(pp, m) micro-batches; interleaved `1 + (pp-1)/(pp*v)` of pp; V-Half (pp + 2) // 2 and
    V-Min (pp + 4) // 3 of pp (Qi et al., arXiv:2405.15362). Schedules that split the backward pass hold one more, whose
    weight gradients are still to come (PP + 1 in Table 2 of arXiv:2412.19437).
    """
    per_stage = np.ceil(s.layers / x.pp)
    lean = np.minimum(x.pp, m)
    if np.any(j.schedule > 0):
        short = np.where(j.schedule == V_MIN, (x.pp + 4) // 3, x.pp)
        split = np.where(j.schedule == V_HALF, (x.pp + 2) // 2, short) + 1
        lean = np.where(j.schedule > 0, np.minimum(split, m), lean)
    interleaved = np.minimum(x.pp * (1 + (x.pp - 1) / (x.pp * x.virtual)), np.maximum(m, 1.0))
    return per_stage * np.where((x.virtual > 1) & (j.schedule == 0), interleaved, lean)
