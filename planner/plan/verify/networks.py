"""Networks that halls buy: ports bought, ports needed, and what they cost, worked out again."""

from collections.abc import Iterator

from planner.errors import InternalError
from planner.plan.decisions import Attachment, Start
from planner.plan.verify.case import Case
from planner.plan.verify.given import Line
from planner.plan.verify.ladder import attaches
from planner.plan.verify.records import CashFlow, Fault, exceeds
from planner.plan.verify.statement import Line as Paid
from planner.plan.verify.statement import amount, dearer
from planner.plan.verify.text import tell
from planner.plan.verify.wearing import present
from planner.scenario.model import Hall
from planner.scenario.network import HallNetwork
from planner.units import Money


def ports(case: Case) -> Iterator[Fault]:
    """Every accelerator in service that needs one has a port of its hall's network."""
    for site, hall in _wired(case):
        standing = [0.0] * len(case.calendar)
        for (system, at, inside), line in present(case).items():
            facts = case.system(system)
            if (at, inside) == (site, hall.id) and attaches(hall, facts):
                standing = [n + count * facts.accelerators for n, count in zip(standing, line, strict=True)]
        there = _raised(case, site, hall)[0]
        yield from _short(case, site, hall, standing, there, "accelerators stand", "ports")


def ladder(case: Case) -> Iterator[Fault]:
    """A port of a farther network is one of each nearer network too."""
    for site, hall in _wired(case):
        raised, names = _raised(case, site, hall), [rung.id for rung in case.rungs[site, hall.id]]
        for k in range(1, len(raised)):
            yield from _short(case, site, hall, raised[k], raised[k - 1], f"ports of {names[k]}", f"of {names[k - 1]}")


def ports_reach(case: Case) -> Iterator[Fault]:
    """Work over a network has ports of it or of a farther one: on average, every job, and all runs together."""
    for site, hall in _wired(case):
        raised, names = _raised(case, site, hall), [rung.id for rung in case.rungs[site, hall.id]]
        for k in range(1, len(names)):
            mean, most, runs = ([0.0] * len(case.calendar) for _ in range(3))
            for work in case.work:
                if (work.site, work.hall) != (site, hall.id) or work.network not in names[k:]:
                    continue
                times = case.occupancy(work) if isinstance(work, Start) else [(work.period, work.jobs)]
                for period, share in times:
                    mean[period] += share * work.accelerators
                    if isinstance(work, Start):
                        runs[period] += work.accelerators
                    elif share:
                        most[period] = max(most[period], float(work.accelerators))
            needed = [max(three) for three in zip(mean, most, runs, strict=True)]
            yield from _short(case, site, hall, needed, raised[k], f"accelerators work over {names[k]}", "ports of it")


def _short(case: Case, site: str, hall: Hall, needed: Line, there: Line, what: str, among: str) -> Iterator[Fault]:
    for period, (lhs, rhs) in enumerate(zip(needed, there, strict=True)):
        if exceeds(lhs, rhs):
            text = f"hall {site}/{hall.id}: {tell(lhs)} {what} in {case.label(period)}, {tell(rhs)} {among} are there"
            yield Fault(f"{site}/{hall.id}", period, lhs, rhs, text)


def _wired(case: Case) -> Iterator[tuple[str, Hall]]:
    for site in case.scenario.sites:
        for hall in site.all_halls:
            if hall.fabric is not None:
                yield site.id, hall


def _raised(case: Case, site: str, hall: Hall) -> list[Line]:
    """Accelerators whose ports reach each network or a farther one, by period."""
    rungs, network = case.rungs[site, hall.id], hall.fabric
    start = dict(network.installed) if network is not None and network.installed is not None else None
    if start is None:
        base = sum(
            count * case.system(system).accelerators
            for (system, at, inside), count in case.base.items()
            if (at, inside) == (site, hall.id) and attaches(hall, case.system(system))
        )
        start = {rungs[0].id: base}
    table = []
    for k, rung in enumerate(rungs):
        count = float(sum(start.get(other.id, 0) for other in rungs[k:]))
        line = [count] * len(case.calendar)
        for bought in case.decisions.attachments:
            if (bought.site, bought.hall, bought.network) == (site, hall.id, rung.id):
                since = due(case, bought)
                line = [n + (bought.count if since is not None and t >= since else 0.0) for t, n in enumerate(line)]
        table.append(line)
    return table


def due(case: Case, bought: Attachment) -> int | None:
    """First period in which ports that are ordered are of use; None: behind the horizon."""
    network = _network(case, bought.site, bought.hall)
    wait = _figure(case, network.lead_time, "lead-time-network")
    return case.calendar.after(bought.period, wait) if wait else bought.period


def arriving(case: Case) -> Iterator[Fault]:
    """Ports that are ordered are of use within the plan."""
    for bought in case.decisions.attachments:
        if due(case, bought) is None:
            place = f"{bought.site}/{bought.hall}"
            text = f"ports of {bought.network} ordered in {case.label(bought.period)} come behind the horizon"
            yield Fault(place, bought.period, bought.count, 0.0, text)


def attachments(case: Case) -> Iterator[CashFlow]:
    """Ports when they are there, at the prices of their order: the difference to the next nearer network. What is left
    of their life in the end, and their upkeep.
    """
    last = len(case.calendar) - 1
    for bought in case.decisions.attachments:
        since, network = due(case, bought), _network(case, bought.site, bought.hall)
        if since is None:
            continue
        k = [rung.id for rung in case.rungs[bought.site, bought.hall]].index(bought.network)
        rise = dearer(case, "network", bought.period) * bought.count
        cost = _beyond(case, bought.site, bought.hall, k, since) * rise
        yield Paid("network", bought.network, bought.site).at_start(case, since, cost)
        if network.life is not None:
            years = _figure(case, network.life, "network-life") / 8766.0
            age = case.calendar.years_at(case.calendar.end) - case.calendar.years_at(case.calendar[since].start)
            worth = _beyond(case, bought.site, bought.hall, k, last) * rise * max(0.0, 1.0 - age / years)
            yield Paid("residual", bought.network, bought.site).at_end(case, last, -worth)
    yield from _upkeep(case)


def _upkeep(case: Case) -> Iterator[CashFlow]:
    """Upkeep of every port that is there in a period, a part of it for every network that it reaches."""
    for site, hall in _wired(case):
        network = _network(case, site, hall.id)
        share = _figure(case, network.maintenance, "hardware-maintenance")
        for k, line in enumerate(_raised(case, site, hall) if share else ()):
            for t, count in enumerate(line):
                each = _beyond(case, site, hall.id, k, t) * dearer(case, "maintenance", t)
                cost = each * share * count * case.calendar[t].hours / 8760.0
                yield Paid("network_maintenance", case.rungs[site, hall.id][k].id, site).running(case, t, cost)


def _beyond(case: Case, site: str, hall: str, k: int, period: int) -> float:
    """Price of a port of the k-th network less that of the nearer one."""
    rungs = case.rungs[site, hall]
    return amount(case, rungs[k].facts.cost, period) - (amount(case, rungs[k - 1].facts.cost, period) if k else 0.0)


def _network(case: Case, site: str, hall: str) -> HallNetwork:
    network = case.halls[site, hall][1].fabric
    assert network is not None  # a rung exists only where one is bought
    return network


def _figure(case: Case, stated: float | str | None, name: str) -> float:
    """What the scenario states, or the catalog where it leaves it to assumption; nothing where it is silent."""
    if not isinstance(stated, str):
        return stated or 0.0
    value = case.world.parameter(name)
    if isinstance(value, Money):
        raise InternalError(f"parameter {name} is money, a number is expected")
    return float(value)
