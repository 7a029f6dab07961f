"""The report of a plan: what a planner reads, at two widths, and what is behind it."""

import re
from dataclasses import replace

import pytest

from planner.plan.solve import Options, solve
from planner.report.files import plan_files
from planner.report.markdown import render
from planner.report.plan import plan_report
from planner.scenario.load import load_scenario, patched
from tests.report.conftest import TINY, printed

ORDER = [
    "Verdict",
    "Build-out",
    "Throughput against target",
    "Power and cooling against budget",
    "Cost",
    "What the rules cost",
    "Limits that bind",
    "Ruled out",
    "What rules ask",
    "Assumptions",
    "Next",
]


def told(text: str) -> str:
    """Text without what differs between machines: the path of the scenario."""
    return text.replace(str(TINY), "tests/report/tiny.yaml")


def on_one_line(text: str) -> str:
    """Text as it reads, line breaks aside."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("width", [80, 140])
def test_the_report_reads_as_it_should(plan, snapshot, width):
    shown = told(printed(plan_report(plan), width))
    assert shown == snapshot
    assert max(map(len, shown.split("\n"))) <= width


def test_as_markdown_it_says_the_same(plan, snapshot):
    assert told(render(plan_report(plan))) == snapshot


def test_sections_stand_in_the_order_in_which_one_decides(plan):
    assert [section.title for section in plan_report(plan).sections] == ORDER


def test_the_verdict_names_cost_bound_and_gap(plan):
    shown = on_one_line(printed(plan_report(plan), 80))
    assert "Every target is met: dense in all 4 periods and frontier is done in 2026-Q2 on 4 Red at home/air." in shown
    assert "Status optimal (proved)" in shown
    assert "Verified: an independent check recomputed every limit and the cost, and agrees." in shown


def test_costs_by_line_and_by_year_add_up_to_the_objective(plan):
    (cost,) = (section for section in plan_report(plan).sections if section.title == "Cost")
    for table, column in zip(cost.blocks, (1, 4), strict=True):
        *parts, total = (row[column] for row in table.rows)
        assert sum(parts) == pytest.approx(total)
        assert total == pytest.approx(plan.objective)


def test_a_rule_that_closed_something_is_named_with_date_and_source(plan):
    shown = on_one_line(printed(plan_report(plan), 140))
    assert "no-blue-imports (since 2026-04-01): Blue stays out. It applies because" in shown
    assert "Source: tests" in shown
    assert "cancelled by no-blue-imports" in shown


def test_a_difference_below_the_gaps_is_called_indistinguishable_from_zero(plan):
    from dataclasses import replace

    (world,) = plan.worlds
    assert world.objective is not None
    same = replace(world, objective=plan.objective, bound=plan.bound - 1.0, difference=0.0)
    shown = on_one_line(printed(plan_report(replace(plan, worlds=(same,))), 80))
    assert "cannot be told from zero: the rules cost 0 XTS to 1.00 XTS" in shown


def test_without_counterfactuals_the_report_says_so(plain_rates):
    plan = solve(load_scenario(TINY), Options(counterfactuals=False))
    assert "1 counterfactual of the scenario not solved" in printed(plan_report(plan), 80)


def test_a_shortfall_is_in_the_verdict(plain_rates):
    patch = {"workloads.dense.target": "8e5 tokens/s", "workloads.dense.shortfall+": "0.0001 XTS"}
    plan = solve(patched(load_scenario(TINY), patch), Options(counterfactuals=False))
    shown = on_one_line(printed(plan_report(plan), 80))
    assert "Not every target is met: dense falls short in 4 periods, most in 2026-Q1" in shown


def test_files_hold_every_table_and_a_plan_that_reads_back(plan, tmp_path):
    from planner.plan.columns import COLUMNS
    from planner.plan.save import read_decisions
    from planner.report.folder import write_folder

    files = plan_files(plan, plan_report(plan))
    assert set(files) == {"plan.json", "plan.xlsx", "report.html", "report.md", *(f"{name}.csv" for name in COLUMNS)}
    write_folder(tmp_path, files)
    decisions, saved = read_decisions(tmp_path / "plan.json")
    assert decisions == plan.decisions
    assert saved["objective"] == plan.objective


def test_a_limit_that_only_the_relaxation_pays_for_says_so(plan):
    """Its price is there, its use is not: a reader would take the two for a contradiction."""
    limit = next(limit for limit in plan.limits if limit.sense == "<=" and limit.rhs > 0)
    for used, marks in ((0.0, 2), (limit.rhs, 0)):
        one = replace(plan, limits=(replace(limit, lhs=used, shadow_price=3.0),))
        text = on_one_line(printed(plan_report(one), 140)).lower()
        assert text.count("relaxation only") == marks
