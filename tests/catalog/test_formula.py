"""Arithmetic of assumptions: plain, safe, and on ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.catalog.formula import Formula, FormulaError, Range
from planner.units import Money

positive = st.floats(0.01, 1e6)
ranges = st.lists(positive, min_size=3, max_size=3).map(lambda sides: Range(*sorted(sides)))


def value(text: str, **names: Range) -> Range | None:
    return Formula.parse(text).evaluate(names.get)


def test_it_computes():
    assert value("8 * tdp + 2 * (1 - 0.5)", tdp=Range.point(0.7)) == Range.point(8 * 0.7 + 1)


def test_dotted_names_and_min_max():
    formula = Formula.parse("max(a.b, min(c, 3)) / 2")
    assert formula.names == {"a.b", "c"}
    assert formula.evaluate({"a.b": Range.point(1.0), "c": Range.point(9.0)}.get) == Range.point(1.5)


def test_an_unknown_name_makes_the_result_unknown():
    assert value("a + b", a=Range.point(1.0)) is None


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a if b else c",
        "a ** 2",
        "a[0]",
        "f(a)",
        "lambda: 1",
        "'x'",
        "True",
        "a and b",
        "a <",
        "max()",
        "(a).b(1)",
    ],
)
def test_only_arithmetic_is_allowed(text: str):
    with pytest.raises(FormulaError):
        Formula.parse(text)


def test_division_by_zero_and_currencies_are_told():
    with pytest.raises(FormulaError, match="zero"):
        value("a / b", a=Range.point(1.0), b=Range.point(0.0))
    yuan, dollar = Range.point(Money(1, "CNY")), Range.point(Money(1, "USD"))
    with pytest.raises(FormulaError, match="cannot combine"):
        value("a + b", a=yuan, b=dollar)
    with pytest.raises(FormulaError, match="money"):
        value("a * b", a=yuan, b=dollar)


def test_money_times_numbers_is_money_and_money_over_money_a_number():
    price = Range.point(Money(10, "CNY"))
    assert value("8 * p * 1.5", p=price) == Range.point(Money(120, "CNY"))
    assert value("p / q", p=price, q=Range.point(Money(5, "CNY"))) == Range.point(2)


@given(ranges, ranges)
def test_the_range_of_a_result_holds_every_combination_of_its_parts(a: Range, b: Range):
    for text in ("a + b", "a - b", "a * b", "a / b", "max(a, b)", "-a"):
        found = value(text, a=a, b=b)
        assert found is not None
        assert found.low <= found.mid <= found.high  # type: ignore[operator]
        for x in a:
            for y in b:
                single = value(text, a=Range.point(x), b=Range.point(y))
                assert single is not None
                assert found.low <= single.mid <= found.high  # type: ignore[operator]
