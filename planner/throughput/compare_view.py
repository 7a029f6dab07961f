"""A measurement beside the model, as text of at most 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.throughput.compare import compare, fastest, group, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.throughput.bench.device import Row
    from planner.throughput.compare import Compared, View
    from planner.throughput.measure import Record
    from planner.throughput.overlay import Replaced


def compare_text(record: Record, view: View, replaced: Sequence[Replaced]) -> str:
    """What was measured, what the model says of it, and which of its numbers an overlay replaces."""
    compared = compare(record, view)
    blocks = [
        _head(record, view), _kernels(compared), _rates(record, view), _layers(compared), _experts(compared),
        _steps(compared), _replaces(view, replaced), _failed(record),
    ]  # fmt: skip
    return "\n\n".join(block for block in blocks if block)


def _head(record: Record, view: View) -> str:
    a = record.about
    ranks = a.get("ranks", 1)
    links = f"{ranks} ranks" if ranks > 1 else "one process: collectives not measured (start several with torchrun)"
    return (
        f"{a['device']}, measured {a.get('date', '?')}\n"
        f"torch {a.get('torch', '?')}, {a.get('runtime', '?')}, driver {a.get('driver', '?')}\n"
        f"against {view.machine.id}, family {view.machine.family}\n{links}"
    )


def _kernels(compared: Sequence[Compared]) -> str:
    lines = [f"{'':<30}{'rows':>5}{'TFLOP/s':>17}{'bias':>9}{'error':>8}{'p90':>8}"]
    groups: dict[str, list[Compared]] = {}
    for c in compared:
        groups.setdefault(group(c.row), []).append(c)
    for name, s in summary(compared).items():
        rates = [c.row["tflops"] for c in groups[name] if "tflops" in c.row]
        span = f"{min(rates):,.0f} to {max(rates):,.0f}" if rates else ""
        lines.append(f"{name:<30}{s['rows']:>5}{span:>17}{s['bias']:>+9.1%}{s['median']:>8.1%}{s['p90']:>8.1%}")
    lines.append("bias: median of predicted over measured time, less one; error: its median size")
    return "\n".join(lines) if groups else ""


def _rates(record: Record, view: View) -> str:
    lines = []
    peak = view.machine.memory_bandwidth_gbs
    for r in fastest(record):
        if r["kind"] == "memory":
            where = f"{r['op']} {r.get('what', '')} {r.get('pass', '')}".strip()
            lines.append(f"{where:<44}{r['gbs']:>9,.0f} GB/s{r['gbs'] / peak:>8.0%} of peak")
        elif r["kind"] == "optimizer":
            lines.append(f"{'AdamW, ' + r['mode']:<44}{r['gbs']:>9,.0f} GB/s{r['gbs'] / peak:>8.0%} of peak")
        elif r["kind"] == "collective":
            what = f"{r['op']}, {r['bytes'] / 2**20:,.0f} MB, {r['ranks']} ranks"
            lines.append(f"{what:<44}{r['ms']:>9.3g} ms")
    lines += [
        f"{'launch of a small product, by ' + r['mode']:<44}{r['ms'] * 1e3:>9.2f} us" for r in record.of("launch")
    ]
    return "\n".join(lines)


def _layers(compared: Sequence[Compared]) -> str:
    rows = [c for c in compared if c.row["kind"] == "layer"]
    if not rows:
        return ""
    lines = [
        f"{'one layer, forward and backward':<34}{'seq':>7}{'batch':>6}{'measured':>12}{'predicted':>11}{'error':>9}"
    ]
    for c in rows:
        r = c.row
        name = f"{r['what']}, {r['mode']}"
        lines.append(f"{name:<34}{r['seq']:>7,}{r['micro_batch']:>6}{r['ms']:>9.3g} ms{c.predicted_ms:>8.3g} ms"
                     f"{c.error:>+9.1%}")  # fmt: skip
    return "\n".join(lines)


def _experts(compared: Sequence[Compared]) -> str:
    rows = [c for c in compared if c.row["kind"] == "experts"]
    if not rows:
        return ""
    lines = [
        f"{'routed experts, both passes':<34}{'tokens':>7}{'each':>6}{'measured':>12}{'predicted':>11}{'error':>9}"
    ]
    for c in rows:
        r = c.row
        name = f"{r['what']}, {r['mode']}"[:34]
        each = r["tokens"] * r["top_k"] * r["ep"] // r["experts"]
        lines.append(
            f"{name:<34}{r['tokens']:>7,}{each:>6,}{r['ms']:>9.3g} ms{c.predicted_ms:>8.3g} ms{c.error:>+9.1%}"
        )
    return "\n".join(lines)


def _steps(compared: Sequence[Compared]) -> str:
    rows = [c for c in compared if c.row["kind"] == "step"]
    if not rows:
        return ""
    lines = [f"{'training step, tokens/s':<34}{'seq':>7}{'batch':>8}{'measured':>11}{'predicted':>11}{'error':>9}"]
    for c in rows:
        r = c.row
        name = f"{r['what']} x {r['layers']}, {r['mode']}"
        batch = f"{r['micro_batch']} x {r['micro_batches']}"
        predicted = tokens_per_s(r, c.predicted_ms)
        error = predicted / r["tokens_per_s"] - 1
        lines.append(f"{name:<34}{r['seq']:>7,}{batch:>8}{r['tokens_per_s']:>11,.0f}{predicted:>11,.0f}{error:>+9.1%}")
    return "\n".join(lines)


def tokens_per_s(row: Row, ms: float) -> float:
    """Tokens per second of a step row at that many milliseconds."""
    return float(row["seq"] * row["micro_batch"] * row["micro_batches"] / ms * 1e3)


def _replaces(view: View, found: Sequence[Replaced]) -> str:
    if not found:
        return ""
    lines = [f"{'replaces, of family ' + view.machine.family:<34}{'shipped':>12}{'measured':>12}{'rows':>7}"]
    for r in found:
        scale, unit = (1e6, " us") if r.name == "overhead" else (1.0, "")
        lines.append(
            f"{r.name:<34}{f'{r.shipped * scale:.3g}{unit}':>12}{f'{r.measured * scale:.3g}{unit}':>12}{r.rows:>7}"
        )
    kept = [n for n in view.calibration.family(view.machine.family).values if n not in {r.name for r in found}]
    return "\n".join([*lines, f"not measured, kept: {', '.join(kept)}"])


def _failed(record: Record) -> str:
    reasons: dict[tuple[str, str], int] = {}
    for r in record.failed:
        name = f"{r['kind']} {r.get('mode') or r.get('backend') or r.get('precision') or r.get('op') or ''}".strip()
        key = (name, r["failed"])
        reasons[key] = reasons.get(key, 0) + 1
    lines = [f"{count} of {name}: {reason}"[:80] for (name, reason), count in reasons.items()]
    return "\n".join(["not measured:", *lines]) if lines else ""
