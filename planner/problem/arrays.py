"""The planning problem as numbers: index sets, limits and the cash events of every possible decision.

Indices are positions in the tuples below: `t` periods, `s` sites, `h` halls, `i` systems, `w` workloads.
A decision that a rule, a release date, a lead time or a hall forbids is not in these sets at all; why it
is not is kept in `excluded`. Power in kW, rates in tokens/s, money in the scenario's currency.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from planner.costs.events import CashEvent, Discounting, Events
from planner.problem.asked import FloorRow
from planner.problem.exempt import Exempt
from planner.problem.feed import Feed
from planner.problem.goals import Goals
from planner.problem.loads import Loads
from planner.problem.networks import NetworkRow
from planner.problem.obliged import NOTHING, Duty, Obliged, PartRow
from planner.problem.rows.copies import Copies
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.halls import CapRow, HallRow, OptionRow, SiteRow
from planner.problem.rows.keys import Key
from planner.problem.rows.systems import MoveRow, PendingRow, RentRow, SystemRow
from planner.problem.rows.work import Begin, Job, RunRow, StreamRow
from planner.problem.store import Store
from planner.problem.wear import Wear
from planner.scenario.periods import Calendar

if TYPE_CHECKING:
    from planner.problem.apart import ApartRow
    from planner.problem.ripening import Ripening, Strand, Youth


type JobKey = tuple[str, str, int, str | None, str | None, tuple[str, int] | None]
"""Workload, system, how many of it, hall and network (both None without one), and the other kind with its number."""


@dataclass(frozen=True)
class Problem:
    """All numbers of one planning problem."""

    currency: str
    calendar: Calendar
    discounting: Discounting
    sites: tuple[SiteRow, ...]
    halls: tuple[HallRow, ...]
    systems: tuple[SystemRow, ...]
    runs: tuple[RunRow, ...]
    streams: tuple[StreamRow, ...]
    accelerators: tuple[str, ...]

    arrivals: Mapping[Key, int]
    """(i, t) of every order that may be placed -> period in which it arrives."""
    pending: tuple[PendingRow, ...]
    placeable: frozenset[Key]
    """(i, h, t) in which systems may be placed in service."""
    usable: frozenset[Key]
    """(i, h, t) in which systems may be switched on."""
    base: Mapping[Key, int]
    """(i, h) -> systems in service when the plan starts."""
    expired: Mapping[Key, int]
    """(i, t) -> systems of the installed base past their life at the start of t, over all halls."""
    life_ends: tuple[int | None, ...]
    """First period in which a system placed in service in each is past its life; None: none of the plan."""
    life_periods: int | None
    """Periods after which a new system must be retired; None: later than the horizon's end."""
    racks: Mapping[Key, float]
    """(i, h) -> rack positions that one system takes."""
    allocation: Mapping[tuple[str, int], float]
    """(accelerator, t) -> accelerators that may be delivered."""
    carry_over: bool
    useless: frozenset[Key]
    """(i, t) of orders left out because supply does not make up one system, or no hall holds one."""
    jobs: tuple[Job, ...]
    job_halls: Mapping[int, frozenset[int]]
    """index of a job -> halls whose fabric reaches it."""
    begins: tuple[Begin, ...]
    ports: Mapping[tuple[str, str, int], int]
    """(software family, platform, t) of every port that may begin -> period in which it is ready."""
    ported: frozenset[tuple[str, str]]
    budget_total: float | None
    budget_years: Mapping[str, tuple[frozenset[int], float]]
    """label -> (periods that belong to it, limit)."""

    order_events: Mapping[Key, Events]
    install_events: Mapping[Key, Events]
    powered_events: Mapping[Key, Events]
    kept_events: Mapping[Key, Events]
    port_events: Mapping[int, Events]
    subsidy_events: Mapping[Key, Events] = field(default_factory=dict)
    """(i, h, t) of what is switched on -> what a subsidised site gets for it."""
    grant_events: Mapping[Key, Events] = field(default_factory=dict)
    """(i, h, t) of what is placed in service -> what a subsidised site gets for it."""
    gone: Mapping[Key, int] = field(default_factory=dict)
    """(i, h, t) -> systems that may still be in service where a rule has them removed."""
    options: tuple[OptionRow, ...] = ()
    moves: tuple[MoveRow, ...] = ()
    idle: Mapping[Key, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    """(i, t of placement) -> the periods of which a share is lost to the installation, with that share."""
    rents: tuple[RentRow, ...] = ()
    store: Store = field(default_factory=Store)
    exempt: Exempt = field(default_factory=Exempt)
    wear: Wear = field(default_factory=Wear)
    caps: tuple[CapRow, ...] = ()
    energy: Mapping[Key, float] = field(default_factory=dict)
    """(i, h, t) -> kWh at the meter of one system that is on through the period."""
    networks: tuple[NetworkRow, ...] = ()
    """Halls that buy their scale-out network."""
    wired_events: Mapping[Key, Events] = field(default_factory=dict)
    """(i, t) -> events of an installation in a hall where the system attaches to a network that is bought."""
    loads: Loads = field(default_factory=Loads)
    demand_events: Mapping[Key, Events] = field(default_factory=dict)
    """(s, t) -> cash of one kW of the highest draw at a site's meter."""
    goals: Goals = field(default_factory=Goals)
    floors: tuple[FloorRow, ...] = ()
    apart: "tuple[ApartRow, ...]" = ()
    """Work that must not share a hall or a site."""
    ripening: "Ripening | None" = None
    """How software ripens after a port; None: it is mature at once."""
    fixed_events: Events = ()
    """Cash that no decision changes: refunds of the pending orders that a rule cancels, and what sites cost anyway."""

    parts: tuple[PartRow, ...] = ()
    """Parts whose supply limits deliveries."""
    obliged: Obliged = NOTHING
    """Quotas, shares and what else rules and the buyer's own limits demand."""
    duties: tuple[Duty, ...] = field(default=(), compare=False)
    """What each obligation does, for the report."""
    copies: Copies = field(default_factory=Copies)
    """Places that stand for several alike (planner.problem.alike)."""
    excluded: tuple[Excluded, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def horizon(self) -> range:
        """Indices of the periods."""
        return range(len(self.calendar))

    @cached_property
    def kept_keys(self) -> tuple[tuple[int, int], ...]:
        """(i, h) in which systems can ever stand, sorted."""
        placed = {(key[0], key[1]) for key in self.placeable}
        moved = {(move.system, move.target) for move in self.moves}
        return tuple(sorted(placed | moved | {(key[0], key[1]) for key in self.base}))

    @cached_property
    def workable(self) -> frozenset[Key]:
        """(i, h, t) in which work may run: systems that may be on, and systems that may be rented."""
        rented = {(row.system, row.hall, u) for row in self.rents for held in row.held.values() for u in held}
        return self.usable | rented

    @cached_property
    def rented(self) -> Mapping[int, int]:
        """Hall -> offer, of the places of offers for rent."""
        return {row.hall: r for r, row in enumerate(self.rents)}

    @cached_property
    def removed(self) -> frozenset[tuple[int, int]]:
        """(i, h) from which a rule has systems removed."""
        return frozenset((key[0], key[1]) for key in self.gone)

    @cached_property
    def feed(self) -> Feed:
        """Most power of halls and sites."""
        return Feed(self.sites, self.halls, self.options, self.rents)

    def ready_periods(self, family: str, platform: str) -> list[int]:
        """Periods in which a port may be ready, one for each that may begin."""
        return [ready for _, ready in self.ports_to[family, platform]]

    @cached_property
    def ports_to(self) -> Mapping[tuple[str, str], list[tuple[int, int]]]:
        """(software family, platform) -> (t of every port that may begin, period in which it is ready), sorted."""
        found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for (family, platform, t), ready in sorted(self.ports.items()):
            found[family, platform].append((t, ready))
        return found

    @cached_property
    def unready(self) -> Mapping[Key, list[tuple[int, float]]]:
        """(i, t) -> the periods of placement that lose a share of t to the installation, with that share, sorted."""
        found: dict[Key, list[tuple[int, float]]] = defaultdict(list)
        for (i, u), lost in sorted(self.idle.items()):
            for t, share in lost:
                found[i, t].append((u, share))
        return found

    def efficiency(self, ready: int, period: int) -> float:
        """Mean efficiency, over mature software, in a period of what was ported and ready in another."""
        return 1.0 if self.ripening is None else self.ripening.efficiency(ready, period)

    def strand(self, job: int, hall: int) -> "Strand":
        """What a job in a hall counts to where software ripens."""
        from planner.problem.ripening import Strand

        row = self.systems[self.jobs[job].system]
        site = self.halls[hall].site if self.floors else -1
        vendor = row.vendor if self.goals.needs("concentration") else ""
        return Strand(self.jobs[job].stream, row.platform, site, vendor)

    @cached_property
    def young(self) -> "Mapping[Youth, float]":
        """Every piece of work on software that is not mature yet, and the most tokens/s that it would be if mature."""
        from planner.problem.ripening import youths

        return {} if self.ripening is None else youths(self, self.ripening)

    def most_systems(self, i: int, h: int, t: int) -> int:
        """Most whole systems of kind i that hall h and its site's grid contract can ever feed at once in period t.

        Of halls that are planned as one: that one of them feeds.
        """
        if (i, h, t) not in self._fed:
            feed = self.copies.alone or self.feed
            self._fed[i, h, t] = feed.systems(self.draw_kw(i, h), h, t)
        return self._fed[i, h, t]

    @cached_property
    def _fed(self) -> dict[Key, int]:
        return {}

    def open_ended(self, stream: int) -> bool:
        """Whether more of a divisible workload than its target of a period may be of use."""
        return bool(self.streams[stream].budgets or self.floors or self.goals.needs("throughput"))

    @cached_property
    def network_of(self) -> Mapping[tuple[int, int], NetworkRow]:
        """(i, h) of what attaches to a network that its hall buys."""
        return {(i, row.hall): row for row in self.networks for i in row.attached}

    def placed_events(self, system: int, hall: int, period: int) -> Events:
        """Cash of one system placed in service in a hall."""
        wired = (system, hall) in self.network_of
        return (self.wired_events if wired else self.install_events)[system, period]

    @cached_property
    def job_number(self) -> "Mapping[JobKey, int]":
        """The job that a record of a plan means."""
        found = {}
        for j, job in enumerate(self.jobs):
            system = self.systems[job.system]
            with_ = None if job.beside is None else (self.systems[job.beside[0]].id, job.beside[1])
            for h in self.job_halls[j]:
                hall = self.halls[h].id if job.network is not None else None
                found[self.streams[job.stream].id, system.id, job.units, hall, job.network, with_] = j
        return found

    @cached_property
    def partner(self) -> Mapping[int, int]:
        """Of every job on one of two kinds of system, the first of the two jobs that are one."""
        first: dict[tuple[object, ...], int] = {}
        found = {}
        for j, job in enumerate(self.jobs):
            if job.beside is not None:
                both = frozenset({(job.system, job.units), job.beside})
                found[j] = first.setdefault((job.stream, job.network, self.job_halls[j], both), j)
        return found

    def together_kw(self, work: Job | Begin, hall: int) -> float:
        """kW of IT load of a job or run at work in a hall, with its part on another kind of system."""
        parts = [(work.system, work.units)] if work.beside is None else [(work.system, work.units), work.beside]
        return sum(units * self.draw_kw(i, hall) for i, units in parts)

    def draw_kw(self, system: int, hall: int) -> float:
        """kW of IT load of one system that is on: its own, and its share of network and storage."""
        return self.systems[system].power_kw + self.loads.shared.get((system, hall), 0.0)

    def cost(self, events: Events | tuple[CashEvent, ...]) -> float:
        """Net present cost of some events."""
        return self.discounting.present_cost(events)

    def platform_of(self, system: int) -> str:
        """Software platform of a system."""
        return self.systems[system].platform
