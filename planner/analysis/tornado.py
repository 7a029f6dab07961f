"""How far each uncertain fact moves the cost, one at a time."""

from collections.abc import Iterable
from typing import Any

from planner.analysis.answer import Answer


def tornado(answers: Iterable[Answer], base: Answer | None) -> list[dict[str, Any]]:
    """One row per fact: cost at its low and high side, less the base's; the widest swing first.

    `certain` says whether the swing is more than the gaps of the plans leave open.
    """
    sides: dict[tuple[str, str], dict[str, Answer]] = {}
    for found in answers:
        if found.kind == "tornado":
            sides.setdefault((found.study, str(found.coordinates["fact"])), {})[str(found.coordinates["side"])] = found
    rows = [_row(study, fact, both, base) for (study, fact), both in sides.items()]
    return sorted(rows, key=lambda row: (row["study"], -(row["swing"] or 0.0), row["fact"]))


def _row(study: str, fact: str, both: dict[str, Answer], base: Answer | None) -> dict[str, Any]:
    middle = base.objective if base is not None else None
    cost = {side: found.objective for side, found in both.items()}
    known = [value for value in (*cost.values(), middle) if value is not None]
    bounds = [found.bound for found in both.values() if found.bound is not None]
    bounds += [base.bound] if base is not None and base.bound is not None else []
    swing = max(known) - min(known) if len(known) > 1 else None
    return {
        "study": study,
        "fact": fact,
        "unit": next(iter(both.values())).coordinates["unit"],
        "low": both["low"].coordinates["value"] if "low" in both else None,
        "high": both["high"].coordinates["value"] if "high" in both else None,
        "cost_low": cost.get("low"),
        "cost_high": cost.get("high"),
        "difference_low": _less(cost.get("low"), middle),
        "difference_high": _less(cost.get("high"), middle),
        "swing": swing,
        "certain": bool(known) and bool(bounds) and max(bounds) > min(known),
        "status_low": both["low"].status if "low" in both else None,
        "status_high": both["high"].status if "high" in both else None,
    }


def _less(here: float | None, there: float | None) -> float | None:
    return None if here is None or there is None else here - there
