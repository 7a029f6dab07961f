"""`make bench`: how large programs are, and where the time goes; figures of one machine, to compare later work with.

    python tools/bench.py                    the generated case, HiGHS alone on it, and the shipped examples
    python tools/bench.py --seed 2 --alone 0 another case, without HiGHS alone
    python tools/bench.py examples/my.yaml   only these scenarios

Seconds are processor seconds of this process, so that other work on the machine does not count; `wall` is the clock's.
HiGHS is what passes inside its own calls; all else is outside, the Python of the search and of the plan's limits too.
What every process pays once for importing modules is told apart.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchcase import Size, write

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import highspy
import numpy as np
import pulp

from planner import load_scenario
from planner.optimize.highs import Solver
from planner.optimize.model import assemble
from planner.optimize.outcome import Limits, Outcome, relative_gap
from planner.optimize.stages import staged
from planner.plan.binding import limits
from planner.plan.entry import duals
from planner.plan.extract import extract
from planner.plan.verify import verify
from planner.problem.build import build
from planner.problem.case import Case, prepare
from planner.problem.soundness import contradictions
from planner.scenario.load import catalog_of
from planner.throughput import estimate

IMPORTS = (time.process_time(), highspy, np, pulp, estimate)
"""Processor seconds until here, and what is otherwise imported when it is first used."""

LARGEST = 4
"""Parts of what is outside of HiGHS that are told."""


@dataclass
class Clock:
    """Processor seconds by step."""

    steps: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.process_time)

    def mark(self, step: str) -> None:
        """Everything since the last mark was this step, but for what was counted within it."""
        now = time.process_time()
        self.steps[step] = self.steps.get(step, 0.0) + now - self.last
        self.last = now

    @contextmanager
    def within(self, owner: Any, names: tuple[str, ...], step: str) -> Iterator[None]:
        """Meanwhile the calls of some methods are a step of their own."""
        plain = {name: getattr(owner, name) for name in names}

        def counted(call: Callable[..., Any]) -> Callable[..., Any]:
            def timed(*given: Any, **named: Any) -> Any:
                began = time.process_time()
                try:
                    return call(*given, **named)
                finally:
                    spent = time.process_time() - began
                    self.steps[step] = self.steps.get(step, 0.0) + spent
                    self.last += spent

            return timed

        for name, call in plain.items():
            setattr(owner, name, counted(call))
        try:
            yield
        finally:
            for name, call in plain.items():
                setattr(owner, name, call)


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("scenarios", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    for name, count in asdict(Size()).items():
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--plain", action="store_true", help="without the rarer features")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--alone", type=float, default=60.0, help="seconds for HiGHS alone on the MPS file; 0: not")
    asked = parser.parse_args(arguments)
    if asked.scenarios:
        return max(measure(path, asked.threads, 0.0) for path in asked.scenarios)
    size = Size(asked.systems, asked.sites, asked.quarters, asked.workloads)
    with tempfile.TemporaryDirectory() as folder:
        failed = measure(write(Path(folder), size, asked.seed, plain=asked.plain), asked.threads, asked.alone)
    for path in sorted((ROOT / "examples").glob("*.yaml")):
        if "\nhorizon:" in path.read_text(encoding="utf-8"):
            failed = max(failed, measure(path, asked.threads, 0.0))
    return failed


def measure(path: Path, threads: int, alone: float) -> int:
    """Solve one scenario step by step and print its figures; 1 when no verified plan comes out."""
    began, clock = time.monotonic(), Clock()
    scenario = load_scenario(path)
    catalog = catalog_of(scenario)
    clock.mark("reading")
    case = prepare(scenario, catalog)
    clock.mark("facts and rules")
    with clock.within(Case, ("estimates",), "rates of layouts"):
        problem = build(case)
    faults = contradictions(case, problem)
    clock.mark("problem")
    program = assemble(problem)
    clock.mark("program")
    solver = Solver(program, Limits(scenario.solver.gap, 300.0, threads))
    clock.mark("hand-over")
    lp = solver.highs.getLp()
    sizes = (lp.num_col_, lp.num_row_, len(lp.a_matrix_.value_), sum(var.cat != "Continuous" for var in solver.columns))
    entries = [abs(value) for value in lp.a_matrix_.value_ if value]
    mps = path.with_suffix(".mps") if alone else None
    if mps is not None:
        solver.highs.writeModel(str(mps))
    clock.mark("(export)")
    with clock.within(solver.highs, ("solve", "run"), "HiGHS, search"):
        outcome, _ = staged(solver)
    clock.mark("search around HiGHS")
    checked = outcome.values is not None and not faults
    if outcome.values is not None:
        values = {var.id: value for var, value in zip(solver.columns, outcome.values, strict=True)}
        checked = checked and verify(scenario, catalog, extract(program, values)).ok
        clock.mark("check")
        with clock.within(solver.highs, ("solve", "run"), "HiGHS, prices"):
            relaxation = solver.relaxation()
        root = relaxation.objective
        limits(program, values, relaxation)
        duals(program, relaxation)
        clock.mark("limits and prices")
    wall = time.monotonic() - began
    print(f"\n{scenario.name}: {len(problem.systems)} systems, {len(problem.sites)} sites, ", end="")
    print(f"{len(problem.calendar)} periods, {len(problem.runs) + len(problem.streams)} workloads")
    print("  program   {:,} columns, {:,} rows, {:,} nonzeros, {:,} whole numbers".format(*sizes), end="")
    print(f"; matrix {min(entries):.1e} to {max(entries):.1e}")
    _told(outcome, scenario.solver.gap, root if outcome.values is not None else None, verified=checked)
    _times(clock.steps, wall)
    if mps is not None:
        _alone(mps, scenario.solver.gap, threads, alone)
    return 0 if checked and outcome.gap is not None and outcome.gap <= scenario.solver.gap else 1


def _told(outcome: Outcome, asked: float, root: float | None, *, verified: bool) -> None:
    gap = "no plan" if outcome.gap is None else f"gap {outcome.gap:.2%} (asked {asked:.2%})"
    to_root = relative_gap(outcome.objective, root)
    print(f"  answer    {outcome.status}, {gap}, {outcome.nodes} nodes, verified {verified}", end="")
    print("" if to_root is None else f"; the linear relaxation is {to_root:.2%} below the plan")


def _times(steps: dict[str, float], wall: float) -> None:
    counted = {step: seconds for step, seconds in steps.items() if step != "(export)"}
    outside = {step: seconds for step, seconds in counted.items() if "HiGHS," not in step}
    total, rest = sum(counted.values()), sum(outside.values())
    largest = sorted(outside, key=lambda step: -outside[step])[:LARGEST]
    print("  seconds   " + ", ".join(f"{step} {seconds:.2f}" for step, seconds in counted.items()))
    print(
        f"  together  {total:.2f} s ({wall:.1f} wall); outside of HiGHS {rest:.2f} s, {rest / total:.0%} of it: ",
        end="",
    )
    print(", ".join(f"{step} {outside[step] / total:.0%}" for step in largest))
    print(f"  imports   {IMPORTS[0]:.2f} s besides, once per process")


def _alone(mps: Path, gap: float, threads: int, seconds: float) -> None:
    import highspy

    highs: Any = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", threads), ("mip_rel_gap", gap), ("time_limit", seconds)):
        highs.setOptionValue(option, value)
    highspy.Highs.resetGlobalScheduler(True)  # else it keeps to the number of threads that it began with
    highs.readModel(str(mps))
    before = time.process_time()
    highs.run()
    spent, info = time.process_time() - before, highs.getInfo()
    found = f"gap {info.mip_gap:.2%}" if info.primal_solution_status == 2 else "no plan"
    print(f"  HiGHS     alone on the MPS file, as it comes: {found} after {spent:.1f} s (limit {seconds:.0f} s wall)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
