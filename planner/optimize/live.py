"""One program at one HiGHS object: what changes it between searches."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from planner.errors import InternalError
from planner.optimize.handover import hand_over
from planner.optimize.objective import Aim
from planner.optimize.outcome import Limits
from planner.optimize.program import Program, Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Live:
    """A program handed over to HiGHS, whose columns, rows and options may change from search to search.

    `column`: the column of each variable by its id, in the order of the columns; `integers`: those of whole numbers.
    """

    def __init__(self, program: Program, limits: Limits) -> None:
        """Hand the program over once."""
        self.program, self.limits = program, limits
        self._basis: Any = None
        self._first: tuple[float, ...] | None = None
        self.highs, self.columns = hand_over(program)
        self.column = {var.id: j for j, var in enumerate(self.columns)}
        self.integers = tuple(j for j, var in enumerate(self.columns) if var.cat != "Continuous")
        self._whole = set(self.integers)
        self._option("random_seed", 0)
        self._option("threads", limits.threads)
        self._option("mip_abs_gap", 1e-9)
        self._option("mip_feasibility_tolerance", 1e-7)
        self._option("mip_allow_restart", False)  # measured on the reference scenario: a third of the time
        self._option("mip_heuristic_run_rens", False)
        for name, value in limits.options:
            self._option(name, value)

    def _option(self, name: str, value: object) -> None:
        import highspy

        if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise InternalError(f"HiGHS refused option {name}={value!r}")

    def _prefer(self, name: str, value: object) -> None:
        """Set an option of HiGHS unless the scenario or the caller chose it."""
        if all(name != chosen for chosen, _ in self.limits.options):
            self._option(name, value)

    def value(self, values: tuple[float, ...]) -> float:
        """The objective, as it stands, of values by column."""
        lp = self.highs.getLp()
        return float(sum(c * x for c, x in zip(lp.col_cost_, values, strict=True)) + lp.offset_)

    def whole(self, columns: Sequence[int], *, whole: bool) -> None:
        """Make columns whole numbers, or let them be fractions."""
        import highspy
        import numpy as np

        self._whole = self._whole.union(columns) if whole else self._whole.difference(columns)
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        count = len(columns)
        self.highs.changeColsIntegrality(count, np.array(columns, dtype=np.int32), np.full(count, kind))

    def matrix_range(self) -> tuple[float, float]:
        """Smallest and largest size of a coefficient in the rows; (1, 1) without any."""
        import numpy as np

        sizes = np.abs(np.array(self.highs.getLp().a_matrix_.value_))
        sizes = sizes[sizes > 0]
        return (float(sizes.min()), float(sizes.max())) if len(sizes) else (1.0, 1.0)

    def all_bounds(self) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """Lower and upper bounds of all columns."""
        import numpy as np

        lp = self.highs.getLp()
        return np.array(lp.col_lower_), np.array(lp.col_upper_)

    def set_bounds(self, lower: "NDArray[np.float64]", upper: "NDArray[np.float64]") -> None:
        """Change the bounds of all columns."""
        import numpy as np

        self.highs.changeColsBounds(len(lower), np.arange(len(lower), dtype=np.int32), lower, upper)

    def keep_basis(self) -> None:
        """Keep the basis of the linear program solved last, for `relaxation` to start from."""
        self._basis = self.highs.getBasis()

    def reduced_costs(self) -> "NDArray[np.float64]":
        """Reduced costs of the linear program solved last."""
        import numpy as np

        return np.array(self.highs.getSolution().col_dual)

    def bound(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        self.highs.changeColBounds(column, lower, upper)

    def free(self, rows: Iterable[Row]) -> None:
        """Take rows out of the next searches."""
        self._limit([(row.id, -math.inf, math.inf) for row in rows])

    def restore(self, rows: Iterable[Row]) -> None:
        """Put rows back."""
        self._limit(
            [
                (
                    row.id,
                    -math.inf if row.sense == "<=" else row.factor * row.rhs,
                    math.inf if row.sense == ">=" else row.factor * row.rhs,
                )
                for row in rows
            ]
        )

    def _limit(self, limits: list[tuple[int, float, float]]) -> None:
        """Change the limits of rows."""
        import numpy as np

        if limits:
            rows, lower, upper = zip(*limits, strict=True)
            self.highs.changeRowsBounds(len(rows), np.array(rows, dtype=np.int32), np.array(lower), np.array(upper))

    @property
    def basis(self) -> Any:
        """The basis of the linear program solved last; set, the next one starts from it."""
        return self.highs.getBasis()

    @basis.setter
    def basis(self, basis: Any) -> None:
        self.highs.setBasis(basis)

    def cut_off(self, objective: float | None) -> None:
        """End the next linear programs once they can only come to more; None: never."""
        self._option("objective_bound", math.inf if objective is None else objective)

    def pivots(self, most: int | None) -> None:
        """Most iterations of the next linear programs; None: no limit."""
        self._option("simplex_iteration_limit", 2**31 - 1 if most is None else most)

    def unscaled(self) -> None:
        """Solve linear programs as they are written from here on: the rows are near one already (`Program.add`)."""
        self._option("simplex_scale_strategy", 0)

    def target(self, objective: float | None) -> None:
        """An objective that is good enough to stop at; None takes it back."""
        self._option("objective_target", -math.inf if objective is None else objective)

    def thorough(self) -> None:
        """Let the next searches use every heuristic of the solver: nothing else has found a plan."""
        for option in ("mip_allow_restart", "mip_heuristic_run_rens", "mip_heuristic_run_shifting"):
            self._prefer(option, True)
        self._prefer("mip_heuristic_effort", 0.3)

    def reduced_cost_trials(self, *, on: bool) -> None:
        """Whether HiGHS first tries what is left of a program when columns of high reduced cost are taken out.

        Measured: where such a trial holds no solution it can take minutes without one node or sign of life; where the
        program is in its core already, it finds plans early.
        """
        self._prefer("mip_heuristic_run_root_reduced_cost", on)

    def seek(self, aim: Aim) -> None:
        """Minimise another quantity from here on."""
        import numpy as np

        cost = np.zeros(len(self.columns))
        column = self.column
        for var, coefficient in aim.terms:
            cost[column[var.id]] += coefficient
        self.highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self.highs.changeObjectiveOffset(aim.constant)

    def hold(self, aim: Aim, most: float) -> None:
        """Keep a quantity (constant included) at or below `most` from here on."""
        import numpy as np

        sums: dict[int, float] = {}
        column = self.column
        for var, coefficient in aim.terms:
            sums[column[var.id]] = sums.get(column[var.id], 0.0) + coefficient
        terms = {j: c for j, c in sorted(sums.items()) if c}
        index, value = np.array(list(terms), dtype=np.int32), np.array(list(terms.values()))
        self.highs.addRow(-math.inf, most - aim.constant, len(terms), index, value)

    def nodes(self, most: int | None) -> None:
        """Most nodes of the next searches; None: no limit."""
        self._option("mip_max_nodes", 2**31 - 1 if most is None else most)

    def start_from(self, values: tuple[float, ...]) -> None:
        """Give the next search a solution to start from."""
        import highspy

        solution = highspy.HighsSolution()
        solution.col_value = list(values)
        self.highs.setSolution(solution)
        self._first = values

    def forget(self) -> None:
        """Search anew: without what is known so far, and from here on without presolve."""
        self.highs.clearSolver()
        self._option("presolve", "off")
