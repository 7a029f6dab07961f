"""Communication: collectives on two tiers (inside and across the scale-up domain).

Ring costs are bandwidth terms on the slower of the two tiers (they run at the same time, chunk by
chunk) plus one latency per tier and step (Thakur et al., IJHPCA 2005; Patarasuk and Yuan, JPDC 2009).
Groups are placed tensor, context, (expert inside) data, pipeline from the inside out, as Megatron does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.throughput.arrays import FULL, Arr, Jobs, Layouts, Machines, Shapes
from planner.throughput.knobs import Knobs
from planner.throughput.memory import expert_split


@dataclass(frozen=True, slots=True)
class Links:
    """Attainable bytes/s inside and across domains, with latencies in seconds."""

    up: Arr
    out: Arr
    oversubscription: Arr
    pod: Arr
    latency: Arr
    latency_out: Arr
    domain: Arr

    def across(self, span: Arr) -> Arr:
        """Attainable bytes/s across domains of a group that spans so many accelerators: its tier decides."""
        return np.asarray(self.out / np.where(span > self.pod, self.oversubscription, 1.0))


def links(h: Machines, k: Knobs) -> Links:
    """Attainable link rates of a machine."""
    return Links(
        h.scale_up * k.scale_up, h.scale_out * k.scale_out, h.oversubscription, h.pod,
        k.latency, k.latency_out, h.domain,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ring:
    """Groups of ranks that exchange data, as far as it does not hang on how much that is."""

    group: Arr
    share: Arr
    """Part of the data that passes a rank's link inside a domain."""
    rate: Arr
    """Bytes/s of that link."""
    share_out: Arr
    """Part of the data that passes between domains; 0 in one."""
    rate_out: Arr
    """Bytes/s of a domain's ports."""
    latency: Arr

    def gather(self, size: Arr) -> Arr:
        """Seconds to all-gather (or reduce-scatter) `size` bytes."""
        slower = np.maximum(self.share * size / self.rate, self.share_out * size / self.rate_out)
        return np.asarray(np.where(self.group > 1, slower + self.latency, 0.0))


def ring(group: Arr, inside: Arr, link: Links, span: Arr) -> Ring:
    """Groups of `group` ranks, `inside` of them per domain.

    Inside a domain each rank moves (y-1)/y of its share; across, the y ranks of a domain carry
    1/y of the traffic each over their own ports. `span` is how many accelerators the group reaches over.
    """
    y = np.maximum(np.minimum(inside, group), 1.0)
    x = np.maximum(group / y, 1.0)
    latency = np.where(y > 1, link.latency, 0.0) + np.where(x > 1, link.latency_out * np.log2(np.maximum(x, 2.0)), 0.0)
    return Ring(group, (y - 1) / y, link.up, (x - 1) / x, y * link.across(span), latency)


def gather(size: Arr, group: Arr, inside: Arr, link: Links, span: Arr) -> Arr:
    """Seconds to all-gather (or reduce-scatter) `size` bytes over such a ring."""
    return ring(group, inside, link, span).gather(size)


def exposed(traffic: Arr, work: Arr, exponent: Arr) -> Arr:
    """What is left of `traffic` behind `work`: `(t^p + w^p)^(1/p) - w`; p = 1 hides nothing."""
    low, high = np.minimum(traffic, work), np.maximum(traffic, work)
    norm = high * (1.0 + (low / np.maximum(high, 1e-30)) ** exponent) ** (1 / exponent)
    return np.asarray(norm - work)


def tensor_parallel(s: Shapes, j: Jobs, x: Layouts, link: Links, k: Knobs) -> tuple[Arr, Arr]:
    """Exposed tensor-parallel seconds per layer and micro-batch, (forward, backward).

    Two all-gathers and two reduce-scatters of the activations each way; sequence parallelism repeats
    two all-gathers in the backward pass.
    """
    size = 2 * x.micro_batch * j.seq / x.cp * s.hidden
    once = gather(size, x.tp, link.domain, link, x.tp)
    shown = 1 - k.overlap_tp * (1 - 1 / x.tp)
    forward = 4 * once * shown
    return forward, forward + np.where(j.split_norms > 0, 1.0, 0.0) * once * shown


def context_parallel(s: Shapes, j: Jobs, x: Layouts, link: Links, attention: Arr) -> Arr:
    """Exposed context-parallel seconds per layer, forward: keys and values go round the ring."""
    inside = np.maximum(link.domain / x.tp, 1.0)
    keys = np.where(s.latent > 0, s.heads * (s.key_dim + s.value_dim), 2 * s.kv_heads * s.head_dim)
    size = 2 * x.micro_batch * j.seq * np.maximum(keys / x.tp, 1.0)
    traffic = gather(size, x.cp, inside, link, x.tp * x.cp)
    return np.where(x.cp > 1, exposed(traffic, attention, np.full_like(attention, 3.0)), 0.0)


def expert_parallel(s: Shapes, j: Jobs, x: Layouts, link: Links, k: Knobs) -> Arr:
    """Seconds of one all-to-all (dispatch or combine) of an average layer.

    A token goes to top_k experts; with deduplication one copy crosses to each domain that holds any.
    """
    tokens = x.micro_batch * j.seq / x.cp / x.tp
    y = np.maximum(np.minimum(x.ep, link.domain / expert_split(s, x)), 1.0)
    domains = np.maximum(x.ep / y, 1.0)
    copies_inside = s.top_k * (1 - 1 / x.ep)
    touched = domains * (1 - (1 - 1 / domains) ** np.maximum(s.top_k, 1.0))
    away = 1 - 1 / domains
    copies_out = np.where(k.deduplicate > 0, touched, s.top_k) * away
    size = tokens * j.capacity * s.hidden * 2.0
    within = size * copies_inside * np.where(y > 1, 1.0, 0.0) / link.up
    across = size * copies_out / link.across(x.ep * expert_split(s, x))
    latency = link.latency + np.where(domains > 1, link.latency_out, 0.0)
    once = np.maximum(within, across) + latency
    share = s.moe_layers / s.layers
    return np.where(x.ep > 1, share * once, 0.0)


def all_to_alls(x: Layouts) -> tuple[Arr, Arr]:
    """How many all-to-alls (forward, backward with recompute) a routed layer makes."""
    return np.full_like(x.tp, 2.0), np.where(x.recompute == FULL, 4.0, 2.0)


def pipeline_hop(s: Shapes, j: Jobs, x: Layouts, link: Links) -> Arr:
    """Seconds to hand one micro-batch to the next stage."""
    size = 2 * x.micro_batch * j.seq / x.cp * s.hidden / x.tp
    span = x.tp * x.cp * x.dp * x.pp
    return np.where(span > link.domain, size / link.across(span) + link.latency_out, size / link.up + link.latency)


def data_parallel_inside(x: Layouts, link: Links) -> Arr:
    """How many ranks of a data-parallel group share a domain."""
    return np.maximum(np.floor(link.domain / (x.tp * x.cp)), 1.0) * x.cp
