"""Work runs on what is switched on, and meets what is asked."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.constraints.rent import in_service, switched_on
from planner.optimize.output import trained
from planner.optimize.program import Program
from planner.optimize.variables import most_jobs

if TYPE_CHECKING:
    from pulp import LpVariable


def work_within_powered(program: Program) -> None:
    """F9 Use: jobs and coherent runs occupy systems that are on, in the same hall.

    sum_j units_j jobs[j,h,t] + sum_n occupancy_n(t) units_n begin[n] <= powered[i,h,t]
    """
    problem, v = program.problem, program.v
    used = defaultdict(list)
    for (j, h, t), var in v.jobs.items():
        job = problem.jobs[j]
        used[job.system, h, t].append((var, float(job.units)))
    for n, begin in enumerate(problem.begins):
        for t, share in begin.occupancy:
            used[begin.system, begin.hall, t].append((v.begin[n], share * begin.units))
    for (i, h, t), terms in sorted(used.items()):
        item, hall = problem.systems[i].id, problem.halls[h].id
        row = [*terms, *switched_on(program, i, h, t, -1.0)]
        program.add("work_within_powered", row, "<=", 0.0, unit="systems", period=t, site=hall, item=item)


def overlapping(program: Program) -> "dict[tuple[int, int, int], list[tuple[LpVariable, float]]]":
    """(i, h, t) -> systems of all coherent runs there in a period, at whose start they overlap."""
    needs = defaultdict(list)
    for n, begin in enumerate(program.problem.begins):
        for t, _ in begin.occupancy:
            needs[begin.system, begin.hall, t].append((program.v.begin[n], float(begin.units)))
    return needs


def useful_jobs(program: Program) -> None:
    """F10 Least job: divisible work in a hall needs as many systems there as its least useful job takes.

    jobs[j,h,t] <= most[j,h,t] running[j,h,t],   units_j running[j,h,t] <= fleet[i,h,t]
    most: what the power of hall and site feeds.
    Jobs are averages over the period: 0.4 is one job for two fifths of it, 2.5 are two larger jobs or three in turn.
    """
    problem, v = program.problem, program.v
    for (j, h, t), running in v.running.items():
        job, hall = problem.jobs[j], problem.halls[h].id
        item = f"{problem.streams[job.stream].id} on {problem.systems[job.system].id}"
        most = most_jobs(problem, j, h, t)
        row = [(v.jobs[j, h, t], 1.0 / most), (running, -1.0)]
        program.add("useful_jobs", row, "<=", 0.0, unit="jobs", scale=most, period=t, site=hall, item=item)
        needs = [(running, float(job.units)), *in_service(program, job.system, h, t, -1.0)]
        program.add("useful_jobs", needs, "<=", 0.0, unit="systems", period=t, site=hall, item=item)


def runs_held(program: Program) -> None:
    """F10b Whole clusters: coherent runs have all their systems in service in every period in which they run.

    sum_{n in h that run in t} units_n begin[n] <= fleet[i,h,t]
    Runs begin with a period, so those of one period overlap at its start and share no system. Their occupancy alone
    would let two short ones share, and the last, shorter period of one do with fewer.
    """
    for (i, h, t), terms in sorted(overlapping(program).items()):
        item, hall = program.problem.systems[i].id, program.problem.halls[h].id
        row = [*terms, *in_service(program, i, h, t, -1.0)]
        program.add("runs_held", row, "<=", 0.0, unit="systems", period=t, site=hall, item=item)


def stream_target(program: Program) -> None:
    """F11 Demand: jobs of a divisible workload sustain its target, or fall short at a stated price.

    sum_{j,h} rate_j jobs[j,h,t] - what young software loses + target[w,t] shortfall[w,t] >= target[w,t]
    Written as a share of the target; what is lost: F65.
    """
    problem, v = program.problem, program.v
    delivered = defaultdict(list)
    for flow in trained(program):
        delivered[flow.stream, flow.period].append((flow.variable, flow.rate))
    for w, stream in enumerate(problem.streams):
        for t in problem.horizon:
            target = stream.target[t]
            if target <= 0:
                continue
            terms = [(var, rate / target) for var, rate in delivered[w, t]]
            if (w, t) in v.shortfall:
                terms.append((v.shortfall[w, t], 1.0))
            program.add("stream_target", terms, ">=", 1.0, unit="tokens/s", scale=target, period=t, item=stream.id)


def run_once(program: Program) -> None:
    """F12 Coherence: each coherent run begins exactly once, in one hall, or is missed at a stated price.

    sum_n share_n begin[n] + missed[w] = 1        (share: F67, else one)
    """
    problem, v = program.problem, program.v
    ways = defaultdict(list)
    for n, begin in enumerate(problem.begins):
        ways[begin.run].append((v.begin[n], begin.share))
    for w, run in enumerate(problem.runs):
        terms = list(ways[w])
        if w in v.missed:
            terms.append((v.missed[w], 1.0))
        program.add("run_once", terms, "==", 1.0, unit="runs", item=run.id)
