"""Measure this node with torch: kernels, one transformer layer, collectives, and on request a training step.

Optional: torch is no dependency of the planner. The rows are a record that `compare` sets beside the model and
turns into a calibration overlay; a record can be kept and read again without any device.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import yaml

from planner.errors import InputError
from planner.throughput.bench.device import Clock, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from planner.throughput.bench.device import Node
    from planner.throughput.bench.plan import Plan

_SHAPE = ("what", "layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "gated_ffn", "vocab", "tied_embed", "seq",
          "micro_batch", "mode")  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "gemm": ("what", "precision", "m", "n", "k", "tflops"),
    "attention": ("backend", "pass", "heads", "kv_heads", "head_dim", "seq", "batch"),
    "memory": ("op", "gbs"),
    "optimizer": ("mode", "parameters", "gbs"),
    "launch": ("mode",),
    "collective": ("op", "bytes", "ranks", "inside"),
    "layer": _SHAPE,
    "experts": ("what", "hidden", "experts", "top_k", "expert_ffn", "ep", "tokens", "mode"),
    "step": (*_SHAPE, "micro_batches", "tokens_per_s"),
}
"""The kinds of rows, in the order measured, and what a row says beside its time."""

HEADER = "# Measured by `planner throughput measure`; read again with `planner throughput measure --from THIS_FILE`.\n"


@dataclass(frozen=True)
class Record:
    """What was measured: device, software and date, and the rows."""

    about: Row
    rows: tuple[Row, ...] = field(default_factory=tuple)

    def of(self, kind: str) -> list[Row]:
        """Rows of a kind that have a figure."""
        return [r for r in self.rows if r["kind"] == kind and "ms" in r]

    @property
    def failed(self) -> list[Row]:
        """Rows without a figure, each with its reason."""
        return [r for r in self.rows if "failed" in r]


def measure(
    node: Node, plan: Plan, tell: Callable[[str], None], keep: Callable[[Record], None] | None = None
) -> Record:
    """Measure everything in the plan on this node.

    `tell` hears what is being measured, and `keep` is given the record so far after every part, so that a long
    measurement that is cut off leaves what it had; of several processes, only the first one speaks.
    """
    rows: list[Row] = []
    part = ""
    for row in _rows(node, plan, rows):
        if row["kind"] != part:
            part = row["kind"]
            if node.rank == 0:
                tell(f"measuring: {part}")
                if keep:
                    keep(Record(node.about(), tuple(rows)))
        rows.append(row)
    if node.world > 1 and node.torch.distributed.is_initialized():
        node.torch.distributed.destroy_process_group()
    about = {**node.about(), **({"state": state} if (state := node.state()) else {})}
    return Record(about, tuple(rows))


def _rows(node: Node, plan: Plan, done: list[Row]) -> Iterator[Row]:
    from planner.throughput.bench import experts, kernels, layer, links, train

    clock = Clock(node)
    yield kernels.warm(node, clock, plan.warm_s)
    if plan.wants("gemm"):
        for row in kernels.matrix_products(plan):
            yield kernels.gemm(node, clock, row)
    if plan.wants("attention"):
        for row in kernels.attention_shapes(plan):
            yield kernels.attention(node, clock, row)
    if plan.wants("memory"):
        yield from kernels.memory_bound(node, clock, plan)
    if plan.wants("optimizer"):
        yield from kernels.optimizer(node, clock, plan)
    if plan.wants("launch"):
        yield from kernels.launches(node, clock)
    if plan.wants("collective"):
        yield from links.collectives(node, clock, plan)
    backend = quickest(done)
    slow = replace(clock, rounds=5, round_s=0.05)
    if plan.wants("layer"):
        yield from layer.layers(node, slow, plan, backend)
    if plan.wants("experts"):
        yield from experts.routed(node, slow, plan)
    if plan.wants("step"):
        yield from train.steps(node, plan, backend)
    if plan.wants("gemm"):
        yield kernels.warm(node, clock, plan.sustained_s)


def quickest(rows: list[Row]) -> str | None:
    """The attention kernel that is most often the fastest, forward and backward together; None where none ran."""
    times: dict[tuple[Any, ...], dict[str, float]] = {}
    for r in rows:
        if r["kind"] == "attention" and "ms" in r:
            shape = (r["heads"], r["kv_heads"], r["head_dim"], r["seq"])
            at = times.setdefault(shape, {})
            at[r["backend"]] = at.get(r["backend"], 0.0) + r["ms"]
    wins = [min(at, key=lambda name: at[name]) for at in times.values()]
    return max(sorted(set(wins)), key=wins.count) if wins else None


def save(record: Record, path: Path) -> None:
    """Write a record, one line a row, whole or not at all."""
    from planner.io.files import write_atomic

    def lines(value: Any) -> str:
        return yaml.safe_dump(value, sort_keys=False, width=10**6, default_flow_style=True).strip()

    rows = "".join(f"  - {lines(dict(r))}\n" for r in record.rows)
    write_atomic(path, f"{HEADER}measured: {lines(record.about)}\nrows:\n{rows}")


def read(path: Path) -> Record:
    """Read a record that `save` wrote.

    Raises:
        InputError: the file is missing, or no such record.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise InputError.of("measure-record", f"cannot read {path}: {error.strerror or error}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError.of("measure-record", f"{path} is not YAML: {str(error).splitlines()[0]}") from None
    about, rows = (data.get("measured"), data.get("rows")) if isinstance(data, dict) else (None, None)
    hint = "`planner throughput measure --record FILE` writes such a file"
    if not isinstance(about, dict) or not isinstance(rows, list) or "device" not in about:
        raise InputError.of("measure-record", f"{path} is no record of a measurement", hint)
    for i, row in enumerate(rows, 1):
        if fault := _fault(row):
            raise InputError.of("measure-record", f"{path}: row {i} {fault}", hint)
    return Record(about, tuple(rows))


def _fault(row: Any) -> str:
    """What is wrong with a row; nothing if it can be used."""
    if not isinstance(row, dict) or row.get("kind") not in FIELDS:
        return f"is of no known kind; known: {', '.join(FIELDS)}"
    if "failed" in row:
        return ""
    if missing := [name for name in FIELDS[row["kind"]] if name not in row]:
        return f"({row['kind']}) lacks {', '.join(missing)}"
    if "ms" not in row:
        return f"({row['kind']}) has neither a time `ms` nor `failed`"
    wrong = [n for n, v in row.items() if n in _NUMBERS and not (type(v) in (int, float) and 0 < v < 1e18)]
    return f"({row['kind']}): {wrong[0]} is not a number above 0" if wrong else ""


_NUMBERS = frozenset(("ms", "m", "n", "k", "tflops", "gbs", "batch", "parameters", "bytes", "ranks", "inside", "layers",
                      "micro_batches", "tokens_per_s", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab", "seq",
                      "micro_batch", "experts", "top_k", "expert_ffn", "ep", "tokens"))  # fmt: skip
