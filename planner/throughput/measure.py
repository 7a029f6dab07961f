"""Measure this node with torch: matrix products, memory, attention and collectives, as a calibration overlay.

Optional: torch is not a dependency. Devices are found through torch itself (`torch.accelerator`, or the
modules `cuda` and `npu`; ROCm presents itself as cuda).
"""

from __future__ import annotations

import importlib
import os
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from planner.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (2048, 4096, 8192, 16384)
ROUNDS = 20
COLLECTIVE_BYTES = 512 * 2**20


def _torch() -> tuple[Any, Any, str]:
    """torch, its device module and the device name; an explanation where there is none."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        raise InputError.of(
            "measure-torch", "torch is not installed here", "install torch for your device, then run this again"
        ) from None
    for plugin in ("torch_npu",):
        try:
            importlib.import_module(plugin)
        except ImportError:
            continue
    for name in ("cuda", "npu"):
        module = getattr(torch, name, None)
        if module is not None and module.is_available():
            return torch, module, name
    raise InputError.of("measure-device", "torch sees no accelerator on this node", "run it on an accelerated node")


def _seconds(work: Callable[[], Any], device: Any) -> float:
    """Best of several timed rounds, seconds per call."""
    for _ in range(3):
        work()
    device.synchronize()
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(ROUNDS):
            work()
        device.synchronize()
        best = min(best, (time.perf_counter() - start) / ROUNDS)
    return best


def measure() -> dict[str, Any]:
    """Rates of this node: TFLOP/s by matrix size, GB/s of memory, attention TFLOP/s, collective GB/s."""
    torch, device, name = _torch()
    rank = int(os.environ.get("LOCAL_RANK", "0"))
    device.set_device(rank)
    where = f"{name}:{rank}"
    found: dict[str, Any] = {"device": device.get_device_name(rank)}
    for n in SIZES:
        a = torch.randn(n, n, dtype=torch.bfloat16, device=where)
        found[f"gemm_{n}_tflops"] = 2 * n**3 / _seconds(partial(torch.matmul, a, a), device) / 1e12
    small = torch.randn(128, 128, dtype=torch.bfloat16, device=where)
    found["launch_us"] = _seconds(lambda: small @ small, device) * 1e6
    block = torch.empty(2**28, dtype=torch.bfloat16, device=where)
    found["memory_gbs"] = 2 * 2 * 2**28 / _seconds(lambda: block.add_(1), device) / 1e9
    q = torch.randn(1, 32, 8192, 128, dtype=torch.bfloat16, device=where)
    attend = torch.nn.functional.scaled_dot_product_attention
    work = 2 * 2 * 32 * 8192**2 * 128 / 2
    found["attention_tflops"] = work / _seconds(lambda: attend(q, q, q, is_causal=True), device) / 1e12
    return {**found, **_collectives(torch, device, name, where)}


def _collectives(torch: Any, device: Any, name: str, where: str) -> dict[str, Any]:
    """All-gather GB/s per device and direction, inside a node; nothing for a single process."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world < 2:
        return {}
    torch.distributed.init_process_group("nccl" if name == "cuda" else "hccl")
    local = int(os.environ.get("LOCAL_WORLD_SIZE", str(world)))
    shard = torch.empty(COLLECTIVE_BYTES // 2 // world, dtype=torch.bfloat16, device=where)
    whole = torch.empty(shard.numel() * world, dtype=torch.bfloat16, device=where)
    seconds = _seconds(lambda: torch.distributed.all_gather_into_tensor(whole, shard), device)
    rate = (world - 1) / world * COLLECTIVE_BYTES / seconds / 1e9
    return {"scale_up_gbs" if local == world else "scale_out_gbs": rate, "devices": float(world)}


def overlay(family: str, found: dict[str, Any], peaks: dict[str, float] | None = None) -> dict[str, Any]:
    """An overlay with the parameters that the measurement fixes.

    Shares need the datasheet's peaks (`bf16` TFLOP/s, `memory` and `scale_up` GB/s), by default those of the
    catalog's accelerators of this family.
    """
    peaks = peaks or catalog_peaks(family)
    largest = max((v for k, v in found.items() if k.startswith("gemm_")), default=0.0)
    shares = {
        "gemm": (largest, peaks.get("bf16")),
        "attention": (found.get("attention_tflops"), peaks.get("bf16")),
        "memory": (found.get("memory_gbs"), peaks.get("memory")),
        "scale_up": (found.get("scale_up_gbs"), peaks.get("scale_up")),
        "scale_out": (found.get("scale_out_gbs"), peaks.get("scale_out")),
    }
    parameters = {k: round(min(v / p, 0.99), 4) for k, (v, p) in shares.items() if v and p}
    if found.get("launch_us"):
        parameters["overhead"] = found["launch_us"] * 1e-6
    return {"families": [{"id": family, "parameters": parameters, "rows": 0, "device": found.get("device")}]}


def catalog_peaks(family: str) -> dict[str, float]:
    """Datasheet rates of the first catalog system whose accelerator belongs to the family."""
    from planner.catalog.load import load_catalog
    from planner.catalog.resolve import resolve_system

    catalog = load_catalog()
    for name in catalog.systems:
        s = resolve_system(catalog, name, strict=False)
        if s.performance_family == family:
            return {
                "bf16": s.peak.get("bf16", 0.0), "memory": s.memory_bandwidth_gbs,
                "scale_up": s.scale_up_gbs, "scale_out": s.scale_out_gbs,
            }  # fmt: skip
    raise InputError.of("measure-family", f"no catalog system has the performance family {family!r}")
