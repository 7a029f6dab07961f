"""What rules leave only to systems that were acquired before them."""

from collections import defaultdict
from datetime import date

from planner.plan.plan import Plan
from planner.policy.effect import Action
from planner.policy.hits import RuleHit
from planner.report.format import listed
from planner.report.model import Items
from planner.report.plan.names import Names

_DONE: tuple[tuple[Action, str], ...] = (("install", "placed in service"), ("operate", "switched on"))


def spared(plan: Plan, names: Names) -> Items | None:
    """One item per rule, kind of system and day: what older ones may still do; None where no rule spares any."""
    problem, rules = plan.problem, plan.case.permissions
    done: dict[tuple[str, str, date], dict[str, None]] = defaultdict(dict)
    periods: dict[tuple[str, str, date], set[int]] = defaultdict(set)
    hits: dict[str, RuleHit] = {}
    for (action, verb), days in zip(_DONE, (problem.exempt.placed, problem.exempt.on), strict=True):
        for (i, h, t), day in sorted(days.items()):
            row, site = problem.systems[i], problem.sites[problem.halls[h].site].id
            found = rules.why(action, row.accelerator, site, t, problem.calendar[t].start)
            if not found:
                continue
            key = (found[0].rule_id, names.system(row.id), day)
            hits.setdefault(found[0].rule_id, found[0])
            done[key][verb] = None
            periods[key].add(t)
    told = []
    for (rule, system, day), verbs in sorted(done.items()):
        found_in = sorted(periods[rule, system, day])
        first, last = (problem.calendar[t].label for t in (found_in[0], found_in[-1]))
        when = first if first == last else f"{first} to {last}"
        hit = hits[rule]
        told.append(
            f"{rule} (since {hit.date or 'an unknown date'}): of {system} only what was acquired by {day} is "
            f"{listed(verbs)}, {when}. {hit.summary.rstrip('.')}. Source: {hit.source}"
        )
    return Items(tuple(told)) if told else None
