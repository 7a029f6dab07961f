"""Overlays: later wins, places follow the values, laws of merging."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.io.merge import overlay
from planner.io.models import StrictModel
from planner.io.yaml import Document, loads, parse
from planner.units import Power

BASE = "sites:\n  - name: wuhu\n    power: 40 MW\n  - name: gui'an\n    power: 60 MW\ncost: {a: 1, b: 2}\ntags: [x]\n"
OVER = "sites:\n  - name: wuhu\n    power: 50 MW\n  - name: ulanqab\n    power: 9 MW\n"
OVER += "cost: {b: 3, c: null}\ntags: [y, z]\n"


def merged() -> Document:
    return overlay(loads(BASE, "base"), loads(OVER, "over"))


def test_later_wins_mappings_merge_named_items_merge_and_other_lists_are_replaced():
    assert merged().value == {
        "sites": [
            {"name": "wuhu", "power": "50 MW"},
            {"name": "gui'an", "power": "60 MW"},
            {"name": "ulanqab", "power": "9 MW"},
        ],
        "cost": {"a": 1, "b": 3, "c": None},
        "tags": ["y", "z"],
    }


def test_each_value_keeps_the_place_it_was_written_at():
    document = merged()
    expected = {
        ("sites",): "base:2:3",
        ("sites", 0): "base:2:5",
        ("sites", 0, "power"): "over:3:12",
        ("sites", 1, "power"): "base:5:12",
        ("sites", 2, "power"): "over:5:12",
        ("cost", "a"): "base:6:11",
        ("cost", "b"): "over:6:11",
        ("tags", 1): "over:7:11",
    }
    assert {path: str(document.place(path)) for path in expected} == expected
    assert str(document.key_place(("cost", "c"))) == "over:6:14"
    assert set(document.places) == {
        path for path in document.places if document.get(path) is not None or path == ("cost", "c")
    }


def test_the_origin_tells_what_was_overridden():
    document = overlay(merged(), loads("cost: {b: 4}", "last"))
    assert document.origin(("cost", "b")) == "set in last:1:11, overriding over:6:11, base:6:17"
    assert document.origin(("cost", "a")) == "set in base:6:11"
    assert document.origin(("tags", 0)) == "set in over:7:8, overriding base:7:7"


class Site(StrictModel):
    name: str
    power: Power


class Case(StrictModel):
    sites: tuple[Site, ...]


def test_a_fault_in_a_merged_document_names_both_places():
    document = overlay(
        loads("sites: [{name: a, power: 1 MW}]", "base"), loads("sites: [{name: a, power: 2 GB}]", "over")
    )
    with pytest.raises(InputError) as caught:
        parse(Case, document)
    (fault,) = caught.value.diagnostics
    assert str(fault.place) == "over:1:26"
    assert "set in over:1:26, overriding base:1:26" in fault.message


@pytest.mark.parametrize("value", ["null", "3", "[]", "[1]", "{}"])
def test_a_value_of_another_kind_replaces(value: str):
    assert overlay(loads("a: {b: 1}"), loads(f"a: {value}")).value["a"] == (
        loads(value).value if value != "{}" else {"b": 1}
    )


KEYS = st.sampled_from(["a", "b", "c"])
SHAPE: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "n": st.integers(0, 9),
        "m": st.dictionaries(KEYS, st.integers(0, 9), max_size=3),
        "l": st.lists(st.integers(0, 9), max_size=3),
        "s": st.dictionaries(KEYS, st.integers(0, 9), min_size=1, max_size=3).map(
            lambda items: [{"id": key, "v": value} for key, value in items.items()]
        ),
    },
)
"""Documents that agree on what is a mapping, a plain list, a list of named items."""


def doc(value: Any) -> Document:
    import json

    return loads(json.dumps(value), "d")


@given(SHAPE)
def test_nothing_laid_over_changes_nothing(a: Any):
    assert overlay(doc(a), doc({})).value == overlay(doc({}), doc(a)).value == a


@given(SHAPE)
def test_a_document_over_itself_changes_nothing(a: Any):
    assert overlay(doc(a), doc(a)).value == a


@given(SHAPE, SHAPE, SHAPE)
def test_merging_is_associative(a: Any, b: Any, c: Any):
    left = overlay(overlay(doc(a), doc(b)), doc(c))
    right = overlay(doc(a), overlay(doc(b), doc(c)))
    assert left.value == right.value == overlay(doc(a), doc(b), doc(c)).value


@given(SHAPE, SHAPE)
def test_every_value_of_a_merge_has_a_place(a: Any, b: Any):
    document = overlay(doc(a), doc(b))
    assert set(document.places) == set(doc(document.value).places)


@given(SHAPE, SHAPE)
def test_merging_leaves_its_inputs_alone(a: Any, b: Any):
    first, second = doc(a), doc(b)
    overlay(first, second)
    assert (first.value, second.value) == (a, b)
