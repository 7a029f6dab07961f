"""National supply: shares of published totals by day, one record a day, conflicts by choice."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from planner.catalog.ledger import Ledger
from planner.catalog.load import Catalog, load_catalog
from planner.catalog.national import component_supply, covered_until, national_supply
from planner.errors import InputError

SUPPLY = """\
supply:
  - id: one-2026
    accelerator: acme-one
    period: {from: 2026-01-01, to: 2026-12-31}
    accelerators_per_period: {low: 36500, mid: 73000, high: 109500, source: press, confidence: press}
  - id: one-q4
    accelerator: acme-one
    period: {from: 2026-10-01, to: 2026-12-31}
    accelerators_per_period: {value: 9200, source: press, confidence: press}
  - id: all-2027-high
    accelerators_group: Everything
    split: {acme-one: 0.25, globex-two: 0.75}
    period: {from: 2027-01-01, to: 2027-12-31}
    accelerators_per_period: {value: 365000, source: press, confidence: press}
    conflict_group: year-2027
    confidence: low
  - id: all-2027-official
    accelerators_group: Everything
    period: {from: 2027-01-01, to: 2027-12-31}
    accelerators_per_period: {value: 36500, source: press, confidence: official}
    conflict_group: year-2027
    confidence: official
  - id: one-2028-guess
    accelerator: acme-one
    period: {from: 2028-01-01, to: 2028-12-31}
    accelerators_per_period: {value: 36600, source: press, confidence: assumption}
    basis: assumption
    confidence: assumption
  - id: shared-2028
    accelerators_group: [acme-one, globex-two]
    period: {from: 2028-01-01, to: 2028-06-30}
    accelerators_per_period: {value: 1820, source: press, confidence: press}
  - id: orders
    accelerator: globex-two
    period: {from: 2026-01-01, to: 2026-12-31}
    accelerators_per_period: {value: 1000000, source: press, confidence: press}
    usable: false
  - id: stacks
    component: hbm_stack
    period: {from: 2026-01-01, to: 2026-12-31}
    quantity: {value: 1000000, source: press, confidence: press}
"""


@pytest.fixture
def supplied(tiny: Path) -> Catalog:
    (tiny / "supply.yaml").write_text(SUPPLY)
    return load_catalog([tiny])


def test_a_figure_is_spread_evenly_over_its_days(supplied: Catalog):
    """73,000 over 365 days is 200 a day; January has 31."""
    found = national_supply(supplied, "acme-one", date(2026, 1, 1), date(2026, 2, 1))
    assert found.accelerators == pytest.approx(6200)
    assert (found.records, found.pool) == (("one-2026",), "acme-one")


def test_levels_take_their_side(supplied: Catalog):
    sides = [
        national_supply(supplied, "One", date(2026, 1, 1), date(2026, 1, 2), level).accelerators
        for level in ("low", "mid", "high")
    ]
    assert sides == pytest.approx([100, 200, 300])


def test_the_shorter_record_is_believed_for_its_days(supplied: Catalog):
    """Nine months at 200 a day, then a quarter at 100 a day, never both."""
    year = national_supply(supplied, "acme-one", date(2026, 1, 1), date(2027, 1, 1))
    assert year.accelerators == pytest.approx(273 * 200 + 92 * 100)
    assert year.records == ("one-2026", "one-q4")


def test_parts_of_a_period_add_up_to_the_whole(supplied: Catalog):
    cuts = [date(2026, 1, 1), date(2026, 3, 17), date(2026, 11, 2), date(2027, 5, 5), date(2028, 1, 1)]
    parts = [national_supply(supplied, "acme-one", a, b).accelerators for a, b in pairwise(cuts)]
    whole = national_supply(supplied, "acme-one", cuts[0], cuts[-1]).accelerators
    assert sum(part or 0 for part in parts) == pytest.approx(whole)


def test_a_conflict_is_settled_by_confidence_unless_the_scenario_chooses(supplied: Catalog):
    """Never averaged; a record without shares takes those of its group."""
    day = (date(2027, 1, 1), date(2027, 1, 2))
    assert national_supply(supplied, "acme-one", *day).accelerators == pytest.approx(25)
    chosen = national_supply(supplied, "acme-one", *day, choices={"year-2027": "all-2027-high"})
    assert chosen.accelerators == pytest.approx(250)
    other = national_supply(supplied, "globex-two", *day, choices={"year-2027": "all-2027-high"})
    assert other.accelerators == pytest.approx(750)


def test_a_choice_must_name_a_group_and_a_record_of_it(supplied: Catalog):
    day = (date(2027, 1, 1), date(2027, 1, 2))
    with pytest.raises(InputError, match="no conflict group 'year-2028'"):
        national_supply(supplied, "acme-one", *day, choices={"year-2028": "x"})
    with pytest.raises(InputError, match="did you mean 'all-2027-high'"):
        national_supply(supplied, "acme-one", *day, choices={"year-2027": "all-2027-hih"})


def test_a_sourced_record_goes_before_an_assumed_one(supplied: Catalog):
    """First half 10 a day by the report on both accelerators, second half 100 a day assumed."""
    found = national_supply(supplied, "acme-one", date(2028, 1, 1), date(2029, 1, 1))
    assert found.accelerators == pytest.approx(182 * 10 + 184 * 100)
    assert found.shared_with == ("globex-two",)


def test_what_no_record_covers_is_unknown_and_said(supplied: Catalog):
    nothing = national_supply(supplied, "globex-two", date(2026, 1, 1), date(2026, 2, 1))
    assert nothing.accelerators is None
    assert nothing.reason == "no supply record of globex-two between 2026-01-01 and 2026-02-01"
    partly = national_supply(supplied, "acme-one", date(2025, 12, 1), date(2026, 1, 2))
    assert partly.accelerators == pytest.approx(200)
    assert partly.reason == "by one-2026; no record covers 31 days, counted as none"


def test_every_record_used_is_in_the_ledger(supplied: Catalog):
    ledger = Ledger()
    national_supply(supplied, "acme-one", date(2026, 9, 1), date(2028, 7, 2), ledger=ledger)
    assert {row.key: row.kind for row in ledger} == {
        "supply.one-2026.acme-one": "fact",
        "supply.one-q4.acme-one": "fact",
        "supply.all-2027-official.acme-one": "fact",
        "supply.shared-2028.acme-one": "fact",
        "supply.one-2028-guess.acme-one": "assumption",
    }


def test_parts_are_counted_like_accelerators_and_stocks_apart(supplied: Catalog, tiny: Path):
    found = component_supply(supplied, "hbm_stack", date(2026, 1, 1), date(2026, 1, 8))
    assert found.produced == pytest.approx(1_000_000 * 7 / 365)
    assert (found.stock, found.used_by) == (None, ("acme-one",))
    held = (
        "  - {id: bank, component: hbm_stack, kind: stock, period: {from: 2025-12-31, to: 2025-12-31}, quantity: 500}\n"
    )
    (tiny / "supply.yaml").write_text(SUPPLY + held)
    stocked = component_supply(load_catalog([tiny]), "hbm_stack", date(2026, 1, 1), date(2026, 1, 8))
    assert (stocked.produced, stocked.stock) == (found.produced, 500)
    with pytest.raises(InputError, match="did you mean 'hbm_stack'"):
        component_supply(supplied, "hbm_stak", date(2026, 1, 1), date(2026, 1, 8))


def test_a_figure_with_one_side_only_is_used_and_said(tiny: Path):
    text = SUPPLY.replace("{low: 36500, mid: 73000, high: 109500,", "{high: 73000,")
    (tiny / "supply.yaml").write_text(text)
    found = national_supply(load_catalog([tiny]), "acme-one", date(2026, 1, 1), date(2026, 1, 2))
    assert found.accelerators == pytest.approx(200)
    assert found.reason == "by one-2026; one-2026 states only a high figure"


def test_what_was_not_known_by_a_day_is_left_out(tiny: Path):
    """A year told in January and corrected in June for its second half; a record without a dated source counts."""
    (tiny / "told.yaml").write_text(
        """\
supply:
  - id: early
    accelerator: acme-one
    period: {from: 2027-01-01, to: 2027-12-31}
    accelerators_per_period: {value: 36500, source: told-early, confidence: press}
  - id: late
    accelerator: acme-one
    period: {from: 2027-07-01, to: 2027-12-31}
    accelerators_per_period: {value: 1840, source: told-late, confidence: press}
  - id: undated
    accelerator: acme-one
    period: {from: 2028-01-01, to: 2028-12-31}
    accelerators_per_period: {value: 366, source: press, confidence: press}
sources:
  - {id: told-early, title: Early, date: 2026-01}
  - {id: told-late, title: Late, date: 2026-06-15}
""",
        encoding="utf-8",
    )
    catalog = load_catalog([tiny])

    def in_2027(known_by: date | None) -> float | None:
        return national_supply(catalog, "acme-one", date(2027, 1, 1), date(2028, 1, 1), known_by=known_by).accelerators

    assert in_2027(None) == pytest.approx(100 * 181 + 1840)
    assert in_2027(date(2026, 6, 15)) == pytest.approx(100 * 181 + 1840), "known on the day itself"
    assert in_2027(date(2026, 6, 14)) == pytest.approx(36500)
    assert in_2027(date(2025, 12, 31)) is None
    ends = [covered_until(catalog, "acme-one", known_by=day) for day in (None, date(2025, 12, 31))]
    assert ends == [date(2029, 1, 1), date(2029, 1, 1)], "the record without a date counts always"
    undated = national_supply(catalog, "acme-one", date(2028, 1, 1), date(2029, 1, 1), known_by=date(2020, 1, 1))
    assert undated.accelerators == pytest.approx(366)
