"""Which layouts of a cluster there are and what each needs of memory: the same for all machines alike in width."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.throughput.arrays import Arr, Layouts, jobs, shapes
from planner.throughput.inputs import Constraint, Recipe, Transformer
from planner.throughput.layout import Cuts, grid
from planner.throughput.memory import memory
from planner.throughput.step import passes, pipelined

KEPT = 128
"""Clusters whose layouts are kept: a plan asks for the same sizes of one system after another."""


@dataclass(frozen=True)
class Room:
    """Layouts of a cluster: the row of the cuts and the data-parallel size of each, and what depends on no machine."""

    cuts: Cuts
    rows: NDArray[np.intp]
    dp: Arr
    need: Arr
    """Bytes per accelerator."""
    passes: Arr
    """Layers of a micro-batch that follow one another in a step."""
    pipelined: NDArray[np.bool_]
    """Whether another micro-batch is at hand, behind whose work exchanges may be hidden."""

    def at(self, index: NDArray[Any]) -> Layouts:
        """The layouts at some positions."""
        return self.cuts.at(self.rows[index], self.dp[index])


@lru_cache(maxsize=KEPT)
def room(cuts: Cuts, t: Transformer, r: Recipe, held: tuple[float, int, float], size: int, choice: Constraint) -> Room:
    """The layouts of a cluster of `size` accelerators.

    `held` is what memory knows of precision and stack: bytes per operand of the linear layers, the position of the
    schedule of pipelines in `inputs.SCHEDULES`, and 1 where attention materialises the score matrix.
    """
    x, rows = grid(cuts, t, r, size, choice)
    width, schedule, unfused = held
    s, j = shapes([t]), jobs([r], [width], [schedule], [unfused])
    return Room(cuts, rows, x.dp, memory(s, j, x).total if len(x) else np.empty(0), passes(s, j, x), pipelined(j, x))
