"""How fast software is after a port, added up hour by hour."""

from functools import cache
from math import ceil


@cache
def at(first: float, whole: float, age: float) -> float:
    """Efficiency in the hour that begins at an age."""
    return min(1.0, first + (1.0 - first) * (age + 0.5) / whole)


@cache
def over(first: float, whole: float, age: float, hours: float) -> float:
    """Mean efficiency over so many hours from an age on; within five days of maturity it is whole."""
    if age + 120 >= whole:
        return 1.0
    return sum(at(first, whole, age + n) for n in range(ceil(hours))) / hours


@cache
def until(first: float, whole: float, age: float, hours: float) -> float:
    """Hours from an age on that do what mature software does in `hours`."""
    if age + 120 >= whole:
        return hours
    n, left = 0, hours
    while left > at(first, whole, age + n):
        left -= at(first, whole, age + n)
        n += 1
    return n + left / at(first, whole, age + n)
