"""What one chip is worth in another: accelerators, power, racks, money, energy and months for the same training.

For divisible work each side trains in its own best job of the least useful size or a multiple, as the plan would; for
a coherent run both sides must reach the same throughput on one cluster each: what finishes the run in its time, or
where the first chip cannot, what its fastest cluster trains at. The rate is the ratio of accelerators.
"""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.catalog.load import Catalog
from planner.explain.curve import curve
from planner.explain.needs import PerAccelerator, delivery, energy_mwh, per_accelerator
from planner.explain.sides import Side, rate_of, source_side, target_side
from planner.explain.span import Span
from planner.explain.speed import Work, family_of
from planner.explain.split import MEANING, PARTS, ladder, parts
from planner.explain.wide import Wide
from planner.scenario.load import catalog_of
from planner.scenario.model import Scenario

if TYPE_CHECKING:
    from pandas import DataFrame

DETAILED = 4
"""Up to so many replacements, all of them get their split and curve; of more, only the cheapest of each workload."""

type Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Substitution:
    """How systems replace `fleet` accelerators of one; tables as records and as frames."""

    wide: Wide
    source: str
    """System replaced."""
    targets: tuple[str, ...]
    """Systems it is replaced by, in the order asked."""
    fleet: float
    """Accelerators replaced."""
    plan: "Records" = field(default_factory=list)
    """The whole plan solved with one or the other, where asked."""

    @cached_property
    def tables(self) -> dict[str, Records]:
        """rates: per workload and replacement; split: why; curve: over cluster scale; plan: the whole plan."""
        found: dict[str, Records] = {"rates": [], "split": [], "curve": [], "plan": list(self.plan)}
        for work in self.wide.scenario.workloads:
            source = source_side(self.wide, work, self.source)
            sides = {key: target_side(self.wide, work, key, source) for key in self.targets if source.size is not None}
            rows = [self._rate(work, source, sides.get(key), key) for key in self.targets]
            found["rates"] += rows
            for key in self._detailed(rows):
                target = sides.get(key)
                if target is not None and target.size is not None:
                    found["split"] += self._split(work, source, target)
                found["curve"] += curve(self.wide, work, self.source, key)
        return found

    def _detailed(self, rows: Records) -> tuple[str, ...]:
        """The replacements whose rate is taken apart."""
        if len(self.targets) <= DETAILED:
            return self.targets
        priced = [row for row in rows if row["capex"] is not None]
        return (min(priced, key=lambda row: row["capex"])["to_system"],) if priced else ()

    def frames(self) -> "dict[str, DataFrame]":
        """The tables as pandas DataFrames (docs/columns.md)."""
        from planner.explain.columns import frames

        return frames(self.tables, self.wide.scenario.name)

    def _rate(self, work: Work, source: Side, target: Side | None, key: str) -> dict[str, Any]:
        base = {
            "workload": work.id,
            "from_system": self.source,
            "to_system": key,
            "from_cluster": source.size,
            "to_cluster": target.size if target is not None else None,
            "from_rows": family_of(source.speed.system).rows,
            "to_rows": family_of(self.wide.system(key)).rows,
        }
        if source.size is None or target is None or target.size is None:
            why = source.why if target is None else target.why
            return {**base, **_blank(), "why_none": why, "note": source.why if target is not None else None}
        rate = rate_of(source, target)
        wanted = rate.times(self.fleet)
        need, own = per_accelerator(self.wide, key), per_accelerator(self.wide, self.source)
        there = delivery(self.wide, key, wanted.mid)
        return {
            **base,
            **rate.record("rate"),
            **_amounts(self.wide, key, wanted, need, own, self.fleet),
            **_energy("", need, target),
            **_energy("from_", own, source),
            "months": there.months,
            "months_low": there.earliest,
            "months_high": there.latest,
            "months_why": there.reason,
            "why_none": None,
            "note": source.why,
        }

    def _split(self, work: Work, source: Side, target: Side) -> Records:
        assert source.size is not None
        assert target.size is not None
        here, there = ladder(source.speed, source.size), ladder(target.speed, target.size)
        factors, rate = parts(here, there), rate_of(source, target).mid
        total = math.log(rate)
        return [
            {
                "workload": work.id,
                "from_system": self.source,
                "to_system": target.speed.system.id,
                "part": part,
                "factor": factors[part],
                "log": math.log(factors[part]),
                "share": math.log(factors[part]) / total if abs(total) > 1e-12 else None,
                "from_value": here.factors[part],
                "to_value": there.factors[part],
                "meaning": MEANING[part],
            }
            for part in PARTS
        ]


def _energy(prefix: str, need: PerAccelerator, side: Side) -> dict[str, float]:
    rate = side.rate.widened(side.spread)
    return energy_mwh(need, rate).record(f"{prefix}energy_mwh_per_trillion_tokens")


def _amounts(
    wide: Wide, key: str, wanted: Span, need: PerAccelerator, own: PerAccelerator, fleet: float
) -> dict[str, Any]:
    g = wide.system(key).accelerators
    return {
        **wanted.record("accelerators"),
        "systems": wanted.mid / g,
        "whole_systems": math.ceil(wanted.mid / g - 1e-9),
        **wanted.times(need.it_kw).times(1e-3).record("it_mw"),
        **wanted.times(need.meter_kw).times(1e-3).record("meter_mw"),
        **wanted.times(need.racks).record("racks"),
        **wanted.times(need.capex).record("capex"),
        **own.it_kw.times(fleet * 1e-3).record("from_it_mw"),
        **own.meter_kw.times(fleet * 1e-3).record("from_meter_mw"),
        **own.racks.times(fleet).record("from_racks"),
        **own.capex.times(fleet).record("from_capex"),
        "fits": ", ".join(need.fits) or None,
    }


def _blank() -> dict[str, None]:
    amounts = ("it_mw", "meter_mw", "racks", "capex")
    spans = ("rate", "accelerators", *amounts, *(f"from_{name}" for name in amounts))
    energy = ("energy_mwh_per_trillion_tokens", "from_energy_mwh_per_trillion_tokens")
    names = [f"{name}{end}" for name in (*spans, *energy) for end in ("", "_low", "_high")]
    rest = ("systems", "whole_systems", "fits", "months", "months_low", "months_high", "months_why")
    return dict.fromkeys([*names, *rest])


def substitute(
    scenario: Scenario,
    source: str,
    targets: str | tuple[str, ...] | None = None,
    fleet: float = 1.0,
    catalog: Catalog | None = None,
    without: tuple[str, ...] = (),
) -> Substitution:
    """What replaces `fleet` accelerators of one chip in a scenario: its training, power, racks, money, months.

    Names are ids or aliases of accelerators or systems of the catalog; of an accelerator with several systems the
    source is the scenario's own, else the cheapest, and every system of the target is shown. `targets` None: every
    other system of the scenario. `without` leaves out rules (ids, jurisdictions) when months are counted.
    Raises InputError for names that nobody knows, with the nearest.
    """
    wide = Wide(scenario, catalog or catalog_of(scenario), without)
    first = wide.named(source)[0]
    if targets is None:
        chosen = tuple(key for key in sorted(wide.own) if key != first and key in wide.case.systems)
    else:
        asked = (targets,) if isinstance(targets, str) else targets
        chosen = tuple(dict.fromkeys(key for name in asked for key in wide.named(name)))
    return Substitution(wide, first, chosen, fleet)
