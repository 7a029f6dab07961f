"""The plan as tidy tables: one fact a row, plain values. `planner.plan.columns` says what each column means."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from planner.plan.capacity import Capacity
from planner.plan.decisions import Decisions
from planner.plan.loads import Drawn
from planner.plan.output import At, Output, Rates, begin_of
from planner.plan.trajectory import Cell, Trajectory, present
from planner.problem.arrays import Problem
from planner.problem.case import Case
from planner.problem.places import energy_price

if TYPE_CHECKING:
    from planner.plan.plan import Stage

Records = list[dict[str, Any]]


def objectives(stages: "Sequence[Stage]") -> Records:
    """One row per goal, in order of importance."""
    return [
        {
            "rank": rank,
            "objective": stage.name,
            "value": stage.value,
            "bound": stage.bound,
            "gap": stage.gap,
            "unit": stage.unit,
            "tolerance": stage.tolerance,
            "status": stage.status,
        }
        for rank, stage in enumerate(stages, start=1)
    ]


def installs(problem: Problem, decisions: Decisions) -> Records:
    """One row per placement or retirement of systems in a hall."""
    size = {row.id: row.accelerators for row in problem.systems}
    label = [period.label for period in problem.calendar]
    rows = [
        (record.period, record.site, record.hall, record.system, kind, record.count)
        for kind, records in (("install", decisions.installs), ("retire", decisions.retirements))
        for record in records
    ]
    rows += [(move.period, move.site, move.hall, move.system, "move out", move.count) for move in decisions.moves]
    index = {row.id: i for i, row in enumerate(problem.systems)}
    arrives = {(row.system, row.leaves): row.arrives for row in problem.moves}
    rows += [
        (arrives[index[move.system], move.period], move.to_site, move.to_hall, move.system, "move in", move.count)
        for move in decisions.moves
    ]
    return [
        {
            "period": label[t],
            "site": site,
            "hall": hall,
            "system": system,
            "action": kind,
            "systems": count,
            "accelerators": count * size[system],
        }
        for t, site, hall, system, kind, count in sorted(rows)
    ]


NO_WORK = Output()


def fleet(case: Case, problem: Problem, track: Trajectory, work: Mapping[At, Output] | None = None) -> Records:
    """One row per period, hall and system kind in service."""
    halls = {row.id: row for row in problem.halls}
    systems = {row.id: row for row in problem.systems}
    drawn = Drawn(problem, track, case.parameters.load_factor)
    rows: Records = []
    for period in problem.calendar:
        for cell in track.cells:
            t = period.index
            closing = track.fleet[cell][t]
            opening = track.fleet[cell][t - 1] if t else track.base.get(cell, 0)
            if not (opening or closing):
                continue
            system, hall = systems[cell.system], halls[f"{cell.site}/{cell.hall}"]
            on = _at(track.powered, cell, t)
            kw = drawn.it_kw(cell, t)
            mwh = drawn.it_kwh(cell, t) * hall.pue[t] / 1000.0
            facts = case.systems[cell.system]
            pflops = system.accelerators * facts.peak.get("bf16", 0.0) / 1000.0
            done = (work or {}).get((t, cell.site, cell.hall, cell.system), NO_WORK)
            capacity = done.busy * facts.peak.get("bf16", 0.0) / 1000.0 * period.hours / 24.0
            rows.append(
                {
                    "period": period.label,
                    "site": cell.site,
                    "product": cell.system,
                    "hall": cell.hall,
                    "system": cell.system,
                    "accelerator": system.accelerator,
                    "systems_open": opening,
                    "systems_added": _at(track.added, cell, t),
                    "systems_retired": _at(track.retired, cell, t),
                    "systems_close": closing,
                    "systems_installing": _at(track.installing, cell, t),
                    "systems_failed": _at(track.failed, cell, t),
                    "systems_powered": on,
                    "accelerators": closing * system.accelerators,
                    "it_mw": kw / 1000.0,
                    "site_mw": kw * hall.peak_pue[t] / 1000.0,
                    "energy_mwh": mwh,
                    "peak_pflops_bf16": closing * pflops,
                    "peak_pflops_bf16_dense": closing * pflops,
                    "mfu": done.before_goodput / capacity if capacity else None,
                    "goodput": done.goodput,
                    "effective_pflop_days": done.effective,
                    "busy_accelerators": done.busy,
                    "scaleup_domain": facts.scale_up_domain,
                    "jobs_max_accelerators": done.largest_job,
                }
            )
    return rows


def _at(counts: Any, cell: Cell, period: int) -> Any:
    return counts[cell][period] if cell in counts else 0


def sites(case: Case, problem: Problem, decisions: Decisions, track: Trajectory) -> Records:
    """One row per period and hall: power, racks, price of energy and carbon."""
    has, drawn = Capacity(problem, decisions), Drawn(problem, track, case.parameters.load_factor)
    systems = {row.id: i for i, row in enumerate(problem.systems)}
    rows: Records = []
    cur = problem.currency.lower()
    opened = {problem.halls[row.hall].id for row in problem.options if row.closes is not None and row.hall is not None}
    placed = {f"{site.id}/{hall.id}": (site, hall) for site in case.scenario.sites for hall in site.all_halls}
    for period in problem.calendar:
        for h, hall in enumerate(problem.halls):
            if h in problem.rented:
                continue
            site_id, hall_id = hall.id.split("/")
            here = [cell for cell in track.cells if (cell.site, cell.hall) == (site_id, hall_id)]
            t = period.index
            kw = sum(drawn.it_kw(cell, t) for cell in here)
            racks = sum(present(track, cell, t) * problem.racks[systems[cell.system], h] for cell in here)
            it_kwh = sum(drawn.it_kwh(cell, t) for cell in here)
            mwh = it_kwh * hall.pue[t] / 1000.0
            litres = [c.litres_per_kwh for c in case.prices.running if c.counted == "water" and c.at(site_id)]
            energy = energy_price(placed[hall.id][0], case.regions[site_id], hall.pue[t], case.prices, period)
            rows.append(
                {
                    "period": period.label,
                    "site": site_id,
                    "hall": hall_id,
                    "cooling": hall.cooling,
                    "it_mw_cap": has.it_kw(h, t) / 1000.0,
                    "it_mw_used": kw / 1000.0,
                    "headroom_mw": (has.it_kw(h, t) - kw) / 1000.0,
                    "grid_mw_cap": has.grid_kw(hall.site, t) / 1000.0,
                    "grid_mw_used": kw * hall.peak_pue[t] / 1000.0,
                    "racks": has.racks(h, t),
                    "racks_used": racks,
                    "rack_kw_limit": placed[hall.id][1].rack_power,
                    "pue": hall.pue[t],
                    f"tariff_{cur}_per_kwh": energy.tariff * case.prices.escalation("energy", t),
                    "carbon_kg_per_kwh": energy.carbon,
                    "water_m3": sum(litres) * it_kwh / 1000.0 if litres else None,
                    "retrofit_mw": has.it_kw(h, t) / 1000.0 if hall.id in opened else 0.0,
                    "energy_mwh": mwh,
                    "co2_t": mwh * problem.sites[hall.site].carbon[t],
                }
            )
    return rows


def targets(problem: Problem, decisions: Decisions) -> Records:
    """One row per period and divisible workload, one per token budget of it, and one per coherent run."""
    rate = Rates(problem, decisions)
    rows: Records = []
    for stream in problem.streams:
        delivered: dict[int, float] = defaultdict(float)
        for job in decisions.jobs:
            if job.workload == stream.id:
                delivered[job.period] += job.jobs * rate.of(job)
        short = {s.period: s.tokens_per_s for s in decisions.shortfalls if s.workload == stream.id}
        rows += [
            {
                "workload": stream.id,
                "kind": "continuous",
                "period": period.label,
                "required": stream.target[period.index],
                "delivered": delivered[period.index],
                "shortfall": short.get(period.index, 0.0),
                "unit": "tokens/s",
            }
            for period in problem.calendar
        ]
        trained = [delivered[p.index] * p.hours * 3600.0 for p in problem.calendar]
        late = {b.period: b.tokens for b in decisions.behind if b.workload == stream.id}
        rows += [
            {
                "workload": stream.id,
                "kind": "budget",
                "period": problem.calendar[budget.last].label,
                "required": budget.tokens,
                "delivered": sum(trained[: budget.last + 1]),
                "shortfall": late.get(budget.last, 0.0),
                "unit": "tokens",
            }
            for budget in stream.budgets
        ]
    return rows + _runs(problem, decisions)


def _runs(problem: Problem, decisions: Decisions) -> Records:
    rows: Records = []
    for start in decisions.starts:
        begin = begin_of(problem, decisions, start)
        last = begin.occupancy[-1][0]
        rows.append(
            {
                "workload": start.workload,
                "kind": "run",
                "period": problem.calendar[last].label,
                "required": begin.share,
                "delivered": begin.share,
                "shortfall": 0.0,
                "unit": "runs",
                "system": start.system,
                "accelerators": start.accelerators,
                "site": start.site,
                "hall": start.hall,
                "start": problem.calendar[start.period].label,
                "days": sum(share * problem.calendar[t].hours for t, share in begin.occupancy) / 24.0,
                "tokens_per_s": begin.rate,
            }
        )
    for missed in decisions.missed:
        rows.append(
            {
                "workload": missed.workload,
                "kind": "run",
                "period": problem.calendar[-1].label,
                "required": 1.0,
                "delivered": 0.0,
                "shortfall": 1.0,
                "unit": "runs",
            }
        )
    return rows


def jobs(problem: Problem, decisions: Decisions) -> Records:
    """One row per period, workload, system and hall: concurrent jobs and their throughput."""
    rate = Rates(problem, decisions)
    label = [period.label for period in problem.calendar]
    return [
        {
            "period": label[job.period],
            "workload": job.workload,
            "site": job.site,
            "hall": job.hall,
            "system": job.system,
            "accelerators_per_job": job.accelerators,
            "beside": job.beside,
            "beside_accelerators": job.beside_accelerators or 0,
            "jobs": job.jobs,
            "network": job.network,
            "tokens_per_s": job.jobs * rate.of(job),
            "software_efficiency": rate.efficiency(job),
        }
        for job in sorted(decisions.jobs, key=lambda j: (j.period, j.workload, j.site, j.hall, j.system))
    ]
