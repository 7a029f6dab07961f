"""Supply, pending orders and rules on who may have what."""

from planner.scenario.model import Scenario
from tests.oracle.cases.common import blue_is_free, rule
from tests.oracle.tiny import BLUE, RED, Units, build, hall, site, stream, supply


def lead_time(u: Units) -> Scenario:
    """Red takes a quarter to come: demand of the first quarter is met from the base, a shortfall or not at all."""
    return build(
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.5), "2026-Q2": u.target(RED, 1.5)}, shortfall=u.short(RED, 40000))
        ],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
    )


def too_late(u: Units) -> Scenario:
    """Nothing can be there in the first quarter, and its target has no price: infeasible."""
    return build(workloads=[stream(u.target(RED, 0.5))])


def supply_carried(u: Units) -> Scenario:
    """One server a quarter, saved up: three by the third quarter if two of them are bought late."""
    return build(
        workloads=[stream({"2026-Q3": u.target(RED, 2.5)})],
        supply=supply(red=4, carry_over=True),
    )


def supply_lost(u: Units) -> Scenario:
    """The same without carry-over: what is not called is lost, so servers come early and wait."""
    return build(
        workloads=[stream({"2026-Q3": u.target(RED, 1.5)})],
        supply=supply(red=4, carry_over=False),
    )


def supply_short(u: Units) -> Scenario:
    """Three servers are needed by the third quarter and only two can come: infeasible without carry-over."""
    return build(workloads=[stream({"2026-Q3": u.target(RED, 2.5)})], supply=supply(red=4, carry_over=False))


def ban(u: Units) -> Scenario:
    """Blue is better and may not be imported from the second quarter; its pending order is cancelled, with a refund."""
    return build(
        knowledge_date="2026-01-31",
        workloads=[stream({"2026-Q2": u.target(RED, 1)}, ported=["redware", "blueware"])],
        supply=supply(red=8, blue=16),
        orders=[{"id": "old", "system": BLUE, "count": 1, "placed": "2025-Q3", "due": "2026-Q2", "paid": 0.5}],
    )


def pending_taken(u: Units) -> Scenario:
    """A pending order may be taken for the rest of its price, or dropped for a refund."""
    old = {"system": RED, "placed": "2025-Q3"}
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1.5)})],
        orders=[
            old | {"id": "cheap", "count": 2, "due": "2026-Q2", "paid": 0.8, "refund": 0.1},
            old | {"id": "dear", "count": 1, "due": "2026-Q1", "paid": 0.1, "refund": 1.0, "price": "15000 XTS"},
        ],
        supply=supply(red=4),
    )


def foreign_money(u: Units) -> Scenario:
    """Blue is priced in another currency and is no server: no network is bought beside it."""
    return build(
        workloads=[stream({"2026-Q3": u.target(BLUE, 0.9)}, ported=["redware", "blueware"])],
        supply=supply(red=8, blue=8),
        policy={"without": ["no-blue-imports"]},
        sites=[site(halls=(hall(), hall("wet", cooling="liquid", racks=4)))],
    )


def duty_on_delivery(u: Units) -> Scenario:
    """A duty of 40 % from July: what comes in April is free of it, what comes in July is not."""
    duty = rule("duty", [{"type": "tariff", "rate": 0.4}], effective_from="2026-07-01")
    work = [stream({"2026-Q2": u.target(BLUE, 0.6), "2026-Q3": u.target(BLUE, 1.6)}, ported=["blueware"])]
    return blue_is_free(u, [duty], workloads=work, supply=supply(red=8, blue=8, carry_over=False))


def licence_delay(u: Units) -> Scenario:
    """A licence for blue takes a quarter more: red bridges it, or everything falls short."""
    needed = rule("licence", [{"type": "licence_required", "review": "approval"}], effective_from="2025-01-01")
    policy = {
        "without": ["no-blue-imports"],
        "rules": [needed],
        "licences": {"licence": {"granted": True, "delay": "1 quarter"}},
    }
    return blue_is_free(u, [], policy=policy)


def operation_ban(u: Units) -> Scenario:
    """Blue that stands in the hall may not be powered from July on."""
    base = [{"system": BLUE, "site": "home", "hall": "wet", "count": 1, "since": "2025-Q1"}]
    stop = rule("stop", [{"type": "operation_prohibited"}], effective_from="2026-07-01")
    return blue_is_free(u, [stop], installed=base)


def site_ban(u: Units) -> Scenario:
    """Blue may be placed in one of two sites only, the dearer one."""
    halls = (hall(), hall("wet", cooling="liquid", racks=4))
    places = [site("near", halls, state_funded=True), site("far", halls, region="coast")]
    funded = {"field": "site.state_funded", "op": "==", "value": True}
    stop = rule("not-here", [{"type": "operation_prohibited", "when": funded}])
    return blue_is_free(u, [stop], sites=places, supply=supply(red=4, blue=8))


def supply_by_year(u: Units) -> Scenario:
    """So many a year, by the days of each period: a half-year's part makes up two servers, a quarter's one."""
    allocations = [{"accelerator": "tiny-red", "per_year": {"2026-Q1": 17, "2027": 9}}]
    return build(
        horizon={"periods": ["2026-Q1", "2026-Q2", "2026-H2", "2027-Q1"]},
        workloads=[
            stream({"2026-Q2": u.target(RED, 0.9), "2026-H2": u.target(RED, 2.9)}, shortfall=u.short(RED, 60000))
        ],
        supply={"allocations": allocations, "carry_over": False},
    )


def aged_and_idle(u: Units) -> Scenario:
    """The base that reaches the end of its life has had nothing to do for a quarter: it is gone already."""
    target = {"2026-Q1": u.target(RED, 0.8), "2026-Q2": "0 tokens/s"}
    return build(
        workloads=[stream(target)],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2021-Q3"}],
        supply=supply(red=4),
    )


def residual_value(u: Units) -> Scenario:
    """Years instead of quarters: what is bought late is worth more at the end."""
    return build(
        horizon={"start": "2026", "end": "2028", "step": "year"},
        workloads=[stream({"2027": u.target(RED, 1), "2028": u.target(RED, 2)})],
        supply=supply(red=8),
    )


def aged_base(u: Units) -> Scenario:
    """The base is past its life in the second quarter and must be replaced."""
    return build(
        workloads=[stream(u.target(RED, 1))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2021-Q2"}],
        supply=supply(red=4),
    )
