"""The plan priced again, line by line, from the scenario and the decisions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from planner.plan.decisions import Order
from planner.plan.verify import sites as places
from planner.plan.verify.case import Case
from planner.plan.verify.moves import share
from planner.plan.verify.networks import attachments
from planner.plan.verify.options import cost, facility_life, ready, steps
from planner.plan.verify.records import CashFlow, Fault, differs, exceeds
from planner.plan.verify.rent import held, offers
from planner.plan.verify.running import demand, energy, further, halls, maintenance
from planner.plan.verify.statement import Line, after, amount, dearer
from planner.plan.verify.storing import stored
from planner.plan.verify.text import versus
from planner.plan.verify.wearing import surviving
from planner.plan.verify.world import Part, Terms
from planner.scenario.model import PendingOrder
from planner.scenario.periods import label_end, label_start
from planner.scenario.rent import RENTED, RentOffer
from planner.units import Money

GROUPS = {"hardware_deposit": "hardware", "hardware_balance": "hardware", "pending_balance": "hardware"}
GROUPS["network_maintenance"] = "maintenance"
GROUPS |= dict.fromkeys(("idle_energy", "network_energy", "storage_energy"), "energy")
"""Lines that share an escalator and a tax rate with others."""
UNTAXED = (
    "refund",
    "compensation",
    "residual",
    "missed",
    "shortfall",
    "energy_subsidy",
    "energy_surcharge",
    "price_preference",
)
"""Lines on which no value-added tax falls."""


def ledger(case: Case) -> tuple[CashFlow, ...]:
    """Every payment of the plan, dated; paid out is negative."""
    bought = (_hardware, _pending, _network, _porting, _facility, _relocation, halls)
    spent = (energy, demand, maintenance, further, _rent, stored, _missed, _shortfall, _behind)
    ruled = (places.subsidies, places.surcharges, places.preferences, places.compensations)
    flows = [flow for line in (*bought, *spent, *ruled, _residual) for flow in line(case) if flow.amount]
    flows += _tax(case, flows)
    return tuple(sorted(flows, key=lambda f: (f.period, f.line, f.item, f.site or "", f.date)))


def _tax(case: Case, flows: Iterable[CashFlow]) -> list[CashFlow]:
    """Value-added tax that is not reclaimed, on every payment of a line that bears it."""
    rates = case.scenario.finance.irrecoverable_vat
    taxed = ((flow, rates.get(GROUPS.get(flow.line, flow.line), 0.0)) for flow in flows if flow.line not in UNTAXED)
    return [replace(flow, line="vat", amount=flow.amount * rate) for flow, rate in taxed if rate]


def net_present_cost(flows: Iterable[CashFlow]) -> float:
    """The objective: what is paid, less what comes back, at the plan's start."""
    return -sum(flow.present for flow in flows)


def objective(case: Case) -> Iterator[Fault]:
    """The cost that the plan claims is what it costs when priced again."""
    if case.objective is None:
        return
    again = net_present_cost(case.cash)
    if differs(case.objective, again):
        left, right = versus(case.objective, again)
        text = f"the plan claims to cost {left}, priced again it costs {right}"
        yield Fault("plan", None, case.objective, again, text)


def budget_total(case: Case) -> Iterator[Fault]:
    """Cash paid out over the whole plan stays within the budget."""
    limit = case.scenario.budget.total
    if limit is not None:
        yield from _over(case, "plan", None, paid_out(case.cash), amount(case, limit, 0))


def budget_per_year(case: Case) -> Iterator[Fault]:
    """Cash paid out in each stated span stays within its budget."""
    for label, limit in sorted(case.scenario.budget.per_year.items()):
        first, last = label_start(label), label_end(label)
        inside = {p.index for p in case.calendar if first <= p.start < last}
        paid = paid_out(flow for flow in case.cash if flow.period in inside)
        first_inside = min(inside, default=0)
        yield from _over(case, label, min(inside, default=None), paid, amount(case, limit, first_inside))


def paid_out(flows: Iterable[CashFlow]) -> float:
    """Cash out, undiscounted; refunds and subsidies count against it, residual values and preferences do not."""
    return -sum(flow.amount for flow in flows if flow.line not in ("residual", "price_preference"))


def _over(case: Case, where: str, period: int | None, paid: float, limit: float) -> Iterator[Fault]:
    if exceeds(paid, limit):
        left, right = versus(paid, limit)
        text = f"{where}: {left} {case.scenario.currency} paid out of a budget of {right}"
        yield Fault(where, period, paid, limit, text)


def _price(case: Case, order: Order) -> Money:
    """Agreed price of one ordered system: of the order's year, with the duty of its delivery."""
    facts, arrival = case.system(order.system), case.arrival(order)
    duty = case.world.duty(facts.accelerator, arrival) if arrival is not None else 0.0
    return facts.price * ((1.0 + duty) * dearer(case, "hardware", order.period))


def _agreed(case: Case, order: PendingOrder) -> Money:
    """Price of one system of a pending order."""
    return order.price or case.system(order.system).price


def _terms(case: Case, system: str) -> Terms | None:
    """Terms of payment of a system: the scenario's, else the catalog's; None: a deposit and a balance."""
    facts = case.system(system)
    for entry in case.scenario.finance.payments:
        named = not entry.systems or system in entry.systems
        named &= not entry.accelerators or facts.accelerator in entry.accelerators
        named &= not entry.vendors or facts.vendor in entry.vendors
        named &= entry.buyer_country in (None, case.world.buyer_country())
        if named and entry.origin in (None, "domestic" if facts.domestic else "imported"):
            return Terms(tuple(Part(p.share, p.at == "order", p.after) for p in entry.schedule), entry.refund)
    return case.world.usual_terms(system)


def _hardware(case: Case) -> Iterator[CashFlow]:
    """Each part of the price when it falls due: with the order, on delivery, or some time after."""
    deposit = case.scenario.finance.deposit
    usual = Terms((Part(deposit, True, 0.0), Part(1.0 - deposit, False, 0.0)), None)
    for order in case.decisions.orders:
        price, arrival = _price(case, order), case.arrival(order)
        for part in (_terms(case, order.system) or usual).parts:
            begin = order.period if part.with_order else arrival
            if begin is None:
                continue
            line = Line("hardware_deposit" if part.with_order else "hardware_balance", order.system)
            due = after(case, begin, part.after)
            period = len(case.calendar) - 1 if due is None else due
            cost = part.share * order.count * amount(case, price, period)
            yield line.at_start(case, period, cost) if due is not None else line.at_end(case, period, cost)


def _pending(case: Case) -> Iterator[CashFlow]:
    """What is still owed on orders that are taken; what comes back of those that are not."""
    taken = {order.id for order in case.accepted}
    for order in case.scenario.orders:
        price, due = _agreed(case, order), case.due(order)
        if order.id not in taken:
            back = _refund(case, order) * order.paid * order.count * amount(case, price, 0)
            yield Line("refund", order.id).at_start(case, 0, -back)
        elif due is not None:
            owed = (1.0 - order.paid) * order.count * amount(case, price, due)
            yield Line("pending_balance", order.id).at_start(case, due, owed)


def _refund(case: Case, order: PendingOrder) -> float:
    """Share of what was paid that comes back: the order's own, else the cancelling rule's, else that of the terms of
    payment, else none.
    """
    if order.refund is not None:
        return order.refund
    accelerator = case.system(order.system).accelerator
    placed, due, when = label_start(order.placed), label_start(order.due), case.due(order)
    hit = case.world.cancelled(accelerator, placed, due)
    if hit is None and when is not None and case.world.refusal("import", accelerator, None, when) is not None:
        hit = case.world.cancelled(accelerator, placed, case.calendar[when].end)
    if hit is not None and hit.refund is not None:
        return hit.refund
    terms = _terms(case, order.system)
    return (terms.refund or 0.0) if terms is not None else 0.0


def _network(case: Case) -> Iterator[CashFlow]:
    """Scale-out network of servers, when they are installed; a hall that buys its own pays for ports instead."""
    yield from attachments(case)
    for install in case.decisions.installs:
        facts, (_, hall) = case.system(install.system), case.halls[install.site, install.hall]
        if facts.server and hall.fabric is None:
            each = amount(case, case.parameters.network, install.period) * dearer(case, "network", install.period)
            cost = each * facts.accelerators * install.count
            yield Line("network", install.system, install.site).at_start(case, install.period, cost)


def _porting(case: Case) -> Iterator[CashFlow]:
    """Staff of a port, when it begins."""
    for port in case.decisions.ports:
        cost = amount(case, case.parameters.porting_cost, port.period) * dearer(case, "porting", port.period)
        yield Line("porting", f"{port.family} on {port.platform}").at_start(case, port.period, cost)


def _facility(case: Case) -> Iterator[CashFlow]:
    """Power and space when they are decided, and what their unused life is worth in the end."""
    last = len(case.calendar) - 1
    for taken in case.decisions.expansions:
        site, since = case.sites[taken.site], ready(case, taken)
        price = cost(case, site, steps(site)[taken.option]) * (taken.count * dearer(case, "facility", taken.period))
        paid = amount(case, price, taken.period)
        yield Line("facility", taken.option, taken.site).at_start(case, taken.period, paid)
        if since is not None:
            used = case.calendar.years_at(case.calendar.end) - case.calendar.years_at(case.calendar[since].start)
            left = max(0.0, 1.0 - used / facility_life(case))
            yield Line("residual", taken.option, taken.site).at_end(case, last, -left * amount(case, price, last))


def _relocation(case: Case) -> Iterator[CashFlow]:
    """Moves of installed systems, when they leave."""
    for move in case.decisions.moves:
        price = amount(case, case.system(move.system).price, move.period) * dearer(case, "relocation", move.period)
        yield Line("relocation", move.system, move.site).at_start(
            case, move.period, share(case, move) * price * move.count
        )


def _rent(case: Case) -> Iterator[CashFlow]:
    """Contracts on rented systems, at the end of every period that they hold, used or not."""
    for rental in case.decisions.rentals:
        offer = offers(case)[rental.offer]
        for t in held(case, rental):
            due = _due(case, offer, rental.count, t) * dearer(case, "rent", t)
            yield Line("rent", offer.id, RENTED).running(case, t, due)


def _due(case: Case, offer: RentOffer, systems: int, period: int) -> float:
    """Rent of so many systems for a period: by the accelerator and hour, or by the system and month."""
    when = case.calendar[period]
    if offer.price_per_month is not None:
        days = map(date.fromordinal, range(when.start.toordinal(), when.end.toordinal()))
        begun = {(day.year, day.month) for day in days}
        return amount(case, offer.price_per_month, period) * systems * len(begun)
    assert offer.price is not None
    each = case.system(offer.system).accelerators
    return amount(case, offer.price, period) * when.hours * each * systems


def _missed(case: Case) -> Iterator[CashFlow]:
    """The price of runs not done, at their deadline."""
    for record in case.decisions.missed:
        run = case.runs[record.workload]
        if run.missed is not None:
            last = case.last_period(run)
            yield Line("missed", run.id).at_end(case, last, amount(case, run.missed, last))


def _shortfall(case: Case) -> Iterator[CashFlow]:
    """The price of tokens not trained."""
    for record in case.decisions.shortfalls:
        stream, period = case.streams[record.workload], case.calendar[record.period]
        if stream.shortfall is not None:
            millions = record.tokens_per_s * period.hours * 3600.0 / 1e6
            price = amount(case, stream.shortfall, period.index)
            yield Line("shortfall", stream.id).at_end(case, period.index, price * millions)


def _behind(case: Case) -> Iterator[CashFlow]:
    """The price of tokens not trained by the day asked for."""
    for record in case.decisions.behind:
        price = case.streams[record.workload].shortfall
        if price is not None:
            cost = amount(case, price, record.period) * record.tokens / 1e6
            yield Line("shortfall", record.workload).at_end(case, record.period, cost)


def _residual(case: Case) -> Iterator[CashFlow]:
    """What bought systems are still worth when the plan ends."""
    last = len(case.calendar) - 1
    bought = [(o.system, case.arrival(o), _price(case, o) * o.count) for o in case.decisions.orders]
    bought += [(o.system, case.due(o), _agreed(case, o) * o.count) for o in case.accepted]
    for system, arrival, agreed in bought:
        price = amount(case, agreed, last)
        if arrival is not None and places.kept(case, system, arrival):
            age = case.calendar.years_at(case.calendar.end) - case.calendar.years_at(case.calendar[arrival].start)
            worth = residual_share(case, age) * surviving(case, system, arrival)
            yield Line("residual", system).at_end(case, last, -worth * price)


def residual_share(case: Case, age: float) -> float:
    """Share of the price left at an age in years, linear between the points of the curve, constant behind the last."""
    curve = case.parameters.residual
    before = int(age)
    if before >= len(curve) - 1:
        return curve[-1]
    return curve[before] + (age - before) * (curve[before + 1] - curve[before])
