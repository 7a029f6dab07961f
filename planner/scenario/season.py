"""What returns every year: factors by quarter or month of the year."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from planner.io.models import StrictModel, refuse
from planner.scenario.periods import Period, PeriodLabel, add_months, label_end, label_start
from planner.units import Fraction, Power

Quarter = Literal["Q1", "Q2", "Q3", "Q4"]
Month = Literal["M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12"]
Season = dict[Quarter | Month, Annotated[float, Field(gt=0)]]
"""Factors by quarter (`Q3`) or month (`M07`) of the year: the month's before its quarter's, 1 without either."""


def months(period: Period) -> list[tuple[date, int]]:
    """First day and number of days of each month of a period."""
    found, day = [], period.start
    while day < period.end:
        after = add_months(day, 1)
        found.append((day, (after - day).days))
        day = after
    return found


def factor(season: Season, day: date) -> float:
    """The factor of the month in which a day falls."""
    by_name = {str(part): value for part, value in season.items()}
    return by_name.get(f"M{day.month:02d}", by_name.get(f"Q{(day.month + 2) // 3}", 1.0))


def mean(season: Season, period: Period) -> float:
    """Factor averaged over the days of a period."""
    parts = months(period)
    return sum(factor(season, day) * days for day, days in parts) / sum(days for _, days in parts)


def most(season: Season, period: Period) -> float:
    """Largest factor of a period."""
    return max(factor(season, day) for day, _ in months(period))


class PowerCut(StrictModel):
    """A time in which a site gets less from the grid than its contract says."""

    start: PeriodLabel
    """First month, quarter or year of it."""
    end: PeriodLabel | None = None
    """Last one; None: the same."""
    share: Fraction | None = None
    """Share of the site's grid power that is cut, expansions included."""
    power: Power | None = None
    """Power that is cut from the contract."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "PowerCut":
        if (self.share is None) == (self.power is None):
            raise refuse("a power cut states either `share` or `power`", "keep one of the two")
        if self.end is not None and label_end(self.end) <= label_start(self.start):
            raise refuse(f"the power cut ends ({self.end}) before it starts ({self.start})", "exchange the two")
        return self

    def touches(self, period: Period) -> bool:
        """Whether any day of a period falls into it: such a period does with less throughout."""
        return label_start(self.start) < period.end and period.start < label_end(self.end or self.start)
