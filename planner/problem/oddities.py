"""What is taken as it stands and is rarely meant: ages, steps, prices of nothing, units."""

from collections.abc import Iterator
from typing import Any

from planner.errors import Diagnostic
from planner.problem.arrays import Problem
from planner.problem.case import Case
from planner.problem.foreseen import place
from planner.scenario.model import Schedule, TrainingRun
from planner.scenario.periods import label_start

FAR = 10.0
"""Times a region's tariff at which another unit may have been meant."""


def found(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """All of it."""
    yield from _ages(case, problem)
    yield from _between(case)
    yield from _tariffs(case)
    yield from _for_nothing(case)
    yield from _missed_for_nothing(case)
    yield from _mixes(case, problem)
    yield from _unused(case)


def _ages(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """What stands there is retired at once for its age, or older than its product."""
    life, start = case.parameters.asset_life_years, case.calendar.start
    for n, entry in enumerate(case.scenario.installed):
        since, system = label_start(entry.since), case.systems[entry.system]
        age = (start - since).days / 365.25
        if entry.count and age > life:
            text = f"{entry.count:,} {entry.system} in {entry.site}/{entry.hall} are {age:.1f} years old when the plan "
            text += f"starts, past their life of {life:.1f} (hardware-life): they are retired at once"
            yield Diagnostic("base-expired", text, "is `since` right?", place(case, "installed", n, "since"))
        elif entry.count and system.released is not None and since < system.released:
            text = f"{entry.system} stands in {entry.site}/{entry.hall} since {entry.since}, "
            text += f"and came to the market on {system.released}"
            yield Diagnostic("base-expired", text, "is `since` right?", place(case, "installed", n, "since"))


def _schedules(case: Case) -> Iterator[tuple[tuple[str | int, ...], Schedule[Any]]]:
    """Values that step over time, with their places."""
    scenario = case.scenario
    for s, site in enumerate(scenario.sites):
        for key in ("grid", "tariff", "carbon", "demand_charge"):
            yield ("sites", s, key), getattr(site, key)
        for h, hall in enumerate(site.halls):
            yield ("sites", s, "halls", h, "it_power"), hall.it_power
    for n, work in enumerate(scenario.workloads):
        if not isinstance(work, TrainingRun):
            yield ("workloads", n, "target"), work.target
            if work.compute is not None:
                yield ("workloads", n, "compute"), work.compute
    for n, entry in enumerate(scenario.supply.allocations):
        for key in ("per_period", "per_year"):
            yield ("supply", "allocations", n, key), getattr(entry, key)
    for n, offer in enumerate(scenario.rent):
        yield ("rent", n, "systems"), offer.systems


def _between(case: Case) -> Iterator[Diagnostic]:
    """Steps that fall within a period of the plan."""
    starts = {period.start for period in case.calendar}
    for path, schedule in _schedules(case):
        for label in schedule.steps if schedule is not None else ():
            day = label_start(label)
            if label == "0001" or day in starts or day <= case.calendar.start:
                continue
            after = next((period for period in case.calendar if period.start > day), None)
            counts = "never counts" if after is None else f"counts from {after.label} on"
            text = f"{label} begins within a period of the plan: the value {counts}"
            hint = "let it begin with a period, or plan in shorter ones"
            yield Diagnostic("step-between", text, hint, place(case, *path, label))


def _tariffs(case: Case) -> Iterator[Diagnostic]:
    for s, site in enumerate(case.scenario.sites):
        usual = case.regions[site.id].tariff
        if site.tariff is None or usual is None or usual.amount <= 0:
            continue
        for label, price in site.tariff.steps.items():
            first = case.calendar[0].index
            stated, region = case.prices.money(price, first), case.prices.money(usual, first)
            if stated > 0 and not region / FAR < stated < region * FAR:
                text = f"energy at {site.id} costs {stated:g} {case.scenario.currency}/kWh, "
                text += f"usually {region:g} in its region"
                path = ("sites", s, "tariff") if label == "0001" else ("sites", s, "tariff", label)
                yield Diagnostic("odd-tariff", text, "is it per kWh?", place(case, *path))
                break


def _for_nothing(case: Case) -> Iterator[Diagnostic]:
    """Orders, rent and steps of power that cost nothing."""
    scenario = case.scenario
    free: list[tuple[str, tuple[str | int, ...]]] = []
    for n, order in enumerate(scenario.orders):
        if order.price is not None and order.price.amount <= 0:
            free.append((f"pending order {order.id}", ("orders", n, "price")))
    for n, offer in enumerate(scenario.rent):
        key, price = offer.stated_price
        if price.amount <= 0:
            free.append((f"what {offer.id} offers for rent", ("rent", n, key)))
    for s, site in enumerate(scenario.sites):
        steps: list[tuple[tuple[str | int, ...], Any]] = []
        steps += [(("expansions", n), step) for n, step in enumerate(site.expansions)]
        for h, hall in enumerate(site.halls):
            steps += [(("halls", h, "expansions", n), step) for n, step in enumerate(hall.expansions)]
            steps += [(("halls", h, "retrofit"), hall.retrofit)] if hall.retrofit is not None else []
        for path, step in steps:
            if step.cost is not None and step.cost.amount <= 0:
                free.append((f"{step.id} of {site.id}", ("sites", s, *path, "cost")))
    for what, path in free:
        yield Diagnostic("free-system", f"{what} costs nothing", "is its price meant to be 0?", place(case, *path))


def _missed_for_nothing(case: Case) -> Iterator[Diagnostic]:
    """Work whose price of missing it is nothing, where nothing but cost speaks for it."""
    scenario = case.scenario
    if any(goal.name != "cost" for goal in scenario.goals) or scenario.caps.shortage is not None:
        return
    for n, work in enumerate(scenario.workloads):
        key = "missed" if isinstance(work, TrainingRun) else "shortfall"
        price = getattr(work, key)
        if price is not None and price.amount <= 0:
            text = f"missing {work.id} costs nothing: it is never done for its own sake"
            hint = "state a price, or leave it out: then it must be done"
            yield Diagnostic("free-miss", text, hint, place(case, "workloads", n, key))


def _mixes(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Pairs of systems that never work together in this plan."""
    pairs = {frozenset(problem.systems[i].id for i in pair) for pair in _together(problem)}
    for n, mix in enumerate(case.scenario.mixed_runs):
        names = frozenset(case.catalog.identify("systems", name) for name in mix.systems)
        if names not in pairs:
            text = f"{' and '.join(mix.systems)} can never work together in this plan"
            hint = "do they fit one hall, and can both be had?"
            yield Diagnostic("idle-mix", text, hint, place(case, "mixed_runs", n))


def _unused(case: Case) -> Iterator[Diagnostic]:
    """Installation times and attrition of systems that this plan can never have."""
    for key, asked in (("installation", case.scenario.installation), ("attrition", case.scenario.attrition)):
        for name in asked.systems if asked is not None else ():
            if case.catalog.identify("systems", name) not in case.systems:
                text = f"{name} cannot be bought in this plan, is not ordered and stands nowhere: nothing comes of this"
                yield Diagnostic("idle-setting", text, "is another system meant?", place(case, key, "systems", name))


def _together(problem: Problem) -> Iterator[tuple[int, int]]:
    yield from ((begin.system, begin.beside[0]) for begin in problem.begins if begin.beside is not None)
    yield from ((job.system, job.beside[0]) for job in problem.jobs if job.beside is not None)
