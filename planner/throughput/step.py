"""Seconds per optimizer step of every layout: layers, pipeline, data parallelism, optimizer.

T = [m * slowest stage + bubble] + exposed gradient reduction + optimizer, times the jitter of scale.
Pipeline bubble (p-1)/v stage times (Narayanan et al., arXiv:2104.04473); ZeRO traffic after
Rajbhandari et al., arXiv:1910.02054, overlapped with the backward pass as `comms.exposed` states.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from planner.throughput import comms, compute
from planner.throughput.arrays import FULL, V_MIN, Arr, Jobs, Layouts, Machines, Shapes
from planner.throughput.knobs import Knobs
from planner.throughput.memory import expert_replicas, expert_split, local_parameters, micro_batches, parameters

OPTIMIZER_BYTES = 30.0
"""Bytes of memory traffic per parameter of an Adam step with fp32 state."""


BUBBLE = (1.0, 1 / 3, 1 / 2, 2 / 3)
"""Share of the plain bubble that a schedule leaves, in the order of `inputs.SCHEDULES`: zero-bubble fills the rest with
weight gradients (arXiv:2401.10241), V-Half and V-Min trade it for memory (arXiv:2405.15362)."""

HOST_NORM = 4.0
"""Exponent of the overlap of host and device: a layer takes the longer of the two, or a little more."""


@dataclass(frozen=True, slots=True)
class StepTime:
    """Seconds per step, by where they go; `total` includes the jitter of scale."""

    matrix: Arr
    attention: Arr
    elementwise: Arr
    recompute: Arr
    experts: Arr
    host: Arr
    tensor_parallel: Arr
    context_parallel: Arr
    expert_parallel: Arr
    pipeline: Arr
    data_parallel: Arr
    optimizer: Arr
    jitter: Arr

    @property
    def total(self) -> Arr:
        """Seconds per step."""
        return (
            self.matrix + self.attention + self.elementwise + self.recompute + self.experts + self.host
            + self.tensor_parallel + self.context_parallel + self.expert_parallel + self.pipeline
            + self.data_parallel + self.optimizer + self.jitter
        )  # fmt: skip


def at(t: StepTime, index: NDArray[np.intp]) -> StepTime:
    """The seconds of some layouts."""
    return StepTime(*(getattr(t, f.name)[index] for f in fields(t)))


def joined(one: StepTime, other: StepTime) -> StepTime:
    """The seconds of layouts and of further ones."""
    return StepTime(*(np.concatenate((getattr(one, f.name), getattr(other, f.name))) for f in fields(one)))


@dataclass(frozen=True, slots=True)
class Block:
    """Seconds per average layer and micro-batch, forward and backward together, by cause."""

    matrix: Arr
    attention: Arr
    elementwise: Arr
    recompute: Arr
    experts: Arr
    tensor_parallel: Arr
    context_parallel: Arr
    expert_parallel: Arr
    host: Arr
    head: Arr
    """Vocabulary projection and loss per micro-batch (not per layer)."""

    @property
    def total(self) -> Arr:
        """All of a layer."""
        return (
            self.matrix + self.attention + self.elementwise + self.recompute + self.experts
            + self.tensor_parallel + self.context_parallel + self.expert_parallel + self.host
        )  # fmt: skip


def block(s: Shapes, j: Jobs, x: Layouts, h: Machines, k: Knobs) -> Block:
    """One average layer and micro-batch; independent of pp, dp, virtual and zero."""
    t = compute.layer_time(s, j, x, h, k)
    link = comms.links(h, k)
    full = np.where(x.recompute == FULL, 1.0, 0.0)
    selective = np.where((x.recompute == 1), 1.0, 0.0)
    backward = np.where(j.lora > 0, 1.0, 2.0)
    forward_tp, backward_tp = comms.tensor_parallel(s, j, x, link, k)
    ring = comms.context_parallel(s, j, x, link, t.attention)
    exchange = comms.expert_parallel(s, j, x, link, k) * k.moe / k.moe_efficiency
    there, back = comms.all_to_alls(x)
    again = t.gemm + t.attention + t.elementwise + t.experts + t.permute
    flash = np.where(k.unfused > 0, 2.0, compute.FLASH_BACKWARD)
    device = 1 / k.efficiency
    parts = Block(
        matrix=device * (1 + backward) * t.gemm,
        attention=device * (1 + flash) * t.attention,
        elementwise=device * ((1 + compute.BACKWARD_ELEMENTWISE) * t.elementwise),
        recompute=device * (full * again + selective * np.where(k.unfused > 0, t.attention, t.elementwise)),
        experts=device * ((1 + backward) * t.experts + 2 * t.permute),
        tensor_parallel=(1 + full) * forward_tp + backward_tp,
        context_parallel=(3 + full) * ring,
        expert_parallel=exchange * (there + back),
        host=np.zeros_like(x.tp),
        head=device * (1 + backward) * t.head,
    )
    floor = k.host * (1 + 0.25 * full) + k.moe_host / k.moe_efficiency * s.moe_layers / s.layers
    return _with_host(parts, comms.exposed(floor, parts.total, np.full_like(floor, HOST_NORM)))


def taken(b: Block, index: NDArray[np.intp]) -> Block:
    """The blocks of the given rows."""
    return Block(*(getattr(b, f.name)[index] for f in fields(b)))


def _with_host(b: Block, host: Arr) -> Block:
    return Block(
        b.matrix, b.attention, b.elementwise, b.recompute, b.experts,
        b.tensor_parallel, b.context_parallel, b.expert_parallel, host, b.head,
    )  # fmt: skip


def _with_hidden_exchange(s: Shapes, j: Jobs, x: Layouts, h: Machines, k: Knobs, b: Block) -> Block:
    """The block with its all-to-alls across domains behind the work of another micro-batch.

    Stacks that do so need a second micro-batch at hand, so an interleaved or bidirectional pipeline, and do not
    combine it with full recomputation (DeepSeek-V3, arXiv:2412.19437; Megatron-Bridge, MoE communication overlap).
    """
    if not (np.any(s.experts > 0) and np.any(k.overlap_ep > 1)):
        return b
    can = pipelined(j, x) & _far_exchange(s, x, h)
    work = b.matrix + b.attention + b.elementwise + b.recompute + b.experts
    shown = comms.exposed(b.expert_parallel, work, np.broadcast_to(k.overlap_ep, work.shape))
    return replace(b, expert_parallel=np.where(can, shown, b.expert_parallel))


def _far_exchange(s: Shapes, x: Layouts, h: Machines) -> NDArray[np.bool_]:
    """Which layers exchange tokens across domains in a way that can be hidden."""
    return np.asarray((x.ep * expert_split(s, x) > h.domain) & (x.recompute != FULL))


def pipelined(j: Jobs, x: Layouts) -> NDArray[np.bool_]:
    """Which pipelines have another micro-batch at hand."""
    return np.asarray(((x.virtual > 1) | (j.schedule > 0)) & (x.pp > 1))


def _uneven_passes(j: Jobs, x: Layouts, b: Block) -> Arr:
    """Seconds that V-Min adds to a layer: forward, backward and weight passes each wait for the longest of the three.

    Its stages repeat one block in lockstep that is built for passes of equal length (arXiv:2405.15362).
    """
    total = b.total
    if not np.any(j.schedule == V_MIN):
        return np.zeros_like(total)
    weight = (b.matrix + b.experts) / 3
    forward = weight + b.attention / 3.5 + b.elementwise / (1 + compute.BACKWARD_ELEMENTWISE)
    forward = forward + (b.tensor_parallel + b.expert_parallel) / 2 + b.context_parallel / 3
    back = total - forward - weight
    slot = np.maximum(np.maximum(forward, back), weight)
    return np.where((j.schedule == V_MIN) & (x.pp > 1), 3 * slot - total, 0.0)


def _gradient_traffic(
    s: Shapes, j: Jobs, x: Layouts, h: Machines, k: Knobs, micro: Arr, layer_seconds: Arr, m: Arr
) -> Arr:
    """Exposed data-parallel seconds per step."""
    link = comms.links(h, k)
    replicated, routed = local_parameters(s, parameters(s), x)
    group = x.dp * x.cp
    span = group * x.tp
    inside = comms.data_parallel_inside(x, link)
    routed_group = expert_replicas(s, x)
    routed_inside = np.maximum(inside * routed_group / group, 1.0)
    trained = np.where(j.lora > 0, 0.0, 1.0)
    gradient = j.gradient_bytes * trained
    sharded = x.zero >= 3

    whole, experts = comms.ring(group, inside, link, span), comms.ring(routed_group, routed_inside, link, span)
    any_routed = bool(np.any(routed > 0))

    def both(size: Arr) -> Arr:
        time = whole.gather(replicated * size)
        return time + np.where(routed > 0, experts.gather(routed * size), 0.0) if any_routed else time

    two = np.full_like(gradient, 2.0)
    # ZeRO 0-2: reduce-scatter + all-gather once per step, behind the last backward pass and first forward pass.
    updated = both(two * trained)
    once = both(np.where(x.zero >= 1, gradient, 2.0 * trained)) + updated
    plain = comms.exposed(once, layer_seconds, k.overlap)
    if not np.any(sharded):
        return plain
    # ZeRO 3: weights gathered for both passes and gradients scattered in every micro-batch.
    weights = both(np.where(j.low > 0, np.maximum(j.linear_bytes, 1.0), two))
    gathers = 2 * weights + updated
    per_micro = comms.exposed(gathers, micro, k.overlap)
    return np.where(sharded, m * per_micro, plain)


def _stages(s: Shapes, x: Layouts) -> tuple[Arr, Arr]:
    """Layers of the slowest stage, and of the mean one."""
    whole = np.ceil(s.layers / x.pp / x.virtual - 1e-9) * x.virtual
    return np.minimum(whole, np.ceil(s.layers / x.pp)), s.layers / x.pp


def _bubble_left(j: Jobs, x: Layouts) -> Arr:
    """Share of the plain bubble that schedule and interleaving leave."""
    return np.where(j.schedule > 0, np.take(BUBBLE, j.schedule.astype(np.intp)), 1 / x.virtual)


def passes(s: Shapes, j: Jobs, x: Layouts) -> Arr:
    """Layers of a micro-batch that follow one another in a step, the bubble of the pipeline included."""
    stage_layers, mean_layers = _stages(s, x)
    return micro_batches(j, x) * stage_layers + (x.pp - 1) * _bubble_left(j, x) * mean_layers


def least_layer(s: Shapes, x: Layouts, h: Machines, k: Knobs, b: Block) -> Arr:
    """Seconds of each layer that no pipeline goes below: its exchange is taken as hidden where it can be."""
    if not np.any(k.overlap_ep > 1):
        return b.total
    return np.where(_far_exchange(s, x, h), b.total - b.expert_parallel, b.total)


def step_time(s: Shapes, j: Jobs, x: Layouts, h: Machines, k: Knobs, b: Block | None = None) -> StepTime:
    """Seconds per optimizer step of every layout, by cause."""
    b = block(s, j, x, h, k) if b is None else b
    m = micro_batches(j, x)
    stage_layers, mean_layers = _stages(s, x)
    b = _with_hidden_exchange(s, j, x, h, k, b)
    layer = b.total
    head_share = np.where(x.pp > 1, np.maximum(b.head - (stage_layers - mean_layers) * layer, 0.0), b.head)
    work = m * mean_layers
    # the slowest stage: whole layers, and the vocabulary projection where it is not balanced away
    uneven = m * (stage_layers - mean_layers) * layer + m * head_share
    link = comms.links(h, k)
    hop = comms.pipeline_hop(s, j, x, link)
    left = _bubble_left(j, x)
    wait = _uneven_passes(j, x, b)
    bubble = (x.pp - 1) * left * (mean_layers * (layer + wait)) + work * wait
    hops = np.where(x.pp > 1, 2 * hop * (m * x.virtual * 0.5 + x.pp - 1), 0.0)
    traffic = _gradient_traffic(s, j, x, h, k, mean_layers * layer, 0.7 * mean_layers * layer, m)
    replicated, routed = local_parameters(s, parameters(s), x)
    held = np.where(x.zero >= 1, replicated / (x.dp * x.cp) + routed / expert_replicas(s, x), replicated + routed)
    optimizer = np.where(j.lora > 0, 0.0, OPTIMIZER_BYTES * held / (h.bandwidth * k.memory))
    doublings = np.log2(x.dp * x.cp)
    parts = StepTime(
        matrix=work * b.matrix,
        attention=work * b.attention,
        elementwise=work * b.elementwise,
        recompute=work * b.recompute,
        experts=work * b.experts,
        host=work * b.host,
        tensor_parallel=work * b.tensor_parallel,
        context_parallel=work * b.context_parallel,
        expert_parallel=work * b.expert_parallel,
        pipeline=np.where(x.pp > 1, bubble + uneven + hops, 0.0),
        data_parallel=traffic + k.sync * doublings,
        optimizer=optimizer,
        jitter=np.where(x.pp > 1, 0.0, uneven),
    )
    slow = (1 + k.jitter) ** doublings - 1
    return _final(parts, slow)


def _final(t: StepTime, slow: Arr) -> StepTime:
    """Move the unpipelined vocabulary projection to `matrix` and add the jitter of scale."""
    matrix = t.matrix + t.jitter
    jitter = slow * t.total
    return StepTime(
        matrix, t.attention, t.elementwise, t.recompute, t.experts, t.host, t.tensor_parallel,
        t.context_parallel, t.expert_parallel, t.pipeline, t.data_parallel, t.optimizer, jitter,
    )  # fmt: skip
