"""Another solver, options of HiGHS, the program as a file: what is asked for happens, or is refused by name."""

import json
import re
import shutil
import signal
import subprocess
from pathlib import Path

import highspy
import pulp
import pytest
from typer.testing import CliRunner

from planner.cli.ending import ended_by_term
from planner.cli.main import app
from planner.errors import InputError
from planner.optimize.chosen import CALLED, PACKAGES, checked_solver

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
OTHERS = [name for name in pulp.listSolvers(onlyAvailable=True) if name in ("COIN_CMD", "GLPK_CMD", "SCIP_PY")]
"""Of those that may be here."""


def planned(*options: str):
    """Plan the tiny scenario without its other worlds."""
    return CliRunner().invoke(app, ["plan", str(TINY), "--no-counterfactuals", *options])


@pytest.fixture(scope="module")
def objective() -> float:
    """Least cost by HiGHS."""
    return json.loads(planned("--json").stdout)["objective"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # PuLP leaves a file open with GLPK
@pytest.mark.filterwarnings("ignore::ResourceWarning")
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
    assert "help: install" in result.stderr
    assert "HiGHS" in result.stderr


@pytest.mark.parametrize("name", sorted(set(pulp.listSolvers()) - set(pulp.listSolvers(onlyAvailable=True))))
def test_every_solver_that_is_not_here_says_what_to_install(name):
    with pytest.raises(InputError, match=r"help: install \w") as found:
        checked_solver(name)
    assert found.value.diagnostics[0].code == "solver-missing"


def test_solvers_go_by_their_common_names():
    assert {checked_solver(name) for name in ("highs", "HIGHS", " HiGHS ")} == {"HiGHS"}
    assert set(CALLED.values()) <= set(pulp.listSolvers())
    assert not set(PACKAGES) - set(pulp.listSolvers())


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("mip_rel_gapp=0.1", "did you mean mip_rel_gap?"),
        ("random_seed=two", "refuses 'two' for its option random_seed"),
        ("random_seed=-1", "type: integer, range: {0, 2147483647}"),
        ("random_seed=99999999999999999999", "type: integer, range: {0, 2147483647}"),
        ("mip_abs_gap=nan", "type: double, range: [0, inf]"),
        ("mip_abs_gap=inf", "refuses 'inf'"),
        ("mip_rel_gap=0.1", "use --gap"),
        ("time_limit=5", "use --time-limit"),
        ("user_bound_scale=3", "no longer be in the plan's units"),
        ("=3", "has no name"),
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
    assert highs.getLp().offset_ == 0.0  # a column: readers differ on the sign of a constant
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.run()
    assert highs.getInfo().objective_function_value == pytest.approx(objective / 1e6, rel=1e-6)
    names = set(highs.getLp().col_names_)
    assert "order[red-4,2026-Q1]" in names


READERS = [name for name in ("glpsol", "cbc") if shutil.which(name)]


@pytest.mark.parametrize("program", READERS or [pytest.param("none", marks=pytest.mark.skip("no other solver here"))])
def test_other_solvers_read_the_file_to_the_same_optimum(objective, program, tmp_path):
    """The constant of the objective is a column: GLPK and HiGHS differ on the sign of one."""
    file = tmp_path / "program.mps"
    planned("--mps", str(file))
    order = [program, "--freemps", str(file)] if program == "glpsol" else [program, str(file), "solve"]
    said = subprocess.run(order, capture_output=True, text=True, check=True).stdout
    found = [float(value) for value in re.findall(r"(?:mip =|Objective value:) +([-+.\de]+)", said)]
    assert found[-1] == pytest.approx(objective / 1e6, rel=1e-6)


def test_the_file_is_written_for_a_program_without_a_solution_too(tmp_path):
    """Where no column has a part in a row, too: that row stands there empty."""
    file, scenario = tmp_path / "program.mps", tmp_path / "scenario.yaml"
    text = TINY.read_text(encoding="utf-8").replace("../data/tiny", str(TINY.parents[1] / "data" / "tiny"))
    scenario.write_text(text.replace("    target: {", "    least_job: 17\n    target: {"), encoding="utf-8")
    result = CliRunner().invoke(app, ["plan", str(scenario), "--no-counterfactuals", "--mps", str(file)])
    assert result.exit_code == 3
    highs = highspy.Highs()
    highs.silent()
    assert highs.readModel(str(file)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible
    assert any("stream_target,dense" in name for name in highs.getLp().row_names_)


def test_names_and_bytes_of_the_file_are_the_same_every_time(tmp_path):
    texts = []
    for name in ("one", "two"):
        planned("--mps", str(tmp_path / name))
        texts.append((tmp_path / name).read_bytes())
    assert texts[0] == texts[1]
    rows = [line.split()[1] for line in texts[0].decode().split("COLUMNS")[0].splitlines()[2:]]
    assert len(set(rows)) == len(rows)


def test_sigterm_ends_as_ctrl_c_does():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), ended_by_term():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_folder_that_cannot_be_written_is_refused_before_the_search(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr("planner.plan.solve.solve", lambda *_, **__: pytest.fail("searched all the same"))
    result = planned("--out", str(tmp_path / "file" / "plan"))
    assert result.exit_code == 1
    assert "error[file-unwritable]" in result.stderr
    assert "is not a folder" in result.stderr
