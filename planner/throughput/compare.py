"""Measured rows beside the model: predicted times, and the calibration overlay that the rows call for."""

from __future__ import annotations

import math
import re
import statistics
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import InputError, nearest
from planner.throughput import comms, compute
from planner.throughput.arrays import Arr, layouts
from planner.throughput.case import arrays, case, knobs
from planner.throughput.inputs import Layout, Machine, Recipe, Transformer
from planner.throughput.step import OPTIMIZER_BYTES, block

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.catalog.load import Catalog
    from planner.throughput.bench.device import Row
    from planner.throughput.calibration import Calibration
    from planner.throughput.knobs import Knobs
    from planner.throughput.measure import Record


@dataclass(frozen=True)
class View:
    """The model for one machine: what it predicts for a measured row, under the calibration's numbers or others."""

    machine: Machine
    calibration: Calibration

    def changed(self, values: dict[str, float]) -> View:
        """The same with other numbers of the machine's family."""
        family = self.calibration.family(self.machine.family)
        other = replace(family, values={**family.values, **values})
        return View(self.machine, replace(self.calibration, families={**self.calibration.families, family.id: other}))

    @cached_property
    def rates(self) -> dict[str, tuple[compute.Rates, Knobs]]:
        """Attainable rates and knobs, by precision that the machine has."""
        out = {}
        for precision in ("bf16", "fp8"):
            if self.machine.peak_tflops.get(precision):
                c = case(ANY, Recipe(1024, 1, precision), self.machine, self.calibration)
                _, j, h = arrays([c])
                k = knobs([c], self.calibration)
                out[precision] = compute.rates(h, j, k), k
        return out

    def ms(self, row: Row) -> float | None:
        """Predicted milliseconds of a row; None where the model has no such thing."""
        formula = FORMULAS.get(row["kind"])
        seconds = formula(self, row) if formula else None
        return None if seconds is None else seconds * 1e3


ANY = Transformer("any", 1, 4096, 32, 32, 128, 16384, False, 32000)


def _product(view: View, row: Row) -> float | None:
    found = view.rates.get(row["precision"])
    if found is None:
        return None
    r, k = found
    m, n, depth = (np.array([float(row[x])]) for x in ("m", "n", "k"))
    return _one(compute.product(m, n, depth, r.linear, r.bandwidth, r.width) + k.overhead)


def _attention(view: View, row: Row) -> float | None:
    t = replace(ANY, heads=row["heads"], kv_heads=row["kv_heads"], head_dim=row["head_dim"])
    c = case(t, Recipe(row["seq"], row["batch"]), view.machine, view.calibration)
    s, j, h = arrays([c])
    k = knobs([c], view.calibration)
    tokens = np.array([float(row["seq"] * row["batch"])])
    x = layouts([Layout(1, 1, 1, micro_batch=row["batch"])])
    forward = _one(compute.attention_kernel(s, j, x, tokens, h, k) + k.overhead)
    return forward * (1.0 if row["pass"] == "forward" else compute.FLASH_BACKWARD)


def _layer(view: View, row: Row) -> float | None:
    c = case(transformer(row), Recipe(row["seq"], row["micro_batch"]), view.machine, view.calibration)
    s, j, h = arrays([c])
    x = layouts([Layout(1, 1, 1, micro_batch=row["micro_batch"], zero=0)])
    return _one(block(s, j, x, h, knobs([c], view.calibration)).total)


def _experts(view: View, row: Row) -> float | None:
    t = replace(
        ANY,
        gated_ffn=True,
        hidden=row["hidden"],
        experts=row["experts"],
        top_k=row["top_k"],
        expert_ffn=row["expert_ffn"],
    )
    c = case(t, Recipe(row["tokens"], 1), view.machine, view.calibration)
    s, j, h = arrays([c])
    x = layouts([Layout(1, 1, row["ep"], ep=row["ep"], zero=0)])
    return _one(block(s, j, x, h, knobs([c], view.calibration)).experts)


def _step(view: View, row: Row) -> float | None:
    from planner.throughput.estimate import estimate

    recipe = Recipe(row["seq"], row["micro_batch"] * row["micro_batches"], recompute="none")
    layout = Layout(1, 1, 1, micro_batch=row["micro_batch"], zero=0)
    found = estimate(transformer(row), recipe, view.machine, 1, layout, view.calibration)
    return None if found.reason else found.step_time_s


def _optimizer(view: View, row: Row) -> float | None:
    found = view.rates.get("bf16")
    return None if found is None else _one(OPTIMIZER_BYTES * row["parameters"] / found[0].bandwidth)


def _collective(view: View, row: Row) -> float | None:
    if row["op"] == "all-to-all":
        return None
    c = case(ANY, Recipe(1024, 1), view.machine, view.calibration)
    h = arrays([c])[2]
    size, ranks, inside = (np.array([float(row[x])]) for x in ("bytes", "ranks", "inside"))
    once = comms.gather(size, ranks, inside, comms.links(h, knobs([c], view.calibration)), ranks)
    return _one(once) * (2.0 if row["op"] == "all-reduce" else 1.0)


FORMULAS: dict[str, Callable[[View, Row], float | None]] = {
    "gemm": _product, "attention": _attention, "optimizer": _optimizer, "collective": _collective, "layer": _layer,
    "experts": _experts, "step": _step,
}  # fmt: skip


def transformer(row: Row) -> Transformer:
    """The shape of a layer or step row."""
    return Transformer(
        row["what"], row["layers"], row["hidden"], row["heads"], row["kv_heads"], row["head_dim"], row["ffn"],
        row["gated_ffn"], row["vocab"], row["tied_embed"],
    )  # fmt: skip


def _one(value: Arr) -> float:
    return float(np.asarray(value).reshape(-1)[0])


@dataclass(frozen=True)
class Compared:
    """A measured row, what the model says of it, and the relative error of its time."""

    row: Row
    predicted_ms: float

    @property
    def error(self) -> float:
        """Predicted over measured, minus one: above zero where the model is too slow."""
        return self.predicted_ms / float(self.row["ms"]) - 1


def compare(record: Record, view: View) -> list[Compared]:
    """Every row that the model has a time for; of attention kernels and of compiled or plain code the fastest."""
    return [Compared(r, ms) for r in fastest(record) if (ms := view.ms(r)) is not None]


_SAME = ("kind", "what", "precision", "m", "n", "k", "pass", "heads", "kv_heads", "head_dim", "seq", "batch",
         "micro_batch", "micro_batches", "parameters", "op", "bytes", "ranks", "tokens", "experts", "ep")  # fmt: skip


def fastest(record: Record) -> list[Row]:
    """Of rows that differ only in kernel or mode, the fastest; in the order measured."""
    best: dict[tuple[Any, ...], Row] = {}
    for r in record.rows:
        if "ms" in r and r["kind"] != "launch":
            key = tuple(r.get(name) for name in _SAME)
            if key not in best or r["ms"] < best[key]["ms"]:
                best[key] = r
    return list(best.values())


def summary(compared: Sequence[Compared]) -> dict[str, dict[str, float]]:
    """By group: rows, median error with its sign, median and 90th percentile of its size."""
    groups: dict[str, list[float]] = {}
    for c in compared:
        groups.setdefault(group(c.row), []).append(c.error)
    out = {}
    for name, errors in groups.items():
        sizes = sorted(abs(e) for e in errors)
        out[name] = {
            "rows": len(errors), "bias": statistics.median(errors), "median": statistics.median(sizes),
            "p90": sizes[min(len(sizes) - 1, math.ceil(0.9 * len(sizes)) - 1)],
        }  # fmt: skip
    return out


def group(row: Row) -> str:
    """The group that a row is summed up in."""
    if row["kind"] == "gemm":
        what = str(row["what"])
        share = re.search(r"tp(\d+)", what)
        part = "gradients" if "gradient" in what else f"layers, tp{share[1]}" if share else what.rsplit(maxsplit=1)[-1]
        return f"products {row['precision']}: {'few tokens' if what == 'few tokens' else part}"
    if row["kind"] == "attention":
        return f"attention {row['pass']}"
    return {"layer": "layer, both passes", "experts": "routed experts, both passes", "step": "training step"}.get(
        row["kind"], str(row["kind"])
    )


def machine_for(
    catalog: Catalog, calibration: Calibration, device: str, family: str | None = None, system: str | None = None
) -> Machine:
    """The catalog's machine to measure a device against: the system named, or the first of the family.

    The family is the one named, else the named system's, else the one that the device's name stands for.

    Raises:
        InputError: no such system, none of the family, or no family goes by the device's name.
    """
    from planner.catalog.resolve import resolve_system
    from planner.throughput.rates import machine_of

    if system:
        found = machine_of(resolve_system(catalog, catalog.identify("systems", system), strict=False))
        if family and found.family != calibration.family(family).id:
            message = f"{found.id} is of the calibration family {found.family!r}, not {family!r}"
            raise InputError.of("measure-system", message, f"leave out --family, or write --family {found.family}")
        return found
    wanted = calibration.family(family).id if family else family_of(device, calibration)
    for name in catalog.systems:
        resolved = resolve_system(catalog, name, strict=False)
        if resolved.performance_family == wanted:
            return machine_of(resolved)
    message = f"no catalog system has the performance family {wanted!r}"
    raise InputError.of("measure-family", message, "name one with --system")


def family_of(device: str, calibration: Calibration) -> str:
    """The calibration family that a device's name stands for: the longest published name in it.

    Raises:
        InputError: none is in it.
    """
    plain = _plain(device)
    names = {_plain(n): f.id for f in calibration.families.values() for n in (f.id, *f.families)}
    inside = [n for n in names if n in plain]
    if not inside:
        known = nearest(device, list(calibration.families))
        hint = f"name one with --family{f', such as {known}' if known else ''}"
        raise InputError.of("measure-family", f"no calibration family goes by the name of the device {device!r}", hint)
    return names[max(inside, key=len)]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
