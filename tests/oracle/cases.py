"""The hand-written tiny scenarios: one thing each, with what it is meant to show."""

from collections.abc import Callable

from planner.scenario.model import Scenario
from tests.oracle.tiny import BLUE, GREEN, RED, Units, build, hall, run, site, stream, supply


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


def hall_power(u: Units) -> Scenario:
    """The hall feeds one server at first and two later; the rest falls short."""
    tight = site(halls=(hall(it_power={"2026-Q1": "5 kW", "2026-Q3": "9 kW"}),))
    return build(
        sites=[tight],
        workloads=[stream({"2026-Q2": u.target(RED, 2)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def grid_and_pue(u: Units) -> Scenario:
    """Two servers fit the hall but not the meter: the second goes to the dearer site."""
    cold = site("cold", grid="6 kW", tariff="0.1 XTS/kWh")
    dear = site("dear", grid="20 kW", tariff="0.9 XTS/kWh")
    return build(sites=[cold, dear], workloads=[stream({"2026-Q2": u.target(RED, 1.7)})])


def cooling_fit(u: Units) -> Scenario:
    """Green is cheap and liquid, red dear and air: each goes where its cooling is."""
    both = site(halls=(hall(it_power="4.5 kW"), hall("wet", cooling="liquid", it_power="5 kW")))
    work = stream({"2026-Q2": u.target(RED, 1.3)}, ported=["redware", "greenware"])
    return build(sites=[both], workloads=[work], supply=supply(red=4, green=4))


def rack_limits(u: Units) -> Scenario:
    """Positions for one server and a half; the power of a rack decides how many share it."""
    tight = site(halls=(hall(rack_power="5 kW", racks=1),))
    return build(sites=[tight], workloads=[stream({"2026-Q2": u.target(RED, 1.5)}, shortfall=u.short(RED, 40000))])


def rack_too_hot(u: Units) -> Scenario:
    """No rack feeds a server: infeasible."""
    return build(sites=[site(halls=(hall(rack_power="3 kW"),))], workloads=[stream({"2026-Q2": u.target(RED, 1)})])


def coherent_reach(u: Units) -> Scenario:
    """The run fits its deadline on two servers only; one hall joins two, the other one."""
    halls = (hall(max_cluster=4, it_power="20 kW"), hall("joined", max_cluster=8, it_power="9 kW"))
    return build(
        sites=[site(halls=halls)],
        workloads=[run(u.tokens(RED, 2, 0.9), "2026-Q2", [4, 8])],
        supply=supply(red=8),
    )


def deadline_or_miss(u: Units) -> Scenario:
    """One server takes a quarter and a half; missing the run has a price."""
    return build(
        workloads=[run(u.tokens(RED, 1, 1.5), "2026-Q3", [4, 8], missed="60000 XTS", earliest="2026-Q2")],
        supply=supply(red=4),
    )


def better_missed(u: Units) -> Scenario:
    """Doing the run costs more than missing it."""
    return build(workloads=[run(u.tokens(RED, 1, 1.5), "2026-Q3", [4, 8], missed="9000 XTS")])


def run_beside_stream(u: Units) -> Scenario:
    """The last period of a run is shared with divisible work."""
    return build(
        workloads=[
            run(u.tokens(RED, 1, 1.5), "2026-Q3", [4]),
            stream({"2026-Q3": u.target(RED, 1.25)}, shortfall=u.short(RED, 20000)),
        ],
        supply=supply(red=4),
    )


def tight_budget(u: Units) -> Scenario:
    """Cash pays for one server and the price of what is missing, though two would cost less in the end."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 12000))],
        budget={"total": "52000 XTS"},
    )


def yearly_budget(u: Units) -> Scenario:
    """Cash at the end of the year's last quarter belongs to that year."""
    return build(
        horizon={"start": "2026-Q3", "end": "2027-Q1"},
        workloads=[stream({"2026-Q4": u.target(RED, 1.5)}, shortfall=u.short(RED, 20000))],
        budget={"per_year": {"2026": "40000 XTS"}},
    )


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


def porting(u: Units) -> Scenario:
    """Green is cheap but needs a port that takes a quarter and a fee."""
    both = site(halls=(hall(), hall("wet", cooling="liquid")))
    return build(
        sites=[both],
        workloads=[stream({"2026-Q3": u.target(GREEN, 1.9)})],
        supply=supply(red=4, green=4),
    )


def residual_value(u: Units) -> Scenario:
    """Years instead of quarters: what is bought late is worth more at the end."""
    return build(
        horizon={"start": "2026", "end": "2028", "step": "year"},
        workloads=[stream({"2027": u.target(RED, 1), "2028": u.target(RED, 2)})],
        supply=supply(red=8),
    )


def shortfall_price(u: Units) -> Scenario:
    """Buying is worth it for the whole target but not for its tip."""
    return build(
        workloads=[
            stream({"2026-Q1": u.target(RED, 1.1), "2026-Q3": u.target(RED, 2.05)}, shortfall=u.short(RED, 20000))
        ],
        supply=supply(red=8),
    )


def least_job(u: Units) -> Scenario:
    """Jobs of two servers at least, counted whole: three servers are as good as two."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1, systems=2)}, least_job=5, shortfall=u.short(RED, 20000))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        supply=supply(red=8),
    )


def aged_base(u: Units) -> Scenario:
    """The base is past its life in the second quarter and must be replaced."""
    return build(
        workloads=[stream(u.target(RED, 1))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2021-Q2"}],
        supply=supply(red=4),
    )


def two_streams(u: Units) -> Scenario:
    """Two kinds of work share the servers of a hall."""
    return build(
        workloads=[
            stream({"2026-Q2": u.target(RED, 0.7)}, shortfall=u.short(RED, 15000)),
            stream({"2026-Q2": u.target(RED, 0.9)}, name="second", shortfall=u.short(RED, 30000)),
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


def _blue(u: Units, rules: list[dict[str, object]], **changes: object) -> Scenario:
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


def duty_on_delivery(u: Units) -> Scenario:
    """A duty of 40 % from July: what comes in April is free of it, what comes in July is not."""
    duty = rule("duty", [{"type": "tariff", "rate": 0.4}], effective_from="2026-07-01")
    work = [stream({"2026-Q2": u.target(BLUE, 0.6), "2026-Q3": u.target(BLUE, 1.6)}, ported=["blueware"])]
    return _blue(u, [duty], workloads=work, supply=supply(red=8, blue=8, carry_over=False))


def licence_delay(u: Units) -> Scenario:
    """A licence for blue takes a quarter more: red bridges it, or everything falls short."""
    needed = rule("licence", [{"type": "licence_required", "review": "approval"}], effective_from="2025-01-01")
    policy = {
        "without": ["no-blue-imports"],
        "rules": [needed],
        "licences": {"licence": {"granted": True, "delay": "1 quarter"}},
    }
    return _blue(u, [], policy=policy)


def operation_ban(u: Units) -> Scenario:
    """Blue that stands in the hall may not be powered from July on."""
    base = [{"system": BLUE, "site": "home", "hall": "wet", "count": 1, "since": "2025-Q1"}]
    stop = rule("stop", [{"type": "operation_prohibited"}], effective_from="2026-07-01")
    return _blue(u, [stop], installed=base)


def site_ban(u: Units) -> Scenario:
    """Blue may be placed in one of two sites only, the dearer one."""
    halls = (hall(), hall("wet", cooling="liquid", racks=4))
    places = [site("near", halls, state_funded=True), site("far", halls, region="coast")]
    funded = {"field": "site.state_funded", "op": "==", "value": True}
    stop = rule("not-here", [{"type": "operation_prohibited", "when": funded}])
    return _blue(u, [stop], sites=places, supply=supply(red=4, blue=8))


def grid_expansion(u: Units) -> Scenario:
    """The meter feeds one server; a step feeds another, as often as it is offered, if the shortfall is worth it."""
    more = {"id": "line", "power": "5 kW", "times": 2}
    return build(
        sites=[site(grid="5.5 kW", expansions=[more])],
        workloads=[stream({"2026-Q2": u.target(RED, 2)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def grid_expansion_too_dear(u: Units) -> Scenario:
    """The same step at a price that no shortfall is worth; a later and cheaper one is."""
    steps = [
        {"id": "dear", "power": "5 kW", "cost": "90000 XTS", "lead_time": "0 h"},
        {"id": "late", "power": "5 kW", "cost": "900 XTS", "earliest": "2026-Q2"},
    ]
    return build(
        sites=[site(grid="5.5 kW", expansions=steps)],
        workloads=[stream({"2026-Q2": u.target(RED, 2)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def hall_expansion(u: Units) -> Scenario:
    """The hall has room for one server and power for part of a second: space and power come in one step."""
    small = hall(
        it_power="6 kW", racks=1, rack_power="5 kW", expansions=[{"id": "wing", "it_power": "3 kW", "racks": 1}]
    )
    return build(
        sites=[site(halls=(small,))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.6)}, shortfall=u.short(RED, 60000))],
        supply=supply(red=8),
    )


def retrofit(u: Units) -> Scenario:
    """Green is cheap and liquid: the air hall is turned to liquid, and what stands there goes."""
    made = {"id": "wet", "it_power": "9 kW", "rack_power": "20 kW", "racks": 4}
    return build(
        sites=[site(halls=(hall(retrofit=made),))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[
            stream(
                {"2026-Q1": u.target(RED, 0.5), "2026-Q3": u.target(GREEN, 1.9)},
                ported=["redware", "greenware"],
                shortfall=u.short(RED, 60000),
            )
        ],
        supply=supply(red=0, green=8),
    )


def run_on_bought_power(u: Units) -> Scenario:
    """A run on two servers needs both at once: the power for the second has to be bought first."""
    more = {"id": "line", "power": "4 kW", "cost": "500 XTS"}
    return build(
        sites=[site(grid="9 kW", expansions=[more])],
        workloads=[run(u.tokens(RED, 2, 0.9), "2026-Q3", [8], missed="90000 XTS")],
        supply=supply(red=8),
    )


def season_and_tariff(u: Units) -> Scenario:
    """The cheap site is hot in summer, when its tariff doubles: work goes where it is cheapest in each quarter."""
    hot = hall(pue_season={"Q3": 1.4, "M04": 1.1})
    season = {"M07": 3.0, "Q3": 2.5}
    warm = site("warm", (hot,), tariff={"2025": "0.3 XTS/kWh", "2026-Q2": "0.4 XTS/kWh"}, tariff_season=season)
    mild = site("mild", tariff="0.6 XTS/kWh")
    return build(
        sites=[warm, mild],
        workloads=[stream({"2026-Q2": u.target(RED, 0.9), "2026-Q3": u.target(RED, 1.2)})],
        supply=supply(red=8),
        installed=[{"system": RED, "site": "warm", "hall": "air", "count": 1, "since": "2025-Q1"}],
    )


def summer_at_the_meter(u: Units) -> Scenario:
    """Two servers fit the meter but in the month of July, which decides its quarter."""
    hot = hall(pue_season={"M07": 1.2})
    return build(
        sites=[site(halls=(hot,), grid="11 kW")],
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def power_cut(u: Units) -> Scenario:
    """A fifth of the grid is gone in August and 1 kW more from May on: one server must be off."""
    cuts = [{"start": "2026-08", "share": "20 %"}, {"start": "2026-05", "end": "2026-09", "power": "1 kW"}]
    return build(
        sites=[site(grid="11.5 kW", cuts=cuts)],
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
    )


def energy_cap(u: Units) -> Scenario:
    """No more energy in the last quarter than a server and a half draw: the rest falls short."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1.8)}, shortfall=u.short(RED, 40000))],
        supply=supply(red=8),
        limits={"energy": {"per_year": {"2026-Q3": "13 MWh"}}},
    )


def carbon_cap(u: Units) -> Scenario:
    """Cheap energy is dirty, and the cap on carbon sends part of the work to the clean site."""
    dirty = site("dirty", tariff="0.1 XTS/kWh", carbon={"2025": "0.9 kg/kWh"})
    clean = site("clean", tariff="0.9 XTS/kWh", carbon="100 g/kWh")
    return build(
        sites=[dirty, clean],
        workloads=[stream({"2026-Q3": u.target(RED, 1.8)})],
        supply=supply(red=8),
        limits={"carbon": {"per_year": {"2026-Q3": "11 t"}}},
    )


def offer(**changes: object) -> dict[str, object]:
    """An offer of two red servers for rent."""
    return {"id": "cloud", "system": RED, "region": "coast", "systems": 2, "price": "1.2 XTS/h"} | changes


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


def idle_base(u: Units) -> Scenario:
    """An old server that has nothing to do is retired for its idle draw; the other draws some while it waits."""
    halls = (hall(it_power="9 kW"), hall("wet", cooling="liquid", it_power="9 kW"))
    return build(
        sites=[site(halls=halls, grid="8.2 kW")],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 0.9), ported=["redware", "greenware"], shortfall=u.short(RED, 40000))],
        supply=supply(red=0, green=8),
        power={"idle": "assumed"},
    )


def idle_unplugged(u: Units) -> Scenario:
    """In a power cut what is off is unplugged: there is room for one server that works. Three are needed later."""
    return build(
        sites=[site(grid="16 kW", cuts=[{"start": "2026-Q2", "power": "11 kW"}])],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 3, "since": "2025-Q1"}],
        workloads=[stream({"2026-Q1": u.target(RED, 0.9), "2026-Q3": u.target(RED, 2.6)})],
        supply={},
        power={"idle": "10 %"},
    )


def network_and_storage(u: Units) -> Scenario:
    """Two servers fit the hall by their own power, and not with network and storage."""
    return build(
        sites=[site(halls=(hall(it_power="8.1 kW"),))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.6)}, shortfall=u.short(RED, 40000))],
        power={"network": "assumed", "storage": "10 W"},
    )


def power_of_everything(u: Units) -> Scenario:
    """A supernode has its own network; a cap on energy counts idle servers too."""
    halls = (hall(), hall("wet", cooling="liquid"))
    return build(
        sites=[site(halls=halls)],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[
            stream({"2026-Q2": u.target(RED, 1.4)}, ported=["redware", "blueware"], shortfall=u.short(RED, 60000))
        ],
        supply=supply(red=4, blue=8),
        limits={"energy": {"per_year": {"2026-Q3": "12.5 MWh"}}},
        power={"idle": "20 %", "network": "60 W", "storage": "assumed"},
    )


SHORT = {"start": "2026-Q1", "end": "2026-Q2"}
LEAF = {"id": "leaf", "reach": 4, "cost": "200 XTS", "power": "10 W"}
SPINE = {"id": "spine", "reach": 16, "cost": "500 XTS", "power": "30 W"}


def wired(*offers: dict[str, object], **changes: object) -> dict[str, object]:
    """An air hall that buys its network."""
    network = {key: changes.pop(key) for key in ("installed", "attach") if key in changes}
    return hall(max_cluster=None, fabric={"offers": list(offers), **network}, **changes)


def network_bought(u: Units) -> Scenario:
    """Small jobs need the nearest network only, whose ports are bought when servers come."""
    return build(
        horizon=SHORT, sites=[site(halls=(wired(LEAF, SPINE),))], workloads=[stream({"2026-Q2": u.target(RED, 1.5)})]
    )


def network_of_large_jobs(u: Units) -> Scenario:
    """Jobs on two servers need the farther network, whose power counts on top."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE, it_power="8.2 kW"),))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.2)}, least_job=5, shortfall=u.short(RED, 60000))],
    )


def network_upgraded(u: Units) -> Scenario:
    """The base has ports of the nearest network; a run on both servers is due, so they are raised for it."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE),))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[
            run(u.tokens(RED, 2, 0.7), "2026-Q2", [8], earliest="2026-Q2"),
            stream({"2026-Q1": u.target(RED, 1.1), "2026-Q2": u.target(RED, 0.3)}),
        ],
        supply={},
    )


def network_there(u: Units) -> Scenario:
    """Ports of the farther network for one server are there; the second is bought, and small jobs share the first."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE, installed={"spine": 4}),))],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.5), "2026-Q2": u.target(RED, 1.3)}),
            run(u.tokens(RED, 2, 0.2), "2026-Q2", [8], missed="9000 XTS"),
        ],
    )


def network_oversubscribed(u: Units) -> Scenario:
    """A thin network that reaches as far is cheaper and slower for large jobs: what is missing has a price."""
    thin = {"id": "thin", "reach": 16, "cost": "210 XTS", "power": "12 W", "oversubscription": 40}
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(SPINE, LEAF, thin),))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.9)}, least_job=5, shortfall=u.short(RED, 9000))],
    )


def network_of_supernodes(u: Units) -> Scenario:
    """A supernode has its own network unless all attach: here it needs ports."""
    offers = ({**LEAF, "reach": 8}, {**SPINE, "cost": "9000 XTS"})
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(*offers, attach="all", cooling="liquid"),))],
        workloads=[
            stream({"2026-Q2": u.target(BLUE, 0.8)}, ported=["blueware"]),
            run(u.tokens(BLUE, 2, 0.3), "2026-Q2", [8, 16], missed="30000 XTS", ported=["blueware"]),
        ],
        supply=supply(red=0, blue={"2026-Q2": 8}),
        knowledge_date="2026-01-31",
        policy={"without": ["no-blue-imports"]},
    )


def network_of_one_job(u: Units) -> Scenario:
    """A job on a supernode reaches beyond the nearest network: all eight of its ports are bought for part of a job."""
    return build(
        horizon=SHORT,
        sites=[site(halls=(wired(LEAF, SPINE, attach="all", cooling="liquid"),))],
        workloads=[stream({"2026-Q2": u.target(BLUE, 0.8)}, ported=["blueware"])],
        supply=supply(red=0, blue={"2026-Q2": 8}),
        knowledge_date="2026-01-31",
        policy={"without": ["no-blue-imports"]},
    )


def moved_within(u: Units) -> Scenario:
    """The old server stands where power is short in summer; it moves to the other hall and misses a quarter."""
    halls = (hall("old", it_power={"2025-Q4": "5 kW", "2026-Q3": "0 kW"}), hall("new"))
    return build(
        sites=[site(halls=halls)],
        installed=[{"system": RED, "site": "home", "hall": "old", "count": 1, "since": "2025-Q1"}],
        workloads=[stream(u.target(RED, 0.8), shortfall=u.short(RED, 30000))],
        supply=supply(red=0),
        relocation={"within_site": True},
    )


def moved_between(u: Units) -> Scenario:
    """Energy is dear where the two servers stand: how many move to the cheap site is a matter of cost."""
    dear, cheap = site("dear", tariff="3 XTS/kWh"), site("cheap", tariff="0.1 XTS/kWh")
    return build(
        sites=[dear, cheap],
        installed=[{"system": RED, "site": "dear", "hall": "air", "count": 2, "since": "2025-Q1"}],
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.5), "2026-Q2": u.target(RED, 1.5)}, shortfall=u.short(RED, 30000))
        ],
        supply=supply(red=0),
        relocation={"between_sites": True},
    )


def installed_late(u: Units) -> Scenario:
    """A third of the first quarter is lost to the installation: a second server comes earlier than it would."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 1.2)}, shortfall=u.short(RED, 60000))],
        supply=supply(red=8),
        installation={},
    )


def installed_in_parts(u: Units) -> Scenario:
    """A quarter and two thirds: nothing of what comes in the second quarter works before the third's last third."""
    return build(
        horizon={"start": "2026-Q1", "end": "2026-Q4"},
        workloads=[stream({"2026-Q2": u.target(RED, 1.1)}, shortfall=u.short(RED, 60000), least_job=5)],
        installed=[{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}],
        supply=supply(red=8),
        installation={"time": "150 days"},
    )


def run_after_installation(u: Units) -> Scenario:
    """A run waits for the quarter after the placement; blue, which is quicker to install, may do it at once."""
    return build(
        horizon={"start": "2026-Q1", "end": "2026-Q4"},
        workloads=[run(u.tokens(RED, 1, 0.9), "2026-Q4", [4, 8], missed="90000 XTS", ported=["redware", "blueware"])],
        supply=supply(red=4, blue=8),
        policy={"without": ["no-blue-imports"]},
        installation={"time": "30 days", "systems": {BLUE: "1 quarter"}},
    )


def never_installed(u: Units) -> Scenario:
    """Two quarters from the second of three: what is bought never works, so nothing is."""
    return build(
        workloads=[stream({"2026-Q2": u.target(RED, 0.5)}, shortfall=u.short(RED, 60000))],
        installation={"time": "2 quarters"},
    )


def from_store(u: Units) -> Scenario:
    """Two servers in store: one is needed at once, the other later or not at all, and keeping it costs."""
    return build(
        workloads=[
            stream({"2026-Q1": u.target(RED, 0.8), "2026-Q3": u.target(RED, 1.6)}, shortfall=u.short(RED, 60000))
        ],
        supply=supply(red=0, green=4),
        stock=[{"system": RED, "count": 2}],
        warehouse={"price_per_month": "30 XTS"},
    )


def store_too_small(u: Units) -> Scenario:
    """What comes early, while there is supply, has to wait: the store holds one server, a second stands idle."""
    return build(
        workloads=[stream({"2026-Q3": u.target(RED, 2.5)}, shortfall=u.short(RED, 90000))],
        supply=supply(red={"2026-Q2": 12, "2026-Q3": 0}, carry_over=False),
        sites=[site(halls=(hall(racks=2),))],
        warehouse={"price_per_month": "2 XTS", "capacity": {"2026-Q1": 4, "2026-Q3": 0}},
    )


def stockpile_banned(u: Units) -> Scenario:
    """Blue in store may not be installed: it stays there, at a price, and red does the work."""
    stop = rule(
        "no-install",
        [{"type": "installation_prohibited"}],
        effective_from="2026-01-01",
        scope={"field": "chip.family", "op": "==", "value": "Blue"},
    )
    return build(
        sites=[site(halls=(hall(), hall("wet", cooling="liquid")))],
        workloads=[stream({"2026-Q2": u.target(RED, 0.7)}, ported=["redware", "blueware"])],
        stock=[{"system": BLUE, "count": 1}],
        warehouse={"price_per_month": "5 XTS"},
        policy={"rules": [stop]},
    )


BASE = {"system": RED, "site": "home", "hall": "air", "count": 3, "since": "2025-Q1"}


def attrition(u: Units) -> Scenario:
    """Three old servers wear out below what is asked for: another is bought, or a little falls short."""
    return build(
        workloads=[stream(u.target(RED, 2.6), shortfall=u.short(RED, 60000))],
        installed=[BASE],
        supply=supply(red=4),
        attrition={},
    )


def worn_quickly(u: Units) -> Scenario:
    """Half of red fails in a year, and all that is left at the end is worth something; green is dearer and lasts."""
    return build(
        sites=[site(halls=(hall(), hall("wet", cooling="liquid")))],
        workloads=[stream({"2026-Q2": u.target(RED, 1.2)}, ported=["redware", "greenware"])],
        supply=supply(red=8, green=8),
        attrition={"rate": "1 %/yr", "systems": {RED: "50 %/yr"}},
    )


def all_fails(u: Units) -> Scenario:
    """All of it fails within the year, so within the first quarter: half a quarter's work is left."""
    return build(
        workloads=[stream(u.target(RED, 1), shortfall=u.short(RED, 60000), least_job=5)],
        installed=[BASE],
        supply=supply(red=0, green=4),
        attrition={"rate": "100 %/yr"},
    )


def spares(u: Units, **changes: object) -> Scenario:
    """Old blue wears out in a hall that takes no new one; one in store replaces what fails as long as it lasts."""
    fields: dict[str, object] = {
        "horizon": {"start": "2026-Q1", "end": "2026-Q4"},
        "sites": [site(halls=(hall(racks=16),))],
        "workloads": [stream(u.target(BLUE, 2), ported=["blueware"], shortfall=u.short(RED, 60000))],
        "installed": [{**BASE, "system": BLUE, "count": 2}],
        "stock": [{"system": BLUE, "count": 1}],
        "supply": supply(red=0, green=4),
        "attrition": {"rate": "60 %/yr"},
    }
    return build(**fields | changes)


def no_service(u: Units) -> Scenario:
    """The same, and nobody may service blue from July on; then more fails, and the spares stay in store."""
    stop = rule("no-service", [{"type": "service_prohibited", "attrition": 0.8}], effective_from="2026-07-01")
    return spares(u, attrition={"rate": "20 %/yr"}, policy={"rules": [stop]}, warehouse={"price_per_month": "1 XTS"})


def run_on_survivors(u: Units) -> Scenario:
    """A run on two servers for more than a quarter needs a third, whatever of it works."""
    return build(
        workloads=[run(u.tokens(RED, 2, 1.5), "2026-Q3", [8], missed="30000 XTS")],
        installed=[BASE | {"count": 2}],
        supply=supply(red=4),
        attrition={"rate": "10 %/yr"},
    )


def worn_and_aged(u: Units) -> Scenario:
    """Two of three reach the end of their life in July: what has failed goes first."""
    return build(
        workloads=[stream(u.target(RED, 2), shortfall=u.short(RED, 60000))],
        installed=[BASE | {"count": 1}, BASE | {"count": 2, "since": "2021-Q3"}],
        supply=supply(red=4),
        attrition={"rate": "70 %/yr"},
        installation={"time": "20 days"},
    )


CASES: tuple[Callable[[Units], Scenario], ...] = (
    lead_time,
    too_late,
    supply_carried,
    supply_lost,
    supply_short,
    hall_power,
    grid_and_pue,
    cooling_fit,
    rack_limits,
    rack_too_hot,
    coherent_reach,
    deadline_or_miss,
    better_missed,
    run_beside_stream,
    tight_budget,
    yearly_budget,
    ban,
    pending_taken,
    porting,
    residual_value,
    shortfall_price,
    least_job,
    aged_base,
    two_streams,
    foreign_money,
    duty_on_delivery,
    licence_delay,
    operation_ban,
    site_ban,
    grid_expansion,
    grid_expansion_too_dear,
    hall_expansion,
    retrofit,
    run_on_bought_power,
    season_and_tariff,
    summer_at_the_meter,
    power_cut,
    energy_cap,
    carbon_cap,
    rent_or_buy,
    lease,
    rent_by_the_month,
    lease_too_small,
    run_on_rent,
    rent_prohibited,
    idle_base,
    idle_unplugged,
    network_and_storage,
    power_of_everything,
    network_bought,
    network_of_large_jobs,
    network_upgraded,
    network_there,
    network_oversubscribed,
    network_of_supernodes,
    network_of_one_job,
    moved_within,
    moved_between,
    installed_late,
    installed_in_parts,
    run_after_installation,
    never_installed,
    from_store,
    store_too_small,
    stockpile_banned,
    attrition,
    worn_quickly,
    all_fails,
    spares,
    no_service,
    run_on_survivors,
    worn_and_aged,
)
INFEASIBLE = frozenset({"too_late", "supply_short", "rack_too_hot"})
"""Those that no plan can meet."""
