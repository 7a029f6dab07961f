"""Hardware-substitution capacity planner: which AI clusters to build, where and when, when the chips
you wanted are barred.

Everything public is named in `__all__` and imported on first use, so that `import planner` is cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from planner.analysis.beside import Beside, compare
    from planner.analysis.replay import replay
    from planner.analysis.store import load_runs
    from planner.analysis.whatif import WhatIfs, run_whatifs
    from planner.catalog.load import Catalog, load_catalog
    from planner.errors import InfeasibleError, InputError, NoPlanError, PlannerError
    from planner.explain.diff import diff as diff_plans
    from planner.explain.explanation import explain as explain_plan
    from planner.explain.substitute import Substitution, substitute
    from planner.finance.frames import builds, cashflow, constraints, fleet, inputs, metrics, sites, targets
    from planner.plan.plan import Plan
    from planner.plan.solve import Options, solve
    from planner.scenario.load import load_scenario
    from planner.scenario.model import Scenario
    from planner.throughput.estimate import estimate as estimate_throughput

_WHERE = {
    "Beside": "planner.analysis.beside",
    "compare": "planner.analysis.beside",
    "WhatIfs": "planner.analysis.whatif",
    "replay": "planner.analysis.replay",
    "load_runs": "planner.analysis.store",
    "run_whatifs": "planner.analysis.whatif",
    "Catalog": "planner.catalog.load",
    "load_catalog": "planner.catalog.load",
    "diff_plans": "planner.explain.diff:diff",
    "explain_plan": "planner.explain.explanation:explain",
    "Substitution": "planner.explain.substitute",
    "substitute": "planner.explain.substitute",
    "InfeasibleError": "planner.errors",
    "InputError": "planner.errors",
    "NoPlanError": "planner.errors",
    "PlannerError": "planner.errors",
    **dict.fromkeys(
        ("builds", "cashflow", "constraints", "fleet", "inputs", "metrics", "sites", "targets"),
        "planner.finance.frames",
    ),
    "Plan": "planner.plan.plan",
    "Options": "planner.plan.solve",
    "solve": "planner.plan.solve",
    "Scenario": "planner.scenario.model",
    "load_scenario": "planner.scenario.load",
    "estimate_throughput": "planner.throughput.estimate:estimate",
}
"""Module of each name, and after a colon what it is called there, if otherwise."""

__all__ = [
    "Beside",
    "Catalog",
    "InfeasibleError",
    "InputError",
    "NoPlanError",
    "Options",
    "Plan",
    "PlannerError",
    "Scenario",
    "Substitution",
    "WhatIfs",
    "builds",
    "cashflow",
    "compare",
    "constraints",
    "diff_plans",
    "estimate_throughput",
    "explain_plan",
    "fleet",
    "inputs",
    "load_catalog",
    "load_runs",
    "load_scenario",
    "metrics",
    "replay",
    "run_whatifs",
    "sites",
    "solve",
    "substitute",
    "targets",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'planner' has no attribute {name!r}")
    module, _, inner = _WHERE[name].partition(":")
    return getattr(import_module(module), inner or name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
