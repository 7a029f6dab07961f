"""Decisions that several plans share: what can be done now whatever comes."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from planner.analysis.compare import Saved


def no_regret(plans: Sequence[tuple[str, Saved]]) -> list[dict[str, Any]]:
    """One row per decision: how much of it all plans do, and how much the plan that does most of it does.

    Orders are counted to the end of each period, so that the same systems ordered a period later are no difference
    from then on; a row stands for what all plans have ordered by then beyond what all had before.
    `count` systems (or 1 for orders taken, runs and ports) are common to all plans; empty without two plans.
    """
    if len(plans) < 2:
        return []
    counts = [_decisions(plan) for _, plan in plans]
    every = sorted({key for found in counts for key in found})
    rows = []
    for what, item, period in every:
        amounts = [found[what, item, period] for found in counts]
        if what == "order":
            continue
        if min(amounts) > 0:
            rows.append(_row(what, item, period, min(amounts), max(amounts), len(plans)))
    return _orders(counts, len(plans)) + rows


def _orders(counts: Sequence[Counter[tuple[str, str, str]]], plans: int) -> list[dict[str, Any]]:
    """Orders that all plans have placed by the end of a period."""
    systems = sorted({item for found in counts for what, item, _ in found if what == "order"})
    rows = []
    for system in systems:
        periods = sorted({p for found in counts for what, item, p in found if what == "order" and item == system})
        before = 0
        for period in periods:
            sums = [
                sum(n for (what, item, p), n in found.items() if what == "order" and item == system and p <= period)
                for found in counts
            ]
            if min(sums) > before:
                rows.append(_row("order", system, period, min(sums) - before, max(sums), plans))
                before = min(sums)
    return sorted(rows, key=lambda row: (row["period"], row["item"]))


def _row(what: str, item: str, period: str, count: int, most: int, plans: int) -> dict[str, Any]:
    return {"decision": what, "item": item, "period": period, "count": count, "most": most, "plans": plans}


def _decisions(plan: Saved) -> Counter[tuple[str, str, str]]:
    """(kind, item, period) -> how many."""
    found: Counter[tuple[str, str, str]] = Counter()
    for row in plan["frames"]["builds"]:
        if row["order_period"] is not None:
            found["order", row["system"], row["order_period"]] += row["systems"]
    for record in plan["decisions"]["accepted"]:
        found["take", record["order_id"], ""] = 1
    for row in plan["frames"]["targets"]:
        if row["kind"] == "run" and not row["shortfall"]:
            found["run", f"{row['workload']} on {row['system']} at {row['site']}/{row['hall']}", row["start"] or ""] = 1
    for record in plan["decisions"].get("ports", ()):
        found["port", f"{record['family']} to {record['platform']}", ""] = 1
    return found
