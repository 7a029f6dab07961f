"""Run every check over one case."""

from collections.abc import Mapping
from math import nan

from planner.catalog.load import Catalog
from planner.collector import resting
from planner.plan.decisions import Decisions
from planner.plan.verify.adapter import CatalogWorld
from planner.plan.verify.case import Case
from planner.plan.verify.goals import sought
from planner.plan.verify.money import net_present_cost
from planner.plan.verify.naming import named
from planner.plan.verify.records import Check, Verification, Violation
from planner.plan.verify.registry import RULES, SHAPE
from planner.scenario.model import Scenario


def verify(
    scenario: Scenario,
    catalog: Catalog,
    decisions: Decisions,
    objective: float | None = None,
    without: tuple[str, ...] = (),
    claims: Mapping[str, float] | None = None,
) -> Verification:
    """Check a plan against its scenario and catalog; `objective` is the cost it claims, `claims` what it claims of
    everything else that it seeks.

    `without` leaves out rules by id or jurisdiction, for plans that answer a counterfactual. Raises InputError for
    names that the catalog does not have and for facts that nothing fills.
    """
    asked = named(scenario, catalog)
    return examine(Case(asked, CatalogWorld(asked, catalog, without), decisions, objective, claims))


@resting()
def examine(case: Case) -> Verification:
    """Verdict on a case: when the records are not even well formed, only that is said."""
    if faults := _all(SHAPE, case):
        return Verification(False, faults, nan, ())
    violations = _all(RULES, case)
    cash = case.cash
    return Verification(not violations, violations, net_present_cost(cash), cash, sought(case))


def _all(checks: tuple[Check, ...], case: Case) -> tuple[Violation, ...]:
    return tuple(violation for check in checks for violation in check.violations(case))
