"""Power and space that may be bought, for the brute force: every way to buy them, and what is there then."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from planner.scenario.model import Hall, Scenario, Site
from planner.scenario.periods import label_start
from tests.oracle.facts import Facts


@dataclass(frozen=True)
class Step:
    """One option of a site: a step adds so much to the meter or to a hall; a hall may close for it."""

    site: str
    id: str
    meter: float
    hall: str | None
    kw: float
    racks: int
    closes: str | None
    times: int
    hours: float
    price: float
    earliest: str | None


Bought = tuple[tuple[Step, int], ...]
"""Steps with the period of their decision, once for each time they are taken."""


def steps(scenario: Scenario, facts: Facts) -> list[Step]:
    """Every option of a scenario."""

    def money(stated, otherwise: float) -> float:
        if stated is None:
            return otherwise
        return stated.amount * (1.0 if stated.currency == scenario.currency else scenario.finance.fx[stated.currency])

    found, fig = [], facts.figures
    for site in scenario.sites:
        for e in site.expansions:
            price = money(e.cost, fig.get("grid-expansion-cost", 0) * e.power)
            hours = fig["lead-time-grid-expansion"] if e.lead_time is None else e.lead_time
            found.append(Step(site.id, e.id, e.power, None, 0.0, 0, None, e.times, hours, price, e.earliest))
        for hall in site.halls:
            for e in hall.expansions:
                price = money(e.cost, facts.building[site.id] * e.it_power)
                hours = fig["lead-time-hall-expansion"] if e.lead_time is None else e.lead_time
                found.append(
                    Step(site.id, e.id, 0.0, hall.id, e.it_power, e.racks, None, e.times, hours, price, e.earliest)
                )
            if (r := hall.retrofit) is not None:
                price = money(r.cost, fig["retrofit-cost"] * r.it_power)
                hours = fig["lead-time-liquid-retrofit"] if r.downtime is None else r.downtime
                found.append(Step(site.id, r.id, 0.0, r.id, r.it_power, r.racks, hall.id, 1, hours, price, r.earliest))
    return found


def choices(scenario: Scenario, facts: Facts) -> Iterator[Bought]:
    """Every way to take every option: each as often as offered, in any periods."""
    calendar = scenario.calendar
    ways: list[list[Bought]] = []
    for step in steps(scenario, facts):
        periods = [
            t
            for t in range(len(calendar))
            if calendar.after(t, step.hours) is not None
            and (step.earliest is None or calendar[t].start >= label_start(step.earliest))
        ]
        several: set[tuple[int, ...]] = set()
        for count in range(step.times + 1):
            several |= {tuple(sorted(chosen)) for chosen in product(periods, repeat=count)}
        ways.append([tuple((step, t) for t in chosen) for chosen in sorted(several)])
    for chosen in product(*ways):
        yield tuple(item for way in chosen for item in way)


def in_use(bought: Bought, scenario: Scenario, t: int) -> list[Step]:
    """Steps that are of use in a period."""
    after = scenario.calendar.after
    return [step for step, when in bought if (ready := after(when, step.hours)) is not None and ready <= t]


def shut(bought: Bought, site: Site, hall: Hall, t: int) -> bool:
    """Whether a hall has nothing of its own: closed for good, or not there before another is turned into it."""
    made = hall.id not in {own.id for own in site.halls}
    return made or any(step.site == site.id and step.closes == hall.id and when <= t for step, when in bought)
