"""How much software trains after a port, worked out from areas under the line of its efficiency."""

SPARE_DAYS = 5
"""Software within so many days of its maturity is taken for mature, as deliveries count for a period that began."""


def area(start: float, whole: float, first: float, last: float) -> float:
    """Hours of mature software that an efficiency is worth between two ages, in hours.

    It rises evenly from `start` at age 0 to 1 at age `whole` and stays there.
    """
    bend = min(max(whole, first), last)
    left, right = (start + (1.0 - start) * age / whole if whole > 0 else 1.0 for age in (first, bend))
    return (bend - first) * (left + right) / 2.0 + (last - bend)


def ripe(start: float, whole: float, age: float) -> bool:
    """Whether software of an age is mature."""
    return start >= 1.0 or whole - age <= SPARE_DAYS * 24.0


def mean(start: float, whole: float, age: float, hours: float) -> float:
    """Mean efficiency over so many hours from an age on."""
    return 1.0 if ripe(start, whole, age) else area(start, whole, age, age + hours) / hours


def lasts(start: float, whole: float, age: float, hours: float) -> float:
    """Hours that work takes from an age on, which mature software does in `hours`: by bisection."""
    if ripe(start, whole, age):
        return hours
    low, high = hours, hours + whole
    for _ in range(200):
        middle = (low + high) / 2.0
        low, high = (low, middle) if area(start, whole, age, age + middle) >= hours else (middle, high)
    return high
