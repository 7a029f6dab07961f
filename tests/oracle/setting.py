"""What a tiny scenario offers: what may be bought, when it arrives, where it may stand. Nothing is decided here."""

from datetime import date, timedelta
from functools import cached_property
from math import prod

from planner.scenario.model import Hall, Scenario, Site
from planner.scenario.periods import label_end, label_start
from planner.scenario.rent import RENTED
from planner.units import Money
from tests.oracle.facts import Facts, Kind
from tests.oracle.moving import Moves
from tests.oracle.options import Bought, in_use, shut
from tests.oracle.renting import Contracts, standing
from tests.oracle.wiring import Rung, Wired, rungs

EPS = 1e-9
Place = tuple[str, str, str]
"""System, site, hall."""
Fleet = tuple[int, ...]
"""Systems per place, in the order of `Setting.places`."""


class Setting:
    """A scenario with the facts it stands on."""

    def __init__(self, scenario: Scenario, facts: Facts) -> None:
        self.s, self.f = scenario, facts
        self.cal = scenario.calendar
        self.T = len(self.cal)
        self.moving: Moves = ()
        """Moves of the branch under trial."""
        self.contracts: Contracts = ()
        """Rent of the branch under trial."""
        self.wired: Wired = {}
        """Ports of networks in the branch under trial."""
        self.bought: Bought = ()
        """Power and space bought in the branch under trial."""

    # numbers

    def df(self, day: date) -> float:
        months = (day.year - self.cal.start.year) * 12 + day.month - self.cal.start.month
        return (1 + self.s.finance.discount_rate) ** (-months / 12)

    def begin(self, t: int) -> float:
        return self.df(self.cal[t].start)

    def end(self, t: int) -> float:
        return self.df(self.cal[t].end)

    def money(self, money: Money | None) -> float:
        assert money is not None
        return money.amount * (1.0 if money.currency == self.s.currency else self.s.finance.fx[money.currency])

    def residual(self, arrival: int) -> float:
        """Present value at arrival period's vintage, per unit of price."""
        start, stop = self.cal[arrival].start, self.cal.end
        age = ((stop.year - start.year) * 12 + stop.month - start.month) / 12
        return self.f.residual(age) * self.df(stop)

    # what may be bought and where it may stand

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        asked = self.s.systems
        buyable = {
            name
            for name in self.f.kinds
            if (not asked.include or name in asked.include) and name not in asked.exclude and any(self.allotted(name))
        }
        owned = {e.system for e in self.s.installed} | {o.system for o in self.s.orders}
        owned |= {o.system for o in self.s.rent} | {o.system for o in self.s.stock}
        self.buyable = sorted(buyable)
        return {name: self.f.kinds[name] for name in sorted(buyable | owned)}

    def allotted(self, system: str) -> list[float]:
        kind = self.f.kinds[system]
        supply = self.s.supply
        own = [a for a in supply.allocations if a.accelerator == kind.accelerator]
        scale = supply.scale.get(kind.accelerator, 1.0) * supply.scale.get(kind.family, 1.0)
        out = []
        for t in range(self.T):
            if own and own[0].per_period is not None:
                out.append(scale * (own[0].per_period.at(self.cal[t]) or 0))
            elif own and own[0].per_year is not None:
                out.append(scale * (own[0].per_year.at(self.cal[t]) or 0) * len(self.days(t)) / 365.25)
            else:
                share = own[0].share if own else supply.share
                out.append(scale * (share or 0.0) * self.f.national(kind.accelerator, t))
        return out

    @cached_property
    def halls(self) -> dict[tuple[str, str], Hall]:
        return {(site.id, hall.id): hall for site in self.s.sites for hall in site.all_halls}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        fit = [(i, s, h) for i in self.kinds for s, h in self.halls if self.fits(i, (s, h))]
        base = [(e.system, e.site, e.hall) for e in self.s.installed]
        if self.s.relocation.within_site or self.s.relocation.between_sites:
            fit += [(i, s, h) for i in self.kinds for s, h in self.halls if self.fits(i, (s, h))]
        rented = [(o.system, RENTED, o.id) for o in self.s.rent]
        return tuple(sorted({*fit, *base, *rented}))

    def stand(self, fleet: Fleet, t: int) -> Fleet:
        """A fleet with what is rented in a period."""
        held = {o.id: standing(self.s, self.contracts, o, t) for o in self.s.rent}
        return tuple(held[p[2]] if p[1] == RENTED else n for n, p in zip(fleet, self.places, strict=True))

    def fits(self, system: str, where: tuple[str, str]) -> bool:
        kind, hall = self.kinds[system], self.halls[where]
        per_rack = kind.kw / kind.racks if kind.racks >= 1 else kind.kw
        return kind.cooling in ("either", hall.cooling) and per_rack <= hall.rack_power + EPS

    def positions(self, place: Place) -> float:
        kind, hall = self.kinds[place[0]], self.halls[place[1:]]
        return kind.racks if kind.racks >= 1 else max(kind.racks, kind.kw / hall.rack_power)

    def it_power(self, where: tuple[str, str], t: int) -> float:
        """kW that a hall feeds."""
        site, hall = next(site for site in self.s.sites if site.id == where[0]), self.halls[where]
        own = 0.0 if shut(self.bought, site, hall, t) else hall.it_power.at(self.cal[t]) or 0.0
        return own + sum(x.kw for x in in_use(self.bought, self.s, t) if (x.site, x.hall) == where)

    def meter(self, site: Site, t: int) -> float:
        """kW that the grid gives."""
        more = sum(x.meter for x in in_use(self.bought, self.s, t) if x.site == site.id)
        now = [c for c in site.cuts if any(d in self.days(t) for d in self.between(c.start, c.end or c.start))]
        left = prod(1 - (c.share or 0) for c in now)
        return max(0.0, (site.grid.at(self.cal[t]) or 0.0) * left - sum(c.power or 0 for c in now)) + more * left

    def days(self, t: int) -> set[date]:
        """Every day of a period."""
        start = self.cal[t].start
        return {start + timedelta(days=n) for n in range((self.cal[t].end - start).days)}

    def between(self, first: str, last: str) -> list[date]:
        """Every day from the first of one label to the last of another."""
        start, stop = label_start(first), label_end(last)
        return [start + timedelta(days=n) for n in range((stop - start).days)]

    def season(self, factors: dict[str, float], t: int) -> list[float]:
        """Factor of each day of a period."""
        return [factors.get(f"M{d.month:02d}", factors.get(f"Q{(d.month + 2) // 3}", 1.0)) for d in self.days(t)]

    def pue(self, where: tuple[str, str], t: int, *, worst: bool = False) -> float:
        """Usage effectiveness of a hall in a period."""
        if where[0] == RENTED:
            return 0.0
        daily = self.season(self.halls[where].pue_season, t)
        return self.f.pue[where] * (max(daily) if worst else sum(daily) / len(daily))

    def tariff(self, site: Site, t: int) -> float:
        """Price of a kWh in a period."""
        daily = self.season(site.tariff_season, t)
        base = self.money(site.tariff.at(self.cal[t])) if site.tariff else self.f.tariff[site.id]
        return base * sum(daily) / len(daily)

    def kwh(self, place: Place, t: int) -> float:
        """Energy at the meter of a system that is on through a period."""
        kw = self.kinds[place[0]].kw * self.f.load + self.shared(place)
        return kw * self.pue(place[1:], t) * self.cal[t].hours

    def kwh_off(self, place: Place, t: int) -> float:
        """Energy at the meter of a system that is in service and off."""
        return self.idle(place, t) * self.pue(place[1:], t) * self.cal[t].hours

    def load(self, kind: str) -> float:
        """What the scenario says of a load beside the systems."""
        said = getattr(self.s.power, kind)
        return self.f.figures[f"{kind}-power"] if said == "assumed" else said or 0.0

    def shared(self, place: Place) -> float:
        """kW of network and storage of a system that is on."""
        kind = self.kinds[place[0]]
        ladder = self.ladder(place)
        network = ladder[0].kw if ladder else self.load("network") if kind.server else 0.0
        each = network + self.load("storage")
        return 0.0 if place[1] == RENTED else each * kind.g

    def ladder(self, place: Place) -> list[Rung]:
        """Networks that a place's hall may buy, nearest first; none where the system attaches to none of them."""
        hall = self.halls.get(place[1:])
        needs = hall is not None and hall.fabric and (self.kinds[place[0]].server or hall.fabric.attach == "all")
        return rungs(self.s, hall) if hall is not None and needs else []

    def idle(self, place: Place, t: int) -> float:
        """kW of a system that is in service and off."""
        if place[1] == RENTED or not self.f.allowed("operate", self.kinds[place[0]].accelerator, place[1], t):
            return 0.0
        site = next(site for site in self.s.sites if site.id == place[1])
        cut = any(d in self.days(t) for c in site.cuts for d in self.between(c.start, c.end or c.start))
        return 0.0 if cut else self.load("idle") * self.kinds[place[0]].kw

    def space(self, where: tuple[str, str], t: int) -> float:
        """Rack positions of a hall."""
        site, hall = next(site for site in self.s.sites if site.id == where[0]), self.halls[where]
        own = 0 if shut(self.bought, site, hall, t) else hall.racks
        return own + sum(x.racks for x in in_use(self.bought, self.s, t) if (x.site, x.hall) == where)

    def reach(self, place: Place) -> int:
        offers = {o.id: o.max_cluster for o in self.s.rent}
        own = offers[place[2]] if place[1] == RENTED else self.halls[place[1:]].max_cluster
        limits = [own, self.kinds[place[0]].reach]
        return min((limit for limit in limits if limit is not None), default=10**9)

    def arrival(self, system: str, t: int) -> int | None:
        """When an order of period t arrives; None when it may not be placed or never arrives."""
        kind = self.kinds[system]
        if not self.f.allowed("order", kind.accelerator, None, t):
            return None
        due = self.cal.after(t, kind.lead + self.f.delay(kind.accelerator, t))
        if due is None or not self.f.allowed("import", kind.accelerator, None, due):
            return None
        return None if kind.released is not None and self.cal[due].end <= kind.released else due
