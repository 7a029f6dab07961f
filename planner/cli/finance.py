"""`planner finance`: statements and figures of merit of a plan."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.console import emit_json, stdout


def command(
    plan: Annotated[Path, typer.Argument(metavar="SCENARIO|PLAN.json", help="A scenario to solve, or a saved plan.")],
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario", metavar="SCENARIO", help="The scenario of a saved plan whose catalog folders lie beside it."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print statements and figures as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.xlsx", help="Write the workbook of live formulas there.")
    ] = None,
) -> None:
    """Cash, write-offs and tax by year; return, payback, levelised cost of compute and break-even prices of a plan."""
    from planner.finance.metrics import finance_metrics
    from planner.finance.statements import statements
    from planner.report.finance import finance_report

    if plan.suffix == ".json":
        from planner.finance.saved import restored

        asked = None
        if scenario is not None:
            from planner.scenario.load import load_scenario

            asked = load_scenario(scenario)
        found = restored(plan, asked)
    else:
        from planner.plan.solve import solve
        from planner.scenario.load import load_scenario

        found = solve(load_scenario(plan))
    if out is not None:
        from planner.finance.workbook import workbook
        from planner.io.files import write_atomic

        write_atomic(out, workbook(found))
    if json:
        books = statements(found)
        lines = ("benefits", "running", "tax_write_off", "book_write_off", "taxable", "loss_carried", "tax")
        emit_json(
            {
                "scenario": found.scenario.name,
                "currency": found.currency,
                "tax_regime": books.tax_regime.id if books.tax_regime else None,
                "periods": [period.label for period in found.problem.calendar],
                "statements": {name: list(getattr(books, name)) for name in lines},
                "metrics": [*found.tables["metrics"], *finance_metrics(found)],
                "cashflow": found.tables["cashflow"],
            }
        )
    else:
        from planner.report.terminal import show

        show(finance_report(found), stdout())
