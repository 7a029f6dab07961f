"""Places that differ in nothing but their names are planned as one, and nothing is lost by it."""

from collections import Counter
from dataclasses import fields, replace
from math import inf

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planner
from planner.optimize.constraints import CONSTRAINTS
from planner.optimize.model import assemble
from planner.optimize.spread import OF_COLUMNS, OF_SITES
from planner.optimize.variables import Variables
from planner.plan.decisions import Install
from planner.plan.solve import catalog_of, pose
from planner.plan.verify import verify
from planner.problem import alike as merging
from planner.problem.alike import alike
from planner.problem.arrays import Problem
from planner.problem.exempt import Exempt
from planner.problem.loads import Loads
from planner.problem.wear import Wear
from planner.scenario.model import Scenario
from tests.oracle.cases import CASES
from tests.oracle.catalog import rate
from tests.oracle.strategies import scenarios
from tests.oracle.test_solver import compare, least
from tests.oracle.tiny import GREEN, RED, Units, build, hall, run, site, stream, supply

UNITS = Units(rate)
OF_THE_WHOLE = {
    *("currency", "calendar", "discounting", "systems", "runs", "streams", "accelerators", "arrivals", "pending"),
    *("expired", "life_ends", "life_periods", "allocation", "carry_over", "useless", "ports", "ported"),
    *("budget_total", "budget_years", "order_events", "install_events", "kept_events", "port_events", "wired_events"),
    *("idle", "store", "caps", "jobs", "fixed_events", "parts", "duties", "ripening", "excluded", "notes", "copies"),
}
"""Fields of a problem in which no hall and no site is named."""
TOLD_APART = {"moves", "rents", "networks", "demand_events", "apart", "floors", "obliged", "goals", "options"}
"""Fields that name some, and what they name is told apart by them or counted together."""
REST = {"sites", "halls", "job_halls", "begins", "loads", "wear", "exempt"}
OF_A_HALL = {
    *("fleet_balance", "powered_within_fleet", "retire_base_only", "hall_power", "rack_positions"),
    *("work_within_powered", "useful_jobs", "runs_held", "all_domestic", "removal", "mixed_runs"),
    *("after_installation", "failed_balance", "survivors", "mixed_jobs", "exempt_on"),
}
"""Constraints whose rows are about one hall (`site=` its id): their sum over alike halls is the merged row."""
OF_SUMS = {
    *("stock_balance", "retire_by_age", "supply_per_period", "stream_target", "run_once", "port_once"),
    *("jobs_need_port", "runs_need_port", "total_budget", "yearly_budget", "quota", "flow_ratio", "share_limit"),
    *("bundled_purchase", "subsidised_energy", "granted_hardware", "energy_quota", "part_supply", "energy_and_carbon"),
    *("rent_capacity", "warehouse_capacity", "goal_caps", "vendor_share", "runs_together", "token_budget"),
    *("least_compute", "young_software", "surrender", "exempt_placed"),
}
"""Constraints whose rows read halls in sum."""
NOT_MERGED = {"move_base_only", "ports_attached", "ports_nested", "ports_reach", "peak_demand", "work_apart"}
"""Constraints of what keeps halls apart."""
SUMMED = {"install", "retire", "powered", "spare", "jobs", "begin", "expand"}
FREE = {"fleet", "failed", "scrap", "at_once", "running", "wired"}
GLOBAL = {
    *(
        "order",
        "stock",
        "surrender",
        "missed",
        "shortfall",
        "port",
        "accept",
        "domestic",
        "subsidised",
        "granted",
        "rent",
        "move",
    ),
    *("attach", "peak", "behind", "young", "present", "concentration"),
}
"""Columns of a hall whose sum something else reads; those that only its own rows read; all others."""


SHARED = ("grid_expansion_too_dear", "together_anyway", "spares", "grid_and_pue")
"""Tiny worlds whose places are planned as one and shared out: steps of power, runs, software that ripens."""


def halls(*changes, **every):
    """Halls alike but for the changes of each."""
    return tuple(
        hall(f"h{n}", **{"it_power": "9 kW", "racks": 1, **every, **change}) for n, change in enumerate(changes)
    )


def world(*places, **changes):
    """Three red servers asked for, in halls that hold two each."""
    work = stream({"2026-Q2": UNITS.target(RED, 2.6)}, shortfall=UNITS.short(RED, 60_000))
    fields_of = {"sites": list(places), "workloads": [work], "supply": supply(red=16), **changes}
    return build(**fields_of)


def posed(scenario: Scenario) -> Problem:
    return pose(scenario, catalog_of(scenario)).problem


def groups(scenario: Scenario) -> set[tuple[str, ...]]:
    found = alike(posed(scenario))
    return set() if found is None else set(found.names)


def searched(scenario: Scenario, gap: float, *, merge: bool = True) -> planner.Plan | None:
    solver = scenario.solver.model_copy(update={"gap": gap, "merge": merge})
    try:
        return planner.solve(scenario.replace(solver=solver))
    except (planner.InfeasibleError, planner.InputError):
        return None


def cost(scenario: Scenario, **how) -> float:
    plan = searched(scenario, 0.0, **how)
    return inf if plan is None else plan.objective


def times(scenario: Scenario, count: int, *, sites: bool) -> Scenario:
    """Every hall, or every site, so many times, with what stands in it."""

    def named(name: str, n: int) -> str:
        return name if n == 0 else f"{name}-{n}"

    def copy(thing, n, **more):
        return thing.model_copy(update={"id": named(thing.id, n), **more})

    many = range(count)
    places = (
        tuple(copy(s, n) for s in scenario.sites for n in many)
        if sites
        else tuple(copy(s, 0, halls=tuple(copy(h, n) for h in s.halls for n in many)) for s in scenario.sites)
    )
    key = "site" if sites else "hall"
    base = tuple(e.model_copy(update={key: named(getattr(e, key), n)}) for e in scenario.installed for n in many)
    return scenario.replace(sites=places, installed=base)


def kept(plan: planner.Plan) -> None:
    """The plan's columns keep every row of the whole program, at the plan's cost."""
    program = assemble(plan.problem)
    values = {var.id: plan.columns.get(var.name, 0.0) for var in program.lp.variables()}
    assert set(plan.columns) <= {var.name for var in program.lp.variables()}
    for constraint in program.lp.constraints():
        row = next(row for row in program.rows if row.id == constraint.id)
        activity = sum(c * values[var.id] for var, c in constraint.items()) / row.factor
        low, high = (row.rhs if s != row.sense else None for s in ("<=", ">="))
        assert high is None or activity <= high + 1e-5, row
        assert low is None or activity >= low - 1e-5, row
    total = sum(c * values[var.id] for var, c in program.lp.objective.items()) + program.lp.objective.constant
    assert total * 1e6 == pytest.approx(plan.objective, rel=1e-6)


def test_every_field_of_a_problem_has_its_place_in_the_merging():
    """A field added later has to be given one: what it says of a hall would otherwise not be looked at."""
    told = [OF_THE_WHOLE, TOLD_APART, REST, set(merging.BY_HALL)]
    assert set().union(*told) == {f.name for f in fields(Problem)}
    assert sum(map(len, told)) == len(fields(Problem))
    assert {*merging.LOADS_BY_HALL, "jobs", "job_events", "begins", "begin_events"} == {f.name for f in fields(Loads)}
    assert {*merging.EXEMPT_BY_HALL, "stock"} == {f.name for f in fields(Exempt)}
    assert set(merging.WEAR_BY_HALL) == {f.name for f in fields(Wear)}


def test_every_row_and_every_column_too():
    rows = {function.__name__ for function in CONSTRAINTS}
    assert rows == OF_A_HALL | OF_SUMS | NOT_MERGED | OF_SITES | OF_COLUMNS
    columns = {f.name for f in fields(Variables)}
    assert columns == SUMMED | FREE | GLOBAL


def test_halls_of_a_site_and_sites_with_the_same_halls_are_alike():
    assert groups(world(site(halls=halls({}, {}, {})))) == {("home/h0", "home/h1", "home/h2")}
    two = [site(name, halls(*inside)) for name, inside in (("a", ({}, {"racks": 3})), ("b", ({"racks": 3}, {})))]
    assert groups(world(*two)) == {("a/h0", "b/h1"), ("a/h1", "b/h0")}
    both = [site(name, halls({}, {})) for name in "ab"]
    assert groups(world(*both)) == {("a/h0", "a/h1", "b/h0", "b/h1")}


@pytest.mark.parametrize(
    "change",
    [
        {"it_power": "8 kW"},
        {"racks": 3},
        {"rack_power": "5 kW"},
        {"pue": 1.3},
        {"pue_season": {"Q3": 1.1}},
        {"cooling": "liquid"},
        {"expansions": [{"id": "more", "it_power": "4 kW", "racks": 1, "cost": "100 XTS", "lead_time": "1 month"}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_hall_that_differs_in_anything_is_planned_for_itself(change):
    assert groups(world(site(halls=halls({}, {})), systems={"include": [RED, GREEN]})) == {("home/h0", "home/h1")}
    assert groups(world(site(halls=halls({}, change)), systems={"include": [RED, GREEN]})) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"grid": "80 kW"},
        {"region": "coast"},
        {"tariff": "0.9 XTS/kWh"},
        {"carbon": "0.1 kg/kWh"},
        {"cuts": [{"start": "2026-Q2", "end": "2026-Q2", "share": 0.5}]},
        {"tariff_season": {"Q3": 1.5}},
        {"demand_charge": "10 XTS/kW/month"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_site_that_differs_in_anything_is_planned_for_itself(change):
    assert groups(world(site("a"), site("b"))) == {("a/air", "b/air")}
    assert groups(world(site("a"), site("b", **change))) == set()


def test_reach_counts_where_work_asks_for_it():
    work = run(UNITS.tokens(RED, 2, 0.9), "2026-Q3", [8])
    assert groups(world(site(halls=halls({}, {"max_cluster": 8})), workloads=[work])) == {("home/h0", "home/h1")}
    assert groups(world(site(halls=halls({}, {"max_cluster": 4})), workloads=[work])) == set()


def test_what_ties_halls_to_each_other_keeps_them_apart():
    there = {"system": RED, "site": "home", "count": 1, "since": "2025-Q1"}
    pair = site(halls=halls({}, {}))
    assert groups(world(pair, installed=[there | {"hall": "h0"}])) == set()
    base = [there | {"hall": "h0"}, there | {"hall": "h1"}]
    assert groups(world(pair, installed=base)) == {("home/h0", "home/h1")}
    assert groups(world(pair, installed=base, relocation={"within_site": True})) == set()
    assert groups(world(pair, solver={"gap": 0.0, "merge": True})) == {("home/h0", "home/h1")}
    quota = {"id": "few", "counts": "fleet", "of": {"accelerators": ["tiny-red"]}, "most": 8, "sites": ["a"]}
    assert groups(world(site("a"), site("b"), limits={"quotas": [quota]})) == set()


@pytest.mark.parametrize("sites", [False, True], ids=["halls", "sites"])
def test_the_merged_program_has_the_size_of_one_and_the_plan_names_each(sites):
    one = world(site(halls=halls({})))
    many = times(one.replace(workloads=world(site()).workloads), 5, sites=sites)
    plan = searched(many, 0.01)
    alone = assemble(posed(one))
    assert plan.solver["columns"] == len(alone.lp.variables())
    assert len(plan.solver["alike"]) == 1 and len(plan.solver["alike"][0]) == 5
    used = {(i.site, i.hall) for i in plan.decisions.installs}
    assert len(used) >= 2 and sum(i.count for i in plan.decisions.installs) == 3
    limited = {limit.site for limit in plan.limits if limit.name == "rack_positions"}
    assert limited == {f"{s.id}/{h.id}" for s in many.sites for h in s.halls}
    filled = {limit.site: limit.lhs for limit in plan.limits if limit.name == "rack_positions" and limit.period == 2}
    assert sorted(filled.values())[-2:] == [0.5, 1.0] and sum(filled.values()) == 1.5
    assert {limit.rhs for limit in plan.limits if limit.name == "rack_positions"} == {1.0}


@pytest.mark.parametrize("sites", [False, True], ids=["halls", "sites"])
def test_the_columns_of_a_plan_keep_every_row_of_the_whole_program(sites):
    expansion = {"id": "more", "it_power": "4.5 kW", "racks": 1, "cost": "100 XTS", "lead_time": "1 month"}
    grid = {"id": "grid", "power": "10 kW", "cost": "100 XTS", "lead_time": "1 month"}
    one = world(
        site(
            halls=halls({"it_power": "4.5 kW", "racks": 1, "expansions": [expansion]}), grid="6 kW", expansions=[grid]
        ),
        power={"idle": 0.1},
        attrition={"rate": "5 %/yr"},
    )
    plan = searched(times(one, 3, sites=sites), 0.02)
    assert plan.solver["alike"]
    kept(plan)


@pytest.mark.parametrize("name", SHARED)
def test_limits_prices_and_rows_are_those_of_the_whole_program(name):
    case = next(case for case in CASES if case.__name__ == name)
    for count, sites in ((2, False), (3, True)):
        many = times(case(UNITS), count, sites=sites)
        one, whole = searched(many, 0.04), searched(many, 0.04, merge=False)
        assert one.solver["alike"]
        kept(one)
        assert [(x.name, x.site, x.item, x.period) for x in one.limits] == [
            (x.name, x.site, x.item, x.period) for x in whole.limits
        ]
        assert one.duals.keys() == whole.duals.keys()


def test_what_the_halls_hold_only_together_is_planned_hall_by_hall():
    """Two halls of one and a half servers each hold three together, and two one by one."""
    tight = {"it_power": "6 kW", "racks": 2}
    few = supply(red={"2026-Q2": 12, "2026-Q3": 0}, carry_over=False)
    scenario = world(site(halls=halls(tight, tight)), supply=few)
    assert groups(scenario) == {("home/h0", "home/h1")}
    compare(scenario, least(scenario))
    plan = searched(scenario, 0.02)
    assert max(i.count for i in plan.decisions.installs) == 1


def test_a_run_that_needs_more_than_a_hall_is_not_done_in_two():
    work = run(UNITS.tokens(RED, 2, 0.9), "2026-Q3", [8], missed="900000 XTS")
    few = supply(red={"2026-Q2": 8, "2026-Q3": 0}, carry_over=False)
    small = world(site(halls=halls({}, {}, rack_power="5 kW")), workloads=[work], supply=few)
    large = world(site(halls=halls({}, {})), workloads=[work], supply=few)
    assert groups(small) and groups(large)
    assert searched(small, 0.01).decisions.missed and not searched(large, 0.01).decisions.missed
    compare(small, least(small))
    compare(large, least(large))


def test_two_runs_at_a_time_find_a_hall_each():
    works = [run(UNITS.tokens(RED, 2, 0.9), "2026-Q2", [8], name, missed="900000 XTS") for name in ("one", "two")]
    plan = searched(world(site(halls=halls({}, {}, {})), workloads=works), 0.01)
    assert plan.solver["alike"] and not plan.decisions.missed
    assert len({start.hall for start in plan.decisions.starts}) == 2


@pytest.mark.parametrize("count", [2, 3])
def test_a_hall_in_parts_is_never_better_than_whole(count):
    whole = world(site(halls=halls({"it_power": f"{5 * count} kW", "racks": 2 * count})))
    parts = world(site(halls=halls(*[{"it_power": "5 kW", "racks": 2}] * count)))
    assert cost(whole) <= cost(parts) * (1 + 1e-7)


def test_no_alike_places_no_change():
    scenario = world(site(halls=halls({}, {"racks": 3})))
    plans = [searched(scenario, 0.0, merge=merge) for merge in (True, False)]
    assert plans[0].to_json() == plans[1].to_json() | {"scenario": plans[0].to_json()["scenario"]}
    assert "alike" not in plans[0].solver


def test_the_same_scenario_gives_the_same_plan():
    scenario = times(world(site(halls=halls({}))), 4, sites=False)
    assert searched(scenario, 0.02).to_json() == searched(scenario, 0.02).to_json()


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios(UNITS), count=st.integers(2, 4), sites=st.booleans(), gap=st.sampled_from([0.0, 0.05]))
def test_planned_as_one_or_one_by_one_the_bounds_agree(scenario, count, sites, gap):
    many = times(scenario, count, sites=sites)
    one, whole = searched(many, gap), searched(many, gap, merge=False)
    assert (one is None) == (whole is None)
    if one is not None and whole is not None:
        room = 1e-6 * max(1.0, abs(whole.objective))
        assert one.bound <= whole.objective + room and whole.bound <= one.objective + room
        assert one.gap <= gap + 1e-7


def test_the_check_refuses_a_plan_shared_out_beyond_a_hall():
    scenario = times(world(site(halls=halls({}))), 2, sites=False)
    plan = searched(scenario, 0.01)
    assert verify(scenario, plan.case.catalog, plan.decisions).ok
    total = Counter({(i.system, i.site, "h0", i.period): 0 for i in plan.decisions.installs})
    for placed in plan.decisions.installs:
        total[placed.system, placed.site, "h0", placed.period] += placed.count
    moved = tuple(sorted(Install(*key, count) for key, count in total.items()))
    altered = verify(scenario, plan.case.catalog, replace(plan.decisions, installs=moved))
    assert "racks" in {violation.rule for violation in altered.violations}


def test_prices_of_limits_are_those_of_each_hall():
    tight = world(site(halls=halls({"it_power": "4 kW"}, {"it_power": "4 kW"}, {"it_power": "4 kW"}), grid="90 kW"))
    plans = [searched(tight, 0.01, merge=merge) for merge in (True, False)]
    priced = [
        {
            (limit.name, limit.site, limit.period): limit.shadow_price
            for limit in plan.limits
            if limit.name == "hall_power"
        }
        for plan in plans
    ]
    assert priced[0].keys() == priced[1].keys()
    assert all(priced[0][key] == pytest.approx(priced[1][key], abs=1e-3) for key in priced[0])
