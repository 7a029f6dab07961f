"""The command line: JSON for programs, 80 columns for people, exit code 1 with the nearest name for a mistake."""

import json

import pytest
from typer.testing import CliRunner

from planner.cli.main import app

WHY = [
    "policy",
    "why",
    "--chip",
    "nvidia-h20-96gb",
    "--buyer",
    "cn-internet",
    "--date",
    "2025-10-15",
    "--action",
    "order",
]


def run(*arguments: str):
    """The result of one command."""
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "80", "NO_COLOR": "1"})


def test_why_as_json_gives_the_answer_and_the_chain_of_rules():
    result = run(*WHY, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["allowed"] is False
    first = found["rules"][0]
    assert {"id", "effect", "outcome", "date", "source", "summary", "why"} <= first.keys()
    assert (first["id"], first["outcome"], first["date"]) == ("cn-2025-09-cac-h20", "denies", "2025-09-17")


@pytest.mark.parametrize(("assume", "allowed"), [(None, "unknown"), ("allow", True), ("deny", False)])
def test_unknown_is_a_word_in_json(assume, allowed):
    options = ["--assume-unknown", assume] if assume else []
    result = run("policy", "why", "--chip", "h200", "--date", "2026-01-29", "--json", *options)
    found = json.loads(result.stdout)
    assert found["allowed"] == allowed
    assert found["settled_by"] == ("assume_unknown" if assume else None)


@pytest.mark.parametrize(
    "arguments",
    [
        WHY,
        ["policy", "timeline", "--chip", "h200"],
        ["policy", "timeline", "--chip", "h200", "--to", "2040-01"],
        ["policy", "matrix"],
        ["policy", "matrix", "--chip", "H20", "--date", "2025-08-15", "--date", "2025-10-01"],
        ["policy", "list"],
        ["policy", "why", "--chip", "B200", "--date", "2026-03-01", "--action", "import"],
    ],
)
def test_text_fits_80_columns_and_has_no_colour(arguments):
    result = run(*arguments)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_timeline_draws_each_state_and_says_when_it_changed():
    text = run("policy", "timeline", "--chip", "h200").stdout
    assert all(
        action in text for action in ("order", "licence", "import", "test", "install", "operate", "service", "rent")
    )
    assert "2026-01-28 to 2026-01-31  unknown" in text
    assert "from 2026-02-01           closed   cn-2026-h200-de-facto-stop" in text
    found = json.loads(run("policy", "timeline", "--chip", "h200", "--json").stdout)
    assert found["actions"]["import"][-1]["allowed"] is False
    assert set(found["gates"]["order"]) == {"CN", "US"}


def test_matrix_shows_chips_by_dates():
    result = run("policy", "matrix", "--chip", "H20", "--chip", "huawei-ascend-910c", "--date", "2025-01-01", "--json")
    assert json.loads(result.stdout)["chips"]["huawei-ascend-910c"] == {"2025-01-01": True}


def test_options_change_the_question():
    late = json.loads(run(*WHY, "--known-by", "2025-09-01", "--json").stdout)
    assert late["allowed"] == "unknown", "only the US licence was open then"
    without = json.loads(run(*WHY, "--without", "CN", "--without", "US", "--json").stdout)
    assert without["allowed"] is True
    settled = json.loads(
        run(*WHY, "--without", "CN", "--licence", "us-2025-08-revenue-share-15=granted", "--json").stdout
    )
    assert settled["allowed"] is True
    site = ["--site", "region=cn-gansu", "--site", "state_funded=true", "--site", "completion_fraction=0.1"]
    closed = run(
        "policy", "why", "--chip", "nvidia-l20", "--date", "2026-01-01", "--action", "operate", *site, "--json"
    )
    assert json.loads(closed.stdout)["rules"][0]["id"] == "cn-2025-11-state-funded"


@pytest.mark.parametrize(
    ("change", "nearest"),
    [
        (["--chip", "nvidia-h20-96"], "nvidia-h20-96gb"),
        (["--buyer", "cn-internt"], "cn-internet"),
        (["--action", "oder"], "order"),
        (["--without", "cn-2025-10-custom"], "cn-2025-10-customs"),
        (["--site", "provnce=Gansu"], "site.province"),
        (["--site", "state_funded=maybe"], "true or false"),
        (["--date", "2025-13-01"], "2025-10-15"),
        (["--licence", "us-2022-10-3a090=perhaps"], "granted or denied"),
    ],
)
def test_a_mistake_ends_with_code_1_and_the_nearest_name(change, nearest):
    result = run(*WHY, *change)
    assert result.exit_code == 1
    assert nearest in result.stderr
    assert result.stdout == ""


def test_show_and_check():
    text = run("policy", "show", "us-2023-11-3a090a").stdout
    assert "chip.tpp >= 4,800" in text
    assert "relaxed by    us-2026-01-h200-case-by-case" in text
    assert json.loads(run("policy", "show", "us-2023-11-3a090a", "--json").stdout)["rule"]["effects"]
    assert run("policy", "show", "us-2023-11-3a09a").exit_code == 1
    assert "53 rules" in run("policy", "check").stdout
    listed = json.loads(run("policy", "list", "--jurisdiction", "CN", "--effect", "subsidy", "--json").stdout)
    assert [rule["id"] for rule in listed["rules"]] == ["cn-2025-11-power-subsidy"]
