"""What random draws say: quantiles of cost, how often there is a plan, and which variable drives the cost."""

from collections.abc import Iterable
from typing import Any

from planner.analysis.answer import Answer

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def draws(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """One row per sample and quantity: runs, feasible ones, cost quantiles; the rank correlation of each variable.

    Quantiles are over the draws that have a plan.
    """
    studies: dict[str, list[Answer]] = {}
    for found in answers:
        if found.kind == "draw" and (found.plan is not None or found.status != "interrupted"):
            studies.setdefault(found.study, []).append(found)
    return [row for study, found in studies.items() for row in _told(study, found)]


def _told(study: str, found: list[Answer]) -> list[dict[str, Any]]:
    import numpy as np

    costs = [answer.objective for answer in found if answer.objective is not None]
    rows = [_row(study, "runs", len(found)), _row(study, "share with a plan", len(costs) / len(found))]
    if not costs:
        return rows
    rows.append(_row(study, "mean cost", float(np.mean(costs))))
    rows.append(_row(study, "standard deviation of cost", float(np.std(costs, ddof=1)) if len(costs) > 1 else None))
    for share, value in zip(QUANTILES, np.quantile(costs, QUANTILES), strict=True):
        rows.append(_row(study, f"cost, {share:.0%} quantile", float(value)))
    return rows + [_row(study, f"rank correlation of cost with {name}", value) for name, value in _drivers(found)]


def _drivers(found: list[Answer]) -> list[tuple[str, float]]:
    """Spearman's coefficient of cost with every variable of numbers, the strongest first."""
    from scipy.stats import spearmanr

    solved = [answer for answer in found if answer.objective is not None]
    costs = [answer.objective for answer in solved if answer.objective is not None]
    result = []
    for name in solved[0].coordinates:
        read = [_number(answer.coordinates[name]) for answer in solved]
        values = [value for value in read if value is not None]
        if len(values) < len(read) or len(set(values)) < 2 or len(set(costs)) < 2:
            continue
        result.append((name, float(spearmanr(values, costs).statistic)))
    return sorted(result, key=lambda pair: -abs(pair[1]))


def _number(value: Any) -> float | None:
    """A drawn value as a number: a quantity without its unit, a day as its number."""
    from datetime import date

    from planner.units import UnitError
    from planner.units.quantity import split

    try:
        return split(value, "value", "1")[0]
    except UnitError:
        pass
    try:
        return float(date.fromisoformat(str(value)).toordinal())
    except ValueError:
        return None


def _row(study: str, quantity: str, value: float | None) -> dict[str, Any]:
    return {"study": study, "quantity": quantity, "value": value}
