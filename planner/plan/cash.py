"""The plan's cash flow: the events of every decision, times how often it was taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from planner.costs.events import NOT_CASH, Events, Moment
from planner.plan.decisions import Decisions
from planner.plan.output import job_of, number_of
from planner.plan.peaks import peaks
from planner.plan.trajectory import Trajectory, present
from planner.problem.arrays import Problem
from planner.scenario.rent import RENTED


@dataclass(frozen=True, slots=True)
class CashFlow:
    """One dated amount; money paid out is negative, in the problem's currency, nominal."""

    period: int
    date: date
    line: str
    asset_class: str
    site: str | None
    item: str
    amount: float
    discount_factor: float
    moment: Moment = "start"
    """When in its period it is paid."""

    @property
    def k(self) -> float:
        """Point of time in periods: k is the end of the k-th period, 0 the plan's start."""
        return self.period + {"start": 0.0, "mid": 0.5, "end": 1.0}[self.moment]

    @property
    def is_cash(self) -> bool:
        """False for what only weighs a choice: the residual value, a price preference."""
        return self.line not in NOT_CASH


def cash_flows(problem: Problem, decisions: Decisions, trajectory: Trajectory) -> tuple[CashFlow, ...]:
    """All cash flows, one per line, item, site and date, sorted by date.

    Their sum of amount times discount factor is minus the plan's net present cost.
    """
    sums: dict[tuple[int, Moment, str, str, str, str], float] = {}
    for site, item, events, count in _taken(problem, decisions, trajectory):
        for event in events:
            where, what = event.site or site or "", event.item or item
            key = (event.period, event.moment, event.line, event.asset_class, where, what)
            sums[key] = sums.get(key, 0.0) + event.amount * count
    book = problem.discounting
    flows = [
        CashFlow(
            period,
            book.when(period, moment),
            line,
            asset_class,
            site or None,
            item,
            amount,
            book.factor(period, moment),
            moment,
        )
        for (period, moment, line, asset_class, site, item), amount in sums.items()
        if amount
    ]
    return tuple(sorted(flows, key=lambda f: (f.date, f.period, f.line, f.item, f.site or "")))


def _taken(
    problem: Problem, decisions: Decisions, trajectory: Trajectory
) -> Iterator[tuple[str | None, str, Events, float]]:
    """(site, item, events of one unit, units) of everything that happens."""
    system = {row.id: i for i, row in enumerate(problem.systems)}
    hall = {row.id: h for h, row in enumerate(problem.halls)}
    for order in decisions.orders:
        yield None, order.system, problem.order_events[system[order.system], order.period], order.count
    for install in decisions.installs:
        yield (
            install.site,
            install.system,
            problem.placed_events(system[install.system], hall[f"{install.site}/{install.hall}"], install.period),
            install.count,
        )
    for on in decisions.powered:
        key = (system[on.system], hall[f"{on.site}/{on.hall}"], on.period)
        yield on.site, on.system, problem.powered_events[key], on.count
    yield from _subsidies(problem, decisions, trajectory)
    yield from _idle(problem, trajectory)
    yield from _networks(problem, decisions)
    for (s, t), kw in peaks(problem, decisions, trajectory).items():
        yield problem.sites[s].id, "highest draw", problem.demand_events[s, t], kw
    for cell, counts in trajectory.fleet.items():
        for t, count in enumerate(counts):
            if count:
                yield cell.site, cell.system, problem.kept_events[system[cell.system], t], present(trajectory, cell, t)
    for name, kept in trajectory.stored.items() if problem.store.events else ():
        for t, stored in enumerate(kept):
            yield None, name, problem.store.events[system[name], t], stored
    yield from _given_up(problem, decisions)
    ways = {(row.system, row.source, row.target, row.leaves): row.events for row in problem.moves}
    for move in decisions.moves:
        source, target = hall[f"{move.site}/{move.hall}"], hall[f"{move.to_site}/{move.to_hall}"]
        yield move.site, move.system, ways[system[move.system], source, target, move.period], move.count
    offer = {row.id: row for row in problem.rents}
    for rental in decisions.rentals:
        yield RENTED, rental.offer, offer[rental.offer].events[rental.period], rental.count
    option = {row.id: row for row in problem.options}
    for step in decisions.expansions:
        yield step.site, step.option, option[f"{step.site}/{step.option}"].events[step.period], step.count
    yield from _single(problem, decisions)


def _given_up(problem: Problem, decisions: Decisions) -> Iterator[tuple[str | None, str, Events, float]]:
    """What comes back of systems that a rule takes, out of service or out of store."""
    back = {(problem.systems[i].id, t): events for (i, t), events in problem.store.given_up.items()}
    for end in decisions.retirements if back else ():
        yield end.site, end.system, back.get((end.system, end.period), ()), end.count
    for given in decisions.surrenders:
        yield None, given.system, back[given.system, given.period], given.count


def _idle(problem: Problem, trajectory: Trajectory) -> Iterator[tuple[str | None, str, Events, float]]:
    """What systems in service draw while they are off."""
    system = {row.id: i for i, row in enumerate(problem.systems)}
    hall = {row.id: h for h, row in enumerate(problem.halls)}
    for cell, counts in trajectory.fleet.items() if problem.loads.idle_events else ():
        on = trajectory.powered.get(cell, (0.0,) * len(counts))
        for t, count in enumerate(counts):
            events = problem.loads.idle_events.get((system[cell.system], hall[f"{cell.site}/{cell.hall}"], t), ())
            off = present(trajectory, cell, t) - on[t] if count else 0.0
            if events and off:
                yield cell.site, cell.system, events, off


def _networks(problem: Problem, decisions: Decisions) -> Iterator[tuple[str | None, str, Events, float]]:
    """Ports of networks that halls buy, and what those beyond the nearest draw for the work over them."""
    row = {problem.halls[row.hall].id: row for row in problem.networks}
    for attached in decisions.attachments:
        found = row[f"{attached.site}/{attached.hall}"]
        level = found.levels[found.rank(attached.network)]
        yield attached.site, attached.network, level.events[attached.period], attached.count
    for start in decisions.starts if problem.loads.begin_events else ():
        yield start.site, start.system, problem.loads.begin_events.get(number_of(problem, decisions, start), ()), 1.0
    for job in decisions.jobs if problem.loads.jobs else ():
        events = problem.loads.job_events.get((job_of(problem, job), job.period), ())
        yield job.site, job.system, events, job.jobs


def _subsidies(
    problem: Problem, decisions: Decisions, trajectory: Trajectory
) -> Iterator[tuple[str | None, str, Events, float]]:
    """What sites get in the periods in which nothing in service there loses them the subsidy."""
    system = {row.id: i for i, row in enumerate(problem.systems)}
    hall = {row.id: h for h, row in enumerate(problem.halls)}
    foreign = {
        (problem.halls[hall[f"{cell.site}/{cell.hall}"]].site, t, system[cell.system])
        for cell, counts in trajectory.fleet.items()
        for t, count in enumerate(counts)
        if count
    }
    lost = {
        (s, t)
        for s, t, i in foreign
        if (s, t) in problem.obliged.subsidy_at and i in problem.obliged.subsidy_at[s, t].foreign
    }
    both = ((problem.subsidy_events, decisions.powered), (problem.grant_events, decisions.installs))
    for events, records in both:
        for record in records:
            h = hall[f"{record.site}/{record.hall}"]
            key = (system[record.system], h, record.period)
            if key in events and (problem.halls[h].site, record.period) not in lost:
                yield record.site, record.system, events[key], record.count


def _single(problem: Problem, decisions: Decisions) -> Iterator[tuple[str | None, str, Events, float]]:
    runs = {row.id: row for row in problem.runs}
    streams = {row.id: row for row in problem.streams}
    for port in decisions.ports:
        yield None, f"{port.family} on {port.platform}", problem.port_events[port.period], 1.0
    accepted = {record.order_id for record in decisions.accepted}
    for row in problem.pending:
        events = row.accepted if row.id in accepted else row.cancelled
        yield None, problem.systems[row.system].id, events, 1.0
    yield None, "cancelled orders", problem.fixed_events, 1.0
    for missed in decisions.missed:
        yield None, missed.workload, runs[missed.workload].missed or (), 1.0
    for behind in decisions.behind:
        budget = next(b for b in streams[behind.workload].budgets if b.last == behind.period)
        yield None, behind.workload, budget.missed or (), behind.tokens / budget.tokens
    for short in decisions.shortfalls:
        prices = streams[short.workload].shortfall
        yield None, short.workload, prices[short.period] if prices else (), short.tokens_per_s
