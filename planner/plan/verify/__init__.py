"""Independent check of a plan: every rule and every price recomputed from the scenario and the decisions alone.

Nothing here imports the program that found the plan (`planner.problem`, `planner.optimize`) or `planner.costs`.
"""

from planner.plan.verify.case import Case as Case
from planner.plan.verify.examine import examine as examine
from planner.plan.verify.examine import verify as verify
from planner.plan.verify.records import CashFlow as CashFlow
from planner.plan.verify.records import Check as Check
from planner.plan.verify.records import Verification as Verification
from planner.plan.verify.records import Violation as Violation
from planner.plan.verify.registry import CHECKS as CHECKS
