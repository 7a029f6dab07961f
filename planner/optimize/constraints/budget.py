"""Limits on cash paid out."""

from planner.costs.events import Events, cash_paid
from planner.optimize.money import MILLION, fixed, priced
from planner.optimize.program import Program


def total_budget(program: Program) -> None:
    """F16 Budget: cash paid out over the whole plan, undiscounted, net of refunds, without residual value.

    sum over decisions of their cash <= total
    """
    limit = program.problem.budget_total
    if limit is not None:
        _limit_cash(program, "total_budget", frozenset(program.problem.horizon), limit, "total")


def yearly_budget(program: Program) -> None:
    """F17 Budget per year: cash whose period belongs to the year.   sum of cash in year <= limit"""
    for label, (periods, limit) in sorted(program.problem.budget_years.items()):
        _limit_cash(program, "yearly_budget", periods, limit, label)


def _limit_cash(program: Program, name: str, periods: frozenset[int], limit: float, label: str) -> None:
    def paid(events: Events) -> float:
        return cash_paid([event for event in events if event.period in periods]) / MILLION

    terms = [(var, paid(events)) for var, events in priced(program)]
    rhs = limit / MILLION - paid(fixed(program))
    unit = f"million {program.problem.currency}"
    program.add(name, terms, "<=", rhs, unit=unit, item=label)
