"""Software has to be ported to a platform before it runs there."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.program import Program
from planner.optimize.variables import most_jobs
from planner.problem.arrays import Problem

if TYPE_CHECKING:
    from pulp import LpVariable

    from planner.problem.ripening import Strand


def port_once(program: Program) -> None:
    """F13 Porting: a software family is ported to a platform at most once.   sum_t port[f,p,t] <= 1"""
    v = program.v
    ports = defaultdict(list)
    for (family, platform, _), var in v.port.items():
        ports[family, platform].append((var, 1.0))
    for (family, platform), terms in sorted(ports.items()):
        program.add("port_once", terms, "<=", 1.0, unit="ports", site=platform, item=family)


def _ready(program: Program, family: str, platform: str, period: int) -> "list[tuple[LpVariable, float]]":
    """Ports of the family to the platform whose software is ready by a period, and mature where it ripens."""
    ripens = program.problem.ripening
    return [
        (program.v.port[family, platform, t], 1.0)
        for t, ready in program.problem.ports_to[family, platform]
        if ready <= period and (ripens is None or ripens.mature(ready, period))
    ]


def _ready_in(program: Program, family: str, platform: str, period: int) -> "list[tuple[LpVariable, float]]":
    """Ports of the family to the platform that become ready in a period."""
    return [
        (program.v.port[family, platform, t], 1.0)
        for t, ready in program.problem.ports_to[family, platform]
        if ready == period
    ]


def jobs_need_port(program: Program) -> None:
    """F14 Divisible work on a platform needs its software there.

    sum_{j on p,h} rate_j jobs[j,h,t] <= (target[w,t] + max_j rate_j) ready[f(w),p,t] + sum_r most_r young[w,p,r,t]
    More than the target and one job beyond it is never of use, so nothing is cut off; where throughput is sought or
    has a floor, or tokens are asked for by a day, what the power of halls and sites feeds takes the place of that sum.
    Where software ripens, ready counts mature software only, and younger software is F65.
    """
    problem, young = program.problem, defaultdict(list)
    for youth, var in program.v.young.items():
        young[youth.strand, youth.period].append((var, problem.young[youth]))
    for (strand, t), terms in sorted(_to_be_ported(program).items(), key=lambda item: item[0]):
        stream, platform = problem.streams[strand.stream], strand.platform
        most = stream.target[t] + max(rate for _, rate in terms)
        if problem.open_ended(strand.stream):
            most = max(most, _fed(problem, strand.stream, platform, t))
        ready = [(var, -coefficient) for var, coefficient in _ready(program, stream.software, platform, t)]
        row = [
            *((var, rate / most) for var, rate in terms),
            *ready,
            *((var, -each / most) for var, each in young[strand, t]),
        ]
        program.add(
            "jobs_need_port", row, "<=", 0.0, unit="tokens/s", scale=most, period=t, site=platform, item=stream.id
        )


def _to_be_ported(program: Program) -> "dict[tuple[Strand, int], list[tuple[LpVariable, float]]]":
    """Divisible work on software that has to be ported, by strand and period, at the rates of mature software."""
    problem, work = program.problem, defaultdict(list)
    for (j, h, t), var in program.v.jobs.items():
        job = problem.jobs[j]
        if (problem.streams[job.stream].software, problem.platform_of(job.system)) not in problem.ported:
            work[problem.strand(j, h), t].append((var, job.rate))
    return work


def young_software(program: Program) -> None:
    """F65 Maturity: a port that became ready in r trains at a lower rate, efficiency[r,t], until it is mature.

    young[w,p,r,t] <= sum(port[f(w),p,t'] : ready in r)        (of each site, of each vendor where those count apart)
    young is a share of most[w,p,r,t] tokens/s: what meets the target at that efficiency and one job beyond it, or what
    power feeds if that is less. Demand, goals and floors lose (1 - efficiency[r,t]) most[w,p,r,t] young[w,p,r,t].
    """
    problem = program.problem
    for youth, var in program.v.young.items():
        stream, platform = problem.streams[youth.strand.stream], youth.strand.platform
        ports = [(port, -1.0) for port, _ in _ready_in(program, stream.software, platform, youth.ready)]
        program.add(
            "young_software",
            [(var, 1.0), *ports],
            "<=",
            0.0,
            unit="tokens/s",
            scale=problem.young[youth],
            period=youth.period,
            site=platform,
            item=stream.id,
        )


def _fed(problem: Problem, stream: int, platform: str, t: int) -> float:
    """Tokens/s of a stream on a platform if all power of all halls went to it."""
    best: dict[tuple[int, int], float] = defaultdict(float)
    for j, job in enumerate(problem.jobs):
        if job.stream == stream and problem.platform_of(job.system) == platform:
            for h in problem.job_halls[j]:
                cell = (job.system, h)
                best[cell] = max(best[cell], job.rate * most_jobs(problem, j, h, t) * problem.copies.of_hall(h))
    return sum(best.values())


def runs_need_port(program: Program) -> None:
    """F15 A coherent run on a platform needs its software there when it begins.

    sum_{n on p at t} begin[n] <= ready[f(w),p,t]
    Where software ripens, a begin is one of software that is mature at t, or of software that became ready in some
    period: it takes as long as that needs, and of the ports those that become ready then count.
    """
    problem, v = program.problem, program.v
    starts = defaultdict(list)
    for n, begin in enumerate(problem.begins):
        run, platform = problem.runs[begin.run], problem.platform_of(begin.system)
        if (run.software, platform) not in problem.ported:
            ready_in = -1 if begin.ready is None else begin.ready
            starts[begin.run, platform, begin.period, ready_in].append((v.begin[n], begin.share))
    for (w, platform, t, ready_in), terms in sorted(starts.items()):
        run = problem.runs[w]
        ports = (
            _ready(program, run.software, platform, t)
            if ready_in < 0
            else _ready_in(program, run.software, platform, ready_in)
        )
        ready = [(var, -coefficient) for var, coefficient in ports]
        program.add("runs_need_port", [*terms, *ready], "<=", 0.0, unit="runs", period=t, site=platform, item=run.id)
