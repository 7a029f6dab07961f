"""One transformer layer in torch, small and readable: GPT-like, or Llama-like with grouped queries.

GPT: layer norms, a GELU block. Llama: RMS norms, rotary positions, a SwiGLU block. No biases, no dropout, bfloat16.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from planner.throughput.bench.device import Clock, Node, Row, attempt
from planner.throughput.bench.kernels import chosen, products_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.throughput.bench.plan import Plan
    from planner.throughput.inputs import Transformer


def weights(torch: Any, t: Transformer, where: str) -> dict[str, Any]:
    """Weights of one layer, out x in, that need gradients."""
    made = {
        name: torch.randn(out, into, dtype=torch.bfloat16, device=where) / math.sqrt(into)
        for name, out, into in products_of(t, 1)
    }
    made |= {f"norm{i}": torch.ones(t.hidden, dtype=torch.bfloat16, device=where) for i in (1, 2)}
    return {name: w.requires_grad_() for name, w in made.items()}


def angles(torch: Any, t: Transformer, seq: int, where: str) -> Any:
    """Cosines and sines of rotary positions, 2 x seq x head width, or None where the layer has none."""
    if not t.gated_ffn:
        return None
    turn = torch.arange(seq, device=where)[:, None] * 500000.0 ** (
        -torch.arange(0, t.head_dim, 2, device=where) / t.head_dim
    )
    both = torch.cat((turn, turn), dim=-1)
    return torch.stack((both.cos(), both.sin())).to(torch.bfloat16)


def rotate(torch: Any, x: Any, turn: Any) -> Any:
    """Apply rotary positions to batch x heads x seq x width."""
    low, high = x.chunk(2, dim=-1)
    return x * turn[0] + torch.cat((-high, low), dim=-1) * turn[1]


def layer(torch: Any, t: Transformer, x: Any, w: dict[str, Any], turn: Any) -> Any:
    """Forward pass of batch x seq x hidden."""
    f = torch.nn.functional
    b, s, _ = x.shape

    def norm(v: Any, scale: Any) -> Any:
        return f.rms_norm(v, (t.hidden,), scale, 1e-5) if t.gated_ffn else f.layer_norm(v, (t.hidden,), scale)

    sizes = [t.heads * t.head_dim, t.kv_heads * t.head_dim, t.kv_heads * t.head_dim]
    q, k, v = (
        part.view(b, s, -1, t.head_dim).transpose(1, 2)
        for part in f.linear(norm(x, w["norm1"]), w["qkv"]).split(sizes, dim=-1)
    )
    if turn is not None:
        q, k = rotate(torch, q, turn), rotate(torch, k, turn)
    shared = {"enable_gqa": True} if t.kv_heads < t.heads else {}
    seen = f.scaled_dot_product_attention(q, k, v, is_causal=True, **shared)
    x = x + f.linear(seen.transpose(1, 2).reshape(b, s, -1), w["out"])
    up = f.linear(norm(x, w["norm2"]), w["up"])
    if t.gated_ffn:
        gate, value = up.chunk(2, dim=-1)
        return x + f.linear(f.silu(gate) * value, w["down"])
    return x + f.linear(f.gelu(up, approximate="tanh"), w["down"])


def shape_of(t: Transformer) -> Row:
    """What a row says of the shape."""
    return {
        "what": t.id, "layers": t.layers, "hidden": t.hidden, "heads": t.heads, "kv_heads": t.kv_heads,
        "head_dim": t.head_dim, "ffn": t.ffn, "gated_ffn": t.gated_ffn, "vocab": t.vocab, "tied_embed": t.tied_embed,
    }  # fmt: skip


def layers(node: Node, clock: Clock, plan: Plan, backend: str | None) -> Iterator[Row]:
    """Forward and backward of one layer, as written and compiled, beside its own products and attention alone."""
    for t, seq, batch in plan.layers:
        for mode in ("eager", "compiled") if plan.compiled else ("eager",):
            row = {"kind": "layer", **shape_of(t), "seq": seq, "micro_batch": batch, "mode": mode, "backend": backend}
            yield attempt(node, row, partial(_timed, node, clock, t, seq, batch, mode, backend))


def _timed(node: Node, clock: Clock, t: Transformer, seq: int, batch: int, mode: str, backend: str | None) -> Row:
    torch = node.torch
    w, turn = weights(torch, t, node.where), angles(torch, t, seq, node.where)
    x = torch.randn(batch, seq, t.hidden, dtype=torch.bfloat16, device=node.where, requires_grad=True)
    up = torch.randn_like(x)
    step = forward_of(torch, t, mode)
    inputs = [x, *w.values()]

    def forward() -> Any:
        with torch.no_grad():
            return step(x, w, turn)

    with chosen(torch, backend):
        timed = clock.row(lambda: torch.autograd.grad(step(x, w, turn), inputs, up))
        ahead = {"forward_ms": clock.row(forward)["ms"]} if mode == "eager" else {}
    return {**timed, **ahead}


def forward_of(torch: Any, t: Transformer, mode: str) -> Callable[[Any, dict[str, Any], Any], Any]:
    """The layer as written, or compiled for fixed shapes (what was compiled before is forgotten)."""

    def run(x: Any, w: dict[str, Any], turn: Any) -> Any:
        return layer(torch, t, x, w, turn)

    if mode == "eager":
        return run
    torch._dynamo.reset()
    return cast("Callable[[Any, dict[str, Any], Any], Any]", torch.compile(run, dynamic=False))
