"""Spares in the books: what they cost is written off from the period in which they replace what failed."""

import pytest

import planner
from planner.finance.statements import statements
from tests.finance.worlds import UNITS, tiny
from tests.oracle.tiny import RED, hall, site, stream


def test_spares_are_written_off_when_they_are_used_and_the_rest_stays_in_store():
    """Two servers fail at a fifth a quarter in a hall with room for two; spares are bought at 20,000 each."""
    works = stream(UNITS.target(RED, 1.9), shortfall=UNITS.short(RED, 60_000))
    base = [{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}]
    places = [site(halls=(hall(racks=1),))]
    plan = planner.solve(tiny(workloads=[works], installed=base, sites=places, attrition={"rate": "60 %/yr"}, stock=[]))
    used = {spare.period: spare.count for spare in plan.decisions.spares}
    assert used
    assert sum(used.values()) % 1 > 0.01, "parts of a system stay in store"
    books = statements(plan)
    placed = {install.period: 0.0 for install in plan.decisions.installs}
    for install in plan.decisions.installs:
        placed[install.period] += 20_000 * install.count
    for period, count in used.items():
        cost = books.additions["accelerator_systems", period]
        assert cost == pytest.approx(20_000 * count + placed.get(period, 0.0))
    bought = sum(order.count for order in plan.decisions.orders)
    assert sum(v for (kind, _), v in books.additions.items() if kind == "accelerator_systems") < 20_000 * bought


def test_what_was_in_store_at_first_costs_nothing():
    works = stream(UNITS.target(RED, 1.9), shortfall=UNITS.short(RED, 60_000))
    base = [{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}]
    given = {"stock": [{"system": RED, "count": 3}], "supply": {}, "attrition": {"rate": "60 %/yr"}}
    plan = planner.solve(tiny(workloads=[works], installed=base, sites=[site(halls=(hall(racks=1),))], **given))
    assert plan.decisions.spares
    assert not [key for key in statements(plan).additions if key[0] == "accelerator_systems"]
