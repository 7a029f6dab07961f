"""`planner replay`: a plan made with the rules known at the time, made anew when more are announced."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.console import emit_json, stdout
from planner.cli.progress import Progress


def command(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    gap: Annotated[
        str | None, typer.Option("--gap", metavar="SHARE", help="Proved gap to stop at, e.g. 0.5 % or 0.005.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="SECONDS", min=0.0, help="Most time per step.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the terminal.")] = False,
) -> None:
    """Plan with the rules known on the scenario's knowledge date, carry it out, and plan anew when rules are announced.

    Prints each step, what it cancels, and what the plan without foresight costs more than one that knew all rules.
    """
    from planner.analysis.replay import replay
    from planner.cli.values import fraction
    from planner.plan.solve import Options
    from planner.scenario.load import load_scenario

    options = Options(gap=None if gap is None else fraction(gap, "--gap"), time_limit=time_limit)
    with Progress(enabled=False if quiet else None) as progress:
        found = replay(
            load_scenario(scenario), options, told=lambda stage: progress.update(stage, None, None, None, 0.0)
        )
    if json:
        emit_json(found.to_json())
        return
    from planner.report.replay import replay_report
    from planner.report.terminal import show

    show(replay_report(found), stdout())
