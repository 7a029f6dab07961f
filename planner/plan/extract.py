"""From the solver's columns to decisions: whole numbers are made whole, zeros dropped, lists sorted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from planner.optimize.program import Program
from planner.optimize.variables import Variables
from planner.plan.decisions import (
    Accepted,
    Attachment,
    Behind,
    Decisions,
    Expansion,
    Install,
    Jobs,
    Missed,
    Move,
    Order,
    Port,
    Powered,
    Rental,
    Retirement,
    Shortfall,
    Spare,
    Start,
    Surrender,
)
from planner.problem.arrays import Problem

if TYPE_CHECKING:
    from pulp import LpVariable

TINY = 1e-7
"""Continuous values below this are numerical noise."""


def extract(program: Program, values: Mapping[int, float]) -> Decisions:
    """Decisions of a solution; `values` by the id of the variable."""
    problem, v = program.problem, program.v
    systems = [row.id for row in problem.systems]
    places = [(problem.sites[hall.site].id, hall.id.split("/", 1)[-1]) for hall in problem.halls]

    options = [row.id.split("/", 1) for row in problem.options]

    def whole(variables: "Mapping[tuple[int, ...], LpVariable]") -> list[tuple[tuple[int, ...], int]]:
        rounded = ((key, round(values[var.id])) for key, var in variables.items())
        return [(key, count) for key, count in rounded if count]

    jobs = []
    for (j, h, t), var in v.jobs.items():
        job, value = problem.jobs[j], values[var.id]
        if value > TINY:
            system = problem.systems[job.system]
            size = job.units * system.accelerators
            record = Jobs(problem.streams[job.stream].id, system.id, size, *places[h], t, value, job.network)
            if job.beside is not None:
                other, count = problem.systems[job.beside[0]], job.beside[1]
                record = replace(record, beside=other.id, beside_accelerators=count * other.accelerators)
            jobs.append(record)
    starts = [
        Start(
            problem.runs[begin.run].id,
            systems[begin.system],
            begin.units * problem.systems[begin.system].accelerators,
            *places[begin.hall],
            begin.period,
            begin.network,
        )
        for n, begin in enumerate(problem.begins)
        if values[v.begin[n].id] > 0.5
    ]
    shortfalls = [
        Shortfall(problem.streams[w].id, t, values[var.id] * problem.streams[w].target[t])
        for (w, t), var in v.shortfall.items()
        if values[var.id] > TINY
    ]
    return Decisions(
        orders=tuple(sorted(Order(systems[i], t, n) for (i, t), n in whole(v.order))),
        installs=tuple(sorted(Install(systems[i], *places[h], t, n) for (i, h, t), n in whole(v.install))),
        retirements=tuple(
            sorted(
                Retirement(systems[i], *places[h], t, n, _scrapped(v, values, (i, h, t)))
                for (i, h, t), n in whole(v.retire)
            )
        ),
        powered=tuple(
            sorted(
                Powered(systems[i], *places[h], t, values[var.id])
                for (i, h, t), var in v.powered.items()
                if values[var.id] > TINY
            )
        ),
        jobs=tuple(sorted(jobs, key=_order)),
        starts=tuple(sorted(starts)),
        missed=tuple(Missed(problem.runs[w].id) for w, var in v.missed.items() if values[var.id] > 0.5),
        ports=tuple(sorted(Port(f, p, t) for (f, p, t), var in v.port.items() if values[var.id] > 0.5)),
        shortfalls=tuple(sorted(shortfalls)),
        accepted=tuple(Accepted(problem.pending[o].id) for o, var in v.accept.items() if values[var.id] > 0.5),
        behind=tuple(sorted(_behind(program, values))),
        expansions=tuple(sorted(Expansion(options[m][0], options[m][1], t, n) for (m, t), n in whole(v.expand))),
        rentals=tuple(sorted(Rental(problem.rents[r].id, t, n) for (r, t), n in whole(v.rent))),
        moves=_moves(problem, systems, places, values, v),
        spares=tuple(
            sorted(
                Spare(systems[i], *places[h], t, values[var.id])
                for (i, h, t), var in v.spare.items()
                if values[var.id] > TINY
            )
        ),
        attachments=tuple(sorted(_attachments(problem, places, values, v))),
        surrenders=tuple(
            sorted(
                Surrender(systems[i], t, values[var.id]) for (i, t), var in v.surrender.items() if values[var.id] > TINY
            )
        ),
    )


def together_of(parts: Iterable[Decisions]) -> Decisions:
    """The decisions of several parts of a plan as those of one."""
    lists = {f.name: [record for part in parts for record in getattr(part, f.name)] for f in fields(Decisions)}
    return Decisions(**{name: tuple(sorted(records, key=_order)) for name, records in lists.items()})


def _order(job: Any) -> tuple[tuple[bool, Any], ...]:
    """Fields of a record; what is left open comes first."""
    return tuple((value is not None, value or 0) for value in asdict(job).values())


def _scrapped(v: Variables, values: Mapping[int, float], key: tuple[int, ...]) -> float | None:
    """Failed systems among those that are retired; None: none."""
    scrapped = values[v.scrap[key].id] if key in v.scrap else 0.0
    return scrapped if scrapped > TINY else None


def _attachments(
    problem: Problem, places: list[tuple[str, str]], values: Mapping[int, float], v: Variables
) -> Iterator[Attachment]:
    """Ports bought."""
    for (n, k, t), var in v.attach.items():
        row, count = problem.networks[n], round(values[var.id])
        if count:
            yield Attachment(*places[row.hall], row.levels[k].offer, t, count)


def _behind(program: Program, values: Mapping[int, float]) -> Iterator[Behind]:
    for (w, k), var in program.v.behind.items():
        stream = program.problem.streams[w]
        if values[var.id] > TINY:
            yield Behind(stream.id, stream.budgets[k].last, values[var.id] * stream.budgets[k].tokens)


def _moves(
    problem: Problem, systems: list[str], places: list[tuple[str, str]], values: Mapping[int, float], v: Variables
) -> tuple[Move, ...]:
    """Systems that move, by way and period."""
    found = [(problem.moves[m], round(values[var.id])) for m, var in v.move.items()]
    return tuple(
        sorted(
            Move(systems[row.system], *places[row.source], *places[row.target], row.leaves, count)
            for row, count in found
            if count
        )
    )
