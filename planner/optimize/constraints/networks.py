"""Scale-out networks that halls buy: ports for what stands there, and for work that reaches far."""

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from planner.optimize.program import Program
from planner.optimize.variables import most_jobs
from planner.problem.networks import NetworkRow

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


def _bought(program: Program, n: int, k: int, t: int) -> "Terms":
    """Ports raised to a level that are in use by t, beyond those that were there at the start."""
    ready = program.problem.networks[n].levels[k].ready
    return [(program.v.attach[n, k, u], 1.0) for u, at in ready.items() if at <= t]


def ports_attached(program: Program) -> None:
    """F50 Ports: all accelerators in service that need one have a port of their hall's network.

    sum_i g_i (fleet[i,h,t] - failed[i,h,t]) <= installed[h,1] + sum(attach[h,1,u] : in use by t)    for i that attach
    """
    problem, v = program.problem, program.v
    standing = defaultdict(list)
    for (i, h, t), var in v.fleet.items():
        standing[h, t].append((i, var, 1.0))
        if (i, h, t) in v.failed:
            standing[h, t].append((i, v.failed[i, h, t], -1.0))
    for n, row in enumerate(problem.networks):
        site = problem.halls[row.hall].id
        for t in problem.horizon:
            there = [
                (var, sign * problem.systems[i].accelerators)
                for i, var, sign in standing[row.hall, t]
                if i in row.attached
            ]
            ports = [(var, -c) for var, c in _bought(program, n, 0, t)]
            limit = float(row.levels[0].installed)
            program.add("ports_attached", [*there, *ports], "<=", limit, unit="accelerators", period=t, site=site)


def ports_nested(program: Program) -> None:
    """F51 Ladder: a port of a farther network is one of each nearer network too.

    installed[h,k] + sum(attach[h,k,u] : in use by t) <= installed[h,k-1] + sum(attach[h,k-1,u] : in use by t)
    """
    problem = program.problem
    for n, row in enumerate(problem.networks):
        site = problem.halls[row.hall].id
        for k in range(1, len(row.levels)):
            room = float(row.levels[k - 1].installed - row.levels[k].installed)
            for t in problem.horizon:
                terms = [*_bought(program, n, k, t), *((var, -c) for var, c in _bought(program, n, k - 1, t))]
                add = partial(program.add, "ports_nested", period=t, site=site, item=row.levels[k].offer)
                add(terms, "<=", room, unit="accelerators")


def ports_reach(program: Program) -> None:
    """F52 Reach: work over a network has ports of it, or of a farther one; jobs and runs have theirs at once.

    sum_{jobs over k or farther} g units_j jobs[j,h,t] + sum_{n likewise} occupancy_n(t) g units_n begin[n]
        <= ports[h,k,t] = installed[h,k] + sum(attach[h,k,u] : in use by t)
    g units_j running[j,h,t] <= ports[h,k,t]        sum_{n likewise that run in t} g units_n begin[n] <= ports[h,k,t]
    For jobs of one system: jobs[j,h,t] <= most[j,h,t] wired[j,h,t],   g wired[j,h,t] <= ports[h,k,t]
    The nearest network is left to F50.
    """
    problem, v = program.problem, program.v
    for (j, h, t), wired in v.wired.items():
        most, site = most_jobs(problem, j, h, t) or 1.0, problem.halls[h].id
        terms = [(v.jobs[j, h, t], 1.0 / most), (wired, -1.0)]
        item = f"{problem.streams[problem.jobs[j].stream].id} over {problem.jobs[j].network}"
        program.add("ports_reach", terms, "<=", 0.0, unit="jobs", scale=most, period=t, site=site, item=item)
    for n, row in enumerate(problem.networks):
        site = problem.halls[row.hall].id
        mean, pieces = _over(program, row)
        for k in range(1, len(row.levels)):
            level = row.levels[k]
            for t in problem.horizon:
                ports = [(var, -c) for var, c in _bought(program, n, k, t)]
                groups = [mean[k, t], *(terms for _, terms in sorted(pieces[k, t].items()))]
                add = partial(program.add, "ports_reach", period=t, site=site, item=level.offer)
                for terms in groups:
                    if terms:
                        add([*terms, *ports], "<=", float(level.installed), unit="accelerators")


def _over(
    program: Program, row: NetworkRow
) -> "tuple[dict[tuple[int, int], Terms], dict[tuple[int, int], dict[tuple[str, int], Terms]]]":
    """Accelerators at work over each level or a farther one: on average, of single jobs, and of all runs."""
    problem, v = program.problem, program.v
    mean: dict[tuple[int, int], Terms] = defaultdict(list)
    pieces: dict[tuple[int, int], dict[tuple[str, int], Terms]] = defaultdict(lambda: defaultdict(list))
    for (j, h, t), var in v.jobs.items():
        job = problem.jobs[j]
        size = float(job.units * problem.systems[job.system].accelerators)
        if h == row.hall and job.network is not None:
            for k in range(1, row.rank(job.network) + 1):
                mean[k, t].append((var, size))
                whole = (v.running if (j, h, t) in v.running else v.wired)[j, h, t]
                pieces[k, t]["job", problem.partner.get(j, j)].append((whole, size))
    for n, begin in enumerate(problem.begins):
        if begin.hall == row.hall and begin.network is not None:
            size = float(begin.units * problem.systems[begin.system].accelerators)
            for k in range(1, row.rank(begin.network) + 1):
                for t, share in begin.occupancy:
                    mean[k, t].append((v.begin[n], share * size))
                    pieces[k, t]["runs", 0].append((v.begin[n], size))
    return mean, pieces
