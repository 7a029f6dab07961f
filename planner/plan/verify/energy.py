"""Energy and its carbon within their caps."""

from collections.abc import Iterator
from math import inf

from planner.plan.verify.case import Case
from planner.plan.verify.records import Fault, exceeds
from planner.plan.verify.season import carbon, pue
from planner.plan.verify.text import versus
from planner.scenario.limits import CarbonCap, EnergyCap
from planner.scenario.periods import label_end, label_start


def energy_cap(case: Case) -> Iterator[Fault]:
    """Energy at the meter stays within its caps."""
    yield from _over(case, case.scenario.limits.energy, drawn(case, of_carbon=False), "energy")


def carbon_cap(case: Case) -> Iterator[Fault]:
    """Carbon of the energy at the meter stays within its caps."""
    yield from _over(case, case.scenario.limits.carbon, drawn(case, of_carbon=True), "mass")


def drawn(case: Case, *, of_carbon: bool) -> list[float]:
    """kWh at the meter, or the kg of CO2 that they cause, by period."""
    total = [0.0] * len(case.calendar)
    for on in case.decisions.powered:
        (site, hall), when = case.halls[on.site, on.hall], case.calendar[on.period]
        kw = case.system(on.system).power * on.count * case.parameters.load_factor * pue(case, site, hall, when)
        total[on.period] += kw * when.hours * (carbon(case, site, when) if of_carbon else 1.0)
    for _, (_, name, inside), line in case.beside:
        site, hall = case.halls[name, inside]
        for when, kw in zip(case.calendar, line, strict=True):
            kwh = kw * when.hours * pue(case, site, hall, when)
            total[when.index] += kwh * (carbon(case, site, when) if of_carbon else 1.0)
    return total


def _over(case: Case, cap: EnergyCap | CarbonCap, drawn: list[float], unit: str) -> Iterator[Fault]:
    spans = [("plan", -1, cap.total if cap.total is not None else inf, sum(drawn))]
    for label, limit in sorted(cap.per_year.items()):
        inside = [p.index for p in case.calendar if label_start(label) <= p.start < label_end(label)]
        spans.append((label, min(inside, default=-1), limit, sum(drawn[t] for t in inside)))
    for where, period, limit, used in spans:
        if exceeds(used, limit):
            left, right = versus(used, limit, unit)
            yield Fault(where, None if period < 0 else period, used, limit, f"{where}: {left} of {right}")
