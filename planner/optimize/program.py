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
        factor = _factor([coefficient for _, coefficient in pairs]) if pairs else 1.0
        if factor != 1.0:
            pairs = [(variable, factor * coefficient) for variable, coefficient in pairs]
        expression = self._expression.from_list(pairs, -factor * rhs)
        expression.sense = _SENSES[sense]
        row = self.lp.addConstraint(expression)
        self.rows.append(Row(constraint, row.id, sense, rhs, unit, scale, period, site, item, factor))

    @cached_property
    def _expression(self) -> "type[LpAffineExpression]":
        from pulp import LpAffineExpression

        return LpAffineExpression


def _factor(coefficients: list[float]) -> float:
    """The power of two that brings the middle of a row's coefficients near 1, where it is far from it.

    Exact in binary, and the same for every order of the terms.
    """
    sizes = [abs(coefficient) for coefficient in coefficients]
    centre = log2(min(sizes)) / 2 + log2(max(sizes)) / 2
    return 1.0 if abs(centre) < FAR else 2.0 ** -round(centre)


class EmptyRowError(Exception):
    """A limit that nothing in the program can meet: no variable has a part in it."""

    def __init__(self, constraint: str, name: str, sense: str, rhs: float, unit: str) -> None:
        self.wanted = f"{sense} {rhs:,.6g} {unit}"
        super().__init__(f"{constraint}[{name}]: nothing can reach {self.wanted}")
        self.constraint = constraint
        self.name = name
