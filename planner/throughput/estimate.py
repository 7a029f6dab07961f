"""One prediction: tokens per second of a model on a machine, with layout, memory, time and an interval."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from planner.throughput import goodput as good
from planner.throughput.arrays import Arr, Jobs, Layouts, Shapes
from planner.throughput.calibration import Z80, Calibration, load
from planner.throughput.case import Case, arrays, bf16_peak, case, flops_per_token, knobs
from planner.throughput.fastest import fastest
from planner.throughput.inputs import Constraint, Layout, Machine, Recipe, Transformer
from planner.throughput.layout import Usual, check, cuts_of, fastest_that_fit, layout_at
from planner.throughput.memory import Memory, memory
from planner.throughput.room import Room, room
from planner.throughput.step import StepTime

if TYPE_CHECKING:
    from collections.abc import Sequence


SEARCH_SPREAD = 0.2
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

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Estimate:
        """The estimate whose `to_dict` this is."""
        layout = values["layout"] and Layout(**values["layout"])
        names = (f.name for f in fields(Estimate) if f.name not in ("layout", "notes"))
        return Estimate(**{n: values[n] for n in names}, layout=layout, notes=tuple(values["notes"]))


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
    choice = open_sizes(recipe, Constraint.of(layout) if isinstance(layout, Layout) else layout)
    check(transformer, recipe, accelerators, choice)
    return search(question, (accelerators,), calibration, choice)[0]


def open_sizes(r: Recipe, c: Constraint | None = None) -> Constraint:
    """The sizes left to the search: those that neither the constraint nor the recipe gives."""
    c = c or Constraint()
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
    if j.schedule[0] > 0 and choice.virtual is None:  # it has the room between stages that interleaving would use
        choice = replace(choice, virtual=1)
    usual = Usual(question.software.zero, question.software.most)
    cuts = cuts_of(t, r.seq, m.domain, max(sizes), choice, usual)
    held = (question.precision.bytes, int(j.schedule[0]), float(j.unfused[0]))
    found: dict[int, Estimate] = {}
    clusters: list[int] = []
    layouts: list[tuple[Room, NDArray[np.intp]]] = []
    for n in sizes:
        there = room(cuts, t, r, held, n, choice)
        if not len(there.rows):
            found[n] = _nothing(question, n, _NO_LAYOUT.format(n=n, batch=r.global_batch))
            continue
        fit = there.need <= h.memory * USABLE
        if ran and not fit.any():
            fit = there.need <= there.need.min() * 1.02
        kept = np.flatnonzero(fastest_that_fit(fit, cuts))
        if not kept.size:
            found[n] = _does_not_fit(question, n, s, j, there)
            continue
        clusters.append(n)
        layouts.append((there, kept))
    if clusters:
        chosen = fastest(s, j, h, k, cuts, layouts)
        found.update(_estimates(question, clusters, *chosen, calibration, searched=choice.tp is None))
    return [found[n] for n in sizes]


_NO_LAYOUT = "no layout of {n} accelerators meets the sizes asked for and the batch of {batch} sequences"


def _nothing(c: Case, n: int, reason: str) -> Estimate:
    return Estimate(0.0, n, 0.0, 0.0, math.inf, 0.0, 0.0, 0.0, 0.0, None, {}, {}, c.precision.id, c.software.id,
                    c.notes, reason)  # fmt: skip


def _does_not_fit(c: Case, n: int, s: Shapes, j: Jobs, there: Room) -> Estimate:
    """Say which component is short, by how much, and what would fit."""
    leanest = there.at(np.array([np.argmin(there.need)]))
    parts = gigabytes(s, j, leanest)
    total = sum(parts.values())
    largest = max(parts, key=lambda name: parts[name])
    have = c.machine.memory_gb * USABLE
    reason = (
        f"does not fit: the leanest layout ({layout_at(leanest, 0)}) needs {total:.1f} GB per accelerator and "
        f"{have:.1f} GB are usable, {total - have:.1f} GB short; "
        f"the largest part is {largest}, {parts[largest]:.1f} GB. "
        f"It would fit with about {math.ceil(n * total / have)} accelerators or {total / USABLE:.0f} GB of memory each"
    )
    return _nothing(c, n, reason)


def gigabytes(s: Shapes, j: Jobs, x: Layouts, at: int = 0) -> dict[str, float]:
    """Memory components of a layout in GB of 2^30 bytes, as memory is sold."""
    parts = memory(s, j, x)
    return {f.name: _at(getattr(parts, f.name), at) / 2**30 for f in fields(parts)}


def _at(value: Arr, index: int) -> float:
    return float(value[index] if value.size > 1 else value[0])


def _estimates(
    c: Case,
    sizes: Sequence[int],
    x: Layouts,
    parts: StepTime,
    held: Memory,
    calibration: Calibration,
    *,
    searched: bool,
) -> dict[int, Estimate]:
    """Estimates of clusters of some sizes, by the seconds and bytes of their layouts."""
    seconds = parts.total
    spread = c.family.spread[c.transformer.kind]
    wide = math.exp(Z80 * math.hypot(spread, SEARCH_SPREAD if searched else 0.0))
    flops = flops_per_token(c.transformer, c.recipe) / 1e12
    peak = bf16_peak(c.machine)
    reliability = good.Reliability.of(calibration, c.machine.platform)
    out = {}
    for i, n in enumerate(sizes):
        layout = layout_at(x, i)
        tokens = c.recipe.seq * c.recipe.global_batch / float(seconds[i])
        share = good.goodput(reliability, n).share
        used = layout.tp * layout.pp * layout.dp * layout.cp
        idle = (f"{n - used} of {n} accelerators stay idle in this layout",) if used < n else ()
        out[n] = Estimate(
            tokens_per_s=tokens,
            accelerators=n,
            mfu=flops * tokens / n / peak,
            utilisation=flops * tokens / n / (c.machine.peak_tflops.get(c.precision.format) or peak),
            step_time_s=float(seconds[i]),
            goodput=share,
            effective_tokens_per_s=tokens * share,
            low=tokens / wide,
            high=tokens * wide,
            layout=layout,
            memory={f.name: _at(getattr(held, f.name), i) / 2**30 for f in fields(held)},
            time={f.name: _at(getattr(parts, f.name), i) for f in fields(parts)},
            precision=c.precision.id,
            software=c.software.id,
            notes=(*c.notes, *idle),
        )
    return out
