"""Caps on energy and carbon."""

from planner.optimize.program import Program

SCALES = {"energy": (1e6, "GWh"), "carbon": (1e6, "kt")}
"""What one unit of a row is, in kWh or kg, and its name."""


def energy_and_carbon(program: Program) -> None:
    """F42 Caps: energy at the meter, or its carbon by the grid's factor, in some periods, all sites together.

    sum_{t in span} sum_{i,h} kwh[i,h,t] powered[i,h,t] (carbon[s,t]) <= cap
    """
    problem, v = program.problem, program.v
    for cap in problem.caps:
        scale, unit = SCALES[cap.kind]
        terms = []
        for (i, h, t), var in v.powered.items():
            if t in cap.periods:
                site = problem.sites[problem.halls[h].site]
                terms.append((var, problem.energy[i, h, t] * (site.carbon[t] if cap.kind == "carbon" else 1.0) / scale))
        program.add("energy_and_carbon", terms, "<=", cap.limit / scale, unit=unit, item=f"{cap.kind} {cap.label}")
