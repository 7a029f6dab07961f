"""Collectives between the processes of one launch (torchrun), by size."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from planner.throughput.bench.device import Clock, Node, Row, attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.throughput.bench.plan import Plan

LIBRARIES = {"cuda": "nccl", "npu": "hccl", "xpu": "xccl", "hpu": "hccl", "mlu": "cncl", "musa": "mccl", "cpu": "gloo"}


def collectives(node: Node, clock: Clock, plan: Plan) -> Iterator[Row]:
    """All-gather, reduce-scatter, all-reduce and all-to-all of `bytes` (the whole); nothing for a single process."""
    if node.world < 2:
        return
    if not node.torch.distributed.is_initialized():
        node.torch.distributed.init_process_group(LIBRARIES[node.kind])
    for size in plan.collective_bytes:
        for name, make in _operations(node, size // 2 // node.world).items():
            row = {"kind": "collective", "op": name, "bytes": size, "ranks": node.world, "inside": node.local_world}
            alike = replace(clock, calls=max(2, min(50, 2**31 // size)))
            yield attempt(node, row, partial(_timed, alike, make))


def _timed(clock: Clock, make: Callable[[], Callable[[], Any]]) -> Row:
    return clock.row(make())


def _operations(node: Node, shard: int) -> dict[str, Callable[[], Callable[[], Any]]]:
    torch, d = node.torch, node.torch.distributed

    def tensors() -> tuple[Any, Any]:
        part = torch.ones(shard, dtype=torch.bfloat16, device=node.where)
        return part, torch.ones(shard * node.world, dtype=torch.bfloat16, device=node.where)

    def gather() -> Callable[[], Any]:
        part, whole = tensors()
        return lambda: d.all_gather_into_tensor(whole, part)

    def scatter() -> Callable[[], Any]:
        part, whole = tensors()
        return lambda: d.reduce_scatter_tensor(part, whole)

    def reduce() -> Callable[[], Any]:
        whole = tensors()[1]
        return lambda: d.all_reduce(whole)

    def exchange() -> Callable[[], Any]:
        whole = tensors()[1]
        other = torch.empty_like(whole)
        return lambda: d.all_to_all_single(other, whole)

    return {"all-gather": gather, "reduce-scatter": scatter, "all-reduce": reduce, "all-to-all": exchange}
