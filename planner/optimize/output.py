"""What divisible work trains, column by column: jobs, less what software that is not mature yet loses of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from planner.optimize.program import Program

if TYPE_CHECKING:
    from pulp import LpVariable


class Flow(NamedTuple):
    """Tokens/s that one unit of a column adds; site and vendor as far as something counts by them."""

    stream: int
    site: int
    vendor: str
    period: int
    variable: "LpVariable"
    rate: float


def trained(program: Program) -> Iterator[Flow]:
    """Tokens/s of all jobs at the rates of mature software, and what young software loses of them (F65)."""
    problem = program.problem
    for (j, h, t), var in program.v.jobs.items():
        job = problem.jobs[j]
        yield Flow(job.stream, problem.halls[h].site, problem.systems[job.system].vendor, t, var, job.rate)
    for youth, var in program.v.young.items():
        lost = (1.0 - problem.efficiency(youth.ready, youth.period)) * problem.young[youth]
        yield Flow(youth.strand.stream, youth.strand.site, youth.strand.vendor, youth.period, var, -lost)
