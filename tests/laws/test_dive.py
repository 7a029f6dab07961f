"""Large programs are searched by rounding their relaxation first: what comes of it is a plan, and its bound holds."""

import pytest

import planner
from planner.optimize import search
from tests.oracle import cases
from tests.oracle.catalog import rate
from tests.oracle.tiny import Units

UNITS = Units(rate)
VARIED = (
    cases.hall_power,
    cases.two_streams,
    cases.run_beside_stream,
    cases.run_worth_nothing,
    cases.porting,
    cases.least_job,
)


@pytest.mark.parametrize("case", VARIED, ids=lambda case: case.__name__)
def test_a_rounded_plan_is_one_and_its_bound_is_below_the_best(case, monkeypatch):
    scenario = case(UNITS)
    best = planner.solve(scenario)
    rounded = []
    monkeypatch.setattr(search, "LARGE", 0)
    monkeypatch.setattr(
        search, "dived", lambda *given, dived=search.dived: rounded.append(dived(*given)) or rounded[-1]
    )
    rough = scenario.model_copy(update={"solver": scenario.solver.model_copy(update={"gap": 0.5})})
    plan = planner.solve(rough)  # checked independently
    assert rounded[0] is not None
    assert plan.bound <= best.objective * (1 + 1e-9)
    assert best.objective <= plan.objective * (1 + 1e-9)
    assert plan.gap <= 0.5
    assert planner.solve(rough).columns == plan.columns


@pytest.mark.parametrize("case", VARIED, ids=lambda case: case.__name__)
def test_where_it_is_not_good_enough_the_search_goes_on(case, monkeypatch):
    scenario = case(UNITS)
    best = planner.solve(scenario)
    monkeypatch.setattr(search, "LARGE", 0)
    assert planner.solve(scenario).objective == pytest.approx(best.objective, rel=1e-6)
