"""The plan's tables one by one, for models that import them: `planner.cashflow(plan)` and its fellows.

Every function gives a fresh DataFrame with the columns of docs/columns.md; `frame.attrs` carries units and currency.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from planner.plan.plan import Plan


def builds(plan: "Plan") -> "DataFrame":
    """One row per order."""
    return _frame(plan, "builds")


def fleet(plan: "Plan") -> "DataFrame":
    """One row per period, hall and system in service."""
    return _frame(plan, "fleet")


def sites(plan: "Plan") -> "DataFrame":
    """One row per period and hall."""
    return _frame(plan, "sites")


def cashflow(plan: "Plan", *, tax: bool = False) -> "DataFrame":
    """One row per dated amount, money paid out negative; with `tax`, tax and its reliefs as rows of their own.

    The sum of `amount * discount_factor` is the metric `npv`, with `tax` the metric `npv_after_tax`.
    """
    found = _frame(plan, "cashflow")
    if not tax:
        return found
    import pandas as pd

    from planner.finance.statements import statements
    from planner.plan.frames import frame

    rows = statements(plan).tax_records()
    joined = pd.concat([found, frame("cashflow", rows, plan.scenario)], ignore_index=True)
    joined.attrs.update(found.attrs)
    return joined.sort_values(["k", "line", "item", "site"], kind="stable", ignore_index=True)


def constraints(plan: "Plan") -> "DataFrame":
    """One row per limit and period."""
    return _frame(plan, "constraints")


def targets(plan: "Plan") -> "DataFrame":
    """One row per target and period."""
    return _frame(plan, "targets")


def metrics(plan: "Plan") -> "DataFrame":
    """One row per figure: those of the plan, then those of its finances."""
    from planner.finance.metrics import finance_metrics
    from planner.plan.frames import frame

    return frame("metrics", [*plan.tables["metrics"], *finance_metrics(plan)], plan.scenario)


def inputs(plan: "Plan") -> "DataFrame":
    """One row per fact, assumption and parameter used."""
    return _frame(plan, "inputs")


def _frame(plan: "Plan", name: str) -> "DataFrame":
    from planner.plan.frames import frame

    return frame(name, plan.tables[name], plan.scenario)
