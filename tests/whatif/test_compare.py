"""Plans beside one another: saved, run in a sweep, or scenarios to be solved."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import planner
from planner.analysis.whatif import run_whatifs
from planner.cli.main import app
from planner.errors import InputError
from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
QUESTIONS = [
    {"id": "more", "scale": {"workloads.dense.target": 1.5}},
    {"id": "dear-power", "scale": {"facts.regions.plain.tariff": 2}},
    {"id": "renamed", "set": {"title": "Another title"}},
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare") / "runs"
    run_whatifs(load_scenario(TINY), QUESTIONS, workers=0, out=folder)
    return folder


def test_differences_add_up_and_name_what_differs(store):
    found = planner.compare(store / "base", store / "more", store / "dear-power")
    assert [row["plan"] for row in found.tables["figures"]] == ["base", "more", "dear-power"]
    for name in ("more", "dear-power"):
        figure = next(row for row in found.tables["figures"] if row["plan"] == name)
        total = sum(row["difference"] for row in found.tables["bridge"] if row["plan"] == name)
        assert total == pytest.approx(figure["difference"], abs=1e-6)
        assert figure["least_difference"] <= figure["difference"] <= figure["most_difference"]
    keys = {row["plan"]: row["key"] for row in found.tables["inputs"] if row["kind"] == "scenario"}
    assert "workloads.dense.target" in keys["more"]
    assert "facts" in keys["dear-power"]
    assert not found.same


def test_plans_from_everywhere_can_be_compared(store, tmp_path):
    plan = solve(load_scenario(TINY), Options(counterfactuals=False))
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "plan.json").write_text(json.dumps(plan.to_json(), default=list))
    run = next((store / "runs").iterdir())
    found = planner.compare(plan, plan.to_json(), tmp_path / "p", tmp_path / "p" / "plan.json", store / "base", TINY)
    assert found.same
    assert len({side.name for side in found.sides}) == 6
    assert run.suffix == ".json"
    assert all(row["difference"] == pytest.approx(0, abs=1e-9) for row in found.tables["bridge"])


def test_a_run_like_the_base_has_its_plan(store):
    assert planner.compare(store / "base", store / "renamed").same


def test_exit_code_10_tells_that_plans_differ(store):
    runner = CliRunner()
    same = runner.invoke(app, ["compare", str(store / "base"), str(store / "renamed"), "--exit-code"])
    other = runner.invoke(app, ["compare", str(store / "base"), str(store / "more"), "--exit-code", "--json"])
    assert (same.exit_code, other.exit_code) == (0, 10)
    assert "all plans decide the same" in same.stdout
    assert json.loads(other.stdout)["same"] is False
    assert runner.invoke(app, ["compare", str(store / "base"), str(store / "more")]).exit_code == 0


def test_the_command_writes_its_tables(store, tmp_path):
    out = tmp_path / "c"
    result = CliRunner().invoke(app, ["compare", str(store / "base"), str(store / "more"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert {"compare.json", "figures.csv", "changes.csv", "report.md"} <= {path.name for path in out.iterdir()}


@pytest.mark.parametrize(
    ("name", "said"),
    [("mor", "did you mean 'more'"), ("/nothing/here.json", "there is no plan"), ("store.json", "holds no plan")],
)
def test_what_is_no_plan_is_told(store, name, said):
    with pytest.raises(InputError, match=said):
        planner.compare(store / "base", store / name)


def test_one_plan_and_two_currencies_are_refused(store):
    with pytest.raises(InputError, match="two plans or more"):
        planner.compare(store / "base")
    plan = solve(load_scenario(TINY), Options(counterfactuals=False)).to_json()
    with pytest.raises(InputError, match="XTS and XXX"):
        planner.compare(plan, {**plan, "currency": "XXX"})
    assert CliRunner().invoke(app, ["compare", str(store / "base")]).exit_code == 2


def test_a_scenario_without_a_plan_ends_with_its_code(tmp_path, store):
    text = TINY.read_text().replace("[../data/tiny]", f"[{TINY.parents[1] / 'data' / 'tiny'}]")
    file = tmp_path / "s.yaml"
    file.write_text(text.replace("9e4 tokens/s", "9e8 tokens/s"))
    assert CliRunner().invoke(app, ["compare", str(store / "base"), str(file)]).exit_code == 3
