"""Cash of ports of networks that halls buy: paid when they are there, kept up, and worth something in the end."""

from dataclasses import dataclass

from planner.costs.events import RESIDUAL, CashEvent, Events
from planner.costs.prices import HOURS_PER_YEAR, Prices
from planner.scenario.periods import Period
from planner.units import Money

NETWORK = "network"


@dataclass(frozen=True, slots=True)
class PortTerms:
    """What ports of a hall cost beside their price."""

    life: float | None
    """Years in which their value falls to nothing; None: they have none."""
    upkeep: float
    """Share of the price paid per year."""


def bought(prices: Prices, steps: tuple[Money, ...], period: int, ready: int, terms: PortTerms) -> Events:
    """One port raised, ordered in `period` and in use from `ready` on; `steps`: price of its network, and that of the
    nearer one, which it has already.
    """
    calendar, rise = prices.discounting.calendar, prices.escalation(NETWORK, period)
    last = len(calendar) - 1
    events = list(prices.network(_price(prices, steps, ready), ready, period))
    if terms.life is not None:
        used = calendar.years_at(calendar.end) - calendar.years_at(calendar[ready].start)
        left = _price(prices, steps, last) * rise * max(0.0, 1.0 - used / terms.life)
        events += [CashEvent(RESIDUAL, last, "end", left, NETWORK)] if left else []
    for when in calendar.periods[ready:]:
        events += kept(prices, steps, when, terms)
    return tuple(events)


def kept(prices: Prices, steps: tuple[Money, ...], when: Period, terms: PortTerms) -> Events:
    """Upkeep of one port through a period."""
    if not terms.upkeep:
        return ()
    t, years = when.index, when.hours / HOURS_PER_YEAR
    cost = _price(prices, steps, t) * terms.upkeep * years * prices.escalation("maintenance", t)
    return prices.taxed("maintenance", (CashEvent("network_maintenance", t, prices.moment, -cost),))


def _price(prices: Prices, steps: tuple[Money, ...], period: int) -> float:
    own, *below = (prices.money(price, period) for price in steps)
    return own - sum(below)
