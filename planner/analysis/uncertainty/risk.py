"""Expected cost and conditional value at risk of costs with probabilities, and what is minimised of them."""

from collections.abc import Sequence
from typing import Literal

type Aim = Literal["expected", "cvar", "regret"]

TIE = 1e-3
"""Weight of the expected cost beside risk and regret, so that worlds that do not bind are planned well too."""


def expected(costs: Sequence[float], probabilities: Sequence[float]) -> float:
    """Mean cost; probabilities sum to 1."""
    return sum(cost * share for cost, share in zip(costs, probabilities, strict=True))


def cvar(costs: Sequence[float], probabilities: Sequence[float], level: float) -> float:
    """Mean of the dearest 1 - level of the probability (Rockafellar and Uryasev, 2000); at level 0 the mean."""
    left = tail = 1.0 - level
    total = 0.0
    for cost, share in sorted(zip(costs, probabilities, strict=True), reverse=True):
        part = min(left, share)
        total += part * cost
        left -= part
        if left <= 1e-15:
            break
    return total / (tail - max(left, 0.0))


def sought(
    aim: Aim, costs: Sequence[float], probabilities: Sequence[float], level: float, best: Sequence[float]
) -> float:
    """What a program of worlds minimises (`aim_at`), of costs; never falls when a cost rises.

    So least costs of the worlds alone give a lower bound of it for every plan that lives in all of them.
    """
    mean = expected(costs, probabilities)
    if aim == "expected":
        return mean
    if aim == "cvar":
        return cvar(costs, probabilities, level) + TIE * mean
    return (
        max(cost - least for cost, least in zip(costs, best, strict=True)) + expected(best, probabilities) + TIE * mean
    )


def own_bound(aim: Aim, bound: float, probabilities: Sequence[float], best: Sequence[float]) -> float:
    """Lower bound of the aim itself (expected cost, CVaR, largest regret) from one of what is minimised.

    No mean is above its CVaR: (1 + TIE) cvar >= bound. No cost is above its least plus the largest regret:
    (1 + TIE) regret >= bound - (1 + TIE) sum p_k best_k.
    """
    if aim == "expected":
        return bound
    if aim == "cvar":
        return bound / (1.0 + TIE)
    return max(0.0, bound / (1.0 + TIE) - expected(best, probabilities))
