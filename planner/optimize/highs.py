"""Hand-over to HiGHS, and everything that PuLP does not offer: checked options, progress, interruption, duals."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from planner.errors import InternalError
from planner.optimize.program import Program

Status = Literal["optimal", "infeasible", "time_limit", "interrupted", "unbounded", "error"]
Progress = Callable[[float | None, float | None, float | None, float], None]
"""incumbent, bound, gap, seconds; incumbent and bound in the objective's own unit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When the solver stops."""

    gap: float = 0.005
    time_limit: float | None = None
    """Seconds."""
    threads: int = 1


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
    """One program at one HiGHS object, which stays alive for re-solves."""

    def __init__(self, program: Program, limits: Limits) -> None:
        """Hand the program over once."""
        from pulp import HiGHS

        self.program, self.limits = program, limits
        self._strategic = frozenset(var.id for var in program.v.strategic())
        bridge = HiGHS(msg=False)
        bridge.createAndConfigureSolver(program.lp)
        bridge.buildSolverModel(program.lp)
        self.highs: Any = program.lp.solverModel
        self.columns = program.lp.exported_variables()
        self._option("random_seed", 0)
        self._option("threads", limits.threads)
        self._option("mip_rel_gap", limits.gap)
        self._option("mip_abs_gap", 1e-9)
        self._option("mip_feasibility_tolerance", 1e-7)
        self._option("mip_allow_restart", False)  # measured on the reference scenario: a third of the time
        self._option("mip_heuristic_run_rens", False)

    def _option(self, name: str, value: object) -> None:
        import highspy

        if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise InternalError(f"HiGHS refused option {name}={value!r}")

    def solve(self, progress: Progress | None = None) -> Outcome:
        """Solve; Ctrl-C stops the search and keeps the best solution so far.

        Three steps, each only as long as needed. First only the strategic columns (orders, runs, ports) are
        whole numbers: a relaxation, so its proved bound holds for the program. Then those are fixed and
        everything else is made whole: a solution. Where the two are further apart than the gap, the whole
        program is solved from that solution.
        """
        started = time.monotonic()
        self.highs.HandleKeyboardInterrupt = True
        self.highs.HandleUserInterrupt = True
        if progress is not None:
            self._report(progress, started)
        detail = [j for j, var in enumerate(self.columns) if var.cat != "Continuous" and var.id not in self._strategic]
        if not detail or not self._strategic:
            return self._run(started)
        first = self._strategy(detail, started)
        if first.values is None or first.status == "infeasible":
            return first if first.status == "infeasible" else self._run(started)
        second = self._detail(first, detail, started)
        bound = first.bound
        gap = relative_gap(second.objective, bound)
        if second.values is not None and gap is not None and gap <= self.limits.gap:
            return replace(second, status="optimal", bound=bound, nodes=first.nodes + second.nodes)
        if second.values is not None:
            self._start_from(second.values)
        final = self._run(started)
        best = max((b for b in (final.bound, bound) if b is not None), default=None)
        return replace(final, bound=best, nodes=first.nodes + second.nodes + final.nodes)

    def _strategy(self, detail: list[int], started: float) -> Outcome:
        """The program with only its strategic columns whole, to half the gap."""
        self._kind(detail, whole=False)
        self._option("mip_rel_gap", self.limits.gap / 2)
        outcome = self._run(started)
        self._option("mip_rel_gap", self.limits.gap)
        self._kind(detail, whole=True)
        return outcome

    def _detail(self, first: Outcome, detail: list[int], started: float) -> Outcome:
        """The program with its strategic columns fixed at whole numbers, to a fifth of the gap or good enough."""
        values = first.values or ()
        fixed = [j for j, var in enumerate(self.columns) if var.id in self._strategic]
        bounds = {j: (self.highs.getLp().col_lower_[j], self.highs.getLp().col_upper_[j]) for j in fixed}
        for j in fixed:
            whole = float(round(values[j]))
            self.highs.changeColBounds(j, whole, whole)
        self._option("mip_rel_gap", self.limits.gap / 5)
        if first.bound is not None and first.bound > 0:
            self._option("objective_target", first.bound / (1.0 - 0.9 * self.limits.gap))
        outcome = self._run(started)
        self._option("mip_rel_gap", self.limits.gap)
        self._option("objective_target", -math.inf)
        for j, (lower, upper) in bounds.items():
            self.highs.changeColBounds(j, lower, upper)
        return outcome

    def _kind(self, columns: list[int], *, whole: bool) -> None:
        import highspy
        import numpy as np

        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        count = len(columns)
        self.highs.changeColsIntegrality(count, np.array(columns, dtype=np.int32), np.full(count, kind))

    def _start_from(self, values: tuple[float, ...]) -> None:
        """Give the solver a solution to start from."""
        import highspy

        solution = highspy.HighsSolution()
        solution.col_value = list(values)
        self.highs.setSolution(solution)

    def _run(self, started: float) -> Outcome:
        import highspy

        if self.limits.time_limit is not None:
            left = max(0.1, self.limits.time_limit - (time.monotonic() - started))
            self._option("time_limit", left)
        self.highs.solve()
        info, status = self.highs.getInfo(), self.highs.getModelStatus()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible.value
        values = tuple(self.highs.getSolution().col_value) if found else None
        bound = float(info.mip_dual_bound)
        return Outcome(
            _status(status, found=found),
            values,
            float(info.objective_function_value) if found else None,
            bound if math.isfinite(bound) else None,
            time.monotonic() - started,
            int(info.mip_node_count),
        )

    def _report(self, progress: Progress, started: float) -> None:
        def told(event: Any) -> None:
            data = event.data_out
            incumbent = data.mip_primal_bound if math.isfinite(data.mip_primal_bound) else None
            bound = data.mip_dual_bound if math.isfinite(data.mip_dual_bound) else None
            progress(incumbent, bound, relative_gap(incumbent, bound), time.monotonic() - started)

        self.highs.cbMipLogging.subscribe(told)
        self.highs.cbMipImprovingSolution.subscribe(told)

    def relaxation(self) -> "Relaxation":
        """Solve the linear relaxation on the same object: its duals and reduced costs (the integers are forgotten)."""
        import highspy
        import numpy as np

        count = len(self.columns)
        kinds = np.full(count, highspy.HighsVarType.kContinuous)
        self.highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        self.highs.clearSolver()
        self.highs.run()
        solution, info = self.highs.getSolution(), self.highs.getInfo()
        return Relaxation(float(info.objective_function_value), tuple(solution.row_dual), tuple(solution.col_dual))


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Solution of the linear relaxation; `row_dual[k]` is the change of the objective per unit of row k's right side."""

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
        kind.kModelEmpty: "optimal",
    }
    answer = known.get(status, "error")
    return "interrupted" if answer == "error" and found else answer
