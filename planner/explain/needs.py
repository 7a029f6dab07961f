"""What so many accelerators of a system take: systems, power, racks, money, energy, and months to be delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from planner.catalog.resolve import ResolvedSystem
from planner.explain.span import Span
from planner.explain.wide import Wide
from planner.problem.case import Case
from planner.problem.pipeline import arrivals
from planner.problem.places import hall_pue, misfit, rack_positions, sorted_halls

HOURS_PER_TRILLION = 1e12 / 3600.0
"""Hours in which one token/s makes a trillion tokens."""


@dataclass(frozen=True, slots=True)
class PerAccelerator:
    """What one accelerator of a system takes, with the range over the catalog's low, mid and high."""

    it_kw: Span
    meter_kw: Span
    """IT power times the power usage effectiveness of the halls it fits."""
    draw_kw: Span
    """What it draws at the meter when busy: the same times the load factor."""
    racks: Span
    """Rack positions."""
    capex: Span
    """Hardware and, for servers, the scale-out network beside it; no tariffs, no facility; scenario currency."""
    fits: tuple[str, ...]
    """Halls of the scenario it can stand in."""


def per_accelerator(wide: Wide, key: str) -> PerAccelerator:
    """One accelerator of a system, its share of everything the system takes."""
    cases = {level: case for level, case in wide.levels.items() if key in case.systems}
    found = {level: _at(case, case.systems[key]) for level, case in cases.items()}
    own = found[wide.scenario.values]

    def span(index: int) -> Span:
        return Span.over(own[index], (values[index] for values in found.values()))

    halls = _fitting(wide.case, wide.system(key))
    return PerAccelerator(span(0), span(1), span(2), span(3), span(4), tuple(name for name, _, _ in halls))


def _at(case: Case, system: ResolvedSystem) -> tuple[float, float, float, float, float]:
    halls = _fitting(case, system)
    weights = [power for _, _, power in halls]
    pue = sum(p * w for (_, p, w) in halls) / sum(weights) if sum(weights) else _regional(case, system)
    racks = min((_racks(case, system, name) for name, _, _ in halls), default=system.racks)
    g = system.accelerators
    network = -sum(event.amount for event in case.prices.install(system, 0))
    it = system.power_kw / g
    capex = (case.prices.unit_price(system) + network) / g
    return it, it * pue, it * pue * case.parameters.load_factor, racks / g, capex


def _fitting(case: Case, system: ResolvedSystem) -> list[tuple[str, float, float]]:
    """(hall, power usage effectiveness, largest IT power) of the halls that a system fits."""
    return [
        (f"{site.id}/{hall.id}", hall_pue(site, hall, case.regions[site.id]), max(hall.it_power.steps.values()))
        for site, hall in sorted_halls(case.scenario)
        if misfit(system, hall) is None
    ]


def _racks(case: Case, system: ResolvedSystem, name: str) -> float:
    return next(
        rack_positions(system, hall) for site, hall in sorted_halls(case.scenario) if f"{site.id}/{hall.id}" == name
    )


def _regional(case: Case, system: ResolvedSystem) -> float:
    """Mean power usage effectiveness of the scenario's regions for the system's cooling: no hall of it fits."""
    kind = "air" if system.cooling == "either" else system.cooling
    found = [region.pue[kind] for region in case.regions.values()]
    return sum(found) / len(found)


def energy_mwh(need: PerAccelerator, rate: Span) -> Span:
    """MWh at the meter per trillion tokens of an accelerator that trains at `rate` tokens/s after failures."""
    return need.draw_kw.per(rate).times(HOURS_PER_TRILLION / 1000.0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """When so many accelerators can have been delivered, ordered from the plan's first day on."""

    months: float | None
    """From the plan's start to the start of the period in which the last of them arrives; None: not in the plan."""
    earliest: float | None
    """The same with every uncertain fact (lead time, supply) at its best level."""
    latest: float | None
    """The same at its worst level; None: not within the plan there."""
    deliverable: float
    """Accelerators that can be delivered within the plan."""
    reason: str | None = None
    """What keeps them out, where `months` is None."""


def delivery(wide: Wide, key: str, accelerators: float) -> Delivery:
    """When `accelerators` of a system can have arrived: lead time, rules, and the buyer's supply of them."""
    found = {
        level: _months(case, case.systems[key], accelerators, wide.supply(level, key))
        for level, case in wide.levels.items()
        if key in case.systems
    }
    own, most, reason = found[wide.scenario.values]
    months = [inf if m is None else m for m, _, _ in found.values()]
    best, worst = min(months), max(months)
    return Delivery(own, None if best == inf else best, None if worst == inf else worst, most, reason)


def _months(
    case: Case, system: ResolvedSystem, wanted: float, supply: Mapping[tuple[str, int], float]
) -> tuple[float | None, float, str | None]:
    """(months, accelerators deliverable within the plan, why not)."""
    open_periods, refusals = arrivals(case, system)
    if not open_periods:
        first = refusals[0]
        rule = f" ({first.rule.rule_id})" if first.rule is not None else ""
        return None, 0.0, f"{first.reason}: {first.detail}{rule}"
    arriving = sorted(set(open_periods.values()))
    total = 0.0
    counted: set[int] = set()
    for t in arriving:
        usable = range(t + 1) if case.scenario.supply.carry_over else (t,)
        total += sum(supply.get((system.accelerator_id, u), 0.0) for u in usable if u not in counted)
        counted |= set(usable)
        if total >= wanted - 1e-9:
            return 12.0 * case.calendar.years_at(case.calendar[t].start), total, None
    if total <= 0:
        return None, 0.0, "supply: the scenario gives the buyer none of it"
    return None, total, f"supply: {total:,.0f} of {wanted:,.0f} accelerators within the plan"
