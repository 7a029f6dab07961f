"""Searches with HiGHS, and what PuLP does not offer: progress, interruption, doubted proofs, duals."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from planner.optimize.live import Live
from planner.optimize.outcome import Outcome, Progress, Status, Stop, relative_gap

IDLE_WITHOUT_WHOLE = frozenset({"useful_jobs"})
"""Constraints that say nothing once their yes-or-no variables may be fractions."""


class Solver(Live):
    """One program at one HiGHS object, which stays alive for re-solves."""

    _progress: Progress | None = None

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
            highspy.Highs.resetGlobalScheduler(True)  # HiGHS takes no other number of threads than it began with
            self.highs.solve()
        for moment, answer in told:
            moment.unsubscribe(answer)
        return late

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
