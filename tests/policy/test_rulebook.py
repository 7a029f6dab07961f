"""The shipped rules as a whole."""

import itertools

from planner.policy.check import check_rules
from planner.policy.rule import BINDING
from planner.policy.timeline import at, spans
from planner.policy.vocabulary import normalise


def test_every_rule_of_record_is_here(book):
    assert len(book.rules) == 53
    assert sum(rule.spec.jurisdiction == "US" for rule in book.rules.values()) == 28
    assert {rule.spec.jurisdiction for rule in book.rules.values()} == {"US", "CN", "CN-SH", "CN-BJ"}


def test_every_rule_has_a_source_and_a_summary_in_a_sentence(book):
    for rule in book.rules.values():
        assert rule.spec.sources
        assert rule.spec.summary.strip().endswith(".")
        assert len(rule.spec.summary) < 400


def test_what_does_not_bind_has_a_status_that_says_so(book):
    """Bills, drafts and guidance; every binding rule has a first day or is long-standing."""
    loose = {rule.id for rule in book.rules.values() if rule.spec.status not in BINDING}
    assert {"us-2026-match-bill", "us-2025-01-diffusion", "cn-2025-08-h20-guidance", "us-2025-gain-ai-bill"} <= loose
    undated = {r.id for r in book.rules.values() if r.id not in loose and r.spec.effective_from is None}
    assert undated == {"cn-energy-review"}


def test_rules_name_chips_by_names_of_the_catalog(catalog, book):
    """The one part that the catalog does not carry is known."""
    assert [d.message for d in check_rules(catalog, book)] == [
        "cn-2025-08-h20-guidance: nothing in the catalog has chip.sku 'l2'"
    ]


def test_names_are_compared_without_regard_to_case_and_separator():
    assert normalise("RTX Pro_6000D") == normalise("rtx-pro-6000d")


def test_us_chips_are_known_to_be_us_controlled(catalog):
    """Otherwise export rules would leave them unknown."""
    for chip in catalog.accelerators.values():
        assert chip.us_controlled is not None, chip.id


def test_spans_cover_all_of_time_without_gaps(catalog, book):
    from datetime import date, timedelta

    from planner.policy.questions import Query, case_of
    from planner.policy.regime import Regime

    case = case_of(catalog, book, Query("nvidia-h20-96gb", "cn-internet", "order", date(2025, 1, 1)))
    found = spans(case, "order", Regime.of(book))
    assert found[0].start is None
    assert found[-1].end is None
    for one, following in itertools.pairwise(found):
        assert one.end is not None
        assert following.start == one.end + timedelta(days=1)
        assert at(found, one.end) == one
