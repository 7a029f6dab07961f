"""Energy at the meter of what is on, and the caps on it and on its carbon."""

from collections.abc import Iterable
from typing import Literal

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.rows.halls import CapRow, HallRow
from planner.problem.rows.keys import Key, Slot
from planner.scenario.limits import CarbonCap, EnergyCap
from planner.scenario.periods import label_end, label_start


def caps(case: Case) -> tuple[CapRow, ...]:
    """Every cap of the scenario."""
    limits = case.scenario.limits
    return (*_caps(case, "energy", limits.energy), *_caps(case, "carbon", limits.carbon))


def _caps(case: Case, kind: Literal["energy", "carbon"], cap: EnergyCap | CarbonCap) -> Iterable[CapRow]:
    if cap.total is not None:
        yield CapRow(kind, "total", frozenset(p.index for p in case.calendar), cap.total)
    for label, limit in sorted(cap.per_year.items()):
        start, end = label_start(label), label_end(label)
        yield CapRow(kind, label, frozenset(p.index for p in case.calendar if start <= p.start < end), limit)


def energy_use(
    case: Case, systems: list[ResolvedSystem], halls: tuple[HallRow, ...], usable: frozenset[Slot]
) -> dict[Key, float]:
    """(i, h, t) -> kWh at the meter of one system that is on through the period."""
    load = case.parameters.load_factor
    return {
        (i, h, t): systems[i].power_kw * load * halls[h].pue[t] * case.calendar[t].hours for i, h, t in sorted(usable)
    }
