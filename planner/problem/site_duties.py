"""Rules about sites and prices: preferences, subsidies, surcharges, caps on efficiency and energy, removals."""

from datetime import timedelta

from planner.policy.effect import (
    PricePreference,
    RemovalRequired,
    SiteEfficiencyCap,
    Subsidy,
    Surcharge,
    SurrenderRequired,
)
from planner.problem import obliged
from planner.problem.caps import Scales, spans
from planner.problem.case import Case
from planner.problem.obliged import Obliged
from planner.problem.places import site_tariff, sorted_sites
from planner.problem.reading import Group, Reading, refuse_terms, site_index


def preference(case: Case, scales: Scales, group: Group) -> Reading:
    """Domestic bids count for less than they cost: foreign ones for more, which is the same order and no cash.

    A domestic bid p at a discount d beats a foreign bid q if (1 - d) p < q, that is if p < q / (1 - d).
    """
    effect: PricePreference = group.effect
    handicap = effect.bid_discount / (1.0 - effect.bid_discount) if effect.bid_discount < 1 else 0.0
    systems = frozenset(i for i, system in enumerate(scales.systems) if system.accelerator_id in group.foreign)
    found = tuple(obliged.Preference(systems, t, handicap) for t in group.periods if systems and handicap)
    text = f"domestic bids count {effect.bid_discount:.0%} less: foreign ones count {handicap:.0%} dearer (no cash)"
    return Reading(text, Obliged(preferences=found), acts=bool(found))


def subsidy(case: Case, scales: Scales, group: Group) -> Reading:
    """Cheaper energy, and money back for hardware, while every accelerator of the site is domestic."""
    effect: Subsidy = group.effect
    site = site_index(case, group.first.site_id)
    if site is None:
        return Reading("names no site", acts=False)
    foreign = frozenset(i for i, s in enumerate(scales.systems) if s.accelerator_id not in group.first.domestic)
    back, found = effect.capex_share or 0.0, []
    for t in group.periods:
        tariff = site_tariff(case, site, case.calendar[t])
        saved = tariff - _subsidised(case, site, tariff, effect)
        if saved > 0 or back:
            found.append(obliged.Subsidy(site, t, max(0.0, saved), back, foreign))
    tariff = site_tariff(case, site, case.calendar[group.periods[0]])
    lower = _subsidised(case, site, tariff, effect)
    if not found:
        return Reading(f"leaves energy at {tariff:.4g} {case.scenario.currency}/kWh", acts=False)
    money = f"energy at {lower:.4g} instead of {tariff:.4g} {case.scenario.currency}/kWh" if lower < tariff else ""
    paid = f"{back:.0%} of the price of what is placed in service back" if back else ""
    gain = " and ".join(part for part in (money, paid) if part) or "cheaper energy in some periods"
    text = f"{gain}, while every accelerator in service there is domestic"
    return Reading(text, Obliged(subsidies=tuple(found)))


def _subsidised(case: Case, site: int, tariff: float, effect: Subsidy) -> float:
    """Price of a kWh with the subsidy: the rule's, else the region's, no lower than the largest reduction leaves."""
    place = sorted_sites(case.scenario)[site]
    most = effect.bill_reduction_max
    floor = tariff * (1.0 - most) if most is not None else 0.0
    region = case.regions[place.id].tariff_domestic_chips
    if effect.resulting_tariff is not None:
        return min(tariff, max(floor, case.prices.money(effect.resulting_tariff)))
    if region is not None and place.tariff is None:
        return min(tariff, max(floor, case.prices.money(region)))
    return floor if most is not None else tariff


def surcharge(case: Case, scales: Scales, group: Group) -> Reading:
    """Dearer energy in halls above the threshold."""
    effect: Surcharge = group.effect
    site = site_index(case, group.first.site_id)
    if effect.per_energy is None or site is None:
        return Reading("publishes no amount: state policy.terms.per_energy", acts=False)
    price, above = case.prices.money(effect.per_energy), effect.pue_threshold or 1.0
    found = tuple(obliged.Surcharge(site, t, price, above) for t in group.periods)
    text = f"{price:.4g} {case.scenario.currency}/kWh more in halls with a PUE above {above:g}"
    return Reading(text, Obliged(surcharges=found))


def efficiency(case: Case, scales: Scales, group: Group) -> Reading:
    """Halls above the PUE get nothing new; a site stays within its energy quota."""
    effect: SiteEfficiencyCap = group.effect
    site = site_index(case, group.first.site_id)
    if site is None:
        return Reading("names no site", acts=False)
    told, found = [], Obliged()
    most = _most_pue(case, group, effect)
    if most is not None and not effect.fleet_average:
        told.append(f"nothing new in halls with a PUE above {most:g}")
        caps = tuple(obliged.EfficiencyCap(site, t, most, group.first) for t in group.periods)
        found = found.and_(Obliged(efficiency=caps))
    energy = _energy_quota(case, group, effect, site)
    if energy is not None:
        told.append(f"at most {energy / 1e6:,.6g} GWh a year at the meter")
        found = found.and_(Obliged(energy=_energy_rows(case, group, site, energy)))
    if told:
        return Reading("; ".join(told), found)
    if effect.energy_quota == "as_approved":
        return Reading("holds sites to the energy approved: state policy.terms.energy_quota", acts=False)
    average = effect.fleet_average and most is not None
    return Reading(
        "binds an average of many sites" if average else "states nothing that a plan could break", acts=False
    )


def _most_pue(case: Case, group: Group, effect: SiteEfficiencyCap) -> float | None:
    """Largest PUE: the scenario's, else that of hubs for a site in one, else the general one."""
    if group.terms.pue_max is not None:
        return group.terms.pue_max
    facts = case.permissions.sites[group.first.site_id or ""]
    return effect.pue_max_hub if facts.get("hub_node") and effect.pue_max_hub is not None else effect.pue_max


def _energy_quota(case: Case, group: Group, effect: SiteEfficiencyCap, site: int) -> float | None:
    """kWh a year; the scenario's for this site, else the rule's."""
    name = group.first.site_id or ""
    known = {place.id for place in case.scenario.sites}
    for stated in group.terms.energy_quota:
        if stated not in known:
            message = f"there is no site {stated!r} in this scenario"
            raise refuse_terms(case, group, "energy_quota", message, f"sites: {', '.join(sorted(known))}")
    if effect.energy_quota is None:
        return None
    if name in group.terms.energy_quota:
        return group.terms.energy_quota[name]
    return None if effect.energy_quota == "as_approved" else float(effect.energy_quota)


def _energy_rows(case: Case, group: Group, site: int, per_year: float) -> tuple[obliged.EnergyQuota, ...]:
    """One row per calendar year; a part of a year gets its part of the quota, by days of 365."""
    rows = []
    for label, periods in spans(case.calendar, group.periods, "year"):
        days = sum(case.calendar[t].hours for t in periods) / 24.0
        name = f"{group.first.rule_id},{group.first.site_id},{label}"
        rows.append(obliged.EnergyQuota(name, site, periods, per_year * days / 365.0, case.parameters.load_factor))
    return tuple(rows)


def removal(case: Case, scales: Scales, group: Group) -> Reading:
    """Covered systems are out of service by the end of the notice."""
    effect: RemovalRequired = group.effect
    systems = frozenset(i for i, system in enumerate(scales.systems) if system.accelerator_id in group.covered)
    start = group.first.date
    by = start + timedelta(hours=effect.notice or 0.0) if start is not None else None
    older = start if effect.grandfathered else None
    periods = [t for t in group.periods if by is None or case.calendar[t].start >= by]
    site = site_index(case, group.first.site_id)
    found = tuple(obliged.Removal(systems, site, t, older) for t in periods if systems)
    when = "" if by is None else f" by {by.isoformat()}"
    spared = f", but for what stood there before {older.isoformat()}" if older is not None else ""
    return Reading(f"covered systems are out of service{when}{spared}", Obliged(removals=found), acts=bool(found))


def surrender(case: Case, scales: Scales, group: Group) -> Reading:
    """Covered systems are given up: what is in service, and in store unless the rule asks about sites."""
    effect: SurrenderRequired = group.effect
    systems = frozenset(i for i, system in enumerate(scales.systems) if system.accelerator_id in group.covered)
    start, site = group.first.date, site_index(case, group.first.site_id)
    share = effect.compensation_share or 0.0
    periods = [t for t in group.periods if start is None or case.calendar[t].start >= start]
    out = tuple(obliged.Removal(systems, site, t, None) for t in periods if systems)
    kept = () if site is not None else tuple(obliged.Surrender(systems, t, share) for t in periods if systems)
    when = "" if start is None else f" on {start.isoformat()}"
    if site is not None:
        text = f"covered systems are given up{when} that are in service there; what is in store is not reached"
    else:
        paid = f"{share:.0%} of their price comes back" if share else "nothing comes back"
        text = f"covered systems are given up{when}, in service or in store; {paid}"
    return Reading(text, Obliged(removals=out, surrenders=kept), acts=bool(out))
