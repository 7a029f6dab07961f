"""A limit's shadow price is what one unit more of it saves: shown by solving again with a little more."""

from collections.abc import Callable
from typing import Any

import pytest

import planner
from planner.scenario.model import Scenario
from tests.oracle.catalog import rate
from tests.oracle.tiny import RED, Units, build, hall, run, site, stream

UNITS = Units(rate)
BASE = [{"system": RED, "site": "home", "hall": "air", "count": 6, "since": "2025-Q1"}]
SHORT: dict[str, Any] = {"installed": BASE, "supply": {}}


def short(**changes: Any) -> Scenario:
    """Six servers stand there, five are wanted, in jobs of two: what is missing has a price."""
    work = stream(UNITS.target(RED, 5), least_job=8, shortfall=UNITS.short(RED, 40000))
    return build(**SHORT | {"workloads": [work]} | changes)


def fed(kw: float) -> Scenario:
    return short(sites=[site(halls=(hall(it_power=f"{kw} kW"),))])


def metered(kw: float) -> Scenario:
    return short(sites=[site(grid=f"{kw * 1.25} kW")])


def rented(servers: float) -> Scenario:
    offer = {"id": "cloud", "system": RED, "region": "plain", "systems": int(servers), "price": "0.3 XTS/h"}
    return short(rent=[offer], installed=[BASE[0] | {"count": 2}])


def enlarged(steps: float) -> Scenario:
    line = {"id": "line", "power": "5 kW", "cost": "100 XTS", "lead_time": "1 h", "times": int(steps)}
    return short(sites=[site(grid="15 kW", expansions=[line])])


def begun(kw: float) -> Scenario:
    """Two runs of which the hall feeds one and a half in the only quarter they have; the rest is missed."""
    one = run(UNITS.tokens(RED, 1, 0.3), "2026-Q1", [4], count=2, missed="9000 XTS")
    base = [BASE[0] | {"count": 2}]
    return build(installed=base, supply={}, workloads=[one], sites=[site(halls=(hall(it_power=f"{kw} kW"),))])


@pytest.mark.parametrize(
    ("make", "limit", "at", "more"),
    [
        (fed, "hall_power", 16.0, 4.0),
        (metered, "site_power", 16.0, 4.0),
        (rented, "rent_capacity", 2.0, 1.0),
        (enlarged, "expand_times", 1.0, 1.0),
    ],
)
def test_one_unit_more_saves_its_price(make: Callable[[float], Scenario], limit: str, at: float, more: float):
    plan, eased = planner.solve(make(at)), planner.solve(make(at + more))
    price = sum(row.shadow_price or 0.0 for row in plan.limits if row.name == limit)
    unit = {"hall_power": 1 / 1000, "site_power": 1.25 / 1000}.get(limit, 1.0)
    assert price > 0
    assert plan.objective - eased.objective == pytest.approx(price * unit * more, rel=1e-6)


def test_power_at_one_moment_has_a_price():
    """On average the runs take two thirds of what they take when they begin."""
    rows = [row for row in planner.solve(begun(6.0)).limits if row.name in ("hall_power", "runs_fed")]
    price = sum(row.shadow_price or 0.0 for row in rows)
    less = [planner.solve(begun(kw)).objective for kw in (4.0, 8.0)]
    assert price == pytest.approx((less[0] - less[1]) / 0.004, rel=1e-6)
