"""The device of this process, found through torch, and a clock for work on it."""

from __future__ import annotations

import importlib
import os
import statistics
import time
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from planner.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

type Row = dict[str, Any]

KINDS = ("cuda", "npu", "xpu", "hpu", "mlu", "musa")
"""Device modules of torch, in the order tried. ROCm presents itself as cuda; the others come with a vendor's plugin."""

ROTATE_BYTES = 256e6
"""Inputs are rotated over this much memory, more than the caches hold, so that every call reads its operands."""


@dataclass(frozen=True)
class Node:
    """torch, the module of its device, and where this process computes."""

    torch: Any
    module: Any
    kind: str
    rank: int = 0
    local_rank: int = 0
    world: int = 1
    local_world: int = 1

    @property
    def where(self) -> str:
        """Name of the device for torch."""
        return "cpu" if self.kind == "cpu" else f"{self.kind}:{self.local_rank}"

    def about(self) -> Row:
        """What was measured, with which software, when."""
        name = getattr(self.module, "get_device_name", lambda _: self.kind)(self.local_rank)
        return {
            "device": name,
            "torch": str(self.torch.__version__),
            "runtime": _runtime(self.torch),
            "driver": _driver(),
            "date": datetime.now(UTC).strftime("%Y-%m-%d"),
            "ranks": self.world,
        }

    def state(self) -> Row:
        """Clock, power and temperature where the device tells."""
        out: Row = {}
        for name, call in (("clock_mhz", "clock_rate"), ("power_w", "power_draw"), ("temperature_c", "temperature")):
            try:
                value = float(getattr(self.module, call)())
            except Exception:  # an optional library is missing, or the device does not tell
                continue
            out[name] = round(value / (1000 if name == "power_w" else 1), 1)
        return out


def find(kind: str | None = None) -> Node:
    """The node's device; raises InputError when torch or a device is missing."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        raise InputError.of(
            "measure-torch", "torch is not installed here", "install torch for your device, then run this again"
        ) from None
    for plugin in ("torch_npu", "torch_mlu", "torch_musa"):
        try:
            importlib.import_module(plugin)
        except ImportError:
            continue
    numbers = {k: int(os.environ.get(k, d)) for k, d in (("RANK", "0"), ("LOCAL_RANK", "0"), ("WORLD_SIZE", "1"))}
    local = int(os.environ.get("LOCAL_WORLD_SIZE", str(numbers["WORLD_SIZE"])))
    for name in (kind,) if kind else KINDS:
        module = getattr(torch, name, None)
        if module is not None and module.is_available():
            if numbers["LOCAL_RANK"] >= (there := module.device_count()):
                message = f"{local} processes were started on this node, which has {there} of {name}"
                raise InputError.of("measure-device", message, f"start {there}, one for each accelerator")
            module.set_device(numbers["LOCAL_RANK"])
            return Node(torch, module, name, numbers["RANK"], numbers["LOCAL_RANK"], numbers["WORLD_SIZE"], local)
    raise InputError.of("measure-device", "torch sees no accelerator on this node", "run it on an accelerated node")


def _runtime(torch: Any) -> str:
    names = (("cuda", "CUDA"), ("hip", "ROCm"), ("xpu", "oneAPI"))
    found = [f"{label} {v}" for name, label in names if (v := getattr(torch.version, name, None))]
    return ", ".join(found) or "not told"


def _driver() -> str:
    try:
        nvml = importlib.import_module("pynvml")
        nvml.nvmlInit()
        return str(nvml.nvmlSystemGetDriverVersion())
    except Exception:  # another vendor, or no such library
        return "not told"


@dataclass(frozen=True)
class Clock:
    """Times work: warm-up, then `rounds` rounds of back-to-back calls that last `round_s` each.

    Where the device records graphs, the calls of a round are replayed as one, so that the host's launches are not
    in the figure.
    """

    node: Node
    rounds: int = 9
    round_s: float = 0.02
    most: int = 200
    calls: int = 0
    """Calls of a round; 0 takes as many as fill it. Collectives need the same number on every rank."""

    def row(self, work: Callable[[], Any], *, graph: bool = False) -> Row:
        """`ms` per call, the median of the rounds, and `spread`, the 10th to 90th percentile over the median."""
        for _ in range(3):
            work()
        once = self._seconds(work, 3)
        calls = self.calls or max(1, min(self.most, round(self.round_s / max(once, 1e-7))))
        repeated = self._graph(work, calls) if graph else None
        times = []
        for i in range(self.rounds + 1):
            seconds = self._seconds(repeated, 1) / calls if repeated else self._seconds(work, calls)
            if i:  # the first round settles clocks and caches
                times.append(seconds * 1e3)
        times.sort()
        middle = statistics.median(times)
        low, high = times[len(times) // 10], times[-1 - len(times) // 10]
        timed: Row = {"ms": _digits(middle), "spread": round((high - low) / middle, 4)}
        return timed if repeated or not graph else {**timed, "host": True}

    def _seconds(self, work: Callable[[], Any], calls: int) -> float:
        module = self.node.module
        module.synchronize()
        event = getattr(module, "Event", None)
        if self.node.kind == "cpu" or event is None:
            start = time.perf_counter()
            for _ in range(calls):
                work()
            module.synchronize()
            return (time.perf_counter() - start) / calls
        first, last = event(enable_timing=True), event(enable_timing=True)
        first.record()
        for _ in range(calls):
            work()
        last.record()
        module.synchronize()
        return float(first.elapsed_time(last)) / 1e3 / calls

    def _graph(self, work: Callable[[], Any], calls: int) -> Callable[[], None] | None:
        """The calls as one recorded graph, or None where the device records none."""
        module = self.node.module
        maker = getattr(module, "CUDAGraph", None) or getattr(module, "NPUGraph", None)
        if maker is None or not hasattr(module, "graph"):
            return None
        try:
            recorded = maker()
            with module.graph(recorded):
                for _ in range(calls):
                    work()
            recorded.replay()
            module.synchronize()
        except RuntimeError:
            return None
        return cast("Callable[[], None]", recorded.replay)


def attempt(node: Node, row: Row, work: Callable[[], Row]) -> Row:
    """The row with its figures, or with `failed` and why: one impossible shape never ends a measurement."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch explains at length why a kernel is not there; `failed` says it once
            return {**row, **work()}
    except Exception as error:  # torch raises many kinds: out of memory, no such kernel, unsupported type
        reason = str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
        return {**row, "failed": "out of memory" if "out of memory" in str(error).lower() else reason}
    finally:
        empty = getattr(node.module, "empty_cache", None)
        if empty is not None:
            empty()


def rotated(make: Callable[[], Any], size: float) -> Iterator[Any]:
    """Endless turns through several values of `make`, `size` bytes each."""
    count = max(1, min(32, round(ROTATE_BYTES / max(size, 1.0))))
    values = [make() for _ in range(count)]
    while True:
        yield from values


def _digits(value: float) -> float:
    return float(f"{value:.4g}")
