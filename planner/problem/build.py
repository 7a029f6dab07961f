"""Catalog, scenario, permissions and estimates -> Problem: numbers only, and the reason for whatever was left out."""

from math import floor
from typing import Literal

from planner.catalog.resolve import ResolvedSystem
from planner.problem.apart import apart_rows
from planner.problem.arrays import Problem
from planner.problem.caps import Scales, own_limits
from planner.problem.case import Case
from planner.problem.draws import demand_events, loads, shared_events, with_upper
from planner.problem.duties import read
from planner.problem.effects import closed_halls, excluded_halls, gone, grant_events, order_events, powered_events
from planner.problem.energy import caps, energy_use
from planner.problem.feed import Feed
from planner.problem.installing import idle_shares, never_ready
from planner.problem.ladder import network_rows
from planner.problem.loads import Loads
from planner.problem.mixed import mixed_begins
from planner.problem.moves import move_rows, moved_slots
from planner.problem.networks import NetworkRow
from planner.problem.obliged import Obliged
from planner.problem.options import facility_life, option_rows
from planner.problem.parts import part_rows
from planner.problem.pipeline import allocations, excluded, order_slots, pending_rows, refused_by
from planner.problem.places import hall_rows, misfit, rack_positions, site_rows, sorted_halls, standing_cost
from planner.problem.rent import rent_rows, rented_slots, with_rented
from planner.problem.ripening import Ripening, ripening
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.keys import Slot
from planner.problem.rows.systems import SystemRow
from planner.problem.rows.work import Begin, Job, RunRow, StreamRow
from planner.problem.sought import budgets, floors, goals_of, targets
from planner.problem.warehouse import store
from planner.problem.wearing import wear
from planner.problem.workloads import (
    Networks,
    Young,
    begins,
    hall_reach,
    job_sizes,
    jobs,
    more_efficient,
    over_networks,
    reach,
)
from planner.scenario.model import ContinuousTraining, TrainingRun
from planner.scenario.periods import add_months, label_end, label_start
from planner.units import HOURS_PER_YEAR

Slots = frozenset[Slot]


def build(case: Case) -> Problem:
    """The whole problem of a case. Sorting happens here and nowhere later."""
    systems = list(case.systems.values())
    index = {system.id: i for i, system in enumerate(systems)}
    halls, sites = hall_rows(case.scenario, dict(case.regions)), site_rows(case.scenario, dict(case.regions))
    options, never = option_rows(case, halls)
    own = len(halls)
    sites, halls = with_rented(case, sites, halls)
    rents, not_rented = rent_rows(case, index, own)
    feed = Feed(sites, halls, options, rents)
    left_out: list[Excluded] = [*case.unresolved, *never, *not_rented]

    scales = Scales(case, tuple(systems))
    asked, duties = read(case, scales)
    parts, stops = part_rows(case, systems)
    limits = allocations(case)
    obliged = asked.and_(Obliged(tuple(own_limits(case, scales))))
    counted = {i for cap in obliged.caps for i, _ in cap.weights}
    arriving_at, useless = order_slots(case, systems, limits, counted, left_out)
    pending, refunds, cancelled = pending_rows(case, index.__getitem__)
    left_out += cancelled
    most = _most(case, systems, arriving_at, limits)
    stored = store(case, systems)
    arriving = {i for i, _ in arriving_at} | {row.system for row in pending} | set(stored.initial)
    placeable, usable = _places(case, systems, arriving, left_out)
    closed = closed_halls(case, asked, halls)
    left_out += excluded_halls(case, closed, placeable, halls)
    placeable = frozenset(slot for slot in placeable if slot[1:] not in closed)
    idle = idle_shares(case, systems)
    too_late, never_works = never_ready(case, systems, placeable, idle)
    placeable -= too_late
    left_out += never_works
    base, expired = _base(case, index)
    moves = move_rows(case, systems, base, closed)
    stands = {slot[:2] for slot in placeable} | set(base)
    usable = frozenset(slot for slot in usable if slot[:2] in stands) | moved_slots(case, systems, moves)
    workable = usable | rented_slots(rents)
    networks = network_rows(case, systems)
    wired = {(i, row.hall): row for row in networks for i in row.attached}
    found_jobs, job_halls = _jobs(case, systems, workable, wired, left_out)
    ripens = ripening(case)
    drawn = loads(case, systems, halls, usable, wired)
    found_begins = _begins(case, systems, most, workable, feed, drawn, wired, ripens, left_out)
    drawn = with_upper(case, systems, halls, drawn, wired, found_jobs, job_halls, found_begins)
    goals = goals_of(case, found_begins)
    metered = case.scenario.limits.of_energy or goals.needs("energy", "carbon")
    prices, calendar, scenario = case.prices, case.calendar, case.scenario
    cells = {(i, h) for i, h, _ in placeable} | set(base) | {(move.system, move.target) for move in moves}
    powered, subsidised = powered_events(case, asked, halls, usable)
    more = shared_events(case, systems, halls, usable, wired)
    powered |= {key: (*powered[key], *events) for key, events in more.items()}
    return Problem(
        currency=scenario.currency,
        calendar=calendar,
        discounting=prices.discounting,
        sites=sites,
        halls=halls,
        systems=tuple(_row(system) for system in systems),
        runs=tuple(_run_row(case, run) for run in scenario.runs),
        streams=tuple(_stream_row(case, stream) for stream in scenario.streams),
        accelerators=tuple(sorted({system.accelerator_id for system in systems})),
        arrivals=arriving_at,
        pending=pending,
        placeable=placeable,
        usable=usable,
        base=base,
        expired=expired,
        life_ends=_life_ends(case),
        life_periods=_life(case),
        racks={(i, h): rack_positions(systems[i], sorted_halls(scenario)[h][1]) for i, h in sorted(cells)},
        allocation=limits,
        carry_over=scenario.supply.carry_over,
        useless=useless,
        jobs=tuple(found_jobs),
        job_halls=job_halls,
        begins=tuple(found_begins),
        ports=_ports(case, systems, found_jobs, found_begins),
        ported=_ported(case),
        budget_total=None if scenario.budget.total is None else prices.money(scenario.budget.total),
        budget_years=_budget_years(case),
        order_events=order_events(case, asked, arriving_at),
        install_events={(i, t): prices.install(systems[i], t) for i, _, t in placeable},
        networks=networks,
        wired_events={
            (i, t): prices.install(systems[i], t, network=False) for i, h, t in sorted(placeable) if (i, h) in wired
        },
        powered_events=powered,
        kept_events={(i, p.index): prices.kept(systems[i], p) for i in {i for i, _ in cells} for p in calendar},
        port_events={period.index: prices.port(period.index) for period in calendar},
        options=options,
        moves=moves,
        idle=idle,
        rents=rents,
        store=stored,
        wear=wear(case, systems, cells, arriving),
        caps=caps(case),
        loads=drawn,
        demand_events=demand_events(case),
        energy=energy_use(case, systems, halls, usable) if metered else {},
        goals=goals,
        floors=floors(case),
        ripening=ripens,
        apart=apart_rows(case, halls, own),
        fixed_events=(*refunds, *standing_cost(scenario, case.regions, prices, lambda: facility_life(case))),
        subsidy_events=subsidised,
        grant_events=grant_events(case, asked, halls, placeable),
        gone=gone(case, asked, halls, cells),
        obliged=obliged,
        parts=parts,
        duties=(*duties, *stops),
        excluded=tuple(left_out),
    )


def _row(system: ResolvedSystem) -> SystemRow:
    return SystemRow(
        system.id, system.accelerator_id, system.vendor, platform_of(system), system.accelerators, system.power_kw
    )


def platform_of(system: ResolvedSystem) -> str:
    """Software platform of a system; one that names none is a platform of its own."""
    return system.platform or system.accelerator_id


def _run_row(case: Case, run: TrainingRun) -> RunRow:
    last = case.calendar.last_index_of(run.deadline)
    missed = None if run.missed is None else case.prices.missed(run.missed, last)
    return RunRow(
        run.id, run.software, missed, run.weight, run.priority, run.id.rpartition(".")[0] if run.together else None
    )


def _stream_row(case: Case, stream: ContinuousTraining) -> StreamRow:
    price = stream.shortfall
    short = None if price is None else tuple(case.prices.shortfall(price, period) for period in case.calendar)
    asked, by_day = targets(case, stream), budgets(case, stream)
    return StreamRow(stream.id, stream.software, asked, short, by_day, stream.weight, stream.priority)


def _most(
    case: Case, systems: list[ResolvedSystem], slots: dict[tuple[int, ...], int], limits: dict[tuple[str, int], float]
) -> dict[int, int]:
    """Most systems of each kind there can ever be: installed, pending and all that supply could deliver."""
    orderable = {i for i, _ in slots}
    most = dict.fromkeys(range(len(systems)), 0)
    for i, system in enumerate(systems):
        if i in orderable:
            total = sum(limits.get((system.accelerator_id, period.index), 0.0) for period in case.calendar)
            most[i] += floor(total / system.accelerators + 1e-9)
        most[i] += sum(entry.count for entry in case.scenario.installed if entry.system == system.id)
        most[i] += sum(entry.count for entry in case.scenario.stock if entry.system == system.id)
        most[i] += sum(order.count for order in case.scenario.orders if order.system == system.id)
        most[i] += sum(max(o.systems.steps.values()) for o in case.scenario.rent if o.system == system.id)
    return most


def _places(
    case: Case, systems: list[ResolvedSystem], arriving: set[int], left_out: list[Excluded]
) -> tuple[Slots, Slots]:
    """(i, h, t) in which systems may be placed in service, and in which they may be on."""
    placeable: set[Slot] = set()
    usable: set[Slot] = set()
    owned = {(entry.system, f"{entry.site}/{entry.hall}") for entry in case.scenario.installed}
    owns = {entry.system for entry in case.scenario.installed}
    for i, system in enumerate(systems):
        if i not in arriving and system.id not in owns and system.id not in case.candidates:
            continue  # only rented
        for h, (site, hall) in enumerate(sorted_halls(case.scenario)):
            why = misfit(system, hall)
            here = (system.id, f"{site.id}/{hall.id}") in owned
            if why is not None and not here:
                left_out.append(
                    Excluded("installation", system.id, system.accelerator_id, *why, site=f"{site.id}/{hall.id}")
                )
                continue
            for period in case.calendar:
                t, accelerator = period.index, system.accelerator_id
                if case.permissions.allowed("operate", accelerator, site.id, t):
                    usable.add((i, h, t))
                may_place = i in arriving and why is None
                if may_place and case.permissions.allowed("install", accelerator, site.id, t):
                    placeable.add((i, h, t))
            left_out += _closed_places(case, system, h)
    cells = {(i, h) for i, h, _ in placeable} | {
        (i, h)
        for i, system in enumerate(systems)
        for h, (site, hall) in enumerate(sorted_halls(case.scenario))
        if (system.id, f"{site.id}/{hall.id}") in owned
    }
    return frozenset(placeable), frozenset(slot for slot in usable if slot[:2] in cells)


def _closed_places(case: Case, system: ResolvedSystem, h: int) -> list[Excluded]:
    """Rules that close a hall to a system that fits it."""
    site, hall = sorted_halls(case.scenario)[h]
    refusals = []
    asks: tuple[tuple[Literal["install", "operate"], str], ...] = (
        ("install", "installation"),
        ("operate", "operation"),
    )
    for action, kind in asks:
        for period in case.calendar:
            asked = (action, system.accelerator_id, site.id, period.index)
            if not case.permissions.allowed(*asked):
                hits = case.permissions.why(*asked)
                refusals.append(refused_by(hits, period.index, kind))
    return excluded(case, system, refusals, f"{site.id}/{hall.id}")


def _base(case: Case, index: dict[str, int]) -> tuple[dict[tuple[int, ...], int], dict[tuple[int, ...], int]]:
    """Installed base by (i, h), and how much of it is past its life by (i, t)."""
    base: dict[tuple[int, ...], int] = {}
    expired: dict[tuple[int, ...], int] = {}
    halls = [f"{site.id}/{hall.id}" for site, hall in sorted_halls(case.scenario)]
    months = round(case.parameters.asset_life_years * 12)
    for entry in case.scenario.installed:
        i, h = index[entry.system], halls.index(f"{entry.site}/{entry.hall}")
        base[i, h] = base.get((i, h), 0) + entry.count
        end = add_months(label_start(entry.since), months)
        for period in case.calendar:
            if end <= period.start:
                expired[i, period.index] = expired.get((i, period.index), 0) + entry.count
    return base, expired


def _life_ends(case: Case) -> tuple[int | None, ...]:
    """Of each period the first whose start a system placed in service in it does not outlive."""
    months = round(case.parameters.asset_life_years * 12)
    ends = [add_months(period.start, months) for period in case.calendar]
    return tuple(next((p.index for p in case.calendar if p.start >= end), None) for end in ends)


def _life(case: Case) -> int | None:
    """Periods that a new system may serve, when that is shorter than the plan."""
    return case.calendar.after(0, case.parameters.asset_life_years * HOURS_PER_YEAR)


def _jobs(
    case: Case, systems: list[ResolvedSystem], usable: Slots, wired: Networks, left_out: list[Excluded]
) -> tuple[list[Job], dict[int, frozenset[int]]]:
    """Jobs of every stream on every system that may be on somewhere, and the halls that can hold each."""
    found: list[Job] = []
    where: dict[int, frozenset[int]] = {}
    halls = hall_reach(case)
    for w, stream in enumerate(case.scenario.streams):
        for i, system in enumerate(systems):
            everywhere = sorted({h for k, h, _ in usable if k == i})
            if not everywhere or not _considered(case, stream, system):
                continue
            for h in everywhere:
                if (i, h) in wired:
                    for job in _wired_jobs(case, stream, (w, i, h), system, wired[i, h], left_out):
                        where[len(found)] = frozenset({h})
                        found.append(job)
            places = [h for h in everywhere if (i, h) not in wired]
            if not places:
                continue
            limits = {h: reach(system, halls[h]) for h in places}
            some, why = jobs(case, stream, w, i, system, max(limits.values()))
            if why is not None:
                left_out.append(Excluded("cluster", system.id, system.accelerator_id, "memory", f"{stream.id}: {why}"))
            for job in some:
                where[len(found)] = frozenset(h for h in places if job.units * system.accelerators <= limits[h])
                found.append(job)
    return found, where


def _wired_jobs(
    case: Case,
    stream: ContinuousTraining,
    at: tuple[int, int, int],
    system: ResolvedSystem,
    row: NetworkRow,
    left_out: list[Excluded],
) -> list[Job]:
    """Jobs of a stream over the networks that a hall may buy; `at` is (workload, system, hall)."""
    w, i, h = at
    sizes = job_sizes(stream, system, min(row.levels[-1].reach, system.max_cluster))
    found = over_networks(case, stream, system, row, sizes, more_efficient)
    if not found:
        site, hall = sorted_halls(case.scenario)[h]
        detail = f"{stream.id}: no network of the hall carries a job of {stream.least_job} accelerators"
        left_out.append(
            Excluded("cluster", system.id, system.accelerator_id, "reach", detail, site=f"{site.id}/{hall.id}")
        )
    return [Job(w, i, sized.units, sized.rate, sized.network) for sized in found]


def _begins(
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
    found: list[Begin] = []
    on = {i for i, _, _ in usable}
    for w, run in enumerate(case.scenario.runs):
        able = {i: s for i, s in enumerate(systems) if i in on and _considered(case, run, s)}
        ported = frozenset(p for family, p in _ported(case) if family == run.software)
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


def _considered(case: Case, work: ContinuousTraining | TrainingRun, system: ResolvedSystem) -> bool:
    """Whether the scenario lets a workload run on a system's platform."""
    return work.platforms is None or platform_of(system) in work.platforms


def _ported(case: Case) -> frozenset[tuple[str, str]]:
    return frozenset((work.software, platform) for work in case.scenario.workloads for platform in work.ported)


def _ports(
    case: Case, systems: list[ResolvedSystem], found_jobs: list[Job], found_begins: list[Begin]
) -> dict[tuple[str, str, int], int]:
    """(family, platform, t) of every port that is of use -> period in which it is ready."""
    streams, runs = case.scenario.streams, case.scenario.runs
    needed = {(streams[job.stream].software, platform_of(systems[job.system])) for job in found_jobs}
    needed |= {(runs[begin.run].software, platform_of(systems[begin.system])) for begin in found_begins}
    slots = {}
    for family, platform in sorted(needed - _ported(case)):
        for period in case.calendar:
            ready = case.calendar.after(period.index, case.parameters.porting_hours)
            if ready is not None:
                slots[family, platform, period.index] = ready
    return slots


def _budget_years(case: Case) -> dict[str, tuple[frozenset[int], float]]:
    limits = {}
    for label, money in case.scenario.budget.per_year.items():
        start, end = label_start(label), label_end(label)
        inside = frozenset(p.index for p in case.calendar if start <= p.start < end)
        limits[label] = (inside, case.prices.money(money, min(inside, default=0)))
    return limits
