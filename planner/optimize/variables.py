"""Every variable of the program, its kind and its bounds (docs/formulation.md, section Decisions).

Variables exist only for what the problem's index sets allow; they are created in sorted order, so that the
same problem always gives the same columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from planner.problem.arrays import Problem
from planner.problem.rows.keys import Key
from planner.problem.rows.work import Begin, Job

if TYPE_CHECKING:
    from pulp import LpProblem, LpVariable

    from planner.problem.apart import Spot
    from planner.problem.ripening import Youth

Kind = Literal["Continuous", "Integer", "Binary"]
INTEGER: Kind = "Integer"
CONTINUOUS: Kind = "Continuous"
BINARY: Kind = "Binary"


@dataclass(frozen=True)
class Variables:
    """The variables by index; `t` period, `h` hall, `i` system, `w` workload, `j` job, `n` begin."""

    order: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, t): systems ordered."""
    stock: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, t): systems delivered and not placed in service."""
    surrender: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, t): systems out of store that a rule takes."""
    install: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, h, t): systems placed in service."""
    retire: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, h, t): systems taken out of service."""
    fleet: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, h, t): systems in service."""
    powered: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, h, t): systems switched on, averaged over the period; at most as many whole ones as the hall's
    power feeds.
    """
    failed: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, h, t): systems in service that failed beyond repair, when a period begins."""
    spare: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, h, t): systems out of store that replace failed ones."""
    scrap: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, h, t): failed systems among those taken out of service."""
    jobs: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(j, h, t): concurrent jobs of a divisible workload, averaged over the period."""
    running: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(j, h, t): whether any such job runs, for jobs of more than one system, or of two kinds; in how many of
    halls planned as one."""
    wired: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(j, h, t): whether any such job runs, for jobs of one system over a farther network than a hall's nearest."""
    begin: "dict[int, LpVariable]" = field(default_factory=dict)
    """n: a coherent run begins this way."""
    missed: "dict[int, LpVariable]" = field(default_factory=dict)
    """w: a coherent run is not done."""
    shortfall: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(w, t): divisible demand not met, as a share of the target."""
    port: "dict[tuple[str, str, int], LpVariable]" = field(default_factory=dict)
    """(family, platform, t): porting begins."""
    accept: "dict[int, LpVariable]" = field(default_factory=dict)
    """o: a pending order is taken on delivery."""
    domestic: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(s, t): nothing foreign is in service at a site that is subsidised for that."""
    subsidised: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(s, t): what a site gets for its energy, millions."""
    granted: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(s, t): what a site gets for its hardware, millions."""
    expand: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(m, t): steps of power or space decided."""
    rent: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(r, t): contracts on rented systems that begin."""
    move: "dict[int, LpVariable]" = field(default_factory=dict)
    """m: installed systems that move this way."""
    at_once: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(i, h, t): whole systems on at one moment, in halls whose power is decided."""
    attach: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(n, k, t): accelerators whose port is raised to level k of network n from the level below."""
    peak: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(s, t): highest draw at a site's meter, MW, where that has a price."""
    behind: "dict[Key, LpVariable]" = field(default_factory=dict)
    """(w, k): share of a divisible workload's k-th token budget that is not trained in time."""
    young: "dict[Youth, LpVariable]" = field(default_factory=dict)
    """Divisible work whose software is not mature yet, as a share of the most that there can be of it."""
    present: "dict[tuple[int, Spot, int], LpVariable]" = field(default_factory=dict)
    """(w, spot, t): whether divisible work runs in a hall or site that it must not share with other work."""
    concentration: "dict[int, LpVariable]" = field(default_factory=dict)
    """0: part of the compute asked for that the largest vendor's systems deliver."""

    def repeating(self) -> "Iterator[LpVariable]":
        """Variables whose upper bound only repeats a row: of power, of what is offered for rent, of steps."""
        for group in (self.powered, self.at_once, self.rent, self.expand):
            yield from group.values()

    def strategic(self) -> "Iterator[LpVariable]":
        """The whole-number decisions that shape a plan; the others follow from them."""
        wide = (self.order, self.begin, self.missed, self.port, self.accept, self.domestic, self.expand, self.present)
        for group in wide:
            yield from group.values()


def create(lp: "LpProblem", problem: Problem, *, elastic: bool) -> Variables:
    """All variables of `problem`; `elastic` lets every target be missed."""
    v = Variables()
    _pipeline(lp, problem, v)
    _fleet(lp, problem, v)
    _work(lp, problem, v, elastic=elastic)
    _young(lp, problem, v)
    _present(lp, problem, v)
    _subsidies(lp, problem, v)
    _options(lp, problem, v)
    _networks(lp, problem, v)
    _peaks(lp, problem, v)
    if problem.goals.needs("concentration"):
        v.concentration[0] = lp.add_variable("concentration", 0, None, CONTINUOUS)
    return v


def _options(lp: "LpProblem", problem: Problem, v: Variables) -> None:
    label = [period.label for period in problem.calendar]
    for m, option in enumerate(problem.options):
        for t in sorted(option.ready):
            v.expand[m, t] = lp.add_variable(f"expand[{option.id},{label[t]}]", 0, option.times, INTEGER)
    for m, row in enumerate(problem.moves):
        way = f"{problem.halls[row.source].id}>{problem.halls[row.target].id}"
        name = f"move[{problem.systems[row.system].id},{way},{label[row.leaves]}]"
        v.move[m] = lp.add_variable(name, 0, problem.base[row.system, row.source], INTEGER)
    for r, offer in enumerate(problem.rents):
        for t in sorted(offer.held):
            most = min(offer.capacity[u] for u in offer.held[t])
            v.rent[r, t] = lp.add_variable(f"rent[{offer.id},{label[t]}]", 0, most, INTEGER)
    for i, h, t in v.powered if problem.options else ():
        if problem.feed.bought(h, t):
            where = f"{problem.systems[i].id},{problem.halls[h].id},{label[t]}"
            most = most_systems(problem, i, h, t) * problem.copies.of_hall(h)
            v.at_once[i, h, t] = lp.add_variable(f"at_once[{where}]", 0, most, INTEGER)


def _peaks(lp: "LpProblem", problem: Problem, v: Variables) -> None:
    draws = {(problem.halls[h].site, t) for _, h, t in (*v.powered, *problem.loads.idle)}
    for s, t in sorted(draws & set(problem.demand_events)):
        name = f"peak[{problem.sites[s].id},{problem.calendar[t].label}]"
        v.peak[s, t] = lp.add_variable(name, 0, None, CONTINUOUS)


def _networks(lp: "LpProblem", problem: Problem, v: Variables) -> None:
    for n, row in enumerate(problem.networks):
        for k, level in enumerate(row.levels):
            for t in sorted(level.ready):
                where = f"{problem.halls[row.hall].id},{level.offer},{problem.calendar[t].label}"
                v.attach[n, k, t] = lp.add_variable(f"attach[{where}]", 0, None, INTEGER)


def _pipeline(lp: "LpProblem", problem: Problem, v: Variables) -> None:
    label = [period.label for period in problem.calendar]
    for i, t in sorted(problem.arrivals):
        v.order[i, t] = lp.add_variable(f"order[{problem.systems[i].id},{label[t]}]", 0, None, INTEGER)
    for o, row in enumerate(problem.pending):
        v.accept[o] = lp.add_variable(f"accept[{row.id}]", 0, 1, BINARY)
    for i in sorted(
        {key[0] for key in problem.placeable}
        | {i for i, _ in problem.arrivals}
        | {row.system for row in problem.pending}
        | set(problem.store.initial)
    ):
        for t in problem.horizon:
            v.stock[i, t] = lp.add_variable(f"stock[{problem.systems[i].id},{label[t]}]", 0, None, CONTINUOUS)
            if (i, t) in problem.store.given_up:
                name = f"surrender[{problem.systems[i].id},{label[t]}]"
                v.surrender[i, t] = lp.add_variable(name, 0, None, CONTINUOUS)
    for family, platform, t in sorted(problem.ports):
        v.port[family, platform, t] = lp.add_variable(f"port[{family},{platform},{label[t]}]", 0, 1, BINARY)


def _fleet(lp: "LpProblem", problem: Problem, v: Variables) -> None:
    label = [period.label for period in problem.calendar]
    ages = {i for i, _ in problem.expired}
    targets = {(move.system, move.target) for move in problem.moves}
    worn = problem.wear.cells()
    for i, h in problem.kept_keys:
        where = f"{problem.systems[i].id},{problem.halls[h].id}"
        must_go = (i, h) in problem.removed
        may_retire = problem.base.get((i, h), 0) > 0 or i in ages or problem.life_periods is not None or must_go
        may_retire = may_retire or (i, h) in targets
        for t in problem.horizon:
            if (i, h, t) in problem.placeable:
                v.install[i, h, t] = lp.add_variable(f"install[{where},{label[t]}]", 0, None, INTEGER)
            if may_retire:
                v.retire[i, h, t] = lp.add_variable(f"retire[{where},{label[t]}]", 0, None, INTEGER)
            v.fleet[i, h, t] = lp.add_variable(f"fleet[{where},{label[t]}]", 0, None, CONTINUOUS)
            if t and (i, h) in worn:
                v.failed[i, h, t] = lp.add_variable(f"failed[{where},{label[t]}]", 0, None, CONTINUOUS)
                if (i, h, t) in problem.wear.spares:
                    v.spare[i, h, t] = lp.add_variable(f"spare[{where},{label[t]}]", 0, None, CONTINUOUS)
                if may_retire:
                    v.scrap[i, h, t] = lp.add_variable(f"scrap[{where},{label[t]}]", 0, None, CONTINUOUS)
            if (i, h, t) in problem.usable:
                most = most_systems(problem, i, h, t) * problem.copies.of_hall(h)
                v.powered[i, h, t] = lp.add_variable(f"powered[{where},{label[t]}]", 0, most, CONTINUOUS)


def most_systems(problem: Problem, i: int, h: int, t: int) -> int:
    """Most whole systems of kind i that hall h and its site's grid contract can ever feed at once in period t."""
    return problem.most_systems(i, h, t)


def most_jobs(problem: Problem, j: int, h: int, t: int) -> float:
    """Most jobs of kind j that hall h and its site can feed in period t."""
    job = problem.jobs[j]
    if job.beside is not None:
        return (problem.copies.alone or problem.feed).kw(h, t) / problem.together_kw(job, h)
    return most_systems(problem, job.system, h, t) / job.units


def _may_run(problem: Problem, j: int, h: int, t: int) -> bool:
    """Whether all systems of a job may be on at once; what is on of one system is at most what power feeds anyway."""
    job = problem.jobs[j]
    kinds = {job.system} if job.beside is None else {job.system, job.beside[0]}
    there = all((i, h, t) in problem.workable for i in kinds)
    return there and ((job.units == 1 and len(kinds) == 1) or most_jobs(problem, j, h, t) >= 1)


def _work(lp: "LpProblem", problem: Problem, v: Variables, *, elastic: bool) -> None:
    label = [period.label for period in problem.calendar]
    farther = {row.hall: {level.offer for level in row.levels[1:]} for row in problem.networks}
    for j, job in enumerate(problem.jobs):
        name = f"{problem.streams[job.stream].id},{problem.systems[job.system].id}x{job.units}{_over(job)}"
        name += _with(problem, job)
        for h in sorted(problem.job_halls[j]):
            for t in problem.horizon:
                if _may_run(problem, j, h, t):
                    where = f"{name},{problem.halls[h].id},{label[t]}"
                    v.jobs[j, h, t] = lp.add_variable(f"jobs[{where}]", 0, None, CONTINUOUS)
                    if job.units > 1 or job.beside is not None:
                        alike = problem.copies.of_hall(h)
                        kind = BINARY if alike == 1 else INTEGER
                        v.running[j, h, t] = lp.add_variable(f"running[{where}]", 0, alike, kind)
                    elif h in farther and job.network in farther[h]:
                        v.wired[j, h, t] = lp.add_variable(f"wired[{where}]", 0, 1, BINARY)
    for n, begin in enumerate(problem.begins):
        name = f"{problem.runs[begin.run].id},{problem.systems[begin.system].id}x{begin.units}{_over(begin)}"
        where = f"{problem.halls[begin.hall].id},{label[begin.period]}"
        name += _with(problem, begin)
        if begin.ready is not None:
            name += f",ported {label[begin.ready]}"
        v.begin[n] = lp.add_variable(f"begin[{name},{where}]", 0, 1, BINARY)
    for w, run in enumerate(problem.runs):
        if elastic or run.missed is not None:
            v.missed[w] = lp.add_variable(f"missed[{run.id}]", 0, 1, BINARY)
    for w, stream in enumerate(problem.streams):
        if elastic or stream.shortfall is not None:
            for t in problem.horizon:
                if stream.target[t] > 0:
                    v.shortfall[w, t] = lp.add_variable(f"shortfall[{stream.id},{label[t]}]", 0, 1, CONTINUOUS)
            for k, budget in enumerate(stream.budgets):
                v.behind[w, k] = lp.add_variable(f"behind[{stream.id},{budget.label}]", 0, 1, CONTINUOUS)


def _young(lp: "LpProblem", problem: Problem, v: Variables) -> None:
    label = [period.label for period in problem.calendar]
    for youth in problem.young:
        strand = youth.strand
        parts = [problem.streams[strand.stream].id, strand.platform]
        parts += [problem.sites[strand.site].id] if strand.site >= 0 else []
        name = ",".join([*parts, *([strand.vendor] if strand.vendor else []), label[youth.ready], label[youth.period]])
        v.young[youth] = lp.add_variable(f"young[{name}]", 0, 1, CONTINUOUS)


def _present(lp: "LpProblem", problem: Problem, v: Variables) -> None:
    if not problem.apart:
        return
    from planner.problem.apart import meetings

    found = {(m.w, spot, t) for (_, spot, t), ms in meetings(problem, v.jobs).items() for m in ms if not m.run}
    for w, spot, t in sorted(found):
        where = f"{spot.kind} of {problem.halls[spot.hall].id}"
        name = f"present[{problem.streams[w].id},{where},{problem.calendar[t].label}]"
        v.present[w, spot, t] = lp.add_variable(name, 0, 1, BINARY)


def _with(problem: Problem, work: Job | Begin) -> str:
    """The other kind of system that does part of it."""
    return "" if work.beside is None else f",with {problem.systems[work.beside[0]].id}x{work.beside[1]}"


def _over(work: Job | Begin) -> str:
    """The network over which work runs, where there are several."""
    return "" if work.network is None else f"@{work.network}"


def _subsidies(lp: "LpProblem", problem: Problem, v: Variables) -> None:
    label = [period.label for period in problem.calendar]
    standing = {(problem.halls[h].site, i) for i, h in problem.kept_keys}
    for (s, t), subsidy in sorted(problem.obliged.subsidy_at.items()):
        name = f"{problem.sites[s].id},{label[t]}"
        if any((s, i) in standing for i in subsidy.foreign):
            v.domestic[s, t] = lp.add_variable(f"domestic[{name}]", 0, 1, BINARY)
        if subsidy.per_kwh:
            v.subsidised[s, t] = lp.add_variable(f"subsidised[{name}]", 0, None, CONTINUOUS)
        if subsidy.capex_share:
            v.granted[s, t] = lp.add_variable(f"granted[{name}]", 0, None, CONTINUOUS)
