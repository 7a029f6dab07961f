"""The tables of docs/throughput.md that set our own measurements beside the model; the rest is written by hand."""

import statistics
from collections.abc import Callable
from pathlib import Path

from planner.catalog.load import load_catalog
from planner.throughput.bench.device import Row
from planner.throughput.calibration import load
from planner.throughput.compare import Compared, View, compare, group, machine_for
from planner.throughput.compare_view import tokens_per_s
from planner.throughput.measure import Record, read
from planner.throughput.overlay import Replaced, fitted
from reference.text import table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "throughput.md"
BEGIN, END = "<!-- measured: written by make docs -->\n", "<!-- end of measured -->\n"
PARTS = {"H100": "kernels-h100.yaml", "H200": "kernels-h200.yaml"}


class Part:
    """One device: its record, the model with shipped and with its own numbers, and the errors of both."""

    def __init__(self, name: str) -> None:
        self.record: Record = read(ROOT / "catalogs" / "measurements" / PARTS[name])
        calibration = load()
        view = View(machine_for(load_catalog(), calibration, self.record.about["device"]), calibration)
        self.found: list[Replaced] = fitted(self.record, view)
        own = view.changed({r.name: r.measured for r in self.found})
        self.shipped, self.own = (compare(self.record, v) for v in (view, own))


def page() -> str:
    """The page with its tables anew."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    parts = {name: Part(name) for name in PARTS}
    tables = [_kernels(parts), _layers(parts), _experts(parts), _steps(parts), _numbers(parts)]
    return before + BEGIN + "\n" + "\n\n".join("\n".join(t) for t in tables) + "\n\n" + END + after


def _kernels(parts: dict[str, Part]) -> list[str]:
    rows = []
    for name in dict.fromkeys(group(c.row) for c in parts["H100"].shipped):
        cells = [name]
        for p in parts.values():
            mine, own = ([c for c in side if group(c.row) == name] for side in (p.shipped, p.own))
            bias = statistics.median(c.error for c in mine)
            cells += [_span(mine), f"{bias:+.0%}", f"{_median(mine):.1%}", f"{_median(own):.1%}"]
        rows.append([cells[0], str(len(mine)), *cells[1:]])
    head = ["", "rows"] + [f"{n} {what}" for n in parts for what in ("measured", "bias", "error", "own numbers")]
    return table(head, rows)


def _median(compared: list[Compared]) -> float:
    return statistics.median(abs(c.error) for c in compared)


def _span(compared: list[Compared]) -> str:
    rates = [float(c.row["tflops"]) for c in compared if "tflops" in c.row]
    if rates:
        return f"{min(rates):,.0f} to {max(rates):,.0f} TFLOP/s" if len(rates) > 1 else f"{rates[0]:,.0f} TFLOP/s"
    speeds = [float(c.row["gbs"]) for c in compared if "gbs" in c.row]
    return f"{speeds[0]:,.0f} GB/s" if speeds else ""


def _layers(parts: dict[str, Part]) -> list[str]:
    rows = [
        [f"{r['what']}, {r['seq']:,} x {r['micro_batch']}", *cells]
        for r, cells in _beside(parts, "layer", lambda c: (f"{c.row['ms']:.3g} ms", f"{c.error:+.1%}"))
    ]
    return table(["layer, sequence x batch", *_heads(parts)], rows)


def _experts(parts: dict[str, Part]) -> list[str]:
    rows = [
        [f"{r['what']}, {r['tokens']:,} tokens to {r['top_k']} of {r['experts']}, width {r['expert_ffn']:,}", *cells]
        for r, cells in _beside(parts, "experts", lambda c: (f"{c.row['ms']:.3g} ms", f"{c.error:+.1%}"))
    ]
    return table(["routed experts of one device", *_heads(parts)], rows)


def _steps(parts: dict[str, Part]) -> list[str]:
    def cells(c: Compared) -> tuple[str, str]:
        rate = float(c.row["tokens_per_s"])
        return f"{rate:,.0f} tokens/s", f"{tokens_per_s(c.row, c.predicted_ms) / rate - 1:+.1%}"

    rows = [
        [f"{r['what']} x {r['layers']}, {r['seq']:,} x {r['micro_batch']} x {r['micro_batches']}", *shown]
        for r, shown in _beside(parts, "step", cells)
    ]
    return table(["training step, sequence x micro-batch x count", *_heads(parts)], rows)


def _heads(parts: dict[str, Part]) -> list[str]:
    return [f"{n} {what}" for n in parts for what in ("measured", "shipped", "own numbers")]


def _beside(
    parts: dict[str, Part], kind: str, cells: Callable[[Compared], tuple[str, str]]
) -> list[tuple[Row, list[str]]]:
    """Rows of a kind with, for each device, the measured figure and the errors of shipped and own numbers."""
    out: dict[tuple[object, ...], tuple[Row, list[str]]] = {}
    for p in parts.values():
        for mine, own in zip(p.shipped, p.own, strict=True):
            r = mine.row
            if r["kind"] == kind:
                key = tuple(r.get(name) for name in ("what", "seq", "tokens", "micro_batch", "micro_batches"))
                out.setdefault(key, (r, []))[1].extend([*cells(mine), cells(own)[1]])
    return list(out.values())


def _numbers(parts: dict[str, Part]) -> list[str]:
    rows = []
    for pair in zip(*(p.found for p in parts.values()), strict=True):
        cells = [
            f"{v * 1e6:.1f} us" if r.name == "overhead" else f"{v:.3f}" for r in pair for v in (r.shipped, r.measured)
        ]
        rows.append([pair[0].name, *cells])
    return table(["number of the family", *(f"{n} {what}" for n in parts for what in ("shipped", "measured"))], rows)
