"""A command line of our own commands, one for each way to end."""

import pytest
from typer.testing import CliRunner

from planner.cli import lazy, main


@pytest.fixture
def runner() -> CliRunner:
    """Runs the command line inside the test's process."""
    return CliRunner()


@pytest.fixture
def endings(monkeypatch) -> None:
    """Replaces the program's commands by those of `tests.cli.endings`."""
    names = ("fine", "wrong", "warned", "infeasible", "late", "bug", "interrupt", "unwritable")
    commands = {n: lazy.LazyCommand(f"tests.cli.endings:{n}", "Endings", f"Ends as {n}.") for n in names}
    commands["group"] = lazy.LazyCommand("tests.cli.endings:group", "Endings", "A group.")
    monkeypatch.setattr(main._Commands, "lazy", commands)
