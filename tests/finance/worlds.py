"""Tiny scenarios for the money of a plan."""

from typing import Any

from planner.scenario.model import Scenario
from tests.oracle import tiny as maker
from tests.oracle.catalog import rate
from tests.oracle.tiny import RED, Units, build, stream, supply

UNITS = Units(rate)
MONEY = {"discount_rate": "8 %/yr", "fx": {"XXX": 2.0}, "deposit": 0.25}


def tiny(**changes: Any) -> Scenario:
    """Work for three red servers: two of them bought, one that stands there; blue is too dear."""
    finance = {**MONEY, **changes.pop("finance", {})}
    horizon = changes.pop("horizon", {"start": "2026-Q1", "end": "2026-Q4"})
    base: dict[str, Any] = {
        "horizon": horizon,
        "finance": finance,
        "supply": supply(red=16),
        "installed": [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        "workloads": [stream(UNITS.target(RED, 2.5), shortfall=UNITS.short(RED, 60_000))],
    }
    return build(**{**base, **changes})


LINES = [
    {"line": "levy", "price": "0.1 XTS/kWh"},
    {"line": "demand", "price": "30 XTS/kW/month"},
    {"line": "colo", "price": "20 XXX/kW/month", "at": "it"},
    {"line": "carbon", "price": "50 XXX/t"},
    {"line": "water", "price": "4 XTS", "per": "m3", "litres_per_kwh": 0.5},
    {"line": "seats", "price": "100 XTS", "per": "accelerator"},
    {"line": "insurance", "price": "1 %/yr"},
    {"line": "care", "parameter": "engineer-cost", "per": "system"},
    {"line": "staff", "price": "1000 XTS", "per": "site"},
    {"line": "removal", "price": "50 XTS", "per": "removal"},
]
SLOW = [
    {"share": 0.5, "at": "order"},
    {"share": 0.3, "at": "delivery"},
    {"share": 0.2, "at": "delivery", "after": "1 quarter"},
]
RICH: dict[str, dict[str, Any]] = {
    "plain": {},
    "terms": {"payments": [{"id": "slow", "origin": "domestic", "schedule": SLOW}]},
    "late_instalments": {
        "payments": [{"id": "late", "schedule": [{"share": 1.0, "at": "delivery", "after": "5 years"}]}]
    },
    "lines": {"running_costs": LINES, "escalators": {"carbon": "4 %/yr"}},
    "mid_period": {"opex_timing": "mid", "running_costs": LINES},
    "begin_of_period": {"opex_timing": "begin", "irrecoverable_vat": {"hardware": "13 %", "energy": "6 %"}},
    "stepped_rates": {"fx": {"XXX": {"2026-Q1": 2.0, "2026-Q3": 3.0}}, "facilities": "new"},
}

__all__ = ["LINES", "RICH", "UNITS", "maker", "tiny"]
