"""Rules about sites and prices, read again: subsidies, surcharges, preferences, efficiency, energy, removals."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from planner.plan.verify.caps import covered, settled
from planner.plan.verify.case import Case
from planner.plan.verify.exempt import came_by
from planner.plan.verify.given import Place
from planner.plan.verify.records import CashFlow, Fault, exceeds
from planner.plan.verify.season import pue, tariff
from planner.plan.verify.statement import Line, amount, dearer
from planner.plan.verify.text import versus
from planner.policy.duty import SiteEfficiencyCap
from planner.policy.permissions import Obligation
from planner.scenario.periods import label_start


def hall_efficiency(case: Case) -> Iterator[Fault]:
    """Nothing is placed in a hall whose power usage effectiveness is above what a rule allows."""
    for duty in _in_force(case, "site_efficiency_cap"):
        effect, terms = settled(case, duty)
        hub = case.world.hub(case.sites[duty.site_id or ""])
        most = effect.pue_max_hub if hub and effect.pue_max_hub is not None else effect.pue_max
        if (most := terms.pue_max or most) is None or effect.fleet_average:
            continue
        for install in case.decisions.installs:
            if (install.site, install.period) == (duty.site_id, duty.period_index) and install.count:
                stated = case.world.pue(*case.halls[install.site, install.hall])
                where = f"{install.site}/{install.hall}"
                if exceeds(stated, most):
                    text = f"{install.system} goes to hall {where} with a PUE of {stated:.4g}; {duty.rule_id}: {most:g}"
                    yield Fault(where, install.period, stated, most, text)


def energy_quota(case: Case) -> Iterator[Fault]:
    """A site uses no more energy in a year than a rule allows it."""
    used: dict[tuple[str, int], float] = defaultdict(float)
    for on in case.decisions.powered:
        used[on.site, on.period] += _kwh(case, on)
    for _, (_, at, hall), line in case.beside:
        for when, kw in zip(case.calendar, line, strict=True):
            used[at, when.index] += kw * when.hours * pue(case, *case.halls[at, hall], when)
    allowed: dict[tuple[str, str, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for duty in _in_force(case, "site_efficiency_cap"):
        assert isinstance(duty.effect, SiteEfficiencyCap)
        quota, terms = duty.effect.energy_quota, case.scenario.policy.terms.get(duty.rule_id)
        stated = terms.energy_quota.get(duty.site_id or "") if terms is not None else None
        if quota is None or (stated is None and quota == "as_approved"):
            continue
        period, site = case.calendar[duty.period_index], duty.site_id or ""
        both = allowed[duty.rule_id, site, period.start.year]
        both[0] += used[site, period.index]
        both[1] += float(quota if stated is None else stated) * (period.end - period.start).days / 365.0
    for (rule, site, year), (lhs, rhs) in allowed.items():
        if exceeds(lhs, rhs):
            left, right = versus(lhs, rhs, "energy")
            yield Fault(site, None, lhs, rhs, f"site {site} uses {left} in {year}, {rule} allows {right}")


def removal(case: Case) -> Iterator[Fault]:
    """What a rule has removed is out of service."""
    for place, period, stays in _removals(case):
        count = case.fleet.get(place, [0.0] * len(case.calendar))[period]
        if exceeds(count, stays):
            system, site, hall = place
            text = f"hall {site}/{hall}: {count:.0f} {system} in service in {case.label(period)}, {stays:.0f} may stay"
            yield Fault(f"{site}/{hall}", period, count, stays, text)


def removed(case: Case) -> set[Place]:
    """System, site and hall of everything that a rule has removed at some time."""
    return {place for place, _, _ in _removals(case)}


def surrender(case: Case) -> Iterator[Fault]:
    """Of what a rule takes nothing is in store, and nothing leaves the store so but for a rule."""
    taken = given_up(case)
    for system, line in case.stored.items():
        for period, count in enumerate(line):
            if (system, period) in taken and exceeds(count, 0.0):
                text = f"{count:g} {system} in store in {case.label(period)}, which a rule has given up by then"
                yield Fault(system, period, count, 0.0, text)
    for given in case.decisions.surrenders:
        if given.count and (given.system, given.period) not in taken:
            text = f"{given.count:g} {given.system} given up in {case.label(given.period)}: no rule asks for that"
            yield Fault(given.system, given.period, given.count, 0.0, text)


def given_up(case: Case) -> dict[tuple[str, int], float]:
    """System and period in which a rule leaves the buyer none, and the share of the price that comes back."""
    found: dict[tuple[str, int], float] = {}
    known = {*case.stored, *(place[0] for place in case.fleet)}
    for duty in _in_force(case, "surrender_required"):
        effect, _ = settled(case, duty)
        t = duty.period_index
        if duty.site_id is not None or (duty.date is not None and case.calendar[t].start < duty.date):
            continue
        chips = covered(case, duty)
        for system in known:
            if case.system(system).accelerator in chips:
                found[system, t] = max(found.get((system, t), 0.0), effect.compensation_share or 0.0)
    return found


def compensations(case: Case) -> Iterator[CashFlow]:
    """What comes back of systems that a rule takes, out of service or out of store."""
    shares = given_up(case)
    gone: list[tuple[str, str | None, int, float]]
    gone = [(end.system, end.site, end.period, float(end.count)) for end in case.decisions.retirements]
    gone += [(given.system, None, given.period, given.count) for given in case.decisions.surrenders]
    for system, site, period, count in gone:
        back = shares.get((system, period), 0.0) * count * amount(case, case.system(system).price, period)
        yield Line("compensation", system, site).at_start(case, period, -back)


def kept(case: Case, system: str, since: int) -> bool:
    """Whether what is delivered in a period is the buyer's to the end of the plan."""
    return not any(name == system and period >= since for name, period in given_up(case))


def _removals(case: Case) -> Iterator[tuple[Place, int, float]]:
    """Place, period and what may stay there."""
    for duty in _in_force(case, "surrender_required"):
        if duty.date is None or case.calendar[duty.period_index].start >= duty.date:
            for system, site, hall in case.fleet:
                if case.system(system).accelerator in covered(case, duty) and duty.site_id in (None, site):
                    yield (system, site, hall), duty.period_index, 0.0
    for duty in _in_force(case, "removal_required"):
        effect: Any = duty.effect
        by = duty.date + timedelta(hours=effect.notice or 0.0) if duty.date else date.min
        if case.calendar[duty.period_index].start < by:
            continue
        for system, site, hall in case.fleet:
            if case.system(system).accelerator in covered(case, duty) and duty.site_id in (None, site):
                older = (
                    entry.count
                    for entry in case.scenario.installed
                    if (entry.system, entry.site, entry.hall) == (system, site, hall)
                    and effect.grandfathered
                    and duty.date is not None
                    and label_start(entry.since) < duty.date
                )
                stays = float(sum(older))
                if effect.grandfathered and duty.date is not None and case.world.exempts:
                    spared = duty.date - timedelta(days=1)
                    stays += came_by(case, (system, site, hall), duty.period_index, spared)
                yield (system, site, hall), duty.period_index, stays


def subsidies(case: Case) -> Iterator[CashFlow]:
    """What sites get while everything in service there is domestic: off the energy bill, and for new hardware."""
    best: dict[tuple[str, int], tuple[float, float, frozenset[str]]] = {}
    for duty in _in_force(case, "subsidy"):
        saved, back = _gain(case, duty)
        key = (duty.site_id or "", duty.period_index)
        if saved > 0 or back:
            best[key] = max(best.get(key, (0.0, 0.0, frozenset())), (saved, back, duty.domestic), key=lambda x: x[:2])
    for (site, period), (saved, back, domestic) in best.items():
        foreign = any(
            line[period] > 0 and case.system(system).accelerator not in domestic
            for (system, at, _), line in case.fleet.items()
            if at == site
        )
        if foreign:
            continue
        for on in case.decisions.powered:
            if (on.site, on.period) == (site, period):
                back_now = saved * _kwh(case, on) * dearer(case, "energy", period)
                yield Line("energy_subsidy", on.system, site).running(case, period, -back_now)
        for new in case.decisions.installs:
            if (new.site, new.period) == (site, period):
                worth = back * amount(case, case.system(new.system).price, new.period) * new.count
                yield Line("hardware_subsidy", new.system, site).at_start(case, period, -worth)


def _gain(case: Case, duty: Obligation) -> tuple[float, float]:
    """What comes off a kWh, and the share of hardware prices paid back."""
    effect, _ = settled(case, duty)
    site = case.sites[duty.site_id or ""]
    full = tariff(case, site, case.calendar[duty.period_index])
    region = case.world.subsidised_tariff(site)
    least = 0.0 if effect.bill_reduction_max is None else full - full * effect.bill_reduction_max
    if effect.resulting_tariff is not None:
        price = max(least, amount(case, effect.resulting_tariff, 0))
    elif region is not None and site.tariff is None:
        price = max(least, amount(case, region, 0))
    else:
        price = full if effect.bill_reduction_max is None else least
    return full - min(full, price), effect.capex_share or 0.0


def surcharges(case: Case) -> Iterator[CashFlow]:
    """Dearer energy in halls above a power usage effectiveness."""
    for duty in _in_force(case, "surcharge"):
        effect, _ = settled(case, duty)
        for on in case.decisions.powered if effect.per_energy is not None else ():
            stated = case.world.pue(*case.halls[on.site, on.hall])
            if (on.site, on.period) == (duty.site_id, duty.period_index) and stated > (effect.pue_threshold or 1.0):
                cost = amount(case, effect.per_energy, 0) * _kwh(case, on)
                yield Line("energy_surcharge", on.system, on.site).running(case, on.period, cost)


def preferences(case: Case) -> Iterator[CashFlow]:
    """How much dearer foreign bids are made to look where domestic ones are preferred; nobody pays it."""
    handicap: dict[tuple[str, int], float] = {}
    for duty in case.world.obligations:
        if duty.kind == "price_preference":
            effect, _ = settled(case, duty)
            for chip in covered(case, duty) - duty.domestic:
                key = (chip, duty.period_index)
                share = 1.0 / (1.0 - effect.bid_discount) - 1.0 if effect.bid_discount < 1 else 0.0
                handicap[key] = max(share, handicap.get(key, 0.0))
    for order in case.decisions.orders:
        facts, arrival = case.system(order.system), case.arrival(order)
        extra = (
            handicap.get((facts.accelerator, order.period), 0.0) * amount(case, facts.price, order.period) * order.count
        )
        deposit = case.scenario.finance.deposit
        yield Line("price_preference", order.system).at_start(case, order.period, deposit * extra)
        if arrival is not None:
            yield Line("price_preference", order.system).at_start(case, arrival, (1.0 - deposit) * extra)


def _kwh(case: Case, on: Any) -> float:
    """Energy at the meter of what is switched on in a period."""
    load = case.system(on.system).power * case.parameters.load_factor * on.count
    period = case.calendar[on.period]
    return float(load * pue(case, *case.halls[on.site, on.hall], period) * period.hours)


def _in_force(case: Case, kind: str) -> Iterator[Obligation]:
    """Obligations of a kind that bind for certain, or are taken to: what limits if the unknown is denied, what gives
    if it is allowed.
    """
    deny = case.scenario.policy.assume_unknown == "deny"
    for duty in case.world.obligations:
        about_chips = bool(duty.accelerators or duty.uncertain)
        if duty.kind == kind and (about_chips or duty.certain or deny is (kind != "subsidy")):
            yield duty
