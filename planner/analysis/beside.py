"""Saved plans, runs of sweeps and scenarios beside one another: figures, decisions, inputs, cost by line."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.analysis.common import no_regret
from planner.analysis.compare import Saved, bought_accelerators, changes, in_words, workloads
from planner.analysis.store import run_records
from planner.errors import InputError, Place, nearest
from planner.explain.diff import Diff, diff
from planner.plan.plan import SCHEMA_VERSION, Plan
from planner.plan.solve import Options

if TYPE_CHECKING:
    from pandas import DataFrame

type Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Side:
    """One plan of a comparison."""

    name: str
    plan: Saved


@dataclass(frozen=True)
class Beside:
    """Plans beside the first of them."""

    sides: tuple[Side, ...]

    @property
    def same(self) -> bool:
        """Whether all plans decide the same."""
        return not self.tables["decisions"]

    @property
    def currency(self) -> str:
        """Of all plans."""
        return str(self.sides[0].plan["currency"])

    @cached_property
    def diffs(self) -> tuple[tuple[str, Diff], ...]:
        """The first plan against each other one."""
        first = self.sides[0].plan
        return tuple((side.name, diff(first, side.plan)) for side in self.sides[1:])

    @cached_property
    def tables(self) -> dict[str, Records]:
        """figures: one row per plan; changes, inputs, decisions, bridge: against the first; metrics: one row per plan
        and metric; no_regret: what all decide alike.
        """
        first = self.sides[0].plan
        return {
            "figures": [_figures(side, first) for side in self.sides],
            "changes": [
                {
                    "plan": side.name,
                    "what": c.what,
                    "item": c.item,
                    "before": c.before,
                    "after": c.after,
                    "words": in_words(c),
                }
                for side in self.sides[1:]
                for c in changes(first, side.plan)
            ],
            "inputs": [{"plan": name, **row} for name, found in self.diffs for row in found.tables["inputs"]],
            "decisions": [{"plan": name, **row} for name, found in self.diffs for row in found.tables["decisions"]],
            "bridge": [{"plan": name, **row} for name, found in self.diffs for row in found.tables["bridge"]],
            "metrics": [
                {"plan": side.name, "metric": row["metric"], "value": row["value"], "unit": row["unit"]}
                for side in self.sides
                for row in side.plan["frames"]["metrics"]
            ],
            "no_regret": no_regret([(side.name, side.plan) for side in self.sides]),
        }

    def frames(self) -> "dict[str, DataFrame]":
        """The tables as pandas DataFrames."""
        import pandas as pd

        return {name: pd.DataFrame.from_records(rows) for name, rows in self.tables.items()}

    def to_json(self) -> dict[str, Any]:
        """The tables as plain data."""
        return {"plans": [side.name for side in self.sides], "same": self.same, "frames": self.tables}


def compare(*plans: Plan | Saved | str | Path, options: Options | None = None) -> Beside:
    """Two or more plans beside the first: solved, saved (plan.json or its folder), run of a sweep, or scenario file.

    A run of a sweep is FOLDER/RUN, FOLDER being what `planner whatif --out` wrote. Scenario files are solved, without
    counterfactuals. Raises InputError for what is none of these and for different currencies, InfeasibleError or
    NoPlanError where a scenario has no plan.
    """
    if len(plans) < 2:
        raise InputError.of("compare", "a comparison needs two plans or more", "name another one")
    sides = [_side(plan, options) for plan in plans]
    currencies = {side.plan["currency"] for side in sides}
    if len(currencies) > 1:
        hint = "solve them in one currency"
        raise InputError.of("currency", f"the plans count in {' and '.join(sorted(currencies))}", hint)
    return Beside(tuple(_distinct(sides)))


def _distinct(sides: Sequence[Side]) -> list[Side]:
    """Names made different."""
    found: list[Side] = []
    for side in sides:
        used = {other.name for other in found}
        name = next(n for n in (side.name, *(f"{side.name} ({k})" for k in range(2, 99))) if n not in used)
        found.append(Side(name, side.plan))
    return found


def _side(plan: Plan | Saved | str | Path, options: Options | None) -> Side:
    if isinstance(plan, Plan):
        return Side(plan.scenario.name, plan.to_json())
    if isinstance(plan, Mapping):
        return Side(str(plan["scenario"]["name"]), _whole(plan))
    path = Path(plan)
    if path.is_dir() and (path / "plan.json").is_file():
        return Side(path.name, _saved(path / "plan.json"))
    if path.suffix in (".yaml", ".yml"):
        return _solved(path, options)
    if path.is_file():
        return Side(path.parent.name if path.name == "plan.json" and path.parent.name else path.stem, _saved(path))
    return _run(path)


def _solved(path: Path, options: Options | None) -> Side:
    from dataclasses import replace

    from planner.plan.solve import solve
    from planner.scenario.load import load_scenario

    scenario = load_scenario(path)
    return Side(scenario.name, solve(scenario, replace(options or Options(), counterfactuals=False)).to_json())


def _saved(path: Path) -> Saved:
    place = Place(str(path), 1, 1)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError.of("not-a-plan", f"{path} cannot be read: {reason}", None, place) from None
    if isinstance(found, dict) and isinstance(found.get("result"), dict) and found["result"].get("plan"):
        return _whole(found["result"]["plan"])
    if not isinstance(found, dict) or not {"decisions", "frames", "scenario"} <= found.keys():
        hint = "write it with planner plan --out FOLDER"
        raise InputError.of("not-a-plan", f"{path} holds no plan", hint, place)
    if found.get("schema_version") != SCHEMA_VERSION:
        message = f"{path} has schema version {found.get('schema_version')}; this planner reads {SCHEMA_VERSION}"
        raise InputError.of("other-version", message, "solve the scenario again", place)
    return _whole(found)


def _whole(plan: Saved) -> Saved:
    """A plan of a sweep, from which some tables were left out, with empty ones."""
    return {**plan, "frames": {"inputs": [], "constraints": [], **plan["frames"]}}


def _run(path: Path) -> Side:
    """A run of a sweep: FOLDER/RUN."""
    store = next((folder for folder in path.parents if (folder / "store.json").is_file()), None)
    if store is None:
        hint = "name a plan.json, its folder, a scenario (.yaml) or FOLDER/RUN of a sweep"
        raise InputError.of("not-a-plan", f"there is no plan {path}", hint)
    name = path.relative_to(store).as_posix()
    rows = {row["run"]: row for row in run_records(store)}
    if name not in rows:
        close = nearest(name, rows)
        hint = f"did you mean {close!r}?" if close else f"{len(rows)} runs are there: see {store / 'runs.csv'}"
        raise InputError.of("unknown-name", f"{store} has no run {name!r}", hint)
    row = rows[name]
    if row["objective"] is None:
        raise InputError.of("not-a-plan", f"run {name!r} of {store} has no plan: {row['failure'] or row['status']}")
    found = json.loads((store / "runs" / f"{row['key']}.json").read_text(encoding="utf-8"))["result"]
    if found["status"] == "same":
        base = next(r for r in rows.values() if r["kind"] == "base")
        found = json.loads((store / "runs" / f"{base['key']}.json").read_text(encoding="utf-8"))["result"]
    return Side(name, _whole(found["plan"]))


def _figures(side: Side, first: Saved) -> dict[str, Any]:
    plan = side.plan
    metrics = {row["metric"]: row["value"] for row in plan["frames"]["metrics"]}
    own = plan is first
    return {
        "plan": side.name,
        "scenario": plan["scenario"]["name"],
        "status": plan["status"],
        "objective": plan["objective"],
        "bound": plan["bound"],
        "gap": plan["gap"],
        "currency": plan["currency"],
        "difference": None if own else plan["objective"] - first["objective"],
        "least_difference": None if own else plan["bound"] - first["objective"],
        "most_difference": None if own else plan["objective"] - first["bound"],
        "cash_paid": metrics.get("cash_paid"),
        "peak_mw": metrics.get("peak_site_power"),
        "accelerators_bought": sum(bought_accelerators(plan).values()),
        "met": "; ".join(f"{w.workload}: {w.met_from or 'never'}" for w in workloads(plan)),
    }
