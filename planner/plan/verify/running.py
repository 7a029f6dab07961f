"""Running cost priced again: energy, upkeep, the scenario's further lines, and halls that the plan pays for."""

from collections.abc import Iterator

from planner.errors import InternalError
from planner.plan.decisions import Start
from planner.plan.verify.case import Case
from planner.plan.verify.loads import LINES, together, whole
from planner.plan.verify.options import facility_life
from planner.plan.verify.records import CashFlow
from planner.plan.verify.season import carbon, pue, tariff, worst_pue
from planner.plan.verify.statement import Line, amount, dearer
from planner.plan.verify.wearing import present
from planner.scenario.model import Hall, Site
from planner.scenario.money import RunningCost
from planner.scenario.periods import Period
from planner.units import HOURS_PER_YEAR, CapacityCharge, CarbonPrice, Money, Tariff

YEAR = 8760.0
"""Hours of a year of accounts."""


Draw = tuple[str, str, Site, Hall, Period, float]
"""Line of the cash flow, system, where, when, and kW of IT load on average."""


def _draws(case: Case) -> Iterator[Draw]:
    """Everything that draws power: systems at work, and what is beside them."""
    for on in case.decisions.powered:
        kw = case.system(on.system).power * case.parameters.load_factor * on.count
        yield "energy", on.system, *case.halls[on.site, on.hall], case.calendar[on.period], kw
    for kind, (system, site, hall), line in case.beside:
        for when, kw in zip(case.calendar, line, strict=True):
            yield LINES[kind], system, *case.halls[site, hall], when, kw


def energy(case: Case) -> Iterator[CashFlow]:
    """Energy at the meter, at the tariff of its site and period."""
    for line, system, site, hall, when, kw in _draws(case):
        cost = kw * when.hours * pue(case, site, hall, when) * tariff(case, site, when)
        yield Line(line, system, site.id).running(case, when.index, cost * dearer(case, "energy", when.index))


def demand(case: Case) -> Iterator[CashFlow]:
    """The highest draw at a meter in each period: its mean, or that of a job or of all runs at once."""
    for site in case.scenario.sites:
        for when in case.calendar if site.demand_charge is not None else ():
            price = site.demand_charge.at(when) if site.demand_charge is not None else None
            if price is not None:
                each = amount(case, price, when.index) * dearer(case, "demand_charge", when.index)
                cost = _highest(case, site, when) * when.hours * each
                yield Line("demand_charge", "highest draw", site.id).running(case, when.index, cost)


def _highest(case: Case, site: Site, when: Period) -> float:
    """kW at the meter."""
    t, mean, most, runs = when.index, 0.0, 0.0, 0.0
    for on in case.decisions.powered:
        if (on.site, on.period) == (site.id, t):
            worst = worst_pue(case, *case.halls[on.site, on.hall], when)
            mean += case.system(on.system).power * on.count * worst
    for _, (_, at, inside), line in case.beside:
        if at == site.id:
            mean += line[t] * worst_pue(case, *case.halls[at, inside], when)
    for work in case.work:
        times = [p for p, _ in case.occupancy(work)] if isinstance(work, Start) else [work.period]
        if work.site == site.id and t in times:
            worst = worst_pue(case, site, case.halls[work.site, work.hall][1], when)
            if isinstance(work, Start):
                runs += worst * whole(case, work)
            elif case.several(work):
                most = max(most, worst * together(case, work))
    return max(mean, most, runs)


def maintenance(case: Case) -> Iterator[CashFlow]:
    """Upkeep of everything in service, the installed base too."""
    for (system, site, _), line in present(case).items():
        for period, count in zip(case.calendar, line, strict=True):
            price = amount(case, case.system(system).price, period.index) * dearer(case, "maintenance", period.index)
            cost = case.parameters.maintenance * price * period.hours / YEAR * count
            yield Line("maintenance", system, site).running(case, period.index, cost)


def further(case: Case) -> Iterator[CashFlow]:
    """The scenario's own lines of running cost."""
    for entry in case.scenario.finance.running_costs:
        quote = entry.price.amount if entry.price is not None else case.world.quoted(entry.parameter or "")
        if isinstance(quote, CarbonPrice | Tariff) or entry.per == "m3":
            yield from _by_energy(case, entry, quote)
        elif isinstance(quote, CapacityCharge) and entry.at == "meter":
            yield from _by_demand(case, entry, quote)
        elif entry.per == "removal":
            yield from _removals(case, entry, quote)
        elif entry.per == "site":
            yield from _by_site(case, entry, quote)
        else:
            yield from _by_service(case, entry, quote)


def _price(case: Case, entry: RunningCost, quote: Money | float, period: int) -> float:
    if not isinstance(quote, Money):
        raise InternalError(f"line {entry.line} has no price")
    return amount(case, quote, period) * dearer(case, entry.line, period)


def _paid_at(entry: RunningCost, site: str) -> bool:
    return not entry.sites or site in entry.sites


def _by_energy(case: Case, entry: RunningCost, quote: Money | float) -> Iterator[CashFlow]:
    """Per kWh at the meter or of IT load, per kg of CO2, per m3 of water."""
    for _, system, site, hall, when, kw in _draws(case):
        if not _paid_at(entry, site.id):
            continue
        kwh = kw * when.hours
        if entry.per == "m3":
            units = kwh * (entry.litres_per_kwh or 0.0) / 1000.0
        elif isinstance(quote, CarbonPrice):
            units = kwh * pue(case, site, hall, when) * carbon(case, site, when)
        else:
            units = kwh * (pue(case, site, hall, when) if entry.at == "meter" else 1.0)
        cost = units * _price(case, entry, quote, when.index)
        yield Line(entry.line, system, site.id).running(case, when.index, cost)


def _by_demand(case: Case, entry: RunningCost, quote: Money | float) -> Iterator[CashFlow]:
    """Per kW at the meter of what draws power."""
    for _, system, site, hall, when, kw in _draws(case):
        if _paid_at(entry, site.id):
            cost = kw * pue(case, site, hall, when) * when.hours * _price(case, entry, quote, when.index)
            yield Line(entry.line, system, site.id).running(case, when.index, cost)


def _by_service(case: Case, entry: RunningCost, quote: Money | float) -> Iterator[CashFlow]:
    """Per accelerator, system or share of the price for a year in service, or per kW of IT load in service."""
    for (system, site, _), line in present(case).items():
        facts = case.system(system)
        for period, count in zip(case.calendar, line, strict=True):
            t, years = period.index, period.hours / YEAR
            if isinstance(quote, CapacityCharge):
                each = facts.power * period.hours * _price(case, entry, quote, t)
            elif isinstance(quote, Money):
                things = facts.accelerators if entry.per == "accelerator" else 1
                each = things * years * _price(case, entry, quote, t)
            else:
                each = quote * years * amount(case, facts.price, t) * dearer(case, entry.line, t)
            yield Line(entry.line, system, site).running(case, t, each * count)


def _removals(case: Case, entry: RunningCost, quote: Money | float) -> Iterator[CashFlow]:
    """Every placed system is removed when its life ends, or the plan if that is sooner."""
    for install in case.decisions.installs:
        due = case.calendar.after(install.period, case.parameters.asset_life * HOURS_PER_YEAR)
        t = len(case.calendar) - 1 if due is None else due
        line = Line(entry.line, install.system, install.site)
        cost = install.count * _price(case, entry, quote, t)
        yield line.at_end(case, t, cost) if due is None else line.at_start(case, t, cost)


def _by_site(case: Case, entry: RunningCost, quote: Money | float) -> Iterator[CashFlow]:
    """Per site and year."""
    for site in case.scenario.sites:
        if _paid_at(entry, site.id):
            for period in case.calendar:
                cost = period.hours / YEAR * _price(case, entry, quote, period.index)
                yield Line(entry.line, entry.line, site.id).running(case, period.index, cost)


def halls(case: Case) -> Iterator[CashFlow]:
    """Building and plant of hall power that comes on line after the first period, where the plan pays for it."""
    if case.scenario.finance.facilities == "new":
        for site in case.scenario.sites:
            for hall in site.halls:
                yield from _growth(case, site, hall)


def _growth(case: Case, site: Site, hall: Hall) -> Iterator[CashFlow]:
    before = hall.it_power.at(case.calendar[0]) or 0.0
    for period in case.calendar.periods[1:]:
        now = hall.it_power.at(period) or 0.0
        if now > before:
            price = case.world.building_cost(site) * ((now - before) * dearer(case, "facility", period.index))
            yield Line("facility", hall.id, site.id).at_start(case, period.index, amount(case, price, period.index))
            last = len(case.calendar) - 1
            used = case.calendar.years_at(case.calendar.end) - case.calendar.years_at(period.start)
            left = max(0.0, 1.0 - used / facility_life(case))
            yield Line("residual", hall.id, site.id).at_end(case, last, -left * amount(case, price, last))
        before = now
