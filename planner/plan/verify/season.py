"""Tariff, carbon, usage effectiveness and grid power as they change with the date: day by day."""

from datetime import date, timedelta
from functools import lru_cache

from planner.plan.verify.case import Case
from planner.plan.verify.statement import amount
from planner.scenario.model import Hall, Site
from planner.scenario.periods import Period, label_end, label_start
from planner.scenario.season import PowerCut, Season


def _daily(season: Season, period: Period) -> tuple[float, ...]:
    """Factor of each day of a period."""
    if not season:
        return (1.0,)
    return _factors(tuple((str(part), value) for part, value in season.items()), period.start, period.end)


@lru_cache(maxsize=4096)
def _factors(season: tuple[tuple[str, float], ...], start: date, end: date) -> tuple[float, ...]:
    factors = dict(season)
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    names = [(f"M{day.month:02d}", f"Q{(day.month - 1) // 3 + 1}") for day in days]
    return tuple(next((factors[name] for name in pair if name in factors), 1.0) for pair in names)


def tariff(case: Case, site: Site, period: Period) -> float:
    """Price of one kWh in a period, scenario currency."""
    stated = site.tariff.at(period) if site.tariff is not None else None
    daily = _daily(site.tariff_season, period)
    return amount(case, stated or case.world.tariff(site), period.index) * sum(daily) / len(daily)


def pue(case: Case, site: Site, hall: Hall, period: Period) -> float:
    """Energy at the meter per energy to IT over a period."""
    daily = _daily(hall.pue_season, period)
    return case.world.pue(site, hall) * sum(daily) / len(daily)


def worst_pue(case: Case, site: Site, hall: Hall, period: Period) -> float:
    """The highest of a period."""
    return case.world.pue(site, hall) * max(_daily(hall.pue_season, period))


def carbon(case: Case, site: Site, period: Period) -> float:
    """kg CO2 per kWh at the meter."""
    stated = site.carbon.at(period) if site.carbon is not None else None
    return case.world.carbon(site) if stated is None else stated


def uncut(site: Site, period: Period) -> float:
    """Share of the grid power that cuts leave; a cut on any day counts for the whole period."""
    left = 1.0
    for cut in site.cuts:
        first, last = label_start(cut.start), label_end(cut.end or cut.start) - timedelta(days=1)
        if cut.share is not None and first <= period.last_day and period.start <= last:
            left *= 1.0 - cut.share
    return left


def _falls_in(cut: PowerCut, period: Period) -> bool:
    """Whether a cut takes any day of a period."""
    return label_start(cut.start) <= period.last_day and period.start < label_end(cut.end or cut.start)


def never_cut(site: Site, period: Period) -> bool:
    """Whether no cut touches a period."""
    return not any(_falls_in(cut, period) for cut in site.cuts)


def contract(site: Site, period: Period) -> float:
    """Contracted grid power less what is cut, kW; never below nothing."""
    gone = [cut.power or 0.0 for cut in site.cuts if _falls_in(cut, period)]
    return max(0.0, (site.grid.at(period) or 0.0) * uncut(site, period) - sum(gone))
