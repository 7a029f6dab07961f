"""The grid of layouts of a cluster: every tensor, pipeline, data, context and expert size at once, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from planner.errors import Diagnostic, InputError
from planner.throughput.arrays import FULL, NONE, RECOMPUTE_CODE, SELECTIVE, Arr, Layouts
from planner.throughput.inputs import RECOMPUTE_MODES, Constraint, Layout, Recipe, Transformer
from planner.throughput.memory import FINE_GRAINED

MAX_PIPELINE = 64
SMALLEST_CONTEXT_SHARD = 1024
"""Tokens of a sequence that a context-parallel rank keeps at least."""

UNEVEN = 1.15
"""Pipelines whose fullest stage has more than this times the mean number of layers are not tried."""

MICRO_BATCHES = (1, 2, 4)

WIDTHS = (8, 64)
"""Tensor parallelism is tried up to the scale-up domain, but at least and at most up to these."""


def _powers(limit: float) -> list[int]:
    out, value = [], 1
    while value <= limit:
        out.append(value)
        value *= 2
    return out


def tensor_sizes(t: Transformer, domain: int) -> list[int]:
    """Tensor-parallel sizes that divide the heads, at most a domain (within `WIDTHS`)."""
    return [p for p in _powers(min(max(domain, WIDTHS[0]), WIDTHS[1])) if t.heads % p == 0]


def pipeline_sizes(layers: int, limit: float) -> list[int]:
    """Pipeline depths whose stages are about even."""
    depths = range(1, int(min(layers, limit, MAX_PIPELINE)) + 1)
    even = [p for p in depths if -(-layers // p) * p / layers <= UNEVEN]
    return [p for p in even if p & (p - 1) == 0 or layers % p == 0 or p in (6, 12, 24, 48)]


def expert_sizes(experts: int) -> list[int]:
    """Expert-parallel sizes: powers of two that divide the experts, at most 32 experts to a rank."""
    sizes = [e for e in _powers(min(max(experts, 1), 256)) if experts % e == 0 and experts / e <= 32]
    return sizes or [1]


def virtual_sizes(layers: int, pp: int) -> list[int]:
    """Interleavings of a stage: none, two chunks, and one layer per chunk or near it."""
    if pp == 1:
        return [1]
    per_stage = -(-layers // pp)
    return sorted({1, *(v for v in (2, per_stage) if v > 1 and per_stage % v == 0)})


@dataclass(frozen=True, slots=True)
class Usual:
    """What a search keeps to: ZeRO stages that users of the stack run, and the largest sizes that it offers by name."""

    zero: tuple[int, ...] = (1, 3)
    most: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Cuts:
    """The part of a layout that does not depend on the number of accelerators, one row each.

    Rows that differ only in the recompute mode follow each other, from none to full: more memory
    first, less time first.
    """

    table: Arr
    """Columns tp, pp, cp, ep, virtual, micro_batch, zero, recompute."""
    modes: int
    """How many recompute modes each group of rows has."""
    first: NDArray[np.intp]
    """Rows with distinct (tp, cp, ep, micro_batch, recompute), which is all that a layer's time depends on."""
    layer: NDArray[np.intp]
    """For each row, which of `first` it equals in that."""

    def at(self, rows: NDArray[np.intp], dp: Arr) -> Layouts:
        """The layouts of some rows with these data-parallel sizes."""
        tp, pp, cp, ep, virtual, micro, zero, mode = (c[rows] for c in self.table.T)
        return Layouts(tp, pp, dp, cp, ep, virtual, micro, mode, zero)

    def layers(self) -> Layouts:
        """One layout for each distinct layer."""
        return self.at(self.first, np.ones(len(self.first)))


def cuts_of(t: Transformer, seq: int, domain: int, limit: int, choice: Constraint, usual: Usual) -> Cuts:
    """Every cut of clusters of up to `limit` accelerators, as far as `usual` goes where the choice is open.

    Some may need more than `limit`: `grid` drops what a cluster cannot hold.
    """
    up_to = 2 ** ceil(log2(limit))  # so that clusters of about one size share their cuts
    return _cuts(t, seq, min(max(domain, WIDTHS[0]), WIDTHS[1]), up_to, choice, usual)


@lru_cache(maxsize=256)
def _cuts(t: Transformer, seq: int, domain: int, limit: int, choice: Constraint, usual: Usual) -> Cuts:
    most = dict(usual.most)
    tps = [choice.tp] if choice.tp else tensor_sizes(t, domain)
    cps = [choice.cp] if choice.cp else [c for c in _powers(16) if c == 1 or (seq / c >= SMALLEST_CONTEXT_SHARD * 2)]
    eps = [choice.ep] if choice.ep else expert_sizes(t.experts)
    micro = [choice.micro_batch] if choice.micro_batch else list(MICRO_BATCHES)
    modes = [RECOMPUTE_CODE[m] for m in ([choice.recompute] if choice.recompute else RECOMPUTE_MODES)]
    pps = [choice.pp] if choice.pp else pipeline_sizes(t.layers, min(limit, most.get("pp", limit)))
    tps, cps = (
        s if c else [n for n in s if n <= most.get(k, n)]
        for k, c, s in (("tp", choice.tp, tps), ("cp", choice.cp, cps))
    )
    blocks: list[Arr] = []
    for pp in pps:
        zeros = [choice.zero] if choice.zero is not None else [z for z in usual.zero if z < 3 or pp == 1]
        virtuals = [choice.virtual] if choice.virtual else virtual_sizes(t.layers, pp)
        virtuals = virtuals if choice.virtual else [v for v in virtuals if v <= most.get("virtual", v)]
        outer = [
            (tp, pp, cp, ep)
            for tp in tps
            for cp in cps
            for ep in eps
            if tp * pp * cp <= limit and (pp * ep if t.experts >= FINE_GRAINED else tp * pp * ep) <= limit
        ]
        inner = [(v, mb, z, mode) for v in virtuals for mb in micro for z in zeros for mode in modes]
        if outer and inner:
            left = np.repeat(np.array(outer, dtype=np.float64), len(inner), axis=0)
            blocks.append(np.hstack([left, np.tile(np.array(inner, dtype=np.float64), (len(outer), 1))]))
    table = np.asfortranarray(np.concatenate(blocks)) if blocks else np.empty((0, 8), order="F")
    tp_, _, cp_, ep_, _, mb_, _, mode_ = table.T
    _, first, layer = np.unique(
        tp_ + 1024 * (cp_ + 1024 * (ep_ + 1024 * (mb_ + 1024 * mode_))), return_index=True, return_inverse=True
    )
    return Cuts(table, len(modes), first, layer.reshape(-1))


def grid(cuts: Cuts, t: Transformer, r: Recipe, size: int, choice: Constraint) -> tuple[Layouts, NDArray[np.intp]]:
    """Every layout of a cluster of `size` accelerators, and the row of `cuts` it comes from.

    A size that the cut does not divide leaves the remainder idle; a batch that it does not divide
    costs a whole micro-batch more.
    """
    tp, pp, cp, ep, virtual, micro, _, _ = cuts.table.T
    dp = np.floor(size / (tp * pp * cp))
    dp = np.where(dp >= choice.dp, float(choice.dp), 0.0) if choice.dp else np.minimum(dp, r.global_batch)
    good = (dp >= 1) & (dp * micro <= r.global_batch) & (ep <= dp * cp * (tp if t.experts >= FINE_GRAINED else 1))
    if choice.virtual is None:  # interleaving needs whole rounds of the pipeline
        good &= (virtual == 1) | (r.global_batch >= pp * dp * micro)
    rows = np.flatnonzero(good)
    return cuts.at(rows, dp[rows]), rows


def fastest_that_fit(fit: NDArray[np.bool_], cuts: Cuts) -> NDArray[np.bool_]:
    """Of layouts that differ only in recomputation, the one that recomputes least among those that fit."""
    found = fit.copy()
    groups = found.reshape(-1, cuts.modes)
    before = np.zeros(len(groups), dtype=bool)
    for mode in range(cuts.modes):
        groups[:, mode] &= ~before
        before |= groups[:, mode]
    return found


def layout_at(x: Layouts, index: int) -> Layout:
    """One layout of the arrays as a plain value."""
    mode = {NONE: RECOMPUTE_MODES[0], SELECTIVE: RECOMPUTE_MODES[1], FULL: RECOMPUTE_MODES[2]}[int(x.recompute[index])]
    return Layout(
        int(x.tp[index]), int(x.pp[index]), int(x.dp[index]), int(x.cp[index]), int(x.ep[index]),
        int(x.virtual[index]), int(x.micro_batch[index]), mode, int(x.zero[index]),
    )  # fmt: skip


def check(t: Transformer, r: Recipe, accelerators: int, c: Constraint) -> None:
    """Refuse shapes that cannot be cut as asked, all reasons at once."""
    faults: list[Diagnostic] = []

    def fault(message: str, hint: str) -> None:
        faults.append(Diagnostic("throughput-layout", message, hint))

    if c.tp and t.heads % c.tp:
        near = [n for n in range(1, t.heads + 1) if t.heads % n == 0]
        fault(f"{t.heads} attention heads do not divide over tensor parallel {c.tp}", f"use one of {near}")
    if c.pp and c.pp > t.layers:
        fault(f"pipeline parallel {c.pp} has more stages than the {t.layers} layers", f"use at most {t.layers}")
    if c.ep and t.experts and t.experts % c.ep:
        fault(f"{t.experts} experts do not divide over expert parallel {c.ep}", "use a divisor")
    if c.ep and c.ep > 1 and not t.experts:
        fault(f"{t.id} has no experts, so expert parallel {c.ep} means nothing", "leave it out")
    if c.dp and c.dp * (c.micro_batch or 1) > r.global_batch:
        fault(
            f"global batch {r.global_batch} is smaller than data parallel {c.dp} x micro-batch {c.micro_batch or 1}",
            "raise the batch, or let pipeline or tensor parallel take more of the cluster",
        )
    used = (c.tp or 1) * (c.pp or 1) * (c.dp or 1) * (c.cp or 1)
    if used > accelerators:
        fault(f"the layout needs {used} accelerators, the cluster has {accelerators}", "reduce one of the sizes")
    if faults:
        raise InputError(faults)
