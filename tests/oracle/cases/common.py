"""What several tiny scenarios share."""

from planner.scenario.model import Scenario
from tests.oracle.tiny import RED, Units, build, hall, site, stream, supply


def rule(name: str, effects: list[dict[str, object]], **changes: object) -> dict[str, object]:
    """A rule of the buyer's country about blue, in force from April 2026, known since 2025."""
    base = {
        "id": name,
        "issuer": "The ministry",
        "jurisdiction": "XA",
        "legal_form": "notice",
        "status": "in_force",
        "announced": "2025-11-01",
        "effective_from": "2026-04-01",
        "date_precision": "day",
        "scope": {"field": "chip.family", "op": "==", "value": "Blue"},
        "effects": effects,
        "summary": name,
        "confidence": "high",
        "sources": ["tests"],
    }
    return base | changes


def blue_is_free(u: Units, rules: list[dict[str, object]], **changes: object) -> Scenario:
    """Blue is free to come, but for these rules; red is dearer per token."""
    fields = {
        "workloads": [
            stream({"2026-Q2": u.target(RED, 1.8)}, ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
        ],
        "supply": supply(red=8, blue=8),
        "sites": [site(halls=(hall(), hall("wet", cooling="liquid", racks=4)))],
        "policy": {"without": ["no-blue-imports"], "rules": rules},
    }
    return build(**fields | changes)


def offer(**changes: object) -> dict[str, object]:
    """An offer of two red servers for rent."""
    return {"id": "cloud", "system": RED, "region": "coast", "systems": 2, "price": "1.2 XTS/h"} | changes
