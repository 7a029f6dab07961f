"""Hand-over to HiGHS, and everything that PuLP does not offer: checked options, progress, interruption, duals."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from planner.errors import InternalError
from planner.optimize.handover import hand_over
from planner.optimize.objective import Aim
from planner.optimize.program import Program, Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HIGHS = "HiGHS"

IDLE_WITHOUT_WHOLE = frozenset({"useful_jobs"})
"""Constraints that say nothing once their yes-or-no variables may be fractions."""

Status = Literal["optimal", "infeasible", "time_limit", "interrupted", "unbounded", "error"]
Progress = Callable[[float | None, float | None, float | None, float], None]
"""incumbent, bound, gap, seconds; incumbent and bound in the objective's own unit."""
Stop = Callable[[], bool]
"""Asked again and again during a search: whether it should end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When the solver stops."""

    gap: float = 0.005
    time_limit: float | None = None
    """Seconds."""
    threads: int = 1
    solver: str = HIGHS
    """As PuLP names it."""
    options: tuple[tuple[str, bool | int | float | str], ...] = ()
    """Further options of HiGHS, checked (planner.optimize.chosen)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What HiGHS found: values by column, objective and proved bound in the objective's unit."""

    status: Status
    values: tuple[float, ...] | None
    objective: float | None
    bound: float | None
    seconds: float
    nodes: int

    @property
    def gap(self) -> float | None:
        """Proved relative gap, |objective - bound| / |objective|."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """|objective - bound| / max(|objective|, 1e-9); None while either is unknown."""
    if objective is None or bound is None or not math.isfinite(objective) or not math.isfinite(bound):
        return None
    return abs(objective - bound) / max(abs(objective), 1e-9)


class Solver:
    """One program at one HiGHS object, which stays alive for re-solves.

    `column`: the column of each variable by its id, in the order of the columns; `integers`: those of whole numbers.
    """

    def __init__(self, program: Program, limits: Limits) -> None:
        """Hand the program over once."""
        self.program, self.limits = program, limits
        self._progress: Progress | None = None
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

    def run(
        self,
        gap: float,
        time_limit: float | None,
        stop: Stop | None = None,
        enough: float = math.inf,
        patience: float | None = None,
    ) -> Outcome:
        """One search; once `stop` answers True, or the bound has come to `enough`, it ends and keeps the best so far.

        `patience`: seconds after which it also ends, as soon as there is something to keep.
        highspy's own handling of Ctrl-C is left off: it works in the main thread only, and prints to stdout.
        """
        import highspy

        started = time.monotonic()
        self._option("mip_rel_gap", gap)
        mixed = bool(self._whole)
        spent = 0.0 if mixed else self.highs.getRunTime()  # the clock of linear programs runs on from one to the next
        self._option("time_limit", math.inf if time_limit is None else spent + max(time_limit, 0.05))
        until = None if patience is None else started + patience
        hurried = self._search(stop, enough, until)
        if mixed and self._first is not None and self._unproved():
            hurried = self._unpresolved(self._first, lambda: self._search(stop, enough, until))
        self._first = None
        info, status = self.highs.getInfo(), self.highs.getModelStatus()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible.value
        found = found or status == highspy.HighsModelStatus.kModelEmpty  # nothing to decide
        values = tuple(self.highs.getSolution().col_value) if found else None
        bound = float(info.mip_dual_bound if mixed else info.objective_function_value)
        return Outcome(
            "time_limit" if hurried else _status(status, found=found),
            values,
            float(info.objective_function_value) if found else None,
            bound if math.isfinite(bound) else None,
            time.monotonic() - started,
            max(0, int(info.mip_node_count)),
        )

    def _unproved(self) -> bool:
        """Whether a search that started from a solution says what is best without an iteration of a linear program.

        Presolve may leave so little that this is right; HiGHS 1.15 has been seen to do it where it was wrong, once in
        some hundred tiny programs.
        """
        info, status = self.highs.getInfo(), _status(self.highs.getModelStatus(), found=True)
        return status == "optimal" and info.simplex_iteration_count <= 0

    def _unpresolved(self, values: tuple[float, ...], search: Callable[[], bool]) -> bool:
        """The same search again without presolve."""
        _, before = self.highs.getOptionValue("presolve")
        self.highs.clearSolver()
        self._option("presolve", "off")
        self.start_from(values)
        hurried = search()
        self._option("presolve", before)
        return hurried

    def _search(self, stop: Stop | None, enough: float, until: float | None) -> bool:
        """Whether it was ended because something was found after `until` (of the clock)."""
        import highspy

        found = late = False

        def improved(event: Any) -> None:
            nonlocal found
            found = True

        def asked(event: Any) -> None:  # the flag outlives a search: it is set back as well
            event.interrupt(stop is not None and stop())

        def weighed(event: Any) -> None:
            nonlocal late
            late = found and until is not None and time.monotonic() > until
            proved = math.inf > event.data_out.mip_dual_bound >= enough
            event.interrupt(late or proved or (stop is not None and stop()))

        told = [(self.highs.cbSimplexInterrupt, asked), (self.highs.cbIpmInterrupt, asked)]
        told += [(self.highs.cbMipInterrupt, weighed)]
        if until is not None:
            told += [(self.highs.cbMipImprovingSolution, improved)]
        if stop is None and until is None and enough == math.inf:
            told = []
        for moment, answer in told:
            moment.subscribe(answer)
        if self.highs.solve() == highspy.HighsStatus.kError:
            self._option("threads", 0)  # those with which HiGHS began in this process: it takes no other number later
            self.highs.solve()
        for moment, answer in told:
            moment.unsubscribe(answer)
        return late

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

    def report_to(self, progress: Progress) -> None:
        """Report every improvement, and the bound now and then, from here on; an earlier report ends."""
        started, self._progress = time.monotonic(), progress

        def told(event: Any) -> None:
            if self._progress is not progress:
                return
            data = event.data_out
            incumbent = data.mip_primal_bound if math.isfinite(data.mip_primal_bound) else None
            bound = data.mip_dual_bound if math.isfinite(data.mip_dual_bound) else None
            progress(incumbent, bound, relative_gap(incumbent, bound), time.monotonic() - started)

        self.highs.cbMipLogging.subscribe(told)
        self.highs.cbMipImprovingSolution.subscribe(told)

    def relaxation(self) -> "Relaxation":
        """Solve the linear relaxation on the same object: its duals and reduced costs (the integers are forgotten).

        Bounds and rows that only repeat a limit for whole systems are left out: else they would bear its price.
        """
        self.whole(self.integers, whole=False)
        self.free(row for row in self.program.rows if row.constraint in IDLE_WITHOUT_WHOLE)
        lower, upper = self.all_bounds()
        upper[[self.column[var.id] for var in self.program.v.repeating() if var.id in self.column]] = math.inf
        self.set_bounds(lower, upper)
        self.highs.clearSolver()
        if self._basis is not None and len(self._basis.row_status) == self.highs.getNumRow():
            self.highs.setBasis(self._basis)
        self.highs.run()
        solution, info = self.highs.getSolution(), self.highs.getInfo()
        duals = list(solution.row_dual)
        for row in self.program.rows:
            duals[row.id] *= row.factor
        return Relaxation(float(info.objective_function_value), tuple(duals), tuple(solution.col_dual))


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Solution of the linear relaxation; `row_dual[k]` is the change of the objective per unit of row k's
    right side as written (before Row.factor).
    """

    objective: float
    row_dual: tuple[float, ...]
    column_dual: tuple[float, ...]


def _status(status: Any, *, found: bool) -> Status:
    import highspy

    kind: Any = highspy.HighsModelStatus
    known: dict[Any, Status] = {
        kind.kOptimal: "optimal",
        kind.kObjectiveTarget: "optimal",
        kind.kInfeasible: "infeasible",
        kind.kUnboundedOrInfeasible: "infeasible",
        kind.kUnbounded: "unbounded",
        kind.kTimeLimit: "time_limit",
        kind.kInterrupt: "interrupted",
        kind.kHighsInterrupt: "interrupted",
        kind.kSolutionLimit: "interrupted",
        kind.kModelEmpty: "optimal",
    }
    answer = known.get(status, "error")
    return "interrupted" if answer == "error" and found else answer
