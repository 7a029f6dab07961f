"""Supply, stock, what is in service and what leaves it."""

from dataclasses import replace
from datetime import date
from typing import Any

from planner.plan.decisions import Install, Move, Order, Shortfall, Spare, Surrender
from planner.plan.verify import Case
from planner.policy.effect import RemovalRequired, SurrenderRequired
from tests.verify.altered import (
    ENOUGH,
    LEAF,
    SPINE,
    Make,
    asked,
    asked_and_decided,
    decided,
    duties,
    known,
    north,
    obliged,
    swapped,
    wired,
)
from tests.verify.hand import FIGURES, PLAN, SCENARIO, SYSTEMS, HandWorld, scenario


def spared(action: str, day: date) -> Case:
    """From the second quarter on alpha may be placed, or be on, only if it was acquired by a day: two were."""
    return Case(scenario(), HandWorld(spared={(action, "alpha"): (1, day)}), PLAN)


def with_optics(inflow: dict[str, int]) -> Case:
    """Ports of 16 accelerators in the first quarter, and of 16 more in the second: two lenses each, four more for the
    farther network.
    """
    offers = ({**LEAF, "components": {"lens": 2}}, {**SPINE, "components": {"lens": 6}})
    supply = {**SCENARIO["supply"], "components": [{"component": "lens", "per_period": inflow}]}
    return wired(*ENOUGH, offers=offers, supply=supply)


def fails(system: str, rate: str) -> dict[str, Any]:
    """Attrition of one system."""
    return {"rate": "0 %/yr", "systems": {system: rate}}


def replaced(count: float, rate: str, refused: Any = None) -> Case:
    """The plan with a gamma in store of which a part replaces what failed of the two in the south."""
    question = scenario(stock=[{"system": "gamma-8", "count": 1}], attrition=fails("gamma-8", rate))
    plan = replace(PLAN, spares=(Spare("gamma-8", "south", "air", 1, count),))
    return Case(question, HandWorld(refused=refused or {}), plan)


def parts(part: dict[str, Any]) -> Case:
    """A supernode needs 512 of a part by the second quarter."""
    facts = {**SYSTEMS, "beta-64": replace(SYSTEMS["beta-64"], components={part["component"]: 512.0})}
    supply = {**SCENARIO["supply"], "components": [part]}
    return Case(scenario(supply=supply), HandWorld(facts=facts), PLAN)


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


def emptied() -> Case:
    """A plan longer than the life of a system may retire anything, but not what a hall does not have."""
    world = HandWorld(parameters=replace(HandWorld().parameters, asset_life=0.9))
    question = scenario(installed=[], workloads=[w for w in SCENARIO["workloads"] if w["id"] != "tune"])
    without = {
        "powered": tuple(p for p in PLAN.powered if p.system != "gamma-8"),
        "jobs": tuple(j for j in PLAN.jobs if j.system != "gamma-8"),
    }
    return Case(question, world, replace(PLAN, **without))


STOCK: dict[str, dict[str, Make]] = {
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
        "retired as failed that worked": lambda: asked_and_decided(
            {"attrition": fails("gamma-8", "0 %/yr")}, retirements=(replace(PLAN.retirements[0], failed=0.5),)
        ),
        "more retired as failed than retired": lambda: asked_and_decided(
            {"attrition": fails("gamma-8", "60 %/yr")}, retirements=(replace(PLAN.retirements[0], failed=2.5),)
        ),
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
    "parts": {
        "too few": lambda: parts({"component": "stack", "per_period": {"2026-Q1": 300, "2026-Q2": 211}}),
        "too few of the country's": lambda: parts({"component": "stack", "share": 0.2}),
        "stopped by a rule": lambda: parts({"component": "stopped", "per_period": 600}),
        "in ports": lambda: with_optics({"2026-Q1": 95, "2026-Q2": 400}),
        "in ports raised": lambda: with_optics({"2026-Q1": 96, "2026-Q2": 95}),
    },
    "exempt-placed": {
        "more than were acquired by then": lambda: spared("install", date(2026, 1, 1)),
    },
    "exempt-on": {
        "more than are spared": lambda: spared("operate", date(2026, 1, 1)),
    },
    "surrender": {
        "what stays in store": lambda: Case(
            scenario(stock=[{"system": "gamma-8", "count": 1}]),
            HandWorld(obligations=duties(SurrenderRequired(type="surrender_required"), "gamma", since=(2026, 10, 1))),
            PLAN,
        ),
        "what no rule asks for": lambda: asked_and_decided(
            {"stock": [{"system": "gamma-8", "count": 1}]}, surrenders=(Surrender("gamma-8", 1, 1.0),)
        ),
        "before the day": lambda: Case(
            scenario(stock=[{"system": "gamma-8", "count": 1}]),
            HandWorld(obligations=duties(SurrenderRequired(type="surrender_required"), "gamma", since=(2026, 10, 1))),
            replace(PLAN, surrenders=(Surrender("gamma-8", 2, 1.0),)),
        ),
    },
    "removal": {
        "what must be given up": lambda: obliged(
            SurrenderRequired(type="surrender_required"), "gamma", since=(2026, 4, 1)
        ),
        "after its notice": lambda: obliged(
            RemovalRequired(type="removal_required", notice="91 days"), since=(2026, 1, 1)
        ),
        "one too many": lambda: obliged(RemovalRequired(type="removal_required"), "gamma", since=(2021, 7, 1)),
    },
}
