"""Plans that must live with what is not yet known: laws of stochastic programs, and hedges found by hand."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from planner.analysis.questions import expand
from planner.analysis.uncertainty.program import aim_at, join
from planner.analysis.uncertainty.risk import cvar, expected, sought
from planner.analysis.uncertainty.solve import Ask, frame_of, solve_worlds
from planner.analysis.uncertainty.start import values_of
from planner.analysis.uncertainty.study import first_table, plan_table, risk_table, value_table
from planner.analysis.uncertainty.worlds import World, components, worlds_of
from planner.analysis.whatif import run_whatifs
from planner.errors import InputError
from planner.optimize.highs import Solver
from planner.optimize.outcome import Limits
from planner.plan.solve import Options, pose, solve
from planner.scenario.load import catalog_of, load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
BAN = {
    "id": "no-red",
    "issuer": "a question",
    "jurisdiction": "XA",
    "legal_form": "instruction",
    "status": "in_force",
    "announced": "2026-01-01",
    "effective_from": "2026-07-01",
    "date_precision": "day",
    "covered_buyers": {"field": "buyer.country", "op": "==", "value": "XA"},
    "scope": {"field": "chip.family", "op": "==", "value": "Red"},
    "effects": [{"type": "import_blocked"}, {"type": "new_order_prohibited"}],
    "summary": "Red stays out.",
    "confidence": "low",
    "sources": ["tests"],
}
QUESTIONS = [
    {"id": "more", "scale": {"workloads.dense.target": 2.2}},
    {"id": "less", "scale": {"workloads.dense.target": 0.4}},
    {"id": "dear-power", "scale": {"facts.regions.plain.tariff": 4}},
    {"id": "ban", "set": {"policy.rules": [BAN]}},
]


@pytest.fixture(scope="module")
def soft():
    """The tiny scenario, where work may be left undone for a price and nothing has to be run."""
    return patched(
        load_scenario(TINY), {"workloads.dense.shortfall+": "0.03 XTS", "workloads.frontier.missed+": "1 XTS"}
    )


def living(scenario, **asked):
    found = run_whatifs(
        scenario, {"base": False, "questions": QUESTIONS, "uncertainty": [{"id": "u", **asked}]}, workers=0
    )
    (one,) = found.living
    assert not one.failure
    return one


WORLDS = [
    {"questions": [], "probability": 0.5},
    {"questions": ["more"], "probability": 0.3},
    {"questions": ["ban"], "probability": 0.2},
]


@pytest.fixture(scope="module")
def three(soft):
    """Three worlds, told apart in the third quarter."""
    return living(soft, worlds=WORLDS, reveal="2026-Q3")


def near(a, b):
    return a <= b + 1e-6 * max(1.0, abs(b))


def test_wait_and_see_is_cheapest_and_the_plan_for_one_world_dearest(three):
    see = expected([answer.objective for answer in three.alone], three.probabilities)
    shared = expected(three.course("expected").costs, three.probabilities)
    assert near(see, shared)
    for world in three.worlds:
        course = three.course(f"best:{world.id}")
        assert course is not None
        assert near(shared, expected(course.costs, three.probabilities))
    assert near(shared, expected(three.course("waiting").costs, three.probabilities))
    assert shared == pytest.approx(three.course("expected").bound, rel=1e-6)


def test_each_aim_is_best_by_its_own_measure(three):
    rows = {row["plan"]: row for row in risk_table(three) if row["expected_cost"] is not None}
    for row in rows.values():
        assert near(row["expected_cost"], row["cvar"])
        assert near(row["cvar"], row["largest_cost"])
        assert row["largest_regret"] >= 0
        assert near(rows["expected"]["expected_cost"], row["expected_cost"])
        slack = 1 + 2e-3
        assert rows["cvar"]["cvar"] <= row["cvar"] * slack
        assert rows["regret"]["largest_regret"] <= row["largest_regret"] + 1e-3 * row["expected_cost"]
    assert all(row["regret"] >= 0 for row in plan_table(three) if row["cost"] is not None)


def test_values_lie_between_their_proved_limits(three):
    for row in value_table(three):
        assert near(row["at_least"], row["value"])
        assert near(row["value"], row["at_most"])
    values = {row["quantity"]: row["value"] for row in value_table(three)}
    assert values["value of knowing (EVPI)"] == pytest.approx(values["two-stage"] - values["wait and see"])
    assert values["value of planning for all worlds (VSS)"] >= -1e-6


def test_the_two_stage_plan_is_the_best_of_every_first_stage_tried(soft, three):
    """Orders before the reveal enumerated; each world then solved on its own, with supply that allows just these."""

    def cost(world, first, second):
        scenario = expand(soft, QUESTIONS).find(world).scenario
        held = {"order[red-4,2026-Q1]": first, "order[red-4,2026-Q2]": second}
        shared = {name: value for name, value in held.items() if value}
        ask = Ask(
            (World(world, (), 1.0, ((2, world),)),),
            (scenario,),
            held=shared,
            before=2,
            only="order[",
            deposits={name: deposit(name) for name in held},
            gap=0.0,
        )
        return solve_worlds(ask).costs[0]

    def deposit(name):
        period = 0 if "Q1" in name else 1
        return 0.25 * 20000 / 1.08 ** (0.25 * period)

    totals = {}
    for first, second in product(range(2), range(4)):
        costs = [cost(world, first, second) for world in ("base", "more", "ban")]
        totals[first, second] = expected(costs, three.probabilities)
    assert min(totals.values()) == pytest.approx(
        expected(three.course("expected").costs, three.probabilities), rel=1e-6
    )


def test_an_order_that_a_world_stops_loses_its_deposit(three):
    orders = {row["decision"]: row["count"] for row in first_table(three) if row["plan"] == "expected"}
    ordered = sum(count for name, count in orders.items() if name.startswith("order[red-4,2026-Q2"))
    lost = {row["world"]: row["lost_deposits"] for row in plan_table(three) if row["plan"] == "expected"}
    assert lost["base"] == lost["more"] == 0
    assert lost["ban"] == pytest.approx(ordered * 0.25 * 20000 / 1.08**0.25, rel=1e-6)
    hopeful = {row["world"]: row["lost_deposits"] for row in plan_table(three) if row["plan"] == "best:more"}
    assert hopeful["ban"] > 0


def test_known_at_once_nothing_is_shared(soft):
    known = living(soft, worlds=WORLDS, reveal="2026-Q1")
    alone = [answer.objective for answer in known.alone]
    assert known.course("expected").costs == pytest.approx(alone, rel=1e-6)
    assert next(r for r in value_table(known) if "EVPI" in r["quantity"])["value"] == pytest.approx(0, abs=1e-3)


def test_events_that_show_one_after_another_are_no_dearer_than_all_at_the_end(soft):
    def cost(first, second):
        events = [
            {"question": "more", "probability": 0.4, "reveal": first},
            {"question": "dear-power", "probability": 0.5, "reveal": second},
        ]
        one = living(soft, events=events)
        assert len(one.worlds) == 4
        assert expected([1] * 4, one.probabilities) == pytest.approx(1)
        return expected(one.course("expected").costs, one.probabilities)

    late, middle, early = cost("2026-Q4", "2026-Q4"), cost("2026-Q2", "2026-Q4"), cost("2026-Q1", "2026-Q1")
    assert near(early, middle)
    assert near(middle, late)


def test_worlds_part_when_they_are_told_apart(soft):
    asked = {
        "questions": QUESTIONS,
        "uncertainty": [
            {
                "id": "u",
                "events": [
                    {"question": "more", "probability": 0.4, "reveal": "2026-Q2"},
                    {"question": "ban", "probability": 0.5, "reveal": "2026-Q4"},
                ],
            }
        ],
    }
    sweep = expand(soft, asked)
    worlds = worlds_of(sweep.uncertainty[0], soft, sweep.document, 0)
    assert [world.id for world in worlds] == ["base", "ban", "more", "more+ban"]
    assert components(worlds, 0, 4) == [[0, 1, 2, 3]]
    assert components(worlds, 1, 4) == [[0, 1], [2, 3]]
    assert components(worlds, 3, 4) == [[0], [1], [2], [3]]


def test_a_licence_has_a_probability_as_an_event(soft):
    """Whether it is granted shows in the second quarter: what needs it is ordered then, if so, and not before."""
    need = {"type": "licence_required", "review": "case_by_case"}
    rule = BAN | {"id": "red-licence", "effective_from": "2026-01-01", "effects": [need]}
    dear = {"workloads.dense.shortfall": "1 XTS"}
    asked = patched(soft, {"policy.rules": [rule], "knowledge_date": "2026-01-01", **dear})
    found = run_whatifs(
        asked,
        {
            "base": False,
            "questions": [{"id": "granted", "set": {"policy.licences": {"red-licence": {"granted": True}}}}],
            "uncertainty": [{"id": "u", "events": [{"question": "granted", "probability": 0.4, "reveal": "2026-Q2"}]}],
        },
        workers=0,
    )
    (one,) = found.living
    assert not one.failure
    assert [(world.id, world.probability) for world in one.worlds] == [("base", 0.6), ("granted", 0.4)]
    course = one.course("expected")
    assert not [name for name in course.decisions if name.startswith("order[red-4")]
    refused, granted = course.costs
    assert granted < refused - 1.0
    assert expected(course.costs, one.probabilities) == pytest.approx(0.6 * refused + 0.4 * granted)


def test_risk_of_known_distributions():
    costs, shares = (10.0, 20.0, 100.0), (0.5, 0.4, 0.1)
    assert cvar(costs, shares, 0.0) == pytest.approx(expected(costs, shares)) == pytest.approx(23.0)
    assert cvar(costs, shares, 0.9) == pytest.approx(100.0)
    assert cvar(costs, shares, 0.5) == pytest.approx((0.1 * 100 + 0.4 * 20) / 0.5)
    assert cvar(costs, shares, 0.95) == pytest.approx(100.0)


def lived(scenario, names, probabilities, **more):
    scenarios = tuple(expand(scenario, QUESTIONS).find(name).scenario for name in names)
    worlds = tuple(World(name, (), share, ((2, name),)) for name, share in zip(names, probabilities, strict=True))
    return Ask(worlds, scenarios, gap=0.0, **more)


@pytest.mark.parametrize("aim", ["expected", "cvar", "regret"])
def test_a_plan_that_lives_in_every_world_is_an_answer_when_no_time_is_left(soft, aim):
    """One world's decisions held, each world's answer to them put together: that alone proves a gap."""
    names, shares = ("base", "more", "ban"), (0.5, 0.3, 0.2)
    held = {"order[red-4,2026-Q2]": 1.0}
    frame = frame_of(lived(soft, names, shares).worlds, lived(soft, names, shares).scenarios)
    alone, parts = [], []
    for name in names:
        alone.append(solve_worlds(lived(soft, [name], [1.0])))
        ask = lived(soft, [name], [1.0], held=held, before=2, only="order[", deposits=frame.deposits)
        parts.append(solve_worlds(ask))
    costs = tuple(part.costs[0] for part in parts)
    best = tuple(one.objective for one in alone)
    proved = tuple(one.bound for one in alone)
    start = tuple(part.columns[0] for part in parts)
    quick = lived(soft, names, shares, aim=aim, best=best, proved=proved, starts=(start,), time_limit=0.0)
    assert start_checked(quick) == pytest.approx(sought(aim, costs, shares, 0.9, best), rel=1e-6)
    one = solve_worlds(quick)
    assert one.costs
    assert near(one.objective, sought(aim, costs, shares, 0.9, best))
    assert one.objective == pytest.approx(sought(aim, one.costs, shares, 0.9, best), rel=1e-6)
    assert near(sought(aim, proved, shares, 0.9, best), one.bound)
    assert near(one.bound, one.objective)
    whole = solve_worlds(replace(quick, time_limit=None))
    assert whole.status == "optimal"
    assert near(whole.objective, one.objective)
    assert near(one.bound, whole.objective)


def start_checked(ask):
    """What is minimised, of a start held in every column of the program of all worlds: it breaks no row."""
    joint = join([pose(scenario, catalog_of(scenario)).problem for scenario in ask.scenarios], ask.worlds)
    aim_at(joint, ask.aim, ask.cvar, [cost / 1e6 for cost in ask.best])
    solver = Solver(joint.program, Limits(0.0))
    for j, value in enumerate(values_of(joint, solver, ask.starts[0], ask.aim, ask.cvar, ask.best)):
        solver.bound(j, value - 1e-9, value + 1e-9)
    outcome = solver.run(0.0, None)
    assert outcome.status == "optimal"
    return outcome.objective * 1e6


def test_no_plan_is_below_what_is_proved_of_its_measure(three):
    rows = {row["plan"]: row for row in risk_table(three)}
    for plan, measure in (("expected", "expected_cost"), ("cvar", "cvar"), ("regret", "largest_regret")):
        assert rows[plan]["proved"] >= 0
        assert all(near(rows[plan]["proved"], row[measure]) for row in rows.values() if row[measure] is not None)
        assert near(0.99 * rows[plan][measure] - 2e-3 * rows[plan]["expected_cost"], rows[plan]["proved"])


def test_kept_answers_are_not_worked_out_again(soft, tmp_path):
    asked = {"base": False, "questions": QUESTIONS, "uncertainty": [{"id": "u", "worlds": WORLDS, "reveal": "2026-Q3"}]}
    one = run_whatifs(soft, asked, workers=0, out=tmp_path / "s")
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "s" / "studies").iterdir()}
    again = run_whatifs(soft, asked, workers=0, out=tmp_path / "s")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "s" / "studies").iterdir()} == files
    assert again.tables["uncertainty"] == one.tables["uncertainty"]
    assert again.tables["uncertainty_first"] == one.tables["uncertainty_first"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"worlds": WORLDS}, "reveal"),
        ({"worlds": WORLDS[:2], "reveal": "2026-Q3"}, "sum to 0.8"),
        ({"worlds": WORLDS, "reveal": "2031-Q3"}, "outside the horizon"),
        (
            {
                "worlds": WORLDS,
                "reveal": "2026-Q3",
                "events": [{"question": "more", "probability": 0.1, "reveal": "2026-Q3"}],
            },
            "events",
        ),
        ({"events": [{"question": "mor", "probability": 0.1, "reveal": "2026-Q3"}]}, "did you mean 'more'"),
        ({"events": [{"question": "more", "probability": 1.1, "reveal": "2026-Q3"}]}, "at most 1"),
        ({"worlds": [*WORLDS[:2], {"questions": ["more"], "probability": 0.2}], "reveal": "2026-Q3"}, "one name"),
        ({"worlds": WORLDS, "reveal": "2026-Q3", "cvar": 1.0}, "less than 1"),
    ],
)
def test_faults_are_told(soft, asked, said):
    with pytest.raises(InputError, match=said):
        expand(soft, {"questions": QUESTIONS, "uncertainty": [{"id": "u", **asked}]})


def test_other_goals_than_cost_are_refused(soft):
    other = patched(soft, {"objective": [{"cost": "1 %"}, "energy"]})
    with pytest.raises(InputError, match="by cost alone"):
        expand(other, {"questions": QUESTIONS, "uncertainty": [{"id": "u", "worlds": WORLDS, "reveal": "2026-Q3"}]})


def test_the_cost_of_a_world_alone_is_that_of_its_plan(soft, three):
    assert three.alone[0].objective == pytest.approx(solve(soft, Options(counterfactuals=False)).objective, rel=1e-9)
