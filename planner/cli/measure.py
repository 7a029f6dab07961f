"""`planner throughput measure`: this node, beside what the model says of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.console import emit_json, emit_text, say

if TYPE_CHECKING:
    from planner.throughput.measure import Record


def measure(
    family: Annotated[str | None, typer.Option(help="Calibration family; found by the device's name.")] = None,
    system: Annotated[str | None, typer.Option(help="System whose datasheet rates count; the family's first.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A minute instead of ten.")] = False,
    train: Annotated[bool, typer.Option("--train", help="Also whole training steps of small models.")] = False,
    only: Annotated[
        str | None, typer.Option(help="Parts, by comma: gemm,attention,memory,optimizer,launch ...")
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Read a record instead of measuring.")
    ] = None,
    record: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to keep the rows.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write the overlay.")
    ] = None,
    catalog: Annotated[
        list[str] | None, typer.Option("--catalog", metavar="FOLDER", help="Folder over the shipped one.")
    ] = None,
    calibration: Annotated[
        Path | None, typer.Option("--calibration", metavar="FILE", help="Overlay over the shipped numbers.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")] = False,
) -> None:
    """Measure kernels, a layer and collectives on this node, beside what the model says (needs torch with a device).

    Start it under torchrun to measure collectives over several devices.
    """
    from planner.catalog.load import load_catalog
    from planner.throughput.bench.device import find
    from planner.throughput.calibration import load
    from planner.throughput.compare import View, compare, machine_for, summary
    from planner.throughput.compare_view import compare_text
    from planner.throughput.measure import read, save
    from planner.throughput.overlay import fitted, overlay, write_overlay

    if source and (quick or train or only or record):
        raise typer.BadParameter("--from reads a record: --quick, --train, --only and --record are for measuring")
    known = load(calibration)
    entries = load_catalog(["builtin", *(f for f in catalog or () if f != "builtin")])
    kept, node = (read(source), None) if source else (None, find())
    device = str(kept.about["device"] if kept else node and node.about()["device"])
    view = View(machine_for(entries, known, device, family, system), known)
    found = kept or _measured(node, quick, train, only, record)
    if node and node.rank:  # the first process of this launch reports
        return
    if record:
        save(found, record)
        say(f"wrote {record}")
    replaced = fitted(found, view)
    if json:
        compared = compare(found, view)
        rows = [{**c.row, "predicted_ms": c.predicted_ms, "error": c.error} for c in compared]
        document = overlay(found, view, replaced) if replaced else None
        emit_json({"measured": found.about, "rows": list(found.rows), "compared": rows, "summary": summary(compared),
                   "overlay": document})  # fmt: skip
    else:
        emit_text(compare_text(found, view, replaced))
    if output:
        write_overlay(overlay(found, view, replaced), output)
        say(f"wrote {output}")


def _measured(node: Any, quick: bool, train: bool, only: str | None, record: Path | None) -> "Record":
    from dataclasses import replace

    from planner.errors import InputError
    from planner.throughput.bench.plan import FULL, QUICK, TRAINING
    from planner.throughput.measure import FIELDS, save
    from planner.throughput.measure import measure as run

    parts = frozenset(p.strip() for p in (only or "").split(",") if p.strip())
    if unknown := sorted(parts - set(FIELDS)):
        raise InputError.of("measure-part", f"no part {unknown[0]!r} to measure", f"one of {', '.join(FIELDS)}")
    plan = QUICK if quick else FULL
    steps = TRAINING[2:3] if quick else TRAINING
    plan = replace(plan, only=parts, steps=steps if train or "step" in parts else ())
    return run(node, plan, say, keep=(lambda found: save(found, record)) if record else None)
