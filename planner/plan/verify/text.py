"""Numbers as people read them; two that differ never print the same."""

from planner.units import format as spell


def versus(lhs: float, rhs: float, dimension: str | None = None) -> tuple[str, str]:
    """Both numbers with their unit (a dimension of `planner.units`; None: plain), precise enough to tell apart."""
    for digits in range(3, 16):
        left, right = tell(lhs, dimension, digits), tell(rhs, dimension, digits)
        if left != right or lhs == rhs:
            break
    return left, right


def tell(value: float, dimension: str | None = None, digits: int = 4) -> str:
    """One number with its unit."""
    if dimension is not None:
        return spell(value, dimension, digits)
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:.{digits}g}"
