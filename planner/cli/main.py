"""The command `planner`: names, one-line helps and places of its commands. Nothing heavy is imported here."""

from typing import Annotated

import typer

from planner import __version__
from planner.cli.console import emit_text, tolerate_narrow_encodings
from planner.cli.lazy import LazyCommand, LazyGroup

_PLAN, _LOOK, _CHECK = "Plan", "Look up", "Check"

COMMANDS = {
    "plan": LazyCommand("planner.cli.plan:command", _PLAN, "Find the least-cost build-out of a scenario."),
    "whatif": LazyCommand("planner.cli.whatif:command", _PLAN, "Solve changes of a scenario and compare them."),
    "compare": LazyCommand("planner.cli.compare:command", _PLAN, "Put plans beside one another."),
    "explain": LazyCommand("planner.cli.explain:command", _PLAN, "Why this plan, why not that chip, what rules cost."),
    "finance": LazyCommand("planner.cli.finance:command", _PLAN, "Statements and figures of merit of a plan."),
    "substitute": LazyCommand("planner.cli.substitute:command", _PLAN, "What one chip is worth in another."),
    "replay": LazyCommand("planner.cli.replay:command", _PLAN, "Plan without foresight, rule by rule."),
    "catalog": LazyCommand("planner.cli.catalog:app", _LOOK, "Chips, systems, regions, supply; with sources."),
    "policy": LazyCommand("planner.cli.policy:app", _LOOK, "Who may order, receive or run what, when; by which rule."),
    "throughput": LazyCommand("planner.cli.throughput:app", _LOOK, "Tokens per second of a model on a cluster."),
    "validate": LazyCommand("planner.cli.validate:command", _CHECK, "Check a scenario without solving it."),
    "show": LazyCommand("planner.cli.show:command", _CHECK, "Print a scenario, each value with its origin."),
    "verify": LazyCommand("planner.cli.verify:command", _CHECK, "Check a saved plan, independently of the solver."),
    "schema": LazyCommand("planner.cli.schema:command", _CHECK, "Print the JSON Schema of scenarios, for editors."),
}


class _Commands(LazyGroup):
    lazy = COMMANDS


def _show_version(wanted: bool) -> None:
    if wanted:
        emit_text(f"planner {__version__}")
        raise typer.Exit


_EXIT_CODES = """\
\b
Exit codes: 0 done, 1 the input is wrong, 2 wrong usage, 3 no feasible plan,
4 stopped before a plan was found, 5 a fault of the program;
10 plans differ (compare --exit-code)."""

app = typer.Typer(
    name="planner",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EXIT_CODES,
)


@app.callback()
def _planner(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Plan AI compute when the chips you wanted are banned: what to build, where, when, and what it costs."""


def main() -> None:
    """Entry point of the command line."""
    tolerate_narrow_encodings()
    app(prog_name="planner")
