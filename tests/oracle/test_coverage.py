"""Each constraint matters where the table of coverage says, and nowhere else than in its own limits."""

from functools import cache

import pytest

from planner.optimize import model
from planner.optimize.constraints import CONSTRAINTS
from planner.optimize.highs import Solver
from planner.optimize.outcome import Limits, Outcome
from planner.plan.solve import pose
from planner.scenario.load import catalog_of
from tests.docs.pages import text
from tests.oracle.catalog import rate
from tests.oracle.coverage import COVERED, PAGE, page, twins
from tests.oracle.named import NAMED
from tests.oracle.tiny import Units
from tests.verify.broken import BROKEN

UNITS = Units(rate)
BINDING = [(name, binds) for name, (binds, _) in COVERED.items() if binds in NAMED]
IDLE = [(name, idle) for name, (_, idle) in COVERED.items() if idle in NAMED]


@cache
def problem(case: str):
    scenario = NAMED[case](UNITS)
    return pose(scenario, catalog_of(scenario)).problem


def least(case: str, left_out: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Outcome, set[str]]:
    """The program of a case without one constraint, and the constraints that have rows in it."""
    monkeypatch.setattr(model, "CONSTRAINTS", tuple(c for c in CONSTRAINTS if c.__name__ != left_out))
    program = model.assemble(problem(case))
    return Solver(program, Limits(gap=0.0)).run(0.0, None), {row.constraint for row in program.rows}


@pytest.mark.parametrize(("name", "case"), BINDING, ids=lambda value: value)
def test_a_constraint_that_is_left_out_changes_the_least_cost(name, case, monkeypatch):
    whole, _ = least(case, "", monkeypatch)
    without, _ = least(case, name, monkeypatch)
    assert whole.status == "optimal"
    unbounded = without.status != "optimal"
    assert unbounded or without.objective < whole.objective - 1e-6 * max(1.0, abs(whole.objective))


@pytest.mark.parametrize(("name", "case"), IDLE, ids=lambda value: value)
def test_a_constraint_that_does_not_bind_has_rows_and_changes_nothing(name, case, monkeypatch):
    whole, rows = least(case, "", monkeypatch)
    without, _ = least(case, name, monkeypatch)
    assert name in rows
    assert without.objective == pytest.approx(whole.objective, rel=1e-6, abs=1e-9)


def test_every_constraint_has_its_cases_its_twin_and_plans_that_the_twin_refuses():
    assert list(COVERED) == [function.__name__ for function in CONSTRAINTS]
    for name, (binds, idle) in COVERED.items():
        for case in (binds, idle):
            assert case in NAMED or case.startswith(("never: ", "always: ", "none: ")), (
                f"{name}: no tiny scenario {case}"
            )
        assert all(BROKEN[check] for check in twins(name))


def test_the_page_shows_the_coverage():
    assert text(PAGE) == page(), "run python -m tests.oracle.coverage"
