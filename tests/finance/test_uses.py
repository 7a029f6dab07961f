"""What a finance team runs: the command, the example and its notebook, on a small scenario."""

import json
import runpy
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "docs" / "small.yaml"


@pytest.fixture(scope="module")
def run():
    return lambda *arguments: CliRunner().invoke(
        app, list(map(str, arguments)), env={"COLUMNS": "100", "NO_COLOR": "1"}
    )


@pytest.fixture(scope="module")
def saved(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan") / "p"
    assert run("plan", SMALL, "--out", folder, "-q").exit_code == 0
    return folder


def test_a_scenario_and_its_saved_plan_have_the_same_figures(run, saved):
    solved = json.loads(run("finance", SMALL, "--json").stdout)
    again = json.loads(run("finance", saved / "plan.json", "--scenario", SMALL, "--json").stdout)
    assert solved["statements"] == again["statements"]
    assert {m["metric"]: m["value"] for m in solved["metrics"]} == {m["metric"]: m["value"] for m in again["metrics"]}
    total = sum(row["amount"] * row["discount_factor"] for row in solved["cashflow"])
    assert total == pytest.approx(next(m["value"] for m in solved["metrics"] if m["metric"] == "npv"))


def test_the_terminal_shows_statements_and_figures(run, saved):
    told = run("finance", saved / "plan.json", "--scenario", SMALL).stdout
    assert "Statements" in told
    assert "lcoc" in told
    assert max(map(len, told.splitlines())) <= 100


def test_a_file_that_is_no_plan_is_told(run, tmp_path):
    (tmp_path / "x.json").write_text("{}")
    found = run("finance", tmp_path / "x.json")
    assert found.exit_code == 1
    assert "holds no plan" in found.stderr


def test_the_folder_of_a_plan_holds_the_workbook(saved):
    assert (saved / "plan.xlsx").read_bytes()[:2] == b"PK"


def test_the_example_runs(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["finance_import.py", str(SMALL)])
    runpy.run_path(str(ROOT / "examples" / "finance_import.py"), run_name="__main__")
    told = capsys.readouterr().out
    assert told.count("LCOC") == 3
    assert told.count("discount rate") == 4


def test_the_notebook_runs():
    cells = json.loads((ROOT / "examples" / "finance_import.ipynb").read_text())["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells).replace("hyperscaler-cn.yaml", str(SMALL))
    scope: dict[str, object] = {}
    exec(compile(code, "notebook", "exec"), scope)
    assert scope["npv"] == pytest.approx(-scope["plan"].objective)
