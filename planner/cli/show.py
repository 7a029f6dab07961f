"""`planner show`: a scenario as the planner understands it."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.console import emit_json, emit_text


def command(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    effective: Annotated[
        bool, typer.Option("--effective", help="Defaults too, and where each value was set: file:line:column.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print a scenario as the planner understands it, as YAML: names as catalog ids, quantities in whole units."""
    from planner.report.effective import origins, render, values
    from planner.scenario.load import load_scenario

    shown = load_scenario(scenario)
    if not json:
        emit_text(render(shown, defaults=effective))
    elif effective:
        emit_json({"scenario": values(shown), "origins": origins(shown)})
    else:
        emit_json({"scenario": values(shown, defaults=False)})
