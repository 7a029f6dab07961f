"""Dated cash events: the only place where decisions meet prices.

An event is nominal money at the start or the end of a period, in the scenario's currency; money paid out
is negative. The program's objective and the plan's cash flow are both sums of these events, so they
cannot drift apart. Timing follows the convention that capital is paid at the start of a period and
running cost at its end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from planner.scenario.periods import Calendar

Moment = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class CashEvent:
    """One amount of one line, at the start or end of a period (`period` is its index)."""

    line: str
    period: int
    moment: Moment
    amount: float
    asset_class: str = "none"

    def scaled(self, factor: float) -> "CashEvent":
        """The event of `factor` such units."""
        return CashEvent(self.line, self.period, self.moment, self.amount * factor, self.asset_class)


Events = tuple[CashEvent, ...]


@dataclass(frozen=True, slots=True)
class Discounting:
    """Discount factors on a calendar: (1 + r)^-years, years counted from the plan's start in whole months / 12."""

    calendar: Calendar
    rate: float

    def when(self, period: int, moment: Moment) -> date:
        """Date of the start (or of the first day after the end) of a period."""
        found = self.calendar[period]
        return found.start if moment == "start" else found.end

    def factor(self, period: int, moment: Moment) -> float:
        """Discount factor of that date."""
        return float((1.0 + self.rate) ** -self.calendar.years_at(self.when(period, moment)))

    def present_cost(self, events: Iterable[CashEvent]) -> float:
        """Net present cost of the events: minus the sum of amount times discount factor."""
        return -sum(event.amount * self.factor(event.period, event.moment) for event in events)


RESIDUAL = "residual_value"
PREFERENCE = "price_preference"
NOT_CASH = frozenset({RESIDUAL, PREFERENCE})
"""Lines that weigh a choice and that nobody pays: what hardware is worth at the end, how much dearer a bid looks."""


def cash_paid(events: Iterable[CashEvent]) -> float:
    """Undiscounted cash paid out, net of refunds; a what is no cash of the plan's own left out."""
    return -sum(event.amount for event in events if event.line not in NOT_CASH)
