"""Offers for rent: laws of the plan, its tables, rules, and what is refused."""

from pathlib import Path

import pytest

from planner.errors import InputError
from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
ALONE = Options(counterfactuals=False)
OFFER = {"id": "cloud", "system": "red-4", "region": "coast", "systems": 4, "price": "0.6 XTS/h"}


@pytest.fixture(scope="module")
def tiny():
    return load_scenario(TINY)


@pytest.fixture(scope="module")
def base(tiny):
    return solve(tiny, ALONE)


def rented(tiny, *offers, **changes):
    return solve(patched(tiny, {"rent": list(offers), **changes}), ALONE)


def test_an_offer_never_makes_a_plan_dearer_and_a_dear_one_is_left(tiny, base):
    assert rented(tiny, OFFER).objective <= base.objective + 1e-6
    declined = rented(tiny, {**OFFER, "price": "1000 XTS/h"})
    assert declined.objective == pytest.approx(base.objective)
    assert declined.tables["rentals"] == []


def test_free_servers_do_all_the_work(tiny):
    plan = rented(tiny, {**OFFER, "price": "0 XTS/h", "systems": 8})
    assert plan.tables["builds"] == []
    assert {row["site"] for row in plan.tables["jobs"]} == {"rented"}
    assert sum(row["systems_powered"] for row in plan.tables["fleet"]) == pytest.approx(0.0)


def test_a_lease_is_the_same_from_period_to_period_where_it_is_needed_all_along(tiny):
    """A whole year at no less than a server: a lease of a year and four quarters cost the same."""
    work = {"installed": [], "supply.allocations": [], "workloads.frontier.missed": "0 XTS", "orders": []}
    work["workloads.dense.target"] = {"2026-Q1": "8e4 tokens/s"}
    work["policy.without"] = []
    quarters, year = rented(tiny, OFFER, **work), rented(tiny, {**OFFER, "term": "1 year"}, **work)
    assert quarters.objective == pytest.approx(year.objective)
    assert [row["last_period"] for row in year.tables["rentals"]] == ["2026-Q4"]


def test_the_table_adds_up_to_the_cash(tiny):
    plan = rented(tiny, OFFER)
    paid = -sum(flow.amount for flow in plan.flows if flow.line == "rent")
    assert plan.tables["rentals"]
    assert sum(row["rent"] for row in plan.tables["rentals"]) == pytest.approx(paid)
    assert not any(row["site"] == "rented" for row in plan.tables["sites"])


def test_a_rule_closes_an_offer_and_the_plan_says_so(tiny):
    rule = {
        "id": "no-rent",
        "issuer": "The ministry",
        "jurisdiction": "XA",
        "legal_form": "notice",
        "status": "in_force",
        "announced": "2025-11-01",
        "effective_from": "2025-12-01",
        "date_precision": "day",
        "scope": {"field": "site.country", "op": "==", "value": "XA"},
        "effects": [{"type": "rental_prohibited"}],
        "summary": "No rent at home.",
        "confidence": "high",
        "sources": ["tests"],
    }
    plan = rented(tiny, {**OFFER, "price": "0 XTS/h"}, **{"policy.rules": [rule]})
    assert plan.tables["rentals"] == []
    (entry,) = (e for e in plan.excluded if e.kind == "rent")
    assert (entry.site, entry.rule, entry.reason) == ("rented/cloud", "no-rent", "policy")


def test_a_scenario_without_offers_gives_the_same_program(tiny, base):
    assert not any("rent" in name for name in base.columns)
    assert not any("lead-time-rent" in row["key"] for row in base.tables["inputs"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rent": [{**OFFER, "system": "red-5"}]}, "unknown-name"),
        ({"rent": [{**OFFER, "region": "moon"}]}, "unknown-name"),
        ({"rent": [OFFER, OFFER]}, "duplicate"),
        ({"rent": [{**OFFER, "price": "1 EUR/h"}]}, "unknown-currency"),
        ({"rent": [{**OFFER, "price": "1 XTS"}]}, "unit"),
        ({"rent": [{**OFFER, "systems": -1}]}, "wrong-value"),
        ({"rent": [{**OFFER, "first": "2031-Q1"}]}, "outside-horizon"),
        ({"rent": [OFFER], "sites.home.id": "rented", "installed.0.site": "rented"}, "duplicate"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(tiny, changes, code):
    with pytest.raises(InputError) as caught:
        patched(tiny, changes)
    found = caught.value.diagnostics
    assert {f.code for f in found} == {code}
    assert all(f.place is not None for f in found)
