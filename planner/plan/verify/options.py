"""Power and space bought while the plan runs: what it adds, when, and at which price."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.errors import InternalError
from planner.plan.decisions import Expansion
from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault, exceeds
from planner.plan.verify.season import contract, uncut
from planner.scenario.model import Hall, Site
from planner.scenario.options import GridExpansion, HallExpansion, Retrofit
from planner.scenario.periods import label_start
from planner.units import Money


@dataclass(frozen=True, slots=True)
class Step:
    """An option of a site and what a step of it does."""

    entry: GridExpansion | HallExpansion | Retrofit
    hall: str | None
    """Hall that it enlarges or opens."""
    grid: float
    it: float
    racks: int
    times: int


def steps(site: Site) -> dict[str, Step]:
    """Options of a site by id."""
    found = {e.id: Step(e, None, e.power, 0.0, 0, e.times) for e in site.expansions}
    for hall in site.halls:
        found |= {e.id: Step(e, hall.id, 0.0, e.it_power, e.racks, e.times) for e in hall.expansions}
        if hall.retrofit is not None:
            made = hall.retrofit
            found[made.id] = Step(made, made.id, 0.0, made.it_power, made.racks, 1)
    return found


def hours(case: Case, step: Step) -> float:
    """From the decision to the use of a step."""
    entry = step.entry
    stated = entry.downtime if isinstance(entry, Retrofit) else entry.lead_time
    if stated is not None:
        return stated
    name = {GridExpansion: "grid-expansion", HallExpansion: "hall-expansion", Retrofit: "liquid-retrofit"}[type(entry)]
    return _number(case, f"lead-time-{name}")


def ready(case: Case, taken: Expansion) -> int | None:
    """First period in which a step is of use; None: behind the horizon."""
    return case.calendar.after(taken.period, hours(case, steps(case.sites[taken.site])[taken.option]))


def cost(case: Case, site: Site, step: Step) -> Money:
    """Price of one step."""
    if step.entry.cost is not None:
        return step.entry.cost
    if isinstance(step.entry, HallExpansion):
        return case.world.building_cost(site) * step.it
    kw, name = (step.grid, "grid-expansion-cost") if step.grid else (step.it, "retrofit-cost")
    each = case.world.parameter(name)
    if not isinstance(each, Money):
        raise InternalError(f"parameter {name} is a number, money is expected")
    return each * kw


def facility_life(case: Case) -> float:
    """Years that building and plant last."""
    return _number(case, "facility-life") / 8766.0


def _number(case: Case, name: str) -> float:
    value = case.world.parameter(name)
    if isinstance(value, Money):
        raise InternalError(f"parameter {name} is money, a number is expected")
    return float(value)


def _done(case: Case, site: str, period: int) -> Iterator[tuple[Step, int]]:
    """Steps of a site in use in a period, with how many of each."""
    known = steps(case.sites[site])
    for taken in case.decisions.expansions:
        since = ready(case, taken) if taken.site == site else None
        if since is not None and since <= period:
            yield known[taken.option], taken.count


def closed(case: Case, site: str, hall: Hall, period: int) -> bool:
    """Whether a hall has been closed to be turned to liquid."""
    made = hall.retrofit
    return made is not None and any(
        (e.site, e.option) == (site, made.id) and e.count and e.period <= period for e in case.decisions.expansions
    )


def it_power(case: Case, site: str, hall: Hall, period: int) -> float:
    """IT power that a hall feeds and cools in a period, kW."""
    own = hall.it_power.at(case.calendar[period]) or 0.0
    there = any(hall.id == known.id for known in case.sites[site].halls) and not closed(case, site, hall, period)
    return (own if there else 0.0) + sum(s.it * n for s, n in _done(case, site, period) if s.hall == hall.id)


def positions_of(case: Case, site: str, hall: Hall, period: int) -> float:
    """Rack positions of a hall in a period."""
    there = any(hall.id == known.id for known in case.sites[site].halls) and not closed(case, site, hall, period)
    return (hall.racks if there else 0) + sum(s.racks * n for s, n in _done(case, site, period) if s.hall == hall.id)


def grid_power(case: Case, site: Site, period: int) -> float:
    """Grid power of a site in a period, kW at the meter."""
    when = case.calendar[period]
    return contract(site, when) + uncut(site, when) * sum(s.grid * n for s, n in _done(case, site.id, period))


def expansion(case: Case) -> Iterator[Fault]:
    """Steps of power and space are decided no earlier and no more often than offered, and are of use in the plan."""
    for site in case.scenario.sites:
        for name, step in steps(site).items():
            taken = [e for e in case.decisions.expansions if (e.site, e.option) == (site.id, name) and e.count]
            count = sum(e.count for e in taken)
            if exceeds(count, step.times):
                text = f"{site.id}/{name} is taken {count} times, it is offered {step.times} times"
                yield Fault(f"{site.id}/{name}", None, count, step.times, text)
            for e in taken:
                earliest = step.entry.earliest
                if earliest is not None and case.calendar[e.period].start < label_start(earliest):
                    text = f"{site.id}/{name} is decided in {case.label(e.period)}, it is offered from {earliest}"
                    yield Fault(f"{site.id}/{name}", e.period, e.period, 0.0, text)
                if ready(case, e) is None:
                    text = f"{site.id}/{name}, decided in {case.label(e.period)}, is ready behind the horizon"
                    yield Fault(f"{site.id}/{name}", e.period, e.count, 0.0, text)
