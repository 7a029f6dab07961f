"""Throughput against target, and the coherent runs."""

from datetime import timedelta

from planner.plan.output import ready_in
from planner.plan.plan import Plan
from planner.report.format import count, number
from planner.report.model import Bar, Block, Cell, Column, Section, Table, Text
from planner.report.plan.names import Names, place
from planner.scenario.periods import label_end, label_start

_SCALES = ((1e9, "bn tokens/s"), (1e6, "m tokens/s"), (1e3, "k tokens/s"))


def throughput(plan: Plan, names: Names) -> Section:
    """One chart per divisible workload, one table of token budgets, one of the coherent runs."""
    blocks: list[Block] = [_stream(plan, s.id) for s in plan.problem.streams if not s.budgets or any(s.target)]
    if any(stream.budgets for stream in plan.problem.streams):
        blocks.append(_budgets(plan))
    if plan.problem.runs:
        blocks.append(_runs(plan, names))
    if plan.scenario.porting.maturity and plan.decisions.ports:
        blocks.append(_ports(plan))
    return Section("Throughput against target", tuple(blocks) or (Text("The scenario has no workloads."),))


def _stream(plan: Plan, workload: str) -> Table:
    rows = [row for row in plan.tables["targets"] if (row["workload"], row["kind"]) == (workload, "continuous")]
    scale, unit = scale_of(max(max(row["required"], row["delivered"]) for row in rows))
    columns = (
        Column("period"),
        Column("target", "number", unit),
        Column("plan", "number", unit),
        Column("of target", "share"),
        Column(""),
        Column("bar: plan, mark: target", "bar"),
    )
    return Table(
        columns,
        tuple(
            (
                row["period"],
                row["required"] / scale,
                row["delivered"] / scale,
                row["delivered"] / row["required"] if row["required"] else None,
                "short" if row["shortfall"] > 0 else "met" if row["required"] else "",
                Bar(row["delivered"], row["required"]),
            )
            for row in rows
        ),
        title=f"{workload}: tokens per second after goodput",
    )


def _budgets(plan: Plan) -> Table:
    """Tokens asked for by the end of a period, and what is trained by then."""
    found = [row for row in plan.tables["targets"] if row["kind"] == "budget"]
    rows: list[tuple[Cell, ...]] = [
        (
            row["workload"],
            row["period"],
            row["required"] / 1e12,
            row["delivered"] / 1e12,
            row["delivered"] / row["required"],
            "short" if row["shortfall"] > 0 else "met",
        )
        for row in found
    ]
    columns = (
        Column("workload"),
        Column("by the end of"),
        Column("asked", "number", "T tokens"),
        Column("trained", "number", "T tokens"),
        Column("of it", "share"),
        Column(""),
    )
    return Table(columns, tuple(rows), title="Tokens asked for by a day")


def _runs(plan: Plan, names: Names) -> Table:
    deadlines = {run.id: run.deadline for run in plan.scenario.runs}
    rows: list[tuple[Cell, ...]] = []
    for row in plan.tables["targets"]:
        if row["kind"] != "run":
            continue
        deadline = deadlines[row["workload"]]
        if row["shortfall"] > 0:
            rows.append((row["workload"], "not done", "", "", "", deadline))
            continue
        chip = names.accelerator(plan.case.systems[row["system"]].accelerator_id)
        cluster = f"{count(row['accelerators'])} x {chip}\nin {names.system(row['system'])}"
        span = row["period"] if row["start"] == row["period"] else f"{row['start']} to\n{row['period']}"
        scale, unit = scale_of(row["tokens_per_s"])
        length = f"{number(row['days'])} days at\n{number(row['tokens_per_s'] / scale, unit)}"
        end = label_start(row["start"]) + timedelta(days=row["days"])
        spare = f"{deadline}\n{(label_end(deadline) - end).days} days to spare"
        rows.append((row["workload"], cluster, place(row["site"], row["hall"]), span, length, spare))
    columns = (
        Column("run"),
        Column("cluster", wrap=True),
        Column("hall"),
        Column("runs"),
        Column("length", wrap=True),
        Column("deadline", wrap=True),
    )
    return Table(columns, tuple(rows), title="Coherent runs, each on one cluster")


def _ports(plan: Plan) -> Table:
    """Ports, and how fast their software is in the first period of its use."""
    rows: list[tuple[Cell, ...]] = []
    ready, calendar = ready_in(plan.problem, plan.decisions), plan.case.calendar
    for port in plan.decisions.ports:
        since = ready[port.family, port.platform]
        ripe = next((t for t in plan.problem.horizon[since:] if plan.problem.efficiency(since, t) >= 1.0), None)
        first = plan.problem.efficiency(since, since)
        mature = "after the plan" if ripe is None else calendar[ripe].label
        rows.append((port.family, port.platform, calendar[port.period].label, calendar[since].label, first, mature))
    columns = (
        Column("software family", wrap=True),
        Column("platform"),
        Column("port begins"),
        Column("ready"),
        Column("first rate", "share"),
        Column("mature"),
    )
    return Table(
        columns, tuple(rows), title="Ports of software; first rate: mean of the first period over mature software"
    )


def scale_of(largest: float) -> tuple[float, str]:
    """Divisor and unit for rates up to `largest` tokens/s."""
    return next(((size, unit) for size, unit in _SCALES if largest >= size), (1.0, "tokens/s"))
