"""A dozen-variable linear program by the textbook: the continuous remainder of the brute force."""

from math import inf

EPS = 1e-10

Limit = tuple[list[float], float]
"""Row a and bound b >= 0: a.x <= b."""
Need = tuple[list[float], float, float]
"""Row a, target and price: what a.x lacks of the target costs the price per unit; inf allows no lack."""


def minimise(costs: list[float], limits: list[Limit], needs: list[Need]) -> tuple[float, list[float]]:
    """Least costs.x plus the price of what is missing, over x >= 0; inf and no x when something must not be missing.

    x = 0 with everything missing is where the primal simplex starts, so it needs no first phase. What must not be
    missing gets a price beyond all others. Costs must not be negative.
    """
    asked = [(row, target, price) for row, target, price in needs if target > 0]
    dear = 1e6 * (1.0 + sum(costs) + sum(t * p for _, t, p in asked if p < inf))
    shares = [([a / t for a in row], dear if p == inf else t * p) for row, t, p in asked]
    x = _simplex(costs, limits, shares)
    total = sum(c * v for c, v in zip(costs, x, strict=True))
    for (row, price), (_, _, given) in zip(shares, asked, strict=True):
        missing = 1.0 - sum(a * v for a, v in zip(row, x, strict=True))
        if missing > 1e-9:
            total += inf if given == inf else price * missing
    return (total, x) if total < inf else (inf, [])


def _simplex(costs: list[float], limits: list[Limit], needs: list[tuple[list[float], float]]) -> list[float]:
    """Primal simplex with Bland's rule. Columns: x, slack of each limit, missing and excess of each need."""
    n, m, k = len(costs), len(limits), len(needs)
    width = n + m + 2 * k
    price = [*costs, *[0.0] * m, *(p for _, p in needs), *[0.0] * k]
    rows: list[list[float]] = []
    for i, (row, bound) in enumerate(limits):
        rows.append([*row, *(float(i == j) for j in range(m)), *[0.0] * (2 * k), bound])
    for i, (row, _) in enumerate(needs):
        unit = [float(i == j) for j in range(k)]
        rows.append([*row, *[0.0] * m, *unit, *(-u for u in unit), 1.0])
    basis = [*range(n, n + m), *range(n + m, n + m + k)]
    reduced = [price[j] - sum(price[b] * r[j] for b, r in zip(basis, rows, strict=True)) for j in range(width)]
    while (enter := next((j for j in range(width) if reduced[j] < -EPS * (1 + abs(price[j]))), None)) is not None:
        ratios = [(r[-1] / r[enter], basis[i], i) for i, r in enumerate(rows) if r[enter] > EPS]
        assert ratios, "unbounded"
        least = min(ratio for ratio, _, _ in ratios)
        leave = min((b, i) for ratio, b, i in ratios if ratio <= least + EPS)[1]
        pivot = rows[leave][enter]
        rows[leave] = [v / pivot for v in rows[leave]]
        for i, r in enumerate(rows):
            if i != leave and r[enter]:
                factor = r[enter]
                rows[i] = [v - factor * p for v, p in zip(r, rows[leave], strict=True)]
        factor = reduced[enter]
        reduced = [v - factor * p for v, p in zip(reduced, rows[leave][:-1], strict=True)]
        basis[leave] = enter
    x = [0.0] * width
    for b, r in zip(basis, rows, strict=True):
        x[b] = max(0.0, r[-1])
    return x[:n]
