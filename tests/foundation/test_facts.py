"""Facts: every accepted form, levels, means, and what is refused."""

import pickle
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from planner.errors import InputError
from planner.io.models import Fact, StrictModel
from planner.io.yaml import loads, parse
from planner.units import Money, Power


class Chip(StrictModel):
    tdp: Fact[Power] = Fact()
    price: Fact[Money] | None = None
    racks: Fact[float] = Fact()
    stacks: Fact[int] = Fact()
    memory_type: Fact[str] = Fact()


def chip(text: str) -> Chip:
    return parse(Chip, loads(text))


@pytest.mark.parametrize("level", ["low", "mid", "high"])
def test_a_single_value_holds_at_every_level(level: Literal["low", "mid", "high"]):
    assert chip("tdp: {value: 700 W, source: x, confidence: vendor}").tdp.at(level) == 0.7
    assert chip("tdp: 700 W").tdp.at(level) == 0.7


@pytest.mark.parametrize(
    ("text", "levels", "derived"),
    [
        ("{low: 1 kW, mid: 2 kW, high: 4 kW}", (1, 2, 4), False),
        ("{mid: 2 kW, high: 4 kW}", (2, 2, 4), False),
        ("{low: 1 kW, mid: 2 kW}", (1, 2, 2), False),
        ("{mid: 2 kW}", (2, 2, 2), False),
        ("{low: 1 kW, high: 4 kW}", (1, 2.5, 4), True),
        ("{low: 1 kW}", (1, None, None), False),
        ("{high: 4 kW}", (None, None, 4), False),
        ("{value: null, note: not disclosed}", (None, None, None), False),
        ("null", (None, None, None), False),
        ("{}", (None, None, None), False),
    ],
)
def test_a_missing_side_falls_back_to_the_middle_and_a_missing_middle_to_the_mean(
    text: str, levels: tuple[float | None, ...], derived: bool
):
    fact = chip(f"tdp: {text}").tdp
    assert (fact.at("low"), fact.at("mid"), fact.at("high")) == levels
    assert fact.derived is derived
    assert fact.known is (levels[1] is not None)


def test_the_mean_of_money_is_money_and_of_whole_numbers_whole():
    found = chip("{price: {low: 1 CNY, high: 4 CNY}, stacks: {low: 6, high: 8}}")
    assert found.price is not None
    assert found.price.at("mid") == Money(2.5, "CNY")
    assert found.stacks.at("mid") == 7
    assert isinstance(found.stacks.at("mid"), int)


def test_text_has_no_order_and_no_mean():
    fact = chip("memory_type: {low: z, high: a}").memory_type
    assert fact.at("mid") is None
    assert not fact.derived


def test_null_for_an_optional_fact_is_none_and_for_others_unknown():
    found = chip("{price: null, tdp: null}")
    assert found.price is None
    assert not found.tdp.known


def test_sources_may_be_one_or_many_and_dates_a_bare_year():
    one = chip("tdp: {value: 1 W, source: a, as_of: 2025}").tdp
    many = chip("tdp: {value: 1 W, source: [a, b], as_of: 2025-04}").tdp
    bare = chip("tdp: 1 W").tdp
    assert (one.source, one.as_of, one.cited) == (("a",), "2025", True)
    assert (many.source, many.as_of) == (("a", "b"), "2025-04")
    assert not bare.cited


def test_facts_survive_pickling_whatever_they_hold():
    found = chip("{tdp: 1 W, price: 3 CNY, stacks: 4, memory_type: HBM}")
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert type(again.tdp) is type(found.tdp)


def test_the_json_schema_accepts_the_bare_value_as_well():
    schema = Chip.model_json_schema()
    name = schema["properties"]["tdp"]["$ref"].rsplit("/", 1)[-1]
    bare, null, whole = schema["$defs"][name]["anyOf"]
    assert (bare["type"], null["type"], whole["type"]) == ("string", "null", "object")
    assert {"type": "string"} in whole["properties"]["source"]["anyOf"]


def test_conflicting_publications_are_kept_apart():
    fact = chip("tdp: {value: 1 kW, conflicts: [{value: 2 kW, source: b}, 3 kW]}").tdp
    assert fact.at() == 1
    assert [other.at() for other in fact.conflicts] == [2, 3]


@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=3))
def test_only_sides_that_do_not_decrease_are_accepted(sides: list[float]):
    low, mid, high = sides
    data = {"low": low, "mid": mid, "high": high}
    if low <= mid <= high:
        assert Fact[float].model_validate(data).at("high") == high
    else:
        with pytest.raises(ValidationError, match="must not decrease"):
            Fact[float].model_validate(data)


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_the_json_of_a_fact_reads_back(a: float, b: float):
    fact = Fact[Power](low=f"{min(a, b)!r} kW", high=f"{max(a, b)!r} kW", source="x")
    assert Fact[Power].model_validate(fact.model_dump(mode="json")) == fact


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tdp: {value: 1 W, low: 1 W}", "give either value or low/mid/high"),
        ("tdp: 5", "power needs a unit"),
        ("tdp: [1 W]", "power must be a quantity: got a list"),
        ("tdp: {valeu: 1 W}", "did you mean 'value'"),
        ("stacks: true", "must be a whole number: got true"),
        ("racks: '3'", "must be a number: got '3'"),
    ],
)
def test_refusals(text: str, message: str):
    with pytest.raises(InputError, match=message):
        chip(text)


def test_a_fact_is_frozen_and_a_fact_of_its_own_kind_is_taken_as_it_is():
    fact = chip("tdp: 1 W").tdp
    assert Chip(tdp=fact).tdp == fact
    with pytest.raises(ValidationError, match="frozen"):
        fact.low = 3  # type: ignore[misc]
