"""Dated lines of cash in the scenario's currency, for the check's own statement."""

from dataclasses import dataclass
from datetime import date

from planner.errors import InternalError
from planner.plan.verify.case import Case
from planner.plan.verify.records import CashFlow
from planner.units import Money


def amount(case: Case, money: Money) -> float:
    """An amount in the scenario's currency. The scenario's own rates, nothing else."""
    if money.currency == case.scenario.currency:
        return money.amount
    if money.currency not in case.scenario.finance.fx:
        raise InternalError(f"no exchange rate from {money.currency} to {case.scenario.currency}")
    return money.amount * case.scenario.finance.fx[money.currency]


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of cash for one thing."""

    name: str
    item: str
    site: str | None = None

    def at_start(self, case: Case, period: int, cost: float) -> CashFlow:
        """Paid on the first day of a period."""
        return self._flow(case, period, case.calendar[period].start, cost)

    def at_end(self, case: Case, period: int, cost: float) -> CashFlow:
        """Paid when a period is over, and counted in its budget."""
        return self._flow(case, period, case.calendar[period].end, cost)

    def _flow(self, case: Case, period: int, day: date, cost: float) -> CashFlow:
        factor = (1.0 + case.scenario.finance.discount_rate) ** -case.calendar.years_at(day)
        return CashFlow(self.name, self.item, self.site, period, day, -cost, factor)
