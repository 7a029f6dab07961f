"""The fastest layout of a cluster: those are timed that a lower bound of their seconds does not rule out.

A step takes at least the seconds of the layers that follow one another in it. Left out of that bound is what only adds:
the vocabulary projection, hops between stages, traffic between replicas, the optimizer, the jitter of scale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.throughput.memory import memory
from planner.throughput.step import at, block, joined, least_layer, step_time, taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.throughput.arrays import Arr, Jobs, Layouts, Machines, Shapes
    from planner.throughput.knobs import Knobs
    from planner.throughput.layout import Cuts
    from planner.throughput.memory import Memory
    from planner.throughput.room import Room
    from planner.throughput.step import StepTime

FIRST = 32
"""Layouts of a cluster, those of the least bounds, that are timed first; the best of them rules out most others."""

ROUNDING = 1e-9
"""Share of a bound taken off of it, for the order in which its parts are added."""


def fastest(
    s: Shapes, j: Jobs, h: Machines, k: Knobs, cuts: Cuts, clusters: Sequence[tuple[Room, NDArray[np.intp]]]
) -> tuple[Layouts, StepTime, Memory]:
    """The layout with the shortest step of each cluster, the first of equals, with its seconds and bytes.

    `clusters` are the layouts of each and the positions of those among them that may be taken, at least one.
    """
    layers = cuts.layers()
    blocks = block(s, j, layers, h, k)
    columns = [(room.rows[kept], room.dp[kept], room.passes[kept], room.pipelined[kept]) for room, kept in clusters]
    rows, dp, passes, pipelined = (np.concatenate(column) for column in zip(*columns, strict=True))
    layer = cuts.layer[rows]
    each = np.where(pipelined, least_layer(s, layers, h, k, blocks)[layer], blocks.total[layer])
    least = passes * each * (1.0 - ROUNDING)
    seconds = np.full(len(rows), np.inf)

    def timed(index: NDArray[np.intp]) -> StepTime:
        return step_time(s, j, cuts.at(rows[index], dp[index]), h, k, taken(blocks, layer[index]))

    lengths = [len(kept) for _, kept in clusters]
    spans = np.split(np.arange(len(rows)), np.cumsum(lengths)[:-1])
    tried = np.concatenate([_lowest(least, span) for span in spans])
    parts = timed(tried)
    seconds[tried] = parts.total
    best = np.repeat([seconds[span].min() for span in spans], lengths)
    others = np.flatnonzero((least <= best) & np.isinf(seconds))
    if others.size:
        more = timed(others)
        seconds[others] = more.total
        tried, parts = np.concatenate((tried, others)), joined(parts, more)
    chosen = np.array([span[np.argmin(seconds[span])] for span in spans])
    place = np.empty(len(rows), dtype=np.intp)
    place[tried] = np.arange(len(tried))
    x = cuts.at(rows[chosen], dp[chosen])
    return x, at(parts, place[chosen]), memory(s, j, x)


def _lowest(bounds: Arr, span: NDArray[np.intp]) -> NDArray[np.intp]:
    """The positions of the lowest bounds of a span."""
    return span if len(span) <= FIRST else span[np.argpartition(bounds[span], FIRST)[:FIRST]]
