"""Loading YAML: scalars by YAML 1.2, places, refusals with their places."""

import time
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError, Place
from planner.io.yaml import load, loads


def fault(text: str) -> tuple[str, int, int]:
    """Code and place of the only fault of a text."""
    with pytest.raises(InputError) as caught:
        loads(text, "t")
    (found,) = caught.value.diagnostics
    assert found.place is not None
    assert found.place.file == "t"
    return found.code, found.place.line, found.place.column


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e9", 1e9),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("-12", -12),
        ("+12", 12),
        ("010", 10),
        ("0o17", 15),
        ("0xFF", 255),
        (".inf", float("inf")),
        ("-.Inf", float("-inf")),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2025-10-15", "2025-10-15"),
        ("2025-10", "2025-10"),
        ("2025-Q4", "2025-Q4"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("=", "="),
        ("40 MW", "40 MW"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!float 1.5", 1.5),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_plain_scalars_follow_the_core_schema(written: str, value: Any):
    found = loads(f"a: {written}").value["a"]
    assert found == value
    assert type(found) is type(value)


def test_nan_is_read_as_nan():
    found = loads("a: .nan").value["a"]
    assert found != found  # noqa: PLR0124


def test_every_value_and_key_has_its_place():
    document = loads("a:\n  - x: 1\n    'y': {z: 2}\n  - - 3\nb: [4, 5]\n", "t")
    assert {path: (p.line, p.column) for path, p in document.places.items()} == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", 0): (2, 5),
        ("a", 0, "x"): (2, 8),
        ("a", 0, "y"): (3, 10),
        ("a", 0, "y", "z"): (3, 14),
        ("a", 1): (4, 5),
        ("a", 1, 0): (4, 7),
        ("b",): (5, 4),
        ("b", 0): (5, 5),
        ("b", 1): (5, 8),
    }
    assert {path: (p.line, p.column) for path, p in document.key_places.items()} == {
        ("a",): (1, 1),
        ("a", 0, "x"): (2, 5),
        ("a", 0, "y"): (3, 5),
        ("a", 0, "y", "z"): (3, 11),
        ("b",): (5, 1),
    }


def test_columns_count_characters_not_bytes():
    assert loads("电力: {功率: 1}").places["电力", "功率"] == Place("<text>", 1, 10)


def test_a_path_that_is_not_there_has_the_place_of_its_nearest_parent():
    document = loads("a:\n  b: 1\n", "t")
    assert document.place(("a", "b", "c", 7)) == Place("t", 2, 6)
    assert document.key_place(("a", "b")) == Place("t", 2, 3)
    with pytest.raises(KeyError):
        document.get(("a", "b", "c"))


def test_aliases_repeat_the_value_at_the_place_of_the_anchor():
    document = loads("a: &x {b: 1}\nc: *x\n")
    assert document.value == {"a": {"b": 1}, "c": {"b": 1}}
    assert document.places["c", "b"] == document.places["a", "b"]
    assert document.key_places[("c",)].line == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ("yaml-duplicate-key", 3, 1)),
        ("x: {a: 1, a: 2}", ("yaml-duplicate-key", 1, 11)),
        ("1: a\n01: b\n", ("yaml-duplicate-key", 2, 1)),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", ("yaml-merge-key", 3, 3)),
        ("a: &x [*x]", ("yaml-alias", 1, 4)),
        ("a: *x", ("yaml-syntax", 1, 4)),
        ("a: [1, 2\nb: 3\n", ("yaml-syntax", 2, 2)),
        ("a: b: c", ("yaml-syntax", 1, 5)),
        ("\ta: 1", ("yaml-syntax", 1, 1)),
        ("a: 1\n---\nb: 2\n", ("yaml-syntax", 2, 1)),
        ("a: 1\nb: x\x07\n", ("yaml-syntax", 2, 5)),
        ("a: !thing 1", ("yaml-tag", 1, 4)),
        ("a: !!int x", ("yaml-tag", 1, 4)),
        ("a: !!set {b, c}", ("yaml-tag", 1, 4)),
        ("? [a]\n: 1\n", ("yaml-key", 1, 3)),
        ("a: 1\ntrue: 2\n", ("yaml-key", 2, 1)),
        ("~: 2\n", ("yaml-key", 1, 1)),
        ("", ("file-empty", 1, 1)),
        ("# only a comment\n", ("file-empty", 1, 1)),
        ("[" * 1_000_000, ("yaml-syntax", 1, 100)),
    ],
)
def test_refusals_point_at_the_place(text: str, expected: tuple[str, int, int]):
    assert fault(text) == expected


def test_a_duplicate_key_names_both_places():
    with pytest.raises(InputError, match=r"t:3:1: .*'a' is given twice; the first is at t:1:1"):
        loads("a: 1\nb: 2\na: 3\n", "t")


def test_all_faults_of_a_file_come_at_once():
    with pytest.raises(InputError) as caught:
        loads("a: 1\na: 2\nb: !x 3\n<<: 4\n")
    assert [d.code for d in caught.value.diagnostics] == ["yaml-duplicate-key", "yaml-tag", "yaml-merge-key"]


def test_aliases_of_aliases_cannot_exhaust_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("planner.io.yaml._NODE_LIMIT", 10_000)
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    assert fault("\n".join(lines))[0] == "yaml-too-large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "file-missing"),
        (b"", "file-empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file-not-text"),
        (b"a: 1\x00", "file-not-text"),
        ("a: 1".encode("utf-16"), "file-not-text"),
    ],
)
def test_files_that_cannot_be_read_are_the_users_fault_at_their_first_line(
    tmp_path: Path, content: bytes | None, code: str
):
    file = tmp_path / "a.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load(file)
    (found,) = caught.value.diagnostics
    assert (found.code, found.place) == (code, Place(str(file), 1, 1))
    assert caught.value.exit_code == 1


def test_a_folder_is_not_a_file(tmp_path: Path):
    with pytest.raises(InputError, match="is a folder"):
        load(tmp_path)


def test_a_byte_order_mark_and_foreign_line_ends_do_not_matter(tmp_path: Path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    document = load(file)
    assert document.value == {"a": 1, "b": 2}
    assert document.places[("b",)] == Place(str(file), 2, 4)


SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | st.text(max_size=8)
KEYS = st.text(st.characters(codec="utf-8", categories=["Ll", "Lo"]), min_size=1, max_size=6)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(KEYS, TREES, min_size=1))
def test_what_a_quoting_writer_writes_is_read_back_with_a_place_for_everything(tree: dict[str, Any]):
    text = pyyaml.safe_dump(tree, allow_unicode=True, default_style='"', sort_keys=False)
    document = loads(text)
    assert document.value == tree
    assert set(document.places) == set(_paths(tree, ()))


def _paths(value: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    if isinstance(value, list):
        items = list(enumerate(value))
    return [path, *(found for key, item in items for found in _paths(item, (*path, key)))]


def test_fifteen_thousand_lines_load_fast():
    """Processor time, so that a busy machine does not matter: about 0.5 s; the best of three."""
    entry = "  - id: chip{0}\n    aliases: [A{0}, B{0}]\n    memory: {{value: 128 GB, source: x, note: y}}\n"
    text = "chips:\n" + "".join(entry.format(i) for i in range(5000))
    seconds = []
    for _ in range(3):
        start = time.process_time()
        loads(text)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 1.5
