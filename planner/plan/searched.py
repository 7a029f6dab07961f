"""What a search found, read back place by place: also where alike places were planned as one."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from planner.optimize.highs import Relaxation, Solver
from planner.optimize.model import assemble
from planner.optimize.outcome import Limits, Outcome, Progress, Stop
from planner.optimize.outside import mps
from planner.optimize.program import Row
from planner.optimize.spread import Layer, Place, by_row, count, parts, placed_columns, places_of, row_places, total
from planner.optimize.stages import Reached, staged
from planner.optimize.together import together
from planner.plan.binding import ENLARGED, Limit, limits
from planner.plan.decisions import Decisions
from planner.plan.entry import Duals, duals
from planner.plan.extract import extract, together_of
from planner.problem.alike import Alike, Groups, alike
from planner.problem.arrays import Problem


def searched(
    problem: Problem,
    limits: Limits,
    program: Callable[[str], None] | None = None,
    progress: Callable[[str, float], Progress] | None = None,
    stop: Stop | None = None,
    start: Mapping[str, float] | None = None,
    *,
    merge: bool = True,
    held: Mapping[str, float] | None = None,
) -> "Searched":
    """Search a problem; alike places are planned as one (`merge`, unless goals are `held`) and shared out again.

    Where that cannot be shared out the whole program is searched. `program` is given the program as an MPS file.
    Raises EmptyRowError for a limit that nothing in the program can meet.
    """
    merged = alike(problem) if merge and not held else None
    if merged is None:
        return _whole(problem, limits, program, progress, stop, start, held)
    began = time.monotonic()
    solver = Solver(assemble(merged.merged), limits)
    if program is not None:
        program(mps(solver))
    given = None if start is None else _summed(start, places_of(solver, merged))
    found = together(solver, merged, progress, stop, given)
    if found.outcome.status == "infeasible" or found.outcome.values is None:
        return Searched(solver, found.outcome, found.reached)
    if found.layers is not None:
        return Searched(solver, found.outcome, found.reached, merged, found.layers)
    if limits.time_limit is not None:
        limits = replace(limits, time_limit=max(0.05, limits.time_limit - (time.monotonic() - began)))
    return _whole(problem, limits, program, progress, stop, start)


def _whole(
    problem: Problem,
    limits: Limits,
    program: Callable[[str], None] | None,
    progress: Callable[[str, float], Progress] | None,
    stop: Stop | None,
    start: Mapping[str, float] | None,
    held: Mapping[str, float] | None = None,
) -> "Searched":
    solver = Solver(assemble(problem), limits)
    if program is not None:
        program(mps(solver))
    return Searched(solver, *staged(solver, progress, stop, start, held))


def _summed(values: Mapping[str, float], names: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    """Values by name with those of alike places added up."""
    return {**values, **{name: sum(values.get(each, 0.0) for each in all_of) for name, all_of in names.items()}}


@dataclass(frozen=True)
class Searched:
    """A solution of a program, or of the merged program with its values shared out in `layers`."""

    solver: Solver
    outcome: Outcome
    reached: tuple[Reached, ...]
    alike: Alike | None = None
    layers: tuple[Layer, ...] = ()
    """In layer n what is decided for the n-th place of each group, in the first everything else too."""

    @cached_property
    def values(self) -> Layer:
        """Values by the id of a variable, alike places together."""
        if self.layers:
            return total(self.layers)
        pairs = zip(self.solver.columns, self.outcome.values or (), strict=True)
        return {var.id: value for var, value in pairs}

    @cached_property
    def decisions(self) -> Decisions:
        """What is decided, place by place."""
        program = self.solver.program
        if self.alike is None:
            return extract(program, self.values)
        parts = [
            extract(replace(program, problem=_renamed(self.alike, program.problem, n)), layer)
            for n, layer in enumerate(self.layers)
        ]
        return together_of(parts)

    @property
    def columns(self) -> dict[str, float]:
        """Columns of the whole program by name, without zeros."""
        if self.alike is None:
            return {var.name: self.values[var.id] for var in self.solver.columns if self.values[var.id]}
        names = places_of(self.solver, self.alike)
        found: dict[str, float] = {}
        for var in self.solver.columns:
            for name, layer in zip(names.get(var.name, (var.name,)), self.layers, strict=False):
                if layer[var.id]:
                    found[name] = layer[var.id]
        return found

    def limits(self, relaxation: Relaxation | None) -> tuple[Limit, ...]:
        """What binds, place by place."""
        program = self.solver.program
        if self.alike is None:
            return limits(program, self.values, relaxation)
        whole, reading = self.alike.whole, _Reading(self.solver, self.alike, self.layers)
        found = limits(program, self.values, relaxation, reading.each)
        names = [h.id for h in whole.halls] + [s.id for s in whole.sites] + [o.id for o in whole.options]
        position = {name: n for n, name in enumerate(names)}
        first: dict[str, int] = {}
        for limit in found:
            first.setdefault(limit.name, len(first))

        def order(limit: Limit) -> tuple[int, int]:
            at = limit.item if limit.name == "expand_times" else limit.site
            return first[limit.name], position.get(at or "", 0) if limit.name in BY_PLACE else 0

        return tuple(sorted(found, key=order))

    def duals(self, relaxation: Relaxation) -> Duals:
        """Duals of the relaxation: one unit more of a limit is worth the same in each of alike places."""
        found = dict(duals(self.solver.program, relaxation))
        if self.alike is not None:
            reading = _Reading(self.solver, self.alike, self.layers)
            for row in self.solver.program.rows:
                dual = found[row.constraint, row.item, row.site, row.period]
                for site, item in reading.names(row):
                    found[row.constraint, item, site, row.period] = dual
        return found


BY_PLACE = frozenset({"hall_power", "site_power", "runs_fed", "rack_positions", "removal", "expand_times"})
"""Limits of single halls, sites and options, in their order."""


class _Reading:
    """Limits of the merged program as those of each place."""

    def __init__(self, solver: Solver, alike: Alike, layers: tuple[Layer, ...]) -> None:
        self.solver, self.alike, self.layers, self.terms = solver, alike, layers, by_row(solver)
        columns = placed_columns(solver.program, alike)
        self.place = {column.at: column.place for column in columns}
        self.of_row = row_places(solver.program, alike, self.place, self.terms)
        self.bought = {var.id for var in solver.program.v.expand.values()}
        self.option = {alike.whole.options[m].id: group for m, group in alike.options.items()}

    def each(self, row: Row, limit: Limit) -> Iterator[Limit]:
        """A limit of a group as that of each of its places."""
        place = self.of_row.get(row.id)
        if place is None:
            yield limit
            return
        for n in range(count(self.alike, place)):
            used, more = self._activity(row, place, n)
            own = (row.rhs / count(self.alike, place) + more) * row.scale
            site, item = self._named(row, place, n)
            yield replace(limit, site=site, item=item, lhs=used * row.scale, rhs=own)

    def names(self, row: Row) -> Iterator[tuple[str | None, str | None]]:
        """Site and item of the rows of which one is the sum."""
        if (place := self.of_row.get(row.id)) is not None:
            yield from (self._named(row, place, n) for n in range(count(self.alike, place)))

    def _named(self, row: Row, place: Place, n: int) -> tuple[str | None, str | None]:
        """Site and item of the row of the n-th place."""
        whole = self.alike.whole
        if row.constraint == "expand_times":
            option = whole.options[self.option[row.item or ""][n]]
            return whole.sites[option.site].id, option.id
        if place.site:
            return whole.sites[self.alike.sites[place.first][n]].id, row.item
        hall = whole.halls[self.alike.halls[place.first][n]]
        return (hall.id if row.site == whole.halls[place.first].id else whole.sites[hall.site].id), row.item

    def _activity(self, row: Row, place: Place, n: int) -> tuple[float, float]:
        """What the n-th place uses of a limit, and what it adds to it."""
        used = more = 0.0
        for at, coefficient in self.terms[row.id]:
            var = self.solver.columns[at]
            value = sum(self.layers[k][var.id] * factor for k, factor in parts(self.alike, self.place[at], place, n))
            if var.id in self.bought and row.constraint in ENLARGED:
                more -= value * coefficient / row.factor
            else:
                used += value * coefficient / row.factor
        return used, more


def _renamed(alike: Alike, problem: Problem, n: int) -> Problem:
    """The merged problem with the n-th place of each group in the place of its first."""

    def named[T](groups: Groups, merged: tuple[T, ...], whole: tuple[T, ...]) -> tuple[T, ...]:
        rows = list(merged)
        for first, group in groups.items():
            rows[first] = whole[group[min(n, len(group) - 1)]]
        return tuple(rows)

    halls = named(alike.halls, problem.halls, alike.whole.halls)
    return replace(problem, halls=halls, options=named(alike.options, problem.options, alike.whole.options))
