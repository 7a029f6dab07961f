"""docs/columns.md: every table of a plan and its columns, and the JSON around them."""

from collections.abc import Callable, Iterable, Mapping
from typing import get_args, get_type_hints

from planner.catalog.ledger import Ledger
from planner.explain.columns import DIFF, EXPLANATION, SUBSTITUTION
from planner.plan import accounts, binding, capacity, metrics, pending, records, rentals, stores, wiring
from planner.plan.columns import COLUMNS, Column
from planner.plan.decisions import Decisions
from planner.plan.plan import Stage, World
from planner.problem.obliged import Duty
from planner.problem.rows.excluded import Excluded
from reference.text import field_texts, first_line, opening, table

ABOUT: dict[str, Callable[..., object]] = {
    "objectives": records.objectives,
    "builds": accounts.builds,
    "lots": accounts.lot_records,
    "installs": records.installs,
    "fleet": records.fleet,
    "sites": records.sites,
    "expansions": capacity.expansion_records,
    "pending": pending.pending_records,
    "rentals": rentals.rental_records,
    "stock": stores.stock_records,
    "networks": wiring.network_records,
    "jobs": records.jobs,
    "targets": records.targets,
    "cashflow": accounts.cashflow,
    "constraints": binding.limit_records,
    "metrics": metrics.metric_records,
    "inputs": Ledger.rows,
}
"""The function that makes each table; its docstring says what a row is."""

KINDS = {
    "text": "text",
    "number": "number",
    "count": "whole number",
    "flag": "true or false",
    "date": "date",
    "period": "period",
    "any": "any",
}

TOP = {
    "schema_version": "version of this format; additions keep it",
    "planner_version": "version of the program that wrote it",
    "scenario": "name, title, sha256 of all it says, catalog_sha256, calibration (hash), knowledge_date, values; "
    "`says`: all its keys",
    "status": "`optimal` (proved within the gap asked for), `time_limit` or `interrupted` (the best plan so far)",
    "currency": "currency of all money",
    "objective": "net present cost",
    "bound": "proved lower bound of the net present cost of any plan of the program",
    "gap": "|objective - bound| / |objective|",
    "verified": "whether the independent check recomputed every limit and the cost and agreed",
    "stages": "what was sought, in order of importance, below",
    "counterfactual": "the same scenario under other rules, below",
    "warnings": "what in the scenario is rarely meant: code, message, hint; `silence` takes it away",
    "excluded": "what was left out of the program and why, below",
    "obligations": "what each rule that closes nothing does to the plan, below",
    "decisions": "the decisions alone, from which `planner verify` recomputes everything, below",
    "frames": "every table above, as a list of objects",
    "solver": "name and version of the solver, options, columns, rows, matrix_range (least and largest size), nodes, "
    "alike (groups of halls planned as one)",
}

WHATIF: dict[str, dict[str, str]] = {
    "comparison": {
        "question": "id; `base` is the scenario itself",
        "title": "what it asks",
        "kind": "base, question, combination, grid, draw, tornado, break-even, frontier or world",
        "study": "id of the part of the file that asked for it; of a question its own",
        "status": "of its plan; `infeasible`, `no-plan`, `error` or `interrupted` without one",
        "objective": "net present cost",
        "bound": "proved lower bound of it",
        "gap": "proved relative gap",
        "currency": "currency of the money columns",
        "difference": "its cost less the base's",
        "least_difference": "its bound less the base's cost: it is surely no cheaper than that",
        "most_difference": "its cost less the base's bound: it is surely no dearer than that",
        "goals": "what it comes to in what is sought besides cost; the two differences above then mean nothing",
        "cash_paid": "undiscounted cash paid out",
        "peak_mw": "largest grid power of all sites in one period, MW",
        "peak_difference_mw": "that less the base's, MW",
        "accelerators_bought": "accelerators of new and of accepted pending orders",
        "vendor_mix": "share of each vendor in them",
        "changed": "what it decides otherwise, in words",
        "failure": "why it has no plan",
        "key": "hash of all that decides it: the effective scenario, catalog, calibration, versions, gap, time limit",
    },
    "workloads": {
        "question": "id",
        "workload": "workload",
        "kind": "continuous or run",
        "met_from": "first period from which its target is always met; of a run, the period in which it is done",
        "delay_periods": "periods later than in the base",
        "end": "day on which a run is done",
        "shift_days": "days later than in the base",
        "where": "cluster of a run",
    },
    "changes": {
        "question": "id",
        "what": "bought, taken (of the pending orders), placed, retired, run or timing",
        "item": "what it is about",
        "before": "in the base",
        "after": "in the answer",
        "difference": "after less before, of numbers",
        "words": "the same as a phrase",
    },
    "coordinates": {"question": "id", "variable": "axis, drawn variable or what is searched", "value": "its value"},
    "tornado": {
        "study": "id",
        "fact": "key of the fact, as in `inputs` of a plan",
        "unit": "of low and high",
        "low": "its low side",
        "high": "its high side",
        "cost_low": "net present cost at the low side, everything else as it is",
        "cost_high": "at the high side",
        "difference_low": "cost at the low side less the base's",
        "difference_high": "cost at the high side less the base's",
        "swing": "largest less least of the three costs",
        "certain": "whether a proved bound of one lies above the cost of another: more than gaps",
        "status_low": "of the plan at the low side",
        "status_high": "of the plan at the high side",
    },
    "draws": {"study": "id", "quantity": "runs, share with a plan, mean, quantiles, rank correlations", "value": "it"},
    "break_even": {
        "study": "id",
        "title": "what it asks",
        "path": "what is moved",
        "what": "what may flip",
        "start": "one end of the interval",
        "end": "the other",
        "at_start": "what holds at the start",
        "at_end": "what holds at the end",
        "low": "last value, seen from the start, at which the start's state holds; empty: no flip",
        "high": "the next value tried, at which it does not",
        "runs": "runs made",
        "note": "what to doubt",
    },
    "frontier": {
        "study": "id",
        "limit": "value of the limit, or level at which the second goal is capped; empty at the ends of two goals",
        "run": "id of the run",
        "status": "of its plan",
        "objective": "net present cost",
        "bound": "proved lower bound of it, where cost is sought first",
        "metric": "the second axis: a metric of the plan, or a goal",
        "value": "its value",
        "dominated": "whether another point is no worse in both and better in one",
        "goal": "the first axis: cost, or the goal that is sought",
        "reached": "its value, in the goal's unit",
        "proved": "what no plan under the same limit betters",
    },
    "uncertainty": {
        "study": "id",
        "plan": "expected, cvar, regret: least of it while decisions are shared; waiting: no orders before the reveal; "
        "best:WORLD: what is best in that world, until the reveal",
        "status": "of the program; `infeasible`: some world cannot go on from there",
        "expected_cost": "mean net present cost over the worlds, lost deposits counted",
        "bound": "proved lower bound of it, for acting so",
        "cvar": "conditional value at risk of it",
        "proved": "of expected, cvar, regret: no plan is below it by that measure",
        "largest_cost": "in the dearest world",
        "largest_regret": "largest cost less the least known in that world",
        "expected_regret": "mean of that",
    },
    "uncertainty_values": {
        "study": "id",
        "quantity": "wait and see, two-stage, value of knowing, of planning for all worlds, cost of waiting",
        "value": "money; empty where some world could not go on",
        "at_least": "what the proved gaps leave open",
        "at_most": "what the proved gaps leave open",
    },
    "uncertainty_worlds": {
        "study": "id",
        "plan": "as above",
        "world": "id of the world",
        "probability": "of it",
        "status": "as above",
        "cost": "net present cost of the plan in it",
        "regret": "that less the least known in it",
        "lost_deposits": "paid on orders that it does not let arrive",
    },
    "uncertainty_first": {
        "study": "id",
        "plan": "as above",
        "decision": "column of the program, decided before the reveal",
        "count": "its value",
    },
    "near_optimal": {
        "question": "id of the run",
        "way": "in which respect a plan was asked to differ: vendors, sites, later or earlier orders",
        "cost": "its net present cost",
        "extra": "that over the cost of the run's own plan, as a share of it",
        "differs": "share of the accelerators, by system and site, that stand elsewhere or are of another kind",
        "accelerators": "accelerators bought",
        "vendors": "their vendors, largest first",
        "sites": "accelerators placed in service by site, largest first",
        "mean_order": "mean period of its orders, by accelerators, counted from 0",
    },
    "no_regret": {
        "decision": "order, take (a pending order), run or port",
        "item": "of what",
        "period": "orders: placed by the end of this period",
        "count": "systems that all plans have ordered by then, beyond the rows before; 1 of the others",
        "most": "systems ordered by then in the plan that has most",
        "plans": "plans compared",
    },
}

JSON = "`planner plan --json`, `plan.json` of `--out`, `Plan.to_json()`; keys in this order."
QUESTIONS = """`planner whatif --json` and `--out`; `WhatIfs.frames()` in Python. Under `plans` of the JSON stands every
plan as above, by question."""
EXPLAINED = (
    ("Substitution", "`planner substitute`, `planner.substitute(...)", SUBSTITUTION),
    ("Explanations", "`planner explain`, `planner.explain_plan(...)", EXPLANATION),
    ("Two plans", "`planner compare`, `planner.diff_plans(...)", DIFF),
)
SOURCE = "planner/plan/columns.py and the records of planner/plan"


def page() -> str:
    """The whole page."""
    lines = opening("columns_intro.md", SOURCE)
    for name, found in COLUMNS.items():
        lines += ["", f"## {name}", "", first_line(ABOUT[name]), ""]
        lines += table(("column", "type", "unit", "meaning"), _typed(found))
    lines += ["", "## The plan as JSON", "", JSON, "", *table(("key", "meaning"), _named(TOP))]
    kinds = (("stages", Stage), ("counterfactual", World), ("excluded", Excluded), ("obligations", Duty))
    for title, kind in kinds:
        lines += ["", f"### {title}", "", first_line(kind), "", *table(("key", "meaning"), _named(field_texts(kind)))]
    lines += ["", "### decisions", "", "Lists of records; `period` counts from 0.", ""]
    lines += table(("list", "a record says", "keys"), _decisions())
    lines += ["", "## What-ifs", "", *QUESTIONS.split("\n")]
    for name, meanings in WHATIF.items():
        lines += ["", f"### {name}", "", *table(("column", "meaning"), _named(meanings))]
    for title, of, tables in EXPLAINED:
        lines += ["", f"## {title}", "", f"{of}.frames()`, and the same under its name in `--json`."]
        for name, columns in tables.items():
            lines += ["", f"### {name}", "", *table(("column", "type", "unit", "meaning"), _typed(columns))]
    return "\n".join(lines) + "\n"


def _typed(columns: Iterable[Column]) -> list[tuple[str, str, str, str]]:
    return [(f"`{c.name}`", KINDS[c.dtype], "" if c.unit == "unit" else c.unit, c.meaning) for c in columns]


def _named(meanings: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(f"`{key}`", text) for key, text in meanings.items()]


def _decisions() -> list[tuple[str, str, str]]:
    """Of every list of `Decisions`: the record's meaning and keys."""
    found = []
    for name, hint in get_type_hints(Decisions).items():
        kind = get_args(hint)[0]
        found.append((f"`{name}`", first_line(kind), ", ".join(f"`{key}`" for key in field_texts(kind))))
    return found
