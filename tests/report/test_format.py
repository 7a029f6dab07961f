"""Numbers in a report: the same everywhere, with the precision they have."""

import pytest

from planner.report import format as f
from planner.report.model import Column


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (31.4159e9, "31.42 bn CNY"),
        (812.3e6, "812.30 m CNY"),
        (1234.5, "1,234 CNY"),
        (0.5, "0.500 CNY"),
        (-2e6, "−2.00 m CNY"),
    ],
)
def test_money_is_told_in_words_of_size(value, text):
    assert f.money(value, "CNY") == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0 %"), (0.0031, "0.31 %"), (0.042, "4.2 %"), (0.87, "87 %"), (-1.04, "−104 %")]
)
def test_a_share_has_the_digits_it_needs(value, text):
    assert f.percent(value) == text


def test_a_price_keeps_three_figures():
    assert [f.price(v) for v in (998.4, 1000.2, 56.78, 1.69e6, 0.6721)] == ["998", "1,000", "56.8", "1.69 m", "0.672"]


def test_a_column_has_one_scale_and_one_precision():
    unit, texts = f.cells(Column("cost", "money", "CNY"), [31.4e9, 12e6, None, 0.0])
    assert (unit, texts) == ("m CNY", ["31,400", "12", "–", "0"])


def test_what_rounds_to_nothing_is_not_shown_as_nothing():
    assert f.cells(Column("cost", "money", "CNY"), [31.4e9, 2e5])[1] == ["31,400", "0.2"]


def test_signed_numbers_carry_their_sign():
    assert f.cells(Column("d", "money", "CNY", signed=True), [5.0, -5.0, 0.0])[1] == ["+5.00", "−5.00", "0.00"]


def test_lists_read_as_a_sentence():
    assert [f.listed(x) for x in (["a"], ["a", "b"], ["a", "b", "c"], [])] == ["a", "a and b", "a, b and c", ""]
