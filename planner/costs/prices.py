"""The cash events of one unit of each decision: an order, an installation, a powered system, a port ..."""

from dataclasses import dataclass
from math import floor

from planner.catalog.resolve import ResolvedSystem
from planner.costs.events import PREFERENCE, RESIDUAL, CashEvent, Discounting, Events
from planner.costs.parameters import Exchange, Parameters
from planner.errors import InternalError
from planner.scenario.model import PendingOrder
from planner.scenario.periods import Period
from planner.units import Money

HOURS_PER_YEAR = 8760.0
"""Of a maintenance year: 365 days, the year of accounts."""


@dataclass(frozen=True, slots=True)
class EnergyPrice:
    """What a kWh of IT load costs in one hall: power usage effectiveness times the site's tariff."""

    pue: float
    tariff: float
    """Scenario currency per kWh at the meter."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of every decision, in the scenario's currency."""

    discounting: Discounting
    parameters: Parameters
    deposit: float
    """Share of a system's price paid when it is ordered."""
    exchange: Exchange
    surcharge: dict[str, tuple[float, ...]]
    """Tariffs and fees by system, as a share of its price, for each period of delivery; without an entry
    there are none.
    """

    def money(self, amount: Money) -> float:
        """An amount in the scenario's currency."""
        return self.exchange.convert(amount)

    def unit_price(self, system: ResolvedSystem) -> float:
        """The price of one system, before tariffs."""
        if system.price is None:  # resolution refuses systems without one
            raise InternalError(f"{system.id} has no price")
        return self.money(system.price)

    def delivered_price(self, system: ResolvedSystem, arrival: int) -> float:
        """What the buyer pays for one system delivered in a period, tariffs included."""
        rates = self.surcharge.get(system.id)
        return self.unit_price(system) * (1.0 + (rates[arrival] if rates else 0.0))

    def order(self, system: ResolvedSystem, period: int, arrival: int) -> Events:
        """One system ordered in `period` that arrives in `arrival`: deposit, balance and what it is worth in
        the end.
        """
        price = self.delivered_price(system, arrival)
        events = [
            CashEvent("hardware_deposit", period, "start", -self.deposit * price, "accelerator_systems"),
            CashEvent("hardware_balance", arrival, "start", -(1.0 - self.deposit) * price, "accelerator_systems"),
        ]
        return tuple(event for event in [*events, *self._residual(system, price, arrival)] if event.amount)

    def _residual(self, system: ResolvedSystem, price: float, arrival: int) -> Events:
        calendar = self.discounting.calendar
        age = calendar.years_at(calendar.end) - calendar.years_at(calendar[arrival].start)
        value = price * fraction_at(self.parameters.residual, age)
        return (CashEvent(RESIDUAL, len(calendar) - 1, "end", value, "accelerator_systems"),)

    def pending(self, order: PendingOrder, system: ResolvedSystem, due: int) -> Events:
        """A whole pending order, taken on delivery at the start of period `due`."""
        price = self._order_price(order, system) * order.count
        balance = CashEvent("hardware_balance", due, "start", -(1.0 - order.paid) * price, "accelerator_systems")
        return (balance, *self._residual(system, price, due))

    def refund(self, order: PendingOrder, system: ResolvedSystem, share: float) -> Events:
        """A whole pending order, cancelled: the `share` of what was paid that comes back, at the plan's start."""
        paid = order.paid * self._order_price(order, system) * order.count
        return (CashEvent("refund", 0, "start", share * paid, "accelerator_systems"),) if share * paid else ()

    def _order_price(self, order: PendingOrder, system: ResolvedSystem) -> float:
        return self.unit_price(system) if order.price is None else self.money(order.price)

    def install(self, system: ResolvedSystem, period: int) -> Events:
        """One system placed in service: its share of the scale-out network, unless its price includes that."""
        if system.system_class == "supernode":
            return ()
        amount = -self.parameters.network_per_accelerator * system.accelerators
        return (CashEvent("network", period, "start", amount, "network"),)

    def powered(self, system: ResolvedSystem, energy: EnergyPrice, period: Period) -> Events:
        """One system switched on through a period: electricity at the meter."""
        kwh = system.power_kw * self.parameters.load_factor * energy.pue * period.hours
        return (CashEvent("energy", period.index, "end", -kwh * energy.tariff),)

    def subsidised(self, system: ResolvedSystem, energy: EnergyPrice, per_kwh: float, period: Period) -> Events:
        """One system switched on through a period whose energy is subsidised: what comes off its bill."""
        kwh = system.power_kw * self.parameters.load_factor * energy.pue * period.hours
        return (CashEvent("energy_subsidy", period.index, "end", kwh * per_kwh),) if per_kwh else ()

    def surcharged(self, system: ResolvedSystem, energy: EnergyPrice, per_kwh: float, period: Period) -> Events:
        """One system switched on through a period, in a hall whose energy carries a surcharge."""
        kwh = system.power_kw * self.parameters.load_factor * energy.pue * period.hours
        return (CashEvent("energy_surcharge", period.index, "end", -kwh * per_kwh),)

    def granted(self, system: ResolvedSystem, share: float, period: int) -> Events:
        """One system placed in service where a share of its price is paid back."""
        amount = share * self.unit_price(system)
        return (CashEvent("hardware_subsidy", period, "start", amount, "accelerator_systems"),) if amount else ()

    def preference(self, system: ResolvedSystem, period: int, arrival: int, handicap: float) -> Events:
        """One system ordered whose bid is made to look dearer by a share of its price; no cash."""
        price = self.unit_price(system) * handicap
        events = (
            CashEvent(PREFERENCE, period, "start", -self.deposit * price),
            CashEvent(PREFERENCE, arrival, "start", -(1.0 - self.deposit) * price),
        )
        return tuple(event for event in events if event.amount)

    def kept(self, system: ResolvedSystem, period: Period) -> Events:
        """One system in service through a period, on or off: maintenance."""
        share = self.parameters.maintenance_per_year * period.hours / HOURS_PER_YEAR
        return (CashEvent("maintenance", period.index, "end", -share * self.unit_price(system)),)

    def port(self, period: int) -> Events:
        """One software family ported to one platform."""
        return (CashEvent("porting", period, "start", -self.parameters.porting_cost, "software"),)

    def facility(self, cost: float, period: int, ready: int, life: float) -> Events:
        """Power or space bought in `period` for use from `ready` on: paid at once, worth its unused life in the end.

        `life` in years; the value falls evenly from the first day of use.
        """
        calendar = self.discounting.calendar
        used = calendar.years_at(calendar.end) - calendar.years_at(calendar[ready].start)
        left = cost * max(0.0, 1.0 - used / life)
        events = [CashEvent("facility", period, "start", -cost, "facility")]
        events.append(CashEvent(RESIDUAL, len(calendar) - 1, "end", left, "facility"))
        return tuple(event for event in events if event.amount)

    def rent(self, system: ResolvedSystem, price: Money, period: Period) -> Events:
        """One system rented through a period, used or not; `price` per accelerator and hour."""
        amount = self.money(price) * system.accelerators * period.hours
        return (CashEvent("rent", period.index, "end", -amount),)

    def missed(self, price: Money, period: int) -> Events:
        """A coherent run that is not done."""
        return (CashEvent("missed_run", period, "end", -self.money(price)),)

    def behind(self, price: Money, tokens: float, period: int) -> Events:
        """So many tokens not trained by the end of a period, at a price per million tokens."""
        return (CashEvent("shortfall", period, "end", -self.money(price) * tokens / 1e6),)

    def shortfall(self, price: Money, period: Period) -> Events:
        """One token/s short of a target through a period, at a price per million tokens."""
        tokens = period.hours * 3600.0 / 1e6
        return (CashEvent("shortfall", period.index, "end", -self.money(price) * tokens),)


def fraction_at(curve: tuple[float, ...], age: float) -> float:
    """Residual fraction at `age` years: linear between the yearly points of `curve` (age 0 first), then constant."""
    if age >= len(curve) - 1:
        return curve[-1]
    year = floor(age)
    return curve[year] + (curve[year + 1] - curve[year]) * (age - year)
