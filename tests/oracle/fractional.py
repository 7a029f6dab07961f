"""Work that may be cut anywhere: the one continuous choice of the brute force, solved in closed form."""

from math import inf

TOLERANCE = 1e-9

Shares = list[list[float]]
"""Systems of each place given to each workload."""


def least_shortfall(
    caps: list[float], rates: list[list[float]], needs: list[float], prices: list[float]
) -> tuple[float, Shares]:
    """Least sum of price x what is missing of `needs`, when `caps[k]` systems yield `rates[w][k]` each to workload w.

    One or two workloads with rates: with two, places go to the first in the order of their advantage for it, and the
    cost along that frontier is convex and piecewise linear, so its corners are enough.
    """
    sharing = [w for w, row in enumerate(rates) if needs[w] > 0 and _total(row, caps) > 0]
    if len(sharing) > 2:
        raise NotImplementedError("the brute force shares systems among two divisible workloads at most")
    best, shares = inf, [[0.0] * len(caps) for _ in needs]
    for cut in _cuts(caps, rates, needs, sharing):
        got = [_total(row, part) for row, part in zip(rates, cut, strict=True)]
        if (cost := _cost(got, needs, prices)) < best:
            best, shares = cost, cut
    return best, shares


def _cuts(caps: list[float], rates: list[list[float]], needs: list[float], sharing: list[int]) -> list[Shares]:
    """Ways to share the places that contain a best one."""
    none = [[0.0] * len(caps) for _ in needs]
    if len(sharing) < 2:
        return [[list(caps) if w in sharing else row for w, row in enumerate(none)]]
    a, b = sharing
    first, second = rates[a], rates[b]
    order = sorted(range(len(caps)), key=lambda k: -(first[k] / second[k] if second[k] else inf if first[k] else 0.0))
    cuts, given = [], [0.0] * len(caps)
    for k in order:
        x, y = _total(first, given), _total(second, [c - g for c, g in zip(caps, given, strict=True)])
        gain, loss = first[k] * caps[k], second[k] * caps[k]
        parts = [0.0, 1.0]
        parts += [(needs[a] - x) / gain] if gain > 0 else []
        parts += [(y - needs[b]) / loss] if loss > 0 else []
        for part in parts:
            if 0 <= part <= 1:
                mine = [*given]
                mine[k] = part * caps[k]
                rest = [c - m for c, m in zip(caps, mine, strict=True)]
                cuts.append([mine if w == a else rest if w == b else row for w, row in enumerate(none)])
        given[k] = caps[k]
    return cuts


def _total(row: list[float], caps: list[float]) -> float:
    return sum(r * c for r, c in zip(row, caps, strict=True))


def _cost(got: list[float], needs: list[float], prices: list[float]) -> float:
    total = 0.0
    for g, need, price in zip(got, needs, prices, strict=True):
        missing = need - g
        if missing > TOLERANCE * max(1.0, need):
            total += price * missing
    return total
