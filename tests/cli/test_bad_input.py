"""Input that cannot be meant is refused with its place before anything is solved: no traceback, no silence."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import solve
from planner.cli.main import app
from planner.scenario.load import load_scenario

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
DATA = Path(__file__).parents[1] / "data" / "tiny"
MONEY = "deposit: 25 %"
RUN = "    sizes: [4]\n"


def written(folder: Path, changes=(), added: str = "") -> Path:
    """The tiny scenario with texts replaced and lines added."""
    text = TINY.read_text(encoding="utf-8").replace("../data/tiny", str(DATA))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "changed.yaml"
    file.write_text(text + added, encoding="utf-8")
    return file


REFUSED = {
    "rack without power": (
        [("rack_power: 20 kW", "rack_power: 0 kW")],
        "",
        ":14:66: error[wrong-value]: rack_power",
    ),
    "nan": ([("grid: 90 kW", "grid: .nan")], "", ":13:11: error[unit]: grid: power must be finite"),
    "1e300": ([("grid: 90 kW", "grid: 1e300 kW")], "", "beyond everything real: got 1e300 kW"),
    "whole number of 23 digits": ([("air, count: 1,", f"air, count: {10**22},")], "", "count must be at most 1000000"),
    "year 9999": ([("end: 2026-Q4", "end: 9999-Q4")], "", "years run from 1950 to 2200"),
    "threads": ([("threads: 1", "threads: 100000")], "", "threads must be at most 256"),
    "no threads": ([("threads: 1", "threads: 0")], "", "help: threads: Threads of the solver itself"),
    "share above one": (
        [],
        "power: {idle: 140 %}\n",
        "help: a share from 0 % to 100 % is right; idle: Draw of a system",
    ),
    "less than nothing": (
        [],
        "warehouse: {price_per_month: -1 XTS}\n",
        "help: nothing below 0 is right; price_per_month",
    ),
    "run of no tokens": ([("tokens: 3e11 tokens", "tokens: 0 tokens")], "", "frontier has no tokens to train"),
    "run below one step": (
        [("global_batch: 64}", "global_batch: 640000000}")],
        "",
        "one optimizer step takes 655,360,000,000",
    ),
    "no platform": ([(RUN, RUN + "    platforms: []\n")], "", "frontier may run on no platform at all"),
    "currency": ([("currency: XTS", "currency: xts")], "", "three capital letters, such as CNY: got 'xts'\n"),
    "name": ([("name: tiny-report", "name: Tiny report")], "", "help: write tiny-report"),
    "number as key": ([], "1: 2\n", ":46:1: error[unknown-key]: unknown key 1"),
    "kind": ([("kind: run", "kind: runn")], "", ":29:11: error[wrong-value]: kind must be one of 'run', 'continuous'"),
    "no kind": ([("    kind: run\n", "")], "", "'kind' is missing in workloads[0]"),
    "season below one": (
        [("racks: 8, max", "racks: 8, pue_season: {Q1: 0.5}, max")],
        "",
        "error[wrong-value]: the power usage effectiveness of home/air falls below 1 in a season",
    ),
    "season above three": ([("racks: 8, max", "racks: 8, pue_season: {Q1: 30}, max")], "", "rises to 37.5 in a season"),
    "lease of no time": (
        [],
        "rent: [{id: c, system: red-4, region: plain, systems: 2, price: 2 XTS/h, term: 0 days}]\n",
        "a contract of c would last no time",
    ),
    "better without service": ([], "attrition: {rate: 5 %/yr, without_service: 2 %/yr}\n", "without service (2.0%)"),
    "tolerance": ([], "objective: [{cost: 120 %}, energy]\n", "a tolerance is at most 100 %: got 120 %"),
    "rule": ([], "policy: {rules: [{id: x}]}\n", "changed.yaml:46:18: error[missing-key]"),
    "nothing left out": ([("without: [XA]", "without: []")], "", "without must have at least 1 entry"),
    "life": ([], "parameters: {hardware-life: -4 years}\n", "hardware-life cannot be"),
    "utilisation": ([], "parameters: {power-utilisation: 1.5}\n", "state one from 0.01 to 1"),
    "residual": ([], "parameters: {residual-year-0: 300 %}\n", "residual-year-0 cannot be 3"),
    "system without power": (
        [],
        "facts: {systems.red-4.power: 0 kW}\n",
        ":46:30: error[wrong-value]: red-4 draws no power",
    ),
    "rate": ([("discount_rate: 8 %/yr", "discount_rate: 20000 %/yr")], "", "a rate must be at most"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_at_its_place(case, tmp_path):
    changes, added, told = REFUSED[case]
    file = written(tmp_path, changes, added)
    result = CliRunner().invoke(app, ["validate", str(file)])
    assert result.exit_code == 1, result.output
    assert told in result.stderr
    assert f"{file}:" in result.stderr
    assert not result.stdout


def test_terms_for_buyers_of_another_country_count_nowhere(tmp_path):
    """Neither in the plan nor in its check: both price the plan alike."""
    terms = f"{MONEY}, payments: [{{id: a, buyer_country: ZZ, schedule: [{{share: 100 %, at: order}}]}}]"
    cost = []
    for text in (MONEY, terms):
        cost.append(solve(load_scenario(written(tmp_path, [(MONEY, text)]))).objective)
    assert cost[0] == cost[1]
