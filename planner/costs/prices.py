"""The cash events of one unit of each decision: an order, an installation, a powered system, a port ..."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import floor

from planner.catalog.resolve import ResolvedSystem
from planner.costs.events import PREFERENCE, RESIDUAL, CashEvent, Discounting, Events, Moment
from planner.costs.exchange import Exchange
from planner.costs.parameters import Parameters
from planner.costs.running import RunningPrice
from planner.costs.terms import Terms
from planner.errors import InternalError
from planner.scenario.model import PendingOrder
from planner.scenario.periods import Period
from planner.units import HOURS_PER_YEAR as CALENDAR_HOURS
from planner.units import Money

HOURS_PER_YEAR = 8760.0
"""Of a maintenance year: 365 days, the year of accounts."""

HARDWARE = "accelerator_systems"
"""Asset class of what computes."""


@dataclass(frozen=True, slots=True)
class EnergyPrice:
    """What a kWh of IT load costs in one hall and period: power usage effectiveness times the site's tariff."""

    pue: float
    tariff: float
    """Scenario currency per kWh at the meter in the period, before escalation."""
    site: str
    carbon: float
    """kg of CO2 per kWh at the meter."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of every decision, in the scenario's currency."""

    discounting: Discounting
    parameters: Parameters
    terms: Terms
    """When the parts of a system's price are paid."""
    exchange: Exchange
    surcharge: Mapping[str, tuple[float, ...]]
    """Tariffs and fees by system, as a share of its price, for each period of delivery; without an entry
    there are none.
    """
    moment: Moment = "end"
    """When running cost is paid."""
    escalators: Mapping[str, float] = field(default_factory=dict)
    """Yearly change of prices by line."""
    vat: Mapping[str, float] = field(default_factory=dict)
    """Value-added tax that is not reclaimed, by line."""
    running: tuple[RunningPrice, ...] = ()
    """Further lines of running cost."""
    survival: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Share of a system that works when the plan ends, by period of delivery; without an entry all of it."""

    def money(self, amount: Money, period: int = 0) -> float:
        """An amount in the scenario's currency, at the rate of a period."""
        return self.exchange.convert(amount, period)

    def escalation(self, line: str, period: int) -> float:
        """Prices of a line in a period over those of the plan's first year: a step each January."""
        calendar = self.discounting.calendar
        rate = self.escalators.get(line, 0.0)
        return float((1.0 + rate) ** (calendar[period].year - calendar.start.year)) if rate else 1.0

    def unit_price(self, system: ResolvedSystem, period: int = 0) -> float:
        """The price of one system, before tariffs and escalation, at the exchange rate of a period."""
        return self.money(self._stated(system), period)

    def _stated(self, system: ResolvedSystem) -> Money:
        if system.price is None:  # resolution refuses systems without one
            raise InternalError(f"{system.id} has no price")
        return system.price

    def order_price(self, system: ResolvedSystem, period: int, arrival: int) -> Money:
        """What the buyer agrees to pay for one system ordered in a period and delivered in another: escalated to the
        year of the order, tariffs of the delivery included.
        """
        rates = self.surcharge.get(system.id)
        duty = rates[arrival] if rates else 0.0
        return self._stated(system) * ((1.0 + duty) * self.escalation("hardware", period))

    def order(self, system: ResolvedSystem, period: int, arrival: int) -> Events:
        """One system ordered in `period` that arrives in `arrival`: the parts of its price and what it is worth in
        the end.
        """
        price = self.order_price(system, period, arrival)
        events: list[CashEvent] = []
        for part in self.terms.schedule(system):
            line = "hardware_deposit" if part.at == "order" else "hardware_balance"
            t, moment = self._due(period if part.at == "order" else arrival, part.after)
            events.append(CashEvent(line, t, moment, -part.share * self.money(price, t), HARDWARE))
        return self.taxed("hardware", (*events, *self._residual(system, price, arrival)))

    def _due(self, period: int, hours: float) -> tuple[int, Moment]:
        """When something is paid that falls due some time after the start of a period: at the plan's end at last."""
        calendar = self.discounting.calendar
        due = calendar.after(period, hours) if hours else period
        return (len(calendar) - 1, "end") if due is None else (due, "start")

    def _residual(self, system: ResolvedSystem, price: Money, arrival: int) -> Events:
        calendar = self.discounting.calendar
        age = calendar.years_at(calendar.end) - calendar.years_at(calendar[arrival].start)
        last = len(calendar) - 1
        value = self.money(price, last) * fraction_at(self.parameters.residual, age)
        value *= self.survival[system.id][arrival] if system.id in self.survival else 1.0
        return (CashEvent(RESIDUAL, last, "end", value, HARDWARE),)

    def pending(self, order: PendingOrder, system: ResolvedSystem, due: int) -> Events:
        """A whole pending order, taken on delivery at the start of period `due`."""
        price = self.agreed_price(order, system)
        owed = -(1.0 - order.paid) * self.money(price, due)
        balance = CashEvent("hardware_balance", due, "start", owed, HARDWARE)
        return self.taxed("hardware", (balance, *self._residual(system, price, due)))

    def refund(self, order: PendingOrder, system: ResolvedSystem, share: float | None) -> Events:
        """A whole pending order, cancelled: the share of what was paid that comes back, at the plan's start. It is
        the order's own, else `share` (of the cancelling rule), else that of the terms of payment, else nothing.
        """
        found = next((s for s in (order.refund, share, self.terms.refund(system)) if s is not None), 0.0)
        back = found * order.paid * self.money(self.agreed_price(order, system))
        return self.taxed("hardware", (CashEvent("refund", 0, "start", back, HARDWARE),))

    def agreed_price(self, order: PendingOrder, system: ResolvedSystem) -> Money:
        """Price of a whole pending order."""
        return (self._stated(system) if order.price is None else order.price) * order.count

    def install(self, system: ResolvedSystem, period: int, *, network: bool = True) -> Events:
        """One system placed in service: its share of the scale-out network, unless its price includes that or its hall
        buys one (`network`); and its removal in the end, where the scenario prices that.
        """
        events: Events = ()
        if network and system.system_class != "supernode":
            each = self.money(self.parameters.network_per_accelerator, period)
            events = self.network(each * system.accelerators, period)
        return (*events, *self._removal(period))

    def network(self, price: float, period: int, ordered: int | None = None) -> Events:
        """Scale-out network bought for so much, before escalation, in the scenario's currency; `ordered`: period whose
        prices it has, else that in which it is paid.
        """
        cost = price * self.escalation("network", period if ordered is None else ordered)
        return self.taxed("network", (CashEvent("network", period, "start", -cost, "network"),))

    def _removal(self, period: int) -> Iterator[CashEvent]:
        """A system's removal at the end of its life, or of the plan if that is sooner."""
        t, moment = self._due(period, self.parameters.asset_life_years * CALENDAR_HOURS)
        for cost in self.running:
            if cost.counted == "removal":
                yield from self._charge(cost, t, 1.0, moment=moment)

    def powered(self, system: ResolvedSystem, energy: EnergyPrice, period: Period) -> Events:
        """One system switched on through a period: electricity at the meter, and what else is paid for it."""
        return self.drawn("energy", system.power_kw * self.parameters.load_factor, energy, period)

    def drawn(self, line: str, it: float, energy: EnergyPrice, period: Period) -> Events:
        """So many kW of IT load through a period: electricity at the meter under a line, and what comes on top."""
        t, kwh = period.index, it * period.hours
        bill = kwh * energy.pue * energy.tariff * self.escalation("energy", t)
        counts = {
            "meter kWh": kwh * energy.pue,
            "IT kWh": kwh,
            "CO2": kwh * energy.pue * energy.carbon,
            "meter kW": it * energy.pue * period.hours,
        }
        events = list(self.taxed("energy", (CashEvent(line, t, self.moment, -bill),)))
        for cost in self.running:
            if cost.at(energy.site):
                amount = (
                    kwh * cost.litres_per_kwh / 1000.0 if cost.counted == "water" else counts.get(cost.counted, 0.0)
                )
                events += self._charge(cost, t, amount)
        return tuple(events)

    def demand(self, price: Money, period: Period) -> Events:
        """One kW of the highest draw at a site's meter in a period; `price` per kW and hour."""
        t = period.index
        amount = self.money(price, t) * period.hours * self.escalation("demand_charge", t)
        return self.taxed("demand_charge", (CashEvent("demand_charge", t, self.moment, -amount),))

    def subsidised(self, system: ResolvedSystem, energy: EnergyPrice, per_kwh: float, period: Period) -> Events:
        """One system switched on through a period whose energy is subsidised: what comes off its bill."""
        kwh = system.power_kw * self.parameters.load_factor * energy.pue * period.hours
        back = kwh * per_kwh * self.escalation("energy", period.index)
        return (CashEvent("energy_subsidy", period.index, self.moment, back),) if back else ()

    def surcharged(self, system: ResolvedSystem, energy: EnergyPrice, per_kwh: float, period: Period) -> Events:
        """One system switched on through a period, in a hall whose energy carries a surcharge."""
        kwh = system.power_kw * self.parameters.load_factor * energy.pue * period.hours
        return (CashEvent("energy_surcharge", period.index, self.moment, -kwh * per_kwh),)

    def granted(self, system: ResolvedSystem, share: float, period: int) -> Events:
        """One system placed in service where a share of its price is paid back."""
        amount = share * self.unit_price(system, period)
        return (CashEvent("hardware_subsidy", period, "start", amount, HARDWARE),) if amount else ()

    def given_up(self, system: ResolvedSystem, share: float, period: int) -> Events:
        """One system that a rule takes, where a share of its price comes back."""
        amount = share * self.unit_price(system, period)
        return (CashEvent("compensation", period, "start", amount),) if amount else ()

    def preference(self, system: ResolvedSystem, period: int, arrival: int, handicap: float) -> Events:
        """One system ordered whose bid is made to look dearer by a share of its price; no cash."""
        price, deposit = self.unit_price(system, period) * handicap, self.terms.deposit
        events = (
            CashEvent(PREFERENCE, period, "start", -deposit * price),
            CashEvent(PREFERENCE, arrival, "start", -(1.0 - deposit) * price),
        )
        return tuple(event for event in events if event.amount)

    def kept(self, system: ResolvedSystem, period: Period) -> Events:
        """One system in service through a period, on or off: maintenance, and what else is paid for it."""
        t, years = period.index, period.hours / HOURS_PER_YEAR
        worth = self.unit_price(system, t)
        upkeep = self.parameters.maintenance_per_year * years * worth * self.escalation("maintenance", t)
        counts = {
            "accelerator": system.accelerators * years,
            "system": years,
            "price": worth * years,
            "IT kW": system.power_kw * period.hours,
        }
        events = list(self.taxed("maintenance", (CashEvent("maintenance", t, self.moment, -upkeep),)))
        for cost in self.running:
            events += self._charge(cost, t, counts.get(cost.counted, 0.0))
        return tuple(events)

    def held(self, site: str, period: Period) -> Events:
        """One site through a period, whatever stands there."""
        years = period.hours / HOURS_PER_YEAR
        lines = [cost for cost in self.running if cost.counted == "site" and cost.at(site)]
        return tuple(
            replace(event, site=site, item=cost.line)
            for cost in lines
            for event in self._charge(cost, period.index, years)
        )

    def _charge(self, cost: RunningPrice, period: int, count: float, moment: Moment | None = None) -> Events:
        """So many units of a further line of running cost."""
        if not count:
            return ()
        price = self.money(cost.price, period) if isinstance(cost.price, Money) else cost.price
        amount = -price * count * self.escalation(cost.line, period)
        return self.taxed(cost.line, (CashEvent(cost.line, period, moment or self.moment, amount),))

    def taxed(self, line: str, events: Events) -> Events:
        """The events that are not nothing, and the value-added tax on them that is not reclaimed."""
        found = tuple(event for event in events if event.amount)
        rate = self.vat.get(line, 0.0)
        if not rate:
            return found
        due = (replace(e, line="vat", amount=e.amount * rate) for e in found if e.line not in (RESIDUAL, "refund"))
        return (*found, *due)

    def port(self, period: int) -> Events:
        """One software family ported to one platform."""
        cost = self.money(self.parameters.porting_cost, period) * self.escalation("porting", period)
        return self.taxed("porting", (CashEvent("porting", period, "start", -cost, "software"),))

    def facility(self, cost: Money, period: int, ready: int, life: float) -> Events:
        """Power or space bought in `period` for use from `ready` on: paid at once, worth its unused life in the end.

        `life` in years; the value falls evenly from the first day of use.
        """
        calendar = self.discounting.calendar
        used = calendar.years_at(calendar.end) - calendar.years_at(calendar[ready].start)
        last, rise = len(calendar) - 1, self.escalation("facility", period)
        left = self.money(cost, last) * rise * max(0.0, 1.0 - used / life)
        paid = CashEvent("facility", period, "start", -self.money(cost, period) * rise, "facility")
        return self.taxed("facility", (paid, CashEvent(RESIDUAL, last, "end", left, "facility")))

    def move(self, system: ResolvedSystem, share: float, period: int) -> Events:
        """One system moved to another hall, at a share of its price, when it leaves."""
        amount = share * self.unit_price(system, period) * self.escalation("relocation", period)
        return self.taxed("relocation", (CashEvent("relocation", period, "start", -amount),))

    def rent(self, system: ResolvedSystem, price: Money, period: Period, *, monthly: bool = False) -> Events:
        """One system rented through a period, used or not; `price` by accelerator and hour or system and month."""
        t = period.index
        units = float(period.months) if monthly else system.accelerators * period.hours
        amount = self.money(price, t) * self.escalation("rent", t) * units
        return self.taxed("rent", (CashEvent("rent", t, self.moment, -amount),))

    def stored(self, system: ResolvedSystem, price: Money, period: Period) -> Events:
        """One system in store through a period; `price` per accelerator and month."""
        t = period.index
        amount = self.money(price, t) * self.escalation("warehouse", t) * system.accelerators * period.months
        return self.taxed("warehouse", (CashEvent("warehouse", t, self.moment, -amount),))

    def missed(self, price: Money, period: int) -> Events:
        """A coherent run that is not done."""
        return (CashEvent("missed_run", period, "end", -self.money(price, period)),)

    def behind(self, price: Money, tokens: float, period: int) -> Events:
        """So many tokens not trained by the end of a period, at a price per million tokens."""
        return (CashEvent("shortfall", period, "end", -self.money(price, period) * tokens / 1e6),)

    def shortfall(self, price: Money, period: Period) -> Events:
        """One token/s short of a target through a period, at a price per million tokens."""
        tokens = period.hours * 3600.0 / 1e6
        return (CashEvent("shortfall", period.index, "end", -self.money(price, period.index) * tokens),)


def fraction_at(curve: tuple[float, ...], age: float) -> float:
    """Residual fraction at `age` years: linear between the yearly points of `curve` (age 0 first), then constant."""
    if age >= len(curve) - 1:
        return curve[-1]
    year = floor(age)
    return curve[year] + (curve[year + 1] - curve[year]) * (age - year)
