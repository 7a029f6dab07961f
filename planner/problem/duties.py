"""What obligations of the policy stage come to: caps, prices and exclusions; and what each does, for the report."""

from collections.abc import Callable, Mapping

from planner.problem import cap_duties, site_duties
from planner.problem.caps import Scales
from planner.problem.case import Case
from planner.problem.obliged import NOTHING, Duty, Obliged
from planner.problem.reading import Group, Reading, groups

OUTSIDE = {
    "tariff": "is in the price of what is delivered",
    "revenue_share": "is taken to be inside the vendor's price",
    "due_diligence": "asks for checks and papers: no effect in the program",
    "production_constraint": "binds makers, not this buyer: it acts through the supply figures",
}
"""What effects do that no row of the program stands for."""

Reader = Callable[[Case, Scales, Group], Reading]
READERS: Mapping[str, Reader] = {
    "quantity_cap": cap_duties.quantity,
    "domestic_share_min": cap_duties.domestic_share,
    "bundled_purchase": cap_duties.bundle,
    "price_preference": site_duties.preference,
    "subsidy": site_duties.subsidy,
    "surcharge": site_duties.surcharge,
    "site_efficiency_cap": site_duties.efficiency,
    "removal_required": site_duties.removal,
    "surrender_required": site_duties.surrender,
}
"""How each kind of effect is read."""


def read(case: Case, scales: Scales) -> tuple[Obliged, tuple[Duty, ...]]:
    """What all obligations come to, and what each obligation does."""
    found, duties = NOTHING, list[Duty]()
    for group in groups(case):
        reader = READERS.get(group.first.kind)
        reading = (
            reader(case, scales, group)
            if reader
            else Reading(OUTSIDE.get(group.first.kind, "is not in the program"), acts=False)
        )
        found = found.and_(reading.obliged)
        duties.append(_duty(case, group, reading))
    return found, merged(duties)


def _duty(case: Case, group: Group, reading: Reading) -> Duty:
    first, label = group.first, [period.label for period in case.calendar]
    return Duty(
        rule=first.rule_id,
        kind=first.kind,
        does=reading.does,
        acts=reading.acts,
        first=label[group.periods[0]],
        last=label[group.periods[-1]],
        sites=(first.site_id,) if first.site_id else (),
        date=first.date.isoformat() if first.date else None,
        source=first.source,
        summary=first.summary,
    )


def merged(duties: list[Duty]) -> tuple[Duty, ...]:
    """Lines that differ only in their site put together."""
    found: dict[tuple[object, ...], Duty] = {}
    for duty in duties:
        key = (duty.rule, duty.kind, duty.does, duty.first, duty.last)
        same = found.get(key)
        sites = duty.sites if same is None else tuple(dict.fromkeys((*same.sites, *duty.sites)))
        found[key] = Duty(**{**{f: getattr(duty, f) for f in Duty.__slots__}, "sites": sites})
    return tuple(found.values())
