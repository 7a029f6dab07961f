"""Another solver, options of HiGHS, the program as a file: what is asked for happens, or is refused by name."""

import json
from pathlib import Path

import highspy
import pulp
import pytest
from typer.testing import CliRunner

from planner.cli.main import app

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
OTHERS = [name for name in pulp.listSolvers(onlyAvailable=True) if name in ("COIN_CMD", "SCIP_PY")]
"""Of those that may be here; PuLP leaves a file open with GLPK."""


def planned(*options: str):
    """Plan the tiny scenario without its other worlds."""
    return CliRunner().invoke(app, ["plan", str(TINY), "--no-counterfactuals", *options])


@pytest.fixture(scope="module")
def objective() -> float:
    """Least cost by HiGHS."""
    return json.loads(planned("--json").stdout)["objective"]


@pytest.mark.parametrize("solver", OTHERS or [pytest.param("none", marks=pytest.mark.skip("no other solver here"))])
def test_another_solver_finds_a_plan_of_the_same_cost(objective, solver):
    result = planned("--json", "--solver", solver.lower())
    assert result.exit_code == 0, result.stderr
    plan = json.loads(result.stdout)
    assert plan["objective"] == pytest.approx(objective, rel=1e-6)
    assert plan["bound"] <= plan["objective"] + 1e-6
    assert (plan["solver"]["name"], plan["verified"]) == (solver, True)


def test_a_solver_that_nobody_knows_is_refused_with_the_nearest():
    result = planned("--solver", "HiGSH")
    assert result.exit_code == 1
    assert "there is no solver 'HiGSH'" in result.stderr
    assert "did you mean HiGHS?" in result.stderr


def test_a_solver_that_is_not_installed_is_refused_with_those_that_are():
    missing = sorted(set(pulp.listSolvers()) - set(pulp.listSolvers(onlyAvailable=True)))[0]
    result = planned("--solver", missing)
    assert result.exit_code == 1
    assert f"{missing} is not installed here" in result.stderr
    assert "HiGHS" in result.stderr


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("mip_rel_gapp=0.1", "did you mean mip_rel_gap?"),
        ("threads=two", "refuses 'two' for its option threads"),
        ("presolve=perhaps", "refuses 'perhaps' for its option presolve"),
        ("presolve", "write NAME=VALUE"),
    ],
)
def test_an_option_that_highs_does_not_take_is_refused(option, told):
    result = planned("--solver-option", option)
    assert result.exit_code == 1
    assert "error[solver-option]" in result.stderr
    assert told in result.stderr


def test_options_are_taken_and_named_in_the_plan(objective):
    plan = json.loads(
        planned("--json", "--solver-option", "presolve=off", "--solver-option", "mip_max_leaves=5000").stdout
    )
    assert plan["objective"] == pytest.approx(objective, rel=1e-6)
    assert plan["solver"]["options"] == {"presolve": "off", "mip_max_leaves": 5000}


def test_the_program_as_a_file_has_the_same_optimum_and_readable_names(objective, tmp_path):
    file = tmp_path / "program.mps"
    result = planned("--mps", str(file))
    assert result.exit_code == 0
    assert f"wrote the program to {file}" in result.stderr
    highs = highspy.Highs()
    highs.silent()
    assert highs.readModel(str(file)) == highspy.HighsStatus.kOk
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.run()
    assert highs.getInfo().objective_function_value == pytest.approx(objective / 1e6, rel=1e-6)
    names = set(highs.getLp().col_names_)
    assert "order[red-4,2026-Q1]" in names


def test_a_folder_that_cannot_be_written_is_refused_before_the_search(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr("planner.plan.solve.solve", lambda *_, **__: pytest.fail("searched all the same"))
    result = planned("--out", str(tmp_path / "file" / "plan"))
    assert result.exit_code == 1
    assert "error[file-unwritable]" in result.stderr
    assert "is not a folder" in result.stderr
