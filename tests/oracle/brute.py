"""Brute force over tiny scenarios: every decision is tried, every rule and cost is evaluated here in its own few lines.

Written from the rules of the program and the scenario, without the program's code and without the product's own check.
Costs are booked when a decision is taken and are never negative after the refunds of the start, but for what comes back
of what a rule takes, so a branch that costs as much as the best plan (and that more) is left; nothing else is skipped.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product
from math import ceil, inf
from typing import Any

from planner.scenario.model import PendingOrder, RentOffer, Scenario, TrainingRun
from planner.scenario.periods import label_end, label_start
from planner.scenario.rent import RENTED
from tests.oracle.blocks import Block, Joined, Tie, join
from tests.oracle.facts import Facts
from tests.oracle.installing import late
from tests.oracle.limits import keeps, steps_of
from tests.oracle.moving import moves
from tests.oracle.options import Step as Option
from tests.oracle.options import choices
from tests.oracle.renting import contracts, periods
from tests.oracle.ripening import until
from tests.oracle.running import Running
from tests.oracle.setting import EPS, Fleet, Place
from tests.oracle.wearing import history, left, scraps, worn
from tests.oracle.wiring import Wired, figure, rungs, there, wirings


@dataclass(frozen=True)
class Launch:
    """A coherent run: on so many systems of a place from a period on."""

    run: str
    place: Place
    z: int
    start: int
    parts: tuple[float, ...]
    """Share of each period that it occupies its systems."""
    rung: int = -1
    """Network over which it runs; -1: none to choose."""
    others: tuple[tuple[Place, int], ...] = ()
    """Systems of another kind that do it too."""

    @property
    def cells(self) -> tuple[tuple[Place, int], ...]:
        """Places and systems of all its parts."""
        return ((self.place, self.z), *self.others)


@dataclass(frozen=True)
class Step:
    """What a branch does in one period."""

    t: int
    orders: dict[str, int]
    placed: Fleet
    gone: Fleet
    fleet: Fleet
    scrap: tuple[float, ...] = ()
    """Failed systems among those that are gone, by place; empty: none that need not."""


class TooManyError(Exception):
    """The scenario is not tiny enough."""


class Brute(Running):
    """The search. `best` is the least net present cost, inf when no plan is feasible."""

    patience = 10**9
    """Branches after which it gives up with TooManyError."""

    def __init__(self, scenario: Scenario, facts: Facts) -> None:
        super().__init__(scenario, facts)
        self.best = inf
        self.plan: list[Any] = []
        """Accepted orders, ports, runs and then one Step per period of the best plan."""
        self.trail: list[Any] = []
        self.steps = 0
        self.ties = self.tied()
        self.pile: list[tuple[tuple[Block, ...], float]] = []
        """What each period of the branch under trial may still do, and its least cost, today's money."""
        self.joined = Joined()
        """What the periods of the best plan do, where they are tied to each other."""

    # search, outermost decisions first

    def solve(self) -> float:
        _ = self.kinds
        for accepted in self.acceptances():
            cost, cash, arrivals = self.booked(accepted)
            for ports in self.portings():
                fee = sum(self.begin(t) * self.f.port_cost for t in ports.values())
                spent = list(cash)
                for t in ports.values():
                    spent[t] += self.f.port_cost
                ready = self.readiness(ports)
                for bought in choices(self.s, self.f):
                    self.bought = bought
                    paid, more = list(spent), 0.0
                    for step, t in bought:
                        paid[t] += step.price
                        more += step.price * (self.begin(t) - self.unused(step, t))
                    for rents in contracts(self.s, self.f):
                        self.contracts, rent, hire = rents, list(paid), 0.0
                        for offer, first, n in rents:
                            for t in periods(self.s, offer, first):
                                bill = n * self.rent_of(offer, t)
                                rent[t] += bill
                                hire += bill * self.end(t)
                        for moving in moves(self.s, self.f, self.places, self.fits):
                            self.moving, carried, freight = moving, list(rent), 0.0
                            for move in moving:
                                bill = move.price * move.count
                                carried[move.leaves] += bill
                                freight += bill * self.begin(move.leaves)
                            for wired in wirings(self.s, self.f):
                                self.wired, booked = wired, list(carried)
                                cables = sum(self.begin(t) * bill for t, bill in self.cabling(wired))
                                cables += sum(self.end(t) * bill for t, bill in self.cable_care(wired))
                                cables -= self.cable_worth(wired)
                                for t, bill in (*self.cabling(wired), *self.cable_care(wired)):
                                    booked[t] += bill
                                for runs in self.run_choices(ready):
                                    self.trail = [accepted, ports, runs, bought, rents, moving, wired]
                                    total = cost + fee + more + hire + freight + cables
                                    self.operate_from(total, booked, arrivals, ready, runs)
        return self.best

    def cabling(self, wired: Wired) -> list[tuple[int, float]]:
        """Period and price of every port that is raised."""
        bills = []
        for where, table in wired.items():
            hall, below = self.halls[where], 0.0
            for rung, start, line in zip(rungs(self.s, hall), there(self.s, self.f, where, hall), table, strict=True):
                bills += [
                    (t, (n - before) * (rung.price - below))
                    for t, (n, before) in enumerate(zip(line, [start, *line], strict=False))
                ]
                below = rung.price
        return bills

    def cable_care(self, wired: Wired) -> list[tuple[int, float]]:
        """Period and upkeep of all ports that are there."""
        bills = []
        for where, table in wired.items():
            fabric, below = self.halls[where].fabric, 0.0
            share = figure(self.f, fabric.maintenance if fabric else None, "hardware-maintenance")
            for rung, line in zip(rungs(self.s, self.halls[where]), table, strict=True):
                bills += [
                    (t, n * share * (rung.price - below) * self.cal[t].hours / 8760) for t, n in enumerate(line) if n
                ]
                below = rung.price
        return bills

    def cable_worth(self, wired: Wired) -> float:
        """Present value of what is left of the ports that were bought."""
        worth, stop = 0.0, self.cal.end
        for where, table in wired.items():
            fabric = self.halls[where].fabric
            years = figure(self.f, fabric.life if fabric else None, "network-life") / 8766
            for t, bill in self.cabling({where: table}) if years else ():
                start = self.cal[t].start
                used = ((stop.year - start.year) * 12 + stop.month - start.month) / 12
                worth += bill * max(0.0, 1 - used / years) * self.df(stop)
        return worth

    def cabled(self, fleet: tuple[float, ...], t: int) -> bool:
        """Whether everything in service that needs a port has one."""
        return all(
            sum(
                n * self.kinds[p[0]].g
                for n, p in zip(fleet, self.places, strict=True)
                if p[1:] == where and self.ladder(p)
            )
            <= table[0][t]
            for where, table in self.wired.items()
        )

    def rent_of(self, offer: RentOffer, t: int) -> float:
        """Rent of one system for a period: twelve months make a year of four quarters."""
        if offer.price_per_month is None:
            return self.money(offer.price) * self.kinds[offer.system].g * self.cal[t].hours
        first, last = self.cal[t].start, self.cal[t].end
        return self.money(offer.price_per_month) * (12 * (last.year - first.year) + last.month - first.month)

    def unused(self, step: Option, t: int) -> float:
        """Present value of the part of a step's life that is left when the plan ends, per unit of its price."""
        done = self.cal.after(t, step.hours)
        assert done is not None
        start, stop = self.cal[done].start, self.cal.end
        used = ((stop.year - start.year) * 12 + stop.month - start.month) / 12
        return max(0.0, 1 - used / (self.f.figures["facility-life"] / 8766)) * self.df(stop)

    def acceptances(self) -> Iterator[tuple[PendingOrder, ...]]:
        free = [o for o in self.s.orders if self.acceptable(o)]
        for chosen in product((False, True), repeat=len(free)):
            yield tuple(o for o, yes in zip(free, chosen, strict=True) if yes)

    def acceptable(self, order: PendingOrder) -> bool:
        day = label_start(order.due)
        if not self.cal.start <= day < self.cal.end or self.f.cancelled(order) is not None:
            return False
        return self.f.allowed("import", self.kinds[order.system].accelerator, None, self.cal.index_on(day))

    def booked(self, accepted: tuple[PendingOrder, ...]) -> tuple[float, list[float], dict[str, list[int]]]:
        """Cost, cash and deliveries of pending orders."""
        cost, cash, arrivals = 0.0, [0.0] * self.T, {i: [0] * self.T for i in self.kinds}
        for order in self.s.orders:
            price = (self.money(order.price) if order.price else self.kinds[order.system].price) * order.count
            if order in accepted:
                due = self.cal.index_of(order.due)
                arrivals[order.system][due] += order.count
                worth = 0.0 if order.system in self.f.seized else self.residual(due) * left(self, order.system, due)
                cost += price * ((1 - order.paid) * self.begin(due) - worth)
                cash[due] += price * (1 - order.paid)
            else:
                back = order.refund if order.refund is not None else (self.f.cancelled(order) or 0.0)
                cost -= back * order.paid * price
                cash[0] -= back * order.paid * price
        return cost, cash, arrivals

    def portings(self) -> Iterator[dict[tuple[str, str], int]]:
        """When each family that is not on a platform yet is ported to it, if at all."""
        families = sorted({w.software for w in self.s.workloads})
        platforms = sorted({k.platform for k in self.kinds.values()})
        open_ = [(f, p) for f in families for p in platforms if not self.ported(f, p)]
        for when in product((None, *range(self.T)), repeat=len(open_)):
            yield {pair: t for pair, t in zip(open_, when, strict=True) if t is not None}

    def ported(self, family: str, platform: str) -> bool:
        return any(platform in w.ported for w in self.s.workloads if w.software == family)

    def readiness(self, ports: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        """First period in which a family runs on a platform."""
        ready = {(w.software, p): 0 for w in self.s.workloads for p in w.ported}
        for w in self.s.workloads:
            ready |= {(v.software, p): 0 for v in self.s.workloads if v.software == w.software for p in w.ported}
        for pair, t in ports.items():
            if (at := self.cal.after(t, self.f.port_hours)) is not None:
                ready[pair] = at
        return ready

    def run_choices(self, ready: dict[tuple[str, str], int]) -> Iterator[tuple[Launch | TrainingRun, ...]]:
        for runs in product(*(tuple(self.launches(run, ready)) for run in self.s.runs)):
            begun: dict[str, set[int | None]] = {}
            for run, way in zip(self.s.runs, runs, strict=True):
                if run.together:
                    begun.setdefault(run.id.rpartition(".")[0], set()).add(getattr(way, "start", None))
            if all(len(starts) == 1 for starts in begun.values()) and self.done_in_time(runs):
                yield runs

    def launches(self, run: TrainingRun, ready: dict[tuple[str, str], int]) -> Iterator[Launch | TrainingRun]:
        """Every way to do a run, and the run itself for missing it."""
        if run.missed is not None:
            yield run
        assert run.sizes is not None, "the brute force needs stated sizes"
        yield from self.mixtures(run, ready)
        for place in self.places:
            kind = self.kinds[place[0]]
            platform_ok = run.platforms is None or kind.platform in run.platforms
            since = ready.get((run.software, kind.platform))
            if since is None or not platform_ok:
                continue
            for z in sorted({ceil(size / kind.g) for size in run.sizes}):
                fits = z * kind.g <= self.reach(place)
                ways = [(r, s) for r in range(len(self.ladder(place))) for s in range(since, self.T)] if fits else []
                if fits and not self.ladder(place):
                    ways = [(-1, s) for s in range(since, self.T)]
                for rung, start in ways:
                    rate = self.nominal(run, place, z * kind.g, rung)
                    if rate <= 0 or (rung >= 0 and z * kind.g > self.ladder(place)[rung].reach):
                        continue
                    if run.earliest is not None and self.cal[start].start < label_start(run.earliest):
                        continue
                    self.ready = ready
                    age, hours = self.age(run, place[0], start), run.tokens / (rate * 3600)
                    hours = hours if age is None else until(*self.f.ripens, age, hours)
                    last = min(label_end(run.deadline), self.cal.end)
                    most = min(inf if run.within is None else run.within, (last - self.cal[start].start).days * 24)
                    if hours <= most + EPS:
                        parts = self.parts(start, hours)
                        if all(rung < 0 or rung in self.networks(place, z, t) for t, part in enumerate(parts) if part):
                            yield Launch(run.id, place, z, start, parts, rung)

    def mixtures(self, run: TrainingRun, ready: dict[tuple[str, str], int]) -> Iterator[Launch]:
        """Every way to do a run on two kinds of system in one hall, each at its own speed in a cluster of that size."""
        for mix, near, far in product(self.s.mixed_runs, self.places, self.places):
            if (near[0], far[0]) != mix.systems or near[1:] != far[1:] or near[1] == RENTED:
                continue
            kinds = [self.kinds[p[0]] for p in (near, far)]
            since = [ready.get((run.software, k.platform)) for k in kinds]
            if any(t is None for t in since):
                continue
            counts = set()
            for size, share in product(run.sizes or (), mix.shares):
                first = max(1, round(share * size / kinds[0].g))
                counts.add((first, max(1, ceil((size - first * kinds[0].g) / kinds[1].g))))
            ladder = self.ladder(near)
            if bool(ladder) != bool(self.ladder(far)):
                continue  # nothing joins what attaches to the hall's network and what does not
            for z, rung in product(sorted(counts), range(len(ladder)) if ladder else (-1,)):
                since_both = max(t for t in since if t is not None)
                yield from self.mixture(run, mix.penalty, (near, far), z, since_both, rung)

    def mixture(
        self, run: TrainingRun, penalty: float, where: tuple[Place, Place], z: tuple[int, int], since: int, rung: int
    ) -> Iterator[Launch]:
        rate, n = self.mixed_rate(run, penalty, where, z, rung)
        if not rate:
            return
        hours = run.tokens / (rate * 3600)
        last = min(label_end(run.deadline), self.cal.end)
        for start in range(since, self.T):
            soon = run.earliest is not None and self.cal[start].start < label_start(run.earliest)
            slow = run.within is not None and hours > run.within + EPS
            if soon or slow or hours > (last - self.cal[start].start).days * 24 + EPS:
                continue
            parts = self.parts(start, hours)
            held = [t for t, part in enumerate(parts) if part > 0]
            wired = rung < 0 or all(n <= self.wired[where[0][1:]][rung][t] for t in held)
            if wired and all(self.feeds_both(where, z, t) for t in held):
                yield Launch(run.id, where[0], z[0], start, parts, rung, others=((where[1], z[1]),))

    def parts(self, start: int, hours: float) -> tuple[float, ...]:
        out = [0.0] * self.T
        for t in range(start, self.T):
            out[t] = min(1.0, max(0.0, hours / self.cal[t].hours))
            hours -= self.cal[t].hours
        return tuple(out)

    def operate_from(
        self,
        cost: float,
        cash: list[float],
        arrivals: dict[str, list[int]],
        ready: dict[tuple[str, str], int],
        runs: tuple[Launch | TrainingRun, ...],
    ) -> None:
        cash = list(cash)
        self.ready = ready
        self.placed(runs)
        for choice in runs:
            if isinstance(choice, TrainingRun):
                t = self.T - 1
                if label_end(choice.deadline) < self.cal.end:
                    t = self.cal.last_index_of(choice.deadline)
                cost += self.money(choice.missed) * self.end(t)
                cash[t] += self.money(choice.missed)
        fleet = tuple(sum(e.count for e in self.s.installed if (e.system, e.site, e.hall) == p) for p in self.places)
        stock = {i: sum(e.count for e in self.s.stock if e.system == i) for i in self.kinds}
        taken = {self.kinds[i].accelerator: [0] * self.T for i in self.kinds}
        self.step(0, cost, cash, {i: list(a) for i, a in arrivals.items()}, stock, fleet, fleet, taken)

    def placed(self, runs: tuple[Launch | TrainingRun, ...]) -> None:
        """Take note of where the runs of a branch are."""
        self.busy, self.held_runs, self.where = self.occupied(runs), held_by(runs), places_of(runs)
        self.far = far_of(runs)
        launches = [launch for launch in runs if isinstance(launch, Launch)]
        self.clusters = tuple((x.run, p, x.parts, z) for x in launches for p, z in x.cells)
        if self.s.least_compute or self.s.caps.concentration is not None:
            self.run_flops = tuple((x.run, x.place, x.parts, self.flops_of(x)) for x in launches)

    def flops_of(self, launch: Launch) -> float:
        """TFLOP/s of a run while it runs."""
        assert not launch.others, "a run on two kinds of system is not known to floors of compute"
        run = next(run for run in self.s.runs if run.id == launch.run)
        size = launch.z * self.kinds[launch.place[0]].g
        return self.f.tflop(run) * self.nominal(run, launch.place, size, launch.rung)

    def occupied(self, runs: tuple[Launch | TrainingRun, ...]) -> dict[tuple[Place, int], float]:
        """Systems that coherent runs occupy, by place and period."""
        busy = {(p, t): 0.0 for p in self.places for t in range(self.T)}
        for launch in runs:
            if isinstance(launch, Launch):
                for t, part in enumerate(launch.parts):
                    for place, z in launch.cells:
                        busy[place, t] += part * z
        return busy

    # period by period

    def step(self, t, cost, cash, arrivals, stock, fleet, base, taken):
        """Orders, then installs and retirements, then a period's work; then the next period."""
        self.steps += 1
        if self.steps > self.patience:
            raise TooManyError
        hope = 0.0 if t == self.T else self.hope
        if cost - hope >= self.best - EPS * max(1.0, abs(self.best)):
            return
        if t == self.T:
            if self.affordable(cash) and keeps(self, self.trail):
                found, joined = self.whole(cost)
                dear = self.s.caps.cost is not None and found > self.money(self.s.caps.cost) * (1 + EPS)
                if found < self.best and not dear:
                    self.best, self.plan, self.joined = found, list(self.trail), joined
            return
        fleet, base = self.shifted(fleet, t), self.shifted(base, t)
        if min((0, *fleet, *base)) < 0:
            return
        for orders in self.orders_of(t, dict(taken)):
            more, paid, coming = cost, list(cash), {i: list(a) for i, a in arrivals.items()}
            used = {a: list(line) for a, line in taken.items()}
            for i, n in orders.items():
                due, kind = self.arrival(i, t), self.kinds[i]
                assert due is not None
                price = n * kind.price * (1 + self.f.duty(kind.accelerator, due))
                deposit = self.s.finance.deposit
                net = deposit * self.begin(t) + (1 - deposit) * self.begin(due)
                net -= 0.0 if i in self.f.seized else self.residual(due) * left(self, i, due)
                assert net >= 0, "the search leaves branches by cost: a purchase must not earn money"
                bid = n * kind.price * self.f.handicap * (i in self.f.foreign)
                more += price * net + bid * (deposit * self.begin(t) + (1 - deposit) * self.begin(due))
                paid[t] += price * deposit
                paid[due] += price * (1 - deposit)
                coming[i][due] += n
                used[kind.accelerator][due] += n * kind.g
            held = {i: n + coming[i][t] for i, n in stock.items()}
            for gone in self.retirements_of(t, fleet, base):
                for placed in self.installs_of(t, held):
                    after = tuple(n - r + p for n, r, p in zip(fleet, gone, placed, strict=True))
                    if self.overdue(t, after):
                        continue
                    after_all = {
                        i: n - sum(p for p, x in zip(placed, self.places, strict=True) if x[0] == i)
                        for i, n in held.items()
                    }
                    back = self.seized(t, after_all, gone)
                    if not self.store_holds(after_all, t):
                        continue
                    kept = tuple(max(0, b - r) for b, r in zip(base, gone, strict=True))
                    lent = [p - back * (u == t) for u, p in enumerate(paid)]
                    plain = Step(t, orders, placed, gone, after)
                    for scrap in scraps(self, [*steps_of(self.trail), plain]):
                        step = replace(plain, scrap=scrap)
                        there = self.stands([*steps_of(self.trail), step], t)
                        if self.racks_hold(there, t) and self.cabled(there, t):
                            self.trail.append(step)
                            left_to_pay = more - back * self.begin(t)
                            self.work(t, left_to_pay, lent, coming, after_all, after, kept, used, placed)
                            self.trail.pop()

    @cached_property
    def hope(self) -> float:
        """No less than what may come back of systems that a rule takes: a branch is left only if it costs more than
        that above the best.
        """
        owned = [*self.s.installed, *self.s.stock, *self.s.orders]
        counts = {i: sum(e.count for e in owned if e.system == i) + sum(self.allotted(i)) for i in self.f.seized}
        return sum(share * self.kinds[i].price * counts[i] for i, (_, share) in self.f.seized.items())

    def seized(self, t: int, stock: dict[str, int], gone: Fleet) -> float:
        """Take from the store what a rule takes in a period, and say what comes back of that and of what it retires."""
        back = 0.0
        for i, (since, share) in self.f.seized.items():
            if t >= since and i in stock:
                retired = sum(n for n, p in zip(gone, self.places, strict=True) if p[0] == i)
                back += share * self.kinds[i].price * (stock[i] + retired)
                stock[i] = 0
        return back

    def stands(self, steps: list[Step], t: int) -> tuple[float, ...]:
        """What stands in every place through a period: in service, without what had failed when it began."""
        if self.s.attrition is None:
            return steps[t].fleet
        return tuple(n - failed for n, (failed, _) in zip(steps[t].fleet, worn(self, steps, t), strict=True))

    def shifted(self, fleet: Fleet, t: int) -> Fleet:
        """A fleet after the moves of a period."""
        gone = {p: sum(m.count for m in self.moving if m.source == p and m.leaves == t) for p in self.places}
        came = {p: sum(m.count for m in self.moving if m.target == p and m.arrives == t) for p in self.places}
        return tuple(n - gone[p] + came[p] for n, p in zip(fleet, self.places, strict=True))

    def work(self, t, cost, cash, arrivals, stock, fleet, base, taken, placed):
        """Book a period's network, upkeep and running, then go on."""
        net = up = 0.0
        kept = self.stands(steps_of(self.trail), t)
        for n, m, place in zip(placed, kept, self.places, strict=True):
            kind = self.kinds[place[0]]
            own = self.halls[place[1:]].fabric if place[1] != RENTED else None
            net += n * kind.g * self.f.network if kind.server and own is None else 0.0
            net -= n * kind.price * self.back(place, fleet)
            up += m * kind.price * self.f.upkeep * self.cal[t].hours / 8760
        _, spares, _ = history(self, steps_of(self.trail), t)
        used = sum(n * self.kinds[self.places[k][0]].g for (k, _), n in spares.items())
        up += (sum(n * self.kinds[i].g for i, n in stock.items()) - used) * self.rent_of_store(t)
        self.late = late(self.s, self.f.figures, self.places, steps_of(self.trail), t)
        self.worn = worn(self, steps_of(self.trail), t)
        run = self.running(t, fleet).cost
        if run == inf:
            return
        self.pile.append((self.blocks(t, fleet), run * self.end(t)))
        paid = list(cash)
        paid[t] += net + up + run
        total = cost + net * self.begin(t) + (up + run) * self.end(t)
        self.step(t + 1, total, paid, arrivals, stock, fleet, base, taken)
        self.pile.pop()

    def whole(self, cost: float) -> tuple[float, Joined]:
        """Cost of a branch whose periods are tied to each other, and what is done then; else its cost as it is."""
        if not self.ties:
            return cost, Joined()
        worth = {t: self.end(t) for t in range(self.T)}
        ways = (join(blocks, worth, self.ties) for blocks in product(*(blocks for blocks, _ in self.pile)))
        best = min(ways, key=lambda joined: joined.cost, default=Joined())
        return cost - sum(low for _, low in self.pile) + best.cost, best

    def capped(self) -> list[Tie]:
        """Caps on what could be sought, but for cost and completion."""
        caps, always, ties = self.s.caps, frozenset(range(self.T)), []
        flops = tuple(self.f.tflop(stream) for stream in self.s.streams)
        assert caps.shortage is None, "a cap on what is missed is not tried"
        if caps.throughput is not None:
            ties.append(Tie(always, caps.throughput * sum(p.hours for p in self.cal) * 3600, flops))
        if caps.concentration is not None:
            asked = sum(self.f.tflop(run) * run.tokens for run in self.s.runs)
            for stream, each in zip(self.s.streams, flops, strict=True):
                asked += each * sum(self.asked(stream, t) * self.cal[t].hours * 3600 for t in always)
                asked += each * max(stream.tokens.values(), default=0.0)
            for vendor in sorted({kind.vendor for kind in self.kinds.values()}):
                ties.append(Tie(always, caps.concentration * asked, used=f"vendor {vendor}"))
        return ties

    def done_in_time(self, runs: tuple[Launch | TrainingRun, ...]) -> bool:
        """Whether runs are done early enough on average; one that is missed is done when the plan ends."""
        if self.s.caps.completion is None:
            return True
        days = 0.0
        for run in runs:
            if isinstance(run, Launch):
                days += (self.cal[run.start].start - self.cal.start).days
                days += sum(part * p.hours / 24 for part, p in zip(run.parts, self.cal, strict=True))
            else:
                days += (self.cal.end - self.cal.start).days
        return days / len(runs) <= self.s.caps.completion / 24 + 1e-6

    def tied(self) -> tuple[Tie, ...]:
        """Tokens asked for by a day, and caps on energy and carbon."""
        ties = []
        for w, stream in enumerate(self.s.streams):
            for label, tokens in sorted(stream.tokens.items()):
                done = frozenset(p.index for p in self.cal if p.end <= label_end(label))
                fine = inf
                if stream.shortfall is not None:
                    fine = self.money(stream.shortfall) / 1e6 * self.end(max(done))
                ties.append(Tie(done, tokens, tuple(float(v == w) for v in range(len(self.s.streams))), fine=fine))
        for cap, name in ((self.s.limits.energy, "energy"), (self.s.limits.carbon, "carbon")):
            spans = {label: (label_start(label), label_end(label), most) for label, most in cap.per_year.items()}
            if cap.total is not None:
                spans["total"] = (self.cal.start, self.cal.end, cap.total)
            for first, last, most in spans.values():
                inside = frozenset(p.index for p in self.cal if first <= p.start < last)
                ties.append(Tie(inside, most, used=name))
        ties += self.capped()
        assert not ties or self.s.budget == type(self.s.budget)(), "a budget beside what ties periods is not tried"
        return tuple(ties)

    def orders_of(self, t: int, taken: dict[str, list[int]]) -> Iterator[dict[str, int]]:
        """Every set of orders of a period that supply allows."""
        options = [(i, due) for i in self.buyable if (due := self.arrival(i, t)) is not None]

        def extend(index: int, used: dict[str, list[int]], chosen: dict[str, int]) -> Iterator[dict[str, int]]:
            if index == len(options):
                yield dict(chosen)
                return
            i, due = options[index]
            kind, n = self.kinds[i], 0
            while True:
                tried = {a: list(line) for a, line in used.items()}
                tried[kind.accelerator][due] += n * kind.g
                if not self.supplied(i, tried[kind.accelerator]):
                    return
                yield from extend(index + 1, tried, {**chosen, i: n} if n else chosen)
                n += 1

        yield from extend(0, taken, {})

    def supplied(self, system: str, used: list[int]) -> bool:
        allotted = self.allotted(system)
        if self.s.supply.carry_over:
            return all(sum(used[: t + 1]) <= sum(allotted[: t + 1]) + EPS for t in range(self.T))
        return all(u <= a + EPS for u, a in zip(used, allotted, strict=True))

    def retirements_of(self, t: int, fleet: Fleet, base: Fleet) -> Iterator[Fleet]:
        """Only the base is retired; what is past its life must be gone."""
        owned = self.s.installed
        leaving = [self.f.leaves.get(p[0]) is not None for p in self.places]
        for gone in product(*(range((n if go else b) + 1) for b, n, go in zip(base, fleet, leaving, strict=True))):
            if all(g <= n for g, n in zip(gone, fleet, strict=True)) and all(
                sum(b - g for b, g, p in zip(base, gone, self.places, strict=True) if p[0] == i)
                <= sum(e.count for e in owned if e.system == i and not self.past_life(label_start(e.since), t))
                for i in self.kinds
            ):
                yield gone

    def overdue(self, t: int, fleet: Fleet) -> bool:
        """Whether something is in service that must be gone."""
        return any(n and self.f.leaves.get(p[0], self.T) <= t for n, p in zip(fleet, self.places, strict=True))

    def past_life(self, since: date, t: int) -> bool:
        start = self.cal[t].start
        return (start.year - since.year) * 12 + start.month - since.month >= self.f.life * 12 - EPS

    def installs_of(self, t: int, stock: dict[str, int]) -> Iterator[Fleet]:
        free = [
            stock[p[0]]
            if stock[p[0]]
            and p[1] != RENTED
            and self.fits(p[0], p[1:])
            and p[1:] not in self.f.closed
            and self.f.allowed("install", self.kinds[p[0]].accelerator, p[1], t)
            else 0
            for p in self.places
        ]
        for placed in product(*(range(n + 1) for n in free)):
            if all(sum(n for n, p in zip(placed, self.places, strict=True) if p[0] == i) <= stock[i] for i in stock):
                yield placed

    def racks_hold(self, fleet: tuple[float, ...], t: int) -> bool:
        return all(
            sum(n * self.positions(p) for n, p in zip(fleet, self.places, strict=True) if n and p[1:] == where)
            <= self.space(where, t) + EPS
            for where in self.halls
        )

    def store_holds(self, stock: dict[str, int], t: int) -> bool:
        room = self.s.warehouse.capacity if self.s.warehouse else None
        return room is None or sum(n * self.kinds[i].g for i, n in stock.items()) <= room.at(self.cal[t])

    def rent_of_store(self, t: int) -> float:
        """Warehouse of one accelerator through a period."""
        if self.s.warehouse is None or self.s.warehouse.price_per_month is None:
            return 0.0
        months = (self.cal[t].end.year - self.cal[t].start.year) * 12 + self.cal[t].end.month - self.cal[t].start.month
        return self.money(self.s.warehouse.price_per_month) * months

    def affordable(self, cash: list[float]) -> bool:
        budget = self.s.budget
        if budget.total is not None and sum(cash) > self.money(budget.total) * (1 + EPS):
            return False
        for label, limit in budget.per_year.items():
            inside = [
                c for c, p in zip(cash, self.cal, strict=True) if label_start(label) <= p.start < label_end(label)
            ]
            if sum(inside) > self.money(limit) * (1 + EPS):
                return False
        return True


def far_of(runs: tuple[Launch | TrainingRun, ...]) -> dict[tuple[Place, int, int], float]:
    """Systems of coherent runs by place, network and period, on average."""
    found: dict[tuple[Place, int, int], float] = {}
    for run in runs:
        for t, part in enumerate(run.parts) if isinstance(run, Launch) and run.rung >= 0 else ():
            for place, z in run.cells:
                found[place, run.rung, t] = found.get((place, run.rung, t), 0.0) + part * z
    return found


def held_by(runs: tuple[Launch | TrainingRun, ...]) -> tuple[tuple[Place, int, int], ...]:
    """Place, period and systems of every run, for each period in which it runs."""
    launches = [launch for launch in runs if isinstance(launch, Launch)]
    return tuple((p, t, z) for x in launches for t, part in enumerate(x.parts) if part > 0 for p, z in x.cells)


def places_of(runs: tuple[Launch | TrainingRun, ...]) -> tuple[tuple[str, Place, int], ...]:
    """Run, place and period of every run, for each period in which it runs."""
    launches = [launch for launch in runs if isinstance(launch, Launch)]
    return tuple((x.run, p, t) for x in launches for t, part in enumerate(x.parts) if part > 0 for p, _ in x.cells)
