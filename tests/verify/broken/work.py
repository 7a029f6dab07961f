"""Work, where it runs, and what is asked of it."""

from dataclasses import replace
from typing import Any

from planner.plan.decisions import Behind, Install, Jobs, Missed, Order, Port, Powered, Rental, Retirement, Shortfall
from planner.plan.verify import Case, examine
from tests.verify.altered import (
    ENOUGH,
    LEAF,
    SPINE,
    Make,
    asked,
    asked_and_decided,
    decided,
    jobs_on_two_kinds,
    north,
    on_two_kinds,
    over,
    south,
    swapped,
    system,
    two_runs,
    wired,
    workload,
)
from tests.verify.hand import FIGURES, PLAN, QUARTER, HandWorld, scenario, tokens


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


def renting(*taken: Rental, jobs: Any = PLAN.jobs, figures: Any = None, refused: Any = None, **changes: Any) -> Case:
    """The plan with an offer of two alpha servers, rented so."""
    offer = {"id": "cloud", "system": "alpha-8", "region": "r", "systems": 2, "price": "0.01 CNY/h", **changes}
    world = HandWorld(refused=refused or {}, figures={**FIGURES, **(figures or {})})
    return Case(scenario(rent=[offer]), world, replace(PLAN, rentals=taken, jobs=jobs))


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


def unfit() -> Case:
    """A job that does not fit, and that nothing depends on."""
    jobs = (*PLAN.jobs, Jobs("tune", "gamma-8", 16, "south", "air", 2, 0.0))
    return Case(scenario(), HandWorld(unfit={("gamma-8", 16)}), replace(PLAN, jobs=jobs))


WORK: dict[str, dict[str, Make]] = {
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
        "below the least on two kinds": lambda: jobs_on_two_kinds(least_job=33),
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
        "on two kinds over two networks": lambda: on_two_kinds(over=("spine", "leaf")),
        "twice": lambda: decided(missed=(Missed("frontier"),)),
        "no price": lambda: asked_and_decided(workload(2, missed=None), starts=(), missed=(Missed("frontier"),)),
    },
    "mixed": {
        "fewer jobs on one kind": lambda: jobs_on_two_kinds(jobs=0.4),
        "its other part over something else": lambda: jobs_on_two_kinds(beside_accelerators=8, least_job=16),
        "on young software": lambda: on_two_kinds(
            ports=(Port("moe", "pg", 0),), ported=["pa"], porting={"maturity": True}
        ),
    },
    "run-held": {"last part on half of it": half_held, "two on one": lambda: two_runs(1)},
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
}
