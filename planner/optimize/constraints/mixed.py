"""Jobs and coherent runs on two kinds of system."""

from collections import defaultdict

from planner.optimize.program import Program


def mixed_runs(program: Program) -> None:
    """F67 Mixed runs: both parts of a run on two kinds of system begin, or neither.

    begin[n] = begin[n']        for the two parts of one way to do a run
    Each part takes its own systems, ports and power in all other rows, and is `share` of the run.
    """
    problem, v = program.problem, program.v
    parts = defaultdict(list)
    for n, begin in enumerate(problem.begins):
        if begin.beside is not None:
            both = frozenset({(begin.system, begin.units), begin.beside})
            parts[begin.run, begin.hall, begin.period, begin.network, both].append(v.begin[n])
    for (w, h, t, _, _), (one, other) in parts.items():
        hall, run = problem.halls[h].id, problem.runs[w].id
        program.add("mixed_runs", [(one, 1.0), (other, -1.0)], "==", 0.0, unit="runs", period=t, site=hall, item=run)


def mixed_jobs(program: Program) -> None:
    """F68 Mixed jobs: as many jobs run on one kind of system as on the other with which they are one.

    jobs[j,h,t] = jobs[j',h,t],   running[j,h,t] = running[j',h,t]        for the two parts of a job
    """
    problem, v = program.problem, program.v
    for (j, h, t), running in v.running.items():
        first = problem.partner.get(j, j)
        if first != j:
            hall, item = problem.halls[h].id, problem.streams[problem.jobs[j].stream].id
            for one, other in ((v.jobs[j, h, t], v.jobs[first, h, t]), (running, v.running[first, h, t])):
                row = [(one, 1.0), (other, -1.0)]
                program.add("mixed_jobs", row, "==", 0.0, unit="jobs", period=t, site=hall, item=item)
