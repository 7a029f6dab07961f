"""Catalog, scenario, permissions and estimates -> Problem: numbers only, and the reason for whatever was left out."""

from math import floor

from planner.catalog.resolve import ResolvedSystem
from planner.collector import resting
from planner.problem.apart import apart_rows
from planner.problem.arrays import Problem
from planner.problem.begins import all_begins
from planner.problem.caps import Scales, own_limits
from planner.problem.case import Case
from planner.problem.draws import demand_events, loads, shared_events, with_upper
from planner.problem.duties import read
from planner.problem.effects import (
    closed_halls,
    excluded_halls,
    gone,
    gone_before,
    grant_events,
    order_events,
    powered_events,
    taken,
)
from planner.problem.energy import caps, energy_use
from planner.problem.exempt import exempt
from planner.problem.feed import Feed
from planner.problem.installing import idle_shares, never_ready
from planner.problem.jobs import all_jobs
from planner.problem.ladder import network_rows
from planner.problem.moves import move_rows, moved_slots
from planner.problem.obliged import Obliged
from planner.problem.options import facility_life, option_rows
from planner.problem.parts import part_rows
from planner.problem.pipeline import allocations, order_slots, pending_rows
from planner.problem.places import hall_rows, rack_positions, site_rows, sorted_halls, standing_cost
from planner.problem.placing import placed_and_on
from planner.problem.porting import platform_of, ported_of, ports_of
from planner.problem.rent import rent_rows, rented_slots, with_rented
from planner.problem.ripening import ripening
from planner.problem.rows.excluded import Excluded
from planner.problem.rows.systems import SystemRow
from planner.problem.rows.work import RunRow, StreamRow
from planner.problem.sought import budgets, floors, goals_of, targets
from planner.problem.standing import installed_base, life_ends, life_periods
from planner.problem.warehouse import store
from planner.problem.wearing import wear
from planner.scenario.model import ContinuousTraining, TrainingRun
from planner.scenario.periods import label_end, label_start


@resting()
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
    pending = taken(obliged, pending)
    left_out += cancelled
    most = _most(case, systems, arriving_at, limits)
    stored = store(case, systems, obliged.given_up)
    arriving = {i for i, _ in arriving_at} | {row.system for row in pending} | set(stored.initial)
    placeable, usable = placed_and_on(case, systems, arriving, left_out)
    closed = closed_halls(case, asked, halls)
    left_out += excluded_halls(case, closed, placeable, halls)
    placeable = frozenset(slot for slot in placeable if slot[1:] not in closed)
    idle = idle_shares(case, systems)
    too_late, never_works = never_ready(case, systems, placeable, idle)
    placeable -= too_late
    left_out += never_works
    base, expired = installed_base(case, index)
    moves = move_rows(case, systems, base, closed)
    stands = {slot[:2] for slot in placeable} | set(base)
    usable = frozenset(slot for slot in usable if slot[:2] in stands) | moved_slots(case, systems, moves)
    workable = usable | rented_slots(rents)
    networks = network_rows(case, systems)
    wired = {(i, row.hall): row for row in networks for i in row.attached}
    found_jobs, job_halls = all_jobs(case, systems, workable, wired, left_out)
    ripens = ripening(case)
    drawn = loads(case, systems, halls, usable, wired)
    found_begins = all_begins(case, systems, most, workable, feed, drawn, wired, ripens, left_out)
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
        life_ends=life_ends(case),
        life_periods=life_periods(case),
        racks={(i, h): rack_positions(systems[i], sorted_halls(scenario)[h][1]) for i, h in sorted(cells)},
        allocation=limits,
        carry_over=scenario.supply.carry_over,
        useless=useless,
        jobs=tuple(found_jobs),
        job_halls=job_halls,
        begins=tuple(found_begins),
        ports=ports_of(case, systems, found_jobs, found_begins),
        ported=ported_of(case),
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
        fixed_events=(
            *refunds,
            *(event for row in networks for event in row.kept),
            *standing_cost(scenario, case.regions, prices, lambda: facility_life(case)),
        ),
        subsidy_events=subsidised,
        grant_events=grant_events(case, asked, halls, placeable),
        gone=gone(case, asked, halls, cells),
        exempt=exempt(case, systems, (placeable, usable), gone_before(asked, halls, cells)),
        obliged=obliged,
        parts=parts,
        duties=(*duties, *stops),
        excluded=tuple(left_out),
    )


def _row(system: ResolvedSystem) -> SystemRow:
    return SystemRow(
        system.id, system.accelerator_id, system.vendor, platform_of(system), system.accelerators, system.power_kw
    )


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


def _budget_years(case: Case) -> dict[str, tuple[frozenset[int], float]]:
    limits = {}
    for label, money in case.scenario.budget.per_year.items():
        start, end = label_start(label), label_end(label)
        inside = frozenset(p.index for p in case.calendar if start <= p.start < end)
        limits[label] = (inside, case.prices.money(money, min(inside, default=0)))
    return limits
