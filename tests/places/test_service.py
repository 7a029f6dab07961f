"""What scenarios say of systems between delivery and work: what it does to a plan, and what is refused."""

from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from planner.errors import InputError
from planner.explain.conflict import conflict
from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario, patched

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "report" / "tiny.yaml"
ALONE = Options(counterfactuals=False)


@pytest.fixture(scope="module")
def tiny():
    return patched(load_scenario(TINY), {"workloads.dense.shortfall": "1 XTS"})


def refused(tiny, changes) -> set[str]:
    with pytest.raises(InputError) as caught:
        patched(tiny, changes)
    return {diagnostic.code for diagnostic in caught.value.diagnostics}


def test_an_installation_longer_than_the_plan_leaves_nothing_to_place(tiny):
    plan = solve(patched(tiny, {"installation.time": "9 years"}), ALONE)
    assert plan.verified
    assert not plan.decisions.installs
    assert {entry.reason for entry in plan.excluded} >= {"installation time"}


def test_the_assumption_of_the_catalog_is_taken_and_listed(tiny):
    stated = solve(patched(tiny, {"installation.time": "30 days"}), ALONE)
    assumed = solve(patched(tiny, {"installation": {}}), ALONE)
    assert assumed.objective == pytest.approx(stated.objective)
    assert any("installation-time" in str(row["key"]) for row in assumed.tables["inputs"])
    assert not any("installation-time" in str(row["key"]) for row in stated.tables["inputs"])


def test_installation_times_are_of_known_systems_and_not_negative(tiny):
    assert refused(tiny, {"installation": {"systems": {"red-5": "1 month"}}}) == {"unknown-name"}
    assert refused(tiny, {"installation.time": "-1 month"}) == {"unit"}
    assert refused(tiny, {"installation": {"systems": {"red-4": "10 MW"}}}) == {"unit"}


STOP = {
    "id": "no-install", "issuer": "The ministry", "jurisdiction": "XA", "legal_form": "notice", "status": "in_force",
    "announced": "2025-11-01", "effective_from": "2025-12-01", "date_precision": "day",
    "scope": {"field": "chip.family", "op": "==", "value": "Blue"}, "effects": [{"type": "installation_prohibited"}],
    "summary": "Blue may not be installed.", "confidence": "high", "sources": ["tests"],
}  # fmt: skip


def test_a_stockpile_that_may_not_be_installed_stays_in_store_and_is_told(tiny):
    banned = patched(
        tiny,
        {
            "stock": [{"system": "blue-8", "count": 3}],
            "warehouse": {"price_per_month": "2 XTS"},
            "policy.rules": [STOP],
        },
    )
    plan = solve(banned, ALONE)
    rows = [row for row in plan.tables["stock"] if row["system"] == "blue-8"]
    assert [row["systems_close"] for row in rows] == [3] * len(plan.problem.calendar)
    paid = sum(row["amount"] for row in plan.tables["cashflow"] if row["line"] == "warehouse")
    assert -paid == pytest.approx(sum(row["cost"] for row in plan.tables["stock"]))
    assert -paid >= 3 * 8 * 2 * 3 * len(rows) - 1e-6
    assert any(entry.rule == "no-install" and entry.kind == "installation" for entry in plan.excluded)


def test_a_store_that_cannot_hold_what_must_stay_is_found_before_solving(tiny):
    full = patched(
        tiny,
        {"stock": [{"system": "blue-8", "count": 3}], "warehouse.capacity": 23, "policy.rules": [STOP]},
    )
    with pytest.raises(InputError) as caught:
        solve(full, ALONE)
    assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {"stock-over-capacity"}


def test_stores_name_systems_prices_and_sizes(tiny):
    assert refused(tiny, {"stock": [{"system": "blu-8", "count": 3}]}) == {"unknown-name"}
    assert refused(tiny, {"stock": [{"system": "blue-8", "count": 0}]}) == {"out-of-range"}
    assert refused(tiny, {"warehouse": {}}) == {"wrong-value"}
    assert refused(tiny, {"warehouse.price_per_month": "2 QQQ"}) == {"unknown-currency"}
    assert refused(tiny, {"warehouse.capacity": {"2026-Q3": 5}}) == {"unknown-at-start"}


def test_what_keeps_a_plan_from_being_possible_is_named(tiny):
    """All that fails, and all that is never installed, are limits of the scenario as good as any other."""
    strict = patched(tiny, {"workloads.dense.shortfall": None})
    for key, change in (("installation", {"time": "9 years"}), ("attrition", {"rate": "100 %/yr"})):
        found = conflict(patched(strict, {key: change}))
        assert key in {limit.id for limit in found.limits}
        assert key in {made.limit for made in found.repairs}


def test_nothing_unknown_or_beyond_measure_may_wear_out(tiny):
    assert refused(tiny, {"attrition": {"systems": {"red-5": "1 %/yr"}}}) == {"unknown-name"}
    assert refused(tiny, {"attrition.rate": "101 %/yr"}) == {"out-of-range"}
    assert refused(tiny, {"attrition.rate": "-1 %/yr"}) == {"unit"}
    assert refused(tiny, {"attrition": {"rates": "1 %/yr"}}) == {"unknown-key"}


def test_attrition_by_the_catalog_is_listed_and_service_is_asked_of_the_rules(tiny):
    stop = STOP | {"id": "no-service", "effects": [{"type": "service_prohibited", "attrition": "50 %/yr"}]}
    usual = solve(patched(tiny, {"attrition": {}}), ALONE)
    assert any("attrition" in str(row["key"]) for row in usual.tables["inputs"])
    base = [{"system": "blue-8", "site": "shore", "hall": "wet", "count": 2, "since": "2025-Q1"}]
    served = solve(patched(tiny, {"attrition": {}, "installed": base}), ALONE)
    banned = solve(patched(tiny, {"attrition": {}, "installed": base, "policy.rules": [stop]}), ALONE)

    def failed(plan):
        return [row["systems_failed"] for row in plan.tables["fleet"] if row["system"] == "blue-8"]

    assert failed(served)[1] == pytest.approx(2 * (1 - 0.8**0.25))
    assert failed(banned)[1] == pytest.approx(2 * (1 - 0.5**0.25))


def test_the_page_shows_keys_as_they_are():
    page = (ROOT / "docs" / "goals.md").read_text(encoding="utf-8").split("## Between delivery and work")[1]
    shown = yaml.safe_load(dedent("\n".join(line for line in page.split("\n") if line.startswith("    "))))
    made = patched(load_scenario(ROOT / "examples" / "hyperscaler-cn.yaml"), shown)
    assert made.installation.systems == {"atlas-900-a3-superpod": 8 * 7 * 24.0}
    assert made.attrition.without_service == pytest.approx(0.06)
    assert (made.stock[0].count, made.warehouse.price_per_month.amount) == (300, 30)
