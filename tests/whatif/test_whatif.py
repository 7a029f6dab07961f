"""What-ifs: paths are strict, answers are in order, one question without a plan does not end the run."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import planner
from planner.analysis.apart import Apart
from planner.analysis.questions import expand
from planner.cli.main import app
from planner.errors import InputError
from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
QUESTIONS = Path(__file__).with_name("questions.yaml")


@pytest.fixture(scope="module")
def answers():
    """The tiny scenario and three questions, answered."""
    return planner.run_whatifs(load_scenario(TINY), QUESTIONS)


@pytest.fixture
def asked(tmp_path):
    """A file of questions with given text."""

    def write(text: str) -> Path:
        file = tmp_path / "questions.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_answers_stand_in_the_order_asked_after_the_base(answers):
    assert [answer.id for answer in answers.answers] == ["base", "rules-off", "too-much", "dear-power"]
    assert [row["question"] for row in answers.tables["comparison"]] == [answer.id for answer in answers.answers]


def test_the_base_is_the_plan_that_solve_finds(answers):
    plan = solve(load_scenario(TINY), Options(counterfactuals=False))
    assert answers.base.objective == pytest.approx(plan.objective)


def test_differences_are_to_the_base_and_bracketed_by_the_bounds(answers):
    rows = {row["question"]: row for row in answers.tables["comparison"]}
    assert rows["base"]["difference"] is None
    for key in ("rules-off", "dear-power"):
        row = rows[key]
        assert row["difference"] == pytest.approx(row["objective"] - rows["base"]["objective"])
        assert row["least_difference"] <= row["difference"] <= row["most_difference"]
    assert rows["rules-off"]["most_difference"] >= 0 or rows["rules-off"]["difference"] < 0
    assert rows["dear-power"]["difference"] > 0


def test_a_question_without_a_plan_says_what_cannot_be_met(answers):
    answer = answers.answers[2]
    assert (answer.status, answer.plan, answer.exit_code) == ("infeasible", None, 3)
    assert "dense: the target cannot be met" in answer.why


def test_frames_are_tidy(answers):
    frames = answers.frames()
    assert list(frames)[:3] == ["comparison", "workloads", "changes"]
    assert len(frames["comparison"]) == 4
    assert set(frames["workloads"]["question"]) == {"base", "rules-off", "dear-power"}


def test_runs_are_compared_in_days(answers):
    runs = [row for row in answers.tables["workloads"] if row["workload"] == "frontier"]
    assert runs[0]["shift_days"] == 0
    assert all(row["end"] is not None for row in runs)


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("questions:\n  - id: a\n    set: {sites.hom.grid: 1 kW}\n", 3, 11, "did you mean 'home'"),
        ("questions:\n  - id: a\n    set:\n      polcy.without: [XA]\n", 4, 7, "did you mean 'policy'"),
        ("questions:\n  - id: a\n    set: {sites.home.grid: 90}\n", 3, 28, "unit"),
        ("questions:\n  - id: a\n    sets: {}\n", 3, 5, "did you mean"),
        ("questions:\n  - {id: base, set: {name: x}}\n", 2, 10, "scenario itself"),
        ("questions:\n  - {id: a, set: {name: x}}\n  - {id: a, set: {name: y}}\n", 3, 10, "asked twice"),
        ("questions:\n  - {id: a, set: {workloads.dense.model: tiny-2b}}\n", 2, 42, "tiny-1b"),
    ],
)
def test_a_fault_is_told_at_its_place_before_anything_is_solved(asked, text, line, column, said):
    file = asked(text)
    with pytest.raises(InputError) as caught:
        expand(load_scenario(TINY), file)
    places = [diagnostic.place for diagnostic in caught.value.diagnostics]
    assert (str(file), line, column) in [tuple(place) for place in places if place]
    assert said in str(caught.value)


def test_all_faults_of_all_questions_are_told_at_once(asked):
    file = asked("questions:\n  - {id: a, set: {sites.x: 1}}\n  - {id: b, set: {sites.y: 1}}\n")
    with pytest.raises(InputError) as caught:
        expand(load_scenario(TINY), file)
    assert len(caught.value.diagnostics) == 2


def test_questions_may_be_written_in_python():
    cases = expand(load_scenario(TINY), [{"id": "cold", "set": {"sites.home.halls.air.it_power": "5 kW"}}]).cases
    assert [case.id for case in cases] == ["base", "cold"]
    assert cases[1].scenario.sites[0].halls[0].it_power.steps == {"0001": 5.0}


def test_a_path_reaches_what_the_file_leaves_to_defaults():
    cases = expand(
        load_scenario(TINY), [{"id": "q", "set": {"supply.scale": {"tiny-red": 0.5}, "budget.total+": "1 XTS"}}]
    ).cases
    assert cases[1].scenario.supply.scale == {"tiny-red": 0.5}
    assert cases[1].scenario.budget.total.amount == 1.0


def test_the_command_compares_and_ends_well(tmp_path):
    runner = CliRunner()
    result = runner.invoke(app, ["whatif", str(TINY), str(QUESTIONS), "--out", str(tmp_path / "w")])
    assert result.exit_code == 0, result.output
    assert "Without a plan" in result.stdout
    assert "A hundred times the work (too-much): infeasible." in " ".join(result.stdout.split())
    written = {path.name for path in (tmp_path / "w").iterdir()}
    tables = {"comparison.csv", "workloads.csv", "changes.csv", "runs.csv"}
    assert {"whatif.json", "report.html", "report.md", "runs", *tables} <= written
    document = json.loads((tmp_path / "w" / "whatif.json").read_text())
    assert list(document)[:4] == ["schema_version", "scenario", "currency", "frames"]


def test_the_command_refuses_a_bad_path_and_writes_nothing(asked, tmp_path):
    file = asked("questions:\n  - {id: a, set: {sites.hom.grid: 1 kW}}\n")
    result = CliRunner().invoke(app, ["whatif", str(TINY), str(file), "--out", str(tmp_path / "w")])
    assert result.exit_code == 1
    assert f"{file}:2:19: error[patch-path]" in result.stderr
    assert not (tmp_path / "w").exists()


def _double(number: int) -> int:
    return 2 * number


def _fail() -> None:
    raise InputError("wrong")


def _end() -> None:
    import os

    os._exit(3)


def test_work_apart_answers_in_order_and_hands_back_faults():
    with Apart(2) as apart:
        waiting = [apart.submit(_double, n) for n in range(5)]
        failing = apart.submit(_fail)
        assert [future.result() for future in waiting] == [0, 2, 4, 6, 8]
        with pytest.raises(InputError, match="wrong"):
            failing.result()


def test_a_worker_that_dies_is_a_fault_of_ours():
    from planner.errors import InternalError

    with Apart(1) as apart, pytest.raises(InternalError, match="exit code"):
        apart.submit(_end).result()


def test_leaving_by_an_exception_ends_the_workers_at_once():
    import time

    began = time.monotonic()
    with pytest.raises(KeyError), Apart(1) as apart:
        apart.submit(time.sleep, 60)
        time.sleep(0.5)
        raise KeyError("out")
    assert time.monotonic() - began < 20
