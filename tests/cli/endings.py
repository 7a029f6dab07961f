"""Commands that end in every way a command can end."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.console import emit_json
from planner.errors import Diagnostic, InfeasibleError, InputError, NoPlanError, Place

Json = Annotated[bool, typer.Option("--json")]


def fine(count: int, json: Json = False) -> None:
    """Succeeds."""
    emit_json({"count": count})


def wrong(json: Json = False) -> None:
    """Two faults of the input."""
    fault = Diagnostic("unknown-name", "no accelerator H200x", "did you mean H200?", Place("no-such-file.yaml", 3, 7))
    raise InputError([fault, Diagnostic("unit", "power is negative")])


def warned() -> None:
    """A fault and a warning."""
    raise InputError([Diagnostic("a", "bad"), Diagnostic("b", "odd", severity="warning")])


def infeasible(json: Json = False) -> None:
    """No plan exists."""
    raise InfeasibleError("the deadline of run-1 is missed by 12 days")


def late() -> None:
    """Out of time."""
    raise NoPlanError("no plan in 1 s")


def bug(json: Json = False) -> None:
    """A fault of ours."""
    emit = [1, 2, 3]
    emit[7] += 1


def interrupt() -> None:
    """Ctrl-C."""
    raise KeyboardInterrupt


def unwritable() -> None:
    """Cannot read or write what the user named."""
    Path("/no/such/folder/plan.json").write_text("")


group = typer.Typer(help="A group.")


@group.command()
def inner(json: Json = False) -> None:
    """A command of the group."""
    raise InputError("inner is wrong")


@group.command()
def other() -> None:
    """Another command of the group."""
