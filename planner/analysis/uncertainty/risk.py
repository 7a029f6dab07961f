"""Expected cost and conditional value at risk of costs with probabilities."""

from collections.abc import Sequence


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
