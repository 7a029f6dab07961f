"""`planner validate`: everything that can be wrong with a scenario, found without solving it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.console import diagnostic_record, emit_json, emit_text, tell

if TYPE_CHECKING:
    from planner.scenario.model import Scenario


def command(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a scenario without solving it: keys, names, units, dates, references, contradictions.

    All faults are shown at once, each with file, line and column. Exit code 0 when there is none, 1 otherwise. What is
    rarely meant is a warning; `silence: [code]` in the scenario takes it away.
    """
    from planner.plan.solve import pose
    from planner.problem.soundness import warnings
    from planner.scenario.load import catalog_of, load_scenario

    checked = load_scenario(scenario)
    posed = pose(checked, catalog_of(checked))
    found = warnings(posed.case, posed.problem)
    tell(found)
    if json:
        emit_json(
            {
                "status": "valid",
                "diagnostics": [diagnostic_record(d) for d in found],
                "scenario": checked.name,
                "size": _size(checked),
            }
        )
    else:
        size = ", ".join(
            f"{count} {what if count != 1 else what.removesuffix('s')}" for what, count in _size(checked).items()
        )
        emit_text(f"{scenario} is valid: {checked.horizon.start} to {checked.horizon.end}, {size}")


def _size(scenario: "Scenario") -> dict[str, int]:
    """How much the scenario holds of what."""
    return {
        "periods": len(scenario.periods),
        "sites": len(scenario.sites),
        "halls": sum(len(site.halls) for site in scenario.sites),
        "workloads": len(scenario.workloads),
        "counterfactuals": len(scenario.counterfactuals),
    }
