"""Positions by which the numbers of a problem are found."""

Key = tuple[int, ...]
"""Positions of any number; what they are is said where it is used."""
Slot = tuple[int, int, int]
"""(i, h, t): a system in a hall in a period."""
Slots = frozenset[Slot]
