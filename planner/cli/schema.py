"""`planner schema`: the JSON Schema of scenario files, for editors that complete and check while one writes."""

import json as _json
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.console import emit_text


def command(
    catalog: Annotated[
        list[Path] | None,
        typer.Option("--catalog", metavar="FOLDER", help="Complete the names of this catalog too. May be repeated."),
    ] = None,
    names: Annotated[bool, typer.Option(help="List the catalog's names, so that an editor completes them.")] = True,
    json: Annotated[bool, typer.Option("--json", help="JSON on one line; without it, indented.")] = False,
) -> None:
    """Print the JSON Schema of scenario files.

    Write it beside your scenarios (planner schema > scenario.schema.json) and start them with the line
    # yaml-language-server: $schema=scenario.schema.json
    """
    from planner.catalog.load import load_catalog
    from planner.scenario.schema import scenario_schema

    known = load_catalog(("builtin", *(catalog or ()))) if names else None
    emit_text(_json.dumps(scenario_schema(known), indent=None if json else 2, ensure_ascii=False))
