"""Rules that limit how much: quotas, domestic shares, bundles, read as caps."""

from collections.abc import Mapping

from planner.policy.effect import BundledPurchase, DomesticShareMin, QuantityCap
from planner.problem.caps import Scales, shares, spans
from planner.problem.case import Case
from planner.problem.obliged import Cap, Obliged
from planner.problem.reading import Group, Reading, refuse_terms, site_index
from planner.scenario.quotas import Basis, Counts, Every

STRICT = 1e-6
"""What "more than a share" asks for beyond "at least": less than one accelerator in half a million."""

WHAT: Mapping[Basis, str] = {"units": "accelerators", "cost": "spending", "compute": "compute", "power": "power"}
WHEN: Mapping[Counts, str] = {
    "orders": "ordered",
    "deliveries": "delivered",
    "installs": "placed in service",
    "fleet": "in service",
}
SPAN: Mapping[Every, str] = {"period": "in each period", "year": "in each calendar year", "total": "over the plan"}


def quantity(case: Case, scales: Scales, group: Group) -> Reading:
    """A number of accelerators (or of TPP) delivered; a national figure is taken whole unless terms give a part."""
    effect: QuantityCap = group.effect
    tpp = effect.units is None
    stated = effect.compute_tpp if tpp else effect.units
    if stated is None:
        return Reading("gives no number this buyer could be held to: state policy.terms.units", acts=False)
    most = float(stated)
    sets = [("", sorted(group.covered))] if effect.joint else [(chip, [chip]) for chip in sorted(group.covered)]
    unit = "TPP" if tpp else scales.unit("units")
    every: Every = group.terms.every or effect.every
    caps = []
    for label, periods in spans(case.calendar, group.periods, every):
        for name, chips in sets:
            factor = {chip: (case.catalog.accelerators[chip].tpp or 0.0) if tpp else 1.0 for chip in chips}
            weights = scales.weights(factor, "units")
            if weights:
                cap_id = ",".join(part for part in (group.first.rule_id, name, label) if part)
                caps.append(Cap(cap_id, "quota", "deliveries", weights, periods, None, most, unit))
    whose = (
        ""
        if effect.per == "buyer" or "units" in group.terms.model_fields_set
        else (f", the whole {'country' if effect.per == 'country' else 'nation'}'s figure taken as this buyer's limit")
    )
    joint = "together" if effect.joint else "each"
    return Reading(f"at most {most:,.0f} {unit} {joint} delivered {SPAN[every]}{whose}", Obliged(tuple(caps)))


def domestic_share(case: Case, scales: Scales, group: Group) -> Reading:
    """A least domestic share of what the rule covers."""
    effect: DomesticShareMin = group.effect
    if effect.share is None:
        return Reading("publishes no share: state policy.terms.share", acts=False)
    site = group.first.site_id
    counts: Counts = group.terms.counts or ("installs" if site else "orders")
    if site and counts in ("orders", "deliveries"):
        raise refuse_terms(
            case,
            group,
            "counts",
            f"{group.first.rule_id} is about sites: orders belong to none",
            "count installs or the fleet",
        )
    every: Every = "period" if counts == "fleet" else group.terms.every or "year"
    basis: Basis = effect.basis or "units"
    periods = [t for t in group.periods if effect.by is None or case.calendar[t].end > effect.by]
    least = effect.share + (STRICT if effect.strict else 0.0)
    weights = scales.weights(shares(group.covered & group.first.domestic, group.covered, least), basis)
    here = site_index(case, site)
    sites = None if here is None else frozenset({here})
    caps = tuple(
        Cap(_name(group, label), "share_limit", counts, weights, inside, sites, 0.0, scales.unit(basis))
        for label, inside in spans(case.calendar, periods, every)
        if any(weight > 0 for _, weight in weights)
    )
    guessed = "" if effect.basis else " (the rule does not say what is counted)"
    than = "more than" if effect.strict else "at least"
    text = f"{than} {effect.share:.0%} of the {WHAT[basis]} {WHEN[counts]} {SPAN[every]} is domestic{guessed}"
    return Reading(text, Obliged(caps), acts=bool(periods))


def bundle(case: Case, scales: Scales, group: Group) -> Reading:
    """So many domestic ones ordered per covered foreign one."""
    effect: BundledPurchase = group.effect
    if effect.domestic_per_unit is None:
        return Reading("publishes no ratio: state policy.terms.domestic_per_unit", acts=False)
    every: Every = group.terms.every or "year"
    basis: Basis = effect.basis or "units"
    factors = dict.fromkeys(sorted(group.first.domestic), -1.0) | dict.fromkeys(
        sorted(group.foreign), effect.domestic_per_unit
    )
    weights = scales.weights(factors, basis)
    caps = tuple(
        Cap(_name(group, label), "bundled_purchase", "orders", weights, inside, None, 0.0, scales.unit(basis))
        for label, inside in spans(case.calendar, group.periods, every)
        if any(weight > 0 for _, weight in weights)
    )
    return Reading(
        f"{effect.domestic_per_unit:g} domestic per covered one ({WHAT[basis]} ordered {SPAN[every]})", Obliged(caps)
    )


def _name(group: Group, label: str) -> str:
    return ",".join(part for part in (group.first.rule_id, group.first.site_id, label) if part)
