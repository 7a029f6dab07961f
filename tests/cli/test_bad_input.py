"""Input that cannot be meant is refused with its place before anything is solved: no traceback, no silence."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import solve
from planner.catalog.terms import Instalment, PaymentTerms
from planner.cli.main import app
from planner.scenario.load import load_scenario

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
DATA = Path(__file__).parents[1] / "data" / "tiny"
MONEY = "deposit: 25 %"
TERMS = "{{id: {}, schedule: [{{share: 100 %, at: order}}]}}"
BASE = "  - {system: red-4, site: home, hall: air, count: 1, since: 2025-Q1}\n"
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
    "two steps on a day": ([("2026-Q1: 2e4", "2026: 3e4 tokens/s, 2026-Q1: 2e4")], "", "begin on the same day"),
    "budget of another year": (
        [],
        "budget: {per_year: {2029: 10 XTS}}\n",
        "no period of the plan (2026-Q1 to 2026-Q4)",
    ),
    "own currency": ([("fx: {XXX: 2.0}", "fx: {XXX: 2.0, XTS: 3}")], "", "XTS is the scenario's own currency"),
    "terms of others": (
        [(MONEY, MONEY + ", payments: [{id: a, buyer_country: ZZ, schedule: [{share: 1, at: order}]}]")],
        "",
        "the terms a are for buyers of ZZ, this one is of XA",
    ),
    "terms behind all": (
        [(MONEY, MONEY + f", payments: [{TERMS.format('a')}, {TERMS.format('b')}]")],
        "",
        "the terms b are never used: a before them fits every purchase",
    ),
    "installed twice": ([(BASE, BASE + BASE)], "", ":21:5: error[duplicate]: red-4 of 2025-Q1 in home/air"),
    "stored before it came": (
        [],
        "stock: [{system: red-4, count: 1, since: 2026-Q3}]\n",
        "error[not-yet-delivered]: 2026-Q3 is after the start of the plan (2026-Q1)",
    ),
    "records in conflict": ([("supply:\n", "supply:\n  choices: {x: y}\n")], "", "no supply records are in conflict"),
    "parameter and fact": (
        [],
        "facts: {assumptions.hardware-life: 4 years}\nparameters: {hardware-life: 3 years}\n",
        "hardware-life is stated under `parameters` and under `facts`",
    ),
    "offer below a system": (
        [],
        "rent: [{id: c, system: red-4, region: plain, systems: 2, price: 2 XTS/h, max_cluster: 3}]\n",
        "the fabric of c reaches 3 accelerators",
    ),
    "apart twice": (
        [],
        "apart: [{workloads: [dense, frontier]}, {workloads: [frontier, dense]}]\n",
        "frontier and dense are apart already",
    ),
    "fewer tokens later": (
        [("target: {", "tokens: {2026-Q2: 5e10 tokens, 2026-Q3: 1e10 tokens}\n    target: {")],
        "",
        "asks for no more tokens by 2026-Q3 than by 2026-Q2",
    ),
    "most and least": (
        [],
        "limits: {quotas: [{id: a, of: {accelerators: [tiny-red]}, most_share: 10 %}, "
        "{id: b, of: {accelerators: [tiny-red]}, least_share: 90 %}]}\n",
        ":46:78: error[contradicting-limits]: a and b allow no purchase at all",
    ),
    "two halves and more": (
        [],
        "limits: {quotas: [{id: a, of: {domestic: true}, least_share: 60 %}, "
        "{id: b, of: {domestic: false}, least_share: 60 %}]}\n",
        "a and b allow no purchase at all",
    ),
    "crumb of a target": (
        [("2026-Q3: 9e4 tokens/s", "2026-Q3: 1e-3 tokens/s")],
        "",
        "error[target-too-small]: dense asks",
    ),
    "most of itself": ([], "limits: {quotas: [{id: a, most_share: 50 %}]}\n", "a allows no purchase at all"),
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


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            ("2026-Q3: 9e4 tokens/s", "2026-Q3: 9e6 tokens/s"),
            "dense asks for 9,000,000 tokens/s in 2026-Q3; all that is",
        ),
        (
            ("target: {", "tokens: {2026-Q1: 5e13 tokens}\n    target: {"),
            "dense asks for 50T tokens by the end of 2026-Q1",
        ),
    ],
)
def test_more_than_supply_can_do_is_told_before_solving(changes, told, tmp_path):
    result = CliRunner().invoke(app, ["validate", str(written(tmp_path, [changes]))])
    assert result.exit_code == 0
    assert "warning[impossible-work]" in result.stderr
    assert told in result.stderr


@pytest.mark.parametrize(("share", "told"), [("50 %", ""), ("51 %", "contradicting-limits")])
def test_limits_contradict_each_other_only_where_nothing_is_left(share, told, tmp_path):
    limits = "limits: {quotas: [{id: a, of: {domestic: true}, least_share: 50 %}, {id: b, of: {domestic: false}, "
    result = CliRunner().invoke(app, ["validate", str(written(tmp_path, (), f"{limits}least_share: {share}}}]}}\n"))])
    assert told in result.stderr
    assert (result.exit_code == 0) == (not told)


def test_the_check_leaves_out_terms_for_buyers_of_another_country(tmp_path):
    """As the plan does: a catalog and a scenario made in Python may hold such terms."""
    asked = load_scenario(written(tmp_path))
    terms = PaymentTerms(id="a", buyer_country="ZZ", schedule=(Instalment(share=1.0, at="order"),))
    with_terms = asked.replace(finance=asked.finance.model_copy(update={"payments": (terms,)}))
    assert solve(with_terms).objective == solve(asked.replace(finance=asked.finance)).objective
