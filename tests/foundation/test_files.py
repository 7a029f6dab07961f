"""Files written whole or not at all, and digests that depend on content only."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.io.files import canonical_json, sha256_of, write_atomic
from planner.io.models import Fact
from planner.units import Money


@pytest.mark.parametrize("content", ["电 a\nb\r\n", b"\x00\xff"])
def test_what_is_written_is_read_back_and_parents_are_made(tmp_path: Path, content: str | bytes):
    file = tmp_path / "deep" / "er" / "a.txt"
    assert write_atomic(file, content) == file
    assert file.read_bytes() == (content.encode() if isinstance(content, str) else content)


def test_an_existing_file_is_replaced_with_its_permissions_and_nothing_is_left_behind(tmp_path: Path):
    file = tmp_path / "a"
    file.write_text("old")
    file.chmod(0o640)
    write_atomic(file, "new")
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_failure_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "a"
    file.write_text("old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(InputError, match="No space left"):
        write_atomic(file, "new")
    assert file.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_link_is_kept_and_its_target_replaced(tmp_path: Path):
    (tmp_path / "target").write_text("old")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "target")
    write_atomic(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_a_place_that_cannot_be_written_is_the_users_fault(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot write"):
        write_atomic(tmp_path / "file" / "a", "x")


def test_files_text_and_bytes_have_the_digest_of_their_bytes(tmp_path: Path):
    file = tmp_path / "a"
    file.write_bytes(b"abc")
    expected = hashlib.sha256(b"abc").hexdigest()
    assert sha256_of(file) == sha256_of("abc") == sha256_of(b"abc") == expected


@given(st.dictionaries(st.text(max_size=4), st.integers() | st.floats(allow_nan=False, allow_infinity=False)))
def test_the_digest_of_a_mapping_ignores_its_order(value: dict[str, Any]):
    assert sha256_of(dict(reversed(value.items()))) == sha256_of(value)


@dataclass(frozen=True)
class Row:
    when: date
    names: frozenset[str]


def test_values_of_our_own_kinds_have_canonical_json():
    value = {"row": Row(date(2026, 7, 1), frozenset("ba")), "fact": Fact[int](value=3), "money": (Money(1, "CNY"),)}
    assert canonical_json(value) == (
        '{"fact":{"as_of":null,"confidence":null,"conflicts":[],"high":null,"low":null,"mid":null,"note":null,'
        '"source":[],"value":3},"money":[{"amount":1,"currency":"CNY"}],'
        '"row":{"names":["a","b"],"when":"2026-07-01"}}'
    )


@pytest.mark.parametrize("value", [{"a": float("nan")}, object(), [float("inf")]])
def test_what_has_no_canonical_json_is_refused(value: object):
    with pytest.raises((TypeError, ValueError)):
        sha256_of(value)
