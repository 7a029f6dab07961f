"""What stands when the plan starts, and how long systems serve."""

from planner.problem.case import Case
from planner.problem.places import sorted_halls
from planner.scenario.periods import add_months, label_start
from planner.units import HOURS_PER_YEAR


def installed_base(case: Case, index: dict[str, int]) -> tuple[dict[tuple[int, ...], int], dict[tuple[int, ...], int]]:
    """Installed base by (i, h), and how much of it is past its life by (i, t)."""
    base: dict[tuple[int, ...], int] = {}
    expired: dict[tuple[int, ...], int] = {}
    halls = [f"{site.id}/{hall.id}" for site, hall in sorted_halls(case.scenario)]
    months = round(case.parameters.asset_life_years * 12)
    for entry in case.scenario.installed:
        i, h = index[entry.system], halls.index(f"{entry.site}/{entry.hall}")
        base[i, h] = base.get((i, h), 0) + entry.count
        end = add_months(label_start(entry.since), months)
        for period in case.calendar:
            if end <= period.start:
                expired[i, period.index] = expired.get((i, period.index), 0) + entry.count
    return base, expired


def life_ends(case: Case) -> tuple[int | None, ...]:
    """Of each period the first whose start a system placed in service in it does not outlive."""
    months = round(case.parameters.asset_life_years * 12)
    ends = [add_months(period.start, months) for period in case.calendar]
    return tuple(next((p.index for p in case.calendar if p.start >= end), None) for end in ends)


def life_periods(case: Case) -> int | None:
    """Periods that a new system may serve, when that is shorter than the plan."""
    return case.calendar.after(0, case.parameters.asset_life_years * HOURS_PER_YEAR)
