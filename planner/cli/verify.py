"""`planner verify`: a saved plan checked again, without the program that found it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.console import emit_json, say, stdout

if TYPE_CHECKING:
    from planner.plan.verify import Verification
    from planner.scenario.model import Scenario


def command(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan saved by planner plan.")],
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The YAML file of the scenario.")],
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Check even if scenario or catalog are not those of the plan.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check a saved plan against its scenario: every rule and the cost, recomputed without the solver.

    Exit code 0 when everything holds, 1 when a rule is broken or the plan belongs to another scenario or catalog.
    """
    from planner.plan.save import read_decisions
    from planner.plan.verify import verify
    from planner.scenario.load import catalog_of, load_scenario

    decisions, saved = read_decisions(plan)
    asked = load_scenario(scenario)
    catalog = catalog_of(asked)
    _same(plan, saved, asked, catalog.digest, anyway=anyway)
    claims = {stage["name"]: stage["value"] for stage in saved.get("stages", ()) if stage["name"] != "cost"}
    checked = verify(asked, catalog, decisions, objective=saved.get("objective"), claims=claims)
    if json:
        emit_json(_document(plan, asked, saved, checked))
    else:
        from planner.report.terminal import show
        from planner.report.verification import verification_report

        show(verification_report(checked, asked, saved.get("objective")), stdout())
    if not checked.ok:
        raise typer.Exit(1)


def _same(plan: Path, saved: dict[str, Any], scenario: "Scenario", catalog: str, *, anyway: bool) -> None:
    """The plan must be one of this scenario and this catalog."""
    from planner.errors import Diagnostic, InputError
    from planner.plan.save import fingerprint

    stored = saved.get("scenario") or {}
    checks = (
        ("other-scenario", "sha256", fingerprint(scenario), "another scenario, or this one before it was changed"),
        ("other-catalog", "catalog_sha256", catalog, "another catalog, or this one before it was changed"),
    )
    found = [
        Diagnostic(code, f"{plan} was made from {what}", "solve again, or check all the same with --anyway")
        for code, key, now, what in checks
        if stored.get(key) != now
    ]
    if found and not anyway:
        raise InputError(found)
    for diagnostic in found:
        say(f"planner: {diagnostic.message}; checked all the same")


def _document(plan: Path, scenario: "Scenario", saved: dict[str, Any], checked: "Verification") -> dict[str, Any]:
    from planner.plan.verify import CHECKS

    broken = {violation.rule for violation in checked.violations}
    return {
        "status": "ok" if checked.ok else "violated",
        "plan": str(plan),
        "scenario": scenario.name,
        "currency": scenario.currency,
        "stored_objective": saved.get("objective"),
        **checked.to_json(),
        "rules": [{"rule": check.name, "title": check.title, "ok": check.name not in broken} for check in CHECKS],
    }
