"""What else is asked of work: runs that start together, tokens by a day, compute at some sites."""

from collections import defaultdict
from functools import partial
from itertools import pairwise

from planner.optimize.output import trained
from planner.optimize.program import Program


def runs_together(program: Program) -> None:
    """F62 Together: runs that start together begin in the same period.

    sum_{n of w in t} begin[n] = sum_{n of w' in t} begin[n]   for runs w, w' next to each other in their group
    """
    problem, v = program.problem, program.v
    ways = defaultdict(list)
    for n, begin in enumerate(problem.begins):
        ways[begin.run, begin.period].append((v.begin[n], begin.share))
    groups = defaultdict(list)
    for w, run in enumerate(problem.runs):
        if run.group is not None:
            groups[run.group].append(w)
    for group, runs in sorted(groups.items()):
        for one, other in pairwise(runs):
            for t in problem.horizon:
                terms = [*ways[one, t], *((var, -share) for var, share in ways[other, t])]
                program.add("runs_together", terms, "==", 0.0, unit="runs", period=t, item=group)


def token_budget(program: Program) -> None:
    """F63 Tokens: divisible work has trained its tokens by the end of a period, or falls behind at a stated price.

    sum_{t<=last} sum_{j,h} rate_j hours_t 3600 jobs[j,h,t] + tokens behind[w,k] >= tokens
    Written as a share of the tokens, less what young software loses (F65).
    """
    problem, v = program.problem, program.v
    for w, stream in enumerate(problem.streams):
        for k, budget in enumerate(stream.budgets):
            terms = [
                (flow.variable, flow.rate * problem.calendar[flow.period].hours * 3600.0 / budget.tokens)
                for flow in trained(program)
                if flow.stream == w and flow.period <= budget.last
            ]
            if (w, k) in v.behind:
                terms.append((v.behind[w, k], 1.0))
            add = partial(program.add, "token_budget", period=budget.last, item=stream.id)
            add(terms, ">=", 1.0, unit="tokens", scale=budget.tokens)


def least_compute(program: Program) -> None:
    """F64 Floor: work at some sites reaches its least effective FLOP/s, mean of the period.

    sum_{j,h in sites} flops_j rate_j jobs[j,h,t] + sum_{n in sites} occupancy_n(t) flops_n rate_n begin[n] >= floor[t]
    """
    problem, v, goals = program.problem, program.v, program.problem.goals
    for floor in problem.floors:
        terms = defaultdict(list)
        for flow in trained(program):
            if flow.site in floor.sites:
                terms[flow.period].append((flow.variable, goals.stream_flops[flow.stream] * flow.rate))
        for n, begin in enumerate(problem.begins):
            if problem.halls[begin.hall].site in floor.sites:
                for t, share in begin.occupancy:
                    terms[t].append((v.begin[n], share * goals.run_flops[begin.run] * begin.rate))
        for t, least in enumerate(floor.tflops):
            if least > 0:
                row = [(var, each / least) for var, each in terms[t]]
                add = partial(program.add, "least_compute", period=t, item=floor.label)
                add(row, ">=", 1.0, unit="TFLOP/s", scale=least)
