"""One period's work on a given fleet: the cheapest of all ways to share out the systems.

Which jobs of several systems run is enumerated; how much of each place every workload then gets is a small linear
program.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import floor, inf
from typing import NamedTuple

from planner.scenario.model import ContinuousTraining, Scenario
from tests.oracle.facts import Facts
from tests.oracle.setting import EPS, Fleet, Place, Setting
from tests.oracle.simplex import Limit, minimise


class Option(NamedTuple):
    """A kind of job, and what of it surely runs."""

    workload: int
    place: int
    z: int
    """Systems per job."""
    surely: int
    """Systems that it takes at least."""
    more: bool
    """Whether it may take any amount beyond that: two jobs and a half of z systems are two of 1.25 z."""


@dataclass(frozen=True)
class Work:
    """A period's work: cost at its end, and systems given to each kind of job."""

    cost: float = inf
    given: tuple[tuple[Option, float], ...] = ()


class Running(Setting):
    """Setting with the coherent runs (`busy`) and ports (`ready`) of the branch under trial."""

    def __init__(self, scenario: Scenario, facts: Facts) -> None:
        super().__init__(scenario, facts)
        self.memo: dict[object, Work] = {}
        self.ready: Mapping[tuple[str, str], int] = {}
        self.busy: Mapping[tuple[Place, int], float] = {}
        self.held_runs: tuple[tuple[Place, int, int], ...] = ()
        """Place, period and systems of every coherent run, for each period in which it runs."""

    # one period's work

    def running(self, t: int, fleet: Fleet) -> Work:
        """The cheapest way to run a period; its cost (at the period's end) is inf when nothing is feasible."""
        busy = tuple(self.busy[p, t] for p in self.places)
        if not self.held(t, fleet):
            return Work()
        ready = tuple(sorted(pair for pair, since in self.ready.items() if since <= t))
        key = (t, fleet, busy, ready)
        if key not in self.memo:
            self.memo[key] = self._running(t, fleet, busy, set(ready))
        return self.memo[key]

    def held(self, t: int, fleet: Fleet) -> bool:
        """Whether every coherent run of the period has its systems in service and can feed them all at once."""
        return all(
            z <= fleet[self.places.index(place)] and z * self.kinds[place[0]].kw <= self.feed(place, t) + EPS
            for place, u, z in self.held_runs
            if u == t
        )

    def feed(self, place: Place, t: int) -> float:
        """kW of IT load that a hall and its site's meter can feed in a period."""
        site = next(site for site in self.s.sites if site.id == place[1])
        meter = (site.grid.at(self.cal[t]) or 0.0) / self.f.pue[place[1:]]
        return min(meter, self.halls[place[1:]].it_power.at(self.cal[t]) or 0.0)

    def _running(self, t: int, fleet: Fleet, busy: tuple[float, ...], ready: set[tuple[str, str]]) -> Work:
        may = [
            n if self.f.allowed("operate", self.kinds[p[0]].accelerator, p[1], t) else 0
            for n, p in zip(fleet, self.places, strict=True)
        ]
        free = [n - b for n, b in zip(may, busy, strict=True)]
        if min(free, default=0.0) < -EPS:
            return Work()
        base = sum(b * self.energy(p, t) for b, p in zip(busy, self.places, strict=True))
        best = Work()
        for on in self.choices(t, free, ready):
            cost, x = self.shared(t, on, free, busy)
            if base + cost < best.cost:
                given = ((option, option.surely + extra) for option, extra in zip(on, x, strict=True))
                best = Work(base + cost, tuple((option, n) for option, n in given if n > EPS))
        return best

    def energy(self, place: Place, t: int) -> float:
        """Cost of one system that is on for the whole period."""
        unit = self.kinds[place[0]].kw * self.f.load * self.f.pue[place[1:]] * self.f.tariff[place[1]]
        return unit * self.cal[t].hours

    def choices(self, t: int, free: list[float], ready: set[tuple[str, str]]) -> Iterator[list[Option]]:
        """Every set of kinds of jobs that may run beside each other; those of a single system are always in it."""
        single: list[Option] = []
        several: list[list[Option | None]] = []
        for w, stream in enumerate(self.s.streams):
            for k, place in enumerate(self.places):
                kind = self.kinds[place[0]]
                if free[k] > EPS and self.useful(stream, place, 1, ready) and kind.kw <= self.feed(place, t) + EPS:
                    single.append(Option(w, k, 1, 0, True))
                for z in range(2, floor(free[k] + EPS) + 1):
                    if self.useful(stream, place, z, ready):
                        stretch = 2 * z * kind.g <= self.reach(place)
                        counts = [1] if stretch else range(1, floor(free[k] / z + EPS) + 1)
                        several.append([None, *(Option(w, k, z, n * z, stretch) for n in counts)])
        for some in product(*several):
            yield [*single, *(option for option in some if option is not None)]

    def shared(self, t: int, on: list[Option], free: list[float], busy: tuple[float, ...]) -> tuple[float, list[float]]:
        """Least cost of energy and shortfall when at least one job of each kind of several systems runs, and the
        systems that each kind gets beyond that."""
        streams, places = self.s.streams, self.places
        floors = [option.surely for option in on]
        rates = [self.f.rate(streams[o.workload], places[o.place][0], o.z * self.g(o.place)) / o.z for o in on]
        at = [[float(o.place == place) for o in on] for place in range(len(places))]
        limits: list[Limit] = [
            (row, free[place] - sum(r * f for r, f in zip(row, floors, strict=True))) for place, row in enumerate(at)
        ]
        for rows, bound in self.feeds(t):
            row = [rows[o.place] for o in on]
            taken = sum(r * f for r, f in zip(row, floors, strict=True))
            taken += sum(r * b for r, b in zip(rows, busy, strict=True))
            limits.append((row, bound - taken))
        if any(bound < -EPS * max(1.0, abs(bound)) - EPS for _, bound in limits):
            return inf, []
        limits = [(row, max(0.0, bound)) for row, bound in limits]
        limits += [([float(o is other) for other in on], 0.0) for o in on if not o.more]
        costs = [self.energy(places[o.place], t) for o in on]
        base = sum(c * f for c, f in zip(costs, floors, strict=True))
        needs, over = [], self.cal[t].hours * 3600 / 1e6
        for w, stream in enumerate(streams):
            row = [rate if o.workload == w else 0.0 for rate, o in zip(rates, on, strict=True)]
            wanted = (stream.target.at(self.cal[t]) or 0.0) - sum(r * f for r, f in zip(row, floors, strict=True))
            needs.append((row, wanted, inf if stream.shortfall is None else self.money(stream.shortfall) * over))
        cost, x = minimise(costs, limits, needs)
        return base + cost, x

    def g(self, place: int) -> int:
        """Accelerators per system of a place."""
        return self.kinds[self.places[place][0]].g

    def feeds(self, t: int) -> Iterator[tuple[list[float], float]]:
        """Power rows: kW per system of each place, and what hall and meter give."""
        for site in self.s.sites:
            meter = [0.0] * len(self.places)
            for hall in site.halls:
                here = [self.kinds[p[0]].kw if p[1:] == (site.id, hall.id) else 0.0 for p in self.places]
                yield here, hall.it_power.at(self.cal[t]) or 0.0
                meter = [m + self.f.pue[site.id, hall.id] * kw for m, kw in zip(meter, here, strict=True)]
            yield meter, site.grid.at(self.cal[t]) or 0.0

    def useful(self, stream: ContinuousTraining, place: Place, z: int, ready: set[tuple[str, str]]) -> bool:
        """Whether jobs of so many systems may run there and are worth anything."""
        kind = self.kinds[place[0]]
        return (
            (stream.software, kind.platform) in ready
            and (stream.platforms is None or kind.platform in stream.platforms)
            and stream.least_job <= z * kind.g <= self.reach(place)
            and self.f.rate(stream, place[0], z * kind.g) > 0
        )
