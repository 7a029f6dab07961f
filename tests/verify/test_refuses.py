"""For each rule a plan that breaks it alone: the check refuses it by that name and no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from planner.plan.decisions import (
    Accepted,
    Attachment,
    Behind,
    Decisions,
    Expansion,
    Install,
    Jobs,
    Missed,
    Move,
    Order,
    Port,
    Powered,
    Rental,
    Retirement,
    Shortfall,
    Spare,
    Start,
)
from planner.plan.verify import CHECKS, Case, examine
from planner.plan.verify.goals import QUANTITIES
from planner.plan.verify.registry import SHAPE
from planner.policy.effect import (
    BundledPurchase,
    DomesticShareMin,
    PricePreference,
    QuantityCap,
    RemovalRequired,
    SiteEfficiencyCap,
    Subsidy,
)
from planner.policy.permissions import Obligation
from tests.verify.hand import FIGURES, PLAN, QUARTER, SCENARIO, SYSTEMS, HandWorld, scenario, tokens

Make = Callable[[], Case]


def decided(**changes: Any) -> Case:
    """The plan with some lists replaced."""
    return Case(scenario(), HandWorld(), replace(PLAN, **changes))


def asked(**changes: Any) -> Case:
    """The scenario with some fields replaced."""
    return Case(scenario(**changes), HandWorld(), PLAN)


def known(asked: dict[str, Any] | None = None, **changes: Any) -> Case:
    """The world with some answers replaced."""
    return Case(scenario(**asked or {}), HandWorld(**changes), PLAN)


def fails(system: str, rate: str) -> dict[str, Any]:
    """Attrition of one system."""
    return {"rate": "0 %/yr", "systems": {system: rate}}


def replaced(count: float, rate: str, refused: Any = None) -> Case:
    """The plan with a gamma in store of which a part replaces what failed of the two in the south."""
    question = scenario(stock=[{"system": "gamma-8", "count": 1}], attrition=fails("gamma-8", rate))
    plan = replace(PLAN, spares=(Spare("gamma-8", "south", "air", 1, count),))
    return Case(question, HandWorld(refused=refused or {}), plan)


def swapped(records: tuple[Any, ...], match: dict[str, Any], **changes: Any) -> tuple[Any, ...]:
    """Records with the matching ones changed; at least one must match."""
    hits = [all(getattr(r, k) == v for k, v in match.items()) for r in records]
    assert any(hits)
    return tuple(replace(r, **changes) if hit else r for r, hit in zip(records, hits, strict=True))


def north(hall: int | None = None, **changes: Any) -> dict[str, Any]:
    """The sites with the first one, or one of its halls, changed."""
    first, second = SCENARIO["sites"]
    halls = [dict(h) for h in first["halls"]]
    if hall is None:
        return {"sites": [{**first, **changes}, second]}
    halls[hall] |= changes
    return {"sites": [{**first, "halls": halls}, second]}


def south(**changes: Any) -> dict[str, Any]:
    """The sites with the hall of the second one changed."""
    first, second = SCENARIO["sites"]
    return {"sites": [first, {**second, "halls": [second["halls"][0] | changes]}]}


def south_site(**changes: Any) -> dict[str, Any]:
    """The sites with the second one changed."""
    first, second = SCENARIO["sites"]
    return {"sites": [first, {**second, **changes}]}


def workload(index: int, **changes: Any) -> dict[str, Any]:
    """The workloads with one changed."""
    items = [dict(w) for w in SCENARIO["workloads"]]
    items[index] |= changes
    return {"workloads": items}


def system(name: str, **changes: Any) -> Case:
    """The world with one system's facts changed."""
    return known(facts={**SYSTEMS, name: replace(SYSTEMS[name], **changes)})


def refused(action: str, accelerator: str, site: str | None, period: int) -> Case:
    return known(refused={(action, accelerator, site, period): "rule-7, in force since 2025-09-15"})


WAIT = "installation-time"
AIR = {"sites": ["north"], "of": {"accelerators": ["alpha"]}}
"""Six alpha servers of 10 kW stand in the north."""


def obliged(effect: Any, *covered: str, site: str | None = None, since: tuple[int, int, int] | None = None) -> Case:
    """The world with a rule about beta, what is named, or a site, in force all the time; alpha is domestic."""
    return known(obligations=duties(effect, *covered, site=site, since=since))


def duties(
    effect: Any, *covered: str, site: str | None = None, since: Any = None, home: tuple[str, ...] = ("alpha",)
) -> tuple[Obligation, ...]:
    """The obligations of one rule in every period."""
    chips = frozenset() if site else frozenset(covered or ("beta",))
    day = date(*since) if since else None
    return tuple(
        Obligation(
            "rule-9", effect.type, effect, t, site, chips, frozenset(), frozenset(home), True, day, "a test", "A rule."
        )
        for t in range(4)
    )


def parts(part: dict[str, Any]) -> Case:
    """A supernode needs 512 of a part by the second quarter."""
    facts = {**SYSTEMS, "beta-64": replace(SYSTEMS["beta-64"], components={part["component"]: 512.0})}
    supply = {**SCENARIO["supply"], "components": [part]}
    return Case(scenario(supply=supply), HandWorld(facts=facts), PLAN)


def energy_used(site: str) -> float:
    """kWh of a site in the plan worked out by hand; the rule allows it for 365 days."""
    hours = [90 * 24.0, 91 * 24.0]
    return {"south": 5 * 0.5 * 1.25 * sum(hours)}[site]


LEAF = {"id": "leaf", "reach": 8, "cost": "3 CNY", "power": "0 W"}
SPINE = {"id": "spine", "reach": 64, "cost": "5 CNY", "power": "0 W"}


def wired(
    *bought: tuple[str, int, float],
    jobs: Any = None,
    offers: tuple[dict[str, Any], ...] = (LEAF, SPINE),
    installed: Any = None,
    **question: Any,
) -> Case:
    """The plan in an air hall that buys its network: jobs of 16 alpha need ports that reach so far."""
    first, second = SCENARIO["sites"]
    network = {"offers": list(offers)} | ({} if installed is None else {"installed": installed})
    air = {**first["halls"][0], "fabric": network, **question.pop("hall", {})}
    sites = [{**first, "halls": [air, first["halls"][1]]}, second]
    over = tuple(replace(j, network="spine") if j.system == "alpha-8" else j for j in PLAN.jobs)
    ports = tuple(Attachment("north", "air", name, period, int(count)) for name, period, count in bought)
    plan = replace(PLAN, jobs=jobs or over, attachments=ports)
    return Case(scenario(sites=sites, **question), HandWorld(), plan)


WIDE = {**LEAF, "reach": 16}
ENOUGH = (("leaf", 0, 16), ("leaf", 1, 32), ("spine", 0, 16), ("spine", 1, 32))


def over(network: str | None) -> tuple[Jobs, ...]:
    """The jobs of the plan, those on alpha over a network."""
    return tuple(replace(j, network=network) if j.system == "alpha-8" else j for j in PLAN.jobs)


def one_wide_job() -> tuple[Jobs, ...]:
    """In the last period three fifths of the work are one job on all servers."""
    kept = tuple(j for j in over("leaf") if (j.system, j.period) != ("alpha-8", 3))
    small = Jobs("dense", "alpha-8", 16, "north", "air", 3, 1.2, "leaf")
    return (*kept, small, Jobs("dense", "alpha-8", 48, "north", "air", 3, 0.6, "spine"))


def wired_and_claimed(*bought: tuple[str, int, float]) -> Case:
    """A plan with ports that claims what it would cost with the price of networks per server."""
    case = wired(*bought)
    return Case(case.scenario, HandWorld(), case.decisions, examine(Case(scenario(), HandWorld(), PLAN)).objective)


def drawn_mwh() -> float:
    """Energy of the plan worked out by hand, without anything beside the systems."""
    from planner.plan.verify.energy import drawn

    return sum(drawn(Case(scenario(), HandWorld(), PLAN), of_carbon=False)) / 1e3


def charged() -> Case:
    """A plan that claims its cost without what its highest draw costs."""
    plain = examine(Case(scenario(), HandWorld(), PLAN)).objective
    return Case(scenario(**south_site(demand_charge="3 CNY/kW/month")), HandWorld(), PLAN, plain)


def claimed_without(**power: Any) -> Case:
    """A plan that claims its cost without what else draws power."""
    first, second = SCENARIO["sites"]
    wide = [h | {"it_power": "1 MW"} for h in first["halls"]]
    sites = [{**first, "grid": "1 MW", "halls": wide}, second]
    plain = examine(Case(scenario(sites=sites), HandWorld(), PLAN)).objective
    return Case(scenario(sites=sites, power=power), HandWorld(), PLAN, plain)


def subsidised(foreign: str, claim: set[str]) -> Case:
    """North claims the cost of a subsidy that it would get if beta were domestic."""
    effect = Subsidy(type="subsidy", condition="all_domestic", resulting_tariff="0.1 CNY/kWh")
    all_home = HandWorld(obligations=duties(effect, site="north", home=("alpha", foreign)))
    cheaper = examine(Case(scenario(), all_home, PLAN)).objective
    assert cheaper < examine(Case(scenario(), HandWorld(), PLAN)).objective - 1
    return Case(scenario(), HandWorld(obligations=duties(effect, site="north", home=tuple(claim))), PLAN, cheaper)


def preferred() -> Case:
    """A plan that claims its cash cost where foreign bids count for more."""
    effect = PricePreference(type="price_preference", bid_discount=0.2)
    plain = examine(Case(scenario(), HandWorld(), PLAN)).objective
    return Case(scenario(), HandWorld(obligations=duties(effect, "alpha", "beta")), PLAN, plain)


def asked_and_decided(question: dict[str, Any], **changes: Any) -> Case:
    return Case(scenario(**question), HandWorld(), replace(PLAN, **changes))


def part_time(**question: Any) -> Case:
    """The plan with half of a gamma on average: it draws 5 kW when it is on, and 6.25 kW at the meter."""
    powered = swapped(PLAN.powered, {"system": "gamma-8"}, count=0.5)
    return asked_and_decided(question, powered=powered)


def spread() -> Case:
    """A job on seven systems runs three quarters of the time in a hall that has six of them."""
    jobs = swapped(PLAN.jobs, {"system": "alpha-8", "period": 3}, accelerators=56, jobs=0.75)
    sites = north(0, it_power="70 kW")["sites"]
    return asked_and_decided({"sites": sites}, jobs=jobs, shortfalls=(Shortfall("dense", 3, 70.0),))


def half_held() -> Case:
    """The run has two supernodes at first and one in its last period, of which it needs less than half."""
    supplied = [{"accelerator": "alpha", "share": 0.1}, {"accelerator": "beta", "per_period": 64}]
    sites = north(1, it_power="200 kW", racks=8, max_cluster=128)["sites"]
    question = scenario(
        sites=[sites[0] | {"grid": "400 kW"}, sites[1]],
        supply={"allocations": supplied},
        installed=[],
        workloads=[w for w in workload(2, tokens=tokens(2 * 3000))["workloads"] if w["id"] != "tune"],
    )
    plan = replace(
        PLAN,
        orders=(PLAN.orders[0], Order("beta-64", 0, 2)),
        installs=(*PLAN.installs[:2], Install("beta-64", "north", "wet", 1, 2)),
        retirements=(Retirement("beta-64", "north", "wet", 2, 1),),
        powered=swapped(PLAN.powered, {"system": "beta-64", "period": 1}, count=2)[:-2],
        jobs=PLAN.jobs[:-2],
        starts=(replace(PLAN.starts[0], accelerators=128),),
    )
    return Case(question, HandWorld(parameters=replace(HandWorld().parameters, asset_life=0.95)), plan)


def moving(*taken: Move, refused: Any = None, **allowed: bool) -> Case:
    """Gamma, which is young, stays in service until it moves; the racks of the first site have room for it."""
    young = [{**SCENARIO["installed"][0], "since": "2025-Q3"}]
    sites = north(0, racks=9)["sites"]
    plan = replace(PLAN, retirements=(), moves=taken)
    return Case(scenario(installed=young, sites=sites, relocation=allowed), HandWorld(refused=refused or {}), plan)


def new_one_moved() -> Case:
    """One of six new alpha servers moves away; the others do with less work."""
    case = moving(Move("alpha-8", "north", "air", "south", "air", 2, 1), between_sites=True)
    fewer = {(p.system, p.period): 5 for p in PLAN.powered if p.system == "alpha-8" and p.period > 1}
    plan = replace(
        case.decisions,
        powered=tuple(replace(p, count=fewer.get((p.system, p.period), p.count)) for p in PLAN.powered),
        jobs=tuple(replace(j, jobs=2) if j.system == "alpha-8" and j.period > 1 else j for j in PLAN.jobs),
        shortfalls=(Shortfall("dense", 2, 160.0), Shortfall("dense", 3, 170.0)),
    )
    return Case(case.scenario, HandWorld(), plan)


def renting(*taken: Rental, jobs: Any = PLAN.jobs, figures: Any = None, refused: Any = None, **changes: Any) -> Case:
    """The plan with an offer of two alpha servers, rented so."""
    offer = {"id": "cloud", "system": "alpha-8", "region": "r", "systems": 2, "price": "0.01 CNY/h", **changes}
    world = HandWorld(refused=refused or {}, figures={**FIGURES, **(figures or {})})
    return Case(scenario(rent=[offer]), world, replace(PLAN, rentals=taken, jobs=jobs))


def with_line(*taken: Expansion, grid: Any = None, **changes: Any) -> Case:
    """The plan with an option to enlarge the grid of the first site, taken so."""
    line = {"id": "line", "power": "10 kW", "lead_time": "1 quarter", "cost": "100 CNY", **changes}
    contract = grid or SCENARIO["sites"][0]["grid"]
    return asked_and_decided(north(expansions=[line], grid=contract), expansions=taken)


def closed_early() -> Case:
    """The hall of the second site is turned to liquid a quarter before gamma, which is off by then, leaves it."""
    made = {"id": "wet", "it_power": "40 kW", "rack_power": "30 kW", "racks": 4, "downtime": "1 quarter"}
    question = south(retrofit=made) | workload(1, target={"2026-Q1": "20 tokens/s", "2026-Q2": "0 tokens/s"})
    powered = tuple(p for p in PLAN.powered if (p.system, p.period) != ("gamma-8", 1))
    jobs = tuple(j for j in PLAN.jobs if (j.system, j.period) != ("gamma-8", 1))
    return asked_and_decided(question, powered=powered, jobs=jobs, expansions=(Expansion("south", "wet", 1, 1),))


def one_alone() -> Case:
    """Of two runs that start together one is done and one is missed."""
    works = workload(2, id="frontier.1", together=True)["workloads"]
    plan = replace(PLAN, starts=(replace(PLAN.starts[0], workload="frontier.1"),), missed=(Missed("frontier.2"),))
    return Case(scenario(workloads=[*works, {**works[2], "id": "frontier.2"}]), HandWorld(), plan)


def in_one_hall() -> Case:
    """Part of the dense work is another's, on the same servers."""
    works = workload(0, target={"2026-Q1": "160 tokens/s", "2026-Q2": "320 tokens/s", "2026-Q4": "330 tokens/s"})
    other = {**works["workloads"][0], "id": "other", "target": {"2026-Q1": "0 tokens/s", "2026-Q2": "160 tokens/s"}}
    jobs = tuple(replace(j, jobs=2) if j.jobs == 3 else j for j in PLAN.jobs)
    jobs += tuple(replace(j, workload="other", jobs=1) for j in PLAN.jobs if j.jobs == 3)
    asked = {"workloads": [*works["workloads"], other]}
    assert examine(asked_and_decided(asked, jobs=jobs)).ok
    return asked_and_decided(asked | {"apart": [{"workloads": ["dense", "other"]}]}, jobs=jobs)


def on_two_kinds(mixed: Any = None, ports: Any = (), ported: Any = ("pa", "pg"), **changes: Any) -> Case:
    """A run of some days on two alpha and two gamma servers in the second site, each on for part of its period."""
    run = {
        **SCENARIO["workloads"][2],
        "platforms": None,
        "ported": ported,
        "tokens": f"{80 * 3600 * 1000} tokens",
        "missed": None,
    }
    young = [{**SCENARIO["installed"][0], "since": "2025-Q3"}]
    pair = [{"systems": ["alpha-8", "gamma-8"], "penalty": 0.1}] if mixed is None else mixed
    asked = {"workloads": [run], "installed": young, "mixed_runs": pair, **changes}
    plan = Decisions(
        installs=(Install("alpha-8", "south", "air", 0, 2),),
        powered=tuple(Powered(system, "south", "air", 1, 1) for system in ("alpha-8", "gamma-8")),
        starts=tuple(Start("frontier", system, 16, "south", "air", 1) for system in ("alpha-8", "gamma-8")),
        ports=ports,
        accepted=(Accepted("late"),),
    )
    return Case(scenario(**asked), HandWorld(), plan)


def newly_ported() -> Case:
    """Dense work has to be ported first: it begins a quarter later, at three quarters of its rate."""
    question = workload(0, ported=[], target={"2026-Q1": "0 tokens/s", "2026-Q2": "480 tokens/s"})
    jobs = tuple(j for j in PLAN.jobs if (j.workload, j.period) != ("dense", 0))
    works = [work for work in question["workloads"] if work["id"] != "frontier"]
    asked = scenario(workloads=works, porting={"maturity": True})
    plan = replace(PLAN, jobs=jobs, ports=(Port("dense", "pa", 0),), starts=(), shortfalls=())
    alone = Case(scenario(workloads=works), HandWorld(), plan)
    assert examine(alone).ok
    return replace(alone, scenario=asked)


def paid() -> float:
    cash = examine(Case(scenario(), HandWorld(), PLAN)).cash
    return -sum(flow.amount for flow in cash if flow.line != "residual")


def unfit() -> Case:
    """A job that does not fit, and that nothing depends on."""
    jobs = (*PLAN.jobs, Jobs("tune", "gamma-8", 16, "south", "air", 2, 0.0))
    return Case(scenario(), HandWorld(unfit={("gamma-8", 16)}), replace(PLAN, jobs=jobs))


def emptied() -> Case:
    """A plan longer than the life of a system may retire anything, but not what a hall does not have."""
    world = HandWorld(parameters=replace(HandWorld().parameters, asset_life=0.9))
    question = scenario(installed=[], workloads=[w for w in SCENARIO["workloads"] if w["id"] != "tune"])
    without = {
        "powered": tuple(p for p in PLAN.powered if p.system != "gamma-8"),
        "jobs": tuple(j for j in PLAN.jobs if j.system != "gamma-8"),
    }
    return Case(question, world, replace(PLAN, **without))


BROKEN: dict[str, dict[str, Make]] = {
    "names": {
        "system": lambda: decided(orders=(*PLAN.orders, Order("delta-8", 0, 1))),
        "hall": lambda: decided(installs=(*PLAN.installs, Install("alpha-8", "south", "wet", 3, 0))),
        "period": lambda: decided(ports=(Port("moe", "pb", 4),)),
        "network of a hall": lambda: wired(*ENOUGH, ("core", 1, 1)),
        "network of work": lambda: wired(*ENOUGH, jobs=over(None)),
        "network where none is bought": lambda: decided(jobs=over("leaf")),
        "workload": lambda: decided(shortfalls=(Shortfall("frontier", 3, 1.0),)),
        "family": lambda: decided(ports=(*PLAN.ports, Port("mo", "pb", 0))),
        "pending order": lambda: decided(accepted=(Accepted("lost"),)),
        "offer for rent": lambda: decided(rentals=(Rental("cloud", 0, 1),)),
        "rented place": lambda: decided(jobs=(*PLAN.jobs, Jobs("tune", "gamma-8", 8, "rented", "cloud", 2, 1.0))),
        "option": lambda: decided(expansions=(Expansion("north", "line", 0, 1),)),
    },
    "numbers": {
        "part of a system": lambda: decided(orders=swapped(PLAN.orders, {"system": "alpha-8"}, count=4.5)),
        "negative": lambda: decided(orders=(*PLAN.orders, Order("alpha-8", 1, -1))),
        "negative shortfall": lambda: decided(shortfalls=(Shortfall("dense", 3, -1.0),)),
        "nan": lambda: decided(jobs=swapped(PLAN.jobs, {"workload": "tune"}, jobs=float("nan"))),
    },
    "once": {
        "spare": lambda: decided(spares=(Spare("gamma-8", "south", "air", 1, 0.1),) * 2),
        "order": lambda: decided(orders=(*PLAN.orders, Order("alpha-8", 0, 1))),
        "accepted": lambda: decided(accepted=(Accepted("late"), Accepted("late"))),
    },
    "candidate": {
        "excluded": lambda: asked(systems={"exclude": ["gamma-8", "beta-64"]}),
        "not included": lambda: asked(systems={"include": ["beta-64"]}),
    },
    "arrival": {
        "last period": lambda: decided(orders=(*PLAN.orders, Order("alpha-8", 3, 1))),
        "licence": lambda: Case(
            scenario(),
            HandWorld(delays={"beta": 3 * QUARTER}),
            replace(
                PLAN,
                installs=PLAN.installs[:2],
                powered=tuple(p for p in PLAN.powered if p.system != "beta-64"),
                starts=(),
                missed=(Missed("frontier"),),
            ),
        ),
    },
    "release": {"too early": lambda: system("beta-64", released=date(2026, 7, 1))},
    "pending-due": {
        "behind the horizon": lambda: asked_and_decided(
            {"orders": [*SCENARIO["orders"], {**SCENARIO["orders"][0], "id": "far", "due": "2027-Q1"}]},
            accepted=(Accepted("late"), Accepted("far")),
        )
    },
    "supply": {
        "more than allotted": lambda: decided(orders=(*PLAN.orders, Order("alpha-8", 1, 9))),
        "halved": lambda: asked(supply={**SCENARIO["supply"], "scale": {"beta": 0.5}}),
        "halved family": lambda: asked(supply={**SCENARIO["supply"], "scale": {"greek": 0.45}}),
        "none": lambda: asked(supply={"allocations": SCENARIO["supply"]["allocations"][:1]}),
        "no carry-over": lambda: asked_and_decided(
            {"supply": {**SCENARIO["supply"], "carry_over": False}},
            orders=(*PLAN.orders, Order("alpha-8", 1, 5)),
        ),
    },
    "stock": {
        "more spares than are in store": lambda: asked_and_decided(
            {"attrition": fails("gamma-8", "60 %/yr")}, spares=(Spare("gamma-8", "south", "air", 1, 0.1),)
        ),
        "more than delivered": lambda: decided(installs=(*PLAN.installs, Install("alpha-8", "south", "air", 3, 1))),
    },
    "store": {
        "more than it holds": lambda: asked_and_decided(
            {"warehouse": {"capacity": {"2026-Q1": 0, "2026-Q3": 7}}}, orders=(*PLAN.orders, Order("alpha-8", 1, 1))
        ),
        "what was there at first": lambda: asked(
            stock=[{"system": "gamma-8", "count": 1}], warehouse={"capacity": {"2026-Q1": 8, "2026-Q4": 7}}
        ),
    },
    "survivors": {
        "more on than work": lambda: asked(attrition=fails("gamma-8", "99.9 %/yr")),
        "a run on all there is": lambda: asked(attrition=fails("beta-64", "1 %/yr")),
        "by the catalog": lambda: known(figures=FIGURES | {"attrition": 0.01}, asked={"attrition": {}}),
        "without service": lambda: known(
            asked={"attrition": {"rate": "0 %/yr", "without_service": "1 %/yr"}},
            refused={("service", "beta", "north", 2): "rule-6"},
        ),
    },
    "spares": {
        "of what works": lambda: replaced(0.1, "0 %/yr"),
        "more than failed": lambda: replaced(0.6, "60 %/yr"),
        "without service": lambda: replaced(0.1, "60 %/yr", {("service", "gamma", "south", 1): "rule-6"}),
    },
    "fleet": {
        "more than there are": emptied,
    },
    "retirement": {
        "a new one": lambda: decided(
            retirements=(
                *PLAN.retirements,
                replace(PLAN.retirements[0], system="alpha-8", site="north", period=3, count=1),
            ),
            powered=swapped(PLAN.powered, {"system": "alpha-8", "period": 3}, count=5),
            jobs=swapped(PLAN.jobs, {"system": "alpha-8", "period": 3}, jobs=2),
            shortfalls=(Shortfall("dense", 3, 170.0),),
        )
    },
    "age": {
        "one kept": lambda: decided(retirements=swapped(PLAN.retirements, {}, count=1)),
        "a quarter late": lambda: decided(retirements=swapped(PLAN.retirements, {}, period=3)),
    },
    "order-permitted": {"forbidden": lambda: refused("order", "beta", None, 0)},
    "import-permitted": {
        "own order": lambda: refused("import", "beta", None, 1),
        "pending": lambda: refused("import", "alpha", None, 0),
    },
    "pending-stands": {"cancelled": lambda: decided(accepted=(Accepted("late"), Accepted("void")))},
    "install-permitted": {"site": lambda: refused("install", "alpha", "north", 1)},
    "operate-permitted": {
        "new": lambda: refused("operate", "alpha", "north", 3),
        "base": lambda: refused("operate", "gamma", "south", 1),
    },
    "cooling": {
        "liquid in an air hall": lambda: system("alpha-8", cooling="liquid"),
        "air in a liquid hall": lambda: system("beta-64", cooling="air"),
    },
    "rack-power": {
        "supernode": lambda: asked(**north(1, rack_power="24 kW")),
        "server": lambda: asked(**north(0, rack_power="9.9 kW", racks=99)),
    },
    "racks": {
        "supernode": lambda: asked(**north(1, racks=3)),
        "shared by servers": lambda: asked(**north(0, racks=1)),
        "shared as far as power allows": lambda: asked(**north(0, rack_power="25 kW")),
        "in a hall that is being turned to liquid": closed_early,
    },
    "powered": {
        "more than owned": lambda: decided(powered=swapped(PLAN.powered, {"system": "gamma-8", "period": 1}, count=3))
    },
    "installed": {
        "on at once": lambda: asked(installation={"time": "0 h", "systems": {"alpha-8": "50 h"}}),
        "a job too early": lambda: asked(installation={"time": "0 h", "systems": {"alpha-8": "100 days"}}),
        "a run in its first hour": lambda: asked(installation={"time": "0 h", "systems": {"beta-64": "1 h"}}),
        "by the catalog": lambda: Case(scenario(installation={}), HandWorld(figures=FIGURES | {WAIT: 50.0}), PLAN),
    },
    "hall-power": {
        "new": lambda: asked(**north(1, it_power="99.9 kW")),
        "one system at once": lambda: part_time(**south(it_power="4.9 kW")),
        "with its network": lambda: asked(power={"network": "1 W"}, **north(0, it_power="60.04 kW")),
        "with its storage": lambda: asked(power={"storage": "assumed"}, **north(1, it_power="101.2 kW")),
        "one system and its network at once": lambda: part_time(
            power={"network": "10 W", "storage": "10 W"}, **south(it_power="5.15 kW")
        ),
        "what is off": lambda: asked(power={"idle": "10 %"}, **south(it_power="5.4 kW")),
        "a network that reaches far": lambda: wired(*ENOUGH, offers=(LEAF, {**SPINE, "power": "10 W"})),
        "before the first step": lambda: asked(**north(0, it_power={"2026-Q2": "60 kW"})),
        "both parts of a run at once": lambda: on_two_kinds(**south(it_power="29 kW")),
    },
    "grid": {
        "what is off": lambda: asked(power={"idle": "assumed"}, **south_site(grid="7.7 kW")),
        "with pue": lambda: asked(**north(grid={"2026-Q1": "24.9 kW", "2026-Q2": "200 kW"})),
        "one system at once": lambda: part_time(**south_site(grid="6.2 kW")),
        "cut by a share": lambda: asked(**north(cuts=[{"start": "2026-06", "share": "8 %"}])),
        "cut by power": lambda: asked(**north(cuts=[{"start": "2026-06", "end": "2026-07", "power": "16 kW"}])),
        "in a hot month": lambda: asked(**north(1, pue_season={"M06": 1.2})),
        "before the line is there": lambda: with_line(
            Expansion("north", "line", 1, 1), grid={"2026-Q1": "30 kW", "2026-Q2": "184.9 kW"}
        ),
        "all halls together": lambda: asked(**north(grid={"2026-Q1": "30 kW", "2026-Q2": "184.9 kW"})),
    },
    "expansion": {
        "too often": lambda: with_line(Expansion("north", "line", 0, 2)),
        "too early": lambda: with_line(Expansion("north", "line", 0, 1), earliest="2026-Q2"),
        "never ready": lambda: with_line(Expansion("north", "line", 3, 1)),
        "never ready by the catalog": lambda: with_line(Expansion("north", "line", 3, 1), lead_time=None),
    },
    "energy-cap": {
        "whole plan": lambda: asked(limits={"energy": {"total": "400 MWh"}}),
        "a quarter": lambda: asked(limits={"energy": {"per_year": {"2026-Q2": "100 MWh"}}}),
        "with idle systems": lambda: asked(
            power={"idle": "10 %"}, limits={"energy": {"total": f"{drawn_mwh() + 1} MWh"}}
        ),
    },
    "carbon-cap": {
        "whole plan": lambda: asked(limits={"carbon": {"total": "240 t"}}),
        "by the site's own factor": lambda: asked(**north(carbon="2 kg/kWh"), limits={"carbon": {"total": "600 t"}}),
    },
    "move": {
        "not allowed": lambda: moving(Move("gamma-8", "south", "air", "north", "air", 2, 1)),
        "nowhere": lambda: moving(Move("gamma-8", "south", "air", "south", "air", 2, 1), between_sites=True),
        "a new one": new_one_moved,
        "forbidden there": lambda: moving(
            Move("gamma-8", "south", "air", "north", "air", 2, 1),
            refused={("install", "gamma", "north", 3): "rule-9"},
            between_sites=True,
        ),
        "too late": lambda: moving(Move("gamma-8", "south", "air", "north", "air", 3, 1), between_sites=True),
    },
    "ports": {
        "too few": lambda: wired(("leaf", 0, 16), ("leaf", 1, 31), jobs=over("leaf"), offers=(WIDE, SPINE)),
        "too late": lambda: wired(("leaf", 0, 16), ("leaf", 2, 32), jobs=over("leaf"), offers=(WIDE, SPINE)),
        "fewer than there were": lambda: wired(jobs=over("leaf"), offers=(WIDE, SPINE), installed={"leaf": 47}),
    },
    "ports-ladder": {"farther ones without nearer ones": lambda: wired(*ENOUGH, ("spine", 2, 1))},
    "ports-reach": {
        "on average": lambda: wired(*ENOUGH[:3], ("spine", 1, 31)),
        "later": lambda: wired(*ENOUGH[:3], ("spine", 2, 32)),
        "one job at once": lambda: wired(*ENOUGH[:2], ("spine", 3, 32), jobs=one_wide_job(), offers=(WIDE, SPINE)),
    },
    "rent-offered": {
        "more than offered": lambda: renting(Rental("cloud", 1, 3)),
        "two leases at a time": lambda: renting(Rental("cloud", 1, 2), Rental("cloud", 2, 1), term="2 quarters"),
        "too early": lambda: renting(Rental("cloud", 0, 1), first="2026-Q2"),
        "before it can be there": lambda: renting(Rental("cloud", 0, 1), figures={"lead-time-rent": QUARTER}),
        "another system": lambda: renting(
            Rental("cloud", 2, 1), jobs=(*PLAN.jobs, Jobs("tune", "gamma-8", 8, "rented", "cloud", 2, 1.0))
        ),
    },
    "rent-permitted": {
        "now": lambda: renting(Rental("cloud", 1, 1), refused={("rent", "alpha", "rented/cloud", 1): "rule-8"}),
        "later in the lease": lambda: renting(
            Rental("cloud", 1, 1), term="3 quarters", refused={("rent", "alpha", "rented/cloud", 3): "rule-8"}
        ),
    },
    "use": {
        "more than is rented": lambda: renting(
            Rental("cloud", 2, 2), jobs=(*PLAN.jobs, Jobs("dense", "alpha-8", 16, "rented", "cloud", 2, 1.1))
        ),
        "jobs": lambda: decided(powered=swapped(PLAN.powered, {"system": "alpha-8", "period": 2}, count=5)),
        "run": lambda: decided(powered=tuple(p for p in PLAN.powered if (p.system, p.period) != ("beta-64", 2))),
        "part": lambda: decided(jobs=swapped(PLAN.jobs, {"workload": "tune", "period": 1}, jobs=1.1)),
    },
    "job-size": {
        "below the least": lambda: asked(**workload(0, least_job=17)),
        "no whole systems": lambda: decided(
            jobs=swapped(PLAN.jobs, {"workload": "tune", "period": 1}, accelerators=4, jobs=1.0)
        ),
    },
    "useful-jobs": {"more systems than there are": spread},
    "reach": {
        "hall": lambda: asked(**north(1, max_cluster=63)),
        "fabric": lambda: system("beta-64", reach=63),
        "jobs": lambda: system("alpha-8", reach=8),
        "network": lambda: wired(*ENOUGH, jobs=over("leaf")),
        "both parts of a run": lambda: on_two_kinds(**south(max_cluster=31)),
    },
    "memory": {"jobs": unfit},
    "platform": {"not considered": lambda: asked(**workload(0, platforms=["pb"]))},
    "run-once": {
        "never": lambda: decided(starts=()),
        "on two kinds that may not": lambda: on_two_kinds(mixed=[]),
        "twice": lambda: decided(missed=(Missed("frontier"),)),
        "no price": lambda: asked_and_decided(workload(2, missed=None), starts=(), missed=(Missed("frontier"),)),
    },
    "mixed": {
        "on young software": lambda: on_two_kinds(
            ports=(Port("moe", "pg", 0),), ported=["pa"], porting={"maturity": True}
        )
    },
    "run-held": {"last part on half of it": half_held},
    "run-earliest": {"too early": lambda: asked(**workload(2, earliest="2026-Q3", deadline="2026-Q4"))},
    "run-deadline": {
        "too late": lambda: asked(**workload(2, deadline="2026-Q2")),
        "too slow on young software": lambda: asked_and_decided(
            workload(2, tokens=tokens(3300)) | {"porting": {"maturity": True}},
            powered=(*PLAN.powered, Powered("beta-64", "north", "wet", 3, 1)),
        ),
        "just too slow": lambda: asked_and_decided(
            workload(2, tokens=tokens(2184 + 2208 + 1)),
            powered=(*PLAN.powered, Powered("beta-64", "north", "wet", 3, 1)),
        ),
    },
    "run-within": {"too long": lambda: asked(**workload(2, within="124 days"))},
    "together": {"one alone": one_alone},
    "apart": {
        "at one site": lambda: asked(apart=[{"workloads": ["dense", "frontier"], "place": "site"}]),
        "one that is to be alone": lambda: asked(apart=[{"workloads": ["frontier"], "place": "site"}]),
        "in one hall": in_one_hall,
    },
    "token-budget": {"far from it": lambda: asked(**workload(1, tokens={"2026-Q2": "1T tokens"}))},
    "behind": {"nothing asked": lambda: decided(behind=(Behind("tune", 1, 5.0),))},
    "least-compute": {
        "at a site": lambda: asked(least_compute=[{"sites": ["south"], "compute": {"2026-Q4": "1 TFLOP/s"}}]),
        "in a region": lambda: asked(least_compute=[{"region": "r", "compute": {"2026-Q4": "9 PFLOP/s"}}]),
    },
    "ported": {
        "never": lambda: decided(ports=()),
        "too late": lambda: decided(ports=(Port("moe", "pb", 1),)),
        "another family": lambda: asked(**workload(0, ported=["pg"])),
    },
    "target": {
        "over a slow network": lambda: wired(*ENOUGH, offers=(LEAF, {**SPINE, "oversubscription": 2})),
        "missed by one": lambda: decided(shortfalls=(Shortfall("dense", 3, 9.0),)),
        "no jobs": lambda: decided(jobs=tuple(j for j in PLAN.jobs if j.workload != "tune")),
        "on software that was mature yesterday and is young today": newly_ported,
    },
    "shortfall": {"unpriced": lambda: asked(**workload(0, shortfall=None))},
    "budget-total": {"one yuan": lambda: asked(budget={"total": f"{paid() - 1} CNY"})},
    "budget-per-year": {
        "a year": lambda: asked(budget={"per_year": {"2026": f"{paid() - 1} CNY"}}),
        "a quarter": lambda: asked(budget={"per_year": {"2026-Q4": "100 CNY"}}),
    },
    "quota": {
        "of the buyer": lambda: asked(limits={"quotas": [{"id": "q", "of": {"accelerators": ["beta"]}, "most": 63}]}),
        "with what was pending": lambda: asked(
            limits={"quotas": [{"id": "q", "of": {"accelerators": ["alpha"]}, "most": 47}]}
        ),
        "money": lambda: asked(limits={"quotas": [{"id": "q", "most": 17999, "basis": "cost", "counts": "orders"}]}),
        "in service": lambda: asked(
            limits={"quotas": [{"id": "q", "most": 59.9, "basis": "power", "counts": "fleet", **AIR}]}
        ),
        "of a rule": lambda: obliged(QuantityCap(type="quantity_cap", units=63, joint=True)),
        "in performance": lambda: obliged(QuantityCap(type="quantity_cap", compute_tpp=64 * 320 - 1, joint=True)),
    },
    "ratio": {
        "two for one": lambda: asked(
            limits={
                "quotas": [
                    {"id": "r", "of": {"accelerators": ["beta"]}, "among": {"accelerators": ["alpha"]}, "most_per": 1.3}
                ]
            }
        )
    },
    "share": {
        "too large": lambda: asked(limits={"quotas": [{"id": "s", "each": "vendor", "most_share": 0.57}]}),
        "too small": lambda: asked(
            limits={"quotas": [{"id": "s", "of": {"accelerators": ["alpha"]}, "least_share": 0.43}]}
        ),
        "of a rule": lambda: obliged(DomesticShareMin(type="domestic_share_min", share=0.34), "alpha", "beta"),
        "more than": lambda: obliged(
            DomesticShareMin(type="domestic_share_min", share=1 / 3, strict=True), "alpha", "beta"
        ),
    },
    "bundle": {
        "too few": lambda: obliged(BundledPurchase(type="bundled_purchase", domestic_per_unit=0.51)),
    },
    "hall-efficiency": {
        "of a new system": lambda: obliged(SiteEfficiencyCap(type="site_efficiency_cap", pue_max=1.2), site="north"),
    },
    "energy-quota": {
        "by a hair": lambda: obliged(
            SiteEfficiencyCap(type="site_efficiency_cap", energy_quota=f"{energy_used('south') - 1} kWh"), site="south"
        ),
    },
    "removal": {
        "after its notice": lambda: obliged(
            RemovalRequired(type="removal_required", notice="91 days"), since=(2026, 1, 1)
        ),
        "one too many": lambda: obliged(RemovalRequired(type="removal_required"), "gamma", since=(2021, 7, 1)),
    },
    "parts": {
        "too few": lambda: parts({"component": "stack", "per_period": {"2026-Q1": 300, "2026-Q2": 211}}),
        "too few of the country's": lambda: parts({"component": "stack", "share": 0.2}),
        "stopped by a rule": lambda: parts({"component": "stopped", "per_period": 600}),
    },
    "objective": {
        "a false claim": lambda: Case(scenario(), HandWorld(), PLAN, 1.0),
        "a subsidy for a site with something foreign": lambda: subsidised("beta", claim={"alpha"}),
        "no preference for what is domestic": preferred,
        "without the charge for the highest draw": charged,
        "without the price of ports": lambda: wired_and_claimed(*ENOUGH),
        "without the draw of idle systems": lambda: claimed_without(idle="assumed"),
        "without the draw of the network": lambda: claimed_without(network="10 W"),
        "without the draw of storage": lambda: claimed_without(storage="assumed"),
    },
    "caps": {
        "cost": lambda: asked(caps={"cost": "1 CNY"}),
        "throughput": lambda: asked(caps={"throughput": "4 TFLOP/s"}),
        "completion": lambda: asked(caps={"completion": "214 days"}),
        "concentration": lambda: asked(caps={"concentration": 0.5}),
        "shortage": lambda: asked(caps={"shortage": 0.001}),
    },
    "goals": {
        name: lambda name=name: Case(scenario(), HandWorld(), PLAN, claims={name: 99.0})
        for name in ("throughput", "completion", "energy", "carbon", "concentration", "shortage")
    },
}


def refusals() -> list[Any]:
    return [
        pytest.param(name, make, id=f"{name}: {what}") for name, cases in BROKEN.items() for what, make in cases.items()
    ]


@pytest.mark.parametrize(("name", "make"), refusals())
def test_a_broken_rule_is_named_and_no_other(name: str, make: Make):
    verdict = examine(make())
    assert not verdict.ok
    assert {v.rule for v in verdict.violations} == {name}, "\n".join(
        f"{v.rule}: {v.message}" for v in verdict.violations
    )


def test_a_run_on_two_kinds_is_accepted():
    """240 tokens/s less a tenth; the vendor of alpha does two thirds of it."""
    case = on_two_kinds()
    assert examine(case).ok
    start = case.decisions.starts[0]
    assert case.duration(start) == pytest.approx(80 * 1000 / 216)
    assert case.share(start) == pytest.approx(2 / 3)
    vendors = HandWorld(facts={name: replace(facts, vendor=name) for name, facts in SYSTEMS.items()})
    assert QUANTITIES["concentration"](replace(case, world=vendors)) == pytest.approx(2 / 3)
    assert QUANTITIES["completion"](case) == pytest.approx(90 + 80 * 1000 / 216 / 24)


def test_every_check_is_shown_to_refuse():
    assert set(BROKEN) == {check.name for check in CHECKS}


def test_malformed_records_are_all_that_is_said():
    verdict = examine(decided(orders=(Order("delta-8", 9, -1),)))
    assert {v.rule for v in verdict.violations} == {"names", "numbers"}
    assert verdict.to_json()["objective"] is None
    assert {check.name for check in SHAPE} >= {v.rule for v in verdict.violations}
