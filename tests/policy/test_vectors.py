"""Twelve accelerators against three threshold rules, on quoted figures; and where the catalog's differ, why."""

from datetime import date
from pathlib import Path

import pytest

from planner.io.yaml import load
from planner.policy.predicate import Interval, evaluate
from planner.policy.questions import Query, case_of

DATA = load(Path(__file__).parent / "data" / "vectors.yaml").value
VECTORS = {vector["sku"]: vector for vector in DATA["vectors"]}
NAMES = {True: "matches", False: "no_match", None: "unknown"}


def answers(book, facts):
    """Answer of each rule's scope, by short name."""
    return {short: evaluate(book.rule(rule).scope, facts) for short, rule in DATA["rules"].items()}


def expected(vector):
    """Short name of each rule to the answer the vector states."""
    return {short: truth for truth, key in NAMES.items() for short in vector[key]}


def facts_of(vector):
    """Facts by predicate field; `at_least` figures are lower bounds."""
    facts = {f"chip.{name}": value for name, value in vector["facts"].items()}
    for name in vector.get("at_least", ()):
        facts[f"chip.{name}"] = Interval(float(facts[f"chip.{name}"]), float("inf"))
    io, dram = facts.get("chip.io_bandwidth_gb_s"), facts.get("chip.dram_bandwidth_gb_s")
    return facts | {"chip.dram_plus_io_gb_s": io + dram if io is not None and dram is not None else None}


def test_all_twelve_are_here():
    assert len(VECTORS) == 12


@pytest.mark.parametrize("sku", VECTORS)
def test_on_quoted_figures(book, sku):
    assert answers(book, facts_of(VECTORS[sku])) == expected(VECTORS[sku])


@pytest.mark.parametrize("sku", [sku for sku, vector in VECTORS.items() if vector["catalog"]])
def test_the_catalog_agrees_or_says_why_not(catalog, book, sku):
    """The catalog knows more, so an unknown may become known; a known answer may change only with an explanation."""
    vector = VECTORS[sku]
    query = Query(vector["catalog"], "cn-internet", "order", date(2025, 1, 1))
    got = answers(book, case_of(catalog, book, query).facts.values)
    differing = {
        short: got[short] for short, truth in expected(vector).items() if truth is not None and got[short] is not truth
    }
    stated = {k: None if v == "unknown" else v for k, v in vector.get("catalog_says", {}).items()}
    assert {short: got[short] for short in stated} == stated
    assert differing.keys() <= stated.keys()
    assert bool(stated) == ("difference" in vector)


def test_the_tariff_window_is_open_at_its_bounds(catalog, book):
    """Rounded figures (TPP 20,800) lie outside the window around MI325X, exact ones inside."""
    tariff = book.rule("us-2026-01-s232-tariff")
    facts = {"transaction.hts_headings": frozenset({"8471.80"}), "chip.dram_bandwidth_gb_s": 6000.0}
    assert evaluate(tariff.scope, facts | {"chip.tpp": 20800.0}) is False
    assert evaluate(tariff.scope, facts | {"chip.tpp": catalog.accelerators["amd-mi325x"].tpp}) is True


@pytest.mark.parametrize(
    ("sku", "day", "buyer"),
    [
        ("A100", "2024-06-01", "cn-internet"),
        ("A100", "2023-06-01", "cn-internet"),
        ("A800", "2024-06-01", "cn-internet"),
        ("H20", "2025-06-01", "cn-internet"),
        ("H100", "2022-09-15", "cn-internet"),
        ("H200", "2026-01-20", "cn-internet"),
        ("MI325X", "2026-01-20", "cn-internet"),
        ("Ascend-910B", "2025-06-01", "cn-overseas-subsidiary"),
        ("Ascend-910C", "2025-06-01", "cn-overseas-subsidiary"),
        ("Ascend-950DT", "2026-06-01", "cn-overseas-subsidiary"),
        ("Ascend-960DT", "2027-06-01", "cn-overseas-subsidiary"),
    ],
)
def test_a_decisive_rule_is_among_those_that_answer(ask, sku, day, buyer):
    vector = VECTORS[sku]
    found = {
        hit.rule_id for hit in ask(vector["catalog"], "order", day, buyer).rules if hit.outcome in ("denies", "unknown")
    }
    assert found & set(vector["decisive"])
