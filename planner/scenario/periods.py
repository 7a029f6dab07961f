"""The calendar of a plan: periods with dates, lengths and discount factors."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

Step = Literal["month", "quarter", "half-year", "year"]

_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_LABEL = re.compile(r"^(\d{4})(?:-Q([1-4])|-H([12])|-(\d{2}))?$")
FIRST_YEAR, LAST_YEAR = 1950, 2200
_EXAMPLES = "2026-Q3 (a quarter), 2026-H2 (a half-year), 2026-07 (a month) or 2026 (a year)"


def label_start(label: str) -> date:
    """First day of the period that `label` names (`2026-Q3`, `2026-H2`, `2026-07`, `2026`).

    Raises ValueError, in words for the author of the YAML, when the label names no period.
    """
    match = _LABEL.match(label)
    if match is None:
        raise ValueError(f"{label!r} is not a period: write {_EXAMPLES}")
    year, quarter, half, month = match.groups()
    first = 3 * int(quarter) - 2 if quarter else 6 * int(half) - 5 if half else int(month or 1)
    if not 1 <= first <= 12:
        raise ValueError(f"{label!r} is not a period: months run from 01 to 12")
    return date(int(year), first, 1)


def label_step(label: str) -> Step:
    """Kind of the period that `label` names."""
    if "Q" in label:
        return "quarter"
    if "H" in label:
        return "half-year"
    return "month" if "-" in label else "year"


def _text(label: object) -> object:
    """A year alone is read from YAML as a number."""
    return str(label) if isinstance(label, int) and not isinstance(label, bool) else label


def _checked_label(label: str) -> str:
    year = label_start(label).year
    if label != "0001" and not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{label!r} is no period of a plan: years run from {FIRST_YEAR} to {LAST_YEAR}")
    return label


PeriodLabel = Annotated[str, BeforeValidator(_text), AfterValidator(_checked_label)]


def add_months(day: date, months: int) -> date:
    """First-of-month arithmetic; `day` must be the first of a month."""
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def label_end(label: str) -> date:
    """First day after the period that `label` names."""
    return add_months(label_start(label), _MONTHS[label_step(label)])


def _label_of(start: date, step: Step) -> str:
    if step == "quarter":
        return f"{start.year}-Q{(start.month + 2) // 3}"
    if step == "half-year":
        return f"{start.year}-H{(start.month + 5) // 6}"
    return f"{start.year}-{start.month:02d}" if step == "month" else str(start.year)


@dataclass(frozen=True, slots=True)
class Period:
    """One period: `start` is its first day, `end` the first day after it, `hours` its length."""

    index: int
    label: str
    start: date
    end: date

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start).days * 24.0

    @property
    def months(self) -> int:
        """Length in calendar months."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def year(self) -> int:
        """Calendar year in which the period starts."""
        return self.start.year


@dataclass(frozen=True, slots=True)
class Calendar:
    """All periods of a plan, in order; `step` is their common kind, None where they are of several."""

    step: Step | None
    periods: tuple[Period, ...]

    def __iter__(self) -> Iterator[Period]:
        return iter(self.periods)

    def __len__(self) -> int:
        return len(self.periods)

    def __getitem__(self, index: int) -> Period:
        return self.periods[index]

    @property
    def start(self) -> date:
        """First day of the plan."""
        return self.periods[0].start

    @property
    def end(self) -> date:
        """First day after the plan."""
        return self.periods[-1].end

    def covers(self, label: str) -> bool:
        """Whether the period that `label` names lies inside the plan."""
        return self.start <= label_start(label) and label_end(label) <= self.end

    def index_of(self, label: str) -> int:
        """Index of the plan's period in which `label` starts. Raises ValueError outside the plan."""
        return self.index_on(label_start(label))

    def from_label(self, label: str) -> int:
        """Index of the first period that starts no earlier than `label` does; the number of periods when none does."""
        day = label_start(label)
        return next((period.index for period in self.periods if period.start >= day), len(self.periods))

    def last_index_of(self, label: str) -> int:
        """Index of the plan's period in which `label` ends. Raises ValueError outside the plan."""
        return self.index_on(label_end(label) - timedelta(days=1))

    def index_on(self, day: date) -> int:
        """Index of the period that contains `day`. Raises ValueError outside the plan."""
        for period in self.periods:
            if period.start <= day < period.end:
                return period.index
        raise ValueError(
            f"{day.isoformat()} is outside the horizon {self.periods[0].label} to {self.periods[-1].label}"
        )

    def after(self, index: int, hours: float) -> int | None:
        """Index of the first period that starts at least `hours` after the start of period `index`.

        Fractions of a day are rounded up; a delivery within five days after a period's start still
        counts for it, so that "2 quarters" of 91.25 days each lands on the second next quarter.
        None when it falls behind the last period.
        """
        due = self.periods[index].start + timedelta(hours=hours) - timedelta(days=5)
        for period in self.periods[index:]:
            if period.start >= due:
                return period.index
        return None

    def years_at(self, day: date) -> float:
        """Years from the plan's start to `day`, counted in whole months / 12."""
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        return months / 12.0


def calendar(start: str, end: str, step: Step) -> Calendar:
    """Periods of kind `step` from the one that starts with `start` to the one that ends with `end`."""
    periods: list[Period] = []
    first, last = label_start(start), label_end(end)
    while first < last:
        after = add_months(first, _MONTHS[step])
        periods.append(Period(len(periods), _label_of(first, step), first, after))
        first = after
    return Calendar(step, tuple(periods))


def calendar_of(labels: Iterable[str]) -> Calendar:
    """The periods that labels name, one after another; each begins where the one before ends."""
    listed = tuple(labels)
    periods = tuple(Period(n, label, label_start(label), label_end(label)) for n, label in enumerate(listed))
    steps = {label_step(label) for label in listed}
    return Calendar(steps.pop() if len(steps) == 1 else None, periods)
