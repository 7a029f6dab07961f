"""What was decided for alike places together is shared out among them: a small program of its own.

A row about one hall of the merged program is the sum of the same row of each of its halls, so each of these is
known from it: the same coefficients, and its part of the right side. What rows over all halls and the objective read
is held in sum: whatever is found costs the same and keeps them. Groups are shared out one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planner.optimize.highs import Solver
from planner.optimize.program import Program
from planner.problem.alike import Alike

if TYPE_CHECKING:
    from pulp import LpVariable

Layer = dict[int, float]
"""Values by the id of a variable."""

OPTIONS = {
    "output_flag": False,
    "random_seed": 0,
    "threads": 1,
    "mip_feasibility_tolerance": 1e-7,
    "mip_max_nodes": 300,
}
"""Of the solver; nodes, not seconds, limit a search: the answer is the same everywhere."""

TINY = 1e-6
"""What is decided of less is nothing: the solver's own tolerance, where nothing stands to do it."""

ROOM = 1e-8
"""Relative room for sums of fractions, for the solver's own tolerance."""

OF_SITES = frozenset({"site_power", "runs_fed"})
"""Constraints with rows about one site, among alike ones."""

OF_COLUMNS = frozenset({"expand_times", "on_at_once"})
"""Constraints with rows that bear the name of a site and are about the hall, or the site, of their first column."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A group of alike halls or sites, by its first."""

    site: bool
    first: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the merged program that is decided for each place of a group."""

    at: int
    place: Place
    summed: bool
    """Whether its sum is held: something beside the rows of the place reads it."""
    single: bool = False
    """Whether it is one at most for all places together."""


@dataclass(slots=True)
class _Rows:
    """Rows under construction."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    start: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def add(self, terms: Mapping[int, float], lower: float, upper: float) -> None:
        self.index += list(terms)
        self.value += list(terms.values())
        self.start.append(len(self.index))
        self.lower.append(lower)
        self.upper.append(upper)


def spread(solver: Solver, alike: Alike, values: tuple[float, ...]) -> tuple[Layer, ...] | None:
    """Values of the merged program shared out: in layer n the n-th place of each group, in the first all else too.

    None where a group cannot be shared out: its halls do not hold one by one what they would hold together.
    """
    columns = {column.at: column for column in placed_columns(solver.program, alike)}
    layers: list[Layer] = [{} for _ in range(max(len(group) for group in alike.halls.values()))]
    for at, var in enumerate(solver.columns):
        for n, layer in enumerate(layers):
            layer[var.id] = 0.0 if at in columns or n else values[at]
    matrix = by_row(solver)
    for site, halls in sorted(_blocks(alike).items()):
        block = _Block(solver, alike, values, columns, site, halls)
        found = block.solved(matrix)
        if found is None:
            return None
        for (at, n), value in found.items():
            layers[n][solver.columns[at].id] = value
    return tuple(layers)


def _blocks(alike: Alike) -> dict[tuple[int, int], tuple[int, ...]]:
    """What is shared out at once: the halls of a group of sites, or one group of halls; by (site or -1, first hall)."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for h in alike.halls:
        site = alike.whole.halls[h].site
        found[(site, -1) if site in alike.sites else (-1, h)].append(h)
    return {key: tuple(halls) for key, halls in found.items()}


def placed_columns(program: Program, alike: Alike) -> Iterator[Column]:
    """The columns of places in groups."""
    problem, v = program.problem, program.v
    at = {var.id: j for j, var in enumerate(program.lp.exported_variables())}

    def of_hall(var: "LpVariable", h: int, *, summed: bool, single: bool = False) -> Iterator[Column]:
        if h in alike.halls:
            yield Column(at[var.id], Place(False, h), summed, single)

    for group in (v.install, v.retire, v.powered, v.spare, v.jobs):
        for key, var in group.items():
            yield from of_hall(var, key[1], summed=True)
    for group in (v.fleet, v.failed, v.scrap, v.at_once, v.running, v.wired):
        for key, var in group.items():
            yield from of_hall(var, key[1], summed=False)
    for n, var in v.begin.items():
        yield from of_hall(var, problem.begins[n].hall, summed=True, single=True)
    for (m, _), var in v.expand.items():
        option = problem.options[m]
        if option.hall is not None:
            yield from of_hall(var, option.hall, summed=True)
        elif option.site in alike.sites:
            yield Column(at[var.id], Place(True, option.site), True)


def by_row(solver: Solver) -> list[list[tuple[int, float]]]:
    """The terms of each row, by column."""
    import highspy

    matrix = solver.highs.getLp().a_matrix_
    start, index, value = list(matrix.start_), list(matrix.index_), list(matrix.value_)
    if matrix.format_ == highspy.MatrixFormat.kRowwise:
        return [list(zip(index[a:b], value[a:b], strict=True)) for a, b in pairwise(start)]
    found: list[list[tuple[int, float]]] = [[] for _ in range(solver.highs.getNumRow())]
    for column, (a, b) in enumerate(pairwise(start)):
        for k in range(a, b):
            found[index[k]].append((column, value[k]))
    return found


class _Block:
    """One group of halls, or of sites with all their halls, to be shared out."""

    def __init__(
        self,
        solver: Solver,
        alike: Alike,
        values: tuple[float, ...],
        columns: Mapping[int, Column],
        key: tuple[int, int],
        halls: tuple[int, ...],
    ) -> None:
        self.solver, self.alike, self.values = solver, alike, values
        self.halls, self.site = frozenset(halls), key[0]
        self.columns = {at: column for at, column in columns.items() if self._here(column.place)}
        self.named = {row.id: row for row in solver.program.rows}
        self.number: dict[tuple[int, int], int] = {}
        """(column of the merged program, place) -> column of this program."""

    def _here(self, place: Place) -> bool:
        return place.first == self.site if place.site else place.first in self.halls

    def solved(self, matrix: list[list[tuple[int, float]]]) -> dict[tuple[int, int], float] | None:
        """Values by (column, place); None without any."""
        import highspy
        import numpy as np

        kind: Any = highspy.Highs
        program, (lower, upper, kinds) = kind(), self._numbered()
        rows = self._rows(matrix)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(lower), len(rows.lower)
        model.col_cost_ = np.zeros(len(lower))
        model.col_lower_, model.col_upper_ = np.array(lower), np.array(upper)
        model.row_lower_, model.row_upper_ = np.array(rows.lower), np.array(rows.upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(rows.start, dtype=np.int32)
        model.a_matrix_.index_ = np.array(rows.index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(rows.value)
        model.integrality_ = [
            highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in kinds
        ]
        for option, value in OPTIONS.items():
            program.setOptionValue(option, value)
        program.passModel(model)
        program.run()
        status = program.getInfo().primal_solution_status
        if status != highspy.SolutionStatus.kSolutionStatusFeasible.value:
            return None
        found: Any = program.getSolution().col_value
        return {key: _clean(float(found[k]), whole=kinds[k]) for key, k in self.number.items()}

    def _numbered(self) -> tuple[list[float], list[float], list[bool]]:
        """Bounds and kinds of the columns that are not nothing."""
        lower: list[float] = []
        upper: list[float] = []
        kinds: list[bool] = []
        _, most = self.solver.all_bounds()
        for at, column in self.columns.items():
            if column.summed and self.values[at] <= TINY:
                continue
            places = count(self.alike, column.place)
            for n in range(places):
                self.number[at, n] = len(lower)
                lower.append(0.0)
                upper.append(float(most[at]) if column.single else float(most[at]) / places)
                kinds.append(self.solver.columns[at].cat != "Continuous")
        return lower, upper, kinds

    def _rows(self, matrix: list[list[tuple[int, float]]]) -> _Rows:
        """The row of each place, and the sums that are held."""
        rows, lp = _Rows(), self.solver.highs.getLp()
        least, most = list(lp.row_lower_), list(lp.row_upper_)
        place_of = {at: column.place for at, column in self.columns.items()}
        for k, place in row_places(self.solver.program, self.alike, place_of, matrix).items():
            if not self._here(place):
                continue
            places = count(self.alike, place) / self._mean(k, place)
            rest = sum(c * self.values[at] for at, c in matrix[k] if at not in self.columns)
            terms = [(at, c * self._mean(k, place)) for at, c in matrix[k]]
            for n in range(count(self.alike, place)):
                rows.add(self._terms(terms, place, n), (least[k] - rest) / places, (most[k] - rest) / places)
        for at, column in self.columns.items():
            if (at, 0) in self.number and column.summed:
                whole = self.solver.columns[at].cat != "Continuous"
                total = float(round(self.values[at])) if whole else self.values[at]
                room = 0.0 if whole else ROOM * max(1.0, total)
                each = {self.number[at, n]: 1.0 for n in range(count(self.alike, column.place))}
                rows.add(each, total - room, total + room)
        return rows

    def _mean(self, row: int, place: Place) -> int:
        """Halls of a site of which a row is the mean: one that asks the site about each hall; else it is their sum."""
        found = self.named[row]
        if place.site or found.constraint != "on_at_once" or found.site == self.alike.whole.halls[place.first].id:
            return 1
        return self.alike.merged.copies.in_site(place.first, self.alike.whole.halls[place.first].site)

    def _terms(self, terms: Iterable[tuple[int, float]], place: Place, n: int) -> dict[int, float]:
        """Terms of the row of the n-th place of a group."""
        found: dict[int, float] = {}
        for at, coefficient in terms:
            if (at, 0) not in self.number:
                continue
            for k, factor in parts(self.alike, self.columns[at].place, place, n):
                found[self.number[at, k]] = found.get(self.number[at, k], 0.0) + factor * coefficient
        return found


def _clean(value: float, *, whole: bool) -> float:
    if whole:
        return float(round(value))
    return value if value > TINY else 0.0


def row_places(
    program: Program, alike: Alike, place_of: Mapping[int, Place], matrix: list[list[tuple[int, float]]]
) -> dict[int, Place]:
    """Rows that are about one place of a group; `place_of` a column."""
    whole = alike.whole
    hall = {whole.halls[h].id: Place(False, h) for h in alike.halls}
    site = {whole.sites[s].id: Place(True, s) for s in alike.sites}
    found: dict[int, Place] = {}
    for row in program.rows:
        if row.site in hall:
            found[row.id] = hall[row.site]
        elif row.constraint in OF_COLUMNS:
            of = sorted(place_of[at] for at, _ in matrix[row.id] if at in place_of)
            if of:
                found[row.id] = of[0]
        elif row.constraint in OF_SITES and row.site in site:
            found[row.id] = site[row.site]
    return found


def parts(alike: Alike, of: Place, place: Place, n: int) -> Iterator[tuple[int, float]]:
    """Which places of the group `of` the row of the n-th place of another reads, and how much of each."""
    if of == place:
        yield n, 1.0
    elif place.site:  # a site reads its halls
        each = count(alike, of) // count(alike, place)
        yield from ((k, 1.0) for k in range(n * each, (n + 1) * each))
    elif of.site:  # a hall reads its site; the merged row has its site once for each of its halls
        each = count(alike, place) // count(alike, of)
        yield n // each, 1.0 / each


def count(alike: Alike, place: Place) -> int:
    """Places in a group."""
    return len((alike.sites if place.site else alike.halls)[place.first])


def total(layers: Iterable[Layer]) -> Layer:
    """The values of all places together."""
    found: Layer = {}
    for layer in layers:
        for at, value in layer.items():
            found[at] = found.get(at, 0.0) + value
    return found


def places_of(solver: Solver, alike: Alike) -> dict[str, tuple[str, ...]]:
    """Name of a column of places in groups -> its names in the whole program, place by place."""
    whole, found = alike.whole, {}
    option = {f"expand[{whole.options[m].id},": group for m, group in alike.options.items()}
    for column in placed_columns(solver.program, alike):
        name, first = solver.columns[column.at].name, column.place.first
        head = next((head for head in option if name.startswith(head)), None)
        if head is not None:
            tail = name[len(head) :]
            found[name] = tuple(f"expand[{whole.options[m].id},{tail}" for m in option[head])
        else:
            mine = f",{whole.halls[first].id},"
            found[name] = tuple(name.replace(mine, f",{whole.halls[h].id},") for h in alike.halls[first])
    return found
