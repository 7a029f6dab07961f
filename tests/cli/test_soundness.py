"""Contradictions are errors before anything is solved; what is rarely meant is a warning that can be silenced."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.catalog.load import load_catalog
from planner.cli.main import app
from planner.plan.solve import pose
from planner.problem.soundness import wide
from planner.scenario.load import load_scenario
from planner.scenario.warnings import WARNINGS

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
DATA = Path(__file__).parents[1] / "data" / "tiny"


@pytest.fixture
def validated(tmp_path):
    """Validate the tiny scenario with texts replaced and lines added; returns the result."""

    def run(*changes: tuple[str, str], added: str = "", json_wanted: bool = False):
        text = TINY.read_text(encoding="utf-8").replace("../data/tiny", str(DATA))
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        file = tmp_path / "changed.yaml"
        file.write_text(text + added, encoding="utf-8")
        return CliRunner().invoke(app, ["validate", str(file), *(["--json"] if json_wanted else [])])

    return run


def test_the_tiny_scenario_is_sound(validated):
    result = validated()
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("code", "changes", "told"),
    [
        ("base-over-racks", [("air, count: 1", "air, count: 5"), ("racks: 8", "racks: 1")], "2.5 rack positions of 1"),
        (
            "base-over-power",
            [("air, count: 1", "air, count: 16"), ("it_power: 40 kW", "it_power: 31 kW")],
            "draws 64 kW of IT power, the hall never has more than 31 kW",
        ),
        ("base-over-grid", [("air, count: 1", "air, count: 9"), ("grid: 90 kW", "grid: 22 kW")], "at the meter"),
        (
            "fabric-below-system",
            [("racks: 8, max_cluster: 16", "racks: 8, max_cluster: 3")],
            "reaches 3 accelerators; the smallest system that fits the hall, Server of four red, has 4",
        ),
        (
            "deadline-before-delivery",
            [
                ("earliest: 2026-Q2", "earliest: 2026-Q1"),
                ("deadline: 2026-Q3", "deadline: 2026-Q1"),
                ("sizes: [4]", "sizes: [8]"),
            ],
            "the first delivery that could be ordered is in 2026-Q2 (red-4)",
        ),
    ],
)
def test_a_contradiction_is_named_at_its_place(validated, code, changes, told):
    result = validated(*changes)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"error[{code}]" in result.stderr
    assert told in result.stderr
    assert "changed.yaml:" in result.stderr


def test_a_run_that_may_be_missed_may_be_due_at_once(validated):
    changes = [("earliest: 2026-Q2", "earliest: 2026-Q1"), ("deadline: 2026-Q3", "deadline: 2026-Q1")]
    assert validated(*changes, ("sizes: [4]", "sizes: [8]\n    missed: 1000 XTS")).exit_code == 0


SUSPECT = {
    "blocked-purchases": (
        [("tiny-red, per_period: 8", "tiny-gold, per_period: 8")],
        "facts: {accelerators.tiny-gold.country_of_design: XB}\n"
        "limits: {quotas: [{id: home, of: {domestic: true}, least_share: 50 %}]}\n",
    ),
    "base-expired": ([("since: 2025-Q1", "since: 2019-Q1")], ""),
    "step-between": ([("2026-Q3: 30 kW", "2026-08: 30 kW")], ""),
    "odd-tariff": ([("region: plain\n", "region: plain\n    tariff: 500 XTS/kWh\n")], ""),
    "free-miss": ([("sizes: [4]", "sizes: [4]\n    missed: 0 XTS")], ""),
    "idle-setting": ([], "attrition: {rate: 2 %/yr, systems: {green-4: 4 %/yr}}\n"),
    "idle-mix": ([], "mixed_runs: [{systems: [red-4, blue-8], penalty: 10 %}]\n"),
    "base-over-racks": ([("air, count: 1", "air, count: 3"), ("racks: 8", "racks: 1")], ""),
    "base-over-power": ([("air, count: 1", "air, count: 16"), ("it_power: 40 kW", "it_power: 63 kW")], ""),
    "base-over-grid": ([("air, count: 1", "air, count: 9"), ("grid: 90 kW", "grid: 44 kW")], ""),
    "impossible-work": ([("tokens: 3e11 tokens", "tokens: 3e17 tokens")], ""),
    "base-misfit": ([("- {system: red-4, site: home", "- {system: blue-8, site: home")], ""),
    "dark-site": ([("grid: 90 kW\n", "grid: 90 kW\n    cuts: [{start: 2026-Q2, power: 91 kW}]\n")], ""),
    "late-option": (
        [("grid: 90 kW\n", "grid: 90 kW\n    expansions: [{id: more, power: 9 kW, lead_time: 5 years}]\n")],
        "",
    ),
    "idle-offer": ([], "rent: [{id: c, system: red-4, region: plain, systems: 0, price: 2 XTS/h}]\n"),
    "no-supply": ([], "systems: {include: [red-4, green-4]}\n"),
    "over-limit": ([], "limits: {quotas: [{id: few, of: {accelerators: [tiny-red]}, most: 1, counts: fleet}]}\n"),
    "homeless-order": (
        [("rack_power: 20 kW, racks: 4", "rack_power: 1 kW, racks: 4")],
        "policy: {without: [no-blue-imports]}\n",
    ),
    "endless-rule": (
        [],
        """
policy:
  rules:
    - id: short
      issuer: The ministry
      jurisdiction: XA
      legal_form: notice
      status: in_force
      announced: 2025-12-01
      effective_from: 2026-01-01
      effective_to: 2026-06-30
      date_precision: day
      covered_buyers: {field: buyer.country, op: ==, value: XA}
      scope: {field: chip.family, op: ==, value: Green}
      effects: [{type: new_order_prohibited}]
      summary: No green until the summer.
      confidence: high
      sources: [tests]
""",
    ),
    "steep-rate": ([("discount_rate: 8 %/yr", "discount_rate: 8")], ""),
    "idle-limit": ([], "\nlimits: {quotas: [{id: none, of: {accelerators: [tiny-green]}, most: 4}]}\n"),
    "free-energy": ([("region: plain\n", "region: plain\n    tariff: 0 XTS/kWh\n")], ""),
    "free-system": ([], "\nfacts: {systems.red-4.price: 0 XTS}\n"),
    "dominated-system": (
        [
            ("{accelerator: tiny-blue, per_period: 16}", "{accelerator: tiny-green, per_period: 8}"),
            ("ported: [redware]", "ported: [redware, greenware]"),
        ],
        "\nfacts: {systems.red-4.cooling: either, systems.red-4.power: 3 kW, systems.red-4.price: 11000 XTS}\n",
    ),
    "supply-ends": (
        [
            ("end: 2026-Q4", "end: 2027-Q2"),
            ("{accelerator: tiny-red, per_period: 8}", "{accelerator: tiny-red, share: 5 %}"),
        ],
        "",
    ),
}


def test_every_code_is_tried():
    assert {*SUSPECT, "matrix-range"} == set(WARNINGS)


@pytest.mark.parametrize("code", sorted(SUSPECT))
def test_what_is_rarely_meant_is_a_warning_until_it_is_silenced(validated, code):
    changes, added = SUSPECT[code]
    result = validated(*changes, added=added, json_wanted=True)
    assert result.exit_code == 0, result.stderr
    assert f"warning[{code}]" in result.stderr
    assert code in [d["code"] for d in json.loads(result.stdout)["diagnostics"]]
    quiet = validated(*changes, added=f"{added}\nsilence: [{code}]\n")
    assert quiet.exit_code == 0
    assert f"warning[{code}]" not in quiet.stderr


def test_a_better_system_is_no_longer_better_once_it_is_scarcer_or_later(validated):
    changes, added = SUSPECT["dominated-system"]
    scarcer = ("{accelerator: tiny-red, per_period: 8}", "{accelerator: tiny-red, per_period: 7}")
    assert "dominated-system" not in validated(*changes, scarcer, added=added).stderr
    later = added.replace("{", "{systems.red-4.lead_time: 2 quarters, ")
    assert "dominated-system" not in validated(*changes, added=later).stderr


def test_an_unknown_code_is_refused_with_the_nearest(validated):
    result = validated(added="\nsilence: [free-energie]\n")
    assert result.exit_code == 1
    assert "did you mean free-energy?" in result.stderr


def test_a_limit_on_chips_of_no_country_is_refused(validated):
    result = validated(added="\nlimits: {quotas: [{id: far, of: {countries: [XC]}, most: 4}]}\n")
    assert result.exit_code == 1
    assert "no accelerator of the catalog was designed in 'XC'" in result.stderr
    assert "known: XA, XB" in result.stderr


def test_a_program_of_wide_range_is_warned_of_until_it_is_silenced():
    case = pose(load_scenario(TINY), load_catalog((str(DATA),))).case
    assert wide(case, 1e-3, 1e3) == ()
    assert [d.code for d in wide(case, 1e-3, 1.1e3)] == ["matrix-range"]
    assert wide(replace(case, scenario=case.scenario.replace(silence=("matrix-range",))), 1e-3, 1.1e3) == ()


def test_a_plan_of_wide_range_is_warned_of(tmp_path):
    """One foreign chip for every hundred million domestic ones."""
    text = TINY.read_text(encoding="utf-8").replace("../data/tiny", str(DATA))
    ratio = "{id: a, of: {domestic: false}, among: {domestic: true}, most_per: 1e-8}"
    file = tmp_path / "wide.yaml"
    file.write_text(f"{text}limits: {{quotas: [{ratio}]}}\npolicy: {{without: [XA]}}\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["plan", str(file), "--json", "--no-counterfactuals"])
    least, most = json.loads(result.stdout)["solver"]["matrix_range"]
    assert most / least > 1e6
    assert "warning[matrix-range]: coefficients of the program range from" in result.stderr


def test_a_plan_names_the_range_of_its_program():
    result = CliRunner().invoke(app, ["plan", str(TINY), "--json", "--no-counterfactuals"])
    least, most = json.loads(result.stdout)["solver"]["matrix_range"]
    assert 0 < least <= 1 <= most


def test_a_plan_that_outlives_its_supply_records_is_warned_of(validated):
    """The tiny catalog knows the supply of one chip, to the end of 2026."""
    shared = ("    - {accelerator: tiny-red, per_period: 8}", "    - {accelerator: tiny-red, share: 5 %}")
    longer = ("end: 2026-Q4", "end: 2027-Q2")
    assert validated(shared).stderr == ""
    warned = validated(shared, longer)
    assert warned.exit_code == 0
    assert "changed.yaml:8:32: warning[supply-ends]" in warned.stderr
    assert "before the plan ends (2027-06-30): records of Red end on 2026-12-31" in warned.stderr
    assert validated(longer).stderr == "", "what is stated outright has no record to outlive"
    assert validated(shared, longer, added="silence: [supply-ends]\n").stderr == ""


CUT_OFF = ("grid: 90 kW\n", "grid: 90 kW\n    cuts: [{start: 2026-Q2, end: 2026-Q4, share: 100 %}]\n")


@pytest.mark.parametrize(
    ("changes", "added", "told"),
    [
        (
            [CUT_OFF],
            "",
            ":14:11: warning[dark-site]: power cuts leave home nothing in 3 periods from 2026-Q2 to 2026-Q4",
        ),
        (
            [("{2026-Q1: 2e4 tokens/s,", "{2026-Q1: 9e5 tokens/s,")],
            "",
            "asks for 900,000 tokens/s in 2026-Q1; what is installed can do 7",
        ),
        (
            [("    kind: continuous", "    kind: continuous\n    least_job: 400")],
            "",
            "nothing can do dense: a job of 400 accelerators is more than one cluster can hold (16)",
        ),
        (
            [("sizes: [4]", "sizes: [400]")],
            "",
            "nothing can do frontier: no cluster above 16 accelerators can be built",
        ),
        (
            [("sizes: [4]\n    ported: [redware]", "sizes: [4]\n    missed: 1 XTS\n    platforms: [greenware]")],
            "",
            "nothing can do frontier and can only be missed: no system",
        ),
        (
            [],
            "policy: {without: [no-blue-imports]}\n"
            "limits: {quotas: [{id: few, of: {families: [Blue]}, most: 4, counts: deliveries, every: total}]}\n",
            "what is on order comes to 16 accelerators, the limit few is 4: a part is refused",
        ),
        ([], "facts: {systems.red-4.price: 0 XTS}\n", ":46:30: warning[free-system]"),
        ([], "parameters: {hardware-maintenence: 4 %/yr}\n", ":46:36: error[unknown-name]: there is no assumption"),
        ([], "parameters: {hardware-maintenance: 4 kW}\n", ":46:36: error[unit]: hardware-maintenance is in /yr"),
        (
            [("without: [XA]", "without: [XQ]")],
            "",
            ":44:75: error[unknown-rule]: 'XQ' is neither a rule nor a jurisdiction",
        ),
        ([("tiny-red, per_period: 8", "tiny-red, per_period: -8")], "", ":25:43: error[out-of-range]"),
        ([("sizes: [4]", "sizes: []")], "", ":35:12: error[out-of-range]: sizes must have at least 1 entry"),
        ([], "systems: {include: [red-4], exclude: [red-4]}\n", ":46:39: error[duplicate]: red-4 is both included"),
        ([], "policy: {without: [XB]}\n", ":46:20: error[unknown-rule]: 'XB' is neither a rule nor a jurisdiction"),
        ([], "policy: {activate: [no-blue]}\n", ":46:21: error[unknown-rule]: there is no rule 'no-blue'"),
        ([], "policy: {licences: {no-blue: {granted: true}}}\n", "error[unknown-rule]: there is no rule 'no-blue'"),
        ([("catalog: [", "catalog: [./mine, ")], "", ":4:10: error[catalog-missing]: there is no catalog folder"),
    ],
)
def test_what_comes_to_nothing_is_told_before_solving(validated, changes, added, told):
    assert told in validated(*changes, added=added).stderr
