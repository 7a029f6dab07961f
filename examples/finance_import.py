"""A plan in a finance model: five lines to import it, three plans compared, sensitivity to the discount rate and FX.

python examples/finance_import.py [SCENARIO]
"""

import sys
from pathlib import Path

import planner

SCENARIO = Path(__file__).parent / "hyperscaler-cn.yaml"


def load(path: Path) -> dict[str, object]:
    """The five lines: solve, take the cash flow, discount it."""
    plan = planner.solve(planner.load_scenario(path), planner.Options(counterfactuals=False))
    cash = planner.cashflow(plan)
    by_period = cash.groupby("period")["amount"].sum()
    npv = (cash["amount"] * cash["discount_factor"]).sum()
    assert abs(npv + plan.objective) < 0.01
    return {"plan": plan, "cash": cash, "by_period": by_period, "npv": npv}


def main(path: Path) -> None:
    """Print three plans, and the first under other discount and exchange rates."""
    base = planner.load_scenario(path)
    options = planner.Options(counterfactuals=False)
    cases = {
        "as stated": base,
        "paid at once": base.replace(finance=base.finance.model_copy(update={"deposit": 1.0})),
        "high prices": base.replace(values="high"),
    }
    for name, scenario in cases.items():
        plan = planner.solve(scenario, options)
        figures = planner.metrics(plan).set_index("metric")["value"]
        print(f"{name:14s} cost {figures['net_present_cost']:16,.0f}  LCOC {figures['lcoc']:12,.2f} {plan.currency}")

    found = load(path)
    plan, cash = found["plan"], found["cash"]
    assert isinstance(plan, planner.Plan)
    start = plan.problem.calendar.start
    for rate in (0.06, 0.08, 0.10, 0.12):
        years = (cash["date"].dt.year - start.year) + (cash["date"].dt.month - start.month) / 12
        print(
            f"discount rate {rate:.0%}: {-(cash['amount'] / (1 + rate) ** years).sum():16,.0f}  (decisions unchanged)"
        )
    reporting = plan.scenario.finance.reported_in()
    if reporting is not None:
        column = f"fx_{plan.currency.lower()}_per_{reporting.lower()}"
        for move in (-0.1, 0.0, 0.1):
            worth = (cash["pv_" + plan.currency.lower()] / (cash[column] * (1 + move))).sum()
            print(f"{reporting} {move:+.0%}: {-worth:16,.0f} {reporting}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SCENARIO)
