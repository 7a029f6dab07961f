"""What contradicts itself is found before solving; what is rarely meant is warned of."""

from collections.abc import Iterator
from dataclasses import replace

from planner.catalog.resolve import ResolvedSystem
from planner.errors import Diagnostic
from planner.problem import foreseen, oddities
from planner.problem.arrays import Problem
from planner.problem.blocked import blocked, contradicting
from planner.problem.case import Case
from planner.problem.foreseen import place, place_of_work
from planner.problem.outlived import outlived
from planner.problem.places import misfit, rack_positions
from planner.scenario.model import Hall, Site
from planner.units import Money
from planner.units import format as format_quantity

MOSTLY_OFF = 2.0
"""Room or power of what is installed over what there ever is, beyond which data contradict each other: below it a place
that lost some keeps a part of its systems off or retires it at once, above it most could never have been there.
"""
WIDE = 1e6
CRUMB = 1e-5
"""Share of what one job does below which a target is lost in the solver's tolerance."""
_CORRECT = "correct the count, or what the place has"


def contradictions(case: Case, problem: Problem) -> tuple[Diagnostic, ...]:
    """Data that cannot all be true, with the place of what to change."""
    overdrawn = (fault for times, fault in _overdrawn(case) if times > MOSTLY_OFF)
    late = (*_late(case, problem), *_overfull(case, problem), *foreseen.committed(case, problem))
    return (
        *foreseen.unknown_rules(case),
        *overdrawn,
        *_fabrics(case),
        *late,
        *contradicting(case, problem),
        *_crumbs(case, problem),
    )


def warnings(case: Case, problem: Problem) -> tuple[Diagnostic, ...]:
    """What is rarely meant, less what the scenario silences (codes: planner.scenario.warnings)."""
    overdrawn = (fault for times, fault in _overdrawn(case) if times <= MOSTLY_OFF)
    found = (
        *overdrawn,
        *_free_energy(case),
        *_free_systems(case),
        *_dominated(case, problem),
        *_idle(case, problem),
        *outlived(case),
        *foreseen.impossible(case, problem),
        *foreseen.misfits(case),
        *foreseen.dark(case, problem),
        *foreseen.late(case, problem),
        *foreseen.unsupplied(case, problem),
        *foreseen.over_limit(case, problem),
        *foreseen.homeless(case, problem),
        *foreseen.steep(case),
        *foreseen.endless(case),
        *blocked(case, problem),
        *oddities.found(case, problem),
    )
    return tuple(replace(d, severity="warning") for d in found if d.code not in case.scenario.silence)


def wide(case: Case, least: float, most: float) -> tuple[Diagnostic, ...]:
    """A warning where the coefficients of the program lie more than `WIDE` times apart."""
    if most <= WIDE * least or "matrix-range" in case.scenario.silence:
        return ()
    text = f"coefficients of the program range from {least:.1e} to {most:.1e}: rounding may show"
    hint = "very small halls or jobs beside very large ones make it so"
    return (Diagnostic("matrix-range", text, hint, None, "warning"),)


def _overdrawn(case: Case) -> Iterator[tuple[float, Diagnostic]]:
    """What stands takes more room or power than there ever is, and how many times as much."""
    for s, site in enumerate(case.scenario.sites):
        meter = 0.0
        for h, hall in enumerate(site.halls):
            racks, power = _standing(case, site, hall)
            if racks > hall.racks + 1e-6:
                text = f"what is installed in {site.id}/{hall.id} takes {racks:,.1f} rack positions of {hall.racks:,}"
                at = place(case, "sites", s, "halls", h, "racks")
                yield racks / max(hall.racks, 1e-9), Diagnostic("base-over-racks", text, _CORRECT, at)
            pue = hall.pue if hall.pue is not None else case.regions[site.id].pue.get(hall.cooling) or 1.0
            meter += power * pue
            feeds = max(hall.it_power.at(period) or 0.0 for period in case.calendar)
            if power > feeds * (1 + 1e-9):
                text = f"what is installed in {site.id}/{hall.id} draws {format_quantity(power, 'power')} of IT power, "
                text += f"the hall never has more than {format_quantity(feeds, 'power')}"
                at = place(case, "sites", s, "halls", h, "it_power")
                yield power / max(feeds, 1e-9), Diagnostic("base-over-power", text, _CORRECT, at)
        grid = max(site.grid.at(period) or 0.0 for period in case.calendar)
        if meter > grid * (1 + 1e-9):
            text = f"what is installed at {site.id} draws {format_quantity(meter, 'power')} at the meter, "
            text += f"the grid contract never has more than {format_quantity(grid, 'power')}"
            yield (
                meter / max(grid, 1e-9),
                Diagnostic("base-over-grid", text, _CORRECT, place(case, "sites", s, "grid")),
            )


def _standing(case: Case, site: Site, hall: Hall) -> tuple[float, float]:
    """Rack positions and kW of IT load of what is installed in a hall."""
    here = [entry for entry in case.scenario.installed if (entry.site, entry.hall) == (site.id, hall.id)]
    racks = sum(entry.count * rack_positions(case.systems[entry.system], hall) for entry in here)
    return racks, sum(entry.count * case.systems[entry.system].power_kw for entry in here)


def _fabrics(case: Case) -> Iterator[Diagnostic]:
    """A hall's fabric must hold one system of those that fit."""
    for s, site in enumerate(case.scenario.sites):
        for h, hall in enumerate(site.halls):
            fitting = [system for system in case.systems.values() if misfit(system, hall) is None]
            least = min(fitting, key=lambda system: (system.accelerators, system.id), default=None)
            if least is not None and hall.max_cluster is not None and hall.max_cluster < least.accelerators:
                text = (
                    f"the fabric of {site.id}/{hall.id} reaches {hall.max_cluster} accelerators; the smallest system "
                )
                text += f"that fits the hall, {least.name}, has {least.accelerators}"
                at = place(case, "sites", s, "halls", h, "max_cluster")
                yield Diagnostic("fabric-below-system", text, "state a larger reach, or leave it out", at)


def _late(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """A run that must be done, and is due before anything that can do it is delivered."""
    first = _first_arrival(problem)
    for w, run in enumerate(case.scenario.runs):
        last = case.calendar.last_index_of(run.deadline)
        if run.missed is not None or _able(problem, w, last):
            continue
        if first is None or first[0] > last:
            text = f"{run.id} is due by {run.deadline}, and what stands there or was ordered cannot do it"
            if first is None:
                text += "; nothing that could be ordered arrives within the plan"
            else:
                text += f"; the first delivery that could be ordered is in {case.calendar[first[0]].label} ({first[1]})"
            hint = "move the deadline, or state what it costs to miss the run (missed:)"
            yield Diagnostic("deadline-before-delivery", text, hint, place_of_work(case, run.id, "deadline"))


def _crumbs(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """A target that the solver cannot tell from nothing beside what one job does."""
    for w, stream in enumerate(problem.streams):
        rates = [job.rate for job in problem.jobs if job.stream == w]
        asked = [(target, "target", "tokens/s") for target in stream.target if target > 0]
        most = max(rates, default=0.0)
        for target, key, unit in asked:
            if target < CRUMB * most:
                text = f"{stream.id} asks for {target:g} {unit}; a job of it does up to {most:,.0f}: "
                text += "so little cannot be told from nothing"
                hint = f"is the unit right? state 0 or at least {CRUMB * most:.2g} {unit}"
                yield Diagnostic("target-too-small", text, hint, place_of_work(case, stream.id, key))
                break


def _overfull(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """A store must hold what is in it and can neither be placed anywhere nor serve as a spare."""
    movable = {i for i, _, _ in (*problem.placeable, *problem.wear.spares)}
    kept = [(i, count) for i, count in problem.store.initial.items() if i not in movable]
    need = sum(count * problem.systems[i].accelerators for i, count in kept)
    for t, room in enumerate(problem.store.capacity or ()):
        if need > room:
            names = ", ".join(problem.systems[i].id for i, _ in sorted(kept))
            text = f"{need:,} accelerators in store cannot be placed anywhere ({names}); "
            text += f"in {case.calendar[t].label} the store holds {room:,.0f}"
            yield Diagnostic("stock-over-capacity", text, _CORRECT, place(case, "warehouse", "capacity"))
            return


def _able(problem: Problem, w: int, last: int) -> bool:
    """Whether what is installed, in store, or was ordered and is due by period `last`, is enough for a run."""
    owned: dict[int, int] = {}
    for (i, _), count in problem.base.items():
        owned[i] = owned.get(i, 0) + count
    for i, count in problem.store.initial.items():
        owned[i] = owned.get(i, 0) + count
    for row in problem.pending:
        owned[row.system] = owned.get(row.system, 0) + (row.count if row.due <= last else 0)
    return any(begin.run == w and begin.units <= owned.get(begin.system, 0) for begin in problem.begins)


def _first_arrival(problem: Problem) -> tuple[int, str] | None:
    """Period and id of the first system that could be delivered if it were ordered."""
    return min(((arrival, problem.systems[i].id) for (i, _), arrival in problem.arrivals.items()), default=None)


def _idle(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Limits of the scenario that come to nothing in the program."""
    at_work = {cap.id.partition(",")[0] for cap in problem.obliged.caps}
    for n, limit in enumerate(case.scenario.limits.quotas):
        if limit.id not in at_work:
            text = f"the limit {limit.id} covers nothing that could be bought or is there, in no period of the plan"
            at = place(case, "limits", "quotas", n)
            yield Diagnostic("idle-limit", text, "is `of` what was meant, and `first` and `last`?", at)


def _free_energy(case: Case) -> Iterator[Diagnostic]:
    for s, site in enumerate(case.scenario.sites):
        stated = site.tariff
        tariffs = [case.regions[site.id].tariff] if stated is None else [stated.at(period) for period in case.calendar]
        if any(tariff is not None and tariff.amount <= 0 for tariff in tariffs):
            at = place(case, "sites", s, "tariff")
            yield Diagnostic("free-energy", f"energy at {site.id} costs nothing", "is the tariff meant to be 0?", at)


def _free_systems(case: Case) -> Iterator[Diagnostic]:
    for key in sorted(case.candidates):
        price = case.systems[key].price
        if price is not None and price.amount <= 0:
            text = f"{case.systems[key].name} ({key}) costs nothing"
            keys = (f"systems.{key}.price", f"accelerators.{case.systems[key].accelerator_id}.price")
            stated = next((("facts", name) for name in keys if name in case.scenario.facts), ())
            yield Diagnostic("free-system", text, "is its price meant to be 0?", place(case, *stated))


def _dominated(case: Case, problem: Problem) -> Iterator[Diagnostic]:
    """Systems that another one matches or beats in all that a plan looks at, supply included."""
    slots: dict[str, dict[int, int]] = {key: {} for key in sorted(case.candidates)}
    for (i, t), arrival in problem.arrivals.items():
        slots[problem.systems[i].id][t] = arrival
    for key, own in slots.items():
        better = next((other for other in slots if own and _covers(case, problem, slots, other, key)), None)
        if better is not None:
            text = f"{case.systems[key].name} ({key}) is no better than {case.systems[better].name} ({better})"
            text += ": price, compute, memory, bandwidth, power, space, reach, software, supply"
            yield Diagnostic("dominated-system", text, "are its figures right?", place(case, "systems"))


def _covers(case: Case, problem: Problem, slots: dict[str, dict[int, int]], one: str, other: str) -> bool:
    """Whether `one` can be had whenever `other` can, as soon and as many, and is at least as good."""
    a, b = case.systems[one], case.systems[other]
    if a.accelerator_id == b.accelerator_id or not all(
        slots[one].get(t, 10**6) <= at for t, at in slots[other].items()
    ):
        return False
    supply = problem.allocation
    plenty = all(
        supply.get((a.accelerator_id, t), 0.0) >= supply.get((b.accelerator_id, t), 0.0) for t in problem.horizon
    )
    return plenty and _beats(case, a, b)


def _beats(case: Case, one: ResolvedSystem, other: ResolvedSystem) -> bool:
    """Whether a system is at least as good in everything and better in something, per accelerator."""
    if one.cooling not in ("either", other.cooling):
        return False
    for work in case.scenario.workloads:
        if other.platform in work.ported and one.platform not in work.ported:
            return False
    gains = [*_merits(case, one, other), *(one.peak.get(f, 0.0) - peak for f, peak in other.peak.items())]
    return all(gain >= -1e-9 for gain in gains) and any(gain > 1e-9 for gain in gains)


def _merits(case: Case, one: ResolvedSystem, other: ResolvedSystem) -> tuple[float, ...]:
    """What `one` has more of, or costs less, per accelerator."""

    def each(system: ResolvedSystem) -> tuple[float, ...]:
        g = system.accelerators
        return (
            -_amount(case, system.price) / g,
            -system.power_kw / g,
            -system.racks / g,
            -float(g),
            system.memory_gb,
            system.memory_bandwidth_gbs,
            float(system.scale_up_domain),
            system.scale_up_gbs,
            system.scale_out_gbs,
            float(system.max_cluster),
        )

    return tuple(a - b for a, b in zip(each(one), each(other), strict=True))


def _amount(case: Case, price: Money | None) -> float:
    return 0.0 if price is None else case.prices.money(price)
