"""A figure with an interval."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A middle value and the ends of its interval."""

    mid: float
    low: float
    high: float

    @classmethod
    def over(cls, mid: float, others: Iterable[float | None]) -> "Span":
        """`mid` with the least and the largest of it and the others."""
        found = [mid, *(value for value in others if value is not None)]
        return cls(mid, min(found), max(found))

    def times(self, other: "Span | float") -> "Span":
        """The product, both at their low and both at their high ends (all values positive)."""
        if isinstance(other, Span):
            return Span(self.mid * other.mid, self.low * other.low, self.high * other.high)
        return Span(self.mid * other, self.low * other, self.high * other)

    def per(self, other: "Span") -> "Span":
        """The quotient, each end from the ends that make it so."""
        return Span(_quotient(self.mid, other.mid), _quotient(self.low, other.high), _quotient(self.high, other.low))

    def widened(self, deviations: float) -> "Span":
        """The interval widened by a standard deviation of the logarithm, to its central 80 %, on both sides."""
        from planner.throughput.calibration import Z80

        factor = math.exp(Z80 * deviations)
        return Span(self.mid, self.low / factor, self.high * factor)

    def record(self, name: str) -> dict[str, float]:
        """The three as columns `name`, `name_low`, `name_high`."""
        return {name: self.mid, f"{name}_low": self.low, f"{name}_high": self.high}


def over(values: dict[str, float], level: str) -> Span:
    """The value at a level with the range over all levels."""
    return Span.over(values[level], values.values())


def _quotient(a: float, b: float) -> float:
    return a / b if b else math.inf


def by_level[T](found: dict[str, T], value: Callable[[T], float]) -> dict[str, float]:
    """A figure of each level."""
    return {level: value(item) for level, item in found.items()}
