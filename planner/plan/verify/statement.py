"""Payments of the check: their dates, their currency, and prices that rise over the years."""

from dataclasses import dataclass
from datetime import date

from planner.errors import InternalError
from planner.plan.verify.case import Case
from planner.plan.verify.records import CashFlow
from planner.units import Money


def amount(case: Case, money: Money, period: int) -> float:
    """An amount in the scenario's currency at the rate of a period. The scenario's own rates, nothing else."""
    if money.currency == case.scenario.currency:
        return money.amount
    rate = case.scenario.finance.rate(money.currency, case.calendar[period])
    if rate is None:
        where = case.calendar[period].label
        raise InternalError(f"no exchange rate from {money.currency} to {case.scenario.currency} in {where}")
    return money.amount * rate


def dearer(case: Case, line: str, period: int) -> float:
    """By how much the prices of a line have risen since the plan's first year: once each January."""
    rate = case.scenario.finance.escalators.get(line, 0.0)
    januaries = case.calendar[period].start.year - case.calendar[0].start.year
    factor = 1.0
    for _ in range(januaries):
        factor *= 1.0 + rate
    return factor


def after(case: Case, period: int, hours: float) -> int | None:
    """Period at whose start something is due that many hours after the start of another; None after the plan."""
    return period if hours == 0 else case.calendar.after(period, hours)


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of cash for one thing."""

    name: str
    item: str
    site: str | None = None

    def at_start(self, case: Case, period: int, cost: float) -> CashFlow:
        """Paid on the first day of a period."""
        day = case.calendar[period].start
        return self._flow(period, day, cost, _factor(case, day))

    def at_end(self, case: Case, period: int, cost: float) -> CashFlow:
        """Paid when a period is over, and counted in its budget."""
        day = case.calendar[period].end
        return self._flow(period, day, cost, _factor(case, day))

    def running(self, case: Case, period: int, cost: float) -> CashFlow:
        """Running cost, paid when the scenario says: at the end, in the middle or at the beginning of its period."""
        timing = case.scenario.finance.opex_timing
        if timing == "end":
            return self.at_end(case, period, cost)
        if timing == "begin":
            return self.at_start(case, period, cost)
        span = case.calendar[period]
        middle = (_factor(case, span.start) * _factor(case, span.end)) ** 0.5
        return self._flow(period, span.start + (span.end - span.start) / 2, cost, middle)

    def _flow(self, period: int, day: date, cost: float, factor: float) -> CashFlow:
        return CashFlow(self.name, self.item, self.site, period, day, -cost, factor)


def _factor(case: Case, day: date) -> float:
    return float((1.0 + case.scenario.finance.discount_rate) ** -case.calendar.years_at(day))
