"""The result of an independent check, rule by rule."""

from collections import Counter
from math import isfinite

from planner.plan.verify import CHECKS, Verification
from planner.report.format import count, money, percent, plural
from planner.report.model import Block, Cell, Column, Report, Section, Table, Text
from planner.scenario.model import Scenario

_MOST = 20


def verification_report(checked: Verification, scenario: Scenario, stored: float | None) -> Report:
    """Verdict, recomputed cost, every rule; of a broken plan, where it breaks."""
    broken = Counter(violation.rule for violation in checked.violations)
    kept = sum(check.name not in broken for check in CHECKS)
    verdict = (
        f"The plan keeps all {count(len(CHECKS))} rules."
        if checked.ok
        else f"The plan breaks {plural(len(CHECKS) - kept, 'rule')} of {count(len(CHECKS))}, "
        f"in {plural(len(checked.violations), 'place')}."
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (check.name, f"violated ({count(broken[check.name])})" if check.name in broken else "ok", check.title)
        for check in CHECKS
    )
    blocks: list[Block] = [Text(f"{verdict} {_cost(checked, scenario, stored)}", strong=True)]
    if broken:
        blocks.append(_violations(checked, scenario))
    columns = (Column("rule"), Column("result"), Column("what must hold", wrap=True))
    return Report(
        f"Independent check of a plan for {scenario.title or scenario.name}",
        (Section("Verdict", tuple(blocks)), Section("Rules", (Table(columns, rows),))),
    )


def _cost(checked: Verification, scenario: Scenario, stored: float | None) -> str:
    if not isfinite(checked.objective):
        return "Its records do not fit the scenario, so no cost was computed."
    told = f"Its net present cost is {money(checked.objective, scenario.currency)}, recomputed"
    if stored is None:
        return f"{told}; the file states none."
    off = abs(checked.objective - stored) / max(abs(stored), 1e-9)
    same = "the same as the file states" if off <= 1e-6 else f"off by {percent(off)} from the {stored:,.0f} it states"
    return f"{told}: {same}."


def _violations(checked: Verification, scenario: Scenario) -> Table:
    calendar = scenario.calendar
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (v.rule, "" if v.period is None else calendar[v.period].label, v.message) for v in checked.violations
    )
    columns = (Column("rule"), Column("period"), Column("what is wrong", wrap=True))
    return Table(columns, rows, title="Where it breaks", limit=_MOST, whole="violations of --json")
