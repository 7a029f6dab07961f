"""Caps on energy and carbon."""

from planner.optimize.loads import metered
from planner.optimize.program import Program

SCALES = {"energy": (1e6, "GWh"), "carbon": (1e6, "kt")}
"""What one unit of a row is, in kWh or kg, and its name."""


def energy_and_carbon(program: Program) -> None:
    """F42 Caps: energy at the meter, or its carbon by the grid's factor, in some periods, all sites together.

    sum_{t in span} (sum_{i,h} kwh[i,h,t] powered[i,h,t] + what else draws) (carbon[s,t]) <= cap
    """
    problem = program.problem
    for cap in problem.caps:
        scale, unit = SCALES[cap.kind]
        terms = []
        for var, h, t, kwh in metered(program):
            if t in cap.periods:
                site = problem.sites[problem.halls[h].site]
                terms.append((var, kwh * (site.carbon[t] if cap.kind == "carbon" else 1.0) / scale))
        program.add("energy_and_carbon", terms, "<=", cap.limit / scale, unit=unit, item=f"{cap.kind} {cap.label}")
