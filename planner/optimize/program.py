"""The program under construction: the PuLP problem, its variables, and a register of its rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import log2
from typing import TYPE_CHECKING, Literal, NamedTuple

from planner.optimize.variables import Variables
from planner.problem.arrays import Problem

if TYPE_CHECKING:
    from pulp import LpAffineExpression, LpProblem, LpVariable

Sense = Literal["<=", ">=", "=="]
_SENSES: dict[Sense, int] = {"<=": -1, "==": 0, ">=": 1}
"""As PuLP numbers them (pulp.LpConstraintLE and so on)."""

FAR = 3.0
"""Powers of two from 1 at which the middle of a row's coefficients makes it one to be scaled."""

NEAR = 2.0 ** (2.0 * FAR - 1.0)
"""Product of the least and largest size in a row, or its inverse, up to which their middle is surely near 1."""

Terms = "Iterable[tuple[LpVariable, float]]"


class Row(NamedTuple):
    """One row of the program: which constraint it belongs to and what it is about."""

    constraint: str
    """Name of the function that added it."""
    id: int
    """Row number at the solver."""
    sense: Sense
    rhs: float
    unit: str
    scale: float = 1.0
    """What `rhs` and the row's activity are multiplied by to be in `unit`."""
    period: int | None = None
    site: str | None = None
    item: str | None = None
    factor: float = 1.0
    """What the solver's row is of the row as written: a power of two."""
    variables: tuple[int, ...] = ()
    """Ids of its variables, each once."""
    values: tuple[float, ...] = ()
    """Their coefficients at the solver."""


@dataclass
class Program:
    """A problem being written down for a solver; constraints add rows through `add`."""

    problem: Problem
    lp: "LpProblem"
    v: Variables
    elastic: bool = False
    impossible: bool = False
    """Whether rows that nothing can meet are written down: for a file of a program that has no solution."""
    rows: list[Row] = field(default_factory=list)
    parts: "tuple[Program, ...]" = ()
    """Of a program that holds several worlds: that of each."""

    def add(
        self,
        constraint: str,
        terms: "Iterable[tuple[LpVariable, float]]",
        sense: Sense,
        rhs: float,
        *,
        unit: str,
        scale: float = 1.0,
        period: int | None = None,
        site: str | None = None,
        item: str | None = None,
    ) -> None:
        """Add the row `sum(coefficient * variable) sense rhs`; a row without variables is checked at once.

        Raises ValueError when a row without variables is violated: the problem's builder has to refuse
        such data before it comes here.
        """
        pairs = [(variable, coefficient) for variable, coefficient in terms if coefficient]
        if not pairs:
            if not ((sense != ">=" and rhs < -1e-9) or (sense != "<=" and rhs > 1e-9)):
                return
            if not self.impossible:
                name = ",".join(str(part) for part in (item, site, period) if part is not None)
                raise EmptyRowError(constraint, name, sense, rhs * scale, unit)
        values = [coefficient for _, coefficient in pairs]
        factor = _factor(values) if pairs else 1.0
        if factor != 1.0:
            values = [factor * coefficient for coefficient in values]
            pairs = [(variable, factor * coefficient) for variable, coefficient in pairs]
        ids = [variable.id for variable, _ in pairs]
        if len(set(ids)) < len(ids):
            ids, values = _each_once(ids, values)
        expression = self._expression.from_list(pairs, -factor * rhs)
        expression.sense = _SENSES[sense]
        row = self.lp.addConstraint(expression)
        told = (constraint, row.id, sense, rhs, unit, scale, period, site, item, factor)
        self.rows.append(Row(*told, tuple(ids), tuple(values)))

    @cached_property
    def _expression(self) -> "type[LpAffineExpression]":
        from pulp import LpAffineExpression

        return LpAffineExpression


def _each_once(ids: list[int], values: list[float]) -> tuple[list[int], list[float]]:
    """Terms put together by variable, without those that come to nothing."""
    sums: dict[int, float] = {}
    for id, value in zip(ids, values, strict=True):
        sums[id] = sums.get(id, 0.0) + value
    found = {id: value for id, value in sums.items() if value}
    return list(found), list(found.values())


def _factor(coefficients: list[float]) -> float:
    """The power of two that brings the middle of a row's coefficients near 1, where it is far from it.

    Exact in binary, and the same for every order of the terms.
    """
    sizes = list(map(abs, coefficients))
    least, most = min(sizes), max(sizes)
    if 1.0 / NEAR < least * most < NEAR:
        return 1.0
    centre = log2(least) / 2 + log2(most) / 2
    return 1.0 if abs(centre) < FAR else 2.0 ** -round(centre)


class EmptyRowError(Exception):
    """A limit that nothing in the program can meet: no variable has a part in it."""

    def __init__(self, constraint: str, name: str, sense: str, rhs: float, unit: str) -> None:
        self.wanted = f"{sense} {rhs:,.6g} {unit}"
        super().__init__(f"{constraint}[{name}]: nothing can reach {self.wanted}")
        self.constraint = constraint
        self.name = name
