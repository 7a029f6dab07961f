"""For each rule a plan that breaks it alone: the check refuses it by that name and no other."""

from dataclasses import replace
from typing import Any

import pytest

from planner.plan.decisions import Order
from planner.plan.verify import CHECKS, examine
from planner.plan.verify.goals import QUANTITIES
from planner.plan.verify.registry import SHAPE
from tests.verify.altered import Make, decided, jobs_on_two_kinds, on_two_kinds, two_runs
from tests.verify.broken import BROKEN
from tests.verify.hand import SYSTEMS, HandWorld


def refusals() -> list[Any]:
    return [
        pytest.param(name, make, id=f"{name}: {what}") for name, cases in BROKEN.items() for what, make in cases.items()
    ]


@pytest.mark.parametrize(("name", "make"), refusals())
def test_a_broken_rule_is_named_and_no_other(name: str, make: Make):
    verdict = examine(make())
    assert not verdict.ok
    assert {v.rule for v in verdict.violations} == {name}, "\n".join(
        f"{v.rule}: {v.message}" for v in verdict.violations
    )


def test_a_run_on_two_kinds_is_accepted():
    """240 tokens/s less a tenth; the vendor of alpha does two thirds of it."""
    case = on_two_kinds()
    assert examine(case).ok
    assert examine(on_two_kinds(over=("leaf", "leaf"))).ok
    start = case.decisions.starts[0]
    assert case.duration(start) == pytest.approx(80 * 1000 / 216)
    assert case.share(start) == pytest.approx(2 / 3)
    vendors = HandWorld(facts={name: replace(facts, vendor=name) for name, facts in SYSTEMS.items()})
    assert QUANTITIES["concentration"](replace(case, world=vendors)) == pytest.approx(2 / 3)
    assert QUANTITIES["completion"](case) == pytest.approx(90 + 80 * 1000 / 216 / 24)


def test_jobs_on_two_kinds_are_accepted():
    """240 tokens/s less a tenth, for half of the period."""
    case = jobs_on_two_kinds()
    assert examine(case).ok
    assert [case.rate(jobs) for jobs in case.decisions.jobs] == pytest.approx([144.0, 72.0])


def test_every_check_is_shown_to_refuse():
    assert set(BROKEN) == {check.name for check in CHECKS}


def test_malformed_records_are_all_that_is_said():
    verdict = examine(decided(orders=(Order("delta-8", 9, -1),)))
    assert {v.rule for v in verdict.violations} == {"names", "numbers"}
    assert verdict.to_json()["objective"] is None
    assert {check.name for check in SHAPE} >= {v.rule for v in verdict.violations}


def test_two_runs_at_once_are_accepted_on_systems_of_their_own():
    assert examine(two_runs(2)).ok
