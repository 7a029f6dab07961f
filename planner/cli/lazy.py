"""A command group that imports a command's module only when that command runs, and turns errors into exit codes."""

import importlib
import sys
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from planner.cli.ending import ended_by_term
from planner.cli.failure import exit_code_of


class LazyCommand(NamedTuple):
    """Where a command lives (`module:name` of a function or of a Typer app), its section and line in the help."""

    target: str
    section: str
    help: str

    def load(self, name: str) -> Any:
        """The command itself. Imports its module."""
        module, _, attribute = self.target.partition(":")
        found = getattr(importlib.import_module(module), attribute)
        shell = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        if isinstance(found, typer.Typer):
            shell.add_typer(found, name=name, no_args_is_help=True)
        else:
            shell.command(name)(found)
        return typer.main.get_group(shell).commands[name]


class LazyGroup(TyperGroup):
    """The commands of `lazy`; `--debug` may stand anywhere on the line. Errors end in the exit codes of the manual."""

    lazy: dict[str, LazyCommand] = {}  # noqa: RUF012 (filled by subclasses, never changed)

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        for name, command in self.lazy.items():
            self.commands[name] = TyperCommand(name, help=command.help, short_help=command.help, rich_markup_mode=None)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the group's own options, among them a `--debug` that stands behind the command's name."""
        end = args.index("--") if "--" in args else len(args)
        if "--debug" in args[:end]:
            args = ["--debug", *(a for a in args[:end] if a != "--debug"), *args[end:]]
        ctx.meta["planner.json"] = "--json" in args[:end]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command named by the first argument, now imported."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in self.lazy:
            command = self.lazy[name].load(name)
        return name, command, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The help's lists of commands, by section."""
        width = max(map(len, self.lazy))
        for section in dict.fromkeys(command.section for command in self.lazy.values()):
            listed = [(name, command) for name, command in self.lazy.items() if command.section == section]
            with formatter.section(section):
                formatter.write_dl([(name.ljust(width), command.help) for name, command in listed])

    def invoke(self, ctx: Any) -> Any:
        """Run the command. A failure is told on stderr (with --json, on stdout too) and becomes the exit code."""
        try:
            with ended_by_term():
                return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException, BrokenPipeError):
            raise
        except (Exception, KeyboardInterrupt) as error:
            if ctx.params.get("debug"):
                sys.excepthook(type(error), error, error.__traceback__)
            raise typer.Exit(exit_code_of(error, as_json=ctx.meta["planner.json"])) from None
