"""Software that ripens after its port: divisible work and coherent runs against the brute force, and what they say."""

import pytest

import planner
from planner.optimize.model import assemble
from planner.plan.solve import pose
from planner.plan.verify.ripening import area, lasts, mean
from planner.problem.ripening import Ripening
from planner.problem.sought import tflop_per_token
from planner.scenario.load import catalog_of, patched
from planner.scenario.model import Scenario
from tests.oracle import cases
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.ripening import over, until
from tests.oracle.tiny import BLUE, GREEN, Units, build, hall, run, site, stream, supply

UNITS = Units(rate)
WET = [site(halls=(hall(), hall("wet", cooling="liquid")))]
SLOW = {"porting-start-efficiency": 0.4, "porting-maturity-time": "3 quarters"}


def least(scenario: Scenario) -> float:
    return Brute(scenario, facts(scenario)).solve()


def solved(scenario: Scenario) -> planner.Plan:
    plan = planner.solve(patched(scenario, {}))
    assert plan.verified
    assert plan.objective - plan.bound <= 1e-6 * max(1.0, abs(plan.objective))
    return plan


def ported(start: float | None = None, **changes: object) -> Scenario:
    """Green, which needs a port, does what red cannot: red has a single server."""
    slow = SLOW if start is None else SLOW | {"porting-start-efficiency": start}
    fields: dict[str, object] = {
        "sites": WET,
        "horizon": {"start": "2026-Q1", "end": "2026-Q3"},
        "workloads": [stream({"2026-Q2": UNITS.target(GREEN, 0.6), "2026-Q3": UNITS.target(GREEN, 1.0)})],
        "supply": supply(red=0, green=12),
        "porting": {"maturity": True},
        "parameters": slow,
    }
    return build(**fields | changes)


def run_on(size: int, quarters: float, **changes: object) -> Scenario:
    """A run on blue, whose software has to be ported."""
    work = run(UNITS.tokens(BLUE, size, quarters), "2026-Q3", [8 * size], missed="90000 XTS")
    halls = (hall(), hall("wet", cooling="liquid", racks=4))
    policy = {"without": ["no-blue-imports"]}
    return ported(workloads=[work], supply=supply(blue=8), sites=[site(halls=halls)], policy=policy, **changes)


SCENARIOS = {
    "stream": ported,
    "mature at once": lambda: ported(1.0),
    "from nothing": lambda: ported(0.0),
    "short of it": lambda: ported(
        workloads=[stream({"2026-Q2": UNITS.target(GREEN, 1.9)}, shortfall=UNITS.short(GREEN, 20000))]
    ),
    "not worth a port": lambda: ported(
        workloads=[stream({"2026-Q2": UNITS.target(GREEN, 0.6)}, ported=["redware"], shortfall=UNITS.short(GREEN, 900))]
    ),
    "run": lambda: run_on(1, 0.7),
    "run that takes longer than young software allows": lambda: run_on(1, 1.6),
    "run over two quarters": lambda: run_on(1, 1.1),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_best_plan_is_that_of_the_brute_force(name):
    scenario = SCENARIOS[name]()
    assert solved(scenario).objective == pytest.approx(least(scenario), rel=1e-6)


def test_younger_software_needs_more_systems():
    young, ripe = solved(ported()), solved(ported(1.0))
    assert sum(o.count for o in young.decisions.orders) > sum(o.count for o in ripe.decisions.orders)
    shares = {row["period"]: row["software_efficiency"] for row in young.tables["jobs"]}
    assert shares["2026-Q2"] < shares["2026-Q3"] < 1.0
    assert all(row["delivered"] >= row["required"] * (1 - 1e-6) for row in young.tables["targets"])


def test_a_run_takes_longer_on_younger_software():
    days = [
        next(r["days"] for r in solved(run_on(1, 0.7, **p)).tables["targets"])
        for p in ({}, {"porting": {}, "parameters": {}})
    ]
    assert days[0] > days[1] * 1.3


def test_a_lower_start_is_never_cheaper_nor_a_longer_way():
    costs = [solved(ported(start)).objective for start in (1.0, 0.8, 0.4, 0.0)]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]
    longer = [
        solved(ported(parameters=SLOW | {"porting-maturity-time": time})).objective
        for time in ("0 h", "1 quarter", "3 quarters", "9 quarters")
    ]
    assert longer == sorted(longer)


def test_mature_at_once_is_the_program_without_it():
    scenario = cases.porting(UNITS)
    off = assemble(pose(scenario, catalog_of(scenario)).problem)
    on = patched(scenario, {"porting": {"maturity": True}, "parameters": {"porting-start-efficiency": 1.0}})
    same = assemble(pose(on, catalog_of(on)).problem)
    assert [str(c) for c in off.lp.constraints()] == [str(c) for c in same.lp.constraints()]
    assert not same.v.young


@pytest.mark.parametrize("goal", ["cost", "concentration", "throughput"])
def test_whatever_is_sought_counts_what_young_software_does(goal):
    """Tokens by a day and a floor at one of two sites besides: the check adds up again what the program claims."""
    target = {"2026-Q2": UNITS.target(GREEN, 0.6)}
    work = stream(target, tokens={"2026-Q3": UNITS.tokens(GREEN, 1, 1.2)})
    each = tflop_per_token(solved(ported()).case, ported().streams[0])
    floor = {"sites": ["far"], "compute": {"2026-Q3": f"{0.3 * UNITS.rate(GREEN) * each!r} TFLOP/s"}}
    asked = {"workloads": [work], "least_compute": [floor], "budget": {"total": "90000 XTS"}, "objective": goal}
    scenario = ported(sites=[*WET, site("far", halls=(hall("wet", cooling="liquid"),))], **asked)
    plan = solved(scenario)
    assert all(0.4 < row["software_efficiency"] < 1 for row in plan.tables["jobs"])
    ripe = solved(patched(scenario, {"porting.maturity": False, "parameters": {}}))
    assert plan.objective >= ripe.objective if goal == "cost" else plan.stages[0].value <= ripe.stages[0].value + 1e-9


def test_three_ways_to_work_out_an_age_agree():
    calendar = ported().calendar
    for first in (0.0, 0.35, 0.9):
        for whole in (1000.0, 4383.0, 9999.0):
            ripens = Ripening(calendar, first, whole)
            for ready, t in ((0, 0), (0, 1), (0, 2), (1, 2)):
                age, hours = ripens.age(ready, t), calendar[t].hours
                told = (ripens.efficiency(ready, t), mean(first, whole, age, hours), over(first, whole, age, hours))
                assert told == pytest.approx([told[0]] * 3, rel=1e-6)
                for work in (50.0, 3000.0):
                    took = (
                        ripens.takes(ready, t, work),
                        lasts(first, whole, age, work),
                        until(first, whole, age, work),
                    )
                    assert took == pytest.approx([took[0]] * 3, rel=1e-5)
    assert area(0.5, 100.0, 0.0, 200.0) == pytest.approx(175.0)


WRONG = {
    "above one": ({"parameters.porting-start-efficiency": 1.2}, "from 0 to 1"),
    "below nothing": ({"parameters.porting-start-efficiency": -0.2}, "from 0 to 1"),
    "not asked for": ({"porting.maturity": False}, "no effect"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused(name):
    change, told = WRONG[name]
    with pytest.raises(planner.InputError, match=told):
        planner.solve(patched(patched(ported(), {}), change))
