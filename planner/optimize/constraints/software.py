"""Software has to be ported to a platform before it runs there."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.program import Program
from planner.optimize.variables import most_jobs
from planner.problem.arrays import Problem

if TYPE_CHECKING:
    from pulp import LpVariable


def port_once(program: Program) -> None:
    """F13 Porting: a software family is ported to a platform at most once.   sum_t port[f,p,t] <= 1"""
    v = program.v
    ports = defaultdict(list)
    for (family, platform, _), var in v.port.items():
        ports[family, platform].append((var, 1.0))
    for (family, platform), terms in sorted(ports.items()):
        program.add("port_once", terms, "<=", 1.0, unit="ports", site=platform, item=family)


def _ready(program: Program, family: str, platform: str, period: int) -> "list[tuple[LpVariable, float]]":
    """Ports of the family to the platform that are ready by a period."""
    return [
        (program.v.port[family, platform, t], 1.0)
        for (f, p, t), ready in sorted(program.problem.ports.items())
        if (f, p) == (family, platform) and ready <= period
    ]


def jobs_need_port(program: Program) -> None:
    """F14 Divisible work on a platform needs its software there.

    sum_{j on p,h} rate_j jobs[j,h,t] <= (target[w,t] + max_j rate_j) ready[f(w),p,t]
    More than the target and one job beyond it is never of use, so nothing is cut off; where throughput is sought or
    has a floor, or tokens are asked for by a day, what the power of halls and sites feeds takes the place of that sum.
    """
    problem, v = program.problem, program.v
    work = defaultdict(list)
    for (j, _, t), var in v.jobs.items():
        job = problem.jobs[j]
        stream, platform = problem.streams[job.stream], problem.platform_of(job.system)
        if (stream.software, platform) not in problem.ported:
            work[job.stream, platform, t].append((var, job.rate))
    for (w, platform, t), terms in sorted(work.items()):
        stream = problem.streams[w]
        most = stream.target[t] + max(rate for _, rate in terms)
        if problem.open_ended(w):
            most = max(most, _fed(problem, w, platform, t))
        ready = [(var, -coefficient) for var, coefficient in _ready(program, stream.software, platform, t)]
        row = [*((var, rate / most) for var, rate in terms), *ready]
        program.add(
            "jobs_need_port", row, "<=", 0.0, unit="tokens/s", scale=most, period=t, site=platform, item=stream.id
        )


def _fed(problem: Problem, stream: int, platform: str, t: int) -> float:
    """Tokens/s of a stream on a platform if all power of all halls went to it."""
    best: dict[tuple[int, int], float] = defaultdict(float)
    for j, job in enumerate(problem.jobs):
        if job.stream == stream and problem.platform_of(job.system) == platform:
            for h in problem.job_halls[j]:
                cell = (job.system, h)
                best[cell] = max(best[cell], job.rate * most_jobs(problem, j, h, t))
    return sum(best.values())


def runs_need_port(program: Program) -> None:
    """F15 A coherent run on a platform needs its software there when it begins.

    sum_{n on p at t} begin[n] <= ready[f(w),p,t]
    """
    problem, v = program.problem, program.v
    starts = defaultdict(list)
    for n, begin in enumerate(problem.begins):
        run, platform = problem.runs[begin.run], problem.platform_of(begin.system)
        if (run.software, platform) not in problem.ported:
            starts[begin.run, platform, begin.period].append((v.begin[n], 1.0))
    for (w, platform, t), terms in sorted(starts.items()):
        run = problem.runs[w]
        ready = [(var, -coefficient) for var, coefficient in _ready(program, run.software, platform, t)]
        program.add("runs_need_port", [*terms, *ready], "<=", 0.0, unit="runs", period=t, site=platform, item=run.id)
