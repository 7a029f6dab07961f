"""The plan under examination: what is given, the books of what stands, and those of its work and money."""

from collections.abc import Iterator
from functools import cached_property
from math import inf

from planner.errors import InternalError
from planner.plan.decisions import Jobs, Start
from planner.plan.verify.given import Line, Place
from planner.plan.verify.ladder import Rung, rungs
from planner.plan.verify.records import CashFlow
from planner.plan.verify.ripening import lasts, mean
from planner.plan.verify.standing import Standing
from planner.scenario.model import ContinuousTraining, TrainingRun
from planner.scenario.periods import label_end
from planner.units import Money


class Case(Standing):
    """Everything a check may look at. The derived tables assume that the records passed `shape`."""

    @cached_property
    def cash(self) -> tuple[CashFlow, ...]:
        """Every payment of the plan, dated; paid out is negative."""
        from planner.plan.verify.money import ledger

        return ledger(self)

    @cached_property
    def beside(self) -> tuple[tuple[str, Place, Line], ...]:
        """(kind, place, kW in each period) of every load beside the systems at work."""
        from planner.plan.verify.loads import beside

        return tuple(beside(self))

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

    def mates(self, work: Jobs) -> list[Jobs]:
        """Records of the other part of jobs on two kinds of system: one where all is right."""
        if work.beside is None:
            return []
        at = (work.workload, work.site, work.hall, work.period, work.network)
        there = [j for j in self.decisions.jobs if (j.workload, j.site, j.hall, j.period, j.network) == at]
        mine, rest = (work.system, work.accelerators), (work.beside, work.beside_accelerators)
        return [j for j in there if ((j.system, j.accelerators), (j.beside, j.beside_accelerators)) == (rest, mine)]

    def several(self, work: Jobs) -> bool:
        """Whether a job takes more than one system."""
        return work.beside is not None or self.systems_of(work) > 1

    def parts(self, start: Start) -> tuple[Start, ...]:
        """All parts of a coherent run: one, or two where kinds that may do it together begin in one hall and period."""
        for mix in self.scenario.mixed_runs:
            there = [s for s in self.decisions.starts if (s.workload, s.site, s.hall, s.period) == _where(start)]
            joined = len({part.network for part in there}) == 1
            if start.system in mix.systems and sorted(s.system for s in there) == sorted(mix.systems) and joined:
                return tuple(there)
        return (start,)

    def cluster(self, work: Jobs | Start) -> int:
        """Accelerators that work together in one job."""
        if isinstance(work, Start):
            return sum(part.accelerators for part in self.parts(work))
        return work.accelerators + (work.beside_accelerators or 0)

    def nominal(self, work: Jobs | Start) -> float:
        """Goodput of one job or run, or of its part on one of two kinds, on mature software, tokens/s."""
        size = self.cluster(work)
        if size != work.accelerators:
            return self._of_two_kinds(work, size)
        return self._alone(work, work.accelerators)

    def _alone(self, work: Jobs | Start, accelerators: int) -> float:
        """Tokens/s of so many accelerators of the kind of a piece of work, over its network."""
        workload, rung = self.workloads[work.workload], self.rung(work)
        if rung is None or rung.facts.oversubscription <= 1.0:
            return self.world.rate(workload, work.system, accelerators)
        return self.world.rate_over(workload, work.system, accelerators, rung.facts.oversubscription, rung.pod)

    def _of_two_kinds(self, work: Jobs | Start, size: int) -> float:
        """Tokens/s of a part of a job: each accelerator as in so large a cluster of its own kind, less the penalty."""
        each = self.system(work.system).accelerators
        whole = -(-size // each) * each
        others = {part.system for part in self.parts(work)} if isinstance(work, Start) else {work.beside}
        lost = next(mix.penalty for mix in self.scenario.mixed_runs if set(mix.systems) == others | {work.system})
        return self._alone(work, whole) * work.accelerators / whole * (1.0 - lost)

    def rate(self, work: Jobs | Start) -> float:
        """Goodput of a job or run, or of its part on one of two kinds, tokens/s: mean of its period, or of the run."""
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


def _where(start: Start) -> tuple[str, str, str, int]:
    """Run, place and period of a start."""
    return start.workload, start.site, start.hall, start.period
