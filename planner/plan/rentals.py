"""What a plan rents, as a table."""

from planner.plan.decisions import Decisions
from planner.problem.arrays import Problem
from planner.problem.case import Case


def rental_records(case: Case, problem: Problem, decisions: Decisions) -> list[dict[str, object]]:
    """One row per contract on rented systems: what is held from when to when, and what it costs."""
    offers = {row.id: row for row in problem.rents}
    regions = {offer.id: offer.region for offer in case.scenario.rent}
    rows: list[dict[str, object]] = []
    for taken in sorted(decisions.rentals, key=lambda r: (r.period, r.offer)):
        row, system = offers[taken.offer], problem.systems[offers[taken.offer].system]
        periods = row.held[taken.period]
        rows.append(
            {
                "offer": taken.offer,
                "region": regions[taken.offer],
                "system": system.id,
                "accelerator": system.accelerator,
                "first_period": problem.calendar[periods[0]].label,
                "last_period": problem.calendar[periods[-1]].label,
                "systems": taken.count,
                "accelerators": taken.count * system.accelerators,
                "rent": -sum(event.amount for event in row.events[taken.period]) * taken.count,
                "currency": problem.currency,
            }
        )
    return rows
