"""Parts with a supply of their own: what comes in, what is there, what each system needs, what rules stop."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from planner.catalog.national import component_supply
from planner.catalog.resolve import ResolvedSystem
from planner.policy.hits import RuleHit
from planner.problem.case import Case
from planner.problem.obliged import Duty, PartRow
from planner.scenario.model import Part
from planner.scenario.periods import Period


def part_rows(case: Case, systems: list[ResolvedSystem]) -> tuple[tuple[PartRow, ...], tuple[Duty, ...]]:
    """The parts of the scenario, and the rules that stop some of them."""
    rows: list[PartRow] = []
    duties: list[Duty] = []
    for part in sorted(case.scenario.supply.components, key=lambda part: part.component):
        entry = case.catalog.components.get(part.component)
        stops = {t: hit for t in range(len(case.calendar)) if (hit := _stopped(case, part, t)) is not None}
        inflow = tuple(0.0 if period.index in stops else _inflow(case, part, period) for period in case.calendar)
        need = {
            i: system.components[part.component]
            for i, system in enumerate(systems)
            if part.component in system.components
        }
        unit = entry.unit if entry is not None else "parts"
        rows.append(PartRow(part.component, unit, _stock(case, part), inflow, need))
        duties += _told(case, part, stops)
    return tuple(rows), tuple(duties)


def _inflow(case: Case, part: Part, period: Period) -> float:
    """Parts that come in: as stated, or the share of what the catalog says is made."""
    if part.per_period is not None:
        return (part.per_period.at(period) or 0.0) * part.scale
    if (part.component, period.index) in case.held:
        return (part.share or 0.0) * case.held[part.component, period.index] * part.scale
    choices = case.scenario.supply.choices
    found = component_supply(
        case.catalog,
        part.component,
        period.start,
        period.end,
        case.scenario.values,
        choices=choices,
        known_by=case.scenario.supply_known_by,
        ledger=case.ledger,
    )
    return (part.share or 0.0) * (found.produced or 0.0) * part.scale


def _stock(case: Case, part: Part) -> float:
    """Parts there when the plan starts."""
    if part.stock is not None or part.share is None:
        return (part.stock or 0.0) * part.scale
    day, known = case.calendar.start, case.scenario.supply_known_by
    level, ledger = case.scenario.values, case.ledger
    end = day + timedelta(days=1)
    found = component_supply(case.catalog, part.component, day, end, level, known_by=known, ledger=ledger)
    return part.share * (found.stock or 0.0) * part.scale


def _stopped(case: Case, part: Part, period: int) -> RuleHit | None:
    """The rule that keeps a part from coming in on some day of a period; None where none does.

    It is asked as if the buyer bought the part; what is not known is as `assume_unknown` says.
    """
    entry = case.catalog.components.get(part.component)
    if entry is None or not entry.policy_facts:
        return None
    judged = case.permissions.part(entry.policy_facts, period)
    if judged.allowed is True:
        return None
    return judged.rules[0] if judged.rules else None


def _told(case: Case, part: Part, stops: Mapping[int, RuleHit]) -> Iterator[Duty]:
    """One line for the report per rule."""
    label = [period.label for period in case.calendar]
    for rule in dict.fromkeys(hit.rule_id for hit in stops.values()):
        times = [t for t, hit in stops.items() if hit.rule_id == rule]
        hit = stops[times[0]]
        yield Duty(
            rule=rule,
            kind=hit.effect,
            does=f"no more {part.component} comes in; what is there is used up",
            acts=True,
            first=label[times[0]],
            last=label[times[-1]],
            sites=(),
            date=hit.date.isoformat() if hit.date else None,
            source=hit.source,
            summary=hit.summary,
        )
