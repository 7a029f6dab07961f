"""Supply records that end before the plan does."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from planner.catalog.national import covered_until
from planner.errors import Diagnostic
from planner.problem.case import Case


def outlived(case: Case) -> Iterator[Diagnostic]:
    """The plan goes on after the last supply record of all that it takes a share of."""
    scenario, end = case.scenario, case.calendar.end
    ends: dict[date | None, list[str]] = defaultdict(list)
    for chip in _shared(case):
        last = covered_until(case.catalog, chip, choices=scenario.supply.choices, known_by=scenario.supply_known_by)
        ends[last].append(case.catalog.accelerators[chip].name)
    reached = [day for day in ends if day is not None]
    if not ends or max(reached, default=date.min) >= end:
        return
    by_day = sorted(ends.items(), key=_late)
    told = "; ".join(f"of {', '.join(names)} {_until(day, case.calendar.start)}" for day, names in by_day)
    told = f"records {told}" if reached else f"there are no records of {', '.join(by_day[0][1])}"
    text = f"supply by share comes to nothing before the plan ends ({end - timedelta(days=1)}): {told}"
    hint = "end the plan earlier, add records to a catalog of yours, or state `supply.allocations` by `per_year`"
    place = None if scenario.document is None else scenario.document.place(("horizon", "end"))
    yield Diagnostic("supply-ends", text, hint, place)


def _shared(case: Case) -> list[str]:
    """Accelerators of which the scenario takes a share of national supply."""
    supply = case.scenario.supply
    own = {case.catalog.accelerator(entry.accelerator).id: entry.share is not None for entry in supply.allocations}
    chips = {case.systems[key].accelerator_id for key in case.candidates}
    return sorted(chip for chip in chips if own.get(chip, supply.share is not None))


def _late(entry: tuple[date | None, list[str]]) -> date:
    return entry[0] or date.min


def _until(day: date | None, start: date) -> str:
    if day is None:
        return "there are none"
    return f"end on {day - timedelta(days=1)}" + (", before it starts" if day <= start else "")
