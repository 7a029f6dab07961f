"""A search that is cut short: it has a plan where there is one, and it ends when it is asked to."""

import time
from pathlib import Path

import pytest

import planner
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.outcome import Limits
from planner.plan.infeasible import infeasible
from planner.plan.solve import Options, pose
from planner.scenario.load import catalog_of

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "hyperscaler-cn.yaml"


@pytest.fixture(scope="module")
def posed():
    scenario = planner.load_scenario(EXAMPLE)
    return pose(scenario, catalog_of(scenario))


def test_a_moment_is_enough_for_a_verified_plan(posed):
    options = Options(time_limit=0.01, counterfactuals=False)
    plan = planner.plan.solve.solve_posed(posed, options)
    assert (plan.verified, plan.status) == (True, "time_limit")
    assert plan.gap < 0.05


def test_the_search_for_what_is_missed_ends_when_it_is_stopped(posed):
    began = time.process_time()
    error = infeasible(posed.case, posed.problem, stop=lambda: True)
    assert "not found out" in error.diagnostics[0].message or error.diagnostics[0].code.startswith("unmet")
    writing = time.process_time()
    assemble(posed.problem)
    assert writing - began < 2.0 + 2 * (time.process_time() - writing)


def test_an_interrupt_does_not_outlive_its_search(posed):
    solver = Solver(assemble(posed.problem), Limits(gap=0.05))
    assert solver.run(0.05, 20.0, lambda: True).status == "interrupted"
    assert solver.run(0.5, 2.0, lambda: False).status != "interrupted"
