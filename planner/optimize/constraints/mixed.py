"""Coherent runs on two kinds of system."""

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
            parts[begin.run, begin.hall, begin.period, both].append(v.begin[n])
    for (w, h, t, _), (one, other) in parts.items():
        hall, run = problem.halls[h].id, problem.runs[w].id
        program.add("mixed_runs", [(one, 1.0), (other, -1.0)], "==", 0.0, unit="runs", period=t, site=hall, item=run)
