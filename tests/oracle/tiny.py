"""Tiny scenarios over the tiny catalog (`tests/data/tiny`), each built to stress one thing.

Targets are stated in multiples of what one system trains at: they mean the same whatever the throughput model says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.scenario.model import RecipeSpec, Scenario, TrainingRun, Workload

CATALOG = str(Path(__file__).resolve().parents[1] / "data" / "tiny")
RECIPE = {"sequence": 1024, "global_batch": 64}
RED, BLUE, GREEN = "red-4", "blue-8", "green-4"
G = {RED: 4, BLUE: 8, GREEN: 4}
QUARTER_SECONDS = 90 * 24 * 3600.0

type Rate = Callable[[Workload, str, int], float]


@dataclass(frozen=True)
class Units:
    """Rates of the tiny systems in tokens/s, to state demand with."""

    of: Rate

    def rate(self, system: str, systems: int = 1) -> float:
        """Of one job on so many systems."""
        return self.of(_ANY, system, systems * G[system])

    def target(self, system: str, times: float, systems: int = 1) -> str:
        """So many such jobs' rate, as a scenario states it."""
        return f"{times * self.rate(system, systems)!r} tokens/s"

    def tokens(self, system: str, systems: int, quarters: float) -> str:
        """What a job on so many systems trains in so many quarters of 90 days."""
        return f"{self.rate(system, systems) * quarters * QUARTER_SECONDS!r} tokens"

    def compute(self, system: str, times: float) -> str:
        """About what so many such jobs come to, at 5.5 GFLOPs a token."""
        return f"{times * self.rate(system) * 0.0055!r} TFLOP/s"

    def short(self, system: str, price: float) -> str:
        """Price per million tokens at which a system that is missing for a quarter costs `price`."""
        return f"{price / (self.rate(system) * QUARTER_SECONDS / 1e6)!r} XTS"


_ANY = TrainingRun(
    id="any", kind="run", model="tiny-1b", recipe=RecipeSpec(**RECIPE), tokens="1 tokens", deadline="2026-Q1"
)


def hall(name: str = "air", **changes: Any) -> dict[str, Any]:
    """An air hall with room for anything, unless changed."""
    room = {"cooling": "air", "it_power": "40 kW", "rack_power": "20 kW", "racks": 8, "max_cluster": 16}
    return {"id": name, **room, **changes}


def site(name: str = "home", halls: tuple[dict[str, Any], ...] = (), **changes: Any) -> dict[str, Any]:
    """A site with one air hall, unless changed."""
    return {"id": name, "region": "plain", "grid": "90 kW", "halls": list(halls) or [hall()], **changes}


def stream(target: Any, name: str = "dense", **changes: Any) -> dict[str, Any]:
    """Divisible work that is ported to red's platform."""
    base = {
        "id": name,
        "kind": "continuous",
        "model": "tiny-1b",
        "recipe": RECIPE,
        "ported": ["redware"],
        "target": target,
    }
    return base | changes


def run(tokens: str, deadline: str, sizes: list[int], name: str = "frontier", **changes: Any) -> dict[str, Any]:
    """A coherent run that is ported to red's platform."""
    base = {"id": name, "kind": "run", "model": "tiny-1b", "recipe": RECIPE, "ported": ["redware"]}
    return base | {"tokens": tokens, "deadline": deadline, "sizes": sizes, **changes}


def supply(red: Any = 8, blue: Any = 0, green: Any = 0, **changes: Any) -> dict[str, Any]:
    """Accelerators per quarter of each kind."""
    given = {"tiny-red": red, "tiny-blue": blue, "tiny-green": green}
    return {"allocations": [{"accelerator": a, "per_period": n} for a, n in given.items() if n], **changes}


def build(**fields: Any) -> Scenario:
    """A scenario of three quarters at one site, unless changed."""
    base: dict[str, Any] = {
        "name": "tiny",
        "catalog": [CATALOG],
        "buyer": "tiny-buyer",
        "knowledge_date": "2025-12-31",
        "currency": "XTS",
        "horizon": {"start": "2026-Q1", "end": "2026-Q3"},
        "finance": {"discount_rate": "8 %/yr", "fx": {"XXX": 2.0}, "deposit": 0.25},
        "sites": [site()],
        "supply": supply(),
        "solver": {"gap": 0.0, "threads": 1},
    }
    return Scenario.model_validate(base | fields)
