"""A generated planning case of any size for `make bench`: an ordinary scenario and a catalog folder of made-up chips.

Every figure is drawn at random within the range of the shipped catalog, from a seed: the same seed writes the same
files. Chips come as a server for air halls and a supernode for liquid ones; sites as pairs of such halls.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from benchextras import PART, enrich

REGIONS = ("cn-inner-mongolia", "cn-guizhou", "cn-ningxia", "cn-gansu", "cn-hebei", "cn-sichuan")
PLATFORMS = 4
SOURCE = "bench"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a case is."""

    systems: int = 24
    sites: int = 6
    quarters: int = 16
    workloads: int = 3


def write(folder: Path, size: Size, seed: int, *, plain: bool = False) -> Path:
    """Write the catalog and the scenario of a case into `folder`; the scenario's path. `plain`: only the core of it."""
    draw = random.Random(seed)
    chips = _chips(draw, size.systems // 2)
    catalog = folder / "catalog"
    catalog.mkdir(parents=True, exist_ok=True)
    entries = {
        "vendors": [{"id": f"maker-{p}", "name": f"Maker {p}", "country": "CN"} for p in range(PLATFORMS)],
        "platforms": [{"id": f"ware-{p}", "name": f"Ware {p}", "vendor": f"maker-{p}"} for p in range(PLATFORMS)],
        "accelerators": chips,
        "systems": [system for chip in chips for system in _systems(draw, chip)],
        "sources": [{"id": SOURCE, "title": "Drawn at random", "ref": "make bench", "date": "2026-11"}],
    }
    scenario = _scenario(draw, size, [chip["id"] for chip in chips], seed)
    if not plain:
        enrich(draw, chips, scenario)
        entries["components"] = [PART]
    _dump(catalog / "bench.yaml", entries)
    _dump(folder / "scenario.yaml", scenario)
    return folder / "scenario.yaml"


def _dump(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False, width=110), encoding="utf-8")


def _chips(draw: random.Random, count: int) -> list[dict[str, Any]]:
    """Chips of three years, better and dearer ones later."""
    chips = []
    for n in range(count):
        age = n / max(1, count - 1)
        peak = round(300 * 3.0**age * draw.uniform(0.8, 1.25))
        chips.append(
            {
                "id": f"chip-{n:02d}",
                "name": f"Chip {n}",
                "vendor": f"maker-{n % PLATFORMS}",
                "family": f"Line-{n % PLATFORMS}",
                "country_of_design": "CN",
                "us_controlled": False,
                "datacenter_marketed": True,
                "platform": f"ware-{n % PLATFORMS}",
                "performance_family": "generic",
                "released": f"{2024 + int(3 * age)}-{draw.randint(1, 12):02d}-01",
                "peak": {"bf16": f"{peak} TFLOP/s"},
                "memory": f"{draw.choice((64, 96, 128, 144))} GB",
                "memory_bandwidth": f"{round(draw.uniform(1.5, 4.0), 1)} TB/s",
                "tdp": f"{round(350 + 0.6 * peak)} W",
                "scale_up_domain": 8,
                "scale_up_bandwidth": f"{draw.choice((200, 400, 600))} GB/s",
                "scale_out_bandwidth": f"{draw.choice((200, 400))} Gbit/s",
                "price": f"{round(peak * draw.uniform(110, 190), -2):.0f} CNY",
            }
        )
    return chips


def _systems(draw: random.Random, chip: dict[str, Any]) -> Iterable[dict[str, Any]]:
    watts, price = float(chip["tdp"].split()[0]), float(chip["price"].split()[0])
    bandwidth = chip["scale_up_bandwidth"]
    size = draw.choice((64, 128, 256, 384))
    for kind, count, cooling, racks, more in (
        ("server", 8, "air", 0.25, 1.35),
        ("supernode", size, "liquid", max(1, size // 32), 1.55),
    ):
        yield {
            "id": f"{chip['id']}-{count}",
            "name": f"{chip['name']}, {count}",
            "vendor": chip["vendor"],
            "accelerator": chip["id"],
            "accelerators": count,
            "class": kind,
            "released": chip["released"],
            "scale_up_domain": count,
            "scale_up_bandwidth": bandwidth,
            "scale_out_bandwidth": chip["scale_out_bandwidth"],
            "fabrics": ["roce-400g"],
            "max_cluster": draw.choice((16384, 32768, 65536)),
            "power": f"{watts * count * draw.uniform(1.25, 1.5) / 1000:.1f} kW",
            "racks": racks,
            "cooling": cooling,
            "price": f"{price * count * more:.0f} CNY",
            "lead_time": f"{draw.choice((1, 2, 3))} quarters",
        }


def _scenario(draw: random.Random, size: Size, chips: list[str], seed: int) -> dict[str, Any]:
    quarters = [f"{2026 + n // 4}-Q{n % 4 + 1}" for n in range(size.quarters)]
    runs, streams = _workloads(draw, size, quarters)
    return {
        "name": f"bench-{seed}",
        "catalog": ["builtin", "./catalog"],
        "buyer": "cn-internet",
        "knowledge_date": "2025-12-31",
        "currency": "CNY",
        "horizon": {"start": quarters[0], "end": quarters[-1], "step": "quarter"},
        "finance": {"discount_rate": "8 %/yr", "fx": {"USD": 7.15}, "deposit": "30 %"},
        "sites": [_site(draw, n, quarters) for n in range(size.sites)],
        "installed": [
            {"system": f"{chip}-8", "site": f"site-{n}", "hall": "air", "count": draw.randint(100, 300), "since": since}
            for n, (chip, since) in enumerate(zip(chips[:3], ("2022-06", "2024-03", "2025-06"), strict=False))
        ],
        "orders": [
            {
                "id": f"pending-{n}",
                "system": f"{chip}-8",
                "count": 100,
                "placed": "2025-Q3",
                "due": quarters[n],
                "paid": "20 %",
                "refund": "50 %",
            }
            for n, chip in enumerate(chips[2:5])
        ],
        "supply": {
            "allocations": [{"accelerator": chip, "per_period": _allocation(draw, quarters)} for chip in chips],
        },
        "policy": {"rules": [_rule()]},
        "workloads": [*runs, *streams],
        "budget": {"total": "60 bn CNY", "per_year": {"2026": "9 bn CNY"}},
        "solver": {"gap": "1 %"},
    }


def _site(draw: random.Random, n: int, quarters: list[str]) -> dict[str, Any]:
    air, liquid = draw.randint(8, 20), draw.randint(12, 30)
    later, last = quarters[len(quarters) // 4], quarters[len(quarters) // 2]
    grid = {quarters[0]: 1.3 * air, later: 1.4 * air + 1.2 * liquid, last: 1.4 * air + 2.2 * liquid}
    return {
        "id": f"site-{n}",
        "region": REGIONS[n % len(REGIONS)],
        "grid": {label: f"{mw:.0f} MW" for label, mw in grid.items()},
        "halls": [
            {"id": "air", "cooling": "air", "it_power": f"{air} MW", "rack_power": "45 kW", "racks": 60 * air},
            {
                "id": "liquid",
                "cooling": "liquid",
                "it_power": {later: f"{liquid} MW", last: f"{2 * liquid} MW"},
                "rack_power": "130 kW",
                "racks": 40 * liquid,
                "max_cluster": draw.choice((8192, 16384, 32768)),
            },
        ],
    }


def _allocation(draw: random.Random, quarters: list[str]) -> dict[str, int]:
    amount = draw.choice((1000, 2000, 3000))
    return {label: round(amount * 1.15**n) for n, label in enumerate(quarters[::4])}


def _rule() -> dict[str, Any]:
    """One line of chips may not be ordered or imported from the third year on."""
    return {
        "id": "bench-ban",
        "issuer": "nobody",
        "jurisdiction": "CN",
        "legal_form": "instruction",
        "status": "in_force",
        "announced": "2025-12-01",
        "effective_from": "2027-07-01",
        "date_precision": "day",
        "covered_buyers": {"field": "buyer.country", "op": "==", "value": "CN"},
        "scope": {"field": "chip.family", "op": "==", "value": "Line-1"},
        "effects": [{"type": "new_order_prohibited"}, {"type": "import_blocked"}],
        "summary": "No more chips of line 1.",
        "confidence": "low",
        "sources": ["bench"],
    }


def _workloads(
    draw: random.Random, size: Size, quarters: list[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One coherent run in three workloads; divisible streams that grow sixfold."""
    streams: list[dict[str, Any]] = []
    runs: list[dict[str, Any]] = []
    kinds = (("llama3-70b", 8192, 1024, 256, 9e6), ("qwen3-235b-a22b", 4096, 4096, 512, 11e6))
    for n in range(size.workloads):
        if n % 3 == 0:
            end = min(len(quarters) - 1, 5 + 2 * (n // 3))
            runs.append(
                {
                    "id": f"run-{n}",
                    "kind": "run",
                    "model": "deepseek-v3",
                    "recipe": {"sequence": 4096, "global_batch": 15360, "precision": "bf16"},
                    "tokens": "20e12 tokens",
                    "earliest": quarters[min(2, end)],
                    "deadline": quarters[end],
                    "family": "moe",
                    "ported": ["ware-0"],
                }
            )
            continue
        model, sequence, batch, least, first = kinds[n % 2]
        target = {label: f"{first * 1.6**k:.4g} tokens/s" for k, label in enumerate(quarters[2::4])}
        streams.append(
            {
                "id": f"stream-{n}",
                "kind": "continuous",
                "model": model,
                "recipe": {"sequence": sequence, "global_batch": batch, "precision": "bf16"},
                "target": target,
                "least_job": least,
                "family": f"family-{n}",
                "ported": ["ware-0", f"ware-{1 + draw.randrange(PLATFORMS - 1)}"],
            }
        )
    return runs, streams
