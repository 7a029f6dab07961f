"""Dated cash events: the only place where decisions meet prices.

An event is nominal money at the start, the middle or the end of a period, in the scenario's currency; money
paid out is negative. The program's objective and the plan's cash flow are both sums of these events, so they
cannot drift apart. Timing follows the convention that capital is paid at the start of a period and running cost
at its end, unless the scenario times running cost otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from planner.scenario.periods import Calendar

Moment = Literal["start", "mid", "end"]


@dataclass(frozen=True, slots=True)
class CashEvent:
    """One amount of one line at a moment of a period (`period` is its index)."""

    line: str
    period: int
    moment: Moment
    amount: float
    asset_class: str = "none"
    site: str | None = None
    """Where it belongs, when the decision does not say so."""
    item: str | None = None
    """What it is for, when the decision does not say so."""

    def scaled(self, factor: float) -> "CashEvent":
        """The event of `factor` such units."""
        return CashEvent(
            self.line, self.period, self.moment, self.amount * factor, self.asset_class, self.site, self.item
        )


Events = tuple[CashEvent, ...]


@dataclass(frozen=True, slots=True)
class Discounting:
    """Discount factors on a calendar: (1 + r)^-years, years counted from the plan's start in whole months / 12."""

    calendar: Calendar
    rate: float
    _factors: dict[tuple[int, Moment], float] = field(default_factory=dict, compare=False, repr=False)
    """Discount factors found so far."""

    def when(self, period: int, moment: Moment) -> date:
        """Date of the start or the middle of a period, or of the first day after its end."""
        found = self.calendar[period]
        if moment == "mid":
            return found.start + (found.end - found.start) / 2
        return found.start if moment == "start" else found.end

    def years(self, period: int, moment: Moment) -> float:
        """Years from the plan's start; the middle of a period is halfway between its start and its end."""
        found = self.calendar[period]
        start, end = self.calendar.years_at(found.start), self.calendar.years_at(found.end)
        return {"start": start, "mid": (start + end) / 2, "end": end}[moment]

    def factor(self, period: int, moment: Moment) -> float:
        """Discount factor of that moment."""
        known = self._factors.get((period, moment))
        if known is None:
            known = self._factors[period, moment] = float((1.0 + self.rate) ** -self.years(period, moment))
        return known

    def present_cost(self, events: Iterable[CashEvent]) -> float:
        """Net present cost of the events: minus the sum of amount times discount factor."""
        return -sum([event.amount * self.factor(event.period, event.moment) for event in events])


RESIDUAL = "residual_value"
PREFERENCE = "price_preference"
NOT_CASH = frozenset({RESIDUAL, PREFERENCE})
"""Lines that weigh a choice and that nobody pays: what hardware is worth at the end, how much dearer a bid looks."""


def cash_paid(events: Iterable[CashEvent]) -> float:
    """Undiscounted cash paid out, net of refunds; a what is no cash of the plan's own left out."""
    return -sum(event.amount for event in events if event.line not in NOT_CASH)
