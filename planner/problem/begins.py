"""Ways to do the coherent runs of a case, over every system and hall."""

from planner.catalog.resolve import ResolvedSystem
from planner.problem.case import Case
from planner.problem.feed import Feed
from planner.problem.loads import Loads
from planner.problem.mixed import mixed_begins
from planner.problem.porting import considered, platform_of, ported_of
from planner.problem.ripening import Ripening
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.keys import Slots
from planner.problem.rows.work import Begin
from planner.problem.workloads import Networks, Young, begins


def all_begins(
    case: Case,
    systems: list[ResolvedSystem],
    most: dict[int, int],
    usable: Slots,
    feed: Feed,
    drawn: Loads,
    wired: Networks,
    ripens: Ripening | None,
    left_out: list[Excluded],
) -> list[Begin]:
    """Every way to do every coherent run, on one or two kinds of system; what cannot do it goes to `left_out`."""
    found: list[Begin] = []
    on = {i for i, _, _ in usable}
    for w, run in enumerate(case.scenario.runs):
        able = {i: s for i, s in enumerate(systems) if i in on and considered(case, run, s)}
        ported = frozenset(p for family, p in ported_of(case) if family == run.software)
        young = {i: _young(case, ripens) for i, s in able.items() if platform_of(s) not in ported}
        ways, reasons = begins(case, run, w, able, most, usable, feed, drawn.shared, wired, young)
        found += ways
        found += mixed_begins(case, run, w, able, most, usable, feed, drawn.shared, wired, young)
        left_out += reasons
    return found


def _young(case: Case, ripens: Ripening | None) -> Young:
    """Periods in which a port may be ready, and how its software ripens; nothing where it is mature at once."""
    if ripens is None:
        return None
    ready = {case.calendar.after(period.index, case.parameters.porting_hours) for period in case.calendar}
    return ripens, tuple(sorted(t for t in ready if t is not None))
