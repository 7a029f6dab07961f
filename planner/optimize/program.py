"""The program under construction: the PuLP problem, its variables, and a register of its rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from planner.optimize.variables import Variables
from planner.problem.arrays import Problem

if TYPE_CHECKING:
    from pulp import LpProblem, LpVariable

Sense = Literal["<=", ">=", "=="]
Terms = "Iterable[tuple[LpVariable, float]]"


@dataclass(frozen=True, slots=True)
class Row:
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


@dataclass
class Program:
    """A problem being written down for a solver; constraints add rows through `add`."""

    problem: Problem
    lp: "LpProblem"
    v: Variables
    elastic: bool = False
    rows: list[Row] = field(default_factory=list)

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
        from pulp import lpSum_vars_coefs

        pairs = [(variable, coefficient) for variable, coefficient in terms if coefficient]
        name = ",".join(str(part) for part in (item, site, period) if part is not None)
        if not pairs:
            if (sense != ">=" and rhs < -1e-9) or (sense != "<=" and rhs > 1e-9):
                raise EmptyRowError(constraint, name, sense, rhs * scale, unit)
            return
        expression = lpSum_vars_coefs(pairs)
        comparison = expression <= rhs if sense == "<=" else expression >= rhs if sense == ">=" else expression == rhs
        row = self.lp.addConstraint(comparison, f"{constraint}[{name}]")
        self.rows.append(Row(constraint, row.id, sense, rhs, unit, scale, period, site, item))


class EmptyRowError(Exception):
    """A limit that nothing in the program can meet: no variable has a part in it."""

    def __init__(self, constraint: str, name: str, sense: str, rhs: float, unit: str) -> None:
        super().__init__(f"{constraint}[{name}]: nothing can reach {sense} {rhs:g} {unit}")
        self.constraint = constraint
        self.name = name
