"""What is left of a period, or of the whole plan, once everything is decided that is no matter of degree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf

from tests.oracle.simplex import Limit, Need, minimise


@dataclass(frozen=True)
class Option:
    """A kind of job: a workload, places with systems per job, and the network over which it runs (-1: none to choose).

    Two places are two kinds of system in one hall that do it together, at a loss.
    """

    w: int
    cells: tuple[tuple[int, int], ...]
    rung: int
    lost: float = 0.0

    @property
    def k(self) -> int:
        """The first place."""
        return self.cells[0][0]

    @property
    def several(self) -> bool:
        """Whether it takes more than one system."""
        return len(self.cells) > 1 or self.cells[0][1] > 1


Given = tuple[tuple[Option, float], ...]


@dataclass
class Block:
    """A period's linear program: jobs of each kind, then other amounts with a price."""

    t: int
    options: tuple[Option, ...]
    bill: list[float]
    """At the period's end, of a unit of each variable."""
    limits: list[Limit]
    needs: list[Need]
    fixed: float
    """Cost whatever is done."""
    trained: list[list[float]]
    """Tokens of each workload by a unit of each variable."""
    used: dict[str, tuple[list[float], float]]
    """Energy, carbon and FLOPs of a vendor by a unit of each variable, and whatever is done."""

    def cheapest(self) -> tuple[float, Given]:
        """Least cost, and the jobs of each kind."""
        cost, x = minimise(self.bill, self.limits, self.needs)
        return cost + self.fixed, self.given(x)

    def given(self, x: Sequence[float]) -> Given:
        """Jobs of each kind that has some."""
        return tuple((option, n) for option, n in zip(self.options, x, strict=False) if n > 1e-9)

    def weighed(self, weights: Sequence[float]) -> list[float]:
        """Tokens by a unit of each variable, each workload's times its weight."""
        return [sum(w * n for w, n in zip(weights, column, strict=True)) for column in zip(*self.trained, strict=True)]

    def cost(self, x: Sequence[float]) -> float:
        """Of a solution, with the price of what is missing."""
        missing = sum(
            fine * max(0.0, target - sum(a * v for a, v in zip(row, x, strict=True)))
            for row, target, fine in self.needs
            if target > 0 and fine < inf
        )
        return self.fixed + sum(c * v for c, v in zip(self.bill, x, strict=True)) + missing


@dataclass(frozen=True)
class Tie:
    """Something that ties periods to each other: tokens asked for by a day, or a cap on energy or carbon."""

    periods: frozenset[int]
    amount: float
    weights: tuple[float, ...] = ()
    """What a token of each workload counts of what is asked for; none: what `used` names is capped."""
    used: str = ""
    fine: float = inf
    """Price of a token that is missing, today's money."""


@dataclass(frozen=True)
class Joined:
    """The best solution of all periods together."""

    cost: float = inf
    """Today's money."""
    costs: tuple[float, ...] = ()
    """Of each period at its end, without fines for tokens."""
    given: tuple[Given, ...] = ()
    missing: tuple[float, ...] = ()
    """Tokens missing, by tie."""


def join(blocks: Sequence[Block], worth: Mapping[int, float], ties: Sequence[Tie]) -> Joined:
    """All periods at once. `worth`: of money at the end of each period, today."""
    starts = [0, *accumulate(len(b.bill) for b in blocks)]
    width = starts[-1]

    def wide(block: int, row: Sequence[float]) -> list[float]:
        return [*[0.0] * starts[block], *row, *[0.0] * (width - starts[block + 1])]

    limits = [(wide(n, row), bound) for n, b in enumerate(blocks) for row, bound in b.limits]
    needs = [(wide(n, row), target, fine * worth[b.t]) for n, b in enumerate(blocks) for row, target, fine in b.needs]
    for tie in ties:
        inside = [(n, b) for n, b in enumerate(blocks) if b.t in tie.periods]
        rows = [wide(n, b.weighed(tie.weights) if tie.weights else b.used[tie.used][0]) for n, b in inside]
        row = [sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * width
        if not tie.weights:
            room = tie.amount - sum(b.used[tie.used][1] for _, b in inside)
            if room < -1e-9 * tie.amount:
                return Joined()
            limits.append((row, max(0.0, room)))
        else:
            needs.append((row, tie.amount, tie.fine))
    bill = [c * worth[b.t] for b in blocks for c in b.bill]
    cost, x = minimise(bill, limits, needs)
    if cost == inf:
        return Joined()
    parts = [x[a:b] for a, b in pairwise(starts)]
    done = [sum(c * v for c, v in zip(row, x, strict=True)) for row, _, _ in needs[len(needs) - _asked(ties) :]]
    wanted = [tie.amount for tie in ties if tie.weights]
    return Joined(
        cost + sum(b.fixed * worth[b.t] for b in blocks),
        tuple(b.cost(part) for b, part in zip(blocks, parts, strict=True)),
        tuple(b.given(part) for b, part in zip(blocks, parts, strict=True)),
        tuple(max(0.0, asked - got) for asked, got in zip(wanted, done, strict=True)),
    )


def _asked(ties: Sequence[Tie]) -> int:
    return sum(bool(tie.weights) for tie in ties)
