"""`planner --help`: what it says, how fast, and that it imports nothing heavy."""

import importlib
import os
import subprocess
import sys
import time

import pytest
import typer

from planner.cli.main import COMMANDS, app

HEAVY = ("pandas", "numpy", "pulp", "highspy", "yaml", "rich.console", "planner.scenario", "planner.catalog")


def planner(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "planner", *args],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_help_reads_as_it_should(runner, snapshot, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert runner.invoke(app, ["--help"], prog_name="planner").stdout == snapshot


def test_the_help_comes_at_once():
    """Budget 0.4 s on a quiet machine; here the best of three, with room for a busy one."""
    best = min(_seconds("--help") for _ in range(3))
    assert best < 1.0


def test_the_help_imports_nothing_heavy():
    script = "import sys, planner.cli.main; print(*(m for m in sys.argv[1:] if m in sys.modules))"
    found = subprocess.run([sys.executable, "-c", script, *HEAVY], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_piped_help_has_no_colour_and_goes_to_stdout():
    shown = planner("--help", FORCE_COLOR="")
    assert shown.returncode == 0
    assert shown.stderr == ""
    assert "\x1b" not in shown.stdout


def test_the_version_is_that_of_the_package():
    assert planner("--version").stdout.startswith("planner 0.")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists_and_explains_itself(name, runner):
    result = runner.invoke(app, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_a_function_or_an_app(name):
    module, _, attribute = COMMANDS[name].target.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    assert isinstance(found, typer.Typer) or callable(found)


def _seconds(*args: str) -> float:
    began = time.perf_counter()
    assert planner(*args).returncode == 0
    return time.perf_counter() - began
