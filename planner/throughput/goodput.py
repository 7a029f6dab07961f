"""Goodput: the share of wall time that becomes progress, given failures, restarts and checkpoints.

With N accelerators failing independently at `failures` per accelerator-day the time between failures is
M = 24 / (N f) hours. Checkpoints every tau hours cost delta; the best interval is Young's
sqrt(2 delta M) with Daly's higher-order correction (Daly, FGCS 2006), and
    goodput = (1 - (R + tau/2 + delta) / M) / (1 + delta / tau),
the expected effective training time of Kokolis et al., arXiv:2410.21680, clamped at zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from planner.throughput.calibration import Calibration

Level = Literal["low", "mid", "high"]


@dataclass(frozen=True, slots=True)
class Reliability:
    """failures per accelerator-day; restart and checkpoint in hours; spares as a share of the cluster."""

    failures: float
    restart_h: float
    checkpoint_h: float
    spares: float

    @staticmethod
    def of(calibration: Calibration, platform: str, level: Level = "mid") -> Reliability:
        """The entry of a platform, or the default one."""
        entry = calibration.reliability.get(platform, calibration.reliability["default"])
        return Reliability(**{k: float(entry[k][level]) for k in ("failures", "restart_h", "checkpoint_h", "spares")})


@dataclass(frozen=True, slots=True)
class Goodput:
    """The share of time that is progress, and the checkpoint interval and failure interval behind it, in hours."""

    share: float
    interval_h: float
    between_failures_h: float


def best_interval(checkpoint_h: float, between_h: float) -> float:
    """Daly's checkpoint interval; the time between failures itself where checkpoints cost more than half of it."""
    ratio = checkpoint_h / (2 * between_h)
    if ratio >= 1:
        return between_h
    return math.sqrt(2 * checkpoint_h * between_h) * (1 + math.sqrt(ratio) / 3 + ratio / 9) - checkpoint_h


def goodput(r: Reliability, accelerators: int) -> Goodput:
    """Goodput of a synchronous job over `accelerators`."""
    if r.failures <= 0 or accelerators <= 0:
        return Goodput(1.0, math.inf, math.inf)
    between = 24 / (accelerators * r.failures)
    tau = max(best_interval(r.checkpoint_h, between), 1e-6)
    lost = (r.restart_h + tau / 2 + r.checkpoint_h) / between
    return Goodput(max(0.0, (1 - lost) / (1 + r.checkpoint_h / tau)), tau, between)
