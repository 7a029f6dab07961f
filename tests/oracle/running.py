"""One period's work on a given fleet: the cheapest of all ways to share out the systems, a small linear program."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, inf

from planner.scenario.model import ContinuousTraining, Scenario, Workload
from planner.scenario.rent import RENTED
from tests.oracle.blocks import Block, Option
from tests.oracle.drawing import Peak, peaks
from tests.oracle.facts import Facts
from tests.oracle.installing import Late
from tests.oracle.ripening import over
from tests.oracle.setting import EPS, Fleet, Place, Setting
from tests.oracle.simplex import Limit
from tests.oracle.staying import Where, barred
from tests.oracle.wearing import Worn

Mixture = tuple[float, tuple[Place, Place], tuple[int, int]]
"""Penalty, places and systems of each, of a job on two kinds."""


@dataclass(frozen=True)
class Work:
    """A period's work: cost at its end, and how many jobs of each kind run."""

    cost: float = inf
    given: tuple[tuple[Option, float], ...] = ()


class Running(Setting):
    """Setting with the coherent runs (`busy`) and ports (`ready`) of the branch under trial."""

    def __init__(self, scenario: Scenario, facts: Facts) -> None:
        super().__init__(scenario, facts)
        self.memo: dict[object, tuple[Block, ...]] = {}
        self.charged = any(site.demand_charge is not None for site in scenario.sites)
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
        self.run_flops: tuple[tuple[str, Place, tuple[float, ...], float], ...] = ()
        """Run, place, share of each period that it takes, and its TFLOP/s while it runs there."""
        self.clusters: tuple[tuple[str, Place, tuple[float, ...], int], ...] = ()
        """Run, place, share of each period, and the systems there that do it at once."""
        self.far: Mapping[tuple[Place, int, int], float] = {}
        """(place, network, period) -> systems of coherent runs over that network, on average."""

    # one period's work

    def running(self, t: int, fleet: Fleet) -> Work:
        """The cheapest way to run a period; its cost (at the period's end) is inf when nothing is feasible."""
        tried = [Work(*block.cheapest()) for block in self.blocks(t, fleet)]
        return min(tried, key=lambda found: found.cost, default=Work())

    def blocks(self, t: int, fleet: Fleet) -> tuple[Block, ...]:
        """Every choice of a period that is no matter of degree, each with the rest of it as a linear program."""
        fleet = self.stand(fleet, t)
        if not self.held(t, fleet):
            return ()
        busy = tuple(self.busy[p, t] for p in self.places)
        ready = tuple(sorted((pair, since) for pair, since in self.ready.items() if since <= t))
        here = frozenset((run, *place[1:]) for run, place, u in self.where if u == t)
        far = tuple(sorted(self.far.items()))
        ports = tuple((where, tuple(map(tuple, table))) for where, table in self.wired.items())
        runs = (
            (self.clusters, self.run_flops) if self.charged or self.s.least_compute or self.s.caps.concentration else ()
        )
        key = (t, fleet, busy, ready, self.bought, self.late, self.worn, here, far, ports, runs)
        if key not in self.memo:
            work = {(stream.id, *place[1:]) for stream in self.s.streams for place in self.places}
            found: list[Block] = []
            for away in barred(self.s, here, work):
                options = self.options(t, fleet, {p for p, _ in ready}, away)
                for some, peak in peaks(self, t, fleet, options):
                    found += self.block(t, fleet, some, peak)
            self.memo[key] = tuple(found)
        return self.memo[key]

    def held(self, t: int, fleet: Fleet) -> bool:
        """Whether the runs of the period, which overlap at its start, have systems of their own and are all fed."""
        whole = [
            (1 - loss) * (n - failed - at_start) + EPS
            for n, (_, at_start, _), (failed, loss) in zip(fleet, self.late, self.worn, strict=True)
        ]
        taken = [float(sum(z for at, u, z in self.held_runs if (at, u) == (place, t))) for place in self.places]
        if any(
            z > min(most, self.fed(place, t)) for z, most, place in zip(taken, whole, self.places, strict=True) if z
        ):
            return False
        own = any(z for z, place in zip(taken, self.places, strict=True) if place[1] != RENTED)
        return not own or all(
            sum(kw * z for kw, z in zip(on, taken, strict=True)) <= bound + EPS for on, bound in self.sources(t)
        )

    def sources(self, t: int) -> Iterator[tuple[list[float], float]]:
        """kW per system of each place that is on, and what its hall, or its site's meter, gives."""
        for site in self.s.sites:
            halls = {(site.id, hall.id) for hall in site.all_halls}
            worst = [self.pue(p[1:], t, worst=True) if p[1:] in halls else 0.0 for p in self.places]
            for where in halls:
                yield self.draws([float(p[1:] == where) for p in self.places], t)[0], self.it_power(where, t)
            yield self.draws(worst, t)[0], self.meter(site, t)

    def fed(self, place: Place, t: int) -> int:
        """Systems that hall and meter can feed at once in a period; none where they may not be operated."""
        if place[1] == RENTED:
            return 10**9
        kind, site = self.kinds[place[0]], next(site for site in self.s.sites if site.id == place[1])
        if not self.f.allowed("operate", kind.accelerator, site.id, t):
            return 0
        meter = self.meter(site, t) / self.pue(place[1:], t, worst=True)
        return floor(min(meter, self.it_power(place[1:], t)) / (kind.kw + self.shared(place)) + EPS)

    def options(self, t: int, fleet: Fleet, ready: set[tuple[str, str]], away: set[Where]) -> list[Option]:
        """Every kind of job that could run."""
        fed = [self.fed(p, t) for p in self.places]
        there = [n - failed - never for n, (failed, _), (_, _, never) in zip(fleet, self.worn, self.late, strict=True)]
        # a job of one system runs on what is expected of it, one of several on whole systems
        ever = [max(floor(min(n, k) + EPS), int(n > EPS and k >= 1)) for n, k in zip(there, fed, strict=True)]
        alone = [
            Option(w, ((k, z),), rung)
            for w, stream in enumerate(self.s.streams)
            for k, place in enumerate(self.places)
            for z in range(1, ever[k] + 1)
            for rung in self.networks(place, z, t)
            if self.useful(stream, place, z, ready) and (stream.id, *place[1:]) not in away
        ]
        return alone + [o for o in self.mixtures_of(ready, ever, t) if not self.barred_from(o, away)]

    def on_at_most(self, t: int, fleet: Fleet) -> list[float]:
        """Systems of each place that can be on, on average."""
        return [
            min((1 - loss / 2) * (n - failed - mean), self.fed(place, t))
            for place, n, (mean, _, _), (failed, loss) in zip(self.places, fleet, self.late, self.worn, strict=True)
        ]

    def runs_farther(self, t: int) -> list[tuple[int, float]]:
        """Place of every run over a network, and kW that it draws more than over the nearest."""
        return [(self.places.index(p), self.farther(p, r) * n) for (p, r, u), n in self.far.items() if u == t]

    def block(self, t: int, fleet: Fleet, options: list[Option], peak: Peak) -> list[Block]:
        """What is left of a period to be shared out; nothing where its runs and fleet alone are too much."""
        busy, most, runs = [self.busy[p, t] for p in self.places], self.on_at_most(t, fleet), self.runs_farther(t)

        stands = [n - failed for n, (failed, _) in zip(fleet, self.worn, strict=True)]

        def row(on: list[float], off: list[float], beside: list[float]) -> tuple[list[float], float]:
            """Coefficients of the jobs, and what runs and fleet take anyway."""
            more = [a - b for a, b in zip(on, off, strict=True)]
            anyway = sum(a * b for a, b in zip(more, busy, strict=True))
            anyway += sum(a * n for a, n in zip(off, stands, strict=True)) + sum(beside[k] * kw for k, kw in runs)
            far = [[(k, z, self.farther(self.places[k], o.rung)) for k, z in o.cells] for o in options]
            return [sum(z * (more[k] + beside[k] * kw) for k, z, kw in cells) for cells in far], anyway

        limits: list[Limit] = [
            ([float(sum(z for k, z in o.cells if k == place)) for o in options], most[place] - busy[place])
            for place in range(len(self.places))
        ]
        limits += self.ported_work(options, t)
        for *weights, bound in self.feeds(t):
            terms, anyway = row(*weights)
            limits.append((terms, bound - anyway))
        if any(bound < -EPS * (1.0 + abs(bound)) for _, bound in limits):
            return []
        limits = [(terms, max(0.0, bound)) for terms, bound in limits]
        for site, room in peak.room.items():  # the highest draw may be above what it is anyway, at its price
            terms, anyway = row(*self.meter_draws(site, t))
            limits.append(([*terms, *(-float(s == site) for s in peak.room)], room - anyway))
        price = [self.price(place, t, fleet) for place in self.places]
        bill, fixed = row(*self.energies(price, t))
        rates = [sum(self.paces(option, t)) for option in options]
        needs, hours = [], self.cal[t].hours
        for w, stream in enumerate(self.s.streams):
            line = [rate if o.w == w else 0.0 for rate, o in zip(rates, options, strict=True)]
            fine = inf if stream.shortfall is None else self.money(stream.shortfall) * hours * 3600 / 1e6
            needs.append((line, self.asked(stream, t), fine))
        needs += self.floors(t, options, rates)
        width = len(peak.room)
        block = Block(
            t=t,
            options=tuple(options),
            bill=[*bill, *(each for each in peak.price.values())],
            limits=[([*terms, *[0.0] * (len(options) + width - len(terms))], bound) for terms, bound in limits],
            needs=[([*line, *[0.0] * width], target, fine) for line, target, fine in needs],
            fixed=fixed + peak.fixed,
            trained=[[hours * 3600 * r if o.w == w else 0.0 for r, o in zip(rates, options, strict=True)]
                     + [0.0] * width for w in range(len(self.s.streams))],
            used={},
        )  # fmt: skip
        for name, weight in (
            ("energy", [1.0] * len(self.places)),
            ("carbon", [self.carbon(p[1], t) for p in self.places]),
        ):
            terms, anyway = row(*self.energies(weight, t))
            block.used[name] = ([*terms, *[0.0] * width], anyway)
        for vendor in sorted({kind.vendor for kind in self.kinds.values()}) if self.s.caps.concentration else ():
            assert all(len(x.cells) == 1 for x in options), "parts of a job on two kinds are not told apart by vendor"
            flops = [
                self.f.tflop(self.s.streams[x.w]) * hours * 3600 * rate
                if self.kinds[self.places[x.k][0]].vendor == vendor
                else 0.0
                for rate, x in zip(rates, options, strict=True)
            ]
            own = [x for x in self.run_flops if self.kinds[x[1][0]].vendor == vendor]
            done = sum(parts[t] * hours * 3600 * each for _, _, parts, each in own)
            block.used[f"vendor {vendor}"] = ([*flops, *[0.0] * width], done)
        return [block]

    def asked(self, stream: ContinuousTraining, t: int) -> float:
        """Tokens/s asked for, in tokens or in FLOPs."""
        if stream.compute is not None:
            return (stream.compute.at(self.cal[t]) or 0.0) / self.f.tflop(stream)
        return stream.target.at(self.cal[t]) or 0.0

    def floors(self, t: int, options: list[Option], rates: list[float]) -> list[tuple[list[float], float, float]]:
        """Compute that must run at some sites: what its runs do, and what jobs add."""
        found = []
        for floor_ in self.s.least_compute:
            sites = {site.id for site in self.s.sites if site.id in floor_.sites or site.region == floor_.region}
            flops = [self.f.tflop(self.s.streams[o.w]) * (self.places[o.k][1] in sites) for o in options]
            done = sum(
                part * each
                for run, place, parts, each in self.run_flops
                for u, part in enumerate(parts)
                if u == t and place[1] in sites
            )
            least = (floor_.compute.at(self.cal[t]) or 0.0) - done
            found.append(([a * b for a, b in zip(flops, rates, strict=True)], max(0.0, least - 1e-9), inf))
        return found

    def meter_draws(self, site: str, t: int) -> tuple[list[float], list[float], list[float]]:
        """kW at a site's meter of a system that is on and of one that is off in each place, and of a kW beside them."""
        return self.draws([self.pue(p[1:], t, worst=True) if p[1] == site else 0.0 for p in self.places], t)

    def mixtures_of(self, ready: set[tuple[str, str]], ever: list[int], t: int) -> Iterator[Option]:
        """Every job of divisible work on two kinds of system in one hall that fits, is fed and has its ports."""
        for w, stream, (penalty, where, z) in self.mixed_sizes():
            near, far = (self.places.index(p) for p in where)
            able = all(self.able(stream, p, ready) for p in where) and z[0] <= ever[near] and z[1] <= ever[far]
            if able and self.feeds_both(where, z, t):
                ladder = self.ladder(where[0])
                for rung in range(len(ladder)) if ladder else (-1,):
                    rate, n = self.mixed_rate(stream, penalty, where, z, rung)
                    if rate and (rung < 0 or n <= self.wired[where[0][1:]][rung][t]):
                        yield Option(w, ((near, z[0]), (far, z[1])), rung, penalty)

    def mixed_sizes(self) -> Iterator[tuple[int, ContinuousTraining, Mixture]]:
        """Workload, penalty, places and systems of each: the sizes tried are multiples of the least useful job."""
        for (w, stream), mix in product(enumerate(self.s.streams), self.s.mixed_runs):
            for near, far in product(self.places, self.places):
                joined = bool(self.ladder(near)) == bool(self.ladder(far))
                if (near[0], far[0]) != mix.systems or near[1:] != far[1:] or near[1] == RENTED or not joined:
                    continue
                one, other = self.kinds[near[0]].g, self.kinds[far[0]].g
                counts = set()
                for times, share in product((1, 2, 4, 8, 16), mix.shares):
                    first = max(1, round(share * stream.least_job * times / one))
                    counts.add((first, max(1, ceil((stream.least_job * times - first * one) / other))))
                for z in sorted(counts):
                    yield w, stream, (mix.penalty, (near, far), z)

    def barred_from(self, option: Option, away: set[Where]) -> bool:
        """Whether work must keep out of the hall of a job."""
        return (self.s.streams[option.w].id, *self.places[option.cells[0][0]][1:]) in away

    def paces(self, option: Option, t: int) -> list[float]:
        """Rate of each part of a job in a period, by the age of its software."""
        n = sum(z * self.g(k) for k, z in option.cells)
        found = []
        for k, z in option.cells:
            alone = ceil(n / self.g(k)) * self.g(k)
            rate = self.pace(self.s.streams[option.w], self.places[k], alone, t, option.rung)
            found.append(rate * z * self.g(k) / alone * (1 - option.lost))
        return found

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
                far = [o.rung >= k and self.places[o.k][1:] == where for o in options]
                row = [sum(self.g(p) * z for p, z in o.cells) * float(yes) for o, yes in zip(options, far, strict=True)]
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

    def carbon(self, name: str, t: int) -> float:
        """kg per kWh."""
        site = next((site for site in self.s.sites if site.id == name), None)
        if site is None:
            return 0.0
        return site.carbon.at(self.cal[t]) if site.carbon else self.f.carbon[name]

    def useful(self, stream: ContinuousTraining, place: Place, z: int, ready: set[tuple[str, str]]) -> bool:
        """Whether jobs of so many systems may run there and are worth anything."""
        size = z * self.kinds[place[0]].g
        fits = stream.least_job <= size <= self.reach(place)
        return fits and self.able(stream, place, ready) and self.f.rate(stream, place[0], size) > 0

    def able(self, stream: ContinuousTraining, place: Place, ready: set[tuple[str, str]]) -> bool:
        """Whether software of a stream is there for a kind of system."""
        platform = self.kinds[place[0]].platform
        return (stream.software, platform) in ready and (stream.platforms is None or platform in stream.platforms)
