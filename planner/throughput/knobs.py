"""The numbers that calibration supplies, as arrays that broadcast with the layouts."""

from __future__ import annotations

from dataclasses import dataclass

from planner.throughput.arrays import Arr


@dataclass(frozen=True, slots=True)
class Knobs:
    """Efficiencies and overheads of one accelerator family under one software stack.

    Fitted per family (at most eight):
        gemm: share of the bf16 peak that a large matrix product reaches.
        low: share of the low-precision peak that a large matrix product reaches.
        attention: share of the bf16 peak that the attention kernel reaches.
        memory: share of the memory bandwidth that element-wise kernels reach.
        overhead: seconds added to each matrix product (launch, ramp-up, tail).
        scale_up, scale_out: share of the link bandwidth that collectives reach.
        moe: factor on the time of routed layers beyond plain arithmetic.
    From the software stack (shared by all families that run it):
        efficiency: maturity factor on every device time.
        moe_efficiency: the same for the routing, exchange and launches of routed layers.
        moe_gemm: the same for their matrix products, which do not ripen.
        host: seconds of host time per layer and micro-batch, below which no layer goes.
        moe_host: the same for a layer with experts.
        unfused: 1 where attention materialises the score matrix.
        overlap_tp: share of tensor-parallel traffic hidden behind matrix products.
        overlap: exponent of the overlap norm (1 none, large perfect) of data-parallel traffic.
        overlap_ep: the same exponent for all-to-alls across domains, behind the work of another micro-batch.
        deduplicate: 1 where one copy of a token crosses to each domain, 0 where one per expert does.
    Common to all:
        jitter: relative slowdown per doubling of the data-parallel replicas.
        latency: seconds per collective inside a domain; latency_out across domains.
        sync: seconds per step and doubling of the replicas, of their buckets, barriers and norms.
    """

    gemm: Arr
    low: Arr
    attention: Arr
    memory: Arr
    overhead: Arr
    scale_up: Arr
    scale_out: Arr
    moe: Arr
    efficiency: Arr
    moe_efficiency: Arr
    moe_gemm: Arr
    host: Arr
    moe_host: Arr
    unfused: Arr
    overlap_tp: Arr
    overlap: Arr
    overlap_ep: Arr
    deduplicate: Arr
    jitter: Arr
    latency: Arr
    latency_out: Arr
    sync: Arr
