"""Parts, quotas, caps, offers and ports that come late: named where they keep a plan from being, and mended."""

import pytest

import planner
from planner.explain.conflict import conflict
from planner.explain.marginals import binding_steps
from planner.optimize.constraints import CONSTRAINTS
from planner.plan.binding import LIMITS
from tests.oracle import part_cases
from tests.oracle.catalog import rate
from tests.oracle.tiny import RED, Units, build, hall, site, stream, supply

UNITS = Units(rate)
TIES = {
    "stock_balance", "fleet_balance", "powered_within_fleet", "retire_by_age", "retire_base_only",
    "work_within_powered", "useful_jobs", "runs_held", "port_once", "jobs_need_port", "runs_need_port",
    "subsidised_energy", "granted_hardware", "all_domestic", "on_at_once", "move_base_only", "after_installation",
    "failed_balance", "survivors", "ports_nested", "peak_demand", "vendor_share", "runs_together", "young_software",
    "mixed_jobs", "mixed_runs",
}  # fmt: skip
"""Constraints that only tie decisions together."""


def test_every_constraint_is_a_limit_or_ties_decisions_together():
    assert {constraint.__name__ for constraint in CONSTRAINTS} == LIMITS | TIES
    assert not LIMITS & TIES


def must(**changes):
    """Work that must be done, on servers that must come."""
    work = stream({"2026-Q2": UNITS.target(RED, 1.5)})
    return build(**{"horizon": {"start": "2026-Q1", "end": "2026-Q2"}, "workloads": [work]} | changes)


def parts():
    given = supply(red=8) | {"components": [{"component": "tiny-stack", "per_period": 8, "stock": 4}]}
    return must(catalog=[part_cases.CATALOG, part_cases.PARTS], supply=given)


def quota():
    return must(limits={"quotas": [{"id": "few", "of": {"vendors": ["tiny-home"]}, "most": 5, "every": "total"}]})


def energy():
    return must(limits={"energy": {"total": "9 MWh"}})


def capped():
    return must(caps={"cost": "1000 XTS"})


def rent():
    offer = {"id": "cloud", "system": RED, "region": "plain", "systems": 1, "price": "1 XTS/h"}
    return must(supply={}, rent=[offer])


def ports():
    leaf = {"id": "leaf", "reach": 16, "cost": "200 XTS", "power": "0 W"}
    return must(sites=[site(halls=(hall(max_cluster=None, fabric={"offers": [leaf], "lead_time": "1 yr"}),))])


@pytest.mark.parametrize(
    ("make", "name", "told"),
    [
        (parts, "parts tiny-stack", "stacks of tiny-stack at the start"),
        (quota, "quota few", "of the limit few"),
        (energy, "energy total", "energy over the plan"),
        (capped, "cap cost", "without the cap on cost"),
        (rent, "rent cloud", "systems of the offer cloud"),
        (ports, "ports home/air", "without the time that ports of hall home/air take to come"),
    ],
)
def test_what_keeps_a_plan_from_being_is_named_and_mended(make, name, told):
    scenario = make()
    found = conflict(scenario)
    assert name in {limit.id for limit in found.limits}
    mended = next(repair for repair in found.repairs if repair.limit == name)
    assert told in mended.words
    assert planner.solve(mended.apply(scenario)).verified


def test_parts_and_ports_are_limits_with_a_price():
    scenario, _ = part_cases.with_ports(UNITS)
    (part,) = scenario.supply.components
    fewer = scenario.supply.model_copy(update={"components": (part.model_copy(update={"scale": 0.7}),)})
    plan = planner.solve(scenario.replace(supply=fewer))
    rows = plan.tables["constraints"]
    stacks = [row for row in rows if row["name"] == "part_supply"]
    assert {row["unit"] for row in stacks} == {"stacks"}
    assert any(row["binding"] and (row["shadow_price"] or 0.0) > 0 for row in stacks)
    ports = [row for row in rows if row["name"] == "ports_attached"]
    assert {row["unit"] for row in ports} == {"accelerators"}
    assert [row["period"] for row in ports] == ["2026-Q1", "2026-Q2"]
    assert [step.where for step in binding_steps(plan) if step.limit == "part_supply"] == ["tiny-stack"]
    assert (ports[1]["lhs"], ports[1]["rhs"], ports[1]["binding"]) == (4.0, 4.0, True)


def test_work_that_stays_apart_is_a_limit_without_a_price():
    works = [stream({"2026-Q2": UNITS.target(RED, 0.5)}, name=name) for name in ("one", "two")]
    halls = (hall(), hall("other"))
    plan = planner.solve(must(workloads=works, sites=[site(halls=halls)], apart=[{"workloads": ["one", "two"]}]))
    rows = [row for row in plan.tables["constraints"] if row["name"] == "work_apart"]
    assert rows
    assert {(row["unit"], row["shadow_price"]) for row in rows} == {("workloads", None)}


def test_power_that_is_not_there_yet_is_no_step():
    """What opens late has a price before; a step enlarges a hall only where it has power, and is worth just that."""
    late = hall(it_power={"2026-Q1": "0 kW", "2026-Q3": "4 kW"})
    work = stream({"2026-Q2": UNITS.target(RED, 2)}, shortfall=UNITS.short(RED, 40000))
    plan = planner.solve(build(sites=[site(halls=(late,))], workloads=[work], supply=supply(red=8)))
    rows = [row for row in plan.limits if row.name == "hall_power" and row.binding]
    (step,) = [step for step in binding_steps(plan) if step.limit == "hall_power"]
    assert step.amount > 0
    assert step.dual == pytest.approx(-step.amount * sum(row.shadow_price or 0.0 for row in rows if row.rhs > 0))
