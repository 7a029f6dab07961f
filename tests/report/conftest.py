"""A tiny plan, made with a throughput model that no calibration changes: 50 tokens/s per TFLOP/s of the bf16 peak."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from planner.plan.plan import Plan
from planner.plan.solve import solve
from planner.report.model import Report
from planner.report.terminal import show
from planner.scenario.load import load_scenario
from planner.throughput.estimate import Estimate

TINY = Path(__file__).with_name("tiny.yaml")


def estimate(machine, accelerators: int) -> Estimate:
    """A rate in proportion to the peak."""
    rate = 50.0 * machine.peak_tflops["bf16"] * accelerators
    rates = {"tokens_per_s": rate, "effective_tokens_per_s": rate, "low": rate, "high": rate, "goodput": 1.0}
    return Estimate(
        accelerators=accelerators,
        mfu=0.4,
        utilisation=0.4,
        step_time_s=1.0,
        layout=None,
        memory={},
        time={},
        precision="bf16",
        software="plain",
        **rates,
    )


@pytest.fixture
def plain_rates(monkeypatch) -> None:
    """Replaces the throughput model for the program and for the check."""

    def rates(transformer, recipe, machine, sizes, calibration=None):
        return [estimate(machine, size) for size in sizes]

    monkeypatch.setattr("planner.throughput.rates.rates", rates)


@pytest.fixture
def plan(plain_rates) -> Plan:
    """The plan of the tiny scenario, with its counterfactual."""
    return solve(load_scenario(TINY))


@pytest.fixture
def runner() -> CliRunner:
    """Runs the command line inside the test's process."""
    return CliRunner()


def printed(report: Report, width: int, **console: object) -> str:
    """What a terminal of some width shows, blanks at line ends aside."""
    out = StringIO()
    show(report, Console(file=out, width=width, markup=False, highlight=False, emoji=False, **console))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
