"""What can be seen to come to nothing before anything is solved: work, offers, options, limits, sites."""

from collections.abc import Iterator
from math import ceil

from planner.costs.events import cash_paid
from planner.errors import Diagnostic, InputError, Place
from planner.problem.arrays import Problem
from planner.problem.case import Case
from planner.problem.obliged import Cap
from planner.problem.places import misfit
from planner.problem.rent import sorted_offers
from planner.problem.rows.work import StreamRow
from planner.scenario.options import GridExpansion, HallExpansion, Retrofit
from planner.units import format as format_quantity

STEEP = 0.5
"""Discount rate per year above which a percent sign may be missing."""


def place(case: Case, *path: str | int) -> Place | None:
    """Where something stands in the scenario's file; None when it was made in Python."""
    document = case.scenario.document
    return None if document is None else document.place(path)


def place_of_work(case: Case, work: str, *keys: str | int) -> Place | None:
    """Where a workload stands, and a key of it; runs of a `count` stand there once."""
    document = case.scenario.document
    written = [] if document is None else [str(entry.get("id")) for entry in document.get(("workloads",)) or ()]
    name = work if work in written else work.rpartition(".")[0]
    return place(case, "workloads", written.index(name), *keys) if name in written else None


def unknown_rules(case: Case) -> Iterator[Diagnostic]:
    """Counterfactuals leave out rules and jurisdictions that there are."""
    book = case.permissions.regime.book
    for n, world in enumerate(case.scenario.counterfactuals):
        for k, name in enumerate(world.without):
            try:
                book.select([name])
            except InputError as error:
                yield from error.placed(place(case, "counterfactuals", n, "without", k)).diagnostics


def committed(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Budgets cover what is paid whatever is decided."""
    budget = problem.budget_total
    limits: list[tuple[str, frozenset[int], float, tuple[str, ...]]] = []
    limits += [] if budget is None else [("total", frozenset(problem.horizon), budget, ("budget", "total"))]
    limits += [(f"for {x}", at, most, ("budget", "per_year", x)) for x, (at, most) in problem.budget_years.items()]
    for label, periods, most, path in limits:
        ways = [(row.accepted, row.cancelled) for row in problem.pending]
        paid = sum(
            min(cash_paid(event for event in events if event.period in periods) for events in both)
            for both in [*ways, (problem.fixed_events,)]
        )
        if paid > most * (1 + 1e-9):
            text = f"{paid:,.0f} {problem.currency} are paid whatever is decided; the budget {label} is {most:,.0f}"
            yield Diagnostic("budget-below-committed", text, "raise the budget", place(case, *path))


def impossible(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Work that nothing which may be had can do."""
    for w, run in enumerate(problem.runs):
        if not any(begin.run == w for begin in problem.begins):
            fate = "" if run.missed is None else " and can only be missed"
            text = f"nothing can do {run.id}{fate}: {why_none(problem, run.id)}"
            yield Diagnostic("impossible-work", text, _ASK, place_of_work(case, run.id))
    first, there = _first_change(problem), dict[int, int]()
    for (i, _), count in problem.base.items():
        there[i] = there.get(i, 0) + count
    for w, stream in enumerate(problem.streams):
        if not (any(stream.target) or stream.budgets) or stream.shortfall is not None:
            continue
        ways = [job for job in problem.jobs if job.stream == w]
        if not ways:
            text = f"nothing can do {stream.id}: {why_none(problem, stream.id)}"
            yield Diagnostic("impossible-work", text, _ASK, place_of_work(case, stream.id))
            continue
        best = {i: max((job.rate / job.units for job in ways if job.system == i), default=0.0) for i in there}
        scarce = list(_too_much(case, problem, w, stream))
        if scarce:
            yield from scarce
            continue
        most = sum(count * best[i] for i, count in there.items())
        yield from _too_early(case, problem, stream, most, first)


_ALL = "all that is installed, ordered, offered for rent or supplied by then"
_ASK = "ask for less, price what may be missed, or let in what could do it"


def _too_early(case: Case, problem: Problem, stream: StreamRow, most: float, first: int) -> Iterator[Diagnostic]:
    worst = max(range(min(first, len(stream.target))), key=lambda t: stream.target[t], default=None)
    if worst is not None and stream.target[worst] > most * (1 + 1e-6):
        text = f"{stream.id} asks for {stream.target[worst]:,.0f} tokens/s in {problem.calendar[worst].label}; what is "
        text += f"installed can do {most:,.0f}, and nothing more can be there "
        text += f"before {problem.calendar[first].label}" if first < len(problem.calendar) else "within the plan"
        hint = "ask for less at first, or price what may be missed (shortfall:)"
        yield Diagnostic("impossible-work", text, hint, place_of_work(case, stream.id))


def _too_much(case: Case, problem: Problem, w: int, stream: StreamRow) -> Iterator[Diagnostic]:
    """More than everything that can be there by then would do, were there power and space for it."""
    worst = max(problem.horizon, key=lambda t: stream.target[t] - _most(problem, w, t))
    target, most = stream.target[worst], _most(problem, w, worst)
    if target > most * (1 + 1e-6) and worst >= _first_change(problem):
        text = f"{stream.id} asks for {target:,.0f} tokens/s in {problem.calendar[worst].label}; "
        text += f"{_ALL} would do {most:,.0f}"
        yield Diagnostic("impossible-work", text, _ASK, place_of_work(case, stream.id, "target"))
    for budget in stream.budgets:
        done = sum(_most(problem, w, t) * 3600.0 * problem.calendar[t].hours for t in range(budget.last + 1))
        if budget.tokens > done * (1 + 1e-6):
            text = f"{stream.id} asks for {format_quantity(budget.tokens, 'tokens')} by the end of {budget.label}; "
            text += f"{_ALL} would do {format_quantity(done, 'tokens')}"
            yield Diagnostic("impossible-work", text, _ASK, place_of_work(case, stream.id, "tokens"))


def _most(problem: Problem, w: int, t: int) -> float:
    """Tokens/s of a stream if all that can be there by a period did nothing else."""
    rate: dict[int, float] = {}
    for job in problem.jobs:
        if job.stream == w:
            rate[job.system] = max(rate.get(job.system, 0.0), job.rate / job.units)
    owned = dict(problem.store.initial)
    for (i, _), count in problem.base.items():
        owned[i] = owned.get(i, 0) + count
    for row in problem.pending:
        owned[row.system] = owned.get(row.system, 0) + (row.count if row.due <= t else 0)
    for rent in problem.rents:
        owned[rent.system] = owned.get(rent.system, 0) + ceil(max(rent.capacity[: t + 1], default=0.0))
    each: dict[str, float] = {}
    for i in {i for (i, _), arrival in problem.arrivals.items() if arrival <= t}:
        system = problem.systems[i]
        each[system.accelerator] = max(each.get(system.accelerator, 0.0), rate.get(i, 0.0) / system.accelerators)
    bought = sum(most * sum(problem.allocation.get((a, u), 0.0) for u in range(t + 1)) for a, most in each.items())
    return bought + sum(count * rate.get(i, 0.0) for i, count in owned.items())


def _first_change(problem: Problem) -> int:
    """First period in which more than the installed base may be there."""
    rented = [t for row in problem.rents for t in row.held]
    ordered = [*problem.arrivals.values(), *(row.due for row in problem.pending)]
    stored = [0] if problem.store.initial else []
    return min([*rented, *ordered, *stored], default=len(problem.calendar))


def why_none(problem: Problem, work: str) -> str:
    """What keeps every cluster from doing a workload, where none could."""
    told = [e.detail.removeprefix(f"{work}: ") for e in problem.excluded if e.detail.startswith(f"{work}: ")]
    return "; ".join(list(dict.fromkeys(told))[:3]) or "no system that may be bought or is installed can run it"


def misfits(case: Case) -> Iterator[Diagnostic]:
    """What stands in a hall that it does not fit is taken as it is."""
    halls = {(site.id, hall.id): hall for site in case.scenario.sites for hall in site.halls}
    for n, entry in enumerate(case.scenario.installed):
        why = misfit(case.systems[entry.system], halls[entry.site, entry.hall])
        if why is not None and entry.count:
            text = f"{entry.system} does not fit {entry.site}/{entry.hall}, where it is installed: it {why[1]}"
            yield Diagnostic("base-misfit", text, "is it the right hall?", place(case, "installed", n, "hall"))


def dark(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Power cuts that leave a site nothing."""
    rows = {row.id: row for row in problem.sites}
    for s, site in enumerate(case.scenario.sites):
        out = [p for p in case.calendar if (site.grid.at(p) or 0.0) > 0 and rows[site.id].grid_kw[p.index] <= 0]
        if site.cuts and out:
            span = out[0].label if len(out) == 1 else f"{len(out)} periods from {out[0].label} to {out[-1].label}"
            text = f"power cuts leave {site.id} nothing in {span}: all that stands there is off"
            yield Diagnostic("dark-site", text, "state a smaller cut", place(case, "sites", s, "cuts"))


def late(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Expansions and retrofits that would never be ready, and offers of which nothing can be rented."""
    never = {(left.site, left.item) for left in problem.excluded if left.kind == "expansion"}
    for s, site in enumerate(case.scenario.sites):
        offers: list[tuple[tuple[str | int, ...], GridExpansion | HallExpansion | Retrofit]] = [
            (("expansions", n), step) for n, step in enumerate(site.expansions)
        ]
        for h, hall in enumerate(site.halls):
            offers += [(("halls", h, "expansions", n), step) for n, step in enumerate(hall.expansions)]
            offers += [(("halls", h, "retrofit"), hall.retrofit)] if hall.retrofit is not None else []
        for path, offer in offers:
            if (site.id, offer.id) in never:
                text = f"{offer.id} of {site.id} would not be ready before the plan's last period: it is never taken"
                hint = "state a shorter lead time or an earlier first period, or leave it out"
                yield Diagnostic("late-option", text, hint, place(case, "sites", s, *path))
    order = [offer.id for offer in case.scenario.rent]
    for rent, row in zip(sorted_offers(case), problem.rents, strict=True):
        if not row.held:
            why = next((left.detail for left in problem.excluded if left.site == rent.place), None)
            text = f"nothing can be rented of {rent.id}: {why or 'no contract could begin within the plan'}"
            at = place(case, "rent", order.index(rent.id))
            yield Diagnostic("idle-offer", text, "look at its quantity and dates, or leave it out", at)


def unsupplied(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Systems that were asked for, and of which supply never makes up one."""
    asked = [*case.scenario.systems.include]
    for n, name in enumerate(asked):
        system = case.systems[case.catalog.identify("systems", name)]
        total = sum(problem.allocation.get((system.accelerator_id, t), 0.0) for t in problem.horizon)
        if total < system.accelerators - 1e-9:
            text = f"{name} can never be bought: {total:,.0f} accelerators ({system.accelerator_id}) can be had over "
            text += f"the plan, one system holds {system.accelerators:,}"
            at = place(case, "systems", "include", n)
            yield Diagnostic("no-supply", text, "state its part under supply", at)


def over_limit(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Quotas of the scenario that the installed base or the pending orders alone overstep."""
    own = {limit.id: n for n, limit in enumerate(case.scenario.limits.quotas)}
    told: set[str] = set()
    for cap in problem.obliged.caps:
        name = cap.id.partition(",")[0]
        if name in told or name not in own or cap.kind != "quota":
            continue
        count = _counted(problem, cap)
        if count > cap.limit * (1 + 1e-9):
            told.add(name)
            whose, fate = ("what is installed", "retired") if cap.counts == "fleet" else ("what is on order", "refused")
            text = f"{whose} comes to {count:,.0f} {cap.unit}, the limit {name} is {cap.limit:,.0f}: a part is {fate}"
            yield Diagnostic("over-limit", text, "is the limit right?", place(case, "limits", "quotas", own[name]))


def _counted(problem: Problem, cap: Cap) -> float:
    """What a limit counts of what is there or on order, were nothing decided."""
    weights = dict(cap.weights)
    if cap.counts == "fleet":
        here = ((i, n) for (i, h), n in problem.base.items() if cap.sites is None or problem.halls[h].site in cap.sites)
        return sum(weights.get(i, 0.0) * n for i, n in here) if 0 in cap.periods else 0.0
    if cap.counts == "deliveries":
        return sum(weights.get(row.system, 0.0) * row.count for row in problem.pending if row.due in cap.periods)
    return 0.0


def endless(case: Case) -> Iterator[Diagnostic]:
    """Rules of the scenario whose end is stated, and not known on the day of the plan."""
    book, today = case.permissions.regime.book, case.scenario.knowledge_date
    for n, stated in enumerate(case.scenario.policy.rules):
        rule = book.rules.get(str(stated.get("id")))
        end, told = (rule.spec.effective_to, book.end_announced(rule)) if rule is not None else (None, None)
        if end is not None and told is not None and today < told and end < case.calendar.end:
            text = f"{stated['id']} ends on {end}, which is not known on {today}: it counts as without end"
            hint = "state the day on which its end was announced: end_announced"
            yield Diagnostic("endless-rule", text, hint, place(case, "policy", "rules", n))


def steep(case: Case) -> Iterator[Diagnostic]:
    """A discount rate that looks like a percentage without its sign."""
    finance = case.scenario.finance
    rate = finance.discount_rate
    if rate > STEEP or rate < 0:
        text = f"the discount rate is {rate:.1%} a year"
        hint = f"{rate:g} % is {rate / 100:g}" if rate > 0 else "is the sign right?"
        yield Diagnostic("steep-rate", text, hint, place(case, "finance", "discount_rate"))
    for line, change in finance.escalators.items():
        if change > STEEP:
            text, hint = f"{line} rises by {change:.0%} a year", f"{change:g} % is {change / 100:g}"
            yield Diagnostic("steep-rate", text, hint, place(case, "finance", "escalators", line))


def homeless(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Pending orders that fit no hall."""
    rows = {row.id for row in problem.pending}
    for n, order in enumerate(case.scenario.orders):
        halls = [hall for site in case.scenario.sites for hall in site.all_halls]
        faults = [misfit(case.systems[order.system], hall) for hall in halls]
        if order.id in rows and all(faults):
            why = "; ".join(dict.fromkeys(fault[1] for fault in faults if fault))
            text = f"what {order.id} brings fits no hall: {why}"
            yield Diagnostic("homeless-order", text, "is there a hall missing?", place(case, "orders", n))
