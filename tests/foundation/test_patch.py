"""Path patches: what a path may name, what it may not, and where its value says it was written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.io.patch import apply_patch, find_path, split_path
from planner.io.yaml import Document, loads

TEXT = """\
sites:
  - name: wuhu
    power: 40 MW
    halls: [{id: h.1, racks: 3}, {id: h2, racks: 4}]
  - name: ulanqab
    power: 60 MW
prices: {2027: 1, 2028: 2}
plain: [7, 8]
empty: []
a.b: {c: 1}
"""
BASE = loads(TEXT, "base")


def patch(text: str) -> Document:
    return apply_patch(BASE, loads(text, "patch").value, loads(text, "patch"))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sites.wuhu.power", ("sites", 0, "power")),
        ("sites[ulanqab].power", ("sites", 1, "power")),
        ("sites.1.power", ("sites", 1, "power")),
        ("sites[1]", ("sites", 1)),
        ("sites.wuhu.halls[h.1].racks", ("sites", 0, "halls", 0, "racks")),
        ('sites.wuhu.halls."h.1".racks', ("sites", 0, "halls", 0, "racks")),
        ("sites.wuhu.halls.h2", ("sites", 0, "halls", 1)),
        ("prices.2028", ("prices", 2028)),
        ("plain[0]", ("plain", 0)),
        ('"a.b".c', ("a.b", "c")),
    ],
)
def test_a_path_names_keys_items_and_indices(text: str, path: tuple[str | int, ...]):
    assert find_path(BASE, text) == path


def test_a_patch_sets_the_value_and_its_place_and_remembers_the_old():
    document = patch("sites.wuhu.power: 50 MW\nsites.ulanqab: {name: x, power: null}\n")
    assert document.value["sites"][0]["power"] == "50 MW"
    assert document.value["sites"][1] == {"name": "x", "power": None}
    assert document.origin(("sites", 0, "power")) == "set in patch:1:19, overriding base:3:12"
    assert str(document.place(("sites", 1, "name"))) == "patch:2:23"
    assert str(document.place(("sites", 0, "name"))) == "base:2:11"
    assert document.path == "base"


def test_the_document_patched_is_not_changed():
    patch("sites.wuhu.power: 50 MW\nplain+: 9\n")
    assert BASE.value == loads(TEXT).value


def test_a_path_ending_in_plus_appends_to_a_list_or_adds_a_key():
    document = patch("plain+: 9\nempty+: {a: 1}\nsites.wuhu.cap+: 3\nsites.wuhu.halls+: {id: h3, racks: 5}\n")
    assert document.value["plain"] == [7, 8, 9]
    assert document.value["empty"] == [{"a": 1}]
    assert document.value["sites"][0]["cap"] == 3
    assert [hall["id"] for hall in document.value["sites"][0]["halls"]] == ["h.1", "h2", "h3"]
    assert str(document.place(("empty", 0, "a"))) == "patch:2:13"


def test_patches_apply_in_order():
    assert patch("plain: [1]\nplain+: 2\nplain.0: 5\n").value["plain"] == [5, 2]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("sites.wuhu.powr", "'sites.wuhu.powr' leads nowhere: 'sites.0' has no 'powr'", "did you mean 'power'?"),
        ("sites.wuhuu.power", "'sites.wuhuu.power' leads nowhere: 'sites' has no 'wuhuu'", "did you mean 'wuhu'?"),
        ("sits.wuhu", "'sits.wuhu' leads nowhere: the document has no 'sits'", "did you mean 'sites'?"),
        ("plain.2", "'plain.2' leads nowhere: 'plain' has no '2'", "known here: 0 to 1"),
        ("plain.-1", "'plain.-1' leads nowhere: 'plain' has no '-1'", "known here: 0 to 1"),
        ("empty.0", "'empty.0' leads nowhere: 'empty' has no '0'", "known here: nothing: the list is empty"),
        ("sites.wuhu.power.x", "'sites.wuhu.power.x' leads nowhere: 'sites.0.power' is '40 MW'", None),
        (
            "prices.zz",
            "'prices.zz' leads nowhere",
            "known here: 2027, 2028; to add it, end the path with +: prices.zz+",
        ),
        ("sites..power", "'sites..power' is not a path", None),
        (".sites", "'.sites' is not a path", None),
        ("sites[wuhu", "'sites[wuhu' is not a path", None),
        ("sites.", "'sites.' is not a path", None),
        ("prices.2027+", "'prices.2027' is already there: 1", "write 'prices.2027' to change it"),
        ("sites.nobody.cap+", "'sites.nobody.cap+' leads nowhere: 'sites' has no 'nobody'", None),
        ("+", "'' is not a path", None),
    ],
)
def test_a_path_that_leads_nowhere_points_at_the_patch(text: str, message: str, hint: str | None):
    with pytest.raises(InputError) as caught:
        patch(f"'{text}': 1")
    (fault,) = caught.value.diagnostics
    assert str(fault.place) == "patch:1:1"
    assert fault.message.startswith(message)
    if hint:
        assert fault.hint == hint


def test_all_paths_that_lead_nowhere_come_at_once():
    with pytest.raises(InputError) as caught:
        patch("sits: 1\nplain.0: 2\npran: 3\n")
    assert [str(d.place) for d in caught.value.diagnostics] == ["patch:1:1", "patch:3:1"]


def test_a_patch_may_stand_inside_a_larger_document():
    origin = loads("whatif:\n  - set:\n      plain.0: 5\n", "cases")
    at = ("whatif", 0, "set")
    document = apply_patch(BASE, origin.get(at), origin, at)
    assert str(document.place(("plain", 0))) == "cases:3:16"


def test_a_patch_made_in_python_needs_no_origin():
    document = apply_patch(BASE, {"plain.0": [1, 2]})
    assert document.value["plain"] == [[1, 2], 8]
    assert document.place(("plain", 0, 1)).file == "<patch>"


@given(st.integers(), st.integers())
def test_the_last_patch_of_a_path_wins(a: int, b: int):
    twice = apply_patch(apply_patch(BASE, {"plain.0": a}), {"plain.0": b})
    assert twice.value == apply_patch(BASE, {"plain.0": b}).value


@given(st.integers(), st.integers())
def test_patches_of_different_places_commute(a: int, b: int):
    one: dict[str, Any] = {"plain.0": a}
    two: dict[str, Any] = {"sites.wuhu.power": b}
    assert apply_patch(apply_patch(BASE, one), two).value == apply_patch(apply_patch(BASE, two), one).value


@given(st.lists(st.from_regex(r"[a-z][a-z0-9.\- ]*[a-z0-9]", fullmatch=True), min_size=1, max_size=5))
def test_bracketed_parts_may_hold_dots(parts: list[str]):
    text = f'"{parts[0]}"' + "".join(f"[{part}]" for part in parts[1:])
    assert split_path(text) == tuple(parts)
