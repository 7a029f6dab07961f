"""Two plans beside each other: what is bought, placed and run differently."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from planner.scenario.periods import label_start

type Saved = Mapping[str, Any]
"""A plan as JSON (`Plan.to_json()`)."""
type What = Literal["bought", "taken", "placed", "retired", "run", "timing"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of `there` from `here`: how many more or fewer, or (for runs) what instead of what."""

    what: What
    item: str
    before: float | str | None
    after: float | str | None

    @property
    def difference(self) -> float | None:
        """After less before, of numbers."""
        if isinstance(self.before, str) or isinstance(self.after, str):
            return None
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True, slots=True)
class Work:
    """How a plan does one workload."""

    workload: str
    kind: str
    met_from: str | None
    """First period from which its target is met to the end; of a run, the period in which it ends; None: never."""
    end: date | None = None
    """Day on which a run is done."""
    where: str = ""
    """Cluster of a run."""


def changes(here: Saved, there: Saved) -> tuple[Change, ...]:
    """What `there` decides otherwise than `here`, the largest differences first within each kind."""
    found: list[Change] = []
    counts: tuple[tuple[What, Callable[[Saved], Counter[str]]], ...] = (
        ("bought", _bought),
        ("taken", _taken),
        ("placed", lambda plan: _installs(plan, "install", "site")),
        ("retired", lambda plan: _installs(plan, "retire", "system")),
    )
    for what, count in counts:
        a, b = count(here), count(there)
        rows = [Change(what, item, a[item], b[item]) for item in sorted({*a, *b}) if a[item] != b[item]]
        found += sorted(rows, key=lambda row: -abs(row.difference or 0.0))
    if not any(row.what == "bought" for row in found) and _orders(here) != _orders(there):
        found.append(Change("timing", "orders", None, None))
    before = {work.workload: work for work in workloads(here)}
    for work in workloads(there):
        if work.kind == "run" and work.workload in before and work.where != before[work.workload].where:
            found.append(Change("run", work.workload, before[work.workload].where, work.where))
    return tuple(found)


def workloads(plan: Saved) -> tuple[Work, ...]:
    """When and where a plan does each workload."""
    rows = plan["frames"]["targets"]
    found = []
    for name in dict.fromkeys(row["workload"] for row in rows):
        mine = [row for row in rows if row["workload"] == name]
        if mine[0]["kind"] == "run":
            found.append(_run(mine))
            continue
        budgets = [row for row in mine if row["kind"] == "budget"]
        if budgets and not any(row["required"] for row in mine if row["kind"] == "continuous"):
            late = any(row["shortfall"] > 0 for row in budgets)
            found.append(Work(name, "continuous", None if late else budgets[-1]["period"]))
            continue
        short = [n for n, row in enumerate(mine) if row["shortfall"] > 0]
        first = short[-1] + 1 if short else 0
        found.append(Work(name, "continuous", mine[first]["period"] if first < len(mine) else None))
    return tuple(found)


def _run(parts: Sequence[Mapping[str, Any]]) -> Work:
    """A run by its rows: one for each kind of system that does it."""
    row = parts[0]
    if row["shortfall"] > 0:
        return Work(row["workload"], "run", None, None, "not done")
    end = label_start(row["start"]) + timedelta(days=float(row["days"]))
    cluster = " and ".join(f"{part['accelerators']:,} accelerators of {part['system']}" for part in parts)
    where = f"{cluster} at {row['site']}/{row['hall']}"
    return Work(row["workload"], "run", row["period"], end, where)


def bought_accelerators(plan: Saved, key: str = "accelerator") -> Counter[str]:
    """Accelerators bought, by kind (or by another column of the builds)."""
    counts: Counter[str] = Counter()
    for row in plan["frames"]["builds"]:
        counts[row[key]] += row["accelerators"]
    return counts


def _bought(plan: Saved) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in plan["frames"]["builds"]:
        counts[row["system"]] += row["systems"]
    return counts


def _taken(plan: Saved) -> Counter[str]:
    return Counter(record["order_id"] for record in plan["decisions"]["accepted"])


def _installs(plan: Saved, action: str, key: str) -> Counter[str]:
    """Accelerators placed by site; systems retired by kind."""
    counts: Counter[str] = Counter()
    for row in plan["frames"]["installs"]:
        if row["action"] == action:
            counts[row[key]] += row["accelerators"] if action == "install" else row["systems"]
    return counts


def _orders(plan: Saved) -> list[tuple[Any, ...]]:
    return sorted((row["system"], row["order_period"] or "", row["systems"]) for row in plan["frames"]["builds"])


def in_words(change: Change, name: Callable[[str], str] = str) -> str:
    """A change as a phrase; `name` turns ids of systems into names."""
    difference = change.difference or 0.0
    signed = f"{'+' if difference > 0 else '\N{MINUS SIGN}'}{abs(difference):,.0f}"
    match change.what:
        case "bought":
            return f"{signed} {name(change.item)}"
        case "taken":
            return f"pending order {change.item} {'taken' if difference > 0 else 'not taken'}"
        case "placed":
            return f"{signed} accelerators placed at {change.item}"
        case "retired":
            return f"{signed} {name(change.item)} retired"
        case "timing":
            return "the same systems, ordered at other times"
        case "run":
            return f"{change.item} on {change.after} instead of {change.before}"
