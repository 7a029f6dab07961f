"""Workloads, and the jobs and coherent runs that may do them; rates in tokens/s."""

from dataclasses import dataclass

from planner.costs.events import Events
from planner.problem.asked import TokenBudget


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A divisible workload; `target[t]` in tokens/s, `shortfall[t]` the events of one token/s short
    (None: not allowed).
    """

    id: str
    software: str
    target: tuple[float, ...]
    shortfall: tuple[Events, ...] | None
    budgets: tuple[TokenBudget, ...] = ()
    weight: float = 1.0
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job of divisible workload `stream`, or its part of one of two kinds: `units` systems of one kind in one hall at
    `rate` tokens/s.
    """

    stream: int
    system: int
    units: int
    rate: float
    network: str | None = None
    """Offer over which it runs, in a hall that buys its network."""
    beside: tuple[int, int] | None = None
    """System and units of another kind that does the rest of it, as a job of its own."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A coherent run; `missed` the events of not doing it (None: it must be done)."""

    id: str
    software: str
    missed: Events | None
    weight: float = 1.0
    priority: int | None = None
    group: str | None = None
    """Name of the runs that begin together with it."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A way to do coherent run `run`: `units` systems of one kind in a hall, begun in a period.

    `occupancy` lists (period, share of the period) from the start to the end of the run; `rate` is the mean over it.
    """

    run: int
    system: int
    units: int
    hall: int
    period: int
    rate: float
    occupancy: tuple[tuple[int, float], ...]
    ready: int | None = None
    """Period in which its software was ready, where it is not mature by the start; else None."""
    network: str | None = None
    """Offer over which it runs, in a hall that buys its network."""
    share: float = 1.0
    """Part of the run that these systems do: below one where another kind does the rest, in a begin of its own."""
    beside: tuple[int, int] | None = None
    """System and units of that other kind."""
