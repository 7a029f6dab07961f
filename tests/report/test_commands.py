"""`planner plan` and `planner verify` as a user meets them."""

import json
import re
from pathlib import Path

import pytest

from planner.cli.main import app
from tests.report.conftest import TINY

KEYS = ["schema_version", "status", "objective", "bound", "gap", "verified", "frames", "excluded", "counterfactual"]


@pytest.fixture
def changed(tmp_path):
    """The tiny scenario with one text replaced, in a folder of its own."""

    def make(old: str, new: str) -> Path:
        text = TINY.read_text(encoding="utf-8").replace("../data/tiny", str(TINY.parents[1] / "data" / "tiny"))
        assert old in text
        file = tmp_path / "changed.yaml"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return file

    return make


@pytest.fixture
def saved(runner, plain_rates, tmp_path) -> Path:
    """A saved plan."""
    folder = tmp_path / "plan"
    result = runner.invoke(app, ["plan", str(TINY), "--no-counterfactuals", "--out", str(folder)])
    assert result.exit_code == 0, result.stderr
    return folder / "plan.json"


def test_json_is_a_whole_document_with_the_documented_keys(runner, plain_rates):
    result = runner.invoke(app, ["plan", str(TINY), "--json"])
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    document = json.loads(result.stdout)
    assert set(KEYS) <= set(document)
    assert next(iter(document)) == "schema_version"
    assert (document["status"], document["verified"], document["gap"]) == ("optimal", True, 0.0)
    assert [world["id"] for world in document["counterfactual"]] == ["without-xa"]


def test_the_same_input_gives_the_same_bytes(runner, plain_rates):
    first, second = (runner.invoke(app, ["plan", str(TINY), "--json"]).stdout for _ in range(2))
    assert first == second


def test_out_writes_files_and_says_so_on_stderr(runner, plain_rates, tmp_path):
    result = runner.invoke(app, ["plan", str(TINY), "--no-counterfactuals", "--out", str(tmp_path / "p")])
    assert re.search(r"wrote \d+ files", result.stderr)
    assert "── Verdict" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("region: plain", "region: plan", "unknown-name"),
        ("grid: 90 kW", "grid: -90 kW", "unit"),
        ("deadline: 2026-Q3", "deadline: 2036-Q3", "outside-horizon"),
        ("knowledge_date", "knowlege_date", "unknown-key"),
    ],
)
def test_bad_input_is_told_at_its_place_and_nothing_is_written(runner, changed, tmp_path, old, new, code):
    file, folder = changed(old, new), tmp_path / "out"
    result = runner.invoke(app, ["plan", str(file), "--out", str(folder)])
    line = file.read_text().split(new)[0].count("\n") + 1
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"{file}:{line}:" in result.stderr
    assert f"error[{code}]" in result.stderr
    assert not folder.exists()


def test_a_wrong_gap_is_wrong_usage(runner):
    result = runner.invoke(app, ["plan", str(TINY), "--gap", "a lot"])
    assert result.exit_code == 2
    assert "0.5 %" in result.stderr


def test_what_cannot_be_met_ends_with_3_and_the_targets(runner, plain_rates, changed, tmp_path):
    file = changed("2026-Q3: 9e4", "2026-Q3: 9e6")
    result = runner.invoke(app, ["plan", str(file), "--out", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert "dense: the target cannot be met" in result.stderr
    assert f"{file}:" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_saved_plan_is_verified(runner, saved):
    result = runner.invoke(app, ["verify", str(saved), str(TINY)])
    assert result.exit_code == 0, result.output
    assert "The plan keeps all" in result.stdout


def test_a_tampered_plan_is_refused_with_the_rule_it_breaks(runner, saved):
    document = json.loads(saved.read_text())
    document["decisions"]["orders"] = []
    saved.write_text(json.dumps(document))
    result = runner.invoke(app, ["verify", str(saved), str(TINY), "--json"])
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["status"] == "violated"
    assert "stock" in {violation["rule"] for violation in found["violations"]}
    assert {rule["rule"]: rule["ok"] for rule in found["rules"]}["stock"] is False


def test_a_wrong_cost_is_found(runner, saved):
    document = json.loads(saved.read_text())
    document["objective"] *= 0.9
    saved.write_text(json.dumps(document))
    result = runner.invoke(app, ["verify", str(saved), str(TINY)])
    assert result.exit_code == 1
    assert "off by" in result.stdout


def test_a_plan_of_another_scenario_is_refused_unless_asked(runner, saved, changed):
    other = changed("discount_rate: 8 %/yr", "discount_rate: 9 %/yr")
    result = runner.invoke(app, ["verify", str(saved), str(other)])
    assert result.exit_code == 1
    assert "error[other-scenario]" in result.stderr
    anyway = runner.invoke(app, ["verify", str(saved), str(other), "--anyway"])
    assert "checked all the same" in anyway.stderr
    assert "off by" in anyway.stdout


@pytest.mark.parametrize("text", ["{}", "no json", '{"decisions": {}, "schema_version": 99}'])
def test_what_is_no_plan_is_refused(runner, tmp_path, text):
    file = tmp_path / "plan.json"
    file.write_text(text)
    result = runner.invoke(app, ["verify", str(file), str(TINY)])
    assert result.exit_code == 1
    assert str(file) in result.stderr
