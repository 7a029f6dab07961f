"""Run every check over one case."""

from math import nan

from planner.plan.verify.case import Case
from planner.plan.verify.money import ledger, net_present_cost
from planner.plan.verify.records import Check, Verification, Violation
from planner.plan.verify.registry import RULES, SHAPE


def examine(case: Case) -> Verification:
    """Verdict on a case: when the records are not even well formed, only that is said."""
    if faults := _all(SHAPE, case):
        return Verification(False, faults, nan, ())
    violations = _all(RULES, case)
    cash = ledger(case)
    return Verification(not violations, violations, net_present_cost(cash), cash)


def _all(checks: tuple[Check, ...], case: Case) -> tuple[Violation, ...]:
    return tuple(violation for check in checks for violation in check.violations(case))
