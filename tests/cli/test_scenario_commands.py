"""`validate`, `show` and `schema`: a scenario seen without solving it."""

import json
from pathlib import Path

import jsonschema
import pytest

from planner.catalog.load import load_catalog
from planner.cli.main import app
from planner.io.yaml import load, loads
from planner.report.effective import render
from planner.scenario.load import load_scenario, scenario_of
from planner.scenario.model import Scenario
from planner.scenario.schema import NAMED, scenario_schema

EXAMPLE = Path(__file__).parents[2] / "examples" / "hyperscaler-cn.yaml"


@pytest.fixture(scope="module")
def schema() -> dict:
    """What `planner schema` prints."""
    return scenario_schema(load_catalog())


@pytest.fixture
def broken(tmp_path):
    """The example with one text replaced, and the line on which that text stands."""

    def make(old: str, new: str) -> tuple[Path, int]:
        text = EXAMPLE.read_text(encoding="utf-8")
        assert old in text
        file = tmp_path / "broken.yaml"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return file, text[: text.index(old)].count("\n") + 1

    return make


def test_the_example_is_valid(runner):
    result = runner.invoke(app, ["validate", str(EXAMPLE)])
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert "is valid: 2025-Q4 to 2028-Q4, 13 periods, 5 sites" in result.stdout


def test_validate_as_json_counts_what_is_there(runner):
    document = json.loads(runner.invoke(app, ["validate", str(EXAMPLE), "--json"]).stdout)
    assert (document["schema_version"], document["status"], document["diagnostics"]) == (1, "valid", [])
    assert document["size"]["periods"] == 13


@pytest.mark.parametrize(
    ("old", "new", "code", "hint"),
    [
        ("region: cn-guizhou", "region: cn-guizou", "unknown-name", "cn-guizhou"),
        ("rack_power: 30 kW", "rack_power: -30 kW", "unit", None),
        ("knowledge_date", "knowlege_date", "unknown-key", "knowledge_date"),
        ("deadline: 2026-Q4", "deadline: 2031-Q1", "outside-horizon", None),
    ],
)
def test_a_fault_is_told_with_its_place_and_nothing_is_printed(runner, broken, old, new, code, hint):
    file, line = broken(old, new)
    result = runner.invoke(app, ["validate", str(file)])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"{file}:{line}:" in result.stderr
    assert f"error[{code}]" in result.stderr
    assert hint is None or hint in result.stderr


def test_a_missing_file_is_an_error_of_the_input(runner, tmp_path):
    result = runner.invoke(app, ["validate", str(tmp_path / "none.yaml")])
    assert result.exit_code == 1
    assert "error[file-missing]" in result.stderr


@pytest.mark.parametrize("defaults", [True, False])
def test_what_is_shown_reads_back_as_the_same_scenario(defaults):
    scenario = load_scenario(EXAMPLE)
    again = scenario_of(loads(render(scenario, defaults=defaults), str(EXAMPLE)))
    assert again.model_dump() == scenario.model_dump()


def test_every_effective_value_says_where_it_was_set(runner):
    shown = runner.invoke(app, ["show", str(EXAMPLE), "--effective"]).stdout
    document = load(EXAMPLE)
    line = next(line for line in shown.splitlines() if line.startswith("currency: CNY"))
    assert line.endswith(f"# {document.place(('currency',))}")
    assert any(line.endswith("# default") for line in shown.splitlines())
    assert all("#" in line or line.rstrip().endswith(":") for line in shown.splitlines())


def test_show_as_json_names_origins_by_path(runner):
    document = json.loads(runner.invoke(app, ["show", str(EXAMPLE), "--effective", "--json"]).stdout)
    assert document["scenario"]["sites"][0]["id"] == "ulanqab"
    assert document["origins"]["sites.0.id"].startswith(str(EXAMPLE))
    assert document["origins"]["sites.0.note"] == "default"


def test_show_without_defaults_is_shorter(runner):
    brief = runner.invoke(app, ["show", str(EXAMPLE)]).stdout
    assert "#" not in brief
    assert len(brief) < len(runner.invoke(app, ["show", str(EXAMPLE), "--effective"]).stdout)


def test_the_schema_is_one_and_accepts_the_example(schema):
    jsonschema.Draft7Validator.check_schema(schema)
    faults = list(jsonschema.Draft7Validator(schema).iter_errors(load(EXAMPLE).value))
    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


@pytest.mark.parametrize(
    ("key", "value"), [("knowlege_date", "2025-10-31"), ("buyer", "no-such-buyer"), ("sites", []), ("values", "middle")]
)
def test_the_schema_refuses_what_the_planner_refuses(schema, key, value):
    scenario = {**load(EXAMPLE).value, key: value}
    assert not jsonschema.Draft7Validator(schema).is_valid(scenario)


def test_every_field_that_names_a_catalog_entry_exists(schema):
    for model, field in NAMED:
        owner = schema if model == "Scenario" else schema["definitions"][model]
        assert field in owner["properties"]
        assert "enum" in json.dumps(owner["properties"][field])


def test_every_field_of_the_scenario_is_in_the_schema(schema):
    assert set(schema["properties"]) == set(Scenario.model_fields)


def test_definition_names_are_for_people(schema):
    assert all("_" not in name for name in schema["definitions"])


def test_the_schema_command_prints_it(runner, schema):
    assert json.loads(runner.invoke(app, ["schema"]).stdout) == schema
    assert runner.invoke(app, ["schema", "--json"]).stdout.count("\n") == 1
    assert "cn-guizhou" not in runner.invoke(app, ["schema", "--no-names"]).stdout
