"""Two plans beside each other: which inputs differ, what is decided otherwise, and what each line of cost adds.

`diff` compares what is there and solves nothing. `causes` says which changed input makes the difference: each part
of the scenario that changed is applied alone and solved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.errors import PlannerError
from planner.explain.columns import frames
from planner.plan.plan import Plan
from planner.plan.solve import Options, solve
from planner.scenario.model import Scenario

if TYPE_CHECKING:
    from pandas import DataFrame

type Saved = Mapping[str, Any]
"""A plan as JSON (`Plan.to_json()`)."""
type Records = list[dict[str, Any]]

_ABOUT = frozenset({"name", "title", "schema_version", "counterfactuals", "solver"})
"""Fields of a scenario that ask nothing else of a plan."""
_SAME = 1e-9
"""Relative difference below which two numbers are the same."""


@dataclass(frozen=True)
class Diff:
    """`after` against `before`; all tables list only what differs, but for `bridge`, whose rows add up."""

    before: Saved
    after: Saved
    causes: "Records" = field(default_factory=list)
    """Rows of `causes`, where asked for."""

    @cached_property
    def tables(self) -> dict[str, Records]:
        """inputs, decisions, bridge, causes."""
        return {
            "inputs": [*_scenario(self.before, self.after), *_facts(self.before, self.after), *_rules(self)],
            "decisions": _decisions(self.before, self.after),
            "bridge": _bridge(self.before, self.after),
            "causes": list(self.causes),
        }

    def frames(self) -> "dict[str, DataFrame]":
        """The tables as pandas DataFrames (docs/columns.md)."""
        found = {f"diff_{name}": rows for name, rows in self.tables.items()}
        made = frames(found, str(self.after["scenario"]["name"]))
        return {name.removeprefix("diff_"): table for name, table in made.items()}

    @property
    def same(self) -> bool:
        """Whether both decide the same."""
        return not self.tables["decisions"]


def diff(before: Plan | Saved, after: Plan | Saved) -> Diff:
    """What changed from one plan to another, and which inputs differ; plans as they are or as saved.

    Raises InputError when the two count in different currencies.
    """
    from planner.errors import InputError

    a, b = (plan.to_json() if isinstance(plan, Plan) else plan for plan in (before, after))
    if a["currency"] != b["currency"]:
        message = f"one plan counts in {a['currency']}, the other in {b['currency']}"
        raise InputError.of("other-currency", message, "solve both in one currency")
    return Diff(a, b)


def _scenario(a: Saved, b: Saved) -> Records:
    """Keys of the scenario that differ, where both plans carry theirs."""
    one, other = (plan["scenario"].get("says") for plan in (a, b))
    if one is None or other is None:
        if a["scenario"]["sha256"] == b["scenario"]["sha256"]:
            return []
        return [_input("scenario", "scenario", "one scenario", "another, or the same after a change")]
    return scenario_changes(one, other)


def scenario_changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Records:
    """Keys of two scenarios (as plain data) that differ and ask something else of a plan; none without the first."""
    if before is None:
        return []
    flat, changed = _flat(before), _flat(after)
    keys = dict.fromkeys([*flat, *changed])
    return [
        _input("scenario", key, flat.get(key), changed.get(key))
        for key in keys
        if key.split(".")[0] not in _ABOUT and not _equal(flat.get(key), changed.get(key))
    ]


def _flat(value: Any, at: str = "") -> dict[str, Any]:
    """Leaves of nested mappings and lists by path; entries of a list that have an id go by it."""
    if isinstance(value, Mapping):
        pairs = [(str(key), inner) for key, inner in value.items()]
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        names = [str(item.get("id") or item.get("accelerator") or number) for number, item in enumerate(value)]
        unique = len(set(names)) == len(names)
        pairs = [(name if unique else str(n), item) for n, (name, item) in enumerate(zip(names, value, strict=True))]
    else:
        return {at.removesuffix(".steps.0001"): value}
    return {path: leaf for key, inner in pairs for path, leaf in _flat(inner, f"{at}.{key}" if at else key).items()}


def _facts(a: Saved, b: Saved) -> Records:
    """Values of the catalog that both use and that differ."""
    used = [{row["key"]: row for row in plan["frames"]["inputs"]} for plan in (a, b)]
    return [
        _input("fact", key, used[0][key]["used"], used[1][key]["used"], used[1][key]["unit"])
        for key in used[0]
        if key in used[1] and not _equal(used[0][key]["used"], used[1][key]["used"])
    ]


def _rules(both: Diff) -> Records:
    """Rules that close something in one of the plans only."""
    closing = [{row["rule"]: row for row in plan["excluded"] if row["rule"]} for plan in (both.before, both.after)]
    return [
        _input("rule", rule, "closes" if rule in closing[0] else None, "closes" if rule in closing[1] else None)
        for rule in sorted(set(closing[0]) ^ set(closing[1]))
    ]


def _input(kind: str, key: str, before: Any, after: Any, unit: str = "") -> dict[str, Any]:
    return {"kind": kind, "key": key, "before": before, "after": after, "unit": unit}


def _decisions(a: Saved, b: Saved) -> Records:
    """Orders, pending orders, placements and runs that differ."""
    parts: tuple[tuple[str, Callable[[Saved], dict[tuple[str, ...], float]]], ...] = (
        ("ordered", lambda plan: _sums(plan, "builds", ("system", "order_period"), "systems")),
        ("taken", lambda plan: {(row["order_id"], ""): 1.0 for row in plan["decisions"]["accepted"]}),
        ("placed", lambda plan: _places(plan, "install")),
        ("retired", lambda plan: _places(plan, "retire")),
        ("run", lambda plan: {_run(row): 1.0 for row in plan["decisions"]["starts"]}),
        ("short", _shortages),
    )
    rows: Records = []
    for what, counted in parts:
        here, there = counted(a), counted(b)
        for key in dict.fromkeys(sorted([*here, *there])):
            before, after = here.get(key, 0.0), there.get(key, 0.0)
            if not _equal(before, after):
                item, *rest = key
                where = " ".join(part for part in rest if part)
                rows.append(
                    {"what": what, "item": item, "where": where, "before": before, "after": after,
                     "difference": after - before}
                )  # fmt: skip
    return rows


def _sums(plan: Saved, table: str, keys: tuple[str, ...], amount: str) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for row in plan["frames"][table]:
        key = tuple(str(row[name] or "") for name in keys)
        found[key] = found.get(key, 0.0) + row[amount]
    return found


def _places(plan: Saved, action: str) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for row in plan["frames"]["installs"]:
        if row["action"] == action:
            key = (row["system"], f"{row['site']}/{row['hall']}", row["period"])
            found[key] = found.get(key, 0.0) + row["systems"]
    return found


def _run(row: Mapping[str, Any]) -> tuple[str, ...]:
    cluster = f"{row['accelerators']:,} accelerators of {row['system']}"
    return row["workload"], cluster, f"{row['site']}/{row['hall']}", f"from period {row['period'] + 1}"


def _shortages(plan: Saved) -> dict[tuple[str, ...], float]:
    rows = plan["frames"]["targets"]
    return {(row["workload"], row["period"] or ""): row["shortfall"] for row in rows if row["shortfall"]}


def _bridge(a: Saved, b: Saved) -> Records:
    """Present cost by line of both; the differences add up to that of the plans."""
    lines = [_lines(plan) for plan in (a, b)]
    return [
        {"line": line, "before": lines[0].get(line, 0.0), "after": lines[1].get(line, 0.0),
         "difference": lines[1].get(line, 0.0) - lines[0].get(line, 0.0)}
        for line in sorted({*lines[0], *lines[1]})
    ]  # fmt: skip


def _lines(plan: Saved) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in plan["frames"]["cashflow"]:
        found[row["line"]] = found.get(row["line"], 0.0) - row["present_value"]
    return found


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= _SAME * max(1.0, abs(one), abs(other))
    return bool(one == other)


def causes(
    before: Scenario, after: Scenario, options: Options | None = None, told: Callable[[str], None] | None = None
) -> Records:
    """What each changed part of a scenario (sites, supply, policy, ...) does alone to the cost of `before`'s plan.

    One row per part, then `all together` and `interaction`: what the parts do together beyond their sum. Each
    difference has the least and the most it can be, given the gaps. A part that makes no scenario of its own (a system
    at a site that another part adds) or has no plan says why. Raises PlannerError when `before` has no plan.
    """
    chosen = options or Options(counterfactuals=False)
    parts = [
        field
        for field in Scenario.model_fields
        if field not in _ABOUT and getattr(before, field) != getattr(after, field)
    ]
    base = solve(before.replace(counterfactuals=()), chosen)
    rows = [_cause(base, part, before.replace(**{part: getattr(after, part)}), chosen, told) for part in parts]
    whole = _cause(base, "all together", after, chosen, told)
    alone = [row["difference"] for row in rows]
    sums = None if None in alone or whole["difference"] is None else whole["difference"] - sum(alone)
    if len(parts) < 2:
        return rows
    return [*rows, whole, {**dict.fromkeys(whole), "part": "interaction", "difference": sums}]


def _cause(
    base: Plan, part: str, scenario: Scenario, options: Options, told: Callable[[str], None] | None
) -> dict[str, Any]:
    from planner.explain.whole import difference

    if told is not None:
        told(part)
    try:
        plan = solve(scenario.replace(counterfactuals=()), options)
    except (PlannerError, KeyError) as error:
        why = "; ".join(d.message for d in error.diagnostics) if isinstance(error, PlannerError) else str(error)
        return {"part": part, "objective": None, "difference": None, "least_difference": None,
                "most_difference": None, "why": why}  # fmt: skip
    return {"part": part, "objective": plan.objective, **difference(base, plan), "why": None}
