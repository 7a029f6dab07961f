"""Laws of substitution rates, on the tiny catalog with the shipped throughput model."""

import json
from math import log, prod
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import InputError
from planner.cli.main import app
from planner.explain.columns import SUBSTITUTION, frames
from planner.explain.curve import matrix
from planner.explain.needs import delivery
from planner.explain.sides import needed_rate, rate_of, source_side, target_side
from planner.explain.speed import Speed
from planner.explain.split import PARTS
from planner.explain.substitute import substitute
from planner.explain.whole import whole_plans
from planner.explain.wide import Wide
from planner.scenario.load import catalog_of, load_scenario
from tests.oracle.catalog import rate
from tests.oracle.tiny import BLUE, GREEN, RED, Units, build, run, site, stream, supply

UNITS = Units(rate)
TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"


@pytest.fixture(scope="module")
def scenario():
    work = [
        stream({"2026-Q2": UNITS.target(RED, 1)}, ported=["redware", "blueware", "greenware"]),
        run(UNITS.tokens(RED, 2, 0.9), "2026-Q3", [4, 8], earliest="2026-Q2"),
    ]
    return build(workloads=work, supply=supply(red=8, blue=8, green=4), policy={"without": ["no-blue-imports"]})


@pytest.fixture(scope="module")
def wide(scenario):
    return Wide(scenario, catalog_of(scenario))


def test_a_chip_is_worth_exactly_itself(scenario):
    row = substitute(scenario, RED, RED).tables["rates"][0]
    assert (row["rate"], row["rate_low"], row["rate_high"]) == (1.0, 1.0, 1.0)
    assert row["it_mw"] == pytest.approx(row["from_it_mw"])


def test_the_rate_is_the_ratio_of_what_each_trains_in_its_own_job(scenario):
    row = substitute(scenario, RED, BLUE).tables["rates"][0]
    here = UNITS.of(scenario.streams[0], RED, row["from_cluster"]) / row["from_cluster"]
    there = UNITS.of(scenario.streams[0], BLUE, row["to_cluster"]) / row["to_cluster"]
    assert row["rate"] == pytest.approx(here / there)
    assert row["rate_low"] < row["rate"] < row["rate_high"]


def test_there_and_back_again_is_one(scenario):
    rows = {(row["from_system"], row["to_system"]): row for row in matrix(scenario) if row["workload"] == "dense"}
    for a, b in rows:
        assert rows[a, b]["rate"] * rows[b, a]["rate"] == pytest.approx(1.0)
        assert rows[a, b]["rate_low"] * rows[b, a]["rate_high"] == pytest.approx(1.0)


def test_what_it_takes_is_the_systems_share_times_the_accelerators(scenario, wide):
    row = substitute(scenario, RED, GREEN, fleet=100).tables["rates"][0]
    green, count = wide.system(GREEN), row["accelerators"]
    assert count == pytest.approx(100 * row["rate"])
    assert row["it_mw"] == pytest.approx(count / 4 * green.power_kw / 1000)
    network = 4 * wide.case.prices.money(wide.case.parameters.network_per_accelerator)
    assert row["capex"] == pytest.approx(count / 4 * (wide.case.prices.unit_price(green) + network))
    assert row["whole_systems"] == -(-count // 4)
    tokens_per_hour = 3600 * UNITS.of(scenario.streams[0], GREEN, row["to_cluster"]) / row["to_cluster"]
    pue = 1.1  # no hall of the scenario is liquid: the region's
    kw = green.power_kw / 4 * wide.case.parameters.load_factor * pue
    assert row["energy_mwh_per_trillion_tokens"] == pytest.approx(kw / tokens_per_hour * 1e12 / 1000)


def test_both_sides_of_a_run_reach_the_same_throughput(scenario, wide):
    work = scenario.runs[0]
    source = source_side(wide, work, RED)
    target = target_side(wide, work, BLUE, source)
    assert source.speed.at(source.size).effective_tokens_per_s >= needed_rate(work)
    assert target.speed.at(target.size).effective_tokens_per_s >= source.speed.at(source.size).effective_tokens_per_s
    smaller = target.size - 8
    if smaller:
        assert target.speed.at(smaller).effective_tokens_per_s < source.speed.at(source.size).effective_tokens_per_s


def test_a_cluster_beyond_the_reach_is_no_cluster(wide, scenario):
    speed = Speed(wide.case, scenario.runs[0], wide.system(GREEN))
    best = speed.at(speed.top).effective_tokens_per_s
    assert speed.cluster_for(best) == speed.top == 4
    assert speed.cluster_for(best * 1.01) is None


@pytest.mark.parametrize("pair", [(RED, BLUE), (RED, GREEN), (BLUE, RED)])
def test_the_parts_multiply_to_the_rate(scenario, pair):
    found = substitute(scenario, *pair).tables
    rates = {row["workload"]: row["rate"] for row in found["rates"] if row["rate"] is not None}
    assert rates
    for workload, whole in rates.items():
        rows = [row for row in found["split"] if row["workload"] == workload]
        assert [row["part"] for row in rows] == list(PARTS)
        assert prod(row["factor"] for row in rows) == pytest.approx(whole)
        assert sum(row["log"] for row in rows) == pytest.approx(log(whole))


def test_twice_the_peak_with_all_else_equal_is_all_peak(scenario, wide):
    """Red against itself with another peak: no cause but the peak may explain more than a rounding of the others."""
    from dataclasses import replace

    from planner.explain.split import ladder, parts

    red = wide.system(RED)
    fast = replace(red, peak={key: value * 2 for key, value in red.peak.items()}, memory_gb=1e6)
    slow = replace(red, memory_gb=1e6)
    work = scenario.streams[0]
    found = parts(ladder(Speed(wide.case, work, slow), 4), ladder(Speed(wide.case, work, fast), 4))
    assert found["peak"] == pytest.approx(0.5)
    assert found["goodput"] == pytest.approx(1.0)
    assert found["memory"] == pytest.approx(1.0)


def test_months_follow_from_lead_time_and_supply(scenario, wide):
    """One quarter of lead time, 8 reds a quarter saved up: 16 by the second quarter, 24 by the third, no more."""
    assert delivery(wide, RED, 16).months == 3.0
    assert delivery(wide, RED, 17).months == 6.0
    late = delivery(wide, RED, 25)
    assert late.months is None
    assert late.deliverable == 24
    assert "24 of 25" in late.reason


def test_what_a_rule_closes_is_not_delivered(scenario):
    closed = scenario.replace(policy=scenario.policy.model_copy(update={"without": ()}))
    closed = closed.replace(knowledge_date=closed.calendar.end)
    row = substitute(closed, RED, BLUE).tables["rates"][0]
    assert row["months"] is None
    assert "no-blue-imports" in row["months_why"]


def test_what_has_no_published_runs_says_so(scenario):
    from planner.report.explain_substitute import substitute_report
    from tests.report.conftest import printed

    text = printed(substitute_report(substitute(scenario, RED, BLUE)), 80)
    assert "No training run of this is published" in " ".join(text.split())


def test_frames_have_the_documented_columns(scenario):
    found = substitute(scenario, RED, GREEN).frames()
    assert set(found) == {"rates", "split", "curve", "plan"}
    for name, table in found.items():
        assert list(table.columns) == ["scenario", *(column.name for column in SUBSTITUTION[name])]
    assert frames({"matrix": matrix(scenario)}, "x")["matrix"]["rate"].notna().any()


def test_the_whole_plan_is_solved_with_one_and_with_the_other(scenario):
    scenario = scenario.replace(
        sites=build(workloads=scenario.workloads, sites=[site(halls=(_air(), _wet()))]).sites,
        workloads=scenario.workloads[:1],
    )
    rows = {row["world"]: row for row in whole_plans(scenario, (RED,), (BLUE,))}
    import planner

    for world, chips in (("only the replaced", (RED,)), ("only the replacement", (BLUE,))):
        alone = planner.solve(scenario.replace(systems=scenario.systems.model_copy(update={"include": chips})))
        assert rows[world]["objective"] == pytest.approx(alone.objective, rel=1e-6)
    assert rows["without the replaced"]["from_accelerators"] == 0
    assert rows["only the replacement"]["rate"] == pytest.approx(
        rows["only the replacement"]["accelerators_bought"] / rows["only the replaced"]["accelerators_bought"]
    )
    assert rows["without the replaced"]["least_difference"] >= -1e-6 * rows["as asked"]["objective"]


def _air():
    from tests.oracle.tiny import hall

    return hall()


def _wet():
    from tests.oracle.tiny import hall

    return hall("wet", cooling="liquid", racks=8)


def test_names_nobody_knows_get_the_nearest(scenario):
    with pytest.raises(InputError, match="did you mean 'tiny-red'"):
        substitute(scenario, "tiny-rde", BLUE)


def test_the_command_prints_json_and_refuses_what_it_does_not_know():
    asked = load_scenario(TINY)
    assert asked.name == "tiny-report"
    call = ["substitute", str(TINY), "--from", "tiny-red", "--to", "blue-8", "--no-plan", "--json"]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["frames"]["rates"][0]["to_system"] == "blue-8"
    wrong = CliRunner().invoke(app, ["substitute", str(TINY), "--from", "tiny-blu"])
    assert wrong.exit_code == 1
    assert CliRunner().invoke(app, ["substitute", str(TINY), "--to", "tiny-red"]).exit_code == 2


def test_a_span_of_rates_is_never_narrower_than_the_models_own(scenario, wide):
    work = scenario.streams[0]
    source = source_side(wide, work, RED)
    target = target_side(wide, work, BLUE, source)
    found = rate_of(source, target)
    both = (source.spread**2 + target.spread**2) ** 0.5
    assert log(found.high / found.low) >= 2 * 1.2816 * both - 1e-9
