"""Networks that halls buy: when they cost what a price per server says, what choice is worth, what is refused."""

from pathlib import Path

import pytest

import planner
from planner.catalog.resolve import Ledger, resolve_network
from planner.scenario.load import patched
from planner.scenario.model import Scenario
from tests.oracle.catalog import rate
from tests.oracle.tiny import CATALOG, RED, Units, build, hall, run, site, stream, supply

UNITS = Units(rate)
USUAL = {"id": "usual", "reach": 64, "cost": "300 XTS", "power": "0 W"}
LEAF = {"id": "leaf", "reach": 4, "cost": "100 XTS", "power": "10 W"}
SPINE = {"id": "spine", "reach": 64, "cost": "700 XTS", "power": "20 W"}


def asked(*offers: dict[str, object], network: object = None, **changes: object) -> Scenario:
    """Two kinds of work in a hall with these networks, or with the catalog's price per server."""
    wired = {"max_cluster": None, "fabric": {"offers": list(offers), **(network or {})}} if offers else {}
    work = [stream({"2026-Q2": UNITS.target(RED, 1.3)}), run(UNITS.tokens(RED, 2, 0.5), "2026-Q3", [4, 8])]
    fields = {"sites": [site(halls=(hall(**wired),))], "workloads": work, "supply": supply(red=12)}
    return patched(build(**fields | changes), {})


def cost(*offers: dict[str, object], **changes: object) -> float:
    plan = planner.solve(asked(*offers, **changes))
    assert plan.verified
    assert plan.objective - plan.bound <= 1e-6 * plan.objective
    return float(plan.objective)


def test_one_network_at_the_price_per_server_changes_nothing():
    assert cost(USUAL) == pytest.approx(cost(), rel=1e-9)


def test_a_further_offer_never_costs_more():
    assert cost(LEAF, SPINE) <= cost(SPINE) * (1 + 1e-9)
    assert cost(LEAF, {**USUAL, "reach": 16}, SPINE) <= cost(LEAF, SPINE) * (1 + 1e-9)


def test_a_network_without_oversubscription_is_worth_no_less_than_one_with():
    thin = {**SPINE, "id": "thin", "oversubscription": 8}
    both = [stream({"2026-Q2": UNITS.target(RED, 1.3)}, least_job=8)]
    assert cost(SPINE, workloads=both) <= cost(thin, workloads=both) * (1 + 1e-9)


def test_ports_that_are_there_cost_nothing_and_serve_what_comes():
    there = {"installed": {"usual": 64}}
    plan = planner.solve(asked(USUAL, network=there))
    assert not plan.decisions.attachments
    assert not [flow for flow in plan.flows if flow.line == "network"]


def test_the_table_and_the_cash_flow_agree():
    plan = planner.solve(asked(LEAF, SPINE))
    paid = -sum(flow.amount for flow in plan.flows if flow.line == "network")
    assert sum(row["cost"] for row in plan.tables["networks"]) == pytest.approx(paid)
    assert paid > 0
    again = planner.plan.decisions.Decisions.from_json(plan.decisions.to_json())
    assert again == plan.decisions


@pytest.mark.parametrize(
    ("offers", "told"),
    [
        (({**LEAF, "reach": 3},), "smallest system"),
        ((LEAF, {**SPINE, "cost": "90 XTS"}), "costs less"),
        ((LEAF, {**LEAF, "id": "other"}), "alike"),
        (({"id": "far", "fabric": "tiny-fabric", "tiers": 2},), "knows 1 tier of"),
        (({"id": "far", "fabric": "tony-fabric", "tiers": 1},), "no fabric"),
    ],
)
def test_what_is_no_ladder_is_refused(offers, told):
    with pytest.raises(planner.InputError, match=told):
        planner.solve(asked(*offers))


def test_what_ports_take_of_parts_comes_from_the_offer_else_the_catalog():
    catalog = planner.load_catalog()
    known = {t: resolve_network(catalog, "ib-ndr", t, parts=["optical_module"]).components for t in (1, 2, 3)}
    assert known == {1: {"optical_module": 1.5}, 2: {"optical_module": 2.5}, 3: {"optical_module": 3.5}}
    ledger = Ledger()
    for level, need in (("low", 1.0), ("mid", 2.5), ("high", 4.0)):
        found = resolve_network(catalog, "roce-800g-51t", 2, level, ledger, parts=["optical_module", "switch_chip"])
        assert found.components == {"optical_module": need}
    row = ledger.get("fabrics.roce-800g-51t.tiers.1.components.optical_module")
    assert row is not None
    assert (row.kind, row.assumption) == ("assumption", "fabric-optics-two-tiers")


@pytest.mark.parametrize(
    ("near", "far", "told"),
    [({"tiny-stack": 2}, {"tiny-stack": 1}, "on which it builds"), ({"tiny-stak": 2}, {}, "no part 'tiny-stak'")],
)
def test_parts_of_a_port_are_known_and_those_of_nearer_ports_too(near, far, told):
    offers = ({**LEAF, "components": near}, {**SPINE, "components": far})
    parts = str(Path(__file__).resolve().parents[1] / "data" / "parts")
    limited = supply(red=12) | {"components": [{"component": "tiny-stack", "per_period": 9}]}
    with pytest.raises(planner.InputError, match=told):
        planner.solve(asked(*offers, supply=limited, catalog=[CATALOG, parts]))


def test_a_network_of_the_catalog_brings_its_own_figures():
    plan = planner.solve(asked({"id": "near", "fabric": "tiny-fabric", "tiers": 1}))
    level = plan.problem.networks[0].levels[0]
    assert (level.reach, level.kw, level.oversubscription) == (64, 0.01, 1.0)
    assert -sum(event.amount for event in level.events[0]) == 300.0
