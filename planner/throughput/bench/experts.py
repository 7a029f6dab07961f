"""One layer of routed experts in torch, balanced: gate, permutation, batched products and back, without exchange."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from planner.throughput.bench.device import Clock, Node, Row, attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.throughput.bench.plan import Plan


def routed(node: Node, clock: Clock, plan: Plan) -> Iterator[Row]:
    """Forward and backward of the experts of one layer on one of `ep` devices, plain and compiled."""
    for name, hidden, experts, top_k, ffn, ep, tokens in plan.experts:
        for mode in ("eager", "compiled") if plan.compiled else ("eager",):
            row = {
                "kind": "experts", "what": name, "hidden": hidden, "experts": experts, "top_k": top_k,
                "expert_ffn": ffn, "ep": ep, "tokens": tokens, "mode": mode,
            }  # fmt: skip
            yield attempt(node, row, partial(_timed, node, clock, row))


def _timed(node: Node, clock: Clock, row: Row) -> Row:
    torch, where, h, f = node.torch, node.where, row["hidden"], row["expert_ffn"]
    local, copies = row["experts"] // row["ep"], row["tokens"] * row["top_k"]

    def made(*shape: int) -> Any:
        return (torch.randn(*shape, dtype=torch.bfloat16, device=where) / math.sqrt(shape[-1])).requires_grad_()

    w = {"gate": made(row["experts"], h), "up": made(local, 2 * f, h), "down": made(local, h, f)}
    x = torch.randn(row["tokens"], h, dtype=torch.bfloat16, device=where, requires_grad=True)
    up = torch.randn_like(x)
    place = torch.randperm(copies, device=where)  # which copy each slot of the experts holds: every expert as many
    run = forward_of(torch, row["top_k"], row["mode"])
    inputs = [x, *w.values()]
    return clock.row(lambda: torch.autograd.grad(run(x, w, place), inputs, up))


def forward_of(torch: Any, top_k: int, mode: str) -> Callable[[Any, dict[str, Any], Any], Any]:
    """The layer, as written or compiled; tokens x hidden in and out."""

    def run(x: Any, w: dict[str, Any], place: Any) -> Any:
        f = torch.nn.functional
        local = w["up"].shape[0]
        share = torch.softmax(f.linear(x, w["gate"]).float(), dim=-1).topk(top_k, dim=-1).values
        token = place // top_k
        grouped = x.index_select(0, token).view(local, -1, x.shape[1])
        gate, value = torch.bmm(grouped, w["up"].transpose(1, 2)).chunk(2, dim=-1)
        done = torch.bmm(f.silu(gate) * value, w["down"].transpose(1, 2)).flatten(0, 1)
        weight = share.flatten().index_select(0, place).to(x.dtype)
        return torch.zeros_like(x).index_add(0, token, done * weight[:, None])

    if mode == "eager":
        return run
    torch._dynamo.reset()
    return cast("Callable[[Any, dict[str, Any], Any], Any]", torch.compile(run, dynamic=False))
