"""Single kernels: matrix products, attention, memory-bound operators, the optimizer, launches."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from planner.throughput.bench.device import Clock, Node, Row, attempt, rotated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.throughput.bench.plan import Plan
    from planner.throughput.inputs import Transformer

BACKENDS = ("flash", "cudnn", "efficient")
"""Attention kernels of torch: those of its own flash port, of the vendor's library, and the plain memory-saving one."""


def products_of(t: Transformer, tp: int) -> tuple[tuple[str, int, int], ...]:
    """(name, width out, width in) of the products of one layer on one of `tp` devices."""
    heads, kv = t.heads // tp, max(t.kv_heads // tp, 1)
    ffn, up = t.ffn // tp, 2 if t.gated_ffn else 1
    return (
        ("qkv", (heads + 2 * kv) * t.head_dim, t.hidden),
        ("out", t.hidden, heads * t.head_dim),
        ("up", up * ffn, t.hidden),
        ("down", t.hidden, ffn),
    )


def matrix_products(plan: Plan) -> Iterator[Row]:
    """The shapes to multiply: m x k by k x n, with the precision and what each stands for."""
    for n in plan.squares:
        yield _product("square", n, n, n)
    for m, n, k in plan.skinny:
        yield _product("few tokens", m, n, k)
    for t, tokens, shares in plan.products:
        for tp in shares:
            for name, out, into in products_of(t, tp):
                yield _product(f"{t.id} tp{tp} {name}", tokens, out, into)
    for t, tokens, shares in plan.backward:
        for tp in shares:
            for name, out, into in products_of(t, tp):
                yield _product(f"{t.id} tp{tp} {name} input gradient", tokens, into, out)
                yield _product(f"{t.id} tp{tp} {name} weight gradient", out, into, tokens)
    for t in plan.logits:
        yield _product(f"{t.id} logits", 4096, t.vocab, t.hidden)
    for n in plan.squares:
        if n % 16 == 0:
            yield _product("square", n, n, n, "fp8")
    for t, tokens, shares in plan.eight_bit:
        for tp in shares:
            for name, out, into in products_of(t, tp):
                yield _product(f"{t.id} tp{tp} {name}", tokens, out, into, "fp8")


def _product(group: str, m: int, n: int, k: int, precision: str = "bf16") -> Row:
    return {"kind": "gemm", "what": group, "precision": precision, "m": m, "n": n, "k": k}


def gemm(node: Node, clock: Clock, row: Row) -> Row:
    """Time one product; operands as a linear layer has them (weights stored out x in)."""
    return attempt(node, row, lambda: _timed_product(node, clock, row))


def _timed_product(node: Node, clock: Clock, row: Row) -> Row:
    torch, m, n, k = node.torch, row["m"], row["n"], row["k"]
    if row["precision"] == "bf16":

        def make() -> Callable[[], Any]:
            a = torch.randn(m, k, dtype=torch.bfloat16, device=node.where)
            w = torch.randn(n, k, dtype=torch.bfloat16, device=node.where)
            out = torch.empty(m, n, dtype=torch.bfloat16, device=node.where)
            if "weight gradient" in row["what"]:  # both operands are stored along the summed tokens
                a, w = a.t().contiguous().t(), w.t().contiguous().t()
            elif "input gradient" in row["what"]:
                w = w.t().contiguous().t()
            return lambda: torch.mm(a, w.t(), out=out)
    else:
        one = torch.ones((), dtype=torch.float32, device=node.where)

        def make() -> Callable[[], Any]:
            a = torch.randn(m, k, device=node.where).to(torch.float8_e4m3fn)
            w = torch.randn(n, k, device=node.where).to(torch.float8_e4m3fn)
            return lambda: torch._scaled_mm(
                a, w.t(), scale_a=one, scale_b=one, out_dtype=torch.bfloat16, use_fast_accum=True
            )

    width = 2 if row["precision"] == "bf16" else 1
    turn = rotated(make, width * (m * k + n * k) + 2 * m * n)
    timed = clock.row(partial(_next, turn), graph=True)
    return {**timed, "tflops": _round(2 * m * n * k / timed["ms"] / 1e9)}


def attention_shapes(plan: Plan) -> Iterator[Row]:
    """Causal attention of a fixed number of tokens, by heads, head width, sequence, kernel and pass."""
    for heads, kv, width, seq in plan.attention:
        for backend in BACKENDS:
            for direction in ("forward", "backward"):
                yield {
                    "kind": "attention", "backend": backend, "pass": direction, "heads": heads, "kv_heads": kv,
                    "head_dim": width, "seq": seq, "batch": max(plan.attention_tokens // seq, 1),
                }  # fmt: skip


def chosen(torch: Any, backend: str | None, *, alone: bool = False) -> Any:
    """A context in which attention runs on that kernel; unless `alone`, others stand in where it cannot."""
    kinds = getattr(getattr(torch.nn, "attention", None), "SDPBackend", None)
    if backend is None or kinds is None:
        return nullcontext()
    names = {"flash": "FLASH_ATTENTION", "cudnn": "CUDNN_ATTENTION", "efficient": "EFFICIENT_ATTENTION"}
    order = [names[backend]] if alone else [names[backend], *names.values(), "MATH"]
    listed = [getattr(kinds, name) for name in dict.fromkeys(order) if hasattr(kinds, name)]
    return torch.nn.attention.sdpa_kernel(listed, **({} if alone else {"set_priority": True}))


def attention(node: Node, clock: Clock, row: Row) -> Row:
    """Time one attention kernel; the backward pass alone, on stored results."""
    return attempt(node, row, lambda: _timed_attention(node, clock, row))


def _timed_attention(node: Node, clock: Clock, row: Row) -> Row:
    torch, b, s, d = node.torch, row["batch"], row["seq"], row["head_dim"]
    shared = {"enable_gqa": True} if row["kv_heads"] < row["heads"] else {}

    def tensor(heads: int) -> Any:  # strided as a layer's projections leave it
        whole = torch.randn(b, s, heads, d, dtype=torch.bfloat16, device=node.where)
        return whole.transpose(1, 2).detach().requires_grad_()

    q, k, v = tensor(row["heads"]), tensor(row["kv_heads"]), tensor(row["kv_heads"])
    attend = torch.nn.functional.scaled_dot_product_attention
    with chosen(torch, row["backend"], alone=True):
        if row["pass"] == "forward":
            with torch.no_grad():
                timed = clock.row(lambda: attend(q, k, v, is_causal=True, **shared), graph=True)
        else:
            out = attend(q, k, v, is_causal=True, **shared)
            up = torch.randn_like(out)
            timed = clock.row(lambda: torch.autograd.grad(out, (q, k, v), up, retain_graph=True))
    flops = 2 * b * row["heads"] * s * s * d * (1.0 if row["pass"] == "forward" else 2.5)
    return {**timed, "tflops": _round(flops / timed["ms"] / 1e9)}


def memory_bound(node: Node, clock: Clock, plan: Plan) -> Iterator[Row]:
    """Memory-bound operators, forward and backward; `bytes` is the least traffic of each (inputs and outputs once)."""
    torch = node.torch
    count = int(plan.memory_bytes) // 4
    yield attempt(node, _bound("copy", 4 * count), lambda: _copied(node, clock, count))
    for t, tokens in plan.operators:
        for name, make in _operators(torch, t, tokens, node.where).items():
            for back in (False, True) if name != "residual" else (False,):  # a sum passes its gradient on unchanged
                row = {**_bound(name, 0), "what": t.id, "tokens": tokens, "pass": "backward" if back else "forward"}
                yield attempt(node, row, partial(_operator, clock, torch, make, backward=back))


def _bound(name: str, size: float) -> Row:
    return {"kind": "memory", "op": name, "bytes": size}


def _copied(node: Node, clock: Clock, count: int) -> Row:
    source = node.torch.randn(count // 2, device=node.where).to(node.torch.bfloat16)
    target = node.torch.empty_like(source)
    timed = clock.row(lambda: target.copy_(source))
    size = 4 * source.numel()
    return {**timed, "bytes": size, "gbs": _round(size / timed["ms"] / 1e6)}


def _operators(torch: Any, t: Transformer, tokens: int, where: str) -> dict[str, Callable[[], tuple[Any, list[Any]]]]:
    """By name: a maker of (function, inputs that need gradients)."""
    f = torch.nn.functional

    def values(*shape: int) -> Any:
        return torch.randn(*shape, dtype=torch.bfloat16, device=where, requires_grad=True)

    def norm() -> tuple[Any, list[Any]]:
        x, w = values(tokens, t.hidden), values(t.hidden)
        if t.gated_ffn:
            return (lambda: f.rms_norm(x, (t.hidden,), w, 1e-5)), [x, w]
        return (lambda: f.layer_norm(x, (t.hidden,), w)), [x, w]

    def activation() -> tuple[Any, list[Any]]:
        a = values(tokens, t.ffn)
        if not t.gated_ffn:
            return (lambda: f.gelu(a, approximate="tanh")), [a]
        b = values(tokens, t.ffn)
        return (lambda: f.silu(a) * b), [a, b]

    def residual() -> tuple[Any, list[Any]]:
        x, y = values(tokens, t.hidden), values(tokens, t.hidden)
        return (lambda: x + y), [x, y]

    def loss() -> tuple[Any, list[Any]]:
        logits = values(tokens // 2, t.vocab)
        labels = torch.randint(0, t.vocab, (tokens // 2,), device=where)
        return (lambda: f.cross_entropy(logits.float(), labels)), [logits]

    return {"norm": norm, "activation": activation, "residual": residual, "cross-entropy": loss}


def _operator(clock: Clock, torch: Any, make: Callable[[], tuple[Any, list[Any]]], *, backward: bool) -> Row:
    call, inputs = make()
    size = 2 * sum(i.numel() for i in inputs)
    out = call()
    size += 2 * (out.numel() if out.numel() > 1 else 0)
    if backward:
        up = torch.randn_like(out)
        timed = clock.row(lambda: torch.autograd.grad(out, inputs, up, retain_graph=True))
        size += 2 * sum(i.numel() for i in inputs)
    else:
        with torch.no_grad():
            timed = clock.row(call, graph=True)
    return {**timed, "bytes": size, "gbs": _round(size / timed["ms"] / 1e6)}


def optimizer(node: Node, clock: Clock, plan: Plan) -> Iterator[Row]:
    """One AdamW step over fp32 weights, gradients and moments, as torch ships it, by implementation."""
    for mode in ("fused", "foreach"):
        row = {"kind": "optimizer", "mode": mode, "parameters": plan.parameters}
        yield attempt(node, row, partial(_stepped, node, clock, plan.parameters, mode))


def _stepped(node: Node, clock: Clock, parameters: int, mode: str) -> Row:
    torch, pieces = node.torch, 16
    weights = [torch.randn(parameters // pieces, device=node.where, requires_grad=True) for _ in range(pieces)]
    for w in weights:
        w.grad = torch.randn_like(w)
    step = torch.optim.AdamW(weights, lr=1e-4, **{mode: True})
    timed = clock.row(step.step)
    size = 28 * parameters  # gradients read; weights and two moments read and written
    return {**timed, "bytes": size, "gbs": _round(size / timed["ms"] / 1e6)}


def launches(node: Node, clock: Clock) -> Iterator[Row]:
    """A small product, queued one by one by the host, and replayed from a graph where the device records one."""
    torch = node.torch
    a = torch.randn(128, 128, dtype=torch.bfloat16, device=node.where)
    out = torch.empty_like(a)
    yield attempt(node, {"kind": "launch", "mode": "host"}, lambda: clock.row(lambda: torch.mm(a, a, out=out)))
    yield attempt(node, {"kind": "launch", "mode": "graph"}, lambda: _replayed(clock, torch, a, out))


def _replayed(clock: Clock, torch: Any, a: Any, out: Any) -> Row:
    timed = clock.row(lambda: torch.mm(a, a, out=out), graph=True)
    if timed.get("host"):
        raise RuntimeError("this device records no graph of launches")
    return timed


def warm(node: Node, clock: Clock, seconds: float, size: int = 8192) -> Row:
    """Large products for so many seconds: the chip comes to its working temperature; the rate of the last half."""
    row = {**_product("sustained", size, size, size), "seconds": seconds, "before": node.state()}
    return {**attempt(node, row, lambda: _sustained(node, row, seconds)), "after": node.state()}


def _sustained(node: Node, row: Row, seconds: float) -> Row:
    turn = rotated(_square(node, row["m"]), 6 * row["m"] ** 2)
    times: list[float] = []
    start = perf_counter()
    brief = Clock(node, rounds=3, round_s=0.1, most=100)
    while perf_counter() - start < seconds or not times:
        times.append(brief.row(partial(_next, turn))["ms"])
    late = sorted(times[len(times) // 2 :])
    middle = late[len(late) // 2]
    spread = round((late[-1] - late[0]) / middle, 4)
    return {"ms": middle, "spread": spread, "first_ms": times[0], "tflops": _round(2 * row["m"] ** 3 / middle / 1e9)}


def _next(turn: Iterator[Callable[[], Any]]) -> Any:
    return next(turn)()


def _square(node: Node, n: int) -> Callable[[], Callable[[], Any]]:
    def make() -> Callable[[], Any]:
        a, b = (node.torch.randn(n, n, dtype=node.torch.bfloat16, device=node.where) for _ in range(2))
        out = node.torch.empty_like(a)
        return lambda: node.torch.mm(a, b, out=out)

    return make


def _round(value: float) -> float:
    return float(f"{value:.4g}")
