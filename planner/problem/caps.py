"""Quotas, shares and ratios of the scenario's own limits, as caps on weighted counts of systems."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from planner.catalog.resolve import ResolvedSystem
from planner.io.yaml import YamlPath
from planner.problem.case import Case
from planner.problem.obliged import Cap, CapKind
from planner.problem.places import sorted_sites
from planner.scenario.periods import Calendar, label_end, label_start
from planner.scenario.quotas import Basis, Every, Quota, Scope

UNITS: Mapping[Basis, str] = {"units": "accelerators", "compute": "TFLOP/s", "power": "kW"}
"""Unit of what each basis adds up; of `cost` it is the scenario's currency."""


@dataclass(frozen=True)
class Scales:
    """Weights of every system of a case on each basis."""

    case: Case
    systems: tuple[ResolvedSystem, ...]

    def weight(self, system: ResolvedSystem, basis: Basis) -> float:
        """What one system counts for: accelerators, price before duties, dense BF16 TFLOP/s, kW."""
        if basis == "units":
            return float(system.accelerators)
        if basis == "cost":
            return self.case.prices.unit_price(system)
        if basis == "power":
            return system.power_kw
        return system.accelerators * system.peak.get("bf16", 0.0)

    def unit(self, basis: Basis) -> str:
        """Unit of a basis."""
        return UNITS.get(basis, self.case.scenario.currency)

    def weights(self, share: Mapping[str, float], basis: Basis) -> tuple[tuple[int, float], ...]:
        """Weight times a factor by accelerator, for every system whose accelerator has one."""
        found = ((i, share.get(s.accelerator_id, 0.0) * self.weight(s, basis)) for i, s in enumerate(self.systems))
        return tuple((i, weight) for i, weight in found if weight)


def spans(calendar: Calendar, periods: Iterable[int], every: Every) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Groups of periods that are added up, each with its label: every period, calendar year, or all of them."""
    groups: dict[str, list[int]] = {}
    for t in sorted(periods):
        label = {"period": calendar[t].label, "year": str(calendar[t].year), "total": "total"}[every]
        groups.setdefault(label, []).append(t)
    yield from ((label, tuple(found)) for label, found in groups.items())


def shares(inside: Iterable[str], whole: Iterable[str], least: float) -> dict[str, float]:
    """Factors by accelerator of `least` x whole - inside <= 0: at least that share of the whole is inside."""
    chosen = frozenset(inside)
    everything = frozenset(whole) | chosen
    return {chip: least * (chip in frozenset(whole)) - (chip in chosen) for chip in sorted(everything)}


def own_limits(case: Case, scales: Scales) -> Iterator[Cap]:
    """The caps of the scenario's `limits.quotas`."""
    for n, limit in enumerate(case.scenario.limits.quotas):
        chips = [chip for chip in _chips(scales) if covers(case, limit.of, chip, ("limits", "quotas", n, "of"))]
        among = [chip for chip in _chips(scales) if covers(case, limit.among, chip, ("limits", "quotas", n, "among"))]
        for vendor, group in _by_vendor(case, chips) if limit.each == "vendor" else [("", chips)]:
            yield from _caps(case, scales, limit, vendor, group, among)


def _caps(case: Case, scales: Scales, limit: Quota, vendor: str, chips: list[str], among: list[str]) -> Iterator[Cap]:
    kind, factors, most = _factors(limit, chips, among)
    weights = scales.weights(factors, limit.basis)
    if not weights or not any(weight > 0 for _, weight in weights):
        return
    inside = [period.index for period in case.calendar if _holds(limit, period.start, period.end)]
    for label, periods in spans(case.calendar, inside, limit.spans):
        for site, sites in _sites(case, limit):
            name = ",".join(part for part in (limit.id, vendor, site, label) if part)
            yield Cap(name, kind, limit.counts, weights, periods, sites, most, scales.unit(limit.basis))


def _factors(limit: Quota, chips: list[str], among: list[str]) -> tuple[CapKind, dict[str, float], float]:
    """Kind, factor by accelerator and right-hand side of a limit."""
    if limit.most is not None:
        return "quota", dict.fromkeys(chips, 1.0), limit.most
    if limit.most_per is not None:
        ratio = {chip: 1.0 * (chip in chips) - limit.most_per * (chip in among) for chip in sorted({*chips, *among})}
        return "flow_ratio", ratio, 0.0
    if limit.least_share is not None:
        return "share_limit", shares(chips, among, limit.least_share), 0.0
    assert limit.most_share is not None
    return "share_limit", {chip: -f for chip, f in shares(chips, among, limit.most_share).items()}, 0.0


def _holds(limit: Quota, start: date, end: date) -> bool:
    """Whether a period lies within the limit's own dates."""
    after = limit.first is None or label_start(limit.first) <= start
    return after and (limit.last is None or end <= label_end(limit.last))


def _sites(case: Case, limit: Quota) -> list[tuple[str, frozenset[int] | None]]:
    """Groups of sites that count together, each with its label."""
    if limit.counts in ("orders", "deliveries"):
        return [("", None)]
    ids = [site.id for site in sorted_sites(case.scenario)]
    chosen = [s for s, name in enumerate(ids) if limit.sites is None or name in limit.sites]
    if limit.each == "site":
        return [(ids[s], frozenset({s})) for s in chosen]
    return [("", None if limit.sites is None else frozenset(chosen))]


def _chips(scales: Scales) -> list[str]:
    return sorted({system.accelerator_id for system in scales.systems})


def _by_vendor(case: Case, chips: list[str]) -> list[tuple[str, list[str]]]:
    maker = {chip: case.catalog.accelerators[chip].vendor for chip in chips}
    return [(vendor, [c for c in chips if maker[c] == vendor]) for vendor in sorted(set(maker.values()))]


Side = Literal["of", "among"]


def covers(case: Case, scope: Scope, accelerator: str, at: YamlPath = ()) -> bool:
    """Whether a scope means an accelerator; where a fact of its predicate is unknown, assume_unknown decides.

    What may be covered is, unless the scenario takes the unknown as allowed.
    """
    chip = case.catalog.accelerators[accelerator]
    home = case.permissions.buyer.country
    if (scope.accelerators and accelerator not in scope.accelerators) or (
        scope.vendors and chip.vendor not in scope.vendors
    ):
        return False
    if (scope.families and chip.family not in scope.families) or (
        scope.countries and chip.country_of_design not in scope.countries
    ):
        return False
    if scope.domestic is not None and scope.domestic is not (chip.country_of_design == home):
        return False
    if scope.where is None:
        return True
    truth = case.permissions.matches(scope.where, accelerator, case.scenario.document, (*at, "where"))
    return case.scenario.policy.assume_unknown == "deny" if truth is None else truth
