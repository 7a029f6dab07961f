"""Tiny scenarios with parts that limit deliveries, each with what there is of them, stated by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from planner.scenario.model import Scenario
from tests.oracle.cases import rule
from tests.oracle.limit_cases import OPEN, asked
from tests.oracle.tiny import BLUE, CATALOG, RED, Units, build, hall, site, stream, supply

PARTS = str(Path(__file__).resolve().parents[1] / "data" / "parts")
NEEDS = {RED: {"tiny-stack": 16}, BLUE: {"tiny-stack": 8}}
"""Four accelerators of four stacks, eight of one."""

type Case = Callable[[Units], tuple[Scenario, list[float]]]


def limited(u: Units, part: dict[str, Any], rules: tuple[dict[str, Any], ...] = (), **changes: Any) -> Scenario:
    """Blue is free to come; red and blue need stacks."""
    work = stream({"2026-Q2": u.target(RED, 2.9)}, ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
    fields = {
        "catalog": [CATALOG, PARTS],
        "supply": supply(red={"2026-Q2": 4, "2026-Q3": 0}, blue={"2026-Q2": 8}, carry_over=False)
        | {"components": [{"component": "tiny-stack", **part}]},
        "horizon": {"start": "2026-Q1", "end": "2026-Q2"},
        "workloads": [work],
        "policy": OPEN | {"rules": list(rules)},
    }
    return asked(u, **fields | changes)


def stated(u: Units) -> tuple[Scenario, list[float]]:
    """Enough for one server and one supernode in the end, and for nothing in the second quarter."""
    later = {"horizon": {"start": "2026-Q1", "end": "2026-Q3"}}
    return limited(u, {"per_period": {"2026-Q1": 4, "2026-Q2": 0, "2026-Q3": 24}}, **later), [4, 4, 28]


def stock(u: Units) -> tuple[Scenario, list[float]]:
    """What is there at first serves one of the two."""
    return limited(u, {"per_period": 0, "stock": 16}), [16, 16]


def share(u: Units) -> tuple[Scenario, list[float]]:
    """A twentieth of 160 in stock and of ten a day made: 90, 91 and 92 days."""
    made = [8 + 0.05 * 10 * days for days in (90, 181)]
    return limited(u, {"share": 0.05, "scale": 0.08}), [0.08 * n for n in made]


def cut_off(u: Units) -> tuple[Scenario, list[float]]:
    """A rule about loose memory from abroad stops it from the second quarter on."""
    return limited(u, {"per_period": 8, "stock": 2}, (stop(),)), [10, 10]


def packaged(u: Units) -> tuple[Scenario, list[float]]:
    """A rule about memory inside a package does not reach loose stacks."""
    spared = stop(scope={"field": "component.copackaged", "op": "==", "value": True})
    return limited(u, {"per_period": 8}, (spared,)), [8, 16]


def stop(**changes: Any) -> dict[str, Any]:
    """No memory from another country from April 2026 on."""
    fields: dict[str, Any] = {
        "subject": "component",
        "scope": {"field": "component.type", "op": "==", "value": "HBM"},
        "applies_when": {"field": "component.vendor_country", "op": "!=", "value": "XA"},
    }
    return rule("no-stacks", [{"type": "import_blocked"}], **fields | changes)


LEAF = {"id": "leaf", "reach": 4, "cost": "200 XTS", "power": "10 W", "components": {"tiny-stack": 1}}
SPINE = {"id": "spine", "reach": 16, "cost": "500 XTS", "power": "30 W", "components": {"tiny-stack": 3}}


def wired(u: Units, part: dict[str, Any], rules: tuple[dict[str, Any], ...] = (), **changes: Any) -> Scenario:
    """A hall whose network takes stacks too: one a port of the nearest, three of the farther one."""
    place = site(halls=(hall(max_cluster=None, fabric={"offers": [LEAF, SPINE]}),))
    fields = {
        "catalog": [CATALOG, PARTS],
        "horizon": {"start": "2026-Q1", "end": "2026-Q2"},
        "sites": [place],
        "supply": supply(red=0) | {"components": [{"component": "tiny-stack", **part}]},
        "policy": OPEN | {"rules": list(rules)},
    }
    return build(**fields | changes)


def with_ports(u: Units) -> tuple[Scenario, list[float]]:
    """A server takes 16 and its ports 4: what comes in is one too few for a second one."""
    work = [stream({"2026-Q2": u.target(RED, 1.9)}, shortfall=u.short(RED, 60000))]
    given = supply(red=8) | {"components": [{"component": "tiny-stack", "per_period": {"2026-Q1": 20, "2026-Q2": 19}}]}
    return wired(u, {}, supply=given, workloads=work), [20, 39]


def raised(u: Units, part: dict[str, Any], *rules: dict[str, Any]) -> Scenario:
    """Two servers stand on the nearest network; jobs on both need eight ports raised, with two stacks each."""
    return wired(
        u,
        part,
        rules,
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 1.2), least_job=5, shortfall=u.short(RED, 60000))],
    )


def raised_late(u: Units) -> tuple[Scenario, list[float]]:
    """Enough for the ports only in the second quarter, with what the first left over."""
    return raised(u, {"per_period": 8, "stock": 3}), [11, 19]


def raised_never(u: Units) -> tuple[Scenario, list[float]]:
    """A rule about memory stops what the ports need from the second quarter on: what is there is too little."""
    return raised(u, {"per_period": 8, "stock": 3}, stop()), [11, 11]


PART_CASES: tuple[Case, ...] = (stated, stock, share, cut_off, packaged, with_ports, raised_late, raised_never)
