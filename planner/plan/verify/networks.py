"""Networks that halls buy: ports bought, ports needed, and what they cost, worked out again."""

from collections.abc import Iterator

from planner.plan.decisions import Start
from planner.plan.verify.case import Case
from planner.plan.verify.given import Line
from planner.plan.verify.ladder import attaches
from planner.plan.verify.records import CashFlow, Fault, exceeds
from planner.plan.verify.statement import Line as Paid
from planner.plan.verify.statement import amount, dearer
from planner.plan.verify.text import tell
from planner.scenario.model import Hall


def ports(case: Case) -> Iterator[Fault]:
    """Every accelerator in service that needs one has a port of its hall's network."""
    for site, hall in _wired(case):
        standing = [0.0] * len(case.calendar)
        for (system, at, inside), line in case.fleet.items():
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
    """Work over a network has ports of it or of a farther one: on average, and every job and run by itself."""
    for site, hall in _wired(case):
        raised, names = _raised(case, site, hall), [rung.id for rung in case.rungs[site, hall.id]]
        for k in range(1, len(names)):
            mean, most = [0.0] * len(case.calendar), [0.0] * len(case.calendar)
            for work in case.work:
                if (work.site, work.hall) != (site, hall.id) or work.network not in names[k:]:
                    continue
                times = case.occupancy(work) if isinstance(work, Start) else [(work.period, work.jobs)]
                for period, share in times:
                    mean[period] += share * work.accelerators
                    most[period] = max(most[period], float(case.cluster(work)) if share else 0.0)
            needed = [max(pair) for pair in zip(mean, most, strict=True)]
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
                line = [n + (bought.count if t >= bought.period else 0.0) for t, n in enumerate(line)]
        table.append(line)
    return table


def attachments(case: Case) -> Iterator[CashFlow]:
    """Ports when they are bought: the difference to the next nearer network."""
    for bought in case.decisions.attachments:
        rungs, t = case.rungs[bought.site, bought.hall], bought.period
        k = [rung.id for rung in rungs].index(bought.network)
        each = amount(case, rungs[k].facts.cost, t) - (amount(case, rungs[k - 1].facts.cost, t) if k else 0.0)
        cost = each * dearer(case, "network", t) * bought.count
        yield Paid("network", bought.network, bought.site).at_start(case, t, cost)
