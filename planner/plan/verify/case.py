"""The plan under examination: scenario, facts and decisions, and the books kept from them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import inf
from typing import Any

from planner.errors import InternalError
from planner.plan.decisions import Decisions, Install, Jobs, Move, Order, Powered, Retirement, Spare, Start
from planner.plan.verify.ladder import Rung, rungs
from planner.plan.verify.records import CashFlow
from planner.plan.verify.ripening import lasts, mean
from planner.plan.verify.world import Parameters, SystemFacts, World
from planner.scenario.model import ContinuousTraining, Hall, PendingOrder, Scenario, Site, TrainingRun, Workload
from planner.scenario.periods import Calendar, label_end
from planner.units import Money

Place = tuple[str, str, str]
"""System, site, hall."""
Line = list[float]
"""One number per period."""
GRACE = 5 * 24.0
"""Hours after the start of a later period within which what is installed counts from its start."""


@dataclass(frozen=True)
class Case:
    """Everything a check may look at. The derived tables assume that the records passed `shape`."""

    scenario: Scenario
    world: World
    decisions: Decisions
    objective: float | None = None
    """Cost that the plan claims; None: it claims nothing."""
    claims: Mapping[str, float] | None = None
    """What it claims to come to in what it seeks, cost apart."""

    @cached_property
    def calendar(self) -> Calendar:
        """The periods of the plan."""
        return self.scenario.calendar

    @cached_property
    def parameters(self) -> Parameters:
        """Planning parameters."""
        return self.world.parameters

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.scenario.sites}

    @cached_property
    def halls(self) -> dict[tuple[str, str], tuple[Site, Hall]]:
        """Halls, with their site, by site and hall id."""
        return {(site.id, hall.id): (site, hall) for site in self.scenario.sites for hall in site.all_halls}

    @cached_property
    def runs(self) -> dict[str, TrainingRun]:
        """Coherent runs by id."""
        return {run.id: run for run in self.scenario.runs}

    @cached_property
    def streams(self) -> dict[str, ContinuousTraining]:
        """Divisible workloads by id."""
        return {stream.id: stream for stream in self.scenario.streams}

    @cached_property
    def workloads(self) -> dict[str, Workload]:
        """All workloads by id."""
        return {workload.id: workload for workload in self.scenario.workloads}

    @cached_property
    def work(self) -> tuple[Jobs | Start, ...]:
        """Everything that runs."""
        return (*self.decisions.jobs, *self.decisions.starts)

    @cached_property
    def pending(self) -> dict[str, PendingOrder]:
        """Orders placed before the plan, by id."""
        return {order.id: order for order in self.scenario.orders}

    @cached_property
    def accepted(self) -> tuple[PendingOrder, ...]:
        """Pending orders that are taken."""
        return tuple(self.pending[record.order_id] for record in self.decisions.accepted)

    @cached_property
    def cash(self) -> tuple[CashFlow, ...]:
        """Every payment of the plan, dated; paid out is negative."""
        from planner.plan.verify.money import ledger

        return ledger(self)

    def system(self, system: str) -> SystemFacts:
        """Facts of a system."""
        return self.world.system(system)

    def label(self, period: int) -> str:
        """Label of a period for people."""
        return self.calendar[period].label

    # deliveries

    def arrival(self, order: Order) -> int | None:
        """Period at whose start the order is delivered; None behind the horizon."""
        facts = self.system(order.system)
        wait = facts.lead_time + self.world.licence_delay(facts.accelerator, order.period)
        return self.calendar.after(order.period, wait)

    def due(self, order: PendingOrder) -> int | None:
        """Period in which a pending order is delivered; None outside the horizon."""
        try:
            return self.calendar.index_of(order.due)
        except ValueError:
            return None

    @cached_property
    def ordered_arrivals(self) -> dict[str, Line]:
        """Systems delivered from the plan's own orders, by system and period."""
        table: dict[str, Line] = self._table()
        for order in self.decisions.orders:
            if (arrival := self.arrival(order)) is not None:
                table[order.system][arrival] += order.count
        return table

    @cached_property
    def arrivals(self) -> dict[str, Line]:
        """Systems delivered from own and accepted pending orders."""
        table: dict[str, Line] = self._table()
        for system, line in self.ordered_arrivals.items():
            table[system] = list(line)
        for order in self.accepted:
            if (due := self.due(order)) is not None:
                table[order.system][due] += order.count
        return table

    @cached_property
    def stored(self) -> dict[str, Line]:
        """Systems in store per period: those there at first + deliveries - placements so far."""
        table: dict[str, Line] = self._table()
        for entry in self.scenario.stock:
            table[entry.system][0] += entry.count
        for system, line in self.arrivals.items():
            table[system] = [a + b for a, b in zip(table[system], line, strict=True)]
        for (system, _, _), line in (*self.installs.items(), *self.spares.items()):
            table[system] = [a - b for a, b in zip(table[system], line, strict=True)]
        return {system: running(line) for system, line in sorted(table.items())}

    # fleet

    @cached_property
    def installs(self) -> dict[Place, Line]:
        """Systems placed in service per period."""
        return self._placed(self.decisions.installs)

    @cached_property
    def retirements(self) -> dict[Place, Line]:
        """Systems taken out of service per period."""
        return self._placed(self.decisions.retirements)

    @cached_property
    def spares(self) -> dict[Place, Line]:
        """Systems out of store that replace failed ones per period."""
        return self._placed(self.decisions.spares)

    @cached_property
    def powered(self) -> dict[Place, Line]:
        """Systems switched on per period."""
        return self._placed(self.decisions.powered)

    @cached_property
    def base(self) -> dict[Place, int]:
        """Systems in service when the plan starts."""
        table: dict[Place, int] = defaultdict(int)
        for entry in self.scenario.installed:
            table[entry.system, entry.site, entry.hall] += entry.count
        return table

    @cached_property
    def fleet(self) -> dict[Place, Line]:
        """Systems in service per period: base + installs - retirements so far."""
        places = {*self.base, *self.installs, *self.retirements, *self.moved}
        return {place: self._fleet_of(place) for place in sorted(places)}

    def _fleet_of(self, place: Place) -> Line:
        none = [0.0] * len(self.calendar)
        added = running(self.installs.get(place, none))
        removed = running(self.retirements.get(place, none))
        came = running(self.moved.get(place, none))
        return [self.base.get(place, 0) + a - r + c for a, r, c in zip(added, removed, came, strict=True)]

    @cached_property
    def moved(self) -> dict[Place, Line]:
        """Systems that moves bring per period, negative where they leave."""
        table: dict[Place, Line] = self._table()
        for move in self.decisions.moves:
            table[move.system, move.site, move.hall][move.period] -= move.count
            if (arrives := self.move_arrival(move)) is not None:
                table[move.system, move.to_site, move.to_hall][arrives] += move.count
        return table

    def move_arrival(self, move: Move) -> int | None:
        """Period in which a moved system is in service again; None behind the horizon."""
        wait = self.world.parameter("relocation-time")
        return self.calendar.after(move.period, float(wait)) if not isinstance(wait, Money) else None

    @cached_property
    def unfinished(self) -> dict[Place, dict[int, list[tuple[float, float]]]]:
        """Of every place and period the share lost, and the number, of systems that are being installed then."""
        table: dict[Place, dict[int, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
        for install in self.decisions.installs:
            place = (install.system, install.site, install.hall)
            for period, lost in self.share_lost(install):
                table[place][period].append((lost, install.count))
        return table

    def share_lost(self, install: Install) -> Iterator[tuple[int, float]]:
        """Periods of which a part passes until a placement is done, with that share; five days are forgiven later."""
        asked = self.scenario.installation
        if asked is None:
            return
        stated = asked.systems.get(install.system, asked.time)
        takes = self.world.parameter("installation-time") if stated is None else stated
        left = 0.0 if isinstance(takes, Money) else takes
        for period in self.calendar.periods[install.period :]:
            if left <= (GRACE if period.index > install.period else 0.0):
                return
            yield period.index, min(1.0, left / period.hours)
            left -= period.hours

    # work

    def wanted(self, stream: ContinuousTraining, period: int) -> float:
        """Tokens/s asked for in a period, whether stated in tokens or in FLOPs."""
        when = self.calendar[period]
        if stream.compute is None:
            return stream.target.at(when) or 0.0
        return (stream.compute.at(when) or 0.0) * 1e12 / self.world.flops_per_token(stream)

    def systems_of(self, work: Jobs | Start) -> float:
        """Systems that one job occupies (whole when `job-size` holds)."""
        return work.accelerators / self.system(work.system).accelerators

    def ready(self, family: str, platform: str) -> int | None:
        """First period in which a software family runs on a platform; None: never within the plan."""
        if any(platform in w.ported for w in self.scenario.workloads if w.software == family):
            return 0
        begun = [p.period for p in self.decisions.ports if (p.family, p.platform) == (family, platform)]
        ready = [self.calendar.after(period, self.parameters.porting_time) for period in begun]
        return min((index for index in ready if index is not None), default=None)

    def age(self, work: Jobs | Start) -> float:
        """Hours for which the software of work has been in use when its period starts; endless where it is mature."""
        family, platform = self.workloads[work.workload].software, self.system(work.system).platform
        known = any(platform in w.ported for w in self.scenario.workloads if w.software == family)
        since = self.ready(family, platform)
        if not self.scenario.porting.maturity or known or since is None:
            return inf
        return (self.calendar[work.period].start - self.calendar[since].start).days * 24.0

    @cached_property
    def ripening(self) -> tuple[float, float]:
        """Efficiency of new software over mature software, and hours of use until it is mature."""
        first, time = (self.world.parameter(f"porting-{name}") for name in ("start-efficiency", "maturity-time"))
        if isinstance(first, Money) or isinstance(time, Money):
            raise InternalError("how software ripens is money, numbers are expected")
        return first, time

    @cached_property
    def rungs(self) -> dict[tuple[str, str], tuple[Rung, ...]]:
        """Networks of the halls that may buy one, from the nearest to the farthest, by site and hall."""
        offered = {place: hall.fabric for place, (_, hall) in self.halls.items()}
        return {place: rungs(self.world, network) for place, network in offered.items() if network is not None}

    def rung(self, work: Jobs | Start) -> Rung | None:
        """The network over which work runs, in a hall that buys its own."""
        known = self.rungs.get((work.site, work.hall), ())
        return next((rung for rung in known if rung.id == work.network), None)

    def parts(self, start: Start) -> tuple[Start, ...]:
        """All parts of a coherent run: one, or two where kinds that may do it together begin in one hall and period."""
        for mix in self.scenario.mixed_runs:
            there = [s for s in self.decisions.starts if (s.workload, s.site, s.hall, s.period) == _where(start)]
            bought = any(part.network is not None for part in there)
            if start.system in mix.systems and sorted(s.system for s in there) == sorted(mix.systems) and not bought:
                return tuple(there)
        return (start,)

    def cluster(self, work: Jobs | Start) -> int:
        """Accelerators that work together in one job."""
        return sum(part.accelerators for part in self.parts(work)) if isinstance(work, Start) else work.accelerators

    def nominal(self, work: Jobs | Start) -> float:
        """Goodput of one job, or of its part of a run on two kinds, on mature software, tokens/s."""
        workload, rung, size = self.workloads[work.workload], self.rung(work), self.cluster(work)
        if size != work.accelerators:
            return self._of_two_kinds(work, size)
        if rung is None or rung.facts.oversubscription <= 1.0:
            return self.world.rate(workload, work.system, work.accelerators)
        over = rung.facts.oversubscription
        return self.world.rate_over(workload, work.system, work.accelerators, over, rung.pod)

    def _of_two_kinds(self, work: Jobs | Start, size: int) -> float:
        """Tokens/s of a part of a run: each accelerator as in so large a cluster of its own kind, less the penalty."""
        each = self.system(work.system).accelerators
        whole = -(-size // each) * each
        pair = {part.system for part in self.parts(work)} if isinstance(work, Start) else set()
        lost = next(mix.penalty for mix in self.scenario.mixed_runs if set(mix.systems) == pair)
        alone = self.world.rate(self.workloads[work.workload], work.system, whole)
        return alone * work.accelerators / whole * (1.0 - lost)

    def rate(self, work: Jobs | Start) -> float:
        """Goodput of one job, or of its part of a run on two kinds, tokens/s: mean of its period, or of the run."""
        nominal = self.nominal(work)
        age = self.age(work)
        if age == inf or nominal <= 0:
            return nominal
        if isinstance(work, Start):
            whole = sum(self.nominal(part) for part in self.parts(work))
            return self.runs[work.workload].tokens / (self.duration(work) * 3600.0) * nominal / whole
        return nominal * mean(*self.ripening, max(0.0, age), self.calendar[work.period].hours)

    def share(self, start: Start) -> float:
        """Part of its run that a start does."""
        return self.nominal(start) / (sum(self.nominal(part) for part in self.parts(start)) or 1.0)

    def duration(self, start: Start) -> float:
        """Hours that a coherent run takes; infinite when it does not fit."""
        parts = self.parts(start)
        rates = [self.nominal(part) for part in parts]
        hours = self.runs[start.workload].tokens / (sum(rates) * 3600.0) if all(rate > 0 for rate in rates) else inf
        if len(parts) > 1 or inf in (hours, self.age(start)):
            return hours
        return lasts(*self.ripening, max(0.0, self.age(start)), hours)

    def occupancy(self, start: Start) -> Iterator[tuple[int, float]]:
        """Periods in which a coherent run occupies its systems, and for which part of each."""
        left = self.duration(start)
        for period in self.calendar.periods[start.period :]:
            if left <= 0:
                return
            yield period.index, min(1.0, left / period.hours)
            left -= period.hours

    @cached_property
    def used(self) -> dict[Place, Line]:
        """Systems occupied by work per period."""
        table: dict[Place, Line] = self._table()
        for jobs in self.decisions.jobs:
            table[jobs.system, jobs.site, jobs.hall][jobs.period] += self.systems_of(jobs) * jobs.jobs
        for start in self.decisions.starts:
            for index, part in self.occupancy(start):
                table[start.system, start.site, start.hall][index] += self.systems_of(start) * part
        return table

    def hours_until(self, start: Start) -> float:
        """Hours from the start of a coherent run to its deadline or the end of the plan, whichever is first."""
        end = min(label_end(self.runs[start.workload].deadline), self.calendar.end)
        return (end - self.calendar[start.period].start).days * 24.0

    def last_period(self, run: TrainingRun) -> int:
        """Index of the period in which the run's deadline falls; the plan's last one at most."""
        if label_end(run.deadline) >= self.calendar.end:
            return len(self.calendar) - 1
        return self.calendar.last_index_of(run.deadline)

    def _placed(self, records: Iterable[Install | Retirement | Powered | Spare]) -> dict[Place, Line]:
        table: dict[Place, Line] = self._table()
        for record in records:
            table[record.system, record.site, record.hall][record.period] += record.count
        return table

    def _table(self) -> defaultdict[Any, Line]:
        return defaultdict(lambda: [0.0] * len(self.calendar))


def _where(start: Start) -> tuple[str, str, str, int]:
    """Run, place and period of a start."""
    return start.workload, start.site, start.hall, start.period


def running(line: Line) -> Line:
    """Cumulative sums."""
    return list(accumulate(line))
