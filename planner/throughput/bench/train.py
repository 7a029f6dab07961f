"""A whole optimizer step of a small model on one device: plain torch, bfloat16 with fp32 master weights, AdamW."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from planner.throughput.bench.device import Clock, Node, Row, attempt
from planner.throughput.bench.kernels import chosen
from planner.throughput.bench.layer import angles, forward_of, shape_of, weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.throughput.bench.plan import Plan
    from planner.throughput.inputs import Transformer


def steps(node: Node, plan: Plan, backend: str | None) -> Iterator[Row]:
    """Tokens per second of a training step, by shape, sequence, micro-batch and micro-batches a step."""
    for t, seq, batch, micro in plan.steps:
        for mode in ("eager", "compiled") if plan.compiled else ("eager",):
            row = {
                "kind": "step", **shape_of(t), "seq": seq, "micro_batch": batch, "micro_batches": micro,
                "mode": mode, "backend": backend,
            }  # fmt: skip
            yield attempt(node, row, partial(_timed, node, backend, t, seq, batch, micro, mode))


def _timed(node: Node, backend: str | None, t: Transformer, seq: int, batch: int, micro: int, mode: str) -> Row:
    with chosen(node.torch, backend):
        step = _step(node, t, seq, batch, micro, mode)
        timed = Clock(node, rounds=5, round_s=0.4, most=20).row(step)
    peak = getattr(node.module, "max_memory_allocated", None)
    held = {"memory_gb": round(peak() / 2**30, 2)} if peak else {}
    return {**timed, "tokens_per_s": float(f"{seq * batch * micro / timed['ms'] * 1e3:.5g}"), **held}


def _step(node: Node, t: Transformer, seq: int, batch: int, micro: int, mode: str) -> Callable[[], None]:
    """One optimizer step over `micro` micro-batches of random tokens."""
    torch, where = node.torch, node.where
    reset = getattr(node.module, "reset_peak_memory_stats", None)
    if reset:
        reset()
    table = (0.02 * torch.randn(t.vocab, t.hidden, dtype=torch.bfloat16, device=where)).requires_grad_()
    stack = [weights(torch, t, where) for _ in range(t.layers)]
    run, turn = forward_of(torch, t, mode), angles(torch, t, seq, where)
    held = [table, *(w for part in stack for w in part.values())]
    master = [w.detach().float().requires_grad_() for w in held]
    for m in master:
        m.grad = torch.zeros_like(m)
    adam = torch.optim.AdamW(master, lr=1e-4, fused=node.kind in ("cuda", "cpu"))
    tokens = torch.randint(0, t.vocab, (batch, seq + 1), device=where)
    f = torch.nn.functional

    def loss() -> Any:
        x = f.embedding(tokens[:, :-1], table)
        for part in stack:
            x = run(x, part, turn)
        logits = f.linear(f.rms_norm(x, (t.hidden,)), table)
        return f.cross_entropy(logits.flatten(0, 1).float(), tokens[:, 1:].flatten())

    def step() -> None:
        for m in master:
            m.grad.zero_()
        for _ in range(micro):
            (loss() / micro).backward()
            for m, w in zip(master, held, strict=True):
                m.grad.add_(w.grad)
                w.grad = None
        adam.step()
        with torch.no_grad():
            for m, w in zip(master, held, strict=True):
                w.copy_(m)

    return step
