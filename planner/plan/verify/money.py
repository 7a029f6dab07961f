"""The plan priced again, line by line, from the scenario and the decisions."""

from collections.abc import Iterable, Iterator

from planner.plan.decisions import Order
from planner.plan.verify import sites
from planner.plan.verify.case import Case
from planner.plan.verify.options import cost, facility_life, ready, steps
from planner.plan.verify.records import CashFlow, Fault, differs, exceeds
from planner.plan.verify.rent import held, offers
from planner.plan.verify.season import pue, tariff
from planner.plan.verify.statement import Line, amount
from planner.plan.verify.text import versus
from planner.scenario.model import PendingOrder
from planner.scenario.periods import label_end, label_start
from planner.scenario.rent import RENTED

LINES = (
    "hardware_deposit",
    "hardware_balance",
    "pending_balance",
    "refund",
    "network",
    "energy",
    "maintenance",
    "porting",
    "facility",
    "rent",
    "missed",
    "shortfall",
    "residual",
    "energy_subsidy",
    "hardware_subsidy",
    "energy_surcharge",
    "price_preference",
)
"""Kinds of cash, in the order of a statement."""


def ledger(case: Case) -> tuple[CashFlow, ...]:
    """Every payment of the plan, dated; paid out is negative."""
    ruled = (sites.subsidies, sites.surcharges, sites.preferences)
    own = (
        _hardware,
        _pending,
        _network,
        _energy,
        _maintenance,
        _porting,
        _facility,
        _rent,
        _missed,
        _shortfall,
        _behind,
        _residual,
    )
    lines = (*own, *ruled)
    flows = [flow for line in lines for flow in line(case) if flow.amount]
    return tuple(sorted(flows, key=lambda f: (f.period, LINES.index(f.line), f.item, f.site or "")))


def net_present_cost(flows: Iterable[CashFlow]) -> float:
    """The objective: what is paid, less what comes back, at the plan's start."""
    return -sum(flow.present for flow in flows)


def objective(case: Case) -> Iterator[Fault]:
    """The cost that the plan claims is what it costs when priced again."""
    if case.objective is None:
        return
    again = net_present_cost(ledger(case))
    if differs(case.objective, again):
        left, right = versus(case.objective, again)
        text = f"the plan claims to cost {left}, priced again it costs {right}"
        yield Fault("plan", None, case.objective, again, text)


def budget_total(case: Case) -> Iterator[Fault]:
    """Cash paid out over the whole plan stays within the budget."""
    limit = case.scenario.budget.total
    if limit is not None:
        yield from _over(case, "plan", None, paid_out(ledger(case)), amount(case, limit))


def budget_per_year(case: Case) -> Iterator[Fault]:
    """Cash paid out in each stated span stays within its budget."""
    for label, limit in sorted(case.scenario.budget.per_year.items()):
        first, last = label_start(label), label_end(label)
        inside = {p.index for p in case.calendar if first <= p.start < last}
        paid = paid_out(flow for flow in ledger(case) if flow.period in inside)
        yield from _over(case, label, min(inside, default=None), paid, amount(case, limit))


def paid_out(flows: Iterable[CashFlow]) -> float:
    """Cash out, undiscounted; refunds and subsidies count against it, residual values and preferences do not."""
    return -sum(flow.amount for flow in flows if flow.line not in ("residual", "price_preference"))


def _over(case: Case, where: str, period: int | None, paid: float, limit: float) -> Iterator[Fault]:
    if exceeds(paid, limit):
        left, right = versus(paid, limit)
        text = f"{where}: {left} {case.scenario.currency} paid out of a budget of {right}"
        yield Fault(where, period, paid, limit, text)


def _price(case: Case, order: Order) -> float:
    """Price of one ordered system, with the duty of its delivery."""
    facts, arrival = case.system(order.system), case.arrival(order)
    duty = case.world.duty(facts.accelerator, arrival) if arrival is not None else 0.0
    return amount(case, facts.price) * (1.0 + duty)


def _agreed(case: Case, order: PendingOrder) -> float:
    """Price of one system of a pending order."""
    return amount(case, order.price or case.system(order.system).price)


def _hardware(case: Case) -> Iterator[CashFlow]:
    """The deposit when ordered, the rest when delivered."""
    deposit = case.scenario.finance.deposit
    for order in case.decisions.orders:
        price, arrival = _price(case, order) * order.count, case.arrival(order)
        yield Line("hardware_deposit", order.system).at_start(case, order.period, deposit * price)
        if arrival is not None:
            yield Line("hardware_balance", order.system).at_start(case, arrival, (1.0 - deposit) * price)


def _pending(case: Case) -> Iterator[CashFlow]:
    """What is still owed on orders that are taken; what comes back of those that are not."""
    taken = {order.id for order in case.accepted}
    for order in case.scenario.orders:
        price, due = _agreed(case, order) * order.count, case.due(order)
        if order.id not in taken:
            back = _refund(case, order) * order.paid * price
            yield Line("refund", order.id).at_start(case, 0, -back)
        elif due is not None:
            yield Line("pending_balance", order.id).at_start(case, due, (1.0 - order.paid) * price)


def _refund(case: Case, order: PendingOrder) -> float:
    """Share of what was paid that comes back: the order's own, else the cancelling rule's, else none."""
    if order.refund is not None:
        return order.refund
    accelerator = case.system(order.system).accelerator
    hit = case.world.cancelled(accelerator, label_start(order.placed), label_start(order.due))
    return (hit.refund or 0.0) if hit is not None else 0.0


def _network(case: Case) -> Iterator[CashFlow]:
    """Scale-out network of servers, when they are installed."""
    each = amount(case, case.parameters.network)
    for install in case.decisions.installs:
        facts = case.system(install.system)
        if facts.server:
            cost = each * facts.accelerators * install.count
            yield Line("network", install.system, install.site).at_start(case, install.period, cost)


def _energy(case: Case) -> Iterator[CashFlow]:
    """Energy at the meter of what is switched on."""
    for on in case.decisions.powered:
        site, hall = case.halls[on.site, on.hall]
        when = case.calendar[on.period]
        load = case.system(on.system).power * case.parameters.load_factor * pue(case, site, hall, when) * on.count
        cost = load * when.hours * tariff(case, site, when)
        yield Line("energy", on.system, on.site).at_end(case, on.period, cost)


def _maintenance(case: Case) -> Iterator[CashFlow]:
    """Upkeep of everything in service, the installed base too."""
    for (system, site, _), line in case.fleet.items():
        price = amount(case, case.system(system).price)
        for period, count in zip(case.calendar, line, strict=True):
            cost = case.parameters.maintenance * price * period.hours / 8760.0 * count
            yield Line("maintenance", system, site).at_end(case, period.index, cost)


def _porting(case: Case) -> Iterator[CashFlow]:
    """Staff of a port, when it begins."""
    for port in case.decisions.ports:
        cost = amount(case, case.parameters.porting_cost)
        yield Line("porting", f"{port.family} on {port.platform}").at_start(case, port.period, cost)


def _facility(case: Case) -> Iterator[CashFlow]:
    """Power and space when they are decided, and what their unused life is worth in the end."""
    last = len(case.calendar) - 1
    for taken in case.decisions.expansions:
        site, since = case.sites[taken.site], ready(case, taken)
        paid = amount(case, cost(case, site, steps(site)[taken.option])) * taken.count
        yield Line("facility", taken.option, taken.site).at_start(case, taken.period, paid)
        if since is not None:
            used = case.calendar.years_at(case.calendar.end) - case.calendar.years_at(case.calendar[since].start)
            left = max(0.0, 1.0 - used / facility_life(case))
            yield Line("residual", taken.option, taken.site).at_end(case, last, -left * paid)


def _rent(case: Case) -> Iterator[CashFlow]:
    """Contracts on rented systems, at the end of every period that they hold, used or not."""
    for rental in case.decisions.rentals:
        offer = offers(case)[rental.offer]
        hourly = amount(case, offer.price) * case.system(offer.system).accelerators * rental.count
        for t in held(case, rental):
            yield Line("rent", offer.id, RENTED).at_end(case, t, hourly * case.calendar[t].hours)


def _missed(case: Case) -> Iterator[CashFlow]:
    """The price of runs not done, at their deadline."""
    for record in case.decisions.missed:
        run = case.runs[record.workload]
        if run.missed is not None:
            yield Line("missed", run.id).at_end(case, case.last_period(run), amount(case, run.missed))


def _shortfall(case: Case) -> Iterator[CashFlow]:
    """The price of tokens not trained."""
    for record in case.decisions.shortfalls:
        stream, period = case.streams[record.workload], case.calendar[record.period]
        if stream.shortfall is not None:
            millions = record.tokens_per_s * period.hours * 3600.0 / 1e6
            yield Line("shortfall", stream.id).at_end(case, period.index, amount(case, stream.shortfall) * millions)


def _behind(case: Case) -> Iterator[CashFlow]:
    """The price of tokens not trained by the day asked for."""
    for record in case.decisions.behind:
        price = case.streams[record.workload].shortfall
        if price is not None:
            cost = amount(case, price) * record.tokens / 1e6
            yield Line("shortfall", record.workload).at_end(case, record.period, cost)


def _residual(case: Case) -> Iterator[CashFlow]:
    """What bought systems are still worth when the plan ends."""
    last = len(case.calendar) - 1
    bought = [(o.system, case.arrival(o), _price(case, o) * o.count) for o in case.decisions.orders]
    bought += [(o.system, case.due(o), _agreed(case, o) * o.count) for o in case.accepted]
    for system, arrival, price in bought:
        if arrival is not None:
            age = case.calendar.years_at(case.calendar.end) - case.calendar.years_at(case.calendar[arrival].start)
            yield Line("residual", system).at_end(case, last, -residual_share(case, age) * price)


def residual_share(case: Case, age: float) -> float:
    """Share of the price left at an age in years, linear between the points of the curve, constant behind the last."""
    curve = case.parameters.residual
    before = int(age)
    if before >= len(curve) - 1:
        return curve[-1]
    return curve[before] + (age - before) * (curve[before + 1] - curve[before])
