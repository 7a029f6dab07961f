"""Limits on what could also be sought."""

from planner.optimize.objective import AIMS, demanded_compute, vendor_compute
from planner.optimize.program import Program, Sense

CAP_UNIT = {"throughput": 1e-3, "completion": 1.0 / 24.0}
"""Factor from the unit of the problem's caps to that of the aim: TFLOP/s to PFLOP/s, hours to days."""


def goal_caps(program: Program) -> None:
    """F60 Caps: a quantity that could be sought stays within what the scenario allows; throughput stays above it.

    quantity(decisions) <= cap        (throughput: >=)
    """
    for name, stated in sorted(program.problem.goals.caps.items()):
        aim = AIMS[name](program)
        cap = stated * CAP_UNIT.get(name, 1.0)
        rhs = cap / aim.scale - aim.constant
        sign: float = -1.0 if aim.scale < 0 else 1.0
        row = [(var, sign * coefficient) for var, coefficient in aim.terms]
        sense: Sense = ">=" if aim.scale < 0 else "<="
        program.add("goal_caps", row, sense, sign * rhs, unit=aim.unit, scale=abs(aim.scale), item=name)


def vendor_share(program: Program) -> None:
    """F61 Concentration: no vendor's systems deliver a larger part of the compute asked for.

    sum over jobs and begins on systems of vendor v of their FLOPs <= concentration * FLOPs of all targets and runs
    Delivering more than is asked for lowers no vendor's part.
    """
    if not program.v.concentration:
        return
    demand = demanded_compute(program)
    for vendor, terms in sorted(vendor_compute(program).items()):
        row = [*((var, c / demand) for var, c in terms), (program.v.concentration[0], -1.0)]
        program.add("vendor_share", row, "<=", 0.0, unit="share", item=vendor)
