"""Rates over cluster scale, and of every system in every other."""

from collections.abc import Callable
from typing import Any

from planner.catalog.load import Catalog
from planner.explain.sides import Side, rate_of, source_side, target_side
from planner.explain.speed import Work
from planner.explain.wide import Wide
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario

type Records = list[dict[str, Any]]
type Told = Callable[[str], None]


def curve(wide: Wide, work: Work, source: str, target: str) -> Records:
    """The rate of one cluster against one cluster, over the size of the first, powers of two up to its reach."""
    own = wide.scenario.values
    here, there = wide.speeds(work, source), wide.speeds(work, target)
    rows: Records = []
    for size in here[own].sizes:
        found = here[own].at(size)
        if found.effective_tokens_per_s <= 0 or size > here[own].top:
            continue
        matched = there[own].cluster_for(found.effective_tokens_per_s) if there[own].why_none is None else None
        a = Side(here, own, size)
        row: dict[str, Any] = {
            "workload": work.id,
            "from_system": source,
            "to_system": target,
            "from_accelerators": size,
            "tokens_per_s": found.effective_tokens_per_s,
            "to_accelerators": matched,
            "rate": None,
            "rate_low": None,
            "rate_high": None,
            "from_mfu": found.mfu,
            "to_mfu": None,
        }
        if matched is not None:
            b = Side(there, own, matched)
            row |= rate_of(a, b).record("rate") | {"to_mfu": there[own].at(matched).mfu}
        rows.append(row)
    return rows


def matrix(scenario: Scenario, catalog: Catalog | None = None, told: Told | None = None) -> Records:
    """Rate of every system of the scenario in every other, by workload: one row per workload, source and target."""
    wide = Wide(scenario, catalog or catalog_of(scenario))
    keys = sorted(wide.own & set(wide.case.systems))
    rows: Records = []
    for work in scenario.workloads:
        for key in keys:
            if told is not None:
                told(f"{work.id}: {wide.system(key).name}")
            source = source_side(wide, work, key)
            for other in keys:
                target = target_side(wide, work, other, source) if source.size is not None else None
                row: dict[str, Any] = {"workload": work.id, "from_system": key, "to_system": other}
                if target is None or target.size is None or source.size is None:
                    why = source.why if target is None else target.why
                    rows.append({**row, "rate": None, "rate_low": None, "rate_high": None, "why_none": why})
                else:
                    rows.append({**row, **rate_of(source, target).record("rate"), "why_none": None})
    return rows
