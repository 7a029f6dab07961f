"""The shipped scenarios: each is valid, the quick ones are solved as they ask, and a plan is the same each time."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import planner
from planner.cli.main import app
from planner.io.yaml import load
from planner.plan.solve import Options

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "docs" / "small.yaml"
SCENARIOS = sorted(file for file in (ROOT / "examples").glob("*.yaml") if "workloads" in load(file).value)
QUICK = ("superpod", "hbm-cutoff")


def test_there_are_six_and_the_readme_names_each():
    readme = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert len(SCENARIOS) == 6
    assert [file.name for file in SCENARIOS if f"[{file.name}]({file.name})" not in readme] == []


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_it_is_valid_without_a_word_to_say_against_it(file):
    result = CliRunner().invoke(app, ["validate", str(file)])
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert planner.load_scenario(file).name == file.stem


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_one_is_proved_and_verified(name):
    scenario = planner.load_scenario(ROOT / "examples" / f"{name}.yaml")
    plan = planner.solve(scenario, Options(counterfactuals=False))
    assert plan.verified
    assert plan.status == "optimal"
    assert 0 <= plan.gap <= scenario.solver.gap == 0.005
    assert plan.bound <= plan.objective


def test_the_same_scenario_twice_is_the_same_plan_byte_for_byte():
    first, second = (CliRunner().invoke(app, ["plan", str(SMALL), "--json"]) for _ in range(2))
    assert first.exit_code == second.exit_code == 0, first.stderr
    assert first.stdout.startswith("{")
    assert first.stdout_bytes == second.stdout_bytes
