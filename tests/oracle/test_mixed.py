"""Coherent runs on two kinds of system, against the brute force, and what the penalty is worth."""

import pytest

import planner
from planner.plan.decisions import Decisions
from planner.scenario.load import patched
from planner.scenario.model import Scenario
from tests.oracle.brute import Brute
from tests.oracle.catalog import facts, rate
from tests.oracle.tiny import RED, Units, build, hall, run, site, stream

UNITS = Units(rate)
MIX = {"systems": [RED, "gold-4"], "penalty": "10 %", "shares": ["50 %"]}


def least(scenario: Scenario) -> float:
    return Brute(scenario, facts(scenario)).solve()


def solved(scenario: Scenario) -> planner.Plan:
    plan = planner.solve(patched(scenario, {}))
    assert plan.verified
    assert plan.objective - plan.bound <= 1e-6 * max(1.0, abs(plan.objective))
    return plan


def two(*mixed: dict[str, object], gold: int = 4, **changes: object) -> Scenario:
    """A run of half a quarter on two red servers, of which there is one; a gold one comes a quarter, no red one."""
    base = [{"system": RED, "site": "home", "hall": "air", "count": 1, "since": "2025-Q1"}]
    work = run(UNITS.tokens(RED, 2, 0.5), "2026-Q2", [8], missed="90000 XTS")
    fields: dict[str, object] = {
        "installed": base,
        "workloads": [work],
        "supply": {"allocations": [{"accelerator": "tiny-gold", "per_period": gold}], "carry_over": False},
        "mixed_runs": list(mixed),
    }
    return build(**fields | changes)


def longer(quarters: float, deadline: str = "2026-Q3", sizes: tuple[int, ...] = (8,)) -> list[dict[str, object]]:
    """The run, of another length and deadline."""
    return [run(UNITS.tokens(RED, 2, quarters), deadline, list(sizes), missed="90000 XTS")]


def wired(*offers: dict[str, object], **changes: object) -> list[dict[str, object]]:
    """A site whose hall buys its network."""
    return [site(halls=(hall(max_cluster=None, fabric={"offers": list(offers)}, **changes),))]


SHORT = {"horizon": {"start": "2026-Q1", "end": "2026-Q2"}}
LEAF = {"id": "leaf", "reach": 4, "cost": "200 XTS", "power": "10 W"}
SPINE = {"id": "spine", "reach": 16, "cost": "500 XTS", "power": "30 W"}
THIN = {"id": "thin", "reach": 16, "cost": "210 XTS", "power": "12 W", "oversubscription": 40}
LINE = {"id": "line", "power": "1 kW", "cost": "500 XTS", "lead_time": "0 h"}
WING = {"id": "wing", "it_power": "1 kW", "racks": 0, "cost": "700 XTS", "lead_time": "0 h"}
BESIDE = stream({"2026-Q2": UNITS.target(RED, 0.4)}, shortfall=UNITS.short(RED, 40000))
SCENARIOS = {
    "no pair": two,
    "a pair": lambda: two(MIX),
    "a dear pair": lambda: two(MIX | {"penalty": "60 %"}),
    "one of several": lambda: two(MIX | {"shares": ["25 %", "50 %"]}, gold=8, workloads=longer(0.9, sizes=(8, 16))),
    "over two quarters": lambda: two(MIX, workloads=longer(1.1)),
    "beside a stream": lambda: two(MIX, workloads=[*longer(0.6, "2026-Q2"), BESIDE]),
    "too wide for the hall": lambda: two(MIX, sites=[site(halls=(hall(max_cluster=4),))]),
    "too much power at once": lambda: two(MIX, sites=[site(halls=(hall(it_power="6.9 kW"),))]),
    "too much at the meter": lambda: two(MIX, sites=[site(grid="8.7 kW")]),
    "power bought": lambda: two(MIX, sites=[site(grid="8 kW", expansions=[LINE])]),
    "highest draw": lambda: two(MIX, sites=[site(demand_charge="300 XTS/kW/month")], **SHORT),
    "too little power bought": lambda: two(MIX, sites=[site(grid="7.6 kW", expansions=[LINE])]),
    "hall bought": lambda: two(MIX, sites=[site(halls=(hall(it_power="6 kW", expansions=[WING]),))], **SHORT),
    "network bought": lambda: two(MIX, sites=wired(LEAF, SPINE), **SHORT),
    "thin network": lambda: two(MIX, sites=wired(LEAF, SPINE, THIN), workloads=longer(0.7, "2026-Q2"), **SHORT),
    "network too near": lambda: two(MIX, sites=wired(LEAF), **SHORT),
    "apart": lambda: two(
        MIX,
        workloads=[*longer(0.6), BESIDE],
        sites=[site(), site("far")],
        apart=[{"workloads": ["frontier", "dense"]}],
    ),
}


def wide(times: float, least_job: int = 8, **changes: object) -> dict[str, object]:
    """Divisible work in jobs of eight accelerators, from the second quarter on; what is missing has a price."""
    return (
        stream({"2026-Q2": UNITS.target(RED, times)}, least_job=least_job, shortfall=UNITS.short(RED, 60000)) | changes
    )


def jobs_of(*mixed: dict[str, object], gold: int = 4, **changes: object) -> Scenario:
    """One red server and a gold one, and jobs that take two servers."""
    came = {"allocations": [{"accelerator": "tiny-gold", "per_period": {"2026-Q2": gold}}]}
    return two(*mixed, **{"supply": came, "workloads": [wide(1.4)]} | changes)


JOBS = {
    "no pair": jobs_of,
    "a pair": lambda: jobs_of(MIX),
    "a dear pair": lambda: jobs_of(MIX | {"penalty": "70 %"}),
    "more than one job": lambda: jobs_of(MIX, gold=8, workloads=[wide(2.3)]),
    "wider jobs": lambda: jobs_of(MIX | {"shares": ["33 %"]}, gold=8, workloads=[wide(1.8, 12)]),
    "too wide for the hall": lambda: jobs_of(MIX, sites=[site(halls=(hall(max_cluster=4),))]),
    "too much power at once": lambda: jobs_of(MIX, sites=[site(halls=(hall(it_power="6.9 kW"),))]),
    "jobs of one system as well": lambda: jobs_of(MIX, workloads=[wide(0.5, 4, id="small"), wide(0.9)]),
    "power bought": lambda: jobs_of(MIX, sites=[site(grid="8 kW", expansions=[LINE])]),
    "highest draw": lambda: jobs_of(
        MIX, workloads=[wide(0.6)], sites=[site(demand_charge="300 XTS/kW/month")], **SHORT
    ),
    "too little power bought": lambda: jobs_of(MIX, sites=[site(grid="7.6 kW", expansions=[LINE])]),
    "hall bought": lambda: jobs_of(MIX, sites=[site(halls=(hall(it_power="6 kW", expansions=[WING]),))], **SHORT),
    "network bought": lambda: jobs_of(MIX, sites=wired(LEAF, SPINE), **SHORT),
    "thin network": lambda: jobs_of(MIX, sites=wired(LEAF, SPINE, THIN), **SHORT),
    "network too near": lambda: jobs_of(MIX, sites=wired(LEAF), **SHORT),
    "with a run": lambda: jobs_of(
        MIX, workloads=[wide(0.5), run(UNITS.tokens(RED, 2, 0.5), "2026-Q3", [8], missed="90000 XTS")]
    ),
    "young software": lambda: jobs_of(
        MIX,
        workloads=[wide(0.9, ported=[])],
        porting={"maturity": True},
        parameters={
            "porting-start-efficiency": 0.5,
            "porting-maturity-time": "3 quarters",
            "porting-time": "0 h",
        },
        **SHORT,
    ),
    "apart": lambda: jobs_of(
        MIX,
        workloads=[wide(0.5), run(UNITS.tokens(RED, 1, 0.5), "2026-Q3", [4], missed="90000 XTS")],
        apart=[{"workloads": ["frontier", "dense"]}],
    ),
}


@pytest.mark.parametrize("name", JOBS)
def test_the_best_plan_with_jobs_on_two_kinds_is_that_of_the_brute_force(name):
    scenario = JOBS[name]()
    assert solved(scenario).objective == pytest.approx(least(scenario), rel=1e-6)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_best_plan_is_that_of_the_brute_force(name):
    scenario = SCENARIOS[name]()
    assert solved(scenario).objective == pytest.approx(least(scenario), rel=1e-6)


def test_a_run_spans_two_kinds_only_where_a_penalty_is_stated():
    alone, mixed = solved(two()), solved(two(MIX))
    assert alone.decisions.missed and not alone.decisions.starts
    assert sorted(s.system for s in mixed.decisions.starts) == ["gold-4", RED]
    rows = [row for row in mixed.tables["targets"] if row["kind"] == "run"]
    assert sum(row["delivered"] for row in rows) == pytest.approx(1.0)
    assert len({row["days"] for row in rows}) == 1
    assert sum(row["tokens_per_s"] for row in rows) * rows[0]["days"] * 86400 == pytest.approx(two().runs[0].tokens)
    fleet = [row for row in mixed.tables["fleet"] if row["busy_accelerators"]]
    assert {row["jobs_max_accelerators"] for row in fleet} == {8}
    assert all(0 < row["goodput"] <= 1 for row in fleet)


def test_the_highest_draw_is_that_of_both_kinds_at_once():
    """A run of half a quarter: both draw 7 kW, at the meter 8.75 kW, though the mean of the period is about half."""
    plan = solved(two(MIX, sites=[site(demand_charge="3 XTS/kW/month")], workloads=longer(0.5, "2026-Q2")))
    assert len(plan.decisions.starts) == 2
    paid = [row for row in plan.tables["cashflow"] if row["line"] == "demand_charge" and row["amount"]]
    assert [-row["amount"] for row in paid] == pytest.approx([8.75 * 3 * 91 * 24 / (365.25 * 24 / 12)])


def test_a_job_on_two_kinds_draws_and_trains_as_both():
    """Two fifths of a job on each kind: it is on with all of both for that time, as one job of eight accelerators."""
    plan = solved(jobs_of(MIX, workloads=[wide(0.6)], sites=[site(demand_charge="3 XTS/kW/month")], **SHORT))
    paid = [row for row in plan.tables["cashflow"] if row["line"] == "demand_charge" and row["amount"]]
    assert [-row["amount"] for row in paid] == pytest.approx([8.75 * 3 * 91 * 24 / (365.25 * 24 / 12)])
    one, other = plan.tables["jobs"]
    assert (one["beside"], one["beside_accelerators"]) == (other["system"], other["accelerators_per_job"])
    assert (other["beside"], other["beside_accelerators"]) == (one["system"], one["accelerators_per_job"])
    assert one["jobs"] == pytest.approx(other["jobs"])
    target = next(row for row in plan.tables["targets"] if row["required"])
    assert one["tokens_per_s"] + other["tokens_per_s"] == pytest.approx(target["required"])
    assert {row["jobs_max_accelerators"] for row in plan.tables["fleet"] if row["busy_accelerators"]} == {8}
    assert Decisions.from_json(plan.decisions.to_json()) == plan.decisions


def test_a_run_on_two_kinds_is_done_within_its_time():
    days = solved(two(MIX)).tables["targets"][0]["days"]
    for most, starts in ((days + 1, 2), (days - 1, 0)):
        asked = two(MIX, workloads=[{**longer(0.5, "2026-Q2")[0], "within": f"{most} days"}])
        assert len(solved(asked).decisions.starts) == starts


def test_a_larger_penalty_never_costs_less():
    costs = [solved(two(MIX | {"penalty": p}, workloads=longer(0.7))).objective for p in (0.0, 0.1, 0.3, 0.5, 0.9)]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


@pytest.mark.parametrize("goal", ["completion", "concentration"])
def test_other_goals_count_both_parts_once(goal):
    plan = solved(two(MIX, workloads=[{**longer(0.5)[0], "missed": None}], objective=goal))
    assert len(plan.decisions.starts) == 2
    assert plan.stages[0].value > 0.5


def test_young_software_carries_no_mixed_run():
    """Both must be mature: the run has to wait for it, or is missed."""
    fields = {"workloads": [{**longer(0.5)[0], "ported": []}], "horizon": {"start": "2026-Q1", "end": "2026-Q3"}}
    parameters = {"porting-start-efficiency": 0.9, "porting-maturity-time": "1 quarter", "porting-time": "0 h"}
    plan = solved(two(MIX, **fields, porting={"maturity": True}, parameters=parameters))
    assert len(plan.decisions.starts) == 2
    assert plan.decisions.starts[0].period > plan.decisions.ports[0].period
    late = parameters | {"porting-maturity-time": "4 quarters"}
    assert len(solved(two(MIX, **fields, porting={"maturity": True}, parameters=late)).decisions.starts) == 1


WRONG = {
    "one name": ({"mixed_runs": [MIX | {"systems": [RED]}]}, "two are right"),
    "one kind": ({"mixed_runs": [MIX | {"systems": [RED, RED]}]}, "not mixed"),
    "unknown": ({"mixed_runs": [MIX | {"systems": [RED, "gold-5"]}]}, "gold-4"),
    "all lost": ({"mixed_runs": [MIX | {"penalty": "100 %"}]}, "below 100 %"),
    "a gain": ({"mixed_runs": [MIX | {"penalty": -0.1}]}, "penalty"),
    "no part": ({"mixed_runs": [MIX | {"shares": ["100 %"]}]}, "no part"),
    "twice": ({"mixed_runs": [MIX, MIX | {"systems": ["gold-4", RED]}]}, "stated twice"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused(name):
    change, told = WRONG[name]
    with pytest.raises(planner.InputError, match=told):
        patched(two(MIX), change)


def test_halls_that_are_alike_share_out_jobs_on_two_kinds():
    """Each of two halls feeds one red server and one gold one, no two red: planned as one, both are mixed."""
    halls = tuple(hall(name, it_power="7.2 kW") for name in ("air", "b"))
    came = [{"accelerator": f"tiny-{kind}", "per_period": {"2026-Q2": 8, "2026-Q3": 0}} for kind in ("gold", "red")]
    supply = {"allocations": came, "carry_over": False}
    fields = {"installed": [], "workloads": [wide(2.3)], "sites": [site(halls=halls)], "supply": supply}
    plans = [
        solved(jobs_of(MIX, **fields, solver={"gap": 0.0, "threads": 1, "merge": merge})) for merge in (True, False)
    ]
    assert plans[0].objective == pytest.approx(plans[1].objective)
    assert {(job.hall, job.system) for job in plans[0].decisions.jobs if job.beside} == {
        (name, system) for name in ("air", "b") for system in ("gold-4", RED)
    }
