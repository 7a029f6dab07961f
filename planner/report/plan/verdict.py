"""The verdict: what is built, what it costs, whether the targets are met, and how sure that is."""

from collections import defaultdict

from planner.plan.plan import Plan
from planner.report.format import count, goal_value, listed, money, percent, plural
from planner.report.model import Section, Text
from planner.report.plan.names import Names, in_order, place

_MOST = 4
"""Kinds of systems named in the sentence."""


def verdict(plan: Plan, names: Names) -> Section:
    """Two sentences, then status, bound and gap."""
    return Section("Verdict", (Text(f"{_built(plan, names)} {_met(plan, names)}", strong=True), Text(_proved(plan))))


def _built(plan: Plan, names: Names) -> str:
    paid = -sum(flow.amount for flow in plan.flows if flow.is_cash)
    span = f"{plan.problem.calendar[0].label} to {plan.problem.calendar[-1].label}"
    cost = (
        f"over {span} this costs {money(plan.objective, plan.currency)} in present value "
        f"({money(paid, plan.currency)} in cash)."
    )
    bought: dict[str, int] = defaultdict(int)
    chips = 0
    for row in plan.tables["builds"]:
        bought[row["system"]] += row["systems"]
        chips += row["accelerators"]
    rented = _rented(plan)
    if not bought and rented:
        return f"Buy nothing, rent up to {count(rented)} accelerators at a time; {cost}"
    if not bought:
        has = "installed and in store" if plan.problem.store.initial else "installed"
        return f"Buy nothing: what is {has} is enough; {cost}"
    largest = sorted(bought, key=lambda key: (-bought[key] * _size(plan, key), key))
    parts = [f"{count(bought[key])} x {names.system(key)}" for key in largest[:_MOST]]
    if len(largest) > _MOST:
        parts.append(plural(len(largest) - _MOST, "other kind"))
    sites = in_order((row["site"] for row in plan.tables["installs"] if row["action"] == "install"), _sites(plan))
    where = f" for {listed(sites)}" if sites else ""
    hire = f", rent up to {count(rented)} accelerators at a time" if rented else ""
    return f"Buy {listed(parts)} ({count(chips)} accelerators){where}{hire}; {cost}"


def _rented(plan: Plan) -> int:
    """Most accelerators held under contract in one period."""
    held: dict[int, int] = defaultdict(int)
    offers = {row.id: row for row in plan.problem.rents}
    for taken in plan.decisions.rentals:
        row = offers[taken.offer]
        for t in row.held[taken.period]:
            held[t] += taken.count * plan.problem.systems[row.system].accelerators
    return max(held.values(), default=0)


def _met(plan: Plan, names: Names) -> str:
    short = [row for row in plan.tables["targets"] if row["shortfall"] > 0]
    missed = list(dict.fromkeys(row["workload"] for row in short))
    good = _kept_streams(plan, missed) + _runs(plan, names)
    if not missed:
        return f"Every target is met: {listed(good)}."
    told = [_shortage([row for row in short if row["workload"] == work]) for work in missed]
    rest = f"; met: {listed(good)}" if good else ""
    return f"Not every target is met: {listed(told)}{rest}."


def _kept_streams(plan: Plan, missed: list[str]) -> list[str]:
    told = []
    for stream in plan.problem.streams:
        asked, periods = sum(map(bool, stream.target)), len(stream.target)
        some = " with a target" if asked < periods else ""
        if stream.id not in missed:
            span = f"in all {plural(asked, 'period')}{some}" if asked or not stream.budgets else "by its days"
            told.append(f"{stream.id} {span}")
    return told


def _done(row: dict[str, object]) -> bool:
    return row["kind"] == "run" and row["shortfall"] == 0


def _runs(plan: Plan, names: Names) -> list[str]:
    """Of each run that is done when and on what, on two kinds of system where two do it."""
    clusters: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in plan.tables["targets"]:
        if _done(row):
            clusters[str(row["workload"])].append(row)
    return [_run(plan, names, rows) for rows in clusters.values()]


def _run(plan: Plan, names: Names, rows: list[dict[str, object]]) -> str:
    chips = [names.accelerator(plan.case.systems[str(row["system"])].accelerator_id) for row in rows]
    cluster = listed(f"{row['accelerators']:,} {chip}" for row, chip in zip(rows, chips, strict=True))
    row = rows[0]
    where = place(str(row["site"]), str(row["hall"]))
    return f"{row['workload']} is done in {row['period']} on {cluster} at {where}"


def _shortage(rows: list[dict[str, object]]) -> str:
    if rows[0]["kind"] == "run":
        return f"{rows[0]['workload']} is not done"
    worst = max(rows, key=lambda row: float(str(row["shortfall"])) / float(str(row["required"])))
    share = float(str(worst["shortfall"])) / float(str(worst["required"]))
    return (
        f"{worst['workload']} falls short in {plural(len(rows), 'period')}, most in {worst['period']} "
        f"({percent(share)} of the target)"
    )


def _proved(plan: Plan) -> str:
    asked = plan.scenario.solver.gap
    how = {
        "optimal": "proved",
        "time_limit": "best plan found when time ran out",
        "interrupted": "best plan found when it was interrupted",
    }[plan.status]
    checked = "an independent check recomputed every limit and the cost, and agrees" if plan.verified else "not checked"
    if not plan.only_cost:
        reached = [f"{stage.name} {goal_value(stage.name, stage.value, plan.currency)}" for stage in plan.stages]
        order = list(dict.fromkeys(reached))
        return f"Status {plan.status} ({how}): sought in this order: {', '.join(order)}. Verified: {checked}."
    return (
        f"Status {plan.status} ({how}): objective {money(plan.objective, plan.currency)}, no plan of this program "
        f"costs less than {money(plan.bound, plan.currency)}, gap {percent(plan.gap)} "
        f"(scenario asks for {percent(asked)}). "
        f"Verified: {checked}."
    )


def _size(plan: Plan, system: str) -> int:
    return next((row.accelerators for row in plan.problem.systems if row.id == system), 1)


def _sites(plan: Plan) -> list[str]:
    return [site.id for site in plan.scenario.sites]
