"""What draws power beside systems at work, worked out again: idle systems, network, storage."""

from collections.abc import Iterator

from planner.errors import InternalError
from planner.plan.decisions import Jobs, Start
from planner.plan.verify.case import Case
from planner.plan.verify.exempt import latest
from planner.plan.verify.given import Line, Place
from planner.plan.verify.ladder import attaches
from planner.plan.verify.season import never_cut
from planner.plan.verify.wearing import present
from planner.units import Money

LINES = {"idle": "idle_energy", "network": "network_energy", "storage": "storage_energy"}
"""Line of the cash flow of each kind of load."""
PARAMETERS = {"idle": "idle-power", "network": "network-power", "storage": "storage-power"}


def figure(case: Case, kind: str) -> float:
    """What the scenario says a load is, or the catalog where it leaves that to it; nothing where it is silent."""
    said = getattr(case.scenario.power, kind)
    if said is None:
        return 0.0
    value = case.world.parameter(PARAMETERS[kind]) if said == "assumed" else said
    if isinstance(value, Money):
        raise InternalError(f"parameter {PARAMETERS[kind]} is money, a number is expected")
    return float(value)


def beside(case: Case) -> Iterator[tuple[str, Place, Line]]:
    """(kind, place, kW in each period) of every load beside the systems at work."""
    share, network, storage = (figure(case, kind) for kind in LINES)
    for place, line in case.powered.items():
        facts = case.system(place[0])
        if each := network_share(case, place, network):
            yield "network", place, [count * facts.accelerators * each for count in line]
        if storage:
            yield "storage", place, [count * facts.accelerators * storage for count in line]
    yield from _farther(case)
    for place, fleet in present(case).items() if share else ():
        on = case.powered.get(place, [0.0] * len(fleet))
        off = zip(case.calendar, fleet, on, strict=True)
        each = share * case.system(place[0]).power
        yield "idle", place, [each * (n - m) * plugged(case, place, when.index) for when, n, m in off]


def network_share(case: Case, place: Place, usual: float) -> float:
    """kW of network per accelerator that is on: of the nearest that its hall may buy, else the usual one of servers."""
    facts, (_, hall) = case.system(place[0]), case.halls[place[1:]]
    if attaches(hall, facts):
        return case.rungs[place[1:]][0].facts.power
    return usual if facts.server else 0.0


def _farther(case: Case) -> Iterator[tuple[str, Place, Line]]:
    """Networks beyond the nearest, for the accelerators of the work that runs over them."""
    for work in case.work:
        rung = case.rung(work)
        if rung is None:
            continue
        more = rung.facts.power - case.rungs[work.site, work.hall][0].facts.power
        line = [0.0] * len(case.calendar)
        for period, share in case.occupancy(work) if isinstance(work, Start) else [(work.period, work.jobs)]:
            line[period] = share * work.accelerators * more
        if any(line):
            yield "network", (work.system, work.site, work.hall), line


def each_shares(case: Case, place: Place) -> float:
    """kW of network and storage for one system that is on."""
    network = network_share(case, place, figure(case, "network"))
    return case.system(place[0]).accelerators * (network + figure(case, "storage"))


def whole(case: Case, work: Jobs | Start) -> float:
    """kW of IT load of all systems of a piece of work at once."""
    each = case.system(work.system).power + each_shares(case, (work.system, work.site, work.hall))
    return case.systems_of(work) * each


def together(case: Case, jobs: Jobs) -> float:
    """kW of IT load of all systems of a job at once, of both kinds where two do it."""
    return sum(whole(case, part) for part in (jobs, *case.mates(jobs)[:1]))


def plugged(case: Case, place: Place, period: int) -> float:
    """1 where a system that is off stays plugged in: no cut at its site, no rule against operating it; else 0."""
    system, site, _ = place
    free = latest(case, "operate", system, site, period) is not None
    return float(free and never_cut(case.sites[site], case.calendar[period]))


def in_hall(case: Case, site: str, hall: str) -> Line:
    """kW of IT load in a hall beside its systems at work, by period."""
    total = [0.0] * len(case.calendar)
    for _, (_, at, inside), line in case.beside:
        if (at, inside) == (site, hall):
            total = [a + b for a, b in zip(total, line, strict=True)]
    return total
