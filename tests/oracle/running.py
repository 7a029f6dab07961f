"""One period's work on a given fleet: the cheapest of all ways to switch on and to share out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from math import ceil, floor, inf

from planner.scenario.model import ContinuousTraining, Scenario
from tests.oracle.facts import Facts
from tests.oracle.fractional import least_shortfall
from tests.oracle.setting import EPS, Fleet, Place, Setting


@dataclass(frozen=True)
class Work:
    """A period's work: systems on, jobs of several systems (workload, place, systems, number), shares of one."""

    cost: float = inf
    on: tuple[int, ...] = ()
    jobs: tuple[tuple[int, int, int, int], ...] = ()
    shares: list[list[float]] = field(default_factory=list)


class Running(Setting):
    """Setting with the coherent runs (`busy`) and ports (`ready`) of the branch under trial."""

    def __init__(self, scenario: Scenario, facts: Facts) -> None:
        super().__init__(scenario, facts)
        self.memo: dict[object, Work] = {}
        self.ready: Mapping[tuple[str, str], int] = {}
        self.busy: Mapping[tuple[Place, int], float] = {}

    # one period's work

    def running(self, t: int, fleet: Fleet) -> Work:
        """The cheapest way to run a period; its cost (at the period's end) is inf when nothing is feasible."""
        busy = tuple(self.busy[p, t] for p in self.places)
        ready = tuple(sorted(pair for pair, since in self.ready.items() if since <= t))
        key = (t, fleet, busy, ready)
        if key not in self.memo:
            self.memo[key] = self._running(t, fleet, busy, set(ready))
        return self.memo[key]

    def _running(self, t: int, fleet: Fleet, busy: tuple[float, ...], ready: set[tuple[str, str]]) -> Work:
        best = Work()
        may = [
            n if n and self.f.allowed("operate", self.kinds[p[0]].accelerator, p[1], t) else 0
            for n, p in zip(fleet, self.places, strict=True)
        ]
        least = [ceil(b - EPS) for b in busy]
        for on in product(*(range(low, high + 1) for low, high in zip(least, may, strict=True))):
            if not self.fed(t, on):
                continue
            energy = 0.0
            for n, p in zip(on, self.places, strict=True):
                unit = self.kinds[p[0]].kw * self.f.load * self.f.pue[p[1:]] * self.f.tariff[p[1]]
                energy += n * unit * self.cal[t].hours
            if energy >= best.cost:
                continue
            work = self.short(t, [n - b for n, b in zip(on, busy, strict=True)], ready)
            if energy + work.cost < best.cost:
                best = Work(energy + work.cost, on, work.jobs, work.shares)
        return best

    def fed(self, t: int, on: tuple[int, ...]) -> bool:
        for site in self.s.sites:
            meter = 0.0
            for hall in site.halls:
                draw = sum(
                    n * self.kinds[p[0]].kw for n, p in zip(on, self.places, strict=True) if p[1:] == (site.id, hall.id)
                )
                if draw > (hall.it_power.at(self.cal[t]) or 0.0) + EPS:
                    return False
                meter += self.f.pue[site.id, hall.id] * draw
            if meter > (site.grid.at(self.cal[t]) or 0.0) + EPS:
                return False
        return True

    def short(self, t: int, caps: list[float], ready: set[tuple[str, str]]) -> Work:
        """Least price of what is not trained, trying every number of jobs of several systems."""
        streams = self.s.streams
        options = [
            (w, k, z)
            for w, stream in enumerate(streams)
            for k, place in enumerate(self.places)
            for z in range(2, floor(caps[k] + EPS) + 1)
            if self.useful(stream, place, z, ready)
        ]
        best = Work()

        def extend(
            index: int, left: list[float], got: list[float], jobs: tuple[tuple[int, int, int, int], ...]
        ) -> None:
            nonlocal best
            if index == len(options):
                cost, shares = self.filled(t, left, got, ready)
                if cost < best.cost:
                    best = Work(cost, (), jobs, shares)
                return
            w, k, z = options[index]
            rate = self.f.rate(streams[w], self.places[k][0], z * self.kinds[self.places[k][0]].g)
            n = 0
            while n * z <= left[k] + EPS:
                less, more = list(left), list(got)
                less[k] -= n * z
                more[w] += n * rate
                extend(index + 1, less, more, (*jobs, (w, k, z, n)) if n else jobs)
                n += 1

        extend(0, caps, [0.0] * len(streams), ())
        return best

    def useful(self, stream: ContinuousTraining, place: Place, z: int, ready: set[tuple[str, str]]) -> bool:
        kind = self.kinds[place[0]]
        return (
            (stream.software, kind.platform) in ready
            and (stream.platforms is None or kind.platform in stream.platforms)
            and stream.least_job <= z * kind.g <= self.reach(place)
            and self.f.rate(stream, place[0], z * kind.g) > 0
        )

    def filled(
        self, t: int, left: list[float], got: list[float], ready: set[tuple[str, str]]
    ) -> tuple[float, list[list[float]]]:
        """Jobs of a single system take any part of a period: what is left is filled with them."""
        streams = self.s.streams
        rates = [
            [self.f.rate(s, p[0], self.kinds[p[0]].g) if self.useful(s, p, 1, ready) else 0.0 for p in self.places]
            for s in streams
        ]
        needs = [max(0.0, self.wanted(s, t) - g) for s, g in zip(streams, got, strict=True)]
        per_token = self.cal[t].hours * 3600 / 1e6
        prices = [inf if s.shortfall is None else self.money(s.shortfall) * per_token for s in streams]
        return least_shortfall([max(0.0, c) for c in left], rates, needs, prices)

    def wanted(self, stream: ContinuousTraining, t: int) -> float:
        return stream.target.at(self.cal[t]) or 0.0
