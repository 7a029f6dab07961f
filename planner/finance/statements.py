"""Statements of a plan by period: what is capital, what is written off in the books and for tax, and the tax itself.

The plan is decided before tax; tax changes no decision. Existing systems are outside: their cost is sunk.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.catalog.tax import Losses, TaxRegime
from planner.costs.events import NOT_CASH, RESIDUAL
from planner.costs.prices import HARDWARE
from planner.finance.depreciation import by_period
from planner.plan.accounts import HARDWARE_LINES, cash_record
from planner.plan.cash import CashFlow
from planner.plan.decisions import Spare, Surrender
from planner.plan.lots import Lot, lots
from planner.units import HourlyPrice

if TYPE_CHECKING:
    from planner.plan.plan import Plan

Line = list[float]
"""One number per period."""
Vintage = tuple[str, int]
"""Asset class, and the period at whose start it is placed in service."""


@dataclass(frozen=True)
class Statements:
    """Everything by period, in the plan's currency; costs negative, write-offs positive."""

    plan: "Plan"
    tax_regime: TaxRegime | None
    book_regime: TaxRegime | None
    rate: float
    losses: Losses

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.plan.problem.calendar)

    @cached_property
    def additions(self) -> dict[Vintage, float]:
        """Cost of what is placed in service, by class and period. Hardware counts when it enters service, a spare
        when it is used, all else that is capital when it is paid; what stays in store is not written off.
        """
        found: dict[Vintage, float] = defaultdict(float)
        problem = self.plan.problem
        held = lots(problem, self.plan.decisions)
        for lot in held:
            if lot.in_service is None:
                continue
            found[HARDWARE, lot.in_service] += self._paid(lot) * lot.count
        for period, cost in self._used_up(held):
            found[HARDWARE, period] += cost
        for flow in self.plan.flows:
            if flow.asset_class not in ("none", HARDWARE) and flow.line not in NOT_CASH:
                found[flow.asset_class, flow.period] -= flow.amount
        return {key: found[key] for key in sorted(found) if found[key]}

    def _paid(self, lot: Lot) -> float:
        """What one system of a lot cost, its tax that is not reclaimed included."""
        problem = self.plan.problem
        if lot.ordered is None:
            row = next(row for row in problem.pending if row.id == lot.build_id)
            events = tuple(event.scaled(1.0 / row.count) for event in row.accepted)
        else:
            i = next(i for i, row in enumerate(problem.systems) if row.id == lot.system)
            events = problem.order_events[i, lot.ordered]
        return -sum(e.amount for e in events if e.line in (*HARDWARE_LINES, "vat") and e.asset_class == HARDWARE)

    def _used_up(self, held: tuple[Lot, ...]) -> Iterator[tuple[int, float]]:
        """Period and cost of what leaves the store as a spare or because a rule takes it, in parts of systems too.

        Oldest first of what is never placed; what was in store at first cost nothing in the plan.
        """
        decisions, problem = self.plan.decisions, self.plan.problem
        for i, row in enumerate(problem.systems):
            records: tuple[Spare | Surrender, ...] = (*decisions.spares, *decisions.surrenders)
            out = [(record.period, record.count) for record in records if record.system == row.id]
            placed = sum(install.count for install in decisions.installs if install.system == row.id)
            waiting = [(max(0.0, problem.store.initial.get(i, 0) - placed), 0.0)]
            rest = sorted((lot for lot in held if lot.system == row.id and lot.in_service is None), key=_delivered)
            waiting += [(float(lot.count), self._paid(lot)) for lot in rest]
            for period, count in sorted(out):
                left = count
                while left > 1e-9 and waiting:
                    there, price = waiting[0]
                    taken = min(there, left)
                    yield period, taken * price
                    left -= taken
                    waiting[:1] = [(there - taken, price)] if taken < there else []

    def write_offs(self, regime: TaxRegime | None) -> dict[Vintage, Line]:
        """What is written off in each period, by vintage."""
        found: dict[Vintage, Line] = {}
        for (asset_class, service), cost in self.additions.items():
            rule = regime.rule(asset_class) if regime is not None else None
            shares = by_period(rule, self.plan.problem.calendar, service) if rule is not None else [0.0] * self.periods
            found[asset_class, service] = [share * cost for share in shares]
        return found

    @cached_property
    def tax_write_off(self) -> Line:
        """All that is written off for tax."""
        return _sum(self.write_offs(self.tax_regime).values(), self.periods)

    @cached_property
    def book_write_off(self) -> Line:
        """All that is written off in the books."""
        return _sum(self.write_offs(self.book_regime).values(), self.periods)

    @cached_property
    def running(self) -> Line:
        """Running cost, negative; penalties count, judgements that nobody pays do not."""
        line = [0.0] * self.periods
        for flow in self.plan.flows:
            if flow.asset_class == "none" and flow.line not in NOT_CASH:
                line[flow.period] += flow.amount
        return line

    @cached_property
    def benefits(self) -> Line:
        """What the work done is worth by `finance.benefit`, at the end of each period; zero without one."""
        benefit, line = self.plan.scenario.finance.benefit, [0.0] * self.periods
        if benefit is None:
            return line
        price: Any = benefit.price.amount
        hours = [period.hours for period in self.plan.problem.calendar]
        counts = self.busy_hours if isinstance(price, HourlyPrice) else self.tokens
        for t in range(self.periods):
            line[t] = counts[t] * self.plan.case.prices.money(price, t) if hours[t] else 0.0
        return line

    @cached_property
    def busy_hours(self) -> Line:
        """Accelerator-hours at work."""
        line = [0.0] * self.periods
        for (t, *_), done in self.plan.work.items():
            line[t] += done.busy * self.plan.problem.calendar[t].hours
        return line

    @cached_property
    def owned_hours(self) -> Line:
        """Accelerator-hours in service, at work or not."""
        size = {row.id: row.accelerators for row in self.plan.problem.systems}
        line = [0.0] * self.periods
        for cell, counts in self.plan.track.fleet.items():
            for t, count in enumerate(counts):
                line[t] += count * size[cell.system] * self.plan.problem.calendar[t].hours
        return line

    @cached_property
    def tokens(self) -> Line:
        """Tokens trained, runs and divisible work together."""
        line = [0.0] * self.periods
        for (t, *_), done in self.plan.work.items():
            line[t] += done.tokens
        return line

    @cached_property
    def output(self) -> Line:
        """Effective PFLOP-days."""
        line = [0.0] * self.periods
        for (t, *_), done in self.plan.work.items():
            line[t] += done.effective
        return line

    @cached_property
    def proceeds(self) -> float:
        """Residual value at the plan's end."""
        return sum(flow.amount for flow in self.plan.flows if flow.line == RESIDUAL)

    @cached_property
    def closing_tax_value(self) -> float:
        """Cost not yet written off for tax at the plan's end."""
        return sum(self.additions.values()) - sum(self.tax_write_off)

    @cached_property
    def taxable(self) -> Line:
        """Income before losses carried forward: benefits less running cost and write-offs; in the last period the
        residual value less what is not yet written off.
        """
        line = [b + r - w for b, r, w in zip(self.benefits, self.running, self.tax_write_off, strict=True)]
        line[-1] += self.proceeds - self.closing_tax_value
        return line

    @cached_property
    def loss_carried(self) -> Line:
        """Losses carried into the next period; zero unless they are carried."""
        found, stock = [], 0.0
        for income in self.taxable:
            stock = max(0.0, stock - income) if self.losses == "carried" else 0.0
            found.append(stock)
        return found

    @cached_property
    def tax(self) -> Line:
        """Tax paid (negative) or relieved (positive, where losses are used at once)."""
        before = [0.0, *self.loss_carried[:-1]]
        if self.losses == "used":
            base = self.taxable
        elif self.losses == "lost":
            base = [max(0.0, income) for income in self.taxable]
        else:
            base = [max(0.0, income - stock) for income, stock in zip(self.taxable, before, strict=True)]
        return [-self.rate * income if income else 0.0 for income in base]

    def end_factor(self, period: int) -> float:
        """Discount factor of the end of a period."""
        return self.plan.problem.discounting.factor(period, "end")

    @property
    def tax_present(self) -> float:
        """Present value of tax."""
        return sum(amount * self.end_factor(t) for t, amount in enumerate(self.tax))

    @property
    def benefits_present(self) -> float:
        """Present value of benefits."""
        return sum(amount * self.end_factor(t) for t, amount in enumerate(self.benefits))

    def tax_records(self) -> list[dict[str, Any]]:
        """Tax as rows of `cashflow`, at the end of its period."""
        book, problem = self.plan.problem.discounting, self.plan.problem
        return [
            cash_record(
                self.plan.case,
                problem,
                CashFlow(t, book.when(t, "end"), "income_tax", "none", None, "tax", amount, self.end_factor(t), "end"),
                is_tax=True,
            )
            for t, amount in enumerate(self.tax)
            if amount
        ]


def statements(plan: "Plan") -> Statements:
    """The statements of a plan, by the regimes that its scenario names or the catalog's usual ones."""
    catalog, finance = plan.case.catalog, plan.scenario.finance
    asked, country = finance.tax, plan.case.catalog.buyers[plan.scenario.buyer].country
    if asked is not None:
        regime = catalog.tax_regimes.get(asked.regime)
    else:
        usual = (r for r in catalog.tax_regimes.values() if r.default and r.country is not None)
        regime = next((r for r in usual if r.country == country), None)
    rate = regime.rate if regime is not None else 0.0
    losses: Losses = regime.losses if regime is not None else "carried"
    if asked is not None:
        rate = asked.rate if asked.rate is not None else rate
        losses = asked.losses or losses
    return Statements(plan, regime, catalog.tax_regimes.get(finance.book), rate, losses)


def _delivered(lot: Lot) -> tuple[int, str]:
    return lot.delivered, lot.build_id


def _sum(lines: Any, periods: int) -> Line:
    total = [0.0] * periods
    for line in lines:
        total = [a + b for a, b in zip(total, line, strict=True)]
    return total
