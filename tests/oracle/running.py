"""One period's work on a given fleet: the cheapest of all ways to share out the systems, a small linear program."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor, inf

from planner.scenario.model import ContinuousTraining, Scenario, Workload
from planner.scenario.periods import label_end, label_start
from planner.scenario.rent import RENTED
from tests.oracle.facts import Facts
from tests.oracle.installing import Late
from tests.oracle.ripening import over
from tests.oracle.setting import EPS, Fleet, Place, Setting
from tests.oracle.simplex import Limit, minimise
from tests.oracle.staying import Where, barred
from tests.oracle.wearing import Worn

Option = tuple[int, int, int, int]
"""Workload, place, systems per job, and the network over which it runs (-1: none to choose)."""


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
        self.late: Late = ()
        """What of every place is being installed in the period under trial."""
        self.worn: Worn = ()
        """What of every place has failed, and what share fails, in the period under trial."""
        self.held_runs: tuple[tuple[Place, int, int], ...] = ()
        """Place, period and systems of every coherent run, for each period in which it runs."""
        self.where: tuple[tuple[str, Place, int], ...] = ()
        """Run, place and period, likewise."""
        self.far: Mapping[tuple[Place, int, int], float] = {}
        """(place, network, period) -> systems of coherent runs over that network, on average."""

    # one period's work

    def running(self, t: int, fleet: Fleet) -> Work:
        """The cheapest way to run a period; its cost (at the period's end) is inf when nothing is feasible."""
        busy = tuple(self.busy[p, t] for p in self.places)
        fleet = self.stand(fleet, t)
        if not self.held(t, fleet):
            return Work()
        ready = tuple(sorted((pair, since) for pair, since in self.ready.items() if since <= t))
        here = frozenset((run, *place[1:]) for run, place, u in self.where if u == t)
        far = tuple(sorted(self.far.items()))
        ports = tuple((where, tuple(map(tuple, table))) for where, table in self.wired.items())
        key = (t, fleet, busy, ready, self.bought, self.late, self.worn, here, far, ports)
        if key not in self.memo:
            work = {(stream.id, *place[1:]) for stream in self.s.streams for place in self.places}
            tried = [self._running(t, fleet, busy, {p for p, _ in ready}, away) for away in barred(self.s, here, work)]
            self.memo[key] = min(tried, key=lambda found: found.cost, default=Work())
        return self.memo[key]

    def held(self, t: int, fleet: Fleet) -> bool:
        """Whether every coherent run of the period has its systems in service and can feed them all at once."""
        whole = [
            (1 - loss) * (n - failed - at_start) + EPS
            for n, (_, at_start, _), (failed, loss) in zip(fleet, self.late, self.worn, strict=True)
        ]
        return all(
            z <= whole[self.places.index(place)] and z <= self.fed(place, t) for place, u, z in self.held_runs if u == t
        )

    def fed(self, place: Place, t: int) -> int:
        """Systems that hall and meter can feed at once in a period; none where they may not be operated."""
        if place[1] == RENTED:
            return 10**9
        kind, site = self.kinds[place[0]], next(site for site in self.s.sites if site.id == place[1])
        if not self.f.allowed("operate", kind.accelerator, site.id, t):
            return 0
        meter = self.meter(site, t) / self.pue(place[1:], t, worst=True)
        return floor(min(meter, self.it_power(place[1:], t)) / (kind.kw + self.shared(place)) + EPS)

    def _running(
        self, t: int, fleet: Fleet, busy: tuple[float, ...], ready: set[tuple[str, str]], away: set[Where]
    ) -> Work:
        fed = [self.fed(p, t) for p in self.places]
        works = [n - failed for n, (failed, _) in zip(fleet, self.worn, strict=True)]
        most = [
            min((1 - loss / 2) * (n - mean), k)
            for n, k, (mean, _, _), (_, loss) in zip(works, fed, self.late, self.worn, strict=True)
        ]
        there = [n - never for n, (_, _, never) in zip(works, self.late, strict=True)]
        # a job of one system runs on what is expected of it, one of several on whole systems
        ever = [max(floor(min(n, k) + EPS), int(n > EPS and k >= 1)) for n, k in zip(there, fed, strict=True)]
        options = [
            (w, k, z, rung)
            for w, stream in enumerate(self.s.streams)
            for k, place in enumerate(self.places)
            for z in range(1, ever[k] + 1)
            for rung in self.networks(place, z, t)
            if self.useful(stream, place, z, ready) and (stream.id, *place[1:]) not in away
        ]
        limits: list[Limit] = []
        for place in range(len(self.places)):
            limits.append(([float(k == place) for _, k, _, _ in options], most[place] - busy[place]))
        limits += self.ported_work(options, t)
        for on, off, beside, bound in self.feeds(t):
            more = [a - b for a, b in zip(on, off, strict=True)]
            taken = sum(unit * b for unit, b in zip(more, busy, strict=True))
            taken += sum(unit * n for unit, n in zip(off, fleet, strict=True))
            taken += sum(
                beside[self.places.index(p)] * self.farther(p, r) * n for (p, r, u), n in self.far.items() if u == t
            )
            row = [more[k] + beside[k] * self.farther(self.places[k], rung) for _, k, _, rung in options]
            limits.append((row, bound - taken))
        if any(bound < -EPS * (1.0 + abs(bound)) for _, bound in limits):
            return Work()
        limits = [(row, max(0.0, bound)) for row, bound in limits]
        price = [self.price(place, t, fleet) for place in self.places]
        asleep = [self.kwh_off(place, t) * each for place, each in zip(self.places, price, strict=True)]
        awake = [self.kwh(place, t) * each for place, each in zip(self.places, price, strict=True)]
        energy = [a - b for a, b in zip(awake, asleep, strict=True)]
        uplink = [self.pue(p[1:], t) * self.cal[t].hours * each for p, each in zip(self.places, price, strict=True)]
        rates = [self.pace(self.s.streams[w], self.places[k], z * self.g(k), t, rung) / z for w, k, z, rung in options]
        needs, over = [], self.cal[t].hours * 3600 / 1e6
        for w, stream in enumerate(self.s.streams):
            row = [rate if v == w else 0.0 for rate, (v, _, _, _) in zip(rates, options, strict=True)]
            fine = inf if stream.shortfall is None else self.money(stream.shortfall) * over
            needs.append((row, stream.target.at(self.cal[t]) or 0.0, fine))
        bill = [energy[k] + uplink[k] * self.farther(self.places[k], rung) for _, k, _, rung in options]
        cost, x = minimise(bill, limits, needs)
        cost += sum(
            uplink[self.places.index(p)] * self.farther(p, r) * n for (p, r, u), n in self.far.items() if u == t
        )
        cost += sum(b * e for b, e in zip(busy, energy, strict=True))
        cost += sum(n * e for n, e in zip(fleet, asleep, strict=True))
        return Work(cost, tuple((option, n) for option, n in zip(options, x, strict=False) if n > EPS))

    def networks(self, place: Place, z: int, t: int) -> list[int]:
        """Networks over which a job of so many systems may run: they reach that far and have the ports for it."""
        ladder, size = self.ladder(place), z * self.kinds[place[0]].g
        if not ladder:
            return [-1]
        return [k for k, r in enumerate(ladder) if size <= r.reach and size <= self.wired[place[1:]][k][t]]

    def ported_work(self, options: list[Option], t: int) -> list[Limit]:
        """Work over a network or a farther one has ports of it."""
        limits: list[Limit] = []
        for where, table in self.wired.items():
            for k in range(1, len(table)):
                here = [self.places[p][1:] == where and rung >= k for _, p, _, rung in options]
                row = [self.g(o[1]) * float(yes) for o, yes in zip(options, here, strict=True)]
                busy = [(p, n) for (p, r, u), n in self.far.items() if p[1:] == where and r >= k and u == t]
                limits.append((row, table[k][t] - sum(n * self.kinds[p[0]].g for p, n in busy)))
        return limits

    def mixed_rate(
        self, work: Workload, penalty: float, where: tuple[Place, Place], z: tuple[int, int], rung: int
    ) -> tuple[float, int]:
        """Tokens/s of two kinds at work together, each accelerator at its speed in a cluster of that size of its own
        kind; 0 where that cannot be. And its accelerators.
        """
        kinds = [self.kinds[p[0]] for p in where]
        n, speed = sum(k.g * count for k, count in zip(kinds, z, strict=True)), []
        far = self.ladder(where[0])[rung].reach if rung >= 0 else 10**9
        limits = [self.reach(p) if rung < 0 else self.kinds[p[0]].reach or 10**9 for p in where]
        if n > min(far, *limits):
            return 0.0, n
        for place, kind, count in zip(where, kinds, z, strict=True):
            alone = ceil(n / kind.g) * kind.g
            speed.append(self.nominal(work, place, alone, rung) * count * kind.g / alone)
        return (sum(speed) * (1 - penalty) if all(speed) else 0.0), n

    def feeds_both(self, where: tuple[Place, Place], z: tuple[int, int], t: int) -> bool:
        """Whether hall and meter feed two kinds at once."""
        kw = sum((self.kinds[p[0]].kw + self.shared(p)) * count for p, count in zip(where, z, strict=True))
        site = next(s for s in self.s.sites if s.id == where[0][1])
        meter = self.meter(site, t) / self.pue(where[0][1:], t, worst=True)
        return kw <= min(self.it_power(where[0][1:], t), meter) + EPS

    def farther(self, place: Place, rung: int) -> float:
        """kW by which a system draws more over a network than over the nearest."""
        ladder = self.ladder(place)
        return self.kinds[place[0]].g * (ladder[rung].kw - ladder[0].kw) if ladder else 0.0

    def nominal(self, work: Workload, place: Place, accelerators: int, rung: int) -> float:
        """Rate of a job over a network on mature software."""
        ladder = self.ladder(place)
        if not ladder or ladder[rung].ratio == 1.0:
            return self.f.rate(work, place[0], accelerators)
        return self.f.rate_over(work, place[0], accelerators, ladder[rung].ratio, ladder[rung].pod)

    def pace(self, work: Workload, place: Place, accelerators: int, t: int, rung: int) -> float:
        """Rate of a job in a period, by the age of its software."""
        rate, age = self.nominal(work, place, accelerators, rung), self.age(work, place[0], t)
        return rate if age is None else rate * over(*self.f.ripens, age, self.cal[t].hours)

    def age(self, work: Workload, system: str, t: int) -> float | None:
        """Hours since the software of work was ported; None where it is mature anyway."""
        platform = self.kinds[system].platform
        if not self.s.porting.maturity or any(
            platform in w.ported for w in self.s.workloads if w.software == work.software
        ):
            return None
        return (self.cal[t].start - self.cal[self.ready[work.software, platform]].start).days * 24.0

    def g(self, place: int) -> int:
        """Accelerators per system of a place."""
        return self.kinds[self.places[place][0]].g

    def price(self, place: Place, t: int, fleet: Fleet) -> float:
        """Of a kWh at the meter."""
        if place[1] == RENTED:
            return 0.0
        site = next(site for site in self.s.sites if site.id == place[1])
        tariff, pue = self.tariff(site, t), self.f.pue[place[1:]]
        more, above = self.f.surcharge.get(place[1], (0.0, 9.0))
        tariff += more if pue > above else 0.0
        tariff -= self.f.gain.get(place[1], (0.0, 0.0))[0] if self.all_home(place[1], fleet) else 0.0
        return tariff

    def back(self, place: Place, fleet: Fleet) -> float:
        """Share of the price of what is placed there that comes back."""
        return self.f.gain.get(place[1], (0.0, 0.0))[1] if self.all_home(place[1], fleet) else 0.0

    def all_home(self, site: str, fleet: Fleet) -> bool:
        """Whether nothing foreign is in service at a site."""
        return not any(n and p[1] == site and p[0] in self.f.foreign for n, p in zip(fleet, self.places, strict=True))

    def feeds(self, t: int) -> Iterator[tuple[list[float], list[float], list[float], float]]:
        """Power rows: kW per system that is on and per one that is off in each place, the row's weight of a kW beside
        them, and what hall and meter give.
        """
        for site in self.s.sites:
            halls = {(site.id, hall.id) for hall in site.all_halls}
            worst = [self.pue(p[1:], t, worst=True) if p[1:] in halls else 0.0 for p in self.places]
            for where in halls:
                here = [float(p[1:] == where) for p in self.places]
                yield *self.draws(here, t), self.it_power(where, t)
            yield *self.draws(worst, t), self.meter(site, t)
            if site.id in self.f.energy:
                here = [float(p[1:] in halls) for p in self.places]
                yield *self.energies(here, t), self.f.energy[site.id]
        yield from self.capped(t)

    def draws(self, weight: list[float], t: int) -> tuple[list[float], list[float], list[float]]:
        """kW of a system in each place, on and off, times a weight."""
        on = [w * (self.kinds[p[0]].kw + self.shared(p)) for w, p in zip(weight, self.places, strict=True)]
        return on, [w * self.idle(p, t) for w, p in zip(weight, self.places, strict=True)], weight

    def energies(self, weight: list[float], t: int) -> tuple[list[float], list[float], list[float]]:
        """kWh of a system in each place, on and off, times a weight."""
        on = [w * self.kwh(p, t) for w, p in zip(weight, self.places, strict=True)]
        off = [w * self.kwh_off(p, t) for w, p in zip(weight, self.places, strict=True)]
        each = [w * self.pue(p[1:], t) * self.cal[t].hours for w, p in zip(weight, self.places, strict=True)]
        return on, off, each

    def capped(self, t: int) -> Iterator[tuple[list[float], list[float], list[float], float]]:
        """Caps on energy and carbon: kWh or kg per system of each place. Only those of a single period."""
        limits = self.s.limits
        for cap, of_carbon in ((limits.energy, False), (limits.carbon, True)):
            assert cap.total is None, "a cap over several periods cannot be tried period by period"
            for label, most in cap.per_year.items():
                if label_start(label) <= self.cal[t].start < label_end(label):
                    weight = [self.carbon(p[1], t) if of_carbon else 1.0 for p in self.places]
                    yield *self.energies(weight, t), most

    def carbon(self, name: str, t: int) -> float:
        """kg per kWh."""
        site = next((site for site in self.s.sites if site.id == name), None)
        if site is None:
            return 0.0
        return site.carbon.at(self.cal[t]) if site.carbon else self.f.carbon[name]

    def useful(self, stream: ContinuousTraining, place: Place, z: int, ready: set[tuple[str, str]]) -> bool:
        """Whether jobs of so many systems may run there and are worth anything."""
        kind = self.kinds[place[0]]
        return (
            (stream.software, kind.platform) in ready
            and (stream.platforms is None or kind.platform in stream.platforms)
            and stream.least_job <= z * kind.g <= self.reach(place)
            and self.f.rate(stream, place[0], z * kind.g) > 0
        )
