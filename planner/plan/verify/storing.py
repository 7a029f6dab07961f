"""What keeping systems in store costs, priced again."""

from collections.abc import Iterator
from datetime import timedelta

from planner.plan.verify.case import Case
from planner.plan.verify.records import CashFlow
from planner.plan.verify.statement import Line, amount, dearer


def stored(case: Case) -> Iterator[CashFlow]:
    """By the accelerator and calendar month in store."""
    asked = case.scenario.warehouse
    if asked is None or asked.price_per_month is None:
        return
    for system, line in case.stored.items():
        for period, count in zip(case.calendar, line, strict=True):
            days = [period.start + timedelta(days=n) for n in range((period.end - period.start).days)]
            months = len({(day.year, day.month) for day in days})
            each = amount(case, asked.price_per_month, period.index) * dearer(case, "warehouse", period.index)
            cost = each * months * case.system(system).accelerators * count
            yield Line("warehouse", system).running(case, period.index, cost)
