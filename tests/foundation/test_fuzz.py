"""Whatever a user writes, the answer is a model or an InputError with places: never a traceback."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.errors import InputError, render
from planner.io.merge import overlay
from planner.io.patch import apply_patch
from planner.io.yaml import Document, loads, parse
from tests.foundation.test_parse import Root

GOOD = {
    "site": {
        "name": "x",
        "halls": [{"power": "40 MW", "cooling": "air", "share": "8 %"}],
        "by_name": {"a": {"power": "1 kW"}},
        "by_year": {2027: 1.5},
        "capex": {"low": "1 CNY", "high": "2 CNY", "source": ["a"]},
        "finance": {"kind": "lease", "years": 3},
        "opened": "2026-07-01",
        "tags": ["x"],
        "racks": 3,
    }
}
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["40 MW", "3 GB", "1 CNY", "8 %", "lease", "loan", "-1 W", "[key]", "value"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(
        st.sampled_from(["power", "value", "kind", "low", "name", "zz"]), st.integers() | st.text(max_size=3)
    ),
)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path of a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, item in items for found in paths(item, (*path, key)))]


def put(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """A copy of `value` with `new` at `path`."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


def document(value: Any) -> Document:
    """A document with places invented for every value."""
    found = loads("a: 1", "t")
    return Document(value, "t", dict.fromkeys(paths(value), found.places[("a",)]), {})


@given(st.sampled_from(paths(GOOD)), JUNK, st.sampled_from(paths(GOOD)), JUNK)
@settings(max_examples=300)
def test_any_junk_anywhere_is_a_model_or_an_input_error(
    first: tuple[str | int, ...], one: Any, second: tuple[str | int, ...], two: Any
):
    value = put(GOOD, first, one)
    if second in paths(value):
        value = put(value, second, two)
    try:
        parse(Root, document(value))
    except InputError as error:
        assert error.diagnostics
        assert all(d.place and d.message and render(d) for d in error.diagnostics)


@given(st.text())
@example("a: &a [*a]")
@example("? {}\n: 1")
@example("!!binary x")
@example("%YAML 9.9\n---\na: 1")
def test_any_text_is_a_document_or_an_input_error(text: str):
    try:
        loads(text)
    except InputError as error:
        assert all(d.place for d in error.diagnostics)


PIECES = ["a", "b", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "&x ", "*x", "!!str ", "'", '"', "1", "#", "|"]
YAMLISH = st.lists(st.sampled_from(PIECES)).map("".join)


@given(YAMLISH)
def test_any_text_that_resembles_yaml_is_a_document_or_an_input_error(text: str):
    try:
        document = loads(text)
    except InputError as error:
        assert all(d.place for d in error.diagnostics)
    else:
        assert set(document.places) == set(paths(document.value))


@given(st.text(max_size=12), JUNK, JUNK)
def test_any_patch_and_any_overlay_is_a_document_or_an_input_error(path: str, value: Any, over: Any):
    try:
        apply_patch(document(GOOD), {path: value})
    except InputError as error:
        assert error.diagnostics
    overlay(document(GOOD), document({"site": over}))
