"""One prediction: tokens per second of a model on a machine, with layout, memory, time and an interval."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.throughput import goodput as good
from planner.throughput.arrays import Arr, Jobs, Layouts, Machines, Shapes, layouts
from planner.throughput.calibration import Z80, Calibration, load
from planner.throughput.case import Case, arrays, bf16_peak, case, flops_per_token, knobs
from planner.throughput.inputs import Constraint, Layout, Machine, Recipe, Transformer
from planner.throughput.layout import check, grid, layout_at
from planner.throughput.memory import memory
from planner.throughput.step import block, step_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.throughput.knobs import Knobs

SEARCH_SPREAD = 0.15
"""Added in quadrature to the spread when the layout was searched: the real one may be another."""

USABLE = 0.96
"""Share of the memory that a searched layout may fill."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a cluster trains at.

    tokens_per_s and effective_tokens_per_s (times goodput) are of the whole cluster; low and high bound
    tokens_per_s with 80 % confidence. Memory in GB, times in seconds per optimizer step. `mfu` counts
    model FLOPs against the bf16 peak, `utilisation` against the peak of the precision used. With a
    `reason`, nothing fits and all rates are 0.
    """

    tokens_per_s: float
    accelerators: int
    mfu: float
    utilisation: float
    step_time_s: float
    goodput: float
    effective_tokens_per_s: float
    low: float
    high: float
    layout: Layout | None
    memory: dict[str, float]
    time: dict[str, float]
    precision: str
    software: str
    notes: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def tokens_per_s_per_accelerator(self) -> float:
        """tokens/s per accelerator."""
        return self.tokens_per_s / self.accelerators

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**asdict(self), "tokens_per_s_per_accelerator": self.tokens_per_s_per_accelerator}


def estimate(
    transformer: Transformer,
    recipe: Recipe,
    machine: Machine,
    accelerators: int,
    layout: Layout | Constraint | None = None,
    calibration: Calibration | None = None,
) -> Estimate:
    """Predict one configuration; sizes that `layout` leaves open are searched.

    Raises:
        InputError: shapes that cannot be cut as asked, unknown family, software or precision.
    """
    calibration = calibration or load()
    question = case(transformer, recipe, machine, calibration)
    choice = Constraint.of(layout) if isinstance(layout, Layout) else layout or Constraint()
    choice = _with_recipe(choice, recipe)
    check(transformer, recipe, accelerators, choice)
    return search(question, (accelerators,), calibration, choice)[0]


def _with_recipe(c: Constraint, r: Recipe) -> Constraint:
    from dataclasses import replace

    mode = c.recompute or (None if r.recompute == "search" else r.recompute)
    return replace(c, recompute=mode, zero=c.zero if c.zero is not None else r.zero)


def search(
    question: Case, sizes: Sequence[int], calibration: Calibration, choice: Constraint, *, ran: bool = False
) -> list[Estimate]:
    """The fastest layout that fits, for each cluster size.

    `ran` says that such a run is known to have been made: if nothing fits by the model's own count, the
    layouts that need least memory are taken as they are rather than called impossible.
    """
    t, r, m = question.transformer, question.recipe, question.machine
    s, j, h = arrays([question])
    k = knobs([question], calibration)
    x, size = grid(t, r, m, sizes, choice, question.software.zero)
    if not len(x):
        return [_nothing(question, n, "no layout meets the batch and the cluster size") for n in sizes]
    need = memory(s, j, x).total
    free = h.memory * USABLE
    fit = need <= free
    if ran and not fit.any():
        fit = need <= need.min() * 1.02
    rate = np.zeros(len(x))
    if fit.any():
        inner = x.take(fit)
        rate[fit] = j.seq * j.batch / step(s, j, inner, h, k)
    out = []
    for n in sizes:
        here = np.flatnonzero(size == n)
        best = int(here[np.argmax(rate[here])]) if here.size else -1
        if best < 0 or rate[best] <= 0:
            out.append(_does_not_fit(question, n, s, j, x, need, here))
            continue
        out.append(_estimate(question, n, layout_at(x, best), calibration, searched=here.size > 1))
    return out


def step(s: Shapes, j: Jobs, x: Layouts, h: Machines, k: Knobs) -> Arr:
    """Seconds per step of every layout; layers are timed once per distinct (tp, cp, ep, micro-batch, recompute)."""
    if len(x) < 64:
        return step_time(s, j, x, h, k).total
    key = x.tp + 128 * (x.cp + 128 * (np.log2(x.ep) + 16 * (x.micro_batch + 64 * x.recompute)))
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    b = block(s, j, x.take(first), h, k)
    wide = type(b)(*(getattr(b, f.name)[inverse] for f in fields(b)))
    return step_time(s, j, x, h, k, wide).total


def _nothing(c: Case, n: int, reason: str) -> Estimate:
    return Estimate(0.0, n, 0.0, 0.0, math.inf, 0.0, 0.0, 0.0, 0.0, None, {}, {}, c.precision.id, c.software.id,
                    c.notes, reason)  # fmt: skip


def _does_not_fit(c: Case, n: int, s: Shapes, j: Jobs, x: Layouts, need: Arr, here: NDArray[Any]) -> Estimate:
    """Say which component is short, by how much, and what would fit."""
    if not here.size:
        return _nothing(c, n, f"no layout of {n} accelerators meets the batch of {c.recipe.global_batch} sequences")
    least = int(here[np.argmin(need[here])])
    parts = gigabytes(s, j, x.take(np.array([least])))
    total = sum(parts.values())
    largest = max(parts, key=lambda name: parts[name])
    have = c.machine.memory_gb * USABLE
    reason = (
        f"does not fit: the leanest layout ({layout_at(x, least)}) needs {total:.1f} GB per accelerator and "
        f"{have:.1f} GB are usable, {total - have:.1f} GB short; {largest} take {parts[largest]:.1f} GB. "
        f"It would fit with about {math.ceil(n * total / have)} accelerators or {total / USABLE:.0f} GB of memory each"
    )
    return _nothing(c, n, reason)


def gigabytes(s: Shapes, j: Jobs, x: Layouts) -> dict[str, float]:
    """Memory components of the first layout in GB."""
    parts = memory(s, j, x)
    return {f.name: float(np.broadcast_to(getattr(parts, f.name), x.tp.shape)[0]) / 1e9 for f in fields(parts)}


def _estimate(c: Case, n: int, layout: Layout, calibration: Calibration, *, searched: bool) -> Estimate:
    s, j, h = arrays([c])
    x = layouts([layout])
    parts = step_time(s, j, x, h, knobs([c], calibration))
    seconds = float(parts.total[0])
    tokens = c.recipe.seq * c.recipe.global_batch / seconds
    model = flops_per_token(c.transformer, c.recipe) * tokens / (n * 1e12)
    share = good.goodput(good.Reliability.of(calibration, c.machine.platform), n).share
    spread = c.family.spread[c.transformer.kind]
    wide = math.exp(Z80 * math.hypot(spread, SEARCH_SPREAD if searched else 0.0))
    used = layout.tp * layout.pp * layout.dp * layout.cp
    idle = (f"{n - used} of {n} accelerators stay idle in this layout",) if used < n else ()
    return Estimate(
        tokens_per_s=tokens,
        accelerators=n,
        mfu=model / bf16_peak(c.machine),
        utilisation=model / (c.machine.peak_tflops.get(c.precision.format) or bf16_peak(c.machine)),
        step_time_s=seconds,
        goodput=share,
        effective_tokens_per_s=tokens * share,
        low=tokens / wide,
        high=tokens * wide,
        layout=layout,
        memory=gigabytes(s, j, x),
        time={f.name: float(np.broadcast_to(getattr(parts, f.name), (1,))[0]) for f in fields(parts)},
        precision=c.precision.id,
        software=c.software.id,
        notes=(*c.notes, *idle),
    )
