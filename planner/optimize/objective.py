"""What is minimised."""

from planner.optimize.constraints.budget import MILLION
from planner.optimize.money import fixed, priced
from planner.optimize.program import Program


def net_present_cost(program: Program) -> None:
    """Least net present cost, in millions of the scenario's currency.

    min - sum over decisions and their cash events of amount * discount factor
    """
    from pulp import lpSum_vars_coefs

    problem = program.problem
    terms = [(var, problem.cost(events) / MILLION) for var, events in priced(program)]
    constant = problem.cost(fixed(program)) / MILLION
    program.lp.setObjective(lpSum_vars_coefs(terms) + constant)


def least_shortage(program: Program) -> None:
    """Least missed demand, for a scenario that cannot be met: every run missed counts one, every stream
    its mean share short.
    """
    from pulp import lpSum_vars_coefs

    problem, v = program.problem, program.v
    demanded = {w: sum(target > 0 for target in stream.target) for w, stream in enumerate(problem.streams)}
    terms = [(var, 1.0) for var in v.missed.values()]
    terms += [(var, 1.0 / demanded[w]) for (w, _), var in v.shortfall.items()]
    program.lp.setObjective(lpSum_vars_coefs(terms))
