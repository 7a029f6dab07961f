"""Goodput against its limits and a computed optimum."""

import itertools

import numpy as np
import pytest

from planner.throughput.goodput import Reliability, best_interval, goodput

TYPICAL = Reliability(failures=4.7e-4, restart_h=0.25, checkpoint_h=0.004, spares=0.02)


def test_no_failures_no_loss():
    assert goodput(Reliability(0.0, 1.0, 1.0, 0.0), 10_000).share == 1.0


def test_falls_with_scale():
    shares = [goodput(TYPICAL, n).share for n in (8, 512, 4096, 16384, 131072)]
    assert all(b < a for a, b in itertools.pairwise(shares))
    assert 0.8 < shares[3] < 0.95


def test_interval_is_near_the_best_one():
    """No interval tried on a fine grid loses less than Daly's by more than a tenth of a percent."""
    n = 16384
    between = 24 / (n * TYPICAL.failures)

    def share(tau):
        lost = (TYPICAL.restart_h + tau / 2 + TYPICAL.checkpoint_h) / between
        return (1 - lost) / (1 + TYPICAL.checkpoint_h / tau)

    grid = max(share(t) for t in np.geomspace(0.001, 10, 2000))
    assert share(best_interval(TYPICAL.checkpoint_h, between)) == pytest.approx(grid, abs=1e-3)


def test_never_below_zero():
    assert goodput(Reliability(10.0, 5.0, 5.0, 0.0), 100_000).share == 0.0
