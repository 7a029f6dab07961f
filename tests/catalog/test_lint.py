"""`catalog check`: what it finds, and what data may silence."""

from pathlib import Path

import pytest

from planner.catalog.lint import Report, check
from planner.catalog.load import load_catalog

RULES = """\
lint:
  as_of: 2026-06-30
  confidence: [vendor, press]
  stale:
    - {kind: accelerators, field: price, after: 2 years, why: prices move}
  ranges:
    - {code: density, kind: accelerators, what: TPP per mm2, formula: tpp / die_area, low: 1, high: 40}
    - {code: quoted-tpp, kind: accelerators, what: quoted TPP, formula: quoted_tpp / tpp, low: 0.99, high: 1.01}
    - {code: price, kind: accelerators, what: price, formula: price, low: 1000 USD, high: 30000 USD}
    - {code: power, kind: systems, what: power, formula: power / (accelerators * accelerator.tdp), low: 1, high: 3}
"""
CHIP = "accelerators/acme.yaml"


@pytest.fixture
def linted(tiny: Path) -> Path:
    (tiny / "lint.yaml").write_text(RULES)
    (tiny / "accelerators" / "acme.yaml").write_text((tiny / CHIP).read_text().split("  - id: globex-two")[0])
    (tiny / "aliases.yaml").write_text("aliases: {Everything: [acme-one]}\n")
    return tiny


def edit(folder: Path, name: str, old: str, new: str) -> Report:
    path = folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    return check(load_catalog([folder]))


def told(report: Report) -> list[tuple[str, str]]:
    """Code and file:line:column of every finding."""
    return [(f.code, str(f.place).rsplit("/", 1)[-1]) for f in report.findings]


def test_a_sound_catalog_is_clean(linted: Path):
    report = check(load_catalog([linted]))
    assert told(report) == []
    assert report.clean
    assert report.facts == report.sourced
    assert report.nulls == 1


def test_a_value_without_source_is_found(linted: Path):
    report = edit(linted, CHIP, "memory: {value: 64 GB, source: vendor-page, confidence: vendor}", "memory: 64 GB")
    assert told(report) == [("no-source", "acme.yaml:13:13")]
    assert report.sourced == report.facts - 1


def test_a_quoted_tpp_that_disagrees_is_found(linted: Path):
    """800 TOP/s x 8 bit = 6400."""
    report = edit(linted, CHIP, "quoted_tpp: 6400", "quoted_tpp: 7000")
    assert told(report) == [("quoted-tpp", "acme.yaml:21:17")]
    assert "is 1.094; ordinary is 0.99 to 1.01" in report.findings[0].message


def test_an_implausible_value_is_found_and_may_be_accepted_with_a_reason(linted: Path):
    assert told(edit(linted, CHIP, "800 mm2", "80 mm2")) == [("density", "acme.yaml:16:15")]
    report = edit(linted, CHIP, "    components:", "    silence: {density: a chiplet}\n    components:")
    assert report.clean
    assert [(finding.code, reason) for finding, reason in report.silenced] == [("density", "a chiplet")]


def test_prices_are_judged_only_in_the_currency_of_the_range(linted: Path):
    assert told(edit(linted, CHIP, "low: 90000 CNY, mid: 100000 CNY, high: 120000 CNY", "value: 90000 USD")) == [
        ("price", "acme.yaml:19:12")
    ]


def test_system_and_chip_are_judged_together(linted: Path):
    report = edit(linted, "systems/acme.yaml", "low: 50 kW, mid: 60 kW, high: 80 kW", "value: 20 kW")
    assert told(report) == [("power", "acme.yaml:22:12")]


def test_an_old_price_is_stale(linted: Path):
    report = edit(
        linted,
        CHIP,
        "source: press, confidence: press}\n    components",
        "source: press, as_of: 2024-05}\n    components",
    )
    assert told(report) == [("stale", "acme.yaml:19:12")]


def test_an_unknown_confidence_is_found(linted: Path):
    assert told(edit(linted, CHIP, "confidence: vendor", "confidence: sure")) == [("confidence", "acme.yaml:11:67")]


def test_an_alias_of_nothing_is_found(linted: Path):
    report = edit(linted, "aliases.yaml", "acme-one", "acme-on")
    assert told(report) == [("unknown-name", "aliases.yaml:1:23")]
    assert report.findings[0].hint == "did you mean 'acme-one'?"


def test_a_system_that_cannot_be_planned_with_is_found(linted: Path):
    report = edit(linted, CHIP, "value: 64 GB", "value: null")
    assert [code for code, _ in told(report)] == ["unplannable", "unplannable"]


def test_faults_of_files_are_findings_too(linted: Path):
    assert told(edit(linted, CHIP, "value: 64 GB", "value: 64 kW"))[0] == ("unit", "acme.yaml:13:21")
