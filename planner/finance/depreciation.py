"""Depreciation: the share of an asset's cost that is written off by a date, by every method of the catalog."""

from datetime import date
from itertools import pairwise

from planner.catalog.tax import AssetRule
from planner.scenario.periods import Calendar
from planner.units import HOURS_PER_YEAR


def written_off(rule: AssetRule, service: date, day: date) -> float:
    """Share of cost written off from placing in service to `day` (both firsts of months)."""
    months = (day.year - service.year) * 12 + day.month - service.month
    if months <= 0:
        return 0.0
    return rule.bonus * _by_table((1.0,), service, months) + (1.0 - rule.bonus) * _usual(rule, service, months)


def _usual(rule: AssetRule, service: date, months: int) -> float:
    if rule.method == "table":
        return _by_table(rule.table, service, months)
    counted = max(0, months - rule.lag_months)
    if rule.method == "expensed":
        return (1.0 - rule.residual) * (1.0 if counted or not rule.lag_months else 0.0)
    years = (rule.life or 0.0) / HOURS_PER_YEAR
    if rule.method == "straight_line":
        return (1.0 - rule.residual) * min(1.0, counted / (12.0 * years))
    return _by_age(yearly(rule), counted)


def _by_table(table: tuple[float, ...], service: date, months: int) -> float:
    """Each tax year's share falls evenly on its months from placing in service on."""
    first = 13 - service.month
    total = table[0] * min(months, first) / first
    for n, share in enumerate(table[1:]):
        total += share * min(12, max(0, months - first - 12 * n)) / 12.0
    return total


def _by_age(shares: tuple[float, ...], months: int) -> float:
    """Each year of age falls evenly on its months."""
    return sum(share * min(12, max(0, months - 12 * n)) / 12.0 for n, share in enumerate(shares))


def yearly(rule: AssetRule) -> tuple[float, ...]:
    """Shares of cost by year of age: declining balance or sum of the years' digits, over a whole number of years."""
    years = max(1, round((rule.life or 0.0) / HOURS_PER_YEAR))
    if rule.method == "sum_of_years":
        digits = years * (years + 1) / 2.0
        return tuple((years - n) / digits * (1.0 - rule.residual) for n in range(years))
    left, found = 1.0, []
    straight = None
    for n in range(years):
        if rule.switch == "last_two_years" and n == max(0, years - 2):
            straight = (left - rule.residual) / (years - n)
        share = left * min(1.0, rule.factor / years)
        if rule.switch == "when_larger":
            share = max(share, (left - rule.residual) / (years - n))
        share = min(straight if straight is not None else share, left - rule.residual)
        found.append(share)
        left -= share
    return tuple(found)


def by_period(rule: AssetRule, calendar: Calendar, service: int) -> list[float]:
    """Share of cost written off in each period, for an asset placed in service at the start of one."""
    begin = calendar[service].start
    edges = [written_off(rule, begin, period.start) for period in calendar] + [written_off(rule, begin, calendar.end)]
    return [after - before for before, after in pairwise(edges)]
