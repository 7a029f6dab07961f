"""Every way to end has its exit code, its words on stderr, and nothing on stdout but data."""

import json
import re

import pytest

from planner.cli.main import app

pytestmark = pytest.mark.usefixtures("endings")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["fine", "1"], 0),
        (["wrong"], 1),
        (["unwritable"], 1),
        (["group", "inner"], 1),
        (["fine", "one"], 2),
        (["fine"], 2),
        (["fine", "1", "--nonsense"], 2),
        (["nonsense"], 2),
        ([], 2),
        (["infeasible"], 3),
        (["late"], 4),
        (["bug"], 5),
        (["interrupt"], 130),
    ],
)
def test_every_ending_has_its_exit_code(runner, args, code):
    result = runner.invoke(app, args)
    assert result.exit_code == code
    assert "Traceback" not in result.stderr


def test_faults_name_place_code_and_remedy_and_are_counted(runner):
    result = runner.invoke(app, ["wrong"])
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "no-such-file.yaml:3:7: error[unknown-name]: no accelerator H200x",
        "  help: did you mean H200?",
        "error[unit]: power is negative",
        "2 errors",
    ]


def test_errors_and_warnings_are_counted_apart(runner):
    assert runner.invoke(app, ["warned"]).stderr.splitlines()[-1] == "1 error, 1 warning"


def test_with_json_a_failure_is_a_document_on_stdout(runner):
    result = runner.invoke(app, ["wrong", "--json"])
    document = json.loads(result.stdout)
    assert (document["schema_version"], document["status"]) == (1, "input-error")
    assert document["diagnostics"][0] == {
        "severity": "error",
        "code": "unknown-name",
        "message": "no accelerator H200x",
        "hint": "did you mean H200?",
        "file": "no-such-file.yaml",
        "line": 3,
        "column": 7,
    }
    assert "2 errors" in result.stderr


@pytest.mark.parametrize(
    ("args", "status"), [(["infeasible"], "infeasible"), (["bug"], "error"), (["group", "inner"], "input-error")]
)
def test_the_document_names_the_kind_of_failure(runner, args, status):
    assert json.loads(runner.invoke(app, [*args, "--json"]).stdout)["status"] == status


def test_a_bug_is_reported_as_one_and_its_traceback_waits_for_debug(runner):
    quiet = runner.invoke(app, ["bug"])
    assert re.search(r"internal error: IndexError: list index out of range \(\w+\.py:\d+\)", quiet.stderr)
    assert "a fault of the program" in quiet.stderr
    loud = runner.invoke(app, ["bug", "--debug"])
    assert loud.exit_code == 5
    assert "Traceback" in loud.stderr


def test_debug_stands_anywhere_but_not_behind_the_double_dash(runner):
    assert runner.invoke(app, ["--debug", "bug"]).exit_code == 5
    assert runner.invoke(app, ["fine", "--", "--debug"]).exit_code == 2


def test_an_unwritable_file_is_named_as_the_users_fault(runner):
    assert (
        "error[file]: /no/such/folder/plan.json: No such file or directory" in runner.invoke(app, ["unwritable"]).stderr
    )


def test_a_misspelt_command_is_guessed(runner):
    assert "Did you mean 'infeasible'?" in runner.invoke(app, ["infeasable"]).stderr


def test_a_group_shows_its_commands(runner):
    result = runner.invoke(app, ["group", "--help"])
    assert result.exit_code == 0
    assert "inner" in result.stdout
    assert "A command of the group." in result.stdout
