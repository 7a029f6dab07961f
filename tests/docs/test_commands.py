"""Commands on the pages are ones that the program has; those that only look something up are run."""

import re
import shlex

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from planner.cli.main import app
from tests.docs.pages import PAGES, ROOT, blocks, text

CHEAP = ("validate", "policy", "catalog")
"""Commands that are run and not only parsed."""
OURS = [str(page.relative_to(ROOT)) for page in PAGES]


def lines(page: str) -> list[list[str]]:
    """Commands in the shell blocks of a page, as words."""
    return [words for block in blocks(page, "sh") for line in block.splitlines() if (words := shlex.split(line, True))]


COMMANDS = [words[words.index("planner") + 1 :] for page in OURS for words in lines(page) if "planner" in words[:3]]
"""Arguments of every call of the planner."""


def parsed(arguments: list[str]) -> None:
    """Parse arguments down to the last command without running it; raises a usage error for what does not exist."""
    command, context = get_command(app), None
    while True:
        context = command.make_context(command.name or "planner", list(arguments), parent=context)
        if not hasattr(command, "resolve_command"):
            return
        rest = [*context._protected_args, *context.args]
        _, command, arguments = command.resolve_command(context, rest)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_commands_exist(arguments):
    parsed(arguments)


def test_what_does_not_exist_is_noticed():
    with pytest.raises(Exception, match="No such option"):
        parsed(["plan", "examples/hyperscaler-cn.yaml", "--cheaper"])


@pytest.mark.parametrize("arguments", [a for a in COMMANDS if a[0] in CHEAP], ids=" ".join)
def test_look_ups_end_well(arguments, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output


def test_files_named_exist():
    for arguments in COMMANDS:
        assert all((ROOT / name).is_file() for name in arguments if name.startswith("examples/"))


def test_make_targets_exist():
    made = {words[1] for page in OURS for words in lines(page) if words[0] == "make"}
    made |= {name for page in OURS for name in re.findall(r"`make (\w+)`", text(page))}
    targets = set(re.findall(r"^(\w+):", text("Makefile"), re.MULTILINE))
    assert {"plan", "test", "docs"} <= made <= targets
