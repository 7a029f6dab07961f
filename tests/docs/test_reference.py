"""docs/columns.md and docs/schema.md are what `make docs` writes, and say what a plan really holds."""

import sys

import pytest

from planner.analysis.whatif import Answer, WhatIfs
from planner.plan.columns import COLUMNS, columns_of
from planner.plan.plan import Plan
from planner.plan.solve import solve
from planner.scenario.load import load_scenario
from tests.docs.pages import ROOT, text


@pytest.fixture(scope="module")
def pages():
    """The modules behind `make docs`."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from reference import columns, measured, schema
    finally:
        sys.path.pop(0)
    return {"columns": columns, "schema": schema, "throughput": measured}


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A small plan."""
    return solve(load_scenario(ROOT / "tests" / "docs" / "small.yaml"))


@pytest.mark.parametrize("name", ["columns", "schema", "throughput"])
def test_the_page_is_up_to_date(pages, name):
    assert text(f"docs/{name}.md") == pages[name].page(), f"docs/{name}.md is stale: run make docs"


def test_tables_have_the_documented_columns(plan):
    assert set(plan.tables) == set(COLUMNS)
    for name, rows in plan.tables.items():
        documented = [column.name for column in columns_of(name, *plan.currencies)]
        assert all(set(row) <= set(documented) for row in rows), name
        assert list(plan.frames()[name].columns) == ["scenario", *documented]


def test_the_json_has_the_documented_keys(plan, pages):
    assert list(plan.to_json()) == list(pages["columns"].TOP)


def test_what_ifs_have_the_documented_columns(plan, pages):
    base = plan.to_json()
    other = {**base, "frames": {**base["frames"], "builds": []}}
    answers = tuple(Answer(name, name, "optimal", found) for name, found in (("base", base), ("other", other)))
    tables = WhatIfs(plan.scenario, answers).tables
    documented = {name: list(meanings) for name, meanings in pages["columns"].WHATIF.items()}
    assert list(tables) == list(documented)
    made = {name: list(rows[-1]) for name, rows in tables.items() if rows}
    assert made == {name: documented[name] for name in made}
