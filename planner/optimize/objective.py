"""What can be sought: one function per goal, each a linear quantity of the decisions."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.optimize.loads import metered
from planner.optimize.money import MILLION, fixed, priced
from planner.optimize.output import trained
from planner.optimize.program import Program
from planner.scenario.goals import Goal, GoalName

if TYPE_CHECKING:
    from pulp import LpVariable

DAY = 24.0


@dataclass(frozen=True)
class Aim:
    """A quantity that is sought: (sum of coefficient times variable + constant) times `scale`, in `unit`.

    It is always minimised; `scale` is negative for what should be large.
    """

    name: GoalName
    terms: "tuple[tuple[LpVariable, float], ...]"
    constant: float
    scale: float
    unit: str

    def of(self, minimised: float | None) -> float | None:
        """The quantity in its unit at a value of the minimised expression (constant included)."""
        return None if minimised is None else minimised * self.scale


def net_present_cost(program: Program) -> Aim:
    """Least net present cost, written in millions of the scenario's currency.

    min - sum over decisions and their cash events of amount * discount factor
    """
    problem = program.problem
    terms = tuple((var, problem.cost(events) / MILLION) for var, events in priced(program))
    return Aim("cost", terms, problem.cost(fixed(program)) / MILLION, MILLION, problem.currency)


def most_throughput(program: Program) -> Aim:
    """Most throughput: effective FLOP/s of divisible work, mean over the plan, in PFLOP/s.

    max sum_{j,h,t} flops_{w(j)} rate_j jobs[j,h,t] hours_t / sum_t hours_t
    """
    problem, total = program.problem, sum(period.hours for period in program.problem.calendar)
    flops = problem.goals.stream_flops
    terms = tuple(
        (flow.variable, -(flops[flow.stream] * flow.rate / 1e3) * problem.calendar[flow.period].hours / total)
        for flow in trained(program)
    )
    return Aim("throughput", terms, 0.0, -1.0, "PFLOP/s")


def earliest_completion(program: Program) -> Aim:
    """Earliest completion of the coherent runs: mean of the days from the plan's start to the end of each.

    min sum_n done_n begin[n] / runs + sum_w end missed[w] / runs
    A run that is missed counts as done at the plan's end.
    """
    problem, v = program.problem, program.v
    runs = max(1, len(problem.runs))
    end = (problem.calendar.end - problem.calendar.start).days / runs
    terms = [(var, problem.begins[n].share * problem.goals.done_h[n] / DAY / runs) for n, var in v.begin.items()]
    terms += [(var, end) for var in v.missed.values()]
    return Aim("completion", tuple(terms), 0.0, 1.0, "days")


def least_energy(program: Program) -> Aim:
    """Least energy at the meter over the plan, written in GWh.

    min sum_{i,h,t} kwh[i,h,t] powered[i,h,t] + what else draws
    """
    return Aim("energy", tuple((var, kwh / 1e6) for var, _, _, kwh in metered(program)), 0.0, 1e3, "MWh")


def least_carbon(program: Program) -> Aim:
    """Least carbon: energy at the meter times the carbon factor of the site's grid, written in kt.

    min sum_{i,h,t} carbon[s,t] (kwh[i,h,t] powered[i,h,t] + what else draws)
    """
    problem = program.problem
    factor = {h: problem.sites[hall.site].carbon for h, hall in enumerate(problem.halls)}
    terms = tuple((var, kwh * factor[h][t] / 1e6) for var, h, t, kwh in metered(program))
    return Aim("carbon", terms, 0.0, 1e3, "t")


def least_concentration(program: Program) -> Aim:
    """Least concentration: the part of the compute asked for that the largest vendor's systems deliver.

    min concentration     (F61 holds it above every vendor's part; nothing where no system can work)
    """
    terms = ((program.v.concentration[0], 1.0),) if vendor_compute(program) else ()
    return Aim("concentration", terms, 0.0, 1.0, "share")


def least_shortage(program: Program, level: int | None = None) -> Aim:
    """Least missed demand: mean over the workloads of what is missed, a run whole, a stream its mean share short.

    Of a priority only its workloads count.

    min (sum_w weight_w missed[w] + sum_{w,t} weight_w share_t shortfall[w,t] / demands_w
         + sum_{w,k} weight_w behind[w,k] / demands_w) / sum_w weight_w
    share_t: of the hours in which the workload has a target;   demands_w: its target, if any, and its token budgets.
    """
    problem, v = program.problem, program.v
    runs = {w: row.weight for w, row in enumerate(problem.runs) if level in (None, row.priority)}
    streams = {w: row.weight for w, row in enumerate(problem.streams) if level in (None, row.priority)}
    total = sum(runs.values()) + sum(streams.values()) or 1.0
    terms = [(var, runs[w] / total) for w, var in v.missed.items() if w in runs]
    for w, weight in streams.items():
        stream = problem.streams[w]
        hours = {t: problem.calendar[t].hours for t in problem.horizon if stream.target[t] > 0}
        each = weight / max(1, bool(hours) + len(stream.budgets)) / total
        short = [(v.shortfall[w, t], span / sum(hours.values())) for t, span in hours.items() if (w, t) in v.shortfall]
        late = [(v.behind[w, k], 1.0) for k in range(len(stream.budgets)) if (w, k) in v.behind]
        terms += [(var, share * each) for var, share in (*short, *late)]
    return Aim("shortage", tuple(terms), 0.0, 1.0, "share")


AIMS: Mapping[GoalName, Callable[[Program], Aim]] = {
    "cost": net_present_cost,
    "throughput": most_throughput,
    "completion": earliest_completion,
    "energy": least_energy,
    "carbon": least_carbon,
    "concentration": least_concentration,
    "shortage": least_shortage,
}
"""The function of each goal."""


def aim_of(program: Program, goal: Goal) -> Aim:
    """What a goal minimises."""
    return least_shortage(program, goal.level) if goal.name == "shortage" else AIMS[goal.name](program)


def seek(program: Program, aim: Aim) -> None:
    """Make an aim the objective of a program that has not been handed over yet."""
    from pulp import lpSum_vars_coefs

    program.lp.setObjective(lpSum_vars_coefs(list(aim.terms)) + aim.constant)


def vendor_compute(program: Program) -> "dict[str, list[tuple[LpVariable, float]]]":
    """PFLOP-hours that each vendor's systems deliver, by vendor."""
    problem, v = program.problem, program.v
    found: dict[str, list[tuple[LpVariable, float]]] = defaultdict(list)
    flops = problem.goals.stream_flops
    for flow in trained(program):
        done = flops[flow.stream] * flow.rate / 1e3 * problem.calendar[flow.period].hours
        found[flow.vendor].append((flow.variable, done))
    for n, var in v.begin.items():
        begin = problem.begins[n]
        vendor = problem.systems[begin.system].vendor
        found[vendor].append((var, begin.share * problem.goals.run_tflop[begin.run] / 1e3 / 3600.0))
    return found


def demanded_compute(program: Program) -> float:
    """PFLOP-hours that the targets and the coherent runs ask for."""
    problem, goals = program.problem, program.problem.goals
    streams = sum(
        goals.stream_flops[w] * target * problem.calendar[t].hours / 1e3
        for w, stream in enumerate(problem.streams)
        for t, target in enumerate(stream.target)
    )
    streams += sum(
        goals.stream_flops[w] * max((b.tokens for b in stream.budgets), default=0.0) / 3.6e6
        for w, stream in enumerate(problem.streams)
    )
    return streams + sum(goals.run_tflop) / 1e3 / 3600.0
