"""`planner verify`: the independent check of a saved plan, repeated."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.console import emit_json, emit_text, tell
from planner.errors import Diagnostic, Place

if TYPE_CHECKING:
    from planner.plan.verify import Verification
    from planner.scenario.model import Scenario

REFUSED = 1
_TOLERANCE = 1e-6


def command(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="JSON of the plan, as `planner plan --json` writes it.")],
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of its scenario.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a saved plan against its scenario: every limit and the whole cost, recomputed without the solver.

    Exit code 0 when the plan keeps every rule and costs what it says, 1 otherwise.
    """
    from planner.plan.save import read_decisions
    from planner.plan.verify import verify
    from planner.scenario.load import catalog_of, load_scenario

    decisions, data = read_decisions(plan)
    asked = load_scenario(scenario)
    checked = verify(asked, catalog_of(asked), decisions)
    found = [*_faults(checked, data, plan), *_doubts(asked, data, scenario)]
    ok = not any(diagnostic.severity == "error" for diagnostic in found)
    tell(found)
    if json:
        emit_json(
            {**checked.to_json(), "status": "verified" if ok else "refused", "ok": ok, "stated": data.get("objective")}
        )
    elif ok:
        emit_text(
            f"{plan} holds: every rule is kept, net present cost {checked.objective:,.0f} {asked.currency} as stated"
        )
    if not ok:
        raise typer.Exit(REFUSED)


def _faults(checked: "Verification", data: Mapping[str, Any], plan: Path) -> list[Diagnostic]:
    """Broken rules, and a cost that is not the one the plan states."""
    place = Place(str(plan), 1, 1)
    faults = [Diagnostic(f"broken-{v.rule}", f"{v.where}: {v.message}", None, place) for v in checked.violations]
    stated = data.get("objective")
    if not faults and not _alike(stated, checked.objective):
        message = f"the plan states a net present cost of {stated}; its decisions cost {checked.objective:.2f}"
        faults.append(Diagnostic("other-cost", message, None, place))
    return faults


def _doubts(scenario: "Scenario", data: Mapping[str, Any], file: Path) -> list[Diagnostic]:
    """Warning when the plan was made for a scenario that said something else."""
    from planner.plan.save import fingerprint

    made_for = data.get("scenario", {}).get("sha256")
    if made_for == fingerprint(scenario):
        return []
    message = "the plan was made for another version of this scenario"
    return [Diagnostic("other-scenario", message, "solve it again", Place(str(file), 1, 1), "warning")]


def _alike(stated: object, found: float) -> bool:
    return isinstance(stated, int | float) and abs(stated - found) <= _TOLERANCE * max(1.0, abs(found))
