"""Jobs and coherent runs on two kinds of system."""

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable

    Terms = list[tuple[LpVariable, float]]


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


def both_at_once(program: Program) -> "dict[tuple[int, int], list[Terms]]":
    """kW of IT load by hall and period of every run that may be on two kinds of system there, on both at one moment."""
    problem, v = program.problem, program.v
    runs: dict[tuple[int, int, int], Terms] = defaultdict(list)
    for n, begin in enumerate(problem.begins):
        if begin.beside is not None:
            kw = begin.units * problem.draw_kw(begin.system, begin.hall)
            for t, _ in begin.occupancy:
                runs[begin.hall, t, begin.run].append((v.begin[n], kw))
    found: dict[tuple[int, int], list[Terms]] = defaultdict(list)
    for (h, t, _), terms in sorted(runs.items()):
        found[h, t].append(terms)
    return found
