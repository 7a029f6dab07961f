"""When nothing fits: conflicts that cannot be reduced, and repairs that are just enough."""

import json
from functools import reduce
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import planner
from planner import InfeasibleError, InputError
from planner.cli.main import app
from planner.explain.conflict import conflict, quickxplain
from planner.explain.limits import limits_of
from planner.explain.rules import bearing_of
from planner.plan.solve import pose
from planner.scenario.load import catalog_of
from tests.oracle import cases
from tests.oracle.catalog import rate
from tests.oracle.tiny import Units

UNITS = Units(rate)
IMPOSSIBLE = (cases.supply_short, cases.rack_too_hot, cases.too_late)


def possible(scenario):
    try:
        planner.solve(scenario)
    except InfeasibleError:
        return False
    return True


@pytest.fixture(scope="module", params=IMPOSSIBLE, ids=lambda case: case.__name__)
def clash(request):
    scenario = request.param(UNITS)
    return scenario, conflict(scenario)


def lifted(scenario, kept):
    """Everything lifted but some limits."""
    posed = pose(scenario, catalog_of(scenario))
    others = [limit for limit in limits_of(posed, bearing_of(posed)) if limit.id not in kept]
    return reduce(lambda changed, limit: limit.lift(changed), others, scenario)


def test_the_conflict_has_no_plan_and_without_any_member_it_has(clash):
    scenario, found = clash
    members = {limit.id for limit in found.limits}
    assert members
    assert not possible(lifted(scenario, members))
    for member in members:
        assert possible(lifted(scenario, members - {member})), member


def test_a_repair_makes_it_possible_and_a_step_less_does_not(clash):
    scenario, found = clash
    assert found.repairs
    limits = {limit.id: limit for limit in limits_of(pose(scenario, catalog_of(scenario)))}
    for made in found.repairs:
        repair = next(r for r in limits[made.limit].repairs if r.name == made.kind)
        assert possible(made.apply(scenario)), made.words
        if made.steps > 1:
            assert not possible(repair.change(made.steps - 1)(scenario)), made.words


def test_repairs_are_ranked(clash):
    sizes = [made.relative for made in clash[1].repairs]
    assert sizes == sorted(sizes)


def test_a_scenario_with_a_plan_has_no_conflict():
    with pytest.raises(InputError, match="has a plan"):
        conflict(cases.supply_carried(UNITS))


@given(st.sets(st.integers(0, 30), min_size=1, max_size=6), st.integers(31, 40))
def test_halving_finds_exactly_the_culprits(culprits, count):
    found = quickxplain(lambda kept: culprits <= set(kept), list(range(count)))
    assert set(found) == culprits


def test_the_command_names_file_and_line_and_ends_with_three(tmp_path):
    given = yaml.safe_load(Path(__file__).parents[1].joinpath("docs", "small.yaml").read_text(encoding="utf-8"))
    given["catalog"] = [str(Path(__file__).parents[1] / "data" / "tiny")]
    del given["workloads"][0]["shortfall"]
    given["workloads"][0]["target"] = {"2026-Q2": "9e5 tokens/s"}
    path = tmp_path / "short.yaml"
    path.write_text(yaml.safe_dump(given, sort_keys=False), encoding="utf-8")
    result = CliRunner().invoke(app, ["explain", str(path), "--json"])
    assert result.exit_code == 3, result.output
    rows = json.loads(result.stdout)["frames"]["conflict"]
    target = next(row for row in rows if row["limit"] == "target dense")
    text = path.read_text(encoding="utf-8").splitlines()[target["line"] - 1]
    assert target["file"].endswith("short.yaml")
    assert "dense" in text
    shown = CliRunner().invoke(app, ["explain", str(path)], env={"COLUMNS": "80"})
    assert shown.exit_code == 3
    assert "short.yaml" in shown.stdout.replace("\n", "").replace("  ", "")
