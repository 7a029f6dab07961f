"""`planner throughput`: estimate, curve, validate, fit, measure."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from planner.cli.console import emit_json, emit_text, say
from planner.cli.measure import measure

if TYPE_CHECKING:
    from planner.throughput.calibration import Calibration
    from planner.throughput.estimate import Estimate
    from planner.throughput.inputs import Machine, Recipe, Transformer

app = typer.Typer(help="Tokens per second of a model on a cluster.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Catalogs = Annotated[list[str] | None, typer.Option("--catalog", metavar="FOLDER", help="Folder over the shipped one.")]
Overlay = Annotated[Path | None, typer.Option("--calibration", metavar="FILE", help="Overlay that `fit` wrote.")]
Model = Annotated[str, typer.Argument(metavar="MODEL", help="Id of a transformer of the catalog.")]
Seq = Annotated[int, typer.Option(min=1, help="Tokens per sequence.")]
Batch = Annotated[int, typer.Option(min=1, help="Sequences per optimizer step, whole cluster.")]
Precision = Annotated[str, typer.Option(help="bf16, fp8, mxfp8, nvfp4, int8 ...")]
Recompute = Annotated[str, typer.Option(help="none, selective, full, or search.")]
Zero = Annotated[int | None, typer.Option(min=0, max=3, help="ZeRO stage; searched when left out.")]
Stack = Annotated[str | None, typer.Option("--software", help="Software stack; the platform's own when left out.")]
When = Annotated[float | None, typer.Option("--date", help="Decimal year of the software; newest when left out.")]
Schedule = Annotated[
    str | None, typer.Option(help="Of the pipeline: 1f1b, zero-bubble, v-half or v-min; the stack's own when left out.")
]
Capacity = Annotated[float, typer.Option(help="Tokens an expert handles over an even share; 1 is balanced.")]
Oversubscription = Annotated[float, typer.Option(min=1.0, help="Edge over core bandwidth of the scale-out network.")]
Pod = Annotated[int, typer.Option(min=0, help="Accelerators below the oversubscribed tier; 0: all traffic meets it.")]
Fabric = Annotated[
    str | None, typer.Option(metavar="FABRIC", help="Take pod and oversubscription from this catalog fabric.")
]
Size = Annotated[int | None, typer.Option(min=1, help="Searched when left out.")]


@app.command()
def estimate(
    model: Model,
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help="Id of a system of the catalog.")],
    accelerators: Annotated[int, typer.Option("--accelerators", "-n", min=1, help="Size of the cluster.")],
    seq: Seq = 4096,
    batch: Batch = 2048,
    precision: Precision = "bf16",
    recompute: Recompute = "search",
    zero: Zero = None,
    software: Stack = None,
    date: When = None,
    tp: Size = None,
    pp: Size = None,
    dp: Size = None,
    cp: Size = None,
    ep: Size = None,
    virtual: Size = None,
    micro_batch: Size = None,
    schedule: Schedule = None,
    capacity: Capacity = 1.0,
    oversubscription: Oversubscription = 1.0,
    pod: Pod = 0,
    fabric: Fabric = None,
    catalog: Catalogs = None,
    calibration: Overlay = None,
    json: Json = False,
) -> None:
    """Predict one configuration: rate with interval, layout, memory, and where the time goes."""
    from planner.throughput.estimate import estimate as predict
    from planner.throughput.inputs import Constraint
    from planner.throughput.views import estimate_text

    recipe = _recipe(seq, batch, precision, recompute, zero, software, date, schedule, capacity)
    shape, machines = _catalog(catalog, model, [system], (oversubscription, pod, fabric, accelerators))
    choice = Constraint(tp, pp, dp, cp, ep, virtual, micro_batch)
    result = predict(shape, recipe, machines[0], accelerators, choice, _calibration(calibration))
    if json:
        emit_json({"model": shape.id, "system": machines[0].id, "estimate": _plain(result)})
    else:
        title = f"{shape.id} on {accelerators:,} x {machines[0].id}, sequence {seq:,}, batch {batch:,}, {precision}"
        emit_text(estimate_text(title, result, machines[0].memory_gb))
    raise typer.Exit(3 if result.reason else 0)


@app.command()
def curve(
    model: Model,
    systems: Annotated[list[str], typer.Argument(metavar="SYSTEM...", help="Ids of systems, side by side.")],
    sizes: Annotated[str, typer.Option(help="Cluster sizes, separated by commas.")] = "256,512,1024,2048,4096,8192",
    seq: Seq = 4096,
    batch: Batch = 2048,
    precision: Precision = "bf16",
    recompute: Recompute = "search",
    zero: Zero = None,
    software: Stack = None,
    date: When = None,
    schedule: Schedule = None,
    capacity: Capacity = 1.0,
    oversubscription: Oversubscription = 1.0,
    pod: Pod = 0,
    fabric: Fabric = None,
    catalog: Catalogs = None,
    calibration: Overlay = None,
    cache: Annotated[Path | None, typer.Option(metavar="FILE", help="Estimates kept from run to run.")] = None,
    json: Json = False,
) -> None:
    """Rates over cluster sizes, several systems side by side."""
    from planner.throughput.rates import rates, restore, save
    from planner.throughput.views import curve_text

    wanted = _sizes(sizes)
    recipe = _recipe(seq, batch, precision, recompute, zero, software, date, schedule, capacity)
    shape, machines = _catalog(catalog, model, systems, (oversubscription, pod, fabric, max(wanted)))
    overlay = _calibration(calibration)
    if cache and cache.exists():
        restore(cache)
    columns = {m.id: rates(shape, recipe, m, wanted, overlay) for m in machines}
    if cache:
        save(cache)
    if json:
        emit_json({"model": shape.id, "curves": {name: [_plain(e) for e in c] for name, c in columns.items()}})
        return
    emit_text(curve_text(wanted, columns))
    for name, column in columns.items():
        for note in dict.fromkeys(n for e in column for n in e.notes if "idle" not in n):
            say(f"{name}: {note}")


@app.command()
def validate(
    runs: Annotated[Path | None, typer.Argument(metavar="[RUNS.yaml]", help="Measurements; the shipped ones.")] = None,
    calibration: Overlay = None,
    cross: Annotated[bool, typer.Option("--cross-validate", help="Predict each row without its own source.")] = False,
    json: Json = False,
) -> None:
    """Compare predictions with published measurements."""
    from planner.throughput import runs as files
    from planner.throughput.validate import summary, to_dict
    from planner.throughput.validate import validate as compare
    from planner.throughput.views import validation_text

    overlay = _calibration(calibration)
    known, skipped = files.runs(files.read(runs or files.shipped()), overlay)
    rows = _held_out(known) if cross else compare(known, overlay)
    if json:
        emit_json({**to_dict(rows), "skipped": [{"id": s.id, "reason": s.reason} for s in skipped]})
    else:
        emit_text(validation_text(rows, summary(rows), [s.reason for s in skipped]))


@app.command()
def fit(
    runs: Annotated[Path | None, typer.Argument(metavar="[RUNS.yaml]", help="Your own runs.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write.")] = None,
    cross: Annotated[bool, typer.Option("--cross-validate/--quick", help="Measure the intervals anew.")] = True,
    json: Json = False,
) -> None:
    """Fit the calibration to the shipped measurements, or to them and your own runs.

    With your own runs the file written is an overlay for --calibration: only the families and stacks that they touch.
    """
    from planner.throughput.fitting import refit, write

    say("fitting; cross-validation takes a minute or two" if cross else "fitting")
    result = refit(runs, validate=cross)
    if output:
        write(result.document, output)
        say(f"wrote {output}")
    if json:
        emit_json({"fit": result.document, "summary": result.summary, "impossible": result.impossible})
    else:
        emit_text(result.text)


app.command()(measure)


def _recipe(seq: int, batch: int, precision: str, recompute: str, zero: int | None, software: str | None,
            date: float | None, schedule: str | None, capacity: float) -> "Recipe":  # fmt: skip
    from planner.errors import InputError
    from planner.throughput.inputs import RECOMPUTE_MODES, SCHEDULES, Recipe, Recompute

    modes: tuple[Recompute | Literal["search"], ...] = (*RECOMPUTE_MODES, "search")
    mode = next((known for known in modes if known == recompute), None)
    if mode is None:
        raise InputError.of("throughput-recompute", f"no recompute mode {recompute!r}", f"one of {', '.join(modes)}")
    pipeline = next((known for known in SCHEDULES if known == schedule), None)
    if pipeline != schedule:
        raise InputError.of("throughput-schedule", f"no schedule {schedule!r}", f"one of {', '.join(SCHEDULES)}")
    if not 0 < capacity < math.inf:
        raise InputError.of("throughput-capacity", f"capacity {capacity:g} is not above zero", "1 is an even share")
    if date is not None and not 2000 < date < 2100:
        raise InputError.of("throughput-date", f"{date:g} is not a decimal year", "write 2025.5 for the middle of 2025")
    return Recipe(
        seq, batch, precision, mode, zero, software=software, date=date, schedule=pipeline, capacity=capacity
    )  # fmt: skip


def _sizes(text: str) -> list[int]:
    try:
        sizes = [int(part.replace("_", "")) for part in text.split(",") if part.strip()]
    except ValueError:
        sizes = []
    if not sizes or min(sizes) < 1:
        raise typer.BadParameter(f"{text!r} is not a list of cluster sizes; write 256,512,1024")
    return sizes


def _catalog(folders: list[str] | None, model: str, systems: list[str],
             network: tuple[float, int, str | None, int]) -> "tuple[Transformer, list[Machine]]":  # fmt: skip
    from planner.catalog.load import load_catalog
    from planner.catalog.resolve import resolve_system
    from planner.throughput.rates import fabric_tiers, machine_of, transformer_of

    catalog = load_catalog(["builtin", *(f for f in folders or () if f != "builtin")])
    shape = transformer_of(catalog.transformers[catalog.identify("transformers", model)])
    ratio, pod, fabric, largest = network
    _check_network(ratio, pod, fabric)
    if fabric is not None:
        ratio, pod = fabric_tiers(catalog.fabrics[catalog.identify("fabrics", fabric)], largest)
    parts = [machine_of(resolve_system(catalog, name, strict=False)) for name in systems]
    return shape, [m.with_(oversubscription=ratio, pod=pod) for m in parts]


def _check_network(ratio: float, pod: int, fabric: str | None) -> None:
    from planner.errors import InputError

    if not 1 <= ratio < math.inf:
        raise InputError.of("throughput-network", f"{ratio:g} is no oversubscription", "1 is non-blocking")
    if fabric is not None and (ratio, pod) != (1.0, 0):
        raise InputError.of(
            "throughput-network", "--fabric states pod and oversubscription itself", "give one or the other"
        )
    if pod and ratio == 1:
        message = "--pod means nothing without --oversubscription"
        raise InputError.of("throughput-network", message, "give the ratio above the pod")


def _calibration(overlay: Path | None) -> "Calibration":
    from planner.throughput.calibration import load

    return load(overlay)


def _held_out(known: list[Any]) -> list[Any]:
    from planner.throughput.fitting import held_out_rows

    return held_out_rows(known)


def _plain(e: "Estimate") -> dict[str, Any]:
    """An estimate as JSON; what is not finite becomes null."""
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in e.to_dict().items()}
