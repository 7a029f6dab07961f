"""How a software family ripens on a platform after its port: slow at first, then as fast as mature software."""

from collections import defaultdict
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from planner.catalog.resolve import planning
from planner.errors import Diagnostic, InputError, InternalError
from planner.problem.case import Case
from planner.scenario.periods import Calendar
from planner.units import Money

if TYPE_CHECKING:
    from planner.problem.arrays import Problem

NEARLY = 120.0
"""Hours before its maturity from which software counts as mature, as deliveries within five days of a period count."""
START, TIME = "porting-start-efficiency", "porting-maturity-time"


class Strand(NamedTuple):
    """Divisible work on a platform; apart by site or vendor where something counts them apart (else -1 and '')."""

    stream: int
    platform: str
    site: int
    vendor: str


class Youth(NamedTuple):
    """Work of a strand in `period` on software that was ready in period `ready` and is not mature yet."""

    strand: Strand
    ready: int
    period: int


@dataclass(frozen=True, slots=True)
class Ripening:
    """Efficiency over mature software: `start` on the first day of use, rising evenly to one after `hours`."""

    calendar: Calendar
    start: float
    hours: float

    def age(self, ready: int, period: int) -> float:
        """Hours of use before a period, of software that was ready in another."""
        return (self.calendar[period].start - self.calendar[ready].start).days * 24.0

    def mature(self, ready: int, period: int) -> bool:
        """Whether it is mature from the start of a period on."""
        return self.start >= 1.0 or self.age(ready, period) + NEARLY >= self.hours

    def efficiency(self, ready: int, period: int) -> float:
        """Mean efficiency over a period."""
        if self.mature(ready, period):
            return 1.0
        age, span = self.age(ready, period), self.calendar[period].hours
        return (self._done(age + span) - self._done(age)) / span

    def takes(self, ready: int, period: int, hours: float) -> float:
        """Hours that work of `hours` on mature software takes when it is begun at the start of a period."""
        if self.mature(ready, period):
            return hours
        age = self.age(ready, period)
        return self._reaches(self._done(age) + hours) - age

    def _done(self, age: float) -> float:
        """Mature hours' worth of work that is done by an age: the integral of the efficiency."""
        ramp = min(age, self.hours)
        return self.start * ramp + (1.0 - self.start) * ramp**2 / (2.0 * self.hours) + age - ramp

    def _reaches(self, done: float) -> float:
        """The age by which so much work is done: the inverse of `_done`."""
        over = done - self._done(self.hours)
        if over >= 0.0:
            return self.hours + over
        slope = (1.0 - self.start) / self.hours
        return (sqrt(self.start**2 + 2.0 * slope * done) - self.start) / slope


def youths(problem: "Problem", ripens: Ripening) -> dict[Youth, float]:
    """Every piece of young work, and the most that it can come to in tokens/s of mature software.

    That is what meets the target at its efficiency and one job beyond it, or what power feeds if that is less; where
    more than the target may be of use, what power feeds.
    """
    fed: dict[tuple[Strand, int], dict[tuple[int, int], float]] = defaultdict(lambda: defaultdict(float))
    largest: dict[tuple[Strand, int], float] = defaultdict(float)
    for j, job in enumerate(problem.jobs):
        row = problem.systems[job.system]
        if (problem.streams[job.stream].software, row.platform) in problem.ported:
            continue
        for h, t in ((h, t) for h in sorted(problem.job_halls[j]) for t in problem.horizon):
            most = problem.feed.systems(row.power_kw, h, t) / job.units
            if (job.system, h, t) in problem.workable and most >= 1:
                at = problem.strand(j, h), t
                fed[at][job.system, h] = max(fed[at][job.system, h], job.rate * most)
                largest[at] = max(largest[at], job.rate)
    found = {}
    for (strand, t), best in sorted(fed.items()):
        stream, most = problem.streams[strand.stream], float(sum(best.values()))
        for ready in sorted(set(problem.ready_periods(stream.software, strand.platform))):
            if ready <= t and not ripens.mature(ready, t):
                asked = stream.target[t] / ripens.efficiency(ready, t) + largest[strand, t]
                found[Youth(strand, ready, t)] = most if problem.open_ended(strand.stream) else min(most, asked)
    return found


def ripening(case: Case) -> Ripening | None:
    """How software ripens after ports; None where the scenario has it mature at once.

    Raises InputError for an efficiency that is no share, or a time below nothing.
    """
    if not case.scenario.porting.maturity:
        return None
    start, hours = _number(case, START), _number(case, TIME)
    if not 0.0 <= start <= 1.0:
        raise _refused(case, START, f"{START} is {start:g}, a share from 0 to 1 is right", "write 60 % or 0.6")
    if hours < 0.0:
        raise _refused(case, TIME, f"{TIME} is less than nothing", "write a time, such as 4 quarters")
    return Ripening(case.calendar, start, hours)


def _number(case: Case, name: str) -> float:
    value = planning(case.catalog, name, case.scenario.values, case.ledger)
    if isinstance(value, Money):
        raise InternalError(f"parameter {name} is money, a number is expected")
    return float(value)


def _refused(case: Case, name: str, message: str, hint: str) -> InputError:
    document, scenario = case.scenario.document, case.scenario
    key = f"assumptions.{name}"
    path = ("parameters", name) if name in scenario.parameters else ("facts", key) if key in scenario.facts else None
    place = document.place(path) if document is not None and path is not None else None
    return InputError([Diagnostic("wrong-value", message, hint, place)])
