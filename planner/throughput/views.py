"""Terminal output of the throughput commands: text blocks that fit 80 columns."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.throughput.estimate import Estimate
    from planner.throughput.validate import Row

BAR = 30
BLOCKS = " ▏▎▍▌▋▊▉█"
WORDS = {
    "matrix": "matrix products",
    "attention": "attention",
    "elementwise": "element-wise",
    "recompute": "recompute",
    "experts": "experts",
    "host": "host",
    "tensor_parallel": "tensor parallel",
    "context_parallel": "context parallel",
    "expert_parallel": "expert parallel",
    "pipeline": "pipeline bubble",
    "data_parallel": "data parallel",
    "optimizer": "optimizer",
    "jitter": "stragglers",
    "weights": "weights",
    "gradients": "gradients",
    "activations": "activations",
    "logits": "logits",
    "buffers": "buffers",
    "fragmentation": "fragmentation",
}


def bar(share: float, width: int = BAR) -> str:
    """A horizontal bar of eighths of a character."""
    eighths = round(max(0.0, min(share, 1.0)) * width * 8)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (BLOCKS[rest] if rest else "")).ljust(width)


def number(value: float) -> str:
    """Three significant figures with thousands and millions named."""
    for limit, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g} {unit}"
    return f"{value:.3g}"


def _bars(parts: Mapping[str, float], unit: str) -> list[str]:
    total = sum(parts.values()) or 1.0
    rows = sorted(parts.items(), key=lambda item: -item[1])
    return [f"    {WORDS.get(k, k):<17}{v:9.3g} {unit}  {v / total:4.0%}  {bar(v / total)}".rstrip()
            for k, v in rows if v / total >= 0.005]  # fmt: skip


def _wrapped(text: str, first: str = "  ") -> list[str]:
    return textwrap.wrap(text, 78, initial_indent=first, subsequent_indent="  ", break_on_hyphens=False)


def _notes(notes: Sequence[str]) -> list[str]:
    return [line for note in notes for line in _wrapped(note, "  note: ")]


def estimate_text(title: str, e: Estimate, memory_gb: float) -> str:
    """One estimate with its breakdowns."""
    lines = [title]
    if e.reason:
        return "\n".join([*lines, *_wrapped(e.reason), *_notes(e.notes)])
    n = e.accelerators
    lines += [
        f"  tokens/s          {number(e.tokens_per_s)}  ({e.tokens_per_s / n:,.4g} per accelerator)",
        f"  80 % interval     {number(e.low)} to {number(e.high)}",
        f"  after failures    {number(e.effective_tokens_per_s)}  (goodput {e.goodput:.1%})",
        f"  MFU               {e.mfu:.1%} of the bf16 peak, {e.utilisation:.1%} of the {e.precision} peak",
        f"  layout            {e.layout}",
        f"  software          {e.software}",
        f"  step              {e.step_time_s:.3g} s, of which",
        *_bars(e.time, "s"),
        f"  memory            {sum(e.memory.values()):.1f} of {memory_gb:g} GB per accelerator",
        *_bars(e.memory, "GB"),
        *_notes(e.notes),
    ]
    return "\n".join(lines)


def curve_text(sizes: Sequence[int], columns: Mapping[str, Sequence[Estimate]]) -> str:
    """tokens/s per accelerator over cluster sizes, several systems side by side."""
    best = max((e.tokens_per_s_per_accelerator for c in columns.values() for e in c), default=1.0) or 1.0
    width = max(8, min(BAR, (78 - 10) // max(len(columns), 1) - 10))
    head = f"{'cluster':>8}  " + "  ".join(f"{name[: width + 8]:<{width + 8}}" for name in columns)
    lines = ["tokens/s per accelerator", head]
    for i, size in enumerate(sizes):
        cells = []
        for column in columns.values():
            e = column[i]
            value = "none fits" if e.reason else f"{e.tokens_per_s_per_accelerator:,.5g}"
            share = e.tokens_per_s_per_accelerator / best
            cells.append(f"{value:>8}" + (" " * width if e.reason else bar(share, width)))
        lines.append(f"{size:>8,}  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def _stats_line(name: str, s: Mapping[str, Any]) -> str:
    if not s.get("rows"):
        return f"  {name:<17}{0:>5}"
    return (
        f"  {name:<17}{s['rows']:>5}{s['median']:>9.1%}{s['mean']:>8.1%}{s['p90']:>8.1%}"
        f"{s['coverage']:>9.0%}{s['null_mean']:>11.1%}"
    )


def scatter(rows: Sequence[Row], width: int = 60, height: int = 18) -> str:
    """Predicted (up) against measured (right), both logarithmic; the diagonal is a dotted line."""
    points = [(math.log(r.measured), math.log(r.predicted)) for r in rows if r.predicted > 0]
    if not points:
        return ""
    low, high = min(min(p) for p in points), max(max(p) for p in points) + 1e-9
    cells = [[" "] * width for _ in range(height)]
    for c in range(width):
        cells[height - 1 - int(c / width * height)][c] = "·"
    counts: dict[tuple[int, int], int] = {}
    for x, y in points:
        at = (height - 1 - int((y - low) / (high - low) * height), int((x - low) / (high - low) * width))
        at = (min(max(at[0], 0), height - 1), min(at[1], width - 1))
        counts[at] = counts.get(at, 0) + 1
    for (row, column), count in counts.items():
        cells[row][column] = "o" if count < 3 else "O" if count < 10 else "@"
    left, right = number(math.exp(low)), number(math.exp(high))
    axis = f"  {left} to {right} tokens/s per accelerator, measured (right) and predicted (up)"
    return "\n".join(["  |" + "".join(r).rstrip() for r in cells] + ["  +" + "-" * width, axis])


def validation_text(rows: Sequence[Row], summary: Mapping[str, Any], skipped: Sequence[str], worst: int = 10) -> str:
    """The validation as tables and a scatter plot; `skipped` holds the reason of each row left out."""
    title = f"{'error of tokens/s':<19}{'rows':>5}{'median':>9}{'mean':>8}{'p90':>8}{'covered':>9}{'null mean':>11}"
    lines = [title]
    for name in ("all", "dense_given", "moe", "searched"):
        lines.append(_stats_line(name.replace("_", ", layout "), summary[name]))
    for group in ("by_family", "by_scale"):
        lines.append(group.replace("_", " "))
        lines += [_stats_line(name, s) for name, s in summary[group].items()]
    if summary["memory"]["rows"]:
        lines.append(f"memory: {summary['memory']['rows']} rows, median error {summary['memory']['median']:.1%}")
    if summary["impossible"]:
        lines.append(f"called impossible: {', '.join(summary['impossible'])}")
    for reason, times in Counter(skipped).most_common():
        lines += _wrapped(f"{times} {'row' if times == 1 else 'rows'} left out: {reason}", "")
    if guessed := sum(r.guessed for r in rows):
        text = (
            f"{guessed} rows predicted but not scored, because widths of the model or the peak of the part are guessed"
        )
        lines += _wrapped(text, "")
    rows = [r for r in rows if not r.guessed]
    far = sorted(rows, key=lambda r: -abs(math.log(max(r.predicted, 1e-9) / r.measured)))[:worst]
    lines.append("furthest off")
    lines += [f"  {r.id[:46]:<46}{r.measured:>10,.5g}{r.predicted:>10,.5g}{r.error:>+8.0%}" for r in far]
    return "\n".join([*lines, scatter(rows)])
