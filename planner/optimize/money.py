"""Which cash events hang on which variable: the link between the program and `planner.costs`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.costs.events import CashEvent, Events
from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

KW_PER_MW = 1000.0
MILLION = 1e6
"""Money rows are written in millions."""


def priced(program: Program) -> "Iterator[tuple[LpVariable, Events]]":
    """Every variable that costs something, with the cash events of one unit of it."""
    problem, v = program.problem, program.v
    for (i, t), var in v.order.items():
        yield var, problem.order_events[i, t]
    for (i, h, t), var in v.install.items():
        yield var, problem.placed_events(i, h, t)
    for (i, h, t), var in v.powered.items():
        yield var, problem.powered_events[i, h, t]
    for (i, _, t), var in v.fleet.items():
        yield var, problem.kept_events[i, t]
    for (i, _, t), var in v.failed.items():
        yield var, tuple(event.scaled(-1.0) for event in problem.kept_events[i, t])
    for key, events in sorted(problem.loads.idle_events.items()):
        yield v.fleet[key], events
        for group in (v.powered, v.failed):
            if key in group:
                yield group[key], tuple(event.scaled(-1.0) for event in events)
    for (i, _, t), var in v.retire.items() if problem.store.given_up else ():
        yield var, problem.store.given_up.get((i, t), ())
    for key, var in v.surrender.items():
        yield var, problem.store.given_up[key]
    for key, var in v.stock.items() if problem.store.events else ():
        yield var, problem.store.events[key]
    for key, var in v.peak.items():
        yield var, tuple(event.scaled(KW_PER_MW) for event in problem.demand_events[key])
    for (n, k, t), var in v.attach.items():
        yield var, problem.networks[n].levels[k].events[t]
    for (j, _, t), var in v.jobs.items() if problem.loads.jobs else ():
        yield var, problem.loads.job_events.get((j, t), ())
    for n, events in sorted(problem.loads.begin_events.items()):
        yield v.begin[n], events
    for (_, _, t), var in v.port.items():
        yield var, problem.port_events[t]
    for o, var in v.accept.items():
        row = problem.pending[o]
        yield var, (*row.accepted, *(event.scaled(-1.0) for event in row.cancelled))
    for m, var in v.move.items():
        yield var, problem.moves[m].events
    for (r, t), var in v.rent.items():
        yield var, problem.rents[r].events[t]
    for (m, t), var in v.expand.items():
        yield var, problem.options[m].events[t]
    for w, var in v.missed.items():
        yield var, problem.runs[w].missed or ()
    for (w, t), var in v.shortfall.items():
        stream = problem.streams[w]
        if stream.shortfall is not None:
            yield var, tuple(event.scaled(stream.target[t]) for event in stream.shortfall[t])
    for (_, t), var in v.subsidised.items():
        yield var, (CashEvent("energy_subsidy", t, "end", MILLION),)
    for (_, t), var in v.granted.items():
        yield var, (CashEvent("hardware_subsidy", t, "start", MILLION),)
    for (w, k), var in v.behind.items():
        yield var, problem.streams[w].budgets[k].missed or ()


def fixed(program: Program) -> Events:
    """Cash events that no variable changes: refunds of pending orders, as if all were cancelled."""
    pending = (event for row in program.problem.pending for event in row.cancelled)
    return (*program.problem.fixed_events, *pending)
