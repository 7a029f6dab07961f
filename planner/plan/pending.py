"""What becomes of the orders that were placed before the plan, as a table."""

from planner.plan.decisions import Decisions
from planner.problem.case import Case
from planner.problem.pipeline import cancelling_rule

WORTH = "costs more than it is worth"


def pending_records(case: Case, decisions: Decisions) -> list[dict[str, object]]:
    """One row per pending order: taken or cancelled, by which rule or why, and what comes back."""
    accepted = {record.order_id for record in decisions.accepted}
    rows: list[dict[str, object]] = []
    for order in case.scenario.orders:
        system = case.systems[order.system]
        hit, refund = None, 0.0
        if order.id not in accepted:
            hit = cancelling_rule(case, order, system, case.calendar.index_of(order.due))
            paid_back = case.prices.refund(order, system, hit.refund_share if hit else None)
            refund = sum(event.amount for event in paid_back)
        rows.append(
            {
                "order": order.id,
                "system": order.system,
                "accelerator": system.accelerator_id,
                "systems": order.count,
                "accelerators": order.count * system.accelerators,
                "due_period": case.calendar[case.calendar.index_of(order.due)].label,
                "fate": "taken" if order.id in accepted else "cancelled",
                "rule": hit.rule_id if hit else None,
                "reason": None if order.id in accepted else hit.summary if hit else WORTH,
                "refund": refund,
                "currency": case.scenario.currency,
            }
        )
    return rows
