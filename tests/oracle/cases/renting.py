"""Offers for rent."""

from planner.scenario.model import Scenario
from tests.oracle.cases.common import offer, rule
from tests.oracle.tiny import BLUE, RED, Units, build, run, site, stream, supply


def rent_or_buy(u: Units) -> Scenario:
    """Rent bridges the lead time and a peak; what is needed for long is bought."""
    return build(
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.7), "2026-Q2": u.target(RED, 1.5)}, shortfall=u.short(RED, 60000))
        ],
        supply=supply(red=4),
        rent=[offer()],
    )


def lease(u: Units) -> Scenario:
    """A lease of half a year holds a server in a quarter that has no use for it, and costs all the same."""
    return build(
        workloads=[stream({"2026-Q1": u.target(RED, 0.9), "2026-Q2": "0 tokens/s", "2026-Q3": u.target(RED, 0.9)})],
        supply=supply(red=0, green=4),
        rent=[offer(term="2 quarters", systems={"2026-Q1": 1}, price="0.2 XTS/h")],
    )


def leases_that_meet(u: Units) -> Scenario:
    """Two leases of half a year would meet in the second quarter, in which one server is offered."""
    return build(
        workloads=[
            stream(
                {"2026-Q1": u.target(RED, 0.9), "2026-Q2": u.target(RED, 1.8), "2026-Q3": u.target(RED, 0.9)},
                shortfall=u.short(RED, 60000),
            )
        ],
        supply={},
        rent=[offer(term="2 quarters", systems=1, price="0.2 XTS/h")],
    )


def rent_and_move(u: Units) -> Scenario:
    """Energy is dear where the server stands: it moves, and rent does its work meanwhile."""
    places = [site("dear", tariff="9 XTS/kWh"), site("cheap", tariff="0.1 XTS/kWh")]
    return build(
        sites=places,
        installed=[{"system": RED, "site": "dear", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 0.8), shortfall=u.short(RED, 90000))],
        supply={},
        rent=[offer(systems=1)],
        relocation={"between_sites": True, "within_site": True},
    )


def rent_by_the_month(u: Units) -> Scenario:
    """A dear offer by the hour and a cheaper one by the month, in half-years and a quarter."""
    monthly = {"id": "months", "system": RED, "region": "coast", "systems": 1, "price_per_month": "2500 XTS"}
    return build(
        horizon={"periods": ["2026-H1", "2026-Q3"]},
        workloads=[stream(u.target(RED, 1.4))],
        supply={},
        rent=[offer(), monthly],
    )


def lease_too_small(u: Units) -> Scenario:
    """Only from the second quarter on, and one server: the rest falls short; jobs take two servers, so all of it."""
    return build(
        workloads=[stream(u.target(RED, 1), least_job=5, shortfall=u.short(RED, 60000))],
        supply=supply(red=0, green=4),
        rent=[offer(first="2026-Q2", systems={"2026-Q1": 1, "2026-Q3": 2})],
    )


def run_on_rent(u: Units) -> Scenario:
    """A run on rented servers, which two offers have and only one joins."""
    return build(
        horizon={"start": "2026-Q1", "end": "2026-Q2"},
        workloads=[run(u.tokens(RED, 2, 0.9), "2026-Q2", [8], missed="90000 XTS")],
        supply=supply(red=0),
        rent=[offer(max_cluster=4, price="0.1 XTS/h"), offer(id="joined", max_cluster=8)],
    )


def rent_prohibited(u: Units) -> Scenario:
    """Blue may not be rented on the coast from July on: a lease beyond that may not begin either."""
    stop = rule(
        "no-rent",
        [{"type": "rental_prohibited"}],
        effective_from="2026-07-01",
        scope={
            "all": [
                {"field": "chip.family", "op": "==", "value": "Blue"},
                {"field": "site.country", "op": "==", "value": "XA"},
            ]
        },
    )
    offers = [
        offer(id="short", system=BLUE, systems=1, price="0.5 XTS/h"),
        offer(id="long", system=BLUE, systems=1, price="0.1 XTS/h", term="2 quarters", first="2026-Q2"),
    ]
    work = [stream(u.target(BLUE, 0.6), ported=["blueware"], shortfall=u.short(RED, 60000))]
    return build(workloads=work, supply=supply(red=0, green=4), rent=offers, policy={"rules": [stop]})
